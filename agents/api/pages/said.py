"""What is said on the page to which a form leads, where no script says it: sentences of our own, by a key that the
browser gives back, because words from a browser could be anybody's.
"""

from contextvars import ContextVar

SENTENCES = {
    "answered": "Your answer was taken.",
    "assigned": "The action has a new owner.",
    "begun": "The meeting has begun.",
    "cancelled": "The meeting is cancelled.",
    "closed": "The action is done.",
    "dated": "The action has another day.",
    "deleted": "The meeting is deleted.",
    "forked": "The new meeting is ready to begin.",
    "held": "The meeting has been held.",
    "heard": "Taken. It is heard at the next pause.",
    "judged": "Your verdict is recorded.",
    "parked": "The meeting is parked, or will be when the turn that is spoken has ended.",
    "planned": "The plan is made.",
    "reopened": "The action is open again.",
    "taken": "The action is on the board.",
    "queued": "The meeting waits for the model.",
    "seated": "The seats are changed.",
}
"""What was done, by key."""
COOKIE = "did"
"""What the browser keeps the key in, until the next page."""
SECONDS = 60
"""How long it keeps it."""

_NOW: ContextVar[str] = ContextVar("said", default="")


def remember(key: str) -> None:
    """Let the page that is made now say what was done; an unknown key says nothing.

    Args:
        key: a key of ``SENTENCES``, as the browser gave it back.
    """
    _NOW.set(SENTENCES.get(key, ""))


def sentence() -> str:
    """What the page that is made now says; "" for nothing."""
    return _NOW.get()
