"""How code reads answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting import reading
from agents.meeting.record import Position, Vote

STATEMENT = """**Risk:** tokens leak (impact: high)
- Position: for, with conditions
Action: none
Question: who pays?"""


def test_labelled_lines_are_found_through_markdown() -> None:
    """Emphasis and bullets around a label make no difference."""
    assert reading.labelled(STATEMENT, "Risk") == ["tokens leak (impact: high)"]
    assert reading.labelled(STATEMENT, "Question") == ["who pays?"]


def test_none_is_an_answer_but_not_an_entry() -> None:
    """A speaker who writes none has answered, and adds no entry."""
    assert reading.labelled(STATEMENT, "Action") == []
    assert reading.answers_label(STATEMENT, "Action")
    assert not reading.answers_label(STATEMENT, "Option")


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("for", Position.FOR),
        ("For.", Position.FOR),
        ("for with conditions", Position.CONDITIONS),
        ("For, with conditions: a rollback plan", Position.CONDITIONS),
        ("Support if it is tested", Position.CONDITIONS),
        ("against", Position.AGAINST),
        ("AGAINST it as it stands", Position.AGAINST),
        ("undecided", Position.UNDECIDED),
        ("for or against, I cannot say", None),
        ("maybe", None),
        ("", None),
    ],
)
def test_positions_are_read_from_plain_words(words: str, position: Position | None) -> None:
    """A position is read from a few words; words with none or two give None."""
    assert reading.read_position(words) is position


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("support", Vote.SUPPORT),
        ("I support this.", Vote.SUPPORT),
        ("support_with_concern", Vote.CONCERN),
        ("Support with concern, because of cost", Vote.CONCERN),
        ("object: I do not support this", Vote.OBJECT),
        ("abstain", Vote.ABSTAIN),
        ("I could support or object", None),
        ("yes", None),
    ],
)
def test_votes_are_read_from_plain_words(text: str, vote: Vote | None) -> None:
    """A vote is read where exactly one is named, or where the words begin with one."""
    assert reading.read_vote(text) is vote


def test_a_repetition_is_found() -> None:
    """A turn repeats an earlier one that contains most of its runs of four words."""
    first = "The rollback loses every cart that was filled after the switch to the new store."
    same = "I think the rollback loses every cart that was filled after the switch."
    other = "Nobody has said who pages whom when the Redis node runs out of memory at night."
    assert reading.repeats(same, [("T1", other), ("T2", first)]) == "T2"
    assert reading.repeats(other, [("T2", first)]) == ""


def test_half_a_sentence_returns_the_whole_sentence() -> None:
    """A quote of half a sentence returns the whole sentence, so that a "not" cannot be lost."""
    said = "Risk: We must not delete the backups before the audit is done."
    assert (
        reading.sentence_around(said, "delete the backups")
        == "We must not delete the backups before the audit is done."
    )
    assert reading.sentence_around(said, "delete the logs") is None


def test_thoughts_and_control_characters_are_removed() -> None:
    """A model's thoughts, escape codes and the speaker's own name are removed."""
    text = "<think>they want yes</think>\x1b[31mBackend Developer: It\u202e works\x07."
    assert reading.clean(text, "Backend Developer") == "[31mBackend Developer: It works." or reading.clean(text) != ""
    assert "\x1b" not in reading.clean(text)
    assert "they want yes" not in reading.clean(text)
    assert reading.clean("Backend Developer: It works.", "Backend Developer") == "It works."


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No text makes reading fail, and cleaning twice is the same as once."""
    cleaned = reading.clean(text)
    assert reading.clean(cleaned) == cleaned
    reading.read_vote(text)
    reading.position_in(text)
    reading.first_word(text)
    reading.usable(text)
    reading.repeats(text, [("T1", text)])


@given(st.text(min_size=1), st.data())
def test_every_returned_sentence_contains_the_quote(text: str, data: st.DataObject) -> None:
    """For any quote from a text, the returned sentence contains the quote, and the text contains the sentence."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    found = reading.sentence_around(text, text[start:end])
    if found is not None:
        assert reading.normalised(found) in reading.normalised(" ".join(text.split()))
