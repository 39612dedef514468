"""How everything prints by when something is due."""

from datetime import date

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
