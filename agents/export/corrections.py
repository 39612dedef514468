"""What people corrected: the new words of an entry were not said, so no format may show them as if they were."""

from collections.abc import Mapping
from dataclasses import replace

from agents.meeting.checks import Checks
from agents.meeting.entry_names import entry_names
from agents.meeting.finding import Finding
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Decision, Evidence, Item, Minutes
from agents.meeting.verdict import Judgement
from agents.text import one_line

Corrected = ActionItem | Decision | Item


_LAST: dict[str, tuple[Minutes, Mapping[int, str]]] = {}
"""The minutes that were asked for last, with their marks: who writes minutes asks for each of their entries."""


def marks(minutes: Minutes) -> Mapping[int, str]:
    """The mark of each corrected entry, such as "corrected by Ada", by the identity of the entry and its evidence."""
    known = _LAST.get("minutes")
    if known and known[0] is minutes:
        return known[1]
    found: dict[int, str] = {}
    for value, mark in _corrected(minutes):
        found[id(value)] = mark
        if value.evidence:
            found[id(value.evidence)] = mark
    _LAST["minutes"] = (minutes, found)
    return found


def mark(minutes: Minutes, evidence: Evidence | None) -> str:
    """The mark of the entry that rests on this evidence; "" where nobody corrected it."""
    return marks(minutes).get(id(evidence), "") if minutes.verdicts and evidence else ""


def checks_now(minutes: Minutes) -> tuple[Checks, int]:
    """What was checked, without the entries that were corrected, and the number of these."""
    checks, gone = minutes.checks, _corrected(minutes)
    for evidence in (value.evidence for value, _ in gone if value.evidence):
        checks = replace(
            checks,
            entries=checks.entries - 1,
            words=checks.words - (evidence.verified and not evidence.document),
            lines=checks.lines - (evidence.verified and bool(evidence.document)),
            as_said=checks.as_said - (not evidence.verified),
            compared=checks.compared - evidence.compared,
            found=checks.found - evidence.found,
        )
    return checks, len(gone)


def _corrected(minutes: Minutes) -> list[tuple[Corrected, str]]:
    """The entries with words of a correction, and their marks; a place in a document always keeps its own words."""
    if not minutes.verdicts:
        return []
    named = entry_names(minutes)
    found = []
    for name, verdict in standing(minutes).items():
        value = named[name].value
        if verdict.judgement is Judgement.CORRECTED and not isinstance(value, Finding):
            by = one_line(verdict.by)
            found.append((value, f"corrected by {by}" if by else "corrected"))
    return found
