"""How commands and files are named where a script calls this program, and what is asked for in a container."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.cli.app import COMMANDS
from agents.cli.remedies import remedy_of
from agents.cli.terminal import caller, caller_files
from agents.cli.terminal.caller import CALL, CALLED_AS, SCRIPT_WORDS, as_called, as_named
from agents.errors import DocumentError, ModelUnavailable, UsageError
from tests.cli.conftest import Run
from tests.inputs import ROOT

CALLED = "12-ab"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script called this program."""
    monkeypatch.setenv(CALLED_AS, "./orchestrator.sh")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A call in a container, in the copy of the caller's folder /home/ada; nobody listens yet."""
    monkeypatch.setattr(caller, "CALLS", tmp_path)
    monkeypatch.setenv(CALL, CALLED)
    here = tmp_path / CALLED / "root" / "home" / "ada"
    here.mkdir(parents=True)
    os.mkfifo(tmp_path / CALLED / "requests")
    monkeypatch.chdir(here)
    return tmp_path / CALLED / "root"


class Script:
    """Stands at the other end of the channel, and answers every request alike."""

    def __init__(self, folder: Path, status: str, body: bytes) -> None:
        self.asked: list[str] = []
        self._folder, self._answer = folder, (status, body)
        self._reader = os.open(folder / "requests", os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._reader, True)
        self._writer = os.open(folder / "requests", os.O_WRONLY)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with os.fdopen(self._reader) as lines:
            for line in lines:
                number = line.split()[0]
                self.asked.append(line.strip().partition(" ")[2])
                status, body = self._answer
                (self._folder / f"{number}.body").write_bytes(body)
                (self._folder / f"{number}.part").write_text(status)
                (self._folder / f"{number}.part").rename(self._folder / f"{number}.answer")

    def close(self) -> None:
        """Listen no longer."""
        os.close(self._writer)


@pytest.fixture
def script(root: Path, request: pytest.FixtureRequest) -> Iterator[Script]:
    """A script that answers with the status and the bytes that the test is given."""
    status, body = getattr(request, "param", ("ok", b"words"))
    made = Script(root.parent, status, body)
    yield made
    made.close()


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Continue with: orchestrator meeting resume x", "Continue with: ./orchestrator.sh run meeting resume x"),
        ("Get it: `orchestrator models pull x`.", "Get it: `./orchestrator.sh models pull x`."),
        ("`orchestrator --model x ask cto`", "`./orchestrator.sh run --model x ask cto`"),
        ("Start the orchestrator again.", "Start the orchestrator again."),
        ("/opt/orchestrator backup", "/opt/orchestrator backup"),
        ("multi_agent_orchestrator status", "multi_agent_orchestrator status"),
    ],
)
def test_commands_are_named_as_the_script_takes_them(said: str, shown: str) -> None:
    """A command in a message is the script's own word where it has one, otherwise it follows run."""
    assert as_called(said) == shown


def test_without_a_script_messages_are_unchanged() -> None:
    """A program that no script called names its own commands."""
    assert as_called("`orchestrator agents list`") == "`orchestrator agents list`"


def test_the_script_has_these_words() -> None:
    """Each word that is called without run is a command of the script and of the program."""
    words = (ROOT / "orchestrator.sh").read_text(encoding="utf-8").split('commands="')[1].split('"')[0].split()
    assert set(words) >= SCRIPT_WORDS
    assert COMMANDS.keys() >= SCRIPT_WORDS


@pytest.mark.usefixtures("called")
def test_an_error_names_the_script(run: Run) -> None:
    """A remedy on the command line names the script's command."""
    assert "`./orchestrator.sh run agents list`" in run("agents", "show", "nobody").err


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize("about", ["name", "server"])
def test_where_ollama_is_not_reached_the_script_starts_it(monkeypatch: pytest.MonkeyPatch, about: str) -> None:
    """In a container, the remedy names the script's start; without one it is that of the library."""
    error = ModelUnavailable("a", "Start Ollama's container.", about=about)
    assert "Start Ollama's container." in remedy_of(error)
    monkeypatch.setenv(CALL, CALLED)
    assert remedy_of(error).startswith("Start it: `./orchestrator.sh start`.")
    assert remedy_of(error, in_session=True).startswith("Start it: `./orchestrator.sh start`.")


@pytest.mark.usefixtures("called")
def test_data_for_people_names_the_script(rehearse: Run, tmp_path: Path) -> None:
    """Commands on standard output are named as they are called where people read them, and not in files and JSON."""
    document = tmp_path / "plan.md"
    document.write_text("# Plan\n\nMove sessions to Redis by May.\n")
    assert "All reasons: ./orchestrator.sh run meeting minutes" in rehearse("review", document, "-q").out
    for form in ("github", "json"):
        assert "orchestrator.sh" not in rehearse("review", document, "-q", "-f", form).out
    rehearse("review", document, "-q", "-o", tmp_path / "review.txt")
    assert "All reasons: orchestrator meeting minutes" in (tmp_path / "review.txt").read_text(encoding="utf-8")
    assert "Skills (./orchestrator.sh run ask cto " in rehearse("agents", "show", "cto").out


def test_paths_are_the_callers(root: Path) -> None:
    """A path in the copy is shown as it is outside the container."""
    assert as_named(f"{root}/home/ada/x.md cannot be read") == "/home/ada/x.md cannot be read"


@pytest.mark.parametrize("name", ["plan.md", "a 'b' \"c\" $(d)\n e.md", "-x", "\\0101", "ü"])
def test_a_file_is_asked_for_by_a_name_that_a_shell_decodes(script: Script, name: str) -> None:
    """The bytes of a file come into their place in the copy, whatever its name is; the request is one plain line."""
    assert caller_files.bring(Path(name).absolute()) == "ok"
    assert Path(name).read_text() == "words"
    [asked] = script.asked
    assert asked.isascii()
    decoded = asked.split(" ")[2].replace("\\0", "\\").encode().decode("unicode_escape").encode("latin-1").decode()
    assert decoded == f"/home/ada/{name}"


@pytest.mark.parametrize("script", [("missing", b".\nplan.md\nother\n")], indirect=True)
def test_a_missing_file_has_names_like_it(script: Script) -> None:
    """The names beside a missing file are compared with it."""
    with pytest.raises(DocumentError) as raised:
        caller_files.fetched("plam.md")
    assert (raised.value.cause, raised.value.remedy) == ("There is no file plam.md.", "Did you mean plan.md?")
    assert script.asked[0].startswith("get ")


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (("denied", b""), PermissionError),
        (("no-folder", b""), FileNotFoundError),
        (("exists", b""), FileExistsError),
        (("full", b""), OSError),
        (("read-only", b""), OSError),
        (("no-file", b""), OSError),
    ],
    indirect=["script"],
)
def test_a_refused_file_is_an_error_of_the_system(script: Script, kind: type[OSError]) -> None:
    """What the script refuses to write is the error that a write here would be."""
    with pytest.raises(kind):
        caller_files.hand_over(Path("new.md"), b"x")
    assert script.asked[0].startswith("put ")


def test_a_script_that_has_ended_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens any more, the program says so and does not wait for ever."""
    monkeypatch.setattr(caller_files, "PATIENCE_SECONDS", 0.05)
    assert root.is_dir()
    with pytest.raises(UsageError, match="has ended"):
        caller_files.fetched("plan.md")


def test_only_named_paths_are_the_callers(root: Path) -> None:
    """A path in the copy is the caller's, and so is an absolute one that the user named; devices are the container's."""
    assert caller_files.is_callers(Path("x.md"))
    assert not caller_files.is_callers(Path("/app/x.md"))
    assert caller_files.placed(Path("/srv/x.md")) == root / "srv" / "x.md"
    assert caller_files.placed(Path("/dev/null")) == Path("/dev/null")
