"""The scribe's quotes are verified: nothing false is ever shown as verified."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document
from agents.meeting import reading
from agents.meeting.minutes import verify
from agents.meeting.record import ActionItem, Turn

TITLES = {"devops_engineer": "DevOps Engineer", "data_engineer": "Data Engineer", "qa_engineer": "QA Engineer"}
HELD = date(2026, 11, 23)
TURNS = {
    "T1": Turn(
        "T1", "1.silent_round.qa_engineer", 1, "silent_round", "qa_engineer",
        "Risk: We should not drop the old table before the audit (impact: high)\n"
        "Action: The DevOps Engineer will write the rollback runbook by Friday\n"
        "Question: who signs it off?",
    ),
    "T2": Turn("T2", "1.silent_round.data_engineer", 1, "silent_round", "data_engineer", "Action: I will replay the events in Q3"),
}  # fmt: skip


def action(turn: str, quote: str, **claimed: str) -> ActionItem:
    """An action that a scribe quoted."""
    return verify.action_from("1.action.1", TURNS, turn, quote, TITLES, HELD, claimed)


def test_an_action_takes_owner_and_day_from_its_own_sentence() -> None:
    """Owner, date and task come from the words that were said."""
    found = action("T1", "The DevOps Engineer will write the rollback runbook by Friday")
    assert (found.owner, found.due, found.due_text) == ("devops_engineer", date(2026, 11, 27), "by Friday")
    assert found.evidence.verified
    assert found.task == "Write the rollback runbook by Friday"


def test_i_will_means_the_speaker_and_a_quarter_stays_text() -> None:
    """The words "I will" make the speaker the owner; a quarter is not a day."""
    found = action("T2", "I will replay the events in Q3")
    assert (found.owner, found.due, found.due_text) == ("data_engineer", None, "in Q3")


def test_an_invented_owner_is_replaced_by_the_one_that_was_said() -> None:
    """Where a scribe names another owner than the sentence, the sentence counts and the problem is noted."""
    found = action("T1", "write the rollback runbook", owner="QA Engineer", due="2026-11-24")
    assert found.owner == "devops_engineer"
    assert found.due == date(2026, 11, 27)
    assert "does not name QA Engineer" in found.evidence.problem


@pytest.mark.parametrize(
    ("turn", "quote"),
    [
        ("T1", "The DevOps Engineer will delete all backups"),
        ("T9", "The DevOps Engineer will write the rollback runbook"),
        ("T2", "The DevOps Engineer will write the rollback runbook"),
        ("T1", "drop the old table"),
        ("T1", ""),
    ],
)
def test_what_was_not_said_as_an_action_is_unverified(turn: str, quote: str) -> None:
    """Invented words, wrong turns and sentences with another label are not verified, and get no owner."""
    found = action(turn, quote)
    assert not found.evidence.verified
    assert found.evidence.problem
    assert found.owner is None
    assert found.due is None


def test_half_a_risk_is_printed_whole() -> None:
    """A quote that leaves out the "not" is printed with it; its field is what the sentence says."""
    item = verify.item_from("Risk", {"impact": ("low", "medium", "high")}, TURNS, "T1", "drop the old table")
    assert item.text == "We should not drop the old table before the audit"
    assert item.fields == {"impact": "high"}
    assert item.evidence.verified


def test_places_in_documents_are_checked() -> None:
    """A line that does not exist, or does not contain the quoted words, is a problem; a correct one is not."""
    document = Document("design.md", "one\nSessions live for ninety minutes at most\nthree\nfour\nfive\nsix")
    check = [document]
    assert verify.check_places(check, '"Sessions live for ninety minutes" (design.md:2)') == ""
    assert verify.check_places(check, "as design.md:2 says") == ""
    assert verify.check_places(check, "as other.md:2 says") == ""
    assert "has no line 70" in verify.check_places(check, "as design.md:70 says")
    assert "elsewhere" in verify.check_places(check, '"Sessions live for ninety minutes" (design.md:6)')
    assert "does not say" in verify.check_places(check, '"Sessions live for ever and a day" (design.md:2)')


claims = st.dictionaries(
    st.sampled_from(["owner", "due"]), st.one_of(st.text(), st.sampled_from([*TITLES.values(), "tomorrow"]))
)


@given(st.sampled_from(["T1", "T2", "T3", ""]), st.text(), claims)
def test_no_scribe_gets_a_false_statement_verified(turn: str, quote: str, claimed: dict[str, str]) -> None:
    """Whatever a scribe writes, a verified entry is a sentence of that turn, and contains its owner and date."""
    found = verify.action_from("k", TURNS, turn, quote, TITLES, HELD, claimed)
    if found.evidence.verified:
        said = TURNS[turn].text
        assert reading.normalised(found.evidence.quote) in reading.normalised(said)
        assert found.evidence.speaker == TURNS[turn].speaker
        assert not found.due_text or found.due_text in said
    else:
        assert found.owner is None


@given(st.data())
def test_any_words_of_a_turn_lead_to_a_sentence_of_it(data: st.DataObject) -> None:
    """Any words copied from a turn lead to a sentence of that turn, never to another one."""
    text = TURNS["T1"].text
    start = data.draw(st.integers(0, len(text) - 4))
    quote = text[start : data.draw(st.integers(start + 4, len(text)))]
    evidence, sentence = verify.check_quote(TURNS, "T1", quote, "Risk")
    if evidence.verified:
        assert reading.normalised(sentence) in reading.normalised(text)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("It fails (harm: high)", {"harm": "high"}),
        ("It fails (likelihood: low, harm: high)", {"likelihood": "low", "harm": "high"}),
        ("It fails (high)", {}),
        ("It fails (high, when: now)", {"when": "now"}),
        ("It fails (now)", {"when": "now"}),
        ("High harm, and soon", {"harm": "high"}),
    ],
)
def test_a_field_never_gets_the_word_of_another_field(sentence: str, said: dict[str, str]) -> None:
    """Two fields with the same words: a word counts only for the field that is named with it."""
    fields = {"likelihood": ("high", "low"), "harm": ("high", "low"), "when": ("now", "later")}
    found = {name: value for name, words in fields.items() if (value := verify.field_in(sentence, name, words, fields))}
    assert found == said
