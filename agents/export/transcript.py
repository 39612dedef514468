"""The transcript as Markdown: every turn in order, also dropped ones, every ballot, and who was absent."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from agents.export.markdown import escape, escaped_name, heading, quoted
from agents.export.text import cost_line, deed, phase_name, verified_line
from agents.meeting.record import Absence, Ballot, Minutes, TopicMinutes, Turn


def to_transcript(minutes: Minutes) -> str:
    """Write the transcript as Markdown (CommonMark)."""
    lines = [*_header(minutes)]
    for topic in minutes.topics:
        lines += _topic(minutes, topic)
    lines += ["", "---", "", verified_line(minutes), escape(cost_line(minutes))]
    return "\n".join(lines) + "\n"


def _header(minutes: Minutes) -> Iterator[str]:
    yield f"# Transcript: {escape(minutes.title)}, {minutes.held.isoformat()}"
    yield ""
    yield f"- Meeting: {escape(minutes.meeting)}"
    yield f"- Model: **{escape(minutes.model)}**"
    yield from (f"- Votes: {escape(jury.sentence)}" for jury in minutes.juries)
    yield f"- Led by: {escaped_name(minutes, minutes.facilitator)}"
    yield f"- Present: {', '.join(escape(seat.title) for seat in minutes.present) or 'nobody'}"
    if minutes.status != "closed":
        yield f"- Status: {escape(minutes.status)}"


def _topic(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    number = topic.topic.number
    turns = [turn for turn in minutes.turns if turn.topic == number]
    absent = [one for one in minutes.absent if one.topic == number]
    yield ""
    yield f"## {number}. {escape(topic.topic.text)}"
    done = set()
    for phase, said in groupby(turns, key=lambda turn: turn.phase):
        missing = [one for one in absent if one.phase == phase and phase not in done]
        yield from _phase(minutes, phase, list(said), missing)
        done.add(phase)
    rest = [one for one in absent if one.phase not in done]
    if topic.ballots:
        voting = topic.ballots[0].phase
        yield from _ballots(minutes, topic.ballots, [one for one in rest if one.phase == voting])
        done.add(voting)
    for phase, missing_then in groupby((one for one in rest if one.phase not in done), key=lambda one: one.phase):
        yield from _phase(minutes, phase, [], list(missing_then))


def _phase(minutes: Minutes, phase: str, turns: Sequence[Turn], absent: Sequence[Absence]) -> Iterator[str]:
    yield ""
    yield f"### {escape(phase_name(phase)).capitalize()}"
    for turn in turns:
        yield ""
        position = f", {turn.position.value}" if turn.position else ""
        dropped = f" (dropped: {escape(turn.dropped)})" if turn.dropped else ""
        yield f"**{escape(turn.id)}** {escaped_name(minutes, turn.speaker)}{position}{dropped}"
        yield ""
        yield from quoted(turn.text)
    yield from _absent(minutes, absent)


def _ballots(minutes: Minutes, ballots: Sequence[Ballot], absent: Sequence[Absence]) -> Iterator[str]:
    yield from heading("Ballot")
    for one in ballots:
        reason = f': "{escape(one.reason)}"' if one.reason else ""
        change = f' Would change: "{escape(one.would_change)}"' if one.would_change else ""
        yield f"- **{escaped_name(minutes, one.speaker)}** {deed(one)}{reason}{change}"
    yield from _absent(minutes, absent)


def _absent(minutes: Minutes, absent: Sequence[Absence]) -> Iterator[str]:
    for one in absent:
        yield ""
        yield f"Absent: {escaped_name(minutes, one.speaker)}: {escape(one.cause)}"
