"""A journal as a chain: each line has the hash of the line before it, so that a change anywhere is found.

It proves that a file still has the order and the content with which it was written. It does not prove who wrote it: a
person who can write the whole file anew can also compute all hashes anew. Against that, the hash of the last event must
be kept somewhere else; the minutes print it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from agents.errors import BrokenChain
from agents.meeting.journal import Event

SCHEMA = "orchestrator-journal"
VERSION = "1"

HEAD, EVENT, MINUTES, END = "head", "event", "minutes", "end"
"""The parts of a chain, each under its name on a line of its own: the head, each event, the minutes, the end."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain that was verified.

    Attributes:
        meeting: id of the meeting.
        events: the number of events.
        head: the hash of the last event.
        hashes: the hash of each event, in order.
    """

    meeting: str
    events: int
    head: str
    hashes: tuple[str, ...]


def canonical(value: Mapping[str, Any]) -> str:
    """A value as JSON that is the same for equal values: names in order, no blanks, all but ASCII escaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def head_hash(events: Sequence[Event]) -> str:
    """The hash of the last event of a journal, which stands for all of it; "" for an empty journal."""
    return next((own for _, own in reversed([*_events(events)])), "")


def chained(events: Sequence[Event], minutes: str) -> str:
    """A journal and its minutes as a chain, one JSON value a line.

    Args:
        events: all events of the meeting, in order.
        minutes: its minutes as text.
    """
    lines = list(_events(events))
    head = lines[-1][1] if lines else ""
    lines.append(_line(MINUTES, minutes, head))
    lines.append(_line(END, {"events": len(events), "head": head}, lines[-1][1]))
    return "".join(f"{line}\n" for line, _ in lines)


def _events(events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """The head and the events of a chain, each line with its hash."""
    if not events:
        return
    facts = {"meeting": events[0].data.get("id", ""), "schema": SCHEMA, "version": VERSION}
    line, before = _line(HEAD, facts, "")
    yield line, before
    for event in events:
        line, before = _line(EVENT, asdict(event), before)
        yield line, before


def _line(part: str, value: Any, before: str) -> tuple[str, str]:
    """A line of a chain, and its hash; ``before`` is the hash of the line before it."""
    body = {part: value, "before": before}
    own = _hash(body)
    return canonical({**body, "hash": own}), own


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()


def verified(data: bytes) -> Chain:
    """Check a chain, byte by byte.

    Raises:
        BrokenChain: it is not as it was written; the cause names the first line that is not.
    """
    if b'"hash"' not in data:
        remedy = "Export the meeting in the format called chained, and check that file."
        raise BrokenChain("This is no chained export.", remedy)
    if not data.startswith(b"{"):
        raise _broken(1, "does not begin a chained export")
    *lines, rest = data.split(b"\n")
    before, hashes, meeting, ended = "", list[str](), "", False
    expected = HEAD
    for number, raw in enumerate(lines, 1):
        if ended:
            raise _broken(number, "follows the line that ends the export, so it was added")
        body, own = _read(number, raw)
        [part] = [name for name in body if name != "before"]
        _follows(number, part, body, before, expected)
        if part == HEAD:
            meeting, expected = _head(number, body[part]), EVENT
        elif part == EVENT:
            if not isinstance(body[part], dict) or body[part].get("seq") != len(hashes) + 1:
                raise _broken(number, "has an event that is not the next one")
            hashes.append(own)
        elif part == MINUTES:
            expected = END
        else:
            ended = body[part] == {"events": len(hashes), "head": hashes[-1] if hashes else ""}
            if not ended:
                raise _broken(number, "counts other events than the file has")
        before = own
    if rest:
        raise _broken(len(lines) + 1, "does not end as it was written: it was cut, or something was added")
    if not ended:
        raise BrokenChain(f"The end is missing: the file was cut after line {len(lines)}.", REMEDY)
    return Chain(meeting, len(hashes), hashes[-1], tuple(hashes))


REMEDY = "Export the meeting again, or take an unchanged copy of the file."


def _broken(number: int, why: str) -> BrokenChain:
    return BrokenChain(f"Line {number} {why}.", REMEDY)


def _read(number: int, raw: bytes) -> tuple[dict[str, Any], str]:
    """The body of a line and its hash, if the line is exactly as it was written.

    Raises:
        BrokenChain: it is not.
    """
    changed = _broken(number, "was changed")
    try:
        value = json.loads(raw.decode("ascii"))
        same = isinstance(value, dict) and canonical(value).encode("ascii") == raw
    except (ValueError, RecursionError):
        raise changed from None
    if not same or not {"before", "hash"} < set(value) or len(value) != 3:
        raise changed
    own = value.pop("hash")
    if own != _hash(value):
        raise changed
    return value, own


def _follows(number: int, part: str, body: Mapping[str, Any], before: str, expected: str) -> None:
    """Check that a line comes after the line before it.

    Raises:
        BrokenChain: it does not.
    """
    if body["before"] != before:
        place = f"does not follow line {number - 1}" if number > 1 else "is not the first line of an export"
        raise _broken(number, f"{place}: a line was removed, added or moved here")
    if part not in {expected, MINUTES if expected == EVENT else expected}:
        raise _broken(number, "is not the one that comes here")


def _head(number: int, facts: Any) -> str:
    """The id of the meeting that the head of a chain names.

    Raises:
        BrokenChain: it is the head of something else.
    """
    if not isinstance(facts, dict) or facts.get("schema") != SCHEMA or facts.get("version") != VERSION:
        raise _broken(number, f"does not begin a chained export of version {VERSION}")
    return str(facts.get("meeting", ""))
