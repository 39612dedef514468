"""Listeners of a meeting: one that fails is reported once, and the meeting goes on without harm."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from agents.errors import StopMeeting
from agents.log import Log
from agents.meeting.journal import Event, Listener


def forgiving(listen: Listener | None, log: Log) -> Listener | None:
    """A listener whose errors do not end the meeting: the first is a warning, and a line of the log.

    ``StopMeeting``, and what is not an ``Exception``, such as Ctrl-C, ends it.
    """
    if listen is None:
        return None
    told: list[Exception] = []

    def heard(event: Event) -> None:
        try:
            listen(event)
        except StopMeeting:
            raise
        except Exception as error:  # noqa: BLE001 - a program's own function may raise anything
            if not told:
                told.append(error)
                log.line("WARNING", "listener failed", error=type(error).__name__)
                warnings.warn(
                    f"The listener of a meeting raised {type(error).__name__}: {error}. The meeting goes on; "
                    "raise agents.errors.StopMeeting in a listener to end it.",
                    RuntimeWarning,
                    stacklevel=2,
                )

    return heard


@contextmanager
def stopped_by_one() -> Iterator[None]:
    """Raise what listeners raised to end a meeting as one exception, also where several participants were asked at once
    and it comes as a group.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        stops, others = group.split(StopMeeting)
        if stops is None or others is not None:
            raise
        raise _first_of(stops) from None


def _first_of(group: BaseExceptionGroup[StopMeeting]) -> BaseException:
    """One exception of a group, which may have groups in it."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
