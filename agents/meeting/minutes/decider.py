"""Decisions that a person makes after the vote: the person decides, and the votes are advice."""

from collections.abc import Sequence

from agents.meeting.journal_values import PersonDecision, PutToVote
from agents.meeting.meeting_type import Course
from agents.meeting.minutes.ballot import tally, votes_counted
from agents.meeting.record import Ballot, Decision, Evidence, Status
from agents.meeting.spec import MeetingSpec


def advice(ballots: Sequence[Ballot]) -> str:
    """The votes in words: "3 for, 1 against"; "nothing" without any.

    Args:
        ballots: the votes, after ``ballot.judged``.
    """
    return votes_counted(ballots) or "nothing"


def decision_by_person(
    spec: MeetingSpec,
    put: PutToVote | None,
    ballots: Sequence[Ballot],
    decided: PersonDecision | None,
    evidence: Evidence | None = None,
) -> Decision:
    """The decision of the person who decides in this meeting; without an answer, nothing is decided.

    Args:
        spec: the meeting.
        put: what was put to the vote; None for nothing.
        ballots: the votes, after ``ballot.judged``.
        decided: what the person decided; None without an answer.
        evidence: the turn that proposed what was put to the vote.
    """
    title, counts = spec.title_of(spec.decider), advice(ballots)
    text, name = (put.text, put.choice) if put else ("", "")
    if decided is None:
        rule, why = f"the {title} decides; the room advised: {counts}", f"The {title} gave no decision."
        status = Status.NONE
    else:
        rule, status = f"decided by the {title}; the room advised: {counts}", decided.status
        why = _sentence(decided.why) or "No reason was given."
        if decided.choice and decided.choice != name:  # another one than was voted on
            evidence, name = None, decided.choice
            text = f"{next(one.sentence for one in spec.kind.choices if one.name == name)}."
    choice = spec.kind.choice(name)
    course = choice.course if choice else Course.GO
    return Decision(
        text, status, rule, tally(ballots), why, (), evidence, choice=name, course=course, decided_by=spec.decider
    )


def _sentence(words: str) -> str:
    """A person's words with a full stop, so that other sentences may follow."""
    return words if not words or words.endswith((".", "!", "?", "\u3002", "\u2026")) else f"{words}."
