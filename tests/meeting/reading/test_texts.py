"""What an answer says and whether it was said before, and the sentences in it."""

from hypothesis import given
from hypothesis import strategies as st

from agents.meeting import reading

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


def test_control_characters_are_removed() -> None:
    """Escape codes and the speaker's own title at the start are removed; nothing else is."""
    text = "\x1b[31mBackend Developer: It\u202e works\x07."
    assert reading.clean(text) == "[31mBackend Developer: It works."
    assert reading.clean("Backend Developer: It works.", "Backend Developer") == "It works."
    assert reading.clean("Backend Developer\uff1aIt works.", "Backend Developer") == "It works."


@given(st.text("ab \n"), st.text("ab <>/", max_size=20))
def test_tags_of_thoughts_are_words(before: str, after: str) -> None:
    """An answer about the tags of thoughts is stored letter by letter."""
    for tag in ("<think>", "</think>", "<thinking>", "</thought>"):
        said = f"x {before}{tag}{after} y"
        assert reading.clean(said).split() == said.split()


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
