"""The positions of a topic: where participants ended, and whose vote contradicts that."""

from agents.meeting.meeting_type import Course
from agents.meeting.record import Ballot, Position, TopicMinutes, Vote

_IN_FAVOUR, _OPPOSED = (Vote.SUPPORT, Vote.CONCERN), (Vote.OBJECT,)
_FOR = (Position.FOR.value, Position.CONDITIONS.value)


def final_positions(topic: TopicMinutes) -> dict[str, str]:
    """The last position of each participant who took one, by role id."""
    last = dict(topic.positions)
    for move in topic.moves:
        last[move.speaker] = move.after
    return last


def contradicting_ballots(topic: TopicMinutes) -> list[Ballot]:
    """The counted ballots that contradict the voter's last position; a reader may want to ask these voters why.

    A position is for or against the matter, a vote for or against the proposal. When the proposal asks to wait or not
    to go ahead, participants who are against the matter are expected to support it.
    """
    ahead = topic.decision.course is Course.GO
    unexpected: dict[str, tuple[Vote, ...]] = dict.fromkeys(_FOR, _OPPOSED if ahead else (Vote.SUPPORT,))
    unexpected[Position.AGAINST.value] = _IN_FAVOUR if ahead else _OPPOSED
    last = final_positions(topic)
    cast = [one for one in topic.ballots if one.counted]
    return [one for one in cast if one.vote in unexpected.get(last.get(one.speaker, ""), ())]
