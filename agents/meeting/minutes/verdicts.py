"""The verdicts of people on the entries of minutes: the latest on an entry stands, and all are kept."""

from collections.abc import Sequence
from dataclasses import replace

from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.minutes import dates
from agents.meeting.minutes.owners import owners_of
from agents.meeting.record import ActionItem, Minutes
from agents.meeting.verdict import Judgement, Verdict
from agents.role.names import joined


def with_verdicts(minutes: Minutes, verdicts: Sequence[Verdict]) -> Minutes:
    """Minutes with the verdicts on their entries, in the order in which they were given.

    The words of a correction replace those of the entry, which the verdict keeps. A rejected action is not agreed.
    A verdict on an entry that these minutes do not have, as in a fork, is left out.
    """
    if not verdicts:
        return minutes
    named = entry_names(minutes)
    kept = [replace(verdict, entry=name) for verdict in verdicts if (name := _name_now(verdict, named))]
    on = {id(named[name].value): verdict for name, verdict in _latest(kept).items()}
    topics = tuple(
        replace(
            topic,
            decision=replace(topic.decision, text=_text(topic.decision.text, on.get(id(topic.decision)))),
            actions=tuple(_action(minutes, one, on.get(id(one))) for one in topic.actions),
            items=tuple(replace(one, text=_text(one.text, on.get(id(one)))) for one in topic.items),
        )
        for topic in minutes.topics
    )
    return replace(minutes, topics=topics, verdicts=tuple(kept))


def standing(minutes: Minutes) -> dict[str, Verdict]:
    """The verdict that stands on each entry that has one, by the name of the entry, in the order of the minutes."""
    latest = _latest(minutes.verdicts)
    return {name: latest[name] for name in entry_names(minutes) if name in latest}


def _latest(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    return {verdict.entry: verdict for verdict in verdicts}


def _name_now(verdict: Verdict, named: dict[str, NamedEntry]) -> str:
    """The name of the entry that a verdict is about: it may have another number in a fork. "" if it is not there."""
    same = named.get(verdict.entry)
    if same and same.text == verdict.said:
        return same.name
    alike = (one.name for one in named.values() if (one.topic, one.text) == (verdict.topic, verdict.said))
    return next(alike, "")


def _text(text: str, verdict: Verdict | None) -> str:
    """The words of an entry after the verdict that stands."""
    return verdict.text if verdict and verdict.judgement is Judgement.CORRECTED else text


def _action(minutes: Minutes, action: ActionItem, verdict: Verdict | None) -> ActionItem:
    """An action after the verdict that stands."""
    if verdict is None or verdict.judgement is Judgement.CONFIRMED:
        return action
    if verdict.judgement is Judgement.REJECTED:
        return replace(action, agreed=False)
    return _corrected(minutes, action, verdict.text)


def _corrected(minutes: Minutes, action: ActionItem, text: str) -> ActionItem:
    """An action in other words; an owner or a day that they do not name stays as it was."""
    found, due = owners_of(text, minutes.names, ""), dates.due_in(text, minutes.held)
    changed = replace(action, task=found.task)
    if found.owners:
        changed = replace(changed, owner=joined(found.owners), owner_why="")
    if due.day:
        changed = replace(changed, due=due.day, due_text=due.words, past=due.day < minutes.held)
    return changed
