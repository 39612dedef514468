"""SIGTERM and SIGHUP end a command as Ctrl-C does; another process can be asked to end its meeting."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.store.locks import Holder, acquired, holder
from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble, faults

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs these signals")

MEETING = [sys.executable, "-m", "agents", "meeting", "run", "decision", "Build it?"]


@contextmanager
def held(ollama: OllamaDouble, command: list[str]) -> Iterator["subprocess.Popen[str]"]:
    """A meeting in another process that has shown its first turn."""
    ollama.inject(faults.slow_first_token(seconds=0.3, times=None))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        assert process.stderr
        while " T1 " not in (line := process.stderr.readline()):
            assert line
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_stops_the_meeting(ollama: OllamaDouble, run: Run, number: signal.Signals) -> None:
    """The meeting says how to continue, ends with the signal's status, and holds its lock no longer."""
    with held(ollama, MEETING) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, "orchestrator meeting resume" in said) == (128 + number, True)
    assert "Nobody holds" in run("meeting", "stop").err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_first_turn_says_how_to_continue(
    ollama: OllamaDouble, run: Run, number: signal.Signals
) -> None:
    """From the line that names a new meeting on, an interruption says how to continue it, and it can be resumed."""
    ollama.inject(faults.slow_first_token(seconds=0.3, times=None))
    pipe = subprocess.PIPE
    with subprocess.Popen(MEETING, text=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        assert process.stderr
        line = process.stderr.readline()
        assert line.startswith("Meeting ")
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert f"orchestrator meeting resume {line.split()[1]}" in said
    assert "Interrupted" not in said
    ollama.faults.clear()
    assert run("meeting", "resume", "last", "-q").status == 0


@pytest.mark.parametrize("meeting", [False, True])
def test_a_session_ends_with_sigterm(ollama: OllamaDouble, meeting: bool) -> None:
    """Unlike Ctrl-C, which has to be pressed twice, SIGTERM ends an interactive session, which says that it was ended
    from outside, what is kept, and how to continue; also a meeting that is held in it.
    """
    ollama.inject(faults.slow_first_token(seconds=0.3, times=None))
    command, pipe = [sys.executable, "-m", "agents", "interactive"], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stderr
        assert process.stdin
        assert "leaves" in process.stderr.readline()
        if meeting:
            process.stdin.write("/meeting decision Build it?\n")
            process.stdin.flush()
            while " T1 " not in (line := process.stderr.readline()):
                assert line
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "The session was ended from outside." in said
    assert "Continue with: orchestrator interactive" in said
    assert "Interrupted" not in said
    assert ("orchestrator meeting resume" in said) == meeting


def test_an_ignored_signal_stays_ignored(ollama: OllamaDouble) -> None:
    """With nohup, SIGHUP does not end a meeting."""
    with held(ollama, ["nohup", *MEETING]) as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 143


def test_meeting_stop_ends_the_meeting_of_another_process(ollama: OllamaDouble, run: Run) -> None:
    """The refused process names the holder and how to end it; `meeting stop` ends it, and the meeting can be resumed."""
    with held(ollama, MEETING) as process:
        refused = run("meeting", "resume", "last")
        assert (refused.status, "(meeting run decision, for less than a minute)" in refused.err) == (75, True)
        assert "`orchestrator meeting stop " in refused.err
        stopped = run("meeting", "stop")
        assert (stopped.status, "orchestrator meeting resume" in stopped.err) == (0, True)
        assert process.wait(30) == 143
    ollama.faults.clear()
    assert run("meeting", "resume", "last", "-q").status == 0


def test_a_lock_says_who_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock names process, machine and command, without options, names and texts; a free one names nobody."""
    monkeypatch.setattr(sys, "argv", ["x", "--model", "m", "meeting", "run", "Secret plan", "--agents", "cto"])
    path = tmp_path / "locks" / "m.lock"
    with acquired(path, "The meeting m"):
        found = holder(path)
        assert found
        assert (found.process, found.does) == (os.getpid(), "meeting run")
        assert str(found).endswith("(meeting run, for less than a minute)")
    assert holder(path) is None
    assert str(Holder()) == "another process"
