"""The decision rules: code counts the votes and decides the outcome. The order of the votes never matters."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from agents.meeting.record import Ballot, Decision, Outcome, Vote


class Course(StrEnum):
    """What a proposal asks the participants to do, read from its first words. To support it is to vote for this."""

    GO = "to go ahead"
    WAIT = "to wait"
    STOP = "not to go ahead"


_WAITS = re.compile(r"(?:postpone|defer|delay|wait|hold off|not yet|decide (?:later|when|after|once))\b")
_STOPS = re.compile(
    r"(?:no go|reject|refuse|(?:do not|don t) (?:do|go|build|merge|start|deploy|release|ship|accept|approve|adopt)\b)"
)
_OPENING = re.compile(r"(?:(?:we|let us|i|the|team|should|must|will|propose|to|that|and) )+")


def course(proposal: str) -> Course:
    """What a proposal asks for: "Postpone it until ..." asks to wait, "Do not build it" asks not to go ahead."""
    text = " ".join(re.findall(r"[a-z]+", proposal.lower()))
    text = text[opening.end() :] if (opening := _OPENING.match(text)) else text
    if _WAITS.match(text):
        return Course.WAIT
    return Course.STOP if _STOPS.match(text) else Course.GO


def record_status(decision: Decision) -> str:
    """The status of a decision record: "accepted", "rejected", "deferred" or "proposed".

    An accepted proposal to wait means "deferred", and an accepted proposal not to go ahead means "rejected". A proposal
    without a decision stays "proposed". So does a rejected proposal to wait or not to go ahead.
    """
    asked = course(decision.text)
    if decision.outcome is Outcome.NONE or (decision.outcome is Outcome.REJECTED and asked is not Course.GO):
        return "proposed"
    if decision.outcome is not Outcome.ACCEPTED:
        return decision.outcome.value
    return {Course.WAIT: "deferred", Course.STOP: "rejected"}.get(asked, "accepted")


def quorum(seats: int) -> int:
    """The number of votes needed from ``seats`` participants: more than half."""
    return seats // 2 + 1


def tally(ballots: Sequence[Ballot]) -> dict[str, int]:
    """The number of votes of each of the four kinds."""
    counted = Counter(ballot.vote for ballot in ballots)
    return {vote.value: counted[vote] for vote in Vote}


def decide(
    rule: str, ballots: Sequence[Ballot], *, seats: int, veto: Sequence[str] = (), chair: str = ""
) -> tuple[Outcome, str, tuple[str, ...]]:
    """Decide the outcome of the ballots under a rule.

    - ``majority``: more support (with or without concern) than objections accepts; a tie is deferred.
    - ``consent``: no objection accepts; objections defer the proposal, and more objections than support reject it.
    - ``chair``: the chair's vote decides; the other votes are advice.
    - Under every rule, an objection by a role with a veto rejects.

    Args:
        rule: one of the above, or ``none``.
        ballots: one for each voter; a later one of the same voter replaces the earlier.
        seats: the number of participants who were invited to vote.
        veto: role ids with a veto.
        chair: the facilitator's role id.

    Returns:
        The outcome, the reason in one sentence, and the role ids whose veto decided.
    """
    votes = {ballot.speaker: ballot.vote for ballot in ballots}
    if rule == "none":
        return Outcome.NONE, "This kind of meeting makes no decision.", ()
    if len(votes) < quorum(seats):
        return Outcome.NONE, f"There was no quorum: {len(votes)} of {seats} voted, and {quorum(seats)} are needed.", ()
    vetoed = tuple(sorted(speaker for speaker in votes if speaker in veto and votes[speaker] is Vote.OBJECT))
    if vetoed:
        return Outcome.REJECTED, "A role with a veto objected, which rejects the proposal.", vetoed
    support = sum(vote in {Vote.SUPPORT, Vote.CONCERN} for vote in votes.values())
    against = sum(vote is Vote.OBJECT for vote in votes.values())
    counts = f"{support} in support, {against} objecting, {len(votes) - support - against} abstaining"
    if support + against == 0 and rule != "chair":
        return Outcome.NONE, f"Everybody abstained ({counts}).", ()
    outcome, why = {"majority": _majority, "consent": _consent}.get(rule, _consent)(support, against)
    if rule == "chair":
        outcome, why = _chair(votes.get(chair))
    elif 2 * (support + against) < len(votes):
        counts += f"; most abstained, so only {support + against} of {len(votes)} votes decided"
    return outcome, f"{why} ({counts}).", ()


def _majority(support: int, against: int) -> tuple[Outcome, str]:
    if support > against:
        return Outcome.ACCEPTED, "More participants support it than object"
    if support < against:
        return Outcome.REJECTED, "More participants object than support it"
    return Outcome.DEFERRED, "The votes are tied, so it is deferred"


def _consent(support: int, against: int) -> tuple[Outcome, str]:
    if against == 0:
        return Outcome.ACCEPTED, "Nobody objects"
    if against > support:
        return Outcome.REJECTED, "More participants object than support it"
    return Outcome.DEFERRED, "Consent allows no objection, so it is deferred to be changed"


def _chair(vote: Vote | None) -> tuple[Outcome, str]:
    if vote is None or vote is Vote.ABSTAIN:
        return Outcome.DEFERRED, "The chair did not vote for or against it, so it is deferred"
    if vote is Vote.OBJECT:
        return Outcome.REJECTED, "The chair decided against it, with the other votes as advice"
    return Outcome.ACCEPTED, "The chair decided for it, with the other votes as advice"
