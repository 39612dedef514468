"""The names of phases as readers see them; type files, journals and JSON have their ids."""

from collections.abc import Mapping

from agents.text import one_line

PHASE_NAMES: Mapping[str, str] = {
    "close_reading": "close reading",
    "silent_round": "independent views",
    "status_round": "reports",
    "open_round": "open discussion",
    "round_robin": "one new point each",
    "timeline": "timeline",
    "brainstorm": "ideas",
    "dot_vote": "votes on ideas",
    "digest": "tally",
    "exchange": "replies",
    "challenge": "counter-argument",
    "proposal": "proposal",
    "ballot": "vote",
    "checklist": "checklist",
    "reading": "reading",
    "minutes": "minutes",
    "instead_of_a_choice": "words instead of a choice",
}
"""The name of each phase, by its id."""


def phase_name(phase: str) -> str:
    """The name of a phase in plain words.

    Args:
        phase: its id; a numbered one, such as "reading_2", keeps its number, and one that is not in the table becomes
            the words of its id.
    """
    first, _, number = phase.rpartition("_")
    if first in PHASE_NAMES and number.isdecimal():
        return f"{PHASE_NAMES[first]} {one_line(number)}"
    return PHASE_NAMES.get(phase) or one_line(phase.replace("_", " "))
