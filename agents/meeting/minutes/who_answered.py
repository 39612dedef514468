"""Which model gave which answer, where it changed: a meeting may be resumed or forked with another one; and how many
answers are missing at its end.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from agents.meeting.checklist import CHECKLIST
from agents.meeting.codec import value_of
from agents.meeting.journal import Event
from agents.meeting.journal_values import BaselineAnswer, StructuredAnswer
from agents.meeting.record import Absence, Ballot, Minutes, Turn
from agents.meeting.spec import MeetingSpec

Answer = Turn | Ballot | StructuredAnswer | BaselineAnswer


def change(spec: MeetingSpec, answers: Sequence[Answer]) -> dict[str, list[str]]:
    """What each model answered, as words by its label, in the order of their first answers; empty if every model was
    the one with which the meeting began.

    Args:
        spec: the meeting.
        answers: everything that somebody was asked for.
    """
    asked = [one for one in answers if one.speaker != spec.person and not _by_code(one)]
    labels = [one.model or spec.model for one in asked]
    if all(label == _planned(spec, one) for one, label in zip(asked, labels, strict=True)):
        return {}
    return {
        label: list(_named([one for one, its in zip(asked, labels, strict=True) if its == label]))
        for label in dict.fromkeys(labels)
    }


def note(changed: Mapping[str, Sequence[str]]) -> list[str]:
    """The note for the reader of the minutes; none if the model did not change."""
    if not changed:
        return []
    told = "; ".join(f"{', '.join(words)}: {label}" for label, words in changed.items())
    return [f"Not all answers are those of the model with which the meeting began. {told}."]


def spoke_with(spec: MeetingSpec, answers: Sequence[Answer]) -> dict[str, str]:
    """The label of the model that spoke for each role, by role id, in the order of the seats; of several, all of them.

    Args:
        spec: the meeting.
        answers: everything that somebody was asked for.
    """
    heard: dict[str, dict[str, None]] = {role: {} for role in spec.speakers if role != spec.person}
    for one in answers:
        if one.speaker in heard and not _by_code(one):
            heard[one.speaker][one.model or _planned(spec, one)] = None
    return {role: "; ".join(labels) for role, labels in heard.items() if labels}


def spoken_by(minutes: Minutes) -> str:
    """Who spoke with which model, in a sentence; "" where no language model spoke.

    One model for all roles is a caveat: agreement of its roles is not the agreement of several minds.
    """
    roles: dict[str, list[str]] = {}
    for role, label in minutes.spoke_with.items():
        roles.setdefault(label, []).append(minutes.title_of(role))
    if not roles or minutes.artefact == CHECKLIST:
        return ""
    if len(roles) == 1 and "; " not in next(iter(roles)):
        others = "all other roles" if any(seat.human for seat in minutes.present) else "all roles"
        return f"One model spoke for {others}."
    told = "; ".join(f"{label} for {', '.join(titles)}" for label, titles in roles.items())
    return f"{len({one for label in roles for one in label.split('; ')})} models spoke: {told}."


def _planned(spec: MeetingSpec, answer: Answer) -> str:
    """The label of the model that answered for this speaker when the meeting began."""
    if not answer.model:
        return spec.model
    return spec.models.get(answer.speaker) or spec.models.get("") or spec.model


def _by_code(answer: Answer) -> bool:
    """Whether code worked an answer out, from those of a model."""
    return isinstance(answer, StructuredAnswer) and not answer.model and not answer.numbers


def _named(answers: Sequence[Answer]) -> Iterator[str]:
    """Answers in words: turns as ranges of their numbers, votes and others by topic."""
    turns = sorted(int(one.id[1:]) for one in answers if isinstance(one, Turn))
    # Numbers that follow each other have the same distance from their places in the list.
    for _, run in groupby(enumerate(turns), lambda placed: placed[1] - placed[0]):
        first, *rest = (number for _, number in run)
        yield f"T{first}-T{rest[-1]}" if rest else f"T{first}"
    for topic in dict.fromkeys(one.topic for one in answers):
        here = [one for one in answers if one.topic == topic and not isinstance(one, Turn)]
        votes = sum(isinstance(one, Ballot) for one in here)
        yield from _counted(votes, "vote", topic)
        yield from _counted(len(here) - votes, "other answer", topic)


def _counted(number: int, what: str, topic: int) -> list[str]:
    return [f"{number} {what}{'' if number == 1 else 's'} on topic {topic}"] if number else []


def unanswered(events: Sequence[Event]) -> int:
    """How many answers are missing at the end of the journal because the model could not be reached any more. 0 if
    others were heard in the last phase: then only some have a model that could not be reached.
    """
    missing, phase = 0, ""
    for event in reversed(events):
        value = value_of(event)
        if isinstance(value, Absence) and value.unreachable:
            missing, phase = missing + 1, phase or f"{value.topic}.{value.phase}"
        elif isinstance(value, Turn | Ballot) and f"{value.topic}.{value.phase}" == phase:
            return 0
        elif isinstance(value, Turn | Ballot | StructuredAnswer | Absence) and value.numbers:
            break
    return missing


def missing(count: int, turns: Sequence[Turn]) -> list[str]:
    """A note on answers that are missing at the end, and how to ask for them again."""
    if not count:
        return []
    last = f"after {turns[-1].id}" if turns else "from its start"
    answers = "1 answer is" if count == 1 else f"{count} answers are"
    return [f"The model could not be reached at the end: {answers} missing. A fork of the meeting {last} asks again."]
