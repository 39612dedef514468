"""Words of models on their way to a terminal: whole words to its edge, and nothing that it would obey."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cli.terminal.safe_text import json_text
from agents.cli.terminal.stream_wrap import LineWrapper, cells
from tests.cli.conftest import Run

HOSTILE = "ev\x1b[31mil\x1b]0;x\x07 \x9b2J end \u202etxt"
OBEYED = {"\x1b", "\x07", "\x9b", "\u202e"}

PIECES = st.lists(st.text(st.sampled_from("ab ü漢\t\n`-"), max_size=9), max_size=30)


def flowed(pieces: list[str], width: int) -> str:
    """What is printed of these pieces."""
    flow = LineWrapper(lambda: width)
    return "".join([*(flow.take(piece) for piece in pieces), flow.rest()])


@given(PIECES)
def test_without_an_edge_nothing_changes(pieces: list[str]) -> None:
    """Where no line ends, what is printed is what came."""
    assert flowed(pieces, 0) == "".join(pieces)


@given(PIECES, st.integers(4, 30))
def test_only_blanks_between_words_become_line_ends(pieces: list[str], width: int) -> None:
    """However it arrives, no word is broken, none is lost, and no line of several words is too long."""
    text, printed = "".join(pieces), flowed(pieces, width)
    assert printed.split() == text.split()
    assert printed == flowed([text], width)
    if "```" not in text:
        assert all(cells(line.rstrip()) <= width or len(line.split()) == 1 for line in printed.split("\n"))


def test_code_between_fences_stays_as_it_is() -> None:
    """A long line of code can be copied as it was written; text after it is broken again."""
    code = "```python\nprint('a long line of code that is wider than this')\n```\n"
    assert flowed([code, "and then words again"], 12) == f"{code}and then\nwords again"


def test_a_word_is_shown_as_soon_as_it_is_whole() -> None:
    """Nothing waits for the end of a line."""
    flow = LineWrapper(lambda: 40)
    assert [flow.take(piece) for piece in ("Fir", "st sec", "ond\nthi", "rd ")] == ["", "First", " second\n", "third"]
    assert flow.rest() == " "


@pytest.fixture
def hostile(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands answered by a model that tries to take over the terminal."""
    script = tmp_path / "script.json"
    script.write_text(json.dumps([HOSTILE] * 4))
    monkeypatch.setenv("MODEL_NAME", f"scripted:{script}")
    return run


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "cto", "hi"),
        ("consult", "hi", "--agents", "cto,qa_engineer"),
        ("workflow", "hi", "--step", "cto:Say it"),
        ("memory", "show", "cto"),
        ("memory", "search", "end"),
        ("memory", "show", "cto", "--json"),
    ],
)
def test_nothing_that_a_terminal_would_obey(words: tuple[str, ...], hostile: Run) -> None:
    """Answers, and what is remembered of them, are printed without control characters and turned letters."""
    if words[0] == "memory":
        hostile("ask", "cto", "hi")
    ran = hostile(*words)
    assert ran.status == 0
    assert "end" in ran.out
    assert not OBEYED & set(ran.out + ran.err)


def test_json_keeps_the_data_and_escapes_it() -> None:
    """What would be obeyed is written as an escape, so that a reader of the JSON gets it back."""
    text = json_text({HOSTILE: [HOSTILE, "\ud800", "ü"]})
    assert not OBEYED & set(text)
    assert "ü" in text
    assert json.loads(text) == {HOSTILE: [HOSTILE, "\ud800", "ü"]}
