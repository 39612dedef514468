"""What is said after Ctrl-C, once: a meeting says how to continue, and then nothing more is said at the end.

SIGTERM, and SIGHUP of a terminal that closes, end a command like Ctrl-C does, with statuses of their own.
"""

import os
import platform
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agents.cli.terminal.output import tell
from agents.errors import Locked

if TYPE_CHECKING:
    from agents.store.locks import Holder

_SAID = {"stopped": False}
_ENDED = {"signal": 0}
ENDING = ("SIGTERM", "SIGHUP")
"""The signals that end a command; Windows has the first one only."""
SERVICES = ("serve", "mcp")
"""Commands whose process holds meetings of many: one of them is ended by asking for it, and the others go on."""
PATIENCE_SECONDS = 30.0
"""How long a command that was asked to end may take."""


def tell_stopped(meeting_id: str) -> None:
    """Say that a meeting was stopped, and how to continue it."""
    tell(f"\nStopped. What was said is kept. Continue with: orchestrator meeting resume {meeting_id}")
    _SAID["stopped"] = True


@contextmanager
def resumable(meeting_id: str, on_stop: "Callable[[str], None]" = tell_stopped) -> "Iterator[None]":
    """Say how to continue a stored meeting where the block is interrupted.

    Args:
        meeting_id: the meeting.
        on_stop: is given the meeting's id, and says it.
    """
    try:
        yield
    except KeyboardInterrupt:
        on_stop(meeting_id)
        raise


def tell_session_ended(meeting_id: str) -> None:
    """Say that a conversation was ended from outside, what is kept, and how to continue; its meeting, "" for none."""
    tell("\nThe session was ended from outside. Questions and answers are kept.")
    tell("Continue with: orchestrator interactive")
    if meeting_id:
        tell(f"The meeting continues with: orchestrator meeting resume {meeting_id}")
    _SAID["stopped"] = True


def was_said() -> bool:
    """Whether it was said since the last call."""
    said, _SAID["stopped"] = _SAID["stopped"], False
    return said


def end_on_signals() -> None:
    """Let the signals of ``ENDING`` end the command as Ctrl-C does; one that is ignored, as by nohup, stays ignored."""
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)


def leave_signals() -> None:
    """Ignore the signals of ``ENDING``: the command has ended."""
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _end(number: int, _frame: Any) -> None:
    _ENDED["signal"] = number
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.SIG_DFL, None):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def is_asked_to_end() -> bool:
    """Whether a signal of ``ENDING`` came: then Ctrl-C is not only meant for what runs just now."""
    return bool(_ENDED["signal"])


def status_after(status: int) -> int:
    """The exit status of a command, where a signal of ``ENDING`` may have ended it."""
    return 128 + _ENDED["signal"] if _ENDED["signal"] and status else status


def end_holder(meeting_id: str, holder: "Holder", still_holds: Callable[[], bool], ask: Callable[[], None]) -> None:
    """Ask the process that holds a meeting to end as with Ctrl-C, or a service to stop the meeting, and wait until it
    has.

    Args:
        meeting_id: the meeting.
        holder: the process.
        still_holds: whether it still holds the meeting.
        ask: asks a service to stop it.

    Raises:
        Locked: it is not a process of this machine or container, it is another user's, or it does not end.
    """
    if holder.does.startswith(SERVICES):
        ask()
    elif holder.machine not in {"", platform.node()} or not holder.process:
        where = f"on {holder.machine}" if holder.machine else "elsewhere"
        raise Locked(f"The meeting {meeting_id} is held {where}, not here.", "Call this command there.")
    else:
        _terminate(meeting_id, holder)
    until = time.monotonic() + PATIENCE_SECONDS
    while still_holds():
        if time.monotonic() > until:
            cause = f"The meeting {meeting_id} is still held by {holder}."
            raise Locked(cause, "It may wait for the model; try again in a minute.")
        time.sleep(0.05)


def _terminate(meeting_id: str, holder: "Holder") -> None:
    try:
        os.kill(holder.process, signal.SIGTERM)
    except PermissionError:
        raise Locked(f"Another user holds the meeting {meeting_id}, in {holder}.", "Ask that user.") from None
    except OSError:
        pass  # it has just ended
