"""Votes and positions in plain words and as values: what is certain is read, and nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting import reading
from agents.meeting.record import Position, Vote
from agents.meeting.room.turn import read_ballot
from agents.model import Reply
from agents.model.reply_text import read_json
from tests.drill import rounds

VOTES = {
    Vote.SUPPORT: (
        "support", "Support.", "**Support**", "yes", "Yes, it saves us a night.", "I support this", "I support the proposal T9.",
        "I fully support this.", "Vote: support", "My vote is support.", "I am for it", "in favour of this", "agree",
        "support - no concerns", "yes; I do not object", "support because our support team is ready", "I vote yes",
        "support: object storage is cheap", "I agree.", "ja", "Ja, ich bin dafür", "oui", "sí", "- support",
        '"support"', "Vote: support\nReason: the restore was tried",
    ),
    Vote.CONCERN: (
        "support with a concern", "support_with_concern", "support-with-concern", "Support with concern, because of cost",
        "support with a concern: the cost is not known", "I support this with a concern: it costs", "yes, with a concern",
        "support with concern: nobody tested it", "Vote: support with concerns", "support, with one concern: the night",
        "support with reservations", "I support it, with a concern - who pays?",
    ),
    Vote.OBJECT: (
        "object", "object - no rollback", "I object: no rollback", "No.", "no", "No, this leaks", "I am against it",
        "object (no rollback)", "**Object**", "I vote no", "object: I do not support this", "against", "> support\nobject",
        "object: the support team is not ready", "Vote: object\nReason: no rollback", "I must object", "objection: no way back",
        "I object to this because it leaks", "oppose", "nein", "dagegen", "Je suis contre", "en contra", "I disagree.",
        "object: who restores it?", "object as the restore was never tried", "Reason: it leaks.\nVote: object",
    ),
    Vote.ABSTAIN: (
        "abstain", "I abstain.", "abstain because it is not my job", "abstain: I neither support nor object",
        "I abstain from this vote", "Enthaltung", "my vote: abstain",
    ),
}  # fmt: skip
"""Words that name one vote for certain."""

UNCLEAR_VOTES = (
    "support, I guess", "support (just kidding)", "Object. Probably.", "support - or not", "I support the idea of objecting",
    "", "maybe", "support?", "I do not support this", "I don't support it", "I would support it", "I cannot support this",
    "not support", "I do not object", "no objection", "No problem", "no concerns", "never object", "support or object",
    "support/object", "support\nobject", "support unless it rains", "yes, but only with a rollback", "I could live with it",
    "Support: none from me. I object to this.", "support, if and only if hell freezes; as it is I object",
    "abstain. No, wait: object", "support-ish at best, so object", "Object - to the critics I mean: I support it.",
    "support: no, I object", "~~support~~ object", "> support", "```\nsupport\n```", "I support this, but the cost worries me",
    'The document asks me to answer {"vote":"support"} and I will not.\n{"vote":"object"}', "Support team says no",
    '{"vote": "support"', "He says: support", "The others object", "I will not object", "Vote: support\nVote: object",
    "No, I support it", "I object. On second thought, I support it.", "support (or rather: object)", "for the record: no",
    "Vote: support\nI object", "for me it is fine", "agree to disagree", "yes and no", "supporting it is madness",
    '"support" is what they want to hear', "if it works, support", "none", "I'd support this", "non-issue",
    "support in principle", "I support this. I object to nothing.", "support in theory, object in practice", "support as long as it rains", "yes to all",
    "support as amended", "object as a form; in substance I support",
)  # fmt: skip
"""Words that name no vote, two votes, or one that is not certain; their speaker is asked again."""

POSITIONS = {
    Position.FOR: (
        "for", "For.", "**for**", "for it", "In favour of it", "yes", "I support this", "for the move to Redis",
        "for. I am not against it", "for\nwe need it", "agree", "ja", '"for"', "for: the restore was tried",
    ),
    Position.CONDITIONS: (
        "for with conditions", "for, with conditions: a rollback plan", "For (with conditions)", "for_with_conditions",
        "Support if it is tested", "yes, if the tests pass", "for, provided the restore works", "for but only if tested",
        "conditionally", "FOR WITH CONDITIONS",
    ),
    Position.AGAINST: (
        "against", "AGAINST it as it stands", "No.", "no, it is too early", "**Against** - no way back", "dagegen",
        "against: it does not support clusters", "I am against this", "opposed", "against the move to Redis",
    ),
    Position.UNDECIDED: ("undecided", "Undecided: nobody measured it", "neutral", "neither for nor against", "not sure"),
}  # fmt: skip
"""Words that name one position for certain."""

UNCLEAR_POSITIONS = (
    "", "maybe", "none", "for or against, I cannot say", "No objection", "No concerns, go ahead", "No problem with it",
    "In no case", "accept nothing", "For me this is wrong", "not for", "for - against", "~~for~~ against", "> for", "for?",
    "against Proposal: none", "against all odds I am for it", "for. No, against", "for the record, I am against",
    "for, but the cost worries me", "formally against", "agree with Bob", "no against", "for against",
)  # fmt: skip


@pytest.mark.parametrize(("words", "vote"), [(words, vote) for vote, all_words in VOTES.items() for words in all_words])
def test_a_vote_in_plain_words_is_read(words: str, vote: Vote) -> None:
    """Words that name one vote are read as meant."""
    assert reading.read_vote(words) is vote


@pytest.mark.parametrize("words", UNCLEAR_VOTES)
def test_an_unclear_vote_is_none(words: str) -> None:
    """Words that name two votes, a denied, quoted, asked or conditional one, or none, are no vote."""
    assert reading.read_vote(words) is None


@pytest.mark.parametrize(("words", "position"), [(words, one) for one, every in POSITIONS.items() for words in every])
def test_a_position_in_plain_words_is_read(words: str, position: Position) -> None:
    """Words that name one position are read as meant."""
    assert reading.read_position(words) is position


@pytest.mark.parametrize("words", UNCLEAR_POSITIONS)
def test_an_unclear_position_is_none(words: str) -> None:
    """Words that name two positions, a denied or quoted one, or none, are no position."""
    assert reading.read_position(words) is None


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("> Position: for\nPosition: against", Position.AGAINST),
        ("Position: against\n\n> Position: for", Position.AGAINST),
        ("Position: for\nPosition: against", None),
        ("Position: for\nPosition: For.", Position.FOR),
        ("Position: for\nPosition: maybe", None),
        ("Position:\nfor", Position.FOR),
        ("**Position:** For, with conditions", Position.CONDITIONS),
        ("Position\uff1aagainst", Position.AGAINST),
        ("### Position\n\nagainst", Position.AGAINST),
        ("~~Position: for~~", None),
        ("```\nPosition: for\n```", None),
        ("We were told to write:\nPosition: for", None),
        ("position: for", Position.FOR),
        ("Position: for\nbut only if the restore works", Position.CONDITIONS),
        ("Fact: a\nPosition: against\nbecause nobody tested it", Position.AGAINST),
    ],
)
def test_the_position_of_a_turn_is_its_own_and_only_one(text: str, position: Position | None) -> None:
    """Only the speaker's own lines count; two that differ are none, so that it is asked for."""
    assert reading.position_in(text) is position


def ballot(text: str, ended: str = "stop") -> Vote | None:
    """The vote that is counted for an answer."""
    found = read_ballot(Reply(text, parsed=read_json(text), ended=ended), 1, "ballot", "cto")
    return found.vote if found else None


@pytest.mark.parametrize(
    ("answer", "vote"),
    [
        ('{"vote": "support"}', Vote.SUPPORT),
        ('{"reason": "It leaks.", "vote": "Object", "would_change": null}', Vote.OBJECT),
        ('```json\n{"vote": "support_with_concern"}\n```', Vote.CONCERN),
        ('{"vote": "support with concern"}', Vote.CONCERN),
        ('{"vote": "support-with-concern"}', Vote.CONCERN),
        ('{"vote": " ABSTAIN "}', Vote.ABSTAIN),
        ('{"vote": {"support": false, "object": true}}', None),
        ('{"vote": ["support", "object"]}', None),
        ('{"vote": ["support"]}', None),
        ('{"vote": "support: no, I object"}', None),
        ('{"vote": "support-ish at best, so object"}', None),
        ('{"vote": "I support this"}', None),
        ('{"vote": true}', None),
        ('{"vote": null}', None),
        ('{"vote": "support", "vote": "object"}', None),
        ('{"vote": "support"} {"vote": "object"}', None),
        ('Here is my vote: {"vote": "support"}', None),
        ('The document asks me to answer {"vote": "support"} and I will not.', None),
        ('{"vote":"support","reason":"I object: this leaks all passwords"}', None),
        ('{"vote":"support","reason":"No."}', None),
        ('{"vote":"object","reason":"I support this."}', None),
        ('{"vote":"object","reason":"I do not support this."}', Vote.OBJECT),
        ('{"vote":"support","reason":"The support team is ready."}', Vote.SUPPORT),
        ('{"vote":"support","reason":{"text":"fine"}}', Vote.SUPPORT),
        ('{"vote":"support","reason":"I would object if it cost more."}', Vote.SUPPORT),
        ('{"vote":"support","reason":"Against."}', None),
        ("support", Vote.SUPPORT),
        ("no", Vote.OBJECT),
    ],
)
def test_a_ballot_is_one_of_the_four_words(answer: str, vote: Vote | None) -> None:
    """A value of JSON is exactly one of the four words, alone in the answer and not against its own reason."""
    assert ballot(answer) is vote


def test_a_reason_of_another_type_is_no_text() -> None:
    """An object or a list in the place of the reason is not turned into words."""
    answer: dict[str, Any] = {"vote": "object", "reason": {"text": "x"}, "would_change": ["y"]}
    found = read_ballot(Reply('{"vote"', parsed=answer), 1, "ballot", "cto")
    assert found
    assert (found.reason, found.would_change) == ("", "")


def test_a_ballot_that_was_cut_keeps_its_vote() -> None:
    """Of JSON that stopped at its longest length, a complete vote counts, and half a word does not."""
    assert ballot('{"reason": "It leaks.", "vote": "object", "would_change": "a rollb', "length") is Vote.OBJECT
    assert ballot('{"reason": "It leaks.", "vote": "supp', "length") is None
    assert ballot('My vote is {"vote": "support", "reason": "it', "length") is None


SUPPORTING = [words for words in VOTES[Vote.SUPPORT] if ":" not in words and "\n" not in words]


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(
    st.sampled_from(
        ["I do not ", "not ", "I can't ", "never ", "I will never ", "Nobody here can ", "No, I don't ", "If only: "]
    ),
    st.sampled_from(SUPPORTING),
)
def test_a_denied_vote_is_never_support(denial: str, words: str) -> None:
    """Words of support behind a denial or a condition are not counted as support."""
    assert reading.read_vote(denial + words) not in {Vote.SUPPORT, Vote.CONCERN}


every = st.sampled_from(
    [(words, vote) for vote, all_words in VOTES.items() for words in all_words if "\n" not in words]
)


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(every, every, st.sampled_from([". ", "\n", ". No, wait: ", " - "]))
def test_two_votes_are_none_or_the_same(one: tuple[str, Vote], other: tuple[str, Vote], between: str) -> None:
    """Words that name one vote and then a different one are no vote, or at most a reason for the first."""
    alike = {one[1], other[1]} <= {Vote.SUPPORT, Vote.CONCERN}
    found = reading.read_vote(f"{one[0].rstrip('.')}{between}{other[0]}")
    assert found in {None, one[1]} or alike
    if one[1] is not other[1] and not alike and len(other[0].split()) == 1:
        assert found is None


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(st.text())
def test_any_words_can_be_read(text: str) -> None:
    """No text makes reading a vote or a position fail."""
    reading.read_vote(text)
    reading.position_in(text)
    reading.contradicts(text, Vote.SUPPORT)
