"""What an entry of the minutes is worth: verified, as said, a place in a document, in a person's words, or
rejected by one.
"""

from enum import StrEnum

from agents.export.corrections import mark, rejection
from agents.export.text import why_as_said
from agents.meeting.entry_names import NamedEntry
from agents.meeting.finding import Finding
from agents.meeting.record import Minutes


class Worth(StrEnum):
    """What was checked of an entry."""

    VERIFIED = "verified"
    AS_SAID = "as said"
    PLACE = "place"
    CORRECTED = "corrected"
    REJECTED = "rejected by a person"


ABOUT = {
    Worth.VERIFIED: "its words stand in the turn or the document as they are here, which does not make them true",
    Worth.AS_SAID: "shown as it was said; the reason stands with it",
    Worth.PLACE: "a place to look at, found in a document",
    Worth.CORRECTED: "in the words of a person, which were not said in the meeting",
    Worth.REJECTED: "its words do not stand, whatever was checked of them",
}
"""What each means, in a few words."""


def worth_of(minutes: Minutes, entry: NamedEntry) -> tuple[Worth, str]:
    """What an entry is worth, and the reason, such as "as said; it names nobody"; "" where there is none."""
    said = entry.value if isinstance(entry.value, Finding) else entry.value.evidence
    if by := rejection(minutes, said):
        return Worth.REJECTED, by
    if isinstance(entry.value, Finding):
        return (Worth.PLACE, "") if entry.value.document else (Worth.AS_SAID, "as said; the words stand in no document")
    evidence = entry.value.evidence
    if by := mark(minutes, evidence):
        return Worth.CORRECTED, by
    if evidence is None:
        return Worth.AS_SAID, "as said"
    return (Worth.VERIFIED, "") if evidence.verified else (Worth.AS_SAID, why_as_said(evidence))
