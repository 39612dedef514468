"""``orchestrator meeting map``: positions before and after the discussion, drawn with characters."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents.cli.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agents.meeting.record import Minutes, TopicMinutes

NARROWEST = 24
STEP = 14
"""Maximum number of columns between two positions."""
NARROWEST_STEP = 8
"""Minimum number of columns between two positions beside a name."""
STOPS = ("against", "undecided", "for with conditions", "for")
"""The positions, from left to right."""
SHORT = {"for with conditions": "conditions"}
LEGEND = "o first position, * last one, ~ moved without a new argument"


def drawn(minutes: "Minutes", width: int) -> str:
    """The positions on every topic, and a legend.

    Args:
        minutes: the minutes of the meeting.
        width: the width of the terminal; if names and lines do not fit beside each other, each name is above its line.
    """
    width = max(NARROWEST, min(width, 110))
    lines: list[str] = []
    for topic in minutes.topics:
        lines += textwrap.wrap(f"{topic.topic.number}. {one_line(topic.topic.text)}", width, subsequent_indent="   ")
        lines += ["", *_topic(minutes, topic, width), ""]
    legend = textwrap.wrap(LEGEND, width) if any(topic.positions for topic in minutes.topics) else []
    return "\n".join([*lines, *legend]).rstrip()


def _topic(minutes: "Minutes", topic: "TopicMinutes", width: int) -> Iterator[str]:
    from agents.export.text import deed
    from agents.meeting.minutes.positions import final_positions

    if not topic.positions:
        yield "   Nobody took a position."
        return
    last = final_positions(topic)
    votes = {one.speaker: deed(one) for one in topic.ballots}
    unargued = {move.speaker for move in topic.moves if not move.argued}
    names = {who: one_line(minutes.title_of(who)) for who in topic.positions}
    beside = max(map(len, names.values())) + 2
    after = max(map(len, ("for", *votes.values()))) + 3
    # Two lines each if there is too little space between the names and the votes.
    stacked = width - beside - after < 3 * NARROWEST_STEP
    left = 2 if stacked else beside
    step = max(6, min(STEP, (width - left - (len("for") if stacked else after)) // 3))
    yield from _head(left, step)
    order = {name: number for number, name in enumerate(reversed(STOPS))}
    for who in sorted(topic.positions, key=lambda one: (order.get(last[one], 9), order.get(topic.positions[one], 9))):
        if stacked:
            yield from textwrap.wrap(names[who] + (f", {votes[who]}" if who in votes else ""), width)
        line = "".join(_track(topic.positions[who], last[who], step, weak=who in unargued))
        vote = "" if stacked else f"  {votes.get(who, '')}"
        yield f"{'' if stacked else names[who]:<{left}}{line}{vote}".rstrip()
    yield ""
    yield from textwrap.wrap(_counts(topic.positions, last, votes), width)


def _head(left: int, step: int) -> Iterator[str]:
    """The names of the positions; one line each if two names would touch."""
    names = [SHORT.get(stop, stop) for stop in STOPS]
    if all(len(name) < step for name in names):
        yield " " * left + "".join(name.ljust(step) for name in names).rstrip()
        return
    for number, name in enumerate(names):
        bars = "".join("|".ljust(step) for _ in range(number))
        yield " " * left + bars + name


def _track(first: str, last: str, step: int, *, weak: bool) -> list[str]:
    """The line of one participant: a dot for each position, an arrow from the first position to the last."""
    track = [" "] * (3 * step + 1)
    track[::step] = "." * len(STOPS)
    if first not in STOPS or last not in STOPS:
        return track
    start, end = STOPS.index(first) * step, STOPS.index(last) * step
    way = 1 if end > start else -1
    for place in range(start, end, way):
        track[place] = "~" if weak else "-"
    if start != end:
        track[start] = "o"
        track[end - way] = ">" if way > 0 else "<"
    track[end] = "*"
    return track


def _counts(first: Mapping[str, str], last: Mapping[str, str], votes: Mapping[str, str]) -> str:
    moved = sum(first[who] != last[who] for who in first)
    said = [f"{moved} of {len(first)} moved" if moved else "Nobody moved"]
    tally = [f"{verb} {list(votes.values()).count(verb)}" for verb in dict.fromkeys(votes.values())]
    return "; ".join([*said, *([f"ballot: {', '.join(sorted(tally))}"] if tally else [])]) + "."


def as_dict(topic: "TopicMinutes") -> dict[str, Any]:
    """A topic's positions as plain values."""
    from agents.meeting.minutes.positions import final_positions

    last = final_positions(topic)
    votes = {one.speaker: one.vote.value for one in topic.ballots}
    counted = {one.speaker for one in topic.ballots if one.counted}
    speakers: Sequence[str] = list(dict.fromkeys([*topic.positions, *votes]))
    return {
        "topic": topic.topic.number,
        "text": topic.topic.text,
        "positions": [
            {
                "role": who,
                "first": topic.positions.get(who),
                "last": last.get(who),
                "vote": votes.get(who),
                "counted": who in counted,
            }
            for who in speakers
        ],
    }
