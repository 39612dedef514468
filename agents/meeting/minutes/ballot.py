"""The decision rules: code counts the votes and decides the outcome. The order of the votes never matters.

Only votes that mean something are counted: those that are the same in both orders of the options, of a model that tells
control proposals apart (docs/decisions/0017). A person's vote always counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.meeting.journal_values import PutToVote
from agents.meeting.jury import Jury, jury_of
from agents.meeting.meeting_type import Course, MeetingType
from agents.meeting.record import Ballot, Decision, Evidence, Status, Vote

COUNTED = {
    Vote.SUPPORT: "for",
    Vote.CONCERN: "for with a concern",
    Vote.OBJECT: "against",
    Vote.ABSTAIN: "abstaining",
}
"""Each vote in the words in which votes are counted."""


def decision_of(
    kind: MeetingType,
    put: PutToVote,
    ballots: Sequence[Ballot],
    *,
    seats: int,
    chair: str,
    juries: Sequence[Jury] = (),
    evidence: Evidence | None = None,
) -> Decision:
    """The decision on what was put to the vote.

    Args:
        kind: the meeting type, with its rule and choices.
        put: what was put to the vote.
        ballots: the votes, after ``judged``.
        seats: the number of participants who were invited to vote.
        chair: the facilitator's role id.
        juries: what the votes of the models are worth.
        evidence: the turn that proposed it.
    """
    choice = kind.choice(put.choice)
    vetoed: tuple[str, ...] = ()
    if why := _too_few(kind.rule, ballots, seats, chair, juries):
        status = Status.NONE
    else:
        status, why, vetoed = decide(kind.rule, ballots, seats=seats, veto=kind.veto, chair=chair)
        if choice and status is not Status.ACCEPTED:
            why = f'"{choice.name}" was put to the vote and did not pass: {why[:1].lower()}{why[1:]}'
    course = choice.course if choice else Course.GO
    return Decision(put.text, status, kind.rule, tally(ballots), why, vetoed, evidence, put.choice, course)


def record_status(decision: Decision) -> str:
    """The status of a decision record: "accepted", "rejected", "deferred" or "proposed".

    An accepted choice to wait means "deferred", and an accepted choice not to go ahead means "rejected". A proposal
    without a decision stays "proposed". So does a rejected choice to wait or not to go ahead.
    """
    ahead = decision.course is Course.GO
    if decision.status is Status.NONE or (decision.status is Status.REJECTED and not ahead):
        return "proposed"
    if decision.status is not Status.ACCEPTED:
        return decision.status.value
    return {Course.WAIT: "deferred", Course.STOP: "rejected"}.get(decision.course, "accepted")


def quorum(seats: int) -> int:
    """The number of votes needed from ``seats`` participants: more than half."""
    return seats // 2 + 1


def cast(ballot: Ballot) -> Vote:
    """The vote of a ballot: of two on the same side the more careful one."""
    return Vote.CONCERN if ballot.steady and ballot.second is Vote.CONCERN else ballot.vote


def voted(ballot: Ballot) -> str:
    """The vote of a ballot in words, such as "support with concern" or "unsteady (support, then object)"."""
    if ballot.steady:
        return _words(cast(ballot))
    return f"unsteady ({_words(ballot.vote)}, then {_words(ballot.second) if ballot.second else 'no readable vote'})"


def _words(vote: Vote) -> str:
    return vote.value.replace("_", " ")


def judged(ballots: Sequence[Ballot], juries: Sequence[Jury]) -> list[Ballot]:
    """The ballots with the vote that each casts and whether it counts.

    Args:
        ballots: the ballots, as the journal has them.
        juries: what the votes of the models are worth; those of a model without one count.
    """
    noise = {jury.model for jury in juries if not jury.passes}
    return [replace(one, vote=cast(one), counted=one.steady and one.model not in noise) for one in ballots]


def tally(ballots: Sequence[Ballot]) -> dict[str, int]:
    """The number of counted votes of each of the four kinds."""
    counted = Counter(ballot.vote for ballot in ballots if ballot.counted)
    return {vote.value: counted[vote] for vote in Vote}


def counted_in_words(kinds: Mapping[Vote, int], lost: int, always: Sequence[Vote] = ()) -> str:
    """Counts of votes, such as "3 for, 1 against, 1 not counted"; "" for none.

    Args:
        kinds: the number of counted votes of each kind.
        lost: the number of votes that do not count.
        always: the kinds that are named also where there are none.
    """
    parts = [f"{kinds[vote]} {word}" for vote, word in COUNTED.items() if kinds[vote] or vote in always]
    return ", ".join([*parts, *([f"{lost} not counted"] if lost else [])])


def votes_counted(ballots: Sequence[Ballot]) -> str:
    """The votes in words, as ``counted_in_words`` says them, after ``judged``."""
    return counted_in_words(
        Counter(one.vote for one in ballots if one.counted), sum(not one.counted for one in ballots)
    )


def _too_few(rule: str, ballots: Sequence[Ballot], seats: int, chair: str, juries: Sequence[Jury]) -> str:
    """Why nothing is decided although enough participants voted: too few of their votes count; "" if enough do."""
    voters = {one.speaker for one in ballots}
    counted = {one.speaker for one in ballots if one.counted}
    needed = quorum(seats)
    decided = chair in counted or chair not in voters if rule == "chair" else len(counted) >= needed
    if rule == "none" or decided or len(voters) < needed:
        return ""
    tested = [jury_of(juries, model) for model in dict.fromkeys(one.model for one in ballots)]
    noise = [jury.sentence for jury in tested if jury and not jury.passes]
    if noise:
        return " ".join(["None of the votes counts.", *noise])
    if rule == "chair":
        return "The chair's vote was not the same in both orders of the options."
    return (
        f"{len(counted)} of {len(voters)} votes were the same in both orders of the options, and {needed} are needed."
    )


def decide(
    rule: str, ballots: Sequence[Ballot], *, seats: int, veto: Sequence[str] = (), chair: str = ""
) -> tuple[Status, str, tuple[str, ...]]:
    """Decide the outcome of the ballots under a rule.

    - ``majority``: more support (with or without concern) than objections accepts; a tie is deferred.
    - ``consent``: no objection accepts; objections defer the proposal, and more objections than support reject it.
    - ``chair``: the chair's vote decides; the other votes are advice.
    - Under every rule, an objection by a role with a veto rejects.

    Args:
        rule: one of the above, or ``none``.
        ballots: one for each voter; a later one of the same voter replaces the earlier. One that is not counted is only
            there for the quorum.
        seats: the number of participants who were invited to vote.
        veto: role ids with a veto.
        chair: the facilitator's role id.

    Returns:
        The outcome, the reason in one sentence, and the role ids whose veto decided.
    """
    voters = {ballot.speaker for ballot in ballots}
    votes = {ballot.speaker: ballot.vote for ballot in ballots if ballot.counted}
    if rule == "none":
        return Status.NONE, "This kind of meeting makes no decision.", ()
    if len(voters) < quorum(seats):
        return Status.NONE, f"There was no quorum: {len(voters)} of {seats} voted, and {quorum(seats)} are needed.", ()
    vetoed = tuple(sorted(speaker for speaker in votes if speaker in veto and votes[speaker] is Vote.OBJECT))
    if vetoed:
        return Status.REJECTED, "A role with a veto objected, which rejects the proposal.", vetoed
    kinds = Counter(votes.values())
    support, against = kinds[Vote.SUPPORT] + kinds[Vote.CONCERN], kinds[Vote.OBJECT]
    counts = counted_in_words(kinds, len(voters) - len(votes), always=(Vote.SUPPORT, Vote.OBJECT))
    if support + against == 0 and rule != "chair":
        return Status.NONE, f"Everybody abstained ({counts}).", ()
    outcome, why = {"majority": _majority, "consent": _consent}.get(rule, _consent)(support, against)
    if rule == "chair":
        outcome, why = _chair(votes.get(chair))
    elif 2 * (support + against) < len(votes):
        counts += f"; most abstained, so only {support + against} of {len(votes)} votes decided"
    return outcome, f"{why} ({counts}).", ()


def _majority(support: int, against: int) -> tuple[Status, str]:
    if support > against:
        return Status.ACCEPTED, "More participants support it than object"
    if support < against:
        return Status.REJECTED, "More participants object than support it"
    return Status.DEFERRED, "The votes are tied, so it is postponed"


def _consent(support: int, against: int) -> tuple[Status, str]:
    if against == 0:
        return Status.ACCEPTED, "Nobody objects"
    if against > support:
        return Status.REJECTED, "More participants object than support it"
    return Status.DEFERRED, "Consent allows no objection, so it is postponed to be changed"


def _chair(vote: Vote | None) -> tuple[Status, str]:
    if vote is None or vote is Vote.ABSTAIN:
        return Status.DEFERRED, "The chair did not vote for or against it, so it is postponed"
    if vote is Vote.OBJECT:
        return Status.REJECTED, "The chair decided against it, with the other votes as advice"
    return Status.ACCEPTED, "The chair decided for it, with the other votes as advice"
