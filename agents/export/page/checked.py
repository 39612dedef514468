"""What people said about entries of the minutes afterwards."""

from collections.abc import Iterator

from agents.export.page import Block, Mark, Point, Span, line
from agents.export.page.first import headed
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import Decision, Minutes, Status
from agents.meeting.verdict import Judgement, Verdict
from agents.text import one_line

CHECKED = "Checked by people"


def checked(minutes: Minutes, level: int) -> Iterator[Block]:
    """The verdict that stands on each entry that has one: what was corrected, and what was struck out."""
    named, verdicts = entry_names(minutes), standing(minutes)
    yield from headed(level, CHECKED, [_point(named[name], one) for name, one in verdicts.items()])


def _point(entry: NamedEntry, verdict: Verdict) -> Point:
    proposed = isinstance(entry.value, Decision) and entry.value.status is not Status.ACCEPTED
    name = f"{entry.name} (only proposed)" if proposed else entry.name  # nobody confirms a decision that was not taken
    said, before = f"{name} {one_line(verdict.words)}: ", Span(one_line(verdict.said), Mark.GONE)
    if verdict.judgement is Judgement.REJECTED:
        return Point(line(said, before))
    if verdict.judgement is Judgement.CORRECTED:
        return Point(line(said, one_line(verdict.text), " (before: ", before, ")"))
    return Point(line(said, one_line(verdict.said)))
