"""orchestrator.bat: what a user types reaches the program as it is typed."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.windows.relay import Relay
from tests.scripts.windows.wine import PARTS, ROOT, SCRIPTS, Wine, windows

BAT = ROOT / "orchestrator.bat"

DOCKER = """#!/bin/sh
case $RELAY_ENGINE:$1 in
  down:version) echo 'error during connect: is the docker daemon running?' >&2; exit 1 ;;
  denied:version) echo 'open //./pipe/docker_engine: Access is denied.' >&2; exit 1 ;;
  old:version) echo 19.03.1 ;;
  bare:compose) exit 1 ;;
  *:version) echo 24.0.1 ;;
  *:inspect) echo running ;;
esac
"""
"""A docker whose engine answers and whose container runs, or one in the situation that RELAY_ENGINE names."""

# the situation of the engine, the words, the status, and how the first line of standard error begins
ENGINES = [
    ("down", "start", 4, "Error: The Docker engine does not answer."),
    ("down", "backup", 4, "Error: The Docker engine does not answer."),
    ("down", "restore 20240115_120000 --yes", 4, "Error: The Docker engine does not answer."),
    ("down", "version", 0, "No Docker engine answers, so this runs locally in "),
    ("denied", "start", 4, "Error: You do not have permission to use the Docker engine."),
    ("denied", "version", 0, "You do not have permission to use the Docker engine, so this runs locally in "),
    ("old", "status", 4, "Error: Docker 19.03.1 is too old."),
    ("bare", "stop", 4, "Error: Docker Compose is not installed."),
]

# what is typed after the name of the script, and the arguments that the program gets
TABLE = [
    (
        'run meeting run decision --topic "Buy or build?" --agents cto,product_manager,security_engineer',
        [
            *("meeting", "run", "decision", "--topic", "Buy or build?"),
            *("--agents", "cto,product_manager,security_engineer"),
        ],
    ),
    ('run ask cto "" after', ["ask", "cto", "", "after"]),
    ('run ask cto "Is this & that (both) <x> | y sound?"', ["ask", "cto", "Is this & that (both) <x> | y sound?"]),
    ('run ask cto "Wow! It works!" so!', ["ask", "cto", "Wow! It works!", "so!"]),
    ('run ask cto "a^b" "c=d;e,f"', ["ask", "cto", "a^b", "c=d;e,f"]),
    ("run ask cto x=1;y=2,z", ["ask", "cto", "x=1;y=2,z"]),
    (r'run ask cto "He said \"no\" twice"', ["ask", "cto", 'He said "no" twice']),
    ("run ask cto it's (fine)", ["ask", "cto", "it's", "(fine)"]),
    ("run run run", ["run", "run"]),
    ('"run" ask cto "a  b"', ["ask", "cto", "a  b"]),
    ("demo --quiet --agents a,b", ["demo", "--quiet", "--agents", "a,b"]),
    ('models pull "qwen3:4b"', ["models", "pull", "qwen3:4b"]),
]


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """Records the calls of docker."""
    tools = tmp_path_factory.mktemp("docker")
    (tools / "docker").write_text(DOCKER, encoding="utf-8")
    (tools / "docker").chmod(0o755)
    with Relay({**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}) as started:
        yield started
        started.shutdown()


def program_words(relay: Relay) -> list[str]:
    """The arguments of the last call of the program."""
    asked = next(call for call in reversed(relay.asked) if "orchestrator" in call)
    return asked[asked.index("orchestrator") + 1 :]


@pytest.mark.parametrize(("typed", "arrives"), TABLE)
def test_arguments_arrive_as_typed(wine: Wine, relay: Relay, typed: str, arrives: list[str], tmp_path: Path) -> None:
    """Commas, quotes, empty arguments, exclamation marks, carets and other signs reach the program unchanged."""
    done = wine.run_line(typed, tmp_path, RELAY_PORT=str(relay.port), WINEPATH=windows(wine.tools))
    assert done.returncode == 0, done.stderr
    assert program_words(relay) == arrives


def test_other_letters_arrive(wine: Wine, relay: Relay) -> None:
    """Letters of other languages reach the program unchanged."""
    settings = {"RELAY_PORT": str(relay.port), "WINEPATH": windows(wine.tools), "LC_ALL": "C.UTF-8"}
    done = wine.run("run", "ask", "cto", "Größe über 日本?", **settings)
    assert (done.returncode, program_words(relay)) == (0, ["ask", "cto", "Größe über 日本?"]), done.stderr


def test_the_program_knows_its_caller(wine: Wine, relay: Relay, tmp_path: Path) -> None:
    """The program is told how the script is called, where the user is, and the settings that the user has set."""
    done = wine.run_line(
        "run types list", tmp_path, RELAY_PORT=str(relay.port), WINEPATH=windows(wine.tools), MODEL_NAME="rehearsal"
    )
    assert done.returncode == 0, done.stderr
    passed = relay.passed
    assert passed["ORCHESTRATOR_CALLED_AS"] == "orchestrator.bat"
    assert re.fullmatch(r"[A-Za-z0-9-]+", passed["ORCHESTRATOR_CALL"])
    assert passed["ORCHESTRATOR_CALLER_FOLDER"] == windows(tmp_path)
    assert passed["MODEL_NAME"] == "rehearsal"


@pytest.mark.parametrize(("engine", "words", "status", "first"), ENGINES)
def test_each_fault_of_the_engine_is_named(
    wine: Wine, relay: Relay, engine: str, words: str, status: int, first: str, tmp_path: Path
) -> None:
    """An engine that is off, forbidden or too old, and a missing Compose, are named in one line, the remedy in the next."""
    (tmp_path / "20240115_120000").mkdir()
    relay.environment["RELAY_ENGINE"] = engine
    settings = {"RELAY_PORT": str(relay.port), "WINEPATH": windows(wine.tools)}
    done = wine.run(*words.split(), ORCHESTRATOR_BACKUPS=windows(tmp_path), **settings)
    relay.environment["RELAY_ENGINE"] = ""
    assert (done.returncode, done.stderr.splitlines()[0][: len(first)]) == (status, first), done.stderr
    assert len(done.stderr.splitlines()) == (2 if status else 1)


def test_dot_env_is_read_as_compose_reads_it(wine: Wine, relay: Relay, tmp_path: Path) -> None:
    """Comments, export, quotes, the line ends and the mark of an editor of Windows are no part of a setting."""
    home = tmp_path / "my clone"
    home.mkdir()
    shutil.copy(BAT, home)
    shutil.copytree(PARTS, home / PARTS.relative_to(ROOT))
    (home / ".env").write_bytes(
        b"\xef\xbb\xbfORCHESTRATOR_CONTAINER=first # of two\r\n"
        b'# a comment "with marks\r\nexport  ORCHESTRATOR_BACKUPS = "kept here" # quoted\r\n'
        b"ORCHESTRATOR_CONTAINER=my_own  # mine\nORCHESTRATOR_TAG='a#b'\n"
    )
    (home / "kept here" / "20240115_120000").mkdir(parents=True)
    settings = {"RELAY_PORT": str(relay.port), "WINEPATH": windows(wine.tools)}
    done = wine.run_script(home / "orchestrator.bat", ("run", "types", "list"), settings)
    assert done.returncode == 0, done.stderr
    assert any("my_own" in call for call in relay.asked)
    listed = wine.run_script(home / "orchestrator.bat", ("backup", "list"), settings)
    assert listed.stdout.split() == ["20240115_120000", "no", "manifest"], listed.stderr


def test_no_typed_word_is_read_again() -> None:
    """What the user typed is on no line with call or for, which would split or change it."""
    lines = [line for file in SCRIPTS for line in file.read_text(encoding="ascii").splitlines()]
    typed = [line for line in lines if re.search(r"%(args|rest)[%:]|%\*", line) and not line.startswith("rem")]
    assert len(typed) > 20
    assert [line for line in typed if re.search(r"(?i)\b(call|for)\s", line)] == []
