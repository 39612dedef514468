"""Long texts on a terminal: one screen at a time, with the pager that the user has chosen."""

import shutil
import time
from pathlib import Path

import pytest

from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C

LONG = ("help", "json")
SHORT = ("help",)


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """A pager that says it is there, and shows everything."""
    script = tmp_path / "my pager"
    script.write_text('#!/bin/sh\necho "paged with LESS=$LESS $*"\ncat\n')
    script.chmod(0o755)
    return f"'{script}' --all"


def test_long_text_goes_through_the_users_pager(start: Start, pager: str) -> None:
    """PAGER names a program and its arguments; it gets the whole text, and options for less."""
    terminal = start(*LONG, env={"PAGER": pager, "LESS": None})
    assert terminal.status() == 0
    shown = terminal.everything()
    assert shown.startswith("paged with LESS=FRX --all")
    terminal.wait("the minutes", terminal.everything)


def test_what_fits_the_screen_is_printed(start: Start, pager: str) -> None:
    """Text that is shorter than the screen needs no pager."""
    terminal = start(*SHORT, env={"PAGER": pager})
    assert terminal.status() == 0
    assert "paged" not in terminal.everything()
    assert "exit-codes" in terminal.everything()


@pytest.mark.parametrize(
    "env",
    [{"PAGER": "cat"}, {"PAGER": ""}, {"TERM": "dumb"}, {"ORCHESTRATOR_PLAIN": "1"}, {"PAGER": "an 'open quotation"}],
    ids=str,
)
def test_nobody_is_given_a_pager_against_their_wish(start: Start, pager: str, env: dict[str, str]) -> None:
    """PAGER=cat, an empty PAGER, a dumb terminal and plain output mean that the text is printed."""
    terminal = start(*LONG, env={"PAGER": pager, **env})
    assert terminal.status() == 0
    assert "paged" not in terminal.everything()
    terminal.wait("the minutes", terminal.everything)


@pytest.mark.parametrize("broken", ["false", "/there/is/none", "sh -c 'exit 3'"])
def test_a_pager_that_fails_loses_nothing(start: Start, broken: str) -> None:
    """If it cannot be started, or ends with an error, the text is printed and the command succeeds."""
    terminal = start(*LONG, env={"PAGER": broken})
    assert terminal.status() == 0
    terminal.wait("the minutes", terminal.everything)


@pytest.mark.parametrize("early", ["head -n 2", "true"])
def test_a_pager_that_is_left_early_is_no_error(start: Start, early: str) -> None:
    """Who has read enough leaves; the command ends with 0 and says nothing more."""
    terminal = start(*LONG, env={"PAGER": early})
    assert terminal.status() == 0
    assert len([line for line in terminal.everything().splitlines() if line]) <= 2


@pytest.mark.skipif(shutil.which("less") is None, reason="there is no less here")
def test_without_a_choice_less_shows_a_screen_and_q_leaves(start: Start) -> None:
    """The first screen stays until q is pressed; Ctrl-C in it does not end the command."""
    terminal = start(*LONG, env={"PAGER": None, "LESS": None})
    terminal.wait(r"(?m)^:$")
    terminal.send(CTRL_C)
    assert terminal.process.poll() is None

    def left() -> bool:
        """Press q, which less may drop while it takes the interrupt, and see whether it has ended."""
        terminal.send("q")
        time.sleep(0.1)
        return terminal.process.poll() is not None

    terminal.wait(left)
    assert terminal.status() == 0


def test_what_is_paged_cannot_command_the_terminal(start: Start, pager: str) -> None:
    """Escape sequences in what an agent remembers are letters in the pager too."""
    for number in range(9):
        assert start("memory", "pin", "cto", f"{number} \x1b]0;owned\x07\x1b[2Jx").status() == 0
    terminal = start("memory", "show", "cto", env={"PAGER": pager})
    assert terminal.status() == 0
    assert "paged" in terminal.everything()
    assert b"\x1b" not in terminal.raw
