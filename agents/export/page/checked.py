"""What people said about entries of the minutes afterwards."""

from collections.abc import Iterator

from agents.export.page import Block, Mark, Point, Span, line
from agents.export.page.first import headed
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import Minutes
from agents.meeting.verdict import Judgement, Verdict
from agents.text import one_line

CHECKED = "Checked by people"


def checked(minutes: Minutes, level: int) -> Iterator[Block]:
    """The verdict that stands on each entry that has one: what was corrected, and what was struck out."""
    yield from headed(level, CHECKED, [_point(name, one) for name, one in standing(minutes).items()])


def _point(name: str, verdict: Verdict) -> Point:
    said, before = f"{name} {one_line(verdict.words)}: ", Span(one_line(verdict.said), Mark.GONE)
    if verdict.judgement is Judgement.REJECTED:
        return Point(line(said, before))
    if verdict.judgement is Judgement.CORRECTED:
        return Point(line(said, one_line(verdict.text), " (before: ", before, ")"))
    return Point(line(said, one_line(verdict.said)))
