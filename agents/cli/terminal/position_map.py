"""``orchestrator meeting map``: positions before and after the discussion, drawn with characters."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents.cli.terminal.event_lines import SHORT
from agents.cli.terminal.safe_text import one_line
from agents.cli.terminal.styles import outcome_style, paint
from agents.meeting.record import Vote

if TYPE_CHECKING:
    from agents.meeting.record import Ballot, Minutes, TopicMinutes

NARROWEST = 24
STEP = 14
"""Maximum number of columns between two positions."""
NARROWEST_STEP = 8
"""Minimum number of columns between two positions beside a name."""
STOPS = ("against", "undecided", "for with conditions", "for")
"""The positions, from left to right; those that nobody took are left out."""
VOTED = {Vote.SUPPORT: "supports", Vote.CONCERN: "concern", Vote.OBJECT: "objects", Vote.ABSTAIN: "abstains"}
"""What a voter did, in one word."""
LEGEND = "o first position, * last one, ~ moved without a new argument"
UNCOUNTED = "(in brackets): this vote is not counted"


def drawn(minutes: "Minutes", width: int, *, plain: bool = False) -> str:
    """The positions on every topic, and a legend.

    Args:
        minutes: the minutes of the meeting.
        width: the width of the terminal; if names and lines do not fit beside each other, each name is above its line.
        plain: write a line in words for each participant, and draw nothing.
    """
    width = max(NARROWEST, min(width, 110))
    lines: list[str] = []
    for topic in minutes.topics:
        lines += textwrap.wrap(f"{topic.topic.number}. {one_line(topic.topic.text)}", width, subsequent_indent="   ")
        lines += ["", *_topic(minutes, topic, width, plain=plain), ""]
    legend: list[str] = []
    if any(topic.positions for topic in minutes.topics):
        legend += [] if plain else textwrap.wrap(LEGEND, width)
        votes = [one for topic in minutes.topics for one in topic.ballots if one.speaker in topic.positions]
        legend += [] if all(one.counted for one in votes) else textwrap.wrap(UNCOUNTED, width)
    return "\n".join([*lines, *legend]).rstrip()


def _topic(minutes: "Minutes", topic: "TopicMinutes", width: int, *, plain: bool) -> Iterator[str]:
    from agents.meeting.minutes.positions import final_positions

    if not topic.positions:
        yield "   Nobody took a position."
        return
    last = final_positions(topic)
    votes = {one.speaker: _vote(one) for one in topic.ballots}
    names = {who: one_line(minutes.title_of(who)) for who in topic.positions}
    order = {name: number for number, name in enumerate(reversed(STOPS))}
    speakers = sorted(topic.positions, key=lambda one: (order.get(last[one], 9), order.get(topic.positions[one], 9)))
    if plain:
        for who in speakers:
            moved = f"{topic.positions[who]}, then {last[who]}" if topic.positions[who] != last[who] else last[who]
            vote = f"; {votes[who]}" if who in votes else ""
            yield from textwrap.wrap(f"{names[who]}: {moved}{vote}", width, subsequent_indent="  ")
    else:
        yield from _drawing(topic, last, names, votes, speakers, width)
    yield ""
    yield from textwrap.wrap(_counts(topic.positions, last, votes), width)
    if topic.decision:
        yield f"Decision: {paint(one_line(topic.decision.outcome), outcome_style(topic.decision))}"


def _vote(ballot: "Ballot") -> str:
    """A vote in one word, in brackets if it is not counted."""
    word = VOTED[ballot.vote] if ballot.steady else "unsteady"
    return word if ballot.counted else f"({word})"


def _drawing(
    topic: "TopicMinutes",
    last: Mapping[str, str],
    names: Mapping[str, str],
    votes: Mapping[str, str],
    speakers: Sequence[str],
    width: int,
) -> Iterator[str]:
    """A line for each participant below the names of the positions."""
    taken = {*topic.positions.values(), *last.values()}
    stops = [stop for stop in STOPS if stop in taken]
    unargued = {move.speaker for move in topic.moves if not move.argued}
    gaps = max(1, len(stops) - 1)
    beside = max(map(len, names.values())) + 2
    # A heading may be wider than the votes below it.
    after = max([len(SHORT.get(stops[-1], stops[-1])), *(len(vote) + 3 for vote in votes.values())]) if stops else 0
    # Two lines each if there is too little space between the names and the votes.
    stacked = width - beside - after < gaps * NARROWEST_STEP
    left = 2 if stacked else beside
    step = max(6, min(STEP, (width - left - after) // gaps))
    yield from _head(stops, left, step)
    for who in speakers:
        if stacked:
            yield from textwrap.wrap(names[who] + (f": {votes[who]}" if who in votes else ""), width)
        line = "".join(_track(stops, topic.positions[who], last[who], step, weak=who in unargued))
        vote = "" if stacked else f"  {votes.get(who, '')}"
        yield f"{'' if stacked else names[who]:<{left}}{line}{vote}".rstrip()


def _head(stops: Sequence[str], left: int, step: int) -> Iterator[str]:
    """The names of the positions; one line each if two names would touch."""
    names = [SHORT.get(stop, stop) for stop in stops]
    if all(len(name) < step for name in names[:-1]):
        yield " " * left + "".join(name.ljust(step) for name in names).rstrip()
        return
    for number, name in enumerate(names):
        bars = "".join("|".ljust(step) for _ in range(number))
        yield " " * left + bars + name


def _track(stops: Sequence[str], first: str, last: str, step: int, *, weak: bool) -> list[str]:
    """The line of one participant: a dot for each position, an arrow from the first position to the last."""
    track = [" "] * (max(0, len(stops) - 1) * step + 1)
    track[::step] = "." * len(stops)
    if first not in stops or last not in stops:
        return track
    start, end = stops.index(first) * step, stops.index(last) * step
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
    said = [f"{moved} of {len(first)} changed position" if moved else "Nobody changed position"]
    tally = [f"{verb} {list(votes.values()).count(verb)}" for verb in dict.fromkeys(votes.values())]
    return "; ".join([*said, *([f"votes: {', '.join(sorted(tally))}"] if tally else [])]) + "."


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
