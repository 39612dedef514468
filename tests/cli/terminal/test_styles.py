"""Colours: three shades that are readable on any background, never alone, and never where they are not wanted."""

import io
import re

import pytest

from agents.cli.terminal import manner
from agents.cli.terminal.output import only_colours
from agents.cli.terminal.styles import SHADES, STATES, Style, outcome_style, paint
from agents.meeting.meeting_type import Course
from agents.meeting.record import Decision, Status

LEAST = 3.0
"""The least contrast of bold words that WCAG 2.2 asks for in large text."""


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A terminal with 256 colours, whose user asked for nothing else."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    manner.choose(lambda: False)
    return Screen()


def brightness(red: int, green: int, blue: int) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    parts = (one / 255 for one in (red, green, blue))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def of_256(number: int) -> tuple[int, int, int]:
    """The colour that a number among 256 means."""
    steps = (0, 95, 135, 175, 215, 255)
    place = number - 16
    return steps[place // 36], steps[place // 6 % 6], steps[place % 6]


@pytest.mark.parametrize("background", [(0, 0, 0), (30, 30, 30), (255, 255, 255), (253, 246, 227)], ids=str)
def test_every_shade_is_readable_on_light_and_dark(background: tuple[int, int, int]) -> None:
    """Green, red and yellow have contrast enough on black, dark grey, white and cream."""
    below = brightness(*background)
    for shade in SHADES.values():
        light, dark = sorted((brightness(*of_256(shade)), below), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= LEAST


def test_a_word_keeps_its_letters_in_colour(screen: Screen) -> None:
    """What is painted is the same word between two codes; blanks beside it are not painted."""
    assert paint("FAIL  ", Style.BAD, screen) == "\x1b[1;38;5;196mFAIL\x1b[0m  "
    assert paint("FAIL", None, screen) == "FAIL"


@pytest.mark.parametrize("wish", ["NO_COLOR", "dumb", "plain", "file"])
def test_no_colour_where_none_is_wanted(screen: Screen, monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    """With NO_COLOR, on a dumb terminal, with plain output and outside a terminal, words are only words."""
    if wish == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    elif wish == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    elif wish == "plain":
        manner.choose(lambda: True)
    assert paint("FAIL", Style.BAD, io.StringIO() if wish == "file" else screen) == "FAIL"


def test_a_terminal_with_few_colours_uses_its_own(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where 256 colours are not known, the code is one of the eight."""
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM", raising=False)
    assert paint("stopped", STATES["stopped"], screen) == "\x1b[1;33mstopped\x1b[0m"


def test_only_codes_of_colours_pass() -> None:
    """Of a painted text, sequences that move the cursor, erase or name the window are letters."""
    evil = "\x1b]0;owned\x07 \x1b[2J\x9b31m \x1b[1mbold\x1b[0m"
    assert only_colours(evil) == "]0;owned [2J31m \x1b[1mbold\x1b[0m"


@pytest.mark.parametrize(
    ("status", "course", "style"),
    [
        (Status.ACCEPTED, Course.GO, Style.GOOD),
        (Status.ACCEPTED, Course.STOP, Style.BAD),
        (Status.REJECTED, Course.GO, Style.BAD),
        (Status.ACCEPTED, Course.WAIT, Style.OPEN),
        (Status.NONE, Course.GO, Style.OPEN),
    ],
)
def test_an_outcome_has_the_colour_of_what_follows(status: Status, course: Course, style: Style) -> None:
    """Green for what goes ahead, red for what does not, yellow for what is open."""
    assert outcome_style(Decision("Build it.", status, "majority", {}, "", course=course)) is style


def test_a_colour_is_never_alone() -> None:
    """Every style is that of a word which says the same."""
    assert all(re.fullmatch(r"[A-Za-z ]+", word) for word in STATES)
