"""What is not a speaker's own: copies of the question and of the card, and what was said before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting.echoes import GivenWords, Why, adds_nothing, copies, own_entries, said_before
from agents.meeting.reading import words
from agents.meeting.record import Entry

ASK = "one risk that your job sees in this design, with its place in the document"
CARD = (
    "You are the Data Engineer. Keep the numbers right from source to report.\n"
    "You ask: Which job reads this table while it is rewritten? A second run of the job doubles its rows."
)
GIVEN = GivenWords.of(
    [f'You have the floor.\n"risk": {ASK}', "Which part fails first, and what does a user then see?"], CARD
)
OWN = "The only server holds all sessions, so a restart logs everybody out."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ASK, Why.QUESTION),
        ("One risk that the job sees in this design, and its place in the document.", Why.QUESTION),
        ("One risk that your job sees in this design: the server.", Why.QUESTION),
        ("Which part of it fails first and what does a user then see", Why.QUESTION),
        ("A second run of the job doubles its rows.", Why.CARD),
        ("Which job reads the table while it is being rewritten? A second run of that job doubles its rows.", Why.CARD),
        ("keep the numbers right, from source to report", Why.CARD),
        (
            "Somebody here must keep the numbers right, because all of the dashboards in the shop show something else.",
            Why.CARD,
        ),
    ],
)
def test_copies_are_left_out(text: str, why: Why) -> None:
    """A text that has most of its words from the question or the card, in the same order, is a copy."""
    kept, out = own_entries([Entry("Risk", text), Entry("Option", OWN)], GIVEN, ())
    assert kept == [Entry("Option", OWN)]
    assert {one.why for one in out} == {why}


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "The job that reads the table holds a lock while the rows are rewritten.",
        "The design names no place for the sessions of the mobile app.",
        "Users see an empty cart.",
    ],
)
def test_own_words_about_the_same_matter_stay(text: str) -> None:
    """A sentence that shares only words with the question or the card is the speaker's own."""
    assert own_entries([Entry("Risk", text)], GIVEN, ()) == ([Entry("Risk", text)], [])


def test_only_the_copied_sentence_of_an_entry_is_left_out() -> None:
    """The other sentences of the entry stay."""
    kept, out = own_entries([Entry("Risk", f"A second run of the job doubles its rows. {OWN}")], GIVEN, ())
    assert kept == [Entry("Risk", OWN)]
    assert [one.why for one in out] == [Why.CARD]


def test_one_sentence_under_each_label_stands_once() -> None:
    """The same sentence under several labels stays under the first one."""
    said = [Entry(label, OWN) for label in ("Risk", "Option", "Exit")]
    kept, out = own_entries(said, GIVEN, ())
    assert kept == said[:1]
    assert [(one.entry.label, one.why) for one in out] == [("Option", Why.TWICE), ("Exit", Why.TWICE)]


def test_a_sentence_that_is_repeated_within_an_entry_stands_once() -> None:
    """A loop of one sentence becomes that sentence."""
    assert own_entries([Entry("Risk", " ".join([OWN] * 30))], GIVEN, ())[0] == [Entry("Risk", OWN)]


def test_a_move_that_only_repeats_the_words_it_quotes_is_left_out() -> None:
    """To repeat what somebody said is no answer to it."""
    quoted = "the lack of scale leads to a slower shop"
    empty = Entry("Rebut", f'T2 says "{quoted}": The lack of scale leads to a slower shop.')
    own = Entry("Rebut", f'T2 says "{quoted}": The load test of May shows the opposite.')
    assert own_entries([empty], GIVEN, ())[0] == []
    assert own_entries([own], GIVEN, ())[0] == [own]


def test_chosen_words_are_never_copies() -> None:
    """A position is one of the words of the question and stays."""
    assert own_entries([Entry("Position", "for with conditions")], GIVEN, ["Position"])[1] == []


def test_what_an_earlier_speaker_said_is_found() -> None:
    """Nearly the same words count, in any order; a shared subject does not."""
    earlier = [("T1", OWN), ("T2", "Nobody rehearsed the way back.")]
    assert said_before("A restart of the only server logs everybody out, so it holds all sessions.", earlier) == (
        "T1",
        OWN,
    )
    assert said_before("The only server has no backup and no second zone at all.", earlier) is None


@pytest.mark.parametrize(
    ("text", "earlier", "nothing"),
    [
        ("The deployment of 4.12", "Deploy of 4.12", False),
        ("change of the connection pool", "The change in the connection pool size, made on Tuesday", True),
        ("The rollback was rehearsed.", "The rollback was not rehearsed.", False),
        ("Nobody rehearsed the rollback of the schema.", "The rollback of the schema was never rehearsed.", True),
        ("The pool is too small for the sale in January.", "The pool is too small.", False),
    ],
)
def test_what_adds_nothing_has_its_matter_in_an_earlier_sentence(text: str, earlier: str, nothing: bool) -> None:
    """A shorter way to say the same adds nothing; more matter, or the opposite, does."""
    assert adds_nothing(text, earlier) is nothing


@pytest.mark.parametrize("text", ["Buy the hosted search.", "Build our own before the sale"])
def test_a_part_of_the_topic_is_an_answer(text: str) -> None:
    """Where the topic names the options, an answer may name one of them; all of the topic is no answer."""
    topic = "Shall we buy the hosted search or build our own before the sale?"
    given_words = GivenWords.of([f"What do you see?\nThe topic is: {topic}"], CARD, topic)
    assert own_entries([Entry("Choice", text)], given_words, ())[1] == []
    assert own_entries([Entry("Choice", topic)], given_words, ())[0] == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(ASK.split()), min_size=8, max_size=40))
def test_the_whole_ask_is_found_within_any_frame(frame: list[str]) -> None:
    """However an ask is framed, as long as it makes most of the text, it is found."""
    assert copies(f"{' '.join(frame[:3])} {ASK} {' '.join(frame[3:6])}", ASK)


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    """Comparing never fails; a text is like itself."""
    adds_nothing(one, other)
    copies(one, other)
    assert adds_nothing(one, one) is bool(words(one))
