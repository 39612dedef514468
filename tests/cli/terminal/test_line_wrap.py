"""Messages on a terminal: wrapped between words, with commands that can be copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cli.terminal.line_wrap import cut, hung
from agents.cli.terminal.stream_wrap import cells

TEXT = st.lists(st.text(st.sampled_from("abc\u4e2d-."), min_size=1, max_size=6), max_size=30).map(" ".join)


@given(text=TEXT, width=st.integers(20, 100), lead=st.sampled_from(["", "  ", "    "]))
def test_lines_fit_and_no_word_is_broken_or_lost(text: str, width: int, lead: str) -> None:
    """However wide, every word is whole, in order, and on a line of the terminal."""
    shown = hung(lead + text, width)
    assert shown.split() == text.split()
    assert all(cells(line) <= width for line in shown.split("\n"))


def test_further_lines_are_indented_more() -> None:
    """What continues is seen to continue."""
    assert hung("  Note: one two three four", 16) == "  Note: one two\n    three four"


def test_a_command_stays_on_one_line() -> None:
    """A command is moved to a line of its own, so that it can be copied."""
    text = "Stopped. Continue with: orchestrator meeting resume last"
    assert hung(text, 40) == "Stopped. Continue with:\n  orchestrator meeting resume last"
    assert hung("To see them all again: `orchestrator agents list` lists them.", 40) == (
        "To see them all again:\n  `orchestrator agents list` lists them."
    )


def test_outside_a_terminal_nothing_is_wrapped() -> None:
    """With no width a line stays as it is."""
    assert hung("word " * 100, 0) == "word " * 100


@pytest.mark.parametrize("width", [20, 39, 80])
@pytest.mark.parametrize(
    "text", ["      Risk: the table is dropped in step four, so there is no way back once it is done", "\u4e2d" * 60]
)
def test_a_cut_line_fits_and_says_that_it_is_cut(text: str, width: int) -> None:
    """It ends after a word, with three dots, within the width."""
    short = cut(text, width)
    assert cells(short) <= width
    assert short.endswith("...")
    assert " " not in text.strip() or text.startswith(short.removesuffix(" ..."))
    assert cut("short", width) == "short"
