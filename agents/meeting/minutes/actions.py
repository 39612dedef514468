"""Takes the owner and the day of an action from its words, once these are verified (``claims``)."""

from datetime import date

from agents.meeting.minutes import dates
from agents.meeting.minutes.owners import owners_of
from agents.meeting.plain import why_not_plain
from agents.meeting.record import ActionItem, Evidence
from agents.role.names import Names, joined


def action_from(key: str, evidence: Evidence, names: Names, held: date) -> ActionItem:
    """An action. It has an owner and a due date only if its words are verified and name them.

    Args:
        key: its name in the register.
        evidence: the words.
        names: who may own a task.
        held: the day of the meeting.
    """
    sentence = evidence.quote
    if not evidence.verified or why_not_plain(sentence):  # a true quotation may be verified, but is nobody's promise
        return ActionItem(key, sentence, None, None, "", evidence)
    found = owners_of(sentence, names, evidence.speaker)
    due = dates.due_in(sentence, held)
    return ActionItem(key, found.task, joined(found.owners), due.day, due.words, evidence, owner_why=found.why)
