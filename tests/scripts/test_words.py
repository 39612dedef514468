"""orchestrator.sh without an engine: the status and first line of each command, in each common shell."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agents.store.backup import manifest
from tests.dot_env_cases import CASES
from tests.drill import DRILL
from tests.inputs import ROOT
from tests.required import missing_engine, require

SCRIPT = ROOT / "orchestrator.sh"
SHELLS = ("dash", "busybox ash", "bash")
CARRIED = ("orchestrator.sh", "pyproject.toml", "agents", "Role", "examples", "services", "docker-compose.yml")

DOWN = "Error: The Docker engine does not answer."
MISSING = "Error: Docker is not installed."
LOCAL = "No Docker engine answers, so this runs locally in "

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has orchestrator.bat")

# situation, words, status, how the first line begins (standard error where there is any, else standard output)
TABLE = [
    ("down", "", 0, "Usage: ./orchestrator.sh COMMAND"),
    ("down", "help", 0, "Usage: ./orchestrator.sh COMMAND"),
    ("down", "--help", 0, "Usage: ./orchestrator.sh COMMAND"),
    ("down", "help exit-codes", 0, "0    done"),
    ("down", "bogus", 2, "Error: There is no command 'bogus'."),
    ("down", "stop --fast", 2, "Error: stop does not accept '--fast'."),
    ("down", "build", 4, DOWN),
    ("down", "start", 4, DOWN),
    ("down", "start --fast", 2, "Error: start does not accept '--fast'."),
    ("down", "stop", 4, DOWN),
    ("down", "restart", 4, DOWN),
    ("down", "status", 4, DOWN),
    ("down", "status --yaml", 2, "Error: status does not accept '--yaml'."),
    ("down", "logs", 4, DOWN),
    ("down", "shell", 4, DOWN),
    ("down", "cleanup --yes", 4, DOWN),
    ("down", "cleanup --everything", 2, "Error: cleanup does not accept '--everything'."),
    ("down", "migrate-volume", 4, DOWN),
    ("down", "doctor", 4, "FAULT The Docker engine does not answer."),
    ("down", "version", 0, LOCAL),
    ("down", "demo --quiet", 0, LOCAL),
    ("down", "examples list", 0, LOCAL),
    ("down", "run agents list", 0, LOCAL),
    ("down", "run bogus", 2, LOCAL),
    ("down", "interactive", 0, LOCAL),
    ("down", "backup", 4, DOWN),
    ("down", "backup list", 0, ""),
    ("down", "backup --keep none", 2, "Error: --keep is 'none'."),
    ("down", "backup --keep", 2, "Error: --keep needs a number."),
    ("down", "backup --keep=", 2, "Error: --keep needs a number."),
    ("down", "backup verify", 2, "Error: backup verify takes one backup."),
    ("down", "backup verify nowhere", 2, "Error: There is no backup 'nowhere'."),
    ("down", "restore", 2, "Error: restore needs a backup."),
    ("down", "restore nowhere", 2, "Error: There is no backup 'nowhere'."),
    ("down", "restore --fast", 2, "Error: restore does not accept '--fast'."),
    ("down", "restore . --into nowhere", 2, "Error: --into is 'nowhere'."),
    ("down", "restore . --into", 2, "Error: --into needs a place."),
    ("down", "restore .", 4, DOWN),
    ("down", "restore --undo", 4, DOWN),
    ("down", "backup verify .", 5, LOCAL),
    ("missing", "backup", 1, LOCAL),
    ("missing", "build", 4, MISSING),
    ("missing", "start", 4, MISSING),
    ("missing", "status", 4, MISSING),
    ("missing", "doctor", 4, "FAULT Docker is not installed."),
    ("missing", "version", 0, LOCAL),
    ("denied", "backup", 4, "Error: You do not have permission to use the Docker engine."),
    ("denied", "start", 4, "Error: You do not have permission to use the Docker engine."),
    ("old", "start", 4, "Error: Docker 19.03.1 is too old."),
    ("no compose", "start", 4, "Error: Docker Compose is not installed."),
]

DOCKERS = {
    "denied": "echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1",
    "old": "echo 19.03.1",
    "no compose": "case $1 in version) echo 24.0.1 ;; *) exit 1 ;; esac",
}
"""What docker does in that situation."""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment like that of the script, which runs the Python of the tests."""
    venv = tmp_path_factory.mktemp("venv")
    (venv / "bin").mkdir()
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    sums = subprocess.run(["cksum"], input=(ROOT / "pyproject.toml").read_bytes(), capture_output=True, check=True)
    (venv / "installed").write_bytes(sums.stdout)
    return venv


@pytest.fixture(scope="session")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A PATH for each situation: the programs of a minimal system, with the docker of that situation or none."""
    tools = tmp_path_factory.mktemp("tools")
    for folder in ("/bin", "/usr/bin"):
        for tool in Path(folder).iterdir():
            if not tool.name.startswith("docker") and not (tools / tool.name).exists():
                (tools / tool.name).symlink_to(tool)
    found = {"down": os.environ["PATH"], "missing": str(tools)}
    for situation, does in DOCKERS.items():
        place = tmp_path_factory.mktemp("docker")
        (place / "docker").write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (place / "docker").chmod(0o755)
        found[situation] = f"{place}:{tools}"
    return found


def run(
    shell: str, script: Path, words: str, installed: Path, path: str, cwd: Path, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run the script without a terminal, in another folder."""
    environment = {
        **os.environ,
        "PATH": path,
        "DOCKER_HOST": "unix:///nowhere/docker.sock",
        "ORCHESTRATOR_VENV": str(installed),
        "ORCHESTRATOR_BACKUPS": str(cwd / "my backups"),
        "MODEL_NAME": "rehearsal",
        **settings,
    }
    command = [*shell.split(), str(script), *words.split()]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, cwd=cwd, check=False
    )


@pytest.mark.parametrize(
    ("shell", "situation", "words", "status", "first"),
    # If Python does the work, the shell makes no difference; one is enough.
    [(shell, *row) for row in TABLE for shell in (SHELLS[:1] if row[3] == LOCAL and row[1] != "version" else SHELLS)],
)
def test_each_command(
    shell: str,
    situation: str,
    words: str,
    status: int,
    first: str,
    installed: Path,
    paths: dict[str, str],
    tmp_path: Path,
) -> None:
    """Each command has its status and its first line, in each situation and each shell."""
    require(shell.split()[0])
    if situation == "down" and shutil.which("docker") is None and "Docker" in first:
        missing_engine("there is no docker here that could be without its engine")
    done = run(shell, SCRIPT, words, installed, paths[situation], tmp_path)
    said = (done.stderr or done.stdout).splitlines() or [""]
    assert (done.returncode, said[0][: len(first)]) == (status, first), done.stderr
    if status in (2, 4) and first.startswith("Error:"):
        assert said[1].startswith("  "), "an error is one line of cause and one line of remedy"


@pytest.mark.parametrize("shell", SHELLS if DRILL else SHELLS[:1])
def test_histories_survive_without_an_engine(
    shell: str, installed: Path, paths: dict[str, str], tmp_path: Path
) -> None:
    """Backup, verify, restore and undo also work without containers."""
    require(shell.split()[0])

    def word(words: str, status: int = 0) -> str:
        done = run(shell, SCRIPT, words, installed, paths["down"], tmp_path, ORCHESTRATOR_MODE="local")
        assert done.returncode == status, f"{words}: {done.stderr}"
        return done.stdout.strip()

    word("run ask cto Why")
    before = word("run backup digest")
    made = Path(word("backup --keep 3"))
    assert made.parent == tmp_path / "my backups"
    word("run ask cto Again")
    after = word("run backup digest")
    word(f"backup verify {made.name}")
    word(f"restore {made.name}", 2)
    word(f"restore {made.name} --check")
    word("restore --undo --yes", 1)
    assert word("run backup digest") == after
    word(f"restore {made.name} --yes")
    word("restore --undo --check")
    assert word("run backup digest") == before
    word("restore --undo --yes")
    assert word("run backup digest") == after
    (made / "manifest.json").write_text("{}", encoding="utf-8")
    word(f"restore {made.name} --yes", 5)
    assert word("run backup digest") == after


@pytest.mark.parametrize("shell", SHELLS)
def test_histories_are_not_mixed_up(shell: str, installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """With Docker down, a backup names the way to save the local histories, and a container's backup is refused there."""
    require(shell.split()[0])

    def local(words: str) -> "subprocess.CompletedProcess[str]":
        return run(shell, SCRIPT, words, installed, paths["down"], tmp_path, ORCHESTRATOR_MODE="local")

    said = run(shell, SCRIPT, "backup", installed, paths["down"], tmp_path).stderr.splitlines()
    assert said[1].endswith("To save the local histories: ORCHESTRATOR_MODE=local ./orchestrator.sh backup")
    assert not (tmp_path / "my backups").exists()
    local("run ask cto Why")
    made = Path(local("backup").stdout.strip())
    held = manifest.read(made / "manifest.json")
    (made / "manifest.json").write_bytes(replace(held, place="container").rendered())
    assert local("backup list").stdout.split()[-1] == "container"
    refused = local(f"restore {made.name} --yes")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 2)
    assert "--into local" in refused.stderr
    assert local(f"restore {made.name} --yes --into container").returncode == 2
    assert local(f"restore {made.name} --check").returncode == 0
    assert local(f"restore {made.name} --yes --into local").returncode == 0


@pytest.mark.parametrize("shell", SHELLS)
def test_only_backups_of_the_same_histories_are_deleted(
    shell: str, installed: Path, paths: dict[str, str], tmp_path: Path
) -> None:
    """--keep neither counts nor deletes backups of other histories, or of an earlier version, and says how many."""
    require(shell.split()[0])
    folder = tmp_path / "my backups"

    def local(words: str) -> "subprocess.CompletedProcess[str]":
        return run(shell, SCRIPT, words, installed, paths["down"], tmp_path, ORCHESTRATOR_MODE="local")

    local("run ask cto Why")
    made = Path(local("backup").stdout.strip())
    held = manifest.read(made / "manifest.json")
    others = {"20200101_000000": ("container", held.store), "20200101_000001": ("local", "0" * 16)}
    others["20200101_000002"] = ("", "")
    for name, (place, store) in others.items():
        shutil.copytree(made, folder / name)
        (folder / name / "manifest.json").write_bytes(replace(held, place=place, store=store).rendered())
    shutil.copytree(made, folder / "20200101_000003")
    done = local("backup --keep 2")
    assert done.returncode == 0, done.stderr
    assert "3 in " in done.stderr
    kept = {path.name for path in folder.iterdir()}
    assert kept == {*others, made.name, Path(done.stdout.strip()).name}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", ["my app", "a & b (x86) 100%!", "日本", "-dash", 'it\'s "quoted" $HOME'])
def test_any_folder_name_works(shell: str, name: str, installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """The project works in a folder with any name, through a link to the script, and from another folder."""
    require(shell.split()[0])
    home = tmp_path / name
    home.mkdir()
    for each in CARRIED:
        copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy2
        copy(ROOT / each, home / each)
    link = tmp_path / "link.sh"
    link.symlink_to(home / "orchestrator.sh")
    (home / ".env").write_bytes(b'\xef\xbb\xbf# kept by an editor of Windows\r\nORCHESTRATOR_BACKUPS="kept here"\r\n')
    for script in (home / "orchestrator.sh", link):
        done = run(shell, script, "version", installed, paths["down"], tmp_path)
        assert (done.returncode, done.stdout[:13]) == (0, "orchestrator "), done.stderr
    (home / "kept here" / "20240115_120000").mkdir(parents=True)
    done = run(shell, link, "backup list", installed, paths["down"], tmp_path, ORCHESTRATOR_BACKUPS="")
    assert done.stdout.startswith("20240115_120000"), done.stderr


def test_the_script_does_not_wait_for_a_silent_engine(installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """The script does not wait longer than 5 seconds for an engine that does not answer."""
    place = tmp_path / "silent"
    place.mkdir()
    (place / "docker").write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    (place / "docker").chmod(0o755)
    done = run("sh", SCRIPT, "status", installed, f"{place}:{paths['missing']}", tmp_path)
    assert (done.returncode, "within 5 seconds" in done.stderr) == (4, True)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sart", "start"), ("strat", "start"), ("STOP", "stop"), ("bakup", "backup"), ("interacive", "interactive"),
        ("up", "start"), ("down", "cleanup"), ("ps", "status"), ("ask", "run ask"),
    ],
)  # fmt: skip
def test_a_mistyped_command_gets_a_suggestion(
    shell: str, word: str, meant: str, installed: Path, paths: dict[str, str], tmp_path: Path
) -> None:
    """A mistyped command, and a word of Compose, gets two lines: the cause, and the command that was probably meant."""
    require(shell.split()[0])
    said = run(shell, SCRIPT, word, installed, paths["down"], tmp_path).stderr.splitlines()
    assert (len(said), said[1].strip().split("? ")[0]) == (2, f"Did you mean: ./orchestrator.sh {meant}")


def test_without_permission_the_local_mode_says_why(installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """Where the user may not use the engine, the line about the local mode says so, and how to change it."""
    said = run("sh", SCRIPT, "run types list", installed, paths["denied"], tmp_path).stderr.splitlines()[0]
    assert said.startswith("You do not have permission to use the Docker engine, so this runs locally in ")
    assert "usermod" in said


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_reads_dot_env_as_the_program_does(shell: str, tmp_path: Path) -> None:
    """The script takes from each way to write a line of .env the value that the program takes."""
    require(shell.split()[0])
    part = ROOT / "services/multi_agent_orchestrator/sh/settings.sh"
    code = f"""set -eu; here=$1; . '{part}'; eval "$(dot_env)"; printf '%s' "${{env_PROBE-none}}" """
    environment = {name: value for name, value in os.environ.items() if name != "PROBE"}
    for text, value in CASES:
        (tmp_path / ".env").write_bytes(text.encode())
        command = [*shell.split(), "-c", code, "sh", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, env=environment, check=True)
        assert done.stdout.decode() == ("none" if value is None else value), repr(text)


def test_help_names_every_command(installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """Every command of the script is in its help."""
    text = SCRIPT.read_text(encoding="utf-8")
    words = text.split('commands="')[1].split('"')[0].split()
    shown = run("sh", SCRIPT, "help", installed, paths["down"], tmp_path).stdout
    assert [word for word in words if f"\n  {word}" not in shown] == []


def test_no_function_of_the_script_is_defined_twice() -> None:
    """The parts of the script share one set of names, and no part replaces a function of another."""
    files = [SCRIPT, *(ROOT / "services/multi_agent_orchestrator/sh").glob("*.sh")]
    names = [name for file in files for name in re.findall(r"(?m)^(\w+)\(\)", file.read_text(encoding="utf-8"))]
    assert len(names) > 50
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_blinter_finds_nothing() -> None:
    """Blinter finds nothing in orchestrator.bat and its parts, except the rules that blinter.ini disables with a reason."""
    require("blinter")
    for place in ("orchestrator.bat", "services/multi_agent_orchestrator/bat"):
        command = ["blinter", place, "--config", "tests/scripts/blinter.ini", "--fail-on", "style"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout
    reasons = (ROOT / "tests/scripts/blinter.ini").read_text()
    left_out = reasons.split("disabled_rules = ")[1].strip().split(",")
    assert [rule for rule in left_out if rule not in reasons.split("[rules]")[0]] == []


def test_hadolint_finds_nothing() -> None:
    """Hadolint finds nothing in the Dockerfiles."""
    require("hadolint")
    files = ["services/multi_agent_orchestrator/orchestrator.Dockerfile", "tests/containers/ollama_double.Dockerfile"]
    done = subprocess.run(["hadolint", *files], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_shellcheck_finds_nothing() -> None:
    """Shellcheck finds nothing in the scripts."""
    require("shellcheck")
    parts = sorted((ROOT / "services/multi_agent_orchestrator/sh").glob("*.sh"))
    done = subprocess.run(
        ["shellcheck", "-x", str(SCRIPT), *map(str, parts)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
