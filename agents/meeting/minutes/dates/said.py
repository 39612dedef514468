"""How everything prints by when something is due."""

from datetime import date

from agents.text import capital

NOT_SAID = "not said"
NO_DAY = "said, but no day I can read"
PAST = "already past when said"


def due_note(due: date | None, words: str, *, past: bool) -> str:
    """What must be said beside a due day: that it was past, that the words give none, or that nothing was said; or "".

    Args:
        due: the day.
        words: what was said about time.
        past: whether the day was past already when it was said.
    """
    if due is None:
        return NO_DAY if words else NOT_SAID
    return PAST if past else ""


def due_said(due: date | None, words: str, *, past: bool) -> str:
    """The due day with what must be said beside it, such as "2026-01-15, already past when said"."""
    note = due_note(due, words, past=past)
    return ", ".join(filter(None, (due.isoformat() if due else "", note)))


_LOOSE = " \t\n,;:(\u2013\u2014-"
"""What is left at the ends of a text from which words were taken: marks that join nothing any more."""


def task_said(task: str, due: date | None, words: str) -> str:
    """A task without the words that gave its due date, which prints beside it; as it is, where that leaves no task.

    Args:
        task: the task.
        due: its due date; None for none, and then the words stay.
        words: what was said about time, such as "by Friday".
    """
    before, found, after = task.partition(words) if due and words else (task, "", "")
    if not found:
        return task
    ends = after.strip() in {"", ".", "!", ")", ").", ");"}
    if before.strip() and not ends:  # in the middle, what comes before and after would not be one sentence
        return task
    rest = (before if ends else after).strip(_LOOSE)
    stop = "." if ends and after.strip().endswith(".") else ""
    return f"{capital(rest)}{stop}" if len(rest.split()) > 1 else task
