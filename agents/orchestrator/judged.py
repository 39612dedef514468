"""What somebody says about an entry of minutes, as the verdict that is stored; computed from the events alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.clock import utc_now
from agents.errors import UsageError
from agents.meeting.codec import entry_of, values
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event
from agents.meeting.minutes import build
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem
from agents.meeting.verdict import Judgement, Verdict

_JUDGEMENTS = {"confirm": Judgement.CONFIRMED, "correct": Judgement.CORRECTED, "reject": Judgement.REJECTED}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about an entry.

    Attributes:
        entry: the name of the entry as it was given; whether there is one is not known yet.
        judgement: what is said.
        text: the other words of a correction.
        by: who says it.
    """

    entry: str
    judgement: Judgement
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on an entry of the minutes.

    Attributes:
        key: its name in the journal.
        verdict: the verdict.
        earlier: the one that stood before it.
        action: the entry after the verdict, if it is an action.
        before: the entry before the verdict, if it is an action.
        repeats: whether the verdict is the one that stands already, so that there is nothing to store.
    """

    key: str
    verdict: Verdict
    earlier: Verdict | None
    action: ActionItem | None = None
    before: ActionItem | None = None
    repeats: bool = False


def said_of(entry: str, verb: str, text: str, by: str) -> Said:
    """What somebody says about an entry, by the word for it.

    Args:
        entry: the name of the entry.
        verb: "confirm", "correct" or "reject".
        text: the other words of a correction.
        by: who says it.

    Raises:
        UsageError: a correction has no words.
    """
    judgement = _JUDGEMENTS[verb]
    if judgement is not Judgement.CORRECTED:
        return Said(entry, judgement, "", by)
    if not text.strip():
        raise UsageError("There are no words to correct the entry with.", "Pass `text`.", about="correction")
    return Said(entry, judgement, " ".join(text.split()), by)


def judged_of(events: Sequence[Event], said: Said) -> Judged:
    """The verdict on an entry of a meeting with these events, which takes as long as its minutes.

    Raises:
        UsageError: the minutes have no such entry.
        MeetingError: the meeting has not begun.
    """
    before = build(events)
    named = wanted_entry(said.entry, entry_names(before))
    earlier = standing(before).get(named.name)
    text = earlier.said if earlier else named.text
    by, at = " ".join(said.by.split()), utc_now("seconds")
    if earlier and (earlier.judgement, earlier.by, earlier.text) == (said.judgement, by, said.text):
        return Judged("", earlier, earlier, repeats=True)
    verdict = Verdict(named.name, said.judgement, text, named.topic, named.turn, by, at, said.text)
    key = f"verdict.{len(values(events, Verdict)) + 1}"
    if not isinstance(named.value, ActionItem):
        return Judged(key, verdict, earlier)
    kind, data = entry_of(verdict)
    after = build([*events, Event(len(events) + 1, at, kind, key, data)])
    value = entry_names(after)[verdict.entry].value
    return Judged(key, verdict, earlier, value if isinstance(value, ActionItem) else None, named.value)


def wanted_entry(entry: str, named: Mapping[str, NamedEntry]) -> NamedEntry:
    """The entry with this name, in any letter case; with one topic, also with the topic before it.

    Args:
        entry: the name, as a person writes it.
        named: all entries by their names.

    Raises:
        UsageError: there is none.
    """
    wanted = entry.strip().casefold()
    for name, one in named.items():
        if wanted in {name.casefold(), f"{one.topic}.{name}".casefold()}:
            return one
    listed = names_in_short(named) or "none"
    raise UsageError(f"The minutes have no entry {entry!r}.", f"Their entries: {listed}.")


def names_in_short(names: Iterable[str]) -> str:
    """Names of entries as a list with commas: "AC1-AC4" for those of one section.

    Args:
        names: the names, in the order of the minutes.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.rstrip("0123456789"), []).append(name)
    return ", ".join(each[0] if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in groups.values())
