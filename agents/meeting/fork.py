"""A meeting with the beginning of another: what was said up to a turn is kept, the rest is asked anew."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.errors import MeetingError, UsageError
from agents.meeting.call import call_from
from agents.meeting.journal import Event


def turn_id(at: str) -> str:
    """The turn that somebody means by "T5", "t5" or "5"; "T0" is before the first.

    Raises:
        UsageError: it names no turn.
    """
    match = re.fullmatch(r"[Tt]?(\d{1,9})", at.strip())
    if not match:
        raise UsageError(f"{at!r} is no turn.", "Write its id, such as T5; 0 keeps nothing.")
    return f"T{int(match[1])}"


def forked(events: Sequence[Event], at: str, meeting_id: str, model: str, context_tokens: int) -> list[Event]:
    """The journal that a fork starts with.

    Turns are on the journal in the order in which they were finished. Everything up to the turn stays, whatever its id;
    everything after it goes.

    Args:
        events: the other meeting's journal.
        at: the last turn to keep.
        meeting_id: the fork's id.
        model: label of the model that goes on.
        context_tokens: that model's context.

    Raises:
        MeetingError: the other meeting never began.
        UsageError: it has no such turn.
    """
    if not events or events[0].kind != "called":
        raise MeetingError("This meeting has not begun, so there is nothing to fork.", "Resume it, or call a new one.")
    wanted = turn_id(at)
    spoken = [event for event in events if event.kind == "turn"]
    last = next((event.seq for event in spoken if event.data["id"] == wanted), 1 if wanted == "T0" else 0)
    if not last:
        most = max((int(event.data["id"][1:]) for event in spoken), default=0)
        raise UsageError(
            f"This meeting has no turn {wanted}.", f"Its turns are T1 to T{most}." if most else "It has none."
        )
    other = call_from(events[0].data)
    what = f"Forked from the meeting {other.id} after {wanted}" if wanted != "T0" else f"Asks all of {other.id} again"
    spoke = f"; up to there {other.model} spoke, from there {model}." if model != other.model else "."
    note = what + (spoke if wanted != "T0" else ".")
    call = replace(
        other,
        id=meeting_id,
        model=model,
        context_tokens=context_tokens,
        notes=(*other.notes, note),
        forked_from=other.id,
    )
    first = Event(1, events[0].at, "called", "called", call.as_dict())
    return [first, *events[1:last]]
