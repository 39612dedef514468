"""The positions before and after the discussion as a small drawing that is readable without colour."""

from collections.abc import Iterator, Mapping

from agents.export.html_tags import Html, lines, tag
from agents.meeting.minutes.positions import final_positions
from agents.meeting.record import Minutes, Position, TopicMinutes
from agents.text import one_line

WIDTH = 720
NAME_CHARS = 34
"""Longer titles are cut; the description of the drawing has the full titles."""
LEFT, RIGHT = 282, 438
"""Where the lines start and end; the names are outside of them."""
ROW, HEAD, TOP = 20, 26, 30

Places = dict[str, int]
"""The height of each speaker's row, by role id."""


def positions_figure(minutes: Minutes, topic: TopicMinutes) -> Html | None:
    """The drawing with its caption, or None when nobody took a position."""
    if not topic.positions:
        return None
    before, final = dict(topic.positions), final_positions(topic)
    moved = {
        move.speaker: all(one.argued for one in topic.moves if one.speaker == move.speaker) for move in topic.moves
    }
    left, left_end = _places(before)
    # In the order of the left side, so that few lines cross.
    after = {who: final[who] for who in sorted(before, key=lambda who: left[who])}
    right, right_end = _places(after)
    height = max(left_end, right_end) + 4
    drawing = tag(
        "svg",
        tag("title", f"Positions on topic {topic.topic.number}, first and last"),
        tag("desc", _description(minutes, before, after)),
        tag("text", "First position", x=str(LEFT), y="14", text_anchor="end", class_="column"),
        tag("text", "Last position", x=str(RIGHT), y="14", class_="column"),
        *_side(minutes, before, left, set(moved), start=False),
        *_side(minutes, after, right, set(moved), start=True),
        *(_line(left[who], right[who], moved.get(who)) for who in before),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
    )
    return tag("figure", drawing, tag("figcaption", _caption(before, after, moved)))


def _places(positions: Mapping[str, str]) -> tuple[Places, int]:
    """The height of each speaker's row, grouped by position, and the end of the last row."""
    places, y = {}, TOP
    for group in _groups(positions):
        y += HEAD
        for who in (one for one in positions if positions[one] == group):
            places[who] = y + ROW - 6
            y += ROW
    return places, y


def _groups(positions: Mapping[str, str]) -> list[str]:
    known = [position.value for position in Position]
    return [name for name in (*known, *sorted(set(positions.values()) - set(known))) if name in positions.values()]


def _side(
    minutes: Minutes, positions: Mapping[str, str], places: Places, moved: set[str], *, start: bool
) -> Iterator[Html]:
    """One column: the positions as headings, the names below them."""
    x, anchor = (RIGHT + 12, "start") if start else (LEFT - 12, "end")
    for group in _groups(positions):
        names = [who for who in positions if positions[who] == group]
        yield tag("text", group, x=str(x), y=str(places[names[0]] - ROW), text_anchor=anchor, class_="group")
        for who in names:
            kind = "name moved" if who in moved else "name"
            yield tag(
                "text", _short(minutes.title_of(who)), x=str(x), y=str(places[who]), text_anchor=anchor, class_=kind
            )


def _short(title: str) -> str:
    title = one_line(title)
    return title if len(title) <= NAME_CHARS else title[: NAME_CHARS - 1].rstrip() + "\u2026"


def _line(before: int, after: int, argued: bool | None) -> Html:
    """The line from the first to the last position; ``argued`` is None when the two are the same."""
    start, end = before - 4, after - 4
    if argued is None:
        return tag("line", x1=str(LEFT), y1=str(start), x2=str(RIGHT), y2=str(end), class_="stay")
    head = f"{RIGHT},{end} {RIGHT - 10},{end - 5} {RIGHT - 10},{end + 5}"
    kind = "move" if argued else "move unargued"
    return tag(
        "g",
        tag("line", x1=str(LEFT), y1=str(start), x2=str(RIGHT - 9), y2=str(end), class_=kind),
        tag("polygon", points=head),
    )


def _description(minutes: Minutes, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The drawing in words, for readers who cannot see it."""
    moves = ((who, before[who], after[who]) for who in before)
    said = (
        f"{one_line(minutes.title_of(who))}: {first}" + (f", then {last}" if last != first else "")
        for who, first, last in moves
    )
    return "; ".join(said) + "."


def _caption(before: Mapping[str, str], after: Mapping[str, str], moved: Mapping[str, bool]) -> Html:
    if not moved:
        return lines(tag("span", "Nobody moved."))
    count = f"{len(moved)} of {len(before)} moved: thick lines."
    broken = " A broken line is a move without a new argument." if not all(moved.values()) else ""
    back = [who for who in moved if before.get(who) == after.get(who)]
    there = f" {len(back)} moved and came back." if back else ""
    return tag("span", count + broken + there)
