"""What orchestrator.sh asks before it replaces histories, and what it says after the answer."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inputs import ROOT
from tests.required import require
from tests.scripts.test_words import SCRIPT, SHELLS, installed, paths, run

__all__ = ["installed", "paths"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has orchestrator.bat")


def answered(shell: str, words: str, answer: bytes, installed: Path, path: str, cwd: Path) -> tuple[int, list[str]]:
    """Run the script with local histories at a terminal at which this was typed; gives its status and messages."""
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    environment = {
        **os.environ,
        "PATH": path,
        "ORCHESTRATOR_VENV": str(installed),
        "ORCHESTRATOR_BACKUPS": str(cwd / "my backups"),
        "ORCHESTRATOR_MODE": "local",
        "MODEL_NAME": "rehearsal",
    }
    command = [*shell.split(), str(SCRIPT), *words.split()]
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, env=environment, cwd=cwd, check=False)
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_restore_can_be_answered_with_no(shell: str, installed: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """Before the question it says only that the backup is good and what it has; no, and Ctrl-D, end with one sentence and 2."""
    require(shell.split()[0])

    def local(words: str) -> "subprocess.CompletedProcess[str]":
        return run(shell, SCRIPT, words, installed, paths["down"], tmp_path, ORCHESTRATOR_MODE="local")

    local("run ask cto Why")
    made = Path(local("backup").stdout.strip())
    checked = local(f"restore {made.name} --check").stderr.splitlines()
    good = "Good, and could be restored: 2 messages, 0 meetings, 0 actions."
    assert checked == [good, "Nothing was changed."]
    for answer in (b"n\n", b"\x04"):
        code, said = answered(shell, f"restore {made.name}", answer, installed, paths["down"], tmp_path)
        assert (code, said[0], said[-1].endswith("Nothing was done.")) == (2, good, True), said
        assert "--yes" not in "".join(said)
    code, said = answered(shell, f"restore {made.name}", b"y\n", installed, paths["down"], tmp_path)
    assert code == 0, said
    code, said = answered(shell, "restore --undo", b"n\n", installed, paths["down"], tmp_path)
    assert (code, said[0]) == (2, "Good, and could be put back: 2 messages, 0 meetings, 0 actions."), said


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_to_undo_is_said_before_the_question(
    shell: str, installed: Path, paths: dict[str, str], tmp_path: Path
) -> None:
    """An undo without a safety copy, or with a damaged one, ends with its error and asks nothing."""
    require(shell.split()[0])
    code, said = answered(shell, "restore --undo", b"y\n", installed, paths["down"], tmp_path)
    assert (code, len(said), "no safety copy" in said[0]) == (1, 2, True), said


DEAD = 4194305
"""A number that no process has: larger than any that a system gives."""


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="acting as another user needs root")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("owner", "mode", "status", "says"),
    [
        (str(DEAD), 0o755, 6, "cannot be removed: it is another user's."),
        (str(DEAD), 0o700, 6, "cannot be removed: it is another user's."),
        ("this one", 0o755, 75, "is running (process"),
        ("", 0o777, 6, "cannot be removed: it is another user's."),
    ],
)
def test_a_lock_of_another_user(shell: str, owner: str, mode: int, status: int, says: str) -> None:
    """A lock that another user left is named with the way to remove it; one of a running process is respected."""
    require(shell.split()[0])
    owner = owner.replace("this one", str(os.getpid()))  # the name of a test must be the same in each process
    part = (ROOT / "services/multi_agent_orchestrator/sh/histories.sh").read_text()
    name = f"locked-{os.getpid()}-{shell[0]}"
    code = """set -eu
        say() { printf '%s\\n' "$*" >&2; }
        fail() { say "Error: $2"; say "  $3"; exit "$1"; }
        """
    lock = Path(f"/tmp/orchestrator-{name}.lock")  # noqa: S108
    lock.mkdir()
    try:
        if owner:
            (lock / "process").write_text(f"{owner}\n")
        lock.chmod(mode)
        words = [*shell.split(), "-c", f"{code}\n{part}\ncontainer={name} place=alone\nbegin_alone\nexit 0"]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
            timeout=30,
            check=False,
        )
        lines = done.stderr.splitlines()
        assert (done.returncode, len(lines), says in lines[0]) == (status, 2, True), lines
        assert lock.exists()
    finally:
        for file in lock.iterdir():
            file.unlink()
        lock.rmdir()
