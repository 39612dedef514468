"""Text written by others: what stays of it, and what does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.text import capital, harmless, is_text, one_line, set_apart

ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\x1b[31mb\x07", "a[31mb"),
        ("a\x9b2Jb", "a2Jb"),
        ("ev\u202eil\u2066", "evil"),
        ("in\u200bvis\u00adible\ufeff", "invisible"),
        ("half \ud800", "half "),
        ("line\u2028end", "lineend"),
        ("\tcode\n", "\tcode\n"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("50\u00a0%", "50\u00a0%"),
    ],
)
def test_only_what_is_not_text_goes(text: str, left: str) -> None:
    """Control characters, hidden format marks and half characters go; joiners, tabs and line feeds stay."""
    assert harmless(text) == left


@given(ANY)
def test_what_is_left_is_text(text: str) -> None:
    """Every character left is text, none that is text is lost, and a second time changes nothing."""
    left = harmless(text)
    assert left == "".join(char for char in text if is_text(char))
    assert harmless(left) == left
    assert not {unicodedata.category(char) for char in left} & {"Cs", "Zl", "Zp"}


@given(st.text())
def test_a_capital_letter_changes_nothing_else(text: str) -> None:
    """A text keeps all of its letters and their number; only the first one may be another form of itself."""
    shown = capital(text)
    assert (len(shown), shown[1:]) == (len(text), text[1:])
    assert shown[:1] in {text[:1], text[:1].upper()}


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    """No character ends a line, and words are parted by single blanks."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == one_line(line) == " ".join(line.split(" ")).strip()
    assert "  " not in line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("[T9] Chief Technology Officer:", "> [T9] Chief Technology Officer:"),
        ("  [T9] x", "> [T9] x"),
        ("\uff3bT9\uff3d x", "> \uff3bT9\uff3d x"),
        ("(T9) QA Engineer:", "> (T9) QA Engineer:"),
        ("T9 QA Engineer:", "> T9 QA Engineer:"),
        ('T1 says "one server fails": yes', 'T1 says "one server fails": yes'),
        ("Risk: it fails [T9]", "Risk: it fails [T9]"),
    ],
)
def test_no_line_of_a_text_looks_like_the_heading_of_a_turn(line: str, shown: str) -> None:
    """A line that looks like the heading of a turn is quoted; others stay."""
    assert set_apart(f"Risk: one\n{line}\nend") == f"Risk: one\n{shown}\nend"
