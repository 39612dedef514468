"""How the keys that a person types are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agents.meeting.room.interview import YOUR_POSITION, YOUR_VOTE
from agents.meeting.room.questions import Question, WrongKey

KEYED = some.sampled_from([YOUR_POSITION, YOUR_VOTE, Question("What?", ("done", "open", "blocked", "broken"))])
NUMBERED = Question("Which?", numbers=(1, 2, 3, 5), most=2)


@given(KEYED, some.text(max_size=12))
def test_a_keyed_question_gives_a_key_nothing_or_one_short_line(question: Question, typed: str) -> None:
    """Whatever is typed: one of the words, "" for nothing, or a refusal on one line of at most 79 letters."""
    answer = refusal = None
    try:
        answer = question.read(typed)
    except WrongKey as wrong:
        refusal = str(wrong)
    if refusal is None:
        assert answer in question.keys if typed.strip() else answer == ""
    else:
        assert typed.strip()
        assert len(refusal) < 80
        assert "\n" not in refusal


@given(KEYED, some.data())
def test_letters_words_and_beginnings_are_read_in_any_form(question: Question, data: some.DataObject) -> None:
    """Each key is read from its letters, its word and any beginning that is no other's, in any case, in brackets."""
    word = data.draw(some.sampled_from(question.keys))
    letters = question.letters[word]
    start = data.draw(some.integers(len(letters), len(word)))
    only = [other for other in question.keys if other.startswith(word[:start])] == [word]
    typed = letters if not only else word[:start]
    form = data.draw(some.sampled_from([str.lower, str.upper, "[{}]".format, " {} ".format, "{}.".format]))
    assert question.read(form(typed)) == word


@given(some.lists(some.integers(-3, 12), max_size=5), some.sampled_from([" ", ", ", ";", "  "]))
def test_numbers_are_taken_if_all_of_them_are_offered(numbers: list[int], between: str) -> None:
    """Numbers are taken in the order typed, each once, if each is offered and they are not too many."""
    typed = between.join(map(str, numbers))
    wanted = tuple(dict.fromkeys(numbers))
    if not numbers:
        assert NUMBERED.read(typed) == ""
    elif set(wanted) <= {1, 2, 3, 5} and len(wanted) <= 2:
        assert NUMBERED.read(typed) == wanted
    else:
        with pytest.raises(WrongKey, match="1 to 2 numbers of 1, 2, 3, 5"):
            NUMBERED.read(typed)


@pytest.mark.parametrize("typed", ["9" * 400, "\u00b2", "1-2", "T", "1 a", "\x00", "1\u20e3"])
def test_what_only_looks_like_a_number_is_refused(typed: str) -> None:
    """Very long numbers, raised digits, ranges and letters are no answer and no error."""
    with pytest.raises(WrongKey):
        NUMBERED.read(typed)


@given(some.text(max_size=60))
def test_own_words_are_taken_as_they_are(typed: str) -> None:
    """A question without keys takes any words, without the blanks around them."""
    assert Question("Why?").read(typed) == typed.strip()


def test_each_word_has_letters_of_its_own() -> None:
    """Words with the same first letter get as many letters as tell them apart, and all are shown."""
    question = Question("State?", ("blocked", "broken", "done"))
    assert question.prompt == "State? [b]locked [br]oken [d]one"
    assert [question.read(typed) for typed in ("b", "br", "bro", "d")] == ["blocked", "broken", "broken", "done"]
