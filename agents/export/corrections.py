"""What people judged, as every format marks it: the new words of an entry were not said, and those of a rejected one do
not stand, so no format may show them as if they did.
"""

from collections.abc import Mapping
from dataclasses import replace

from agents.meeting.checks import Checks
from agents.meeting.entry_names import entry_names
from agents.meeting.finding import Finding
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Decision, Evidence, Item, Minutes
from agents.meeting.verdict import Judgement, Verdict
from agents.text import one_line

Judged = ActionItem | Decision | Item | Finding
Said = Evidence | Finding
"""What the mark of an entry is asked for by: its evidence, or the place in a document itself."""

_LAST: dict[str, tuple[Minutes, Mapping[int, Verdict]]] = {}
"""The minutes that were asked for last, with their marks: who writes minutes asks for each of their entries."""


def mark(minutes: Minutes, said: Said | None) -> str:
    """The mark of an entry in a person's words, such as "corrected by Ada"; "" where nobody corrected it."""
    return _words(minutes, said, Judgement.CORRECTED)


def rejection(minutes: Minutes, said: Said | None) -> str:
    """The mark of an entry whose words do not stand, such as "rejected by Ada"; "" for others."""
    return _words(minutes, said, Judgement.REJECTED)


def confirmation(minutes: Minutes, said: Said | None) -> str:
    """The mark of an entry that a person found right, such as "confirmed by Ada"; "" for others."""
    return _words(minutes, said, Judgement.CONFIRMED)


def checks_now(minutes: Minutes) -> tuple[Checks, int, int]:
    """What was checked, without the entries that were corrected or rejected, and the numbers of these."""
    checks, gone = minutes.checks, {Judgement.CORRECTED: 0, Judgement.REJECTED: 0}
    for value, verdict in _judged(minutes):
        evidence = None if isinstance(value, Finding) else value.evidence
        if verdict.judgement not in gone or evidence is None:
            continue
        gone[verdict.judgement] += 1
        checks = replace(
            checks,
            entries=checks.entries - 1,
            words=checks.words - (evidence.verified and not evidence.document),
            lines=checks.lines - (evidence.verified and bool(evidence.document)),
            as_said=checks.as_said - (not evidence.verified),
            compared=checks.compared - evidence.compared,
            found=checks.found - evidence.found,
        )
    return checks, gone[Judgement.CORRECTED], gone[Judgement.REJECTED]


def _words(minutes: Minutes, said: Said | None, judgement: Judgement) -> str:
    verdict = _marks(minutes).get(id(said)) if minutes.verdicts and said else None
    if verdict is None or verdict.judgement is not judgement:
        return ""
    by = one_line(verdict.by)
    return f"{judgement.value} by {by}" if by else judgement.value


def _marks(minutes: Minutes) -> Mapping[int, Verdict]:
    """The verdict on each entry that has one, by the identity of its evidence, or of the place in a document."""
    known = _LAST.get("minutes")
    if known and known[0] is minutes:
        return known[1]
    found: dict[int, Verdict] = {}
    for value, verdict in _judged(minutes):
        said = value if isinstance(value, Finding) else value.evidence
        if said:
            found[id(said)] = verdict
    _LAST["minutes"] = (minutes, found)
    return found


def _judged(minutes: Minutes) -> list[tuple[Judged, Verdict]]:
    """The entries with a verdict; a correction of a place in a document is none, which keeps its words."""
    if not minutes.verdicts:
        return []
    named = entry_names(minutes)
    every = [(named[name].value, verdict) for name, verdict in standing(minutes).items()]
    return [one for one in every if not (isinstance(one[0], Finding) and one[1].judgement is Judgement.CORRECTED)]
