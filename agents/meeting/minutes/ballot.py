"""Decision rules: votes in, outcome out, counted by code. The order of the votes never matters."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from agents.meeting.record import Ballot, Decision, Outcome, Vote


class Course(StrEnum):
    """What a proposal asks the room to do, read from how it begins; a vote for it is a vote for that."""

    GO = "to go ahead"
    WAIT = "to wait"
    STOP = "not to go ahead"


_WAITS = re.compile(r"(?:postpone|defer|delay|wait|hold off|not yet|decide (?:later|when|after|once))\b")
_STOPS = re.compile(
    r"(?:no go|reject|refuse|(?:do not|don t) (?:do|go|build|merge|start|deploy|release|ship|accept|approve|adopt)\b)"
)
_OPENING = re.compile(r"(?:(?:we|let us|i|the|team|should|must|will|propose|to|that|and) )+")


def course(proposal: str) -> Course:
    """What a proposal asks for: "Postpone it until ..." is to wait, "Do not build it" is not to go ahead."""
    text = " ".join(re.findall(r"[a-z]+", proposal.lower()))
    text = text[opening.end() :] if (opening := _OPENING.match(text)) else text
    if _WAITS.match(text):
        return Course.WAIT
    return Course.STOP if _STOPS.match(text) else Course.GO


def record_status(decision: Decision) -> str:
    """The status of a decision record: a carried proposal to wait is deferred, one not to go ahead rejected.

    What could not be decided is still proposed, and so is what the room refused to postpone or to give up.
    """
    asked = course(decision.text)
    if decision.outcome is Outcome.NONE or (decision.outcome is Outcome.REJECTED and asked is not Course.GO):
        return "proposed"
    carried = decision.outcome is Outcome.ACCEPTED
    return (
        {Course.WAIT: "deferred", Course.STOP: "rejected"}.get(asked, "accepted") if carried else decision.outcome.value
    )


def quorum(seats: int) -> int:
    """How many of ``seats`` must have voted: more than half."""
    return seats // 2 + 1


def tally(ballots: Sequence[Ballot]) -> dict[str, int]:
    """How often each vote was cast, all four kinds named."""
    counted = Counter(ballot.vote for ballot in ballots)
    return {vote.value: counted[vote] for vote in Vote}


def decide(
    rule: str, ballots: Sequence[Ballot], *, seats: int, veto: Sequence[str] = (), chair: str = ""
) -> tuple[Outcome, str, tuple[str, ...]]:
    """Count the ballots under a rule.

    - ``majority``: more support (with or without concern) than objections; a tie is deferred.
    - ``consent``: nobody objects; objections send the proposal back, and more objections than support reject it.
    - ``chair``: the chair's own vote decides, after everybody's advice.
    - an objection by a veto role rejects under every rule.

    Args:
        rule: one of the above, or ``none``.
        ballots: one per voter; a later one of the same voter replaces the earlier.
        seats: how many were invited to vote.
        veto: role ids that hold a veto.
        chair: the facilitator's role id.

    Returns:
        The outcome, one sentence that says why, and the role ids whose veto decided.
    """
    votes = {ballot.speaker: ballot.vote for ballot in ballots}
    if rule == "none":
        return Outcome.NONE, "This kind of meeting takes no decision.", ()
    if len(votes) < quorum(seats):
        return Outcome.NONE, f"No quorum: {len(votes)} of {seats} voted, {quorum(seats)} are needed.", ()
    vetoed = tuple(sorted(speaker for speaker in votes if speaker in veto and votes[speaker] is Vote.OBJECT))
    if vetoed:
        return Outcome.REJECTED, "An objection by a role with a veto rejects the proposal.", vetoed
    support = sum(vote in {Vote.SUPPORT, Vote.CONCERN} for vote in votes.values())
    against = sum(vote is Vote.OBJECT for vote in votes.values())
    counts = f"{support} in support, {against} objecting, {len(votes) - support - against} abstaining"
    if support + against == 0 and rule != "chair":
        return Outcome.NONE, f"Everybody abstained ({counts}).", ()
    outcome, why = {"majority": _majority, "consent": _consent}.get(rule, _consent)(support, against)
    if rule == "chair":
        outcome, why = _chair(votes.get(chair))
    elif 2 * (support + against) < len(votes):
        counts += f"; most abstained, so it rests on {support + against} of {len(votes)} votes"
    return outcome, f"{why} ({counts}).", ()


def _majority(support: int, against: int) -> tuple[Outcome, str]:
    if support > against:
        return Outcome.ACCEPTED, "More support it than object"
    if support < against:
        return Outcome.REJECTED, "More object than support it"
    return Outcome.DEFERRED, "The votes are even, so it is deferred"


def _consent(support: int, against: int) -> tuple[Outcome, str]:
    if against == 0:
        return Outcome.ACCEPTED, "Nobody objects"
    if against > support:
        return Outcome.REJECTED, "More object than support it"
    return Outcome.DEFERRED, "Consent needs no objection, so it goes back to be changed"


def _chair(vote: Vote | None) -> tuple[Outcome, str]:
    if vote is None or vote is Vote.ABSTAIN:
        return Outcome.DEFERRED, "The chair did not decide"
    if vote is Vote.OBJECT:
        return Outcome.REJECTED, "The chair decides against it after hearing the advice"
    return Outcome.ACCEPTED, "The chair decides for it after hearing the advice"
