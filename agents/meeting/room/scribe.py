"""The scribe: a model that finds the evidence for the sections of the minutes.

Code finds labelled lines without a call. The model is asked only about sections for which the speakers wrote too few
labelled lines, and only for a turn and words copied from it. Its own words never get into the minutes.
``minutes/claims.py`` checks what it copied.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from agents.meeting import prompts, reading
from agents.meeting.context import EXTRACT_TOKENS
from agents.meeting.minutes import ballot
from agents.meeting.minutes.decider import decision_by_person
from agents.meeting.phases import PHASES, Phase, entries_of, phase_of, phases_of
from agents.meeting.prompts import ACTION, EVENT, IDEA, QUESTION, SCRIBE, Ask
from agents.meeting.record import Status, Turn
from agents.meeting.room.room import Room
from agents.model import Task, Wanted

BUILT_IN = (ACTION, QUESTION, EVENT, IDEA)
"""The kinds of lines that phases ask for besides those of a type, in the order of their sections."""


def kinds(room: Room) -> list[Wanted]:
    """The kinds of lines that have a section in the minutes of this meeting."""
    own = [prompts.wanted_from(line) for line in room.spec.kind.lines]
    asking = (phase for phase in phases_of(room.spec.kind) if not phase.taken(room.spec))
    asked = {want.label for phase in asking for want in phase.extra_lines}
    return own + [want for want in BUILT_IN if want.label in asked - {line.label for line in own}]


async def extract(room: Room) -> None:
    """Ask the scribe about every section for which too few labelled lines were written.

    Answers in fields need no scribe: what they do not say under a label, they do not say.
    """
    said = [turn for turn in room.open_topic.turns if reading.contributes(turn)]
    turns = [turn for turn in said if turn.entries is None]
    if not turns:
        return
    owners = [*(seat.title for seat in room.spec.seats), *room.spec.names.people]
    for want in kinds(room):
        if _labelled_enough(want, said):
            continue
        ids = [turn.id for turn in turns]
        schema = prompts.extract_schema(ids, owners if want.label == ACTION.label else [])
        ask = Ask(SCRIBE, Task.EXTRACT, prompts.extract(want.label, want.ask), EXTRACT_TOKENS, (want,), schema)
        await room.ask_for_json(ask, f"extract.{want.label.lower().replace(' ', '_')}", partial(problem_in, turns=ids))


def _labelled_enough(want: Wanted, turns: Sequence[Turn]) -> bool:
    """Whether at least half of those who were asked for such a line wrote one, even if it is only "none"."""
    asked = [turn for turn in turns if _asks_for(phase_of(turn), want.label)]
    return bool(asked) and 2 * sum(_answered(turn, want.label) for turn in asked) >= len(asked)


def _asks_for(phase: Phase, label: str) -> bool:
    """Whether a phase asks its speakers for a kind of line.

    Where one phase asks for nothing but this kind, only that phase counts; else every phase that asks for lines does.
    """
    alone = {want.label for each in PHASES.values() if each.only_lines for want in each.extra_lines}
    if label in alone:
        return phase.only_lines and any(want.label == label for want in phase.extra_lines)
    return phase.asks_lines


def _answered(turn: Turn, label: str) -> bool:
    return turn.entries is not None or reading.answers_label(turn.text, label) or bool(entries_of(turn, label))


def problem_in(answer: Any, turns: Sequence[str]) -> str:
    """What is wrong with the form of an answer, in words for the next attempt; "" when nothing is."""
    items = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(items, list):
        return '"items" must be a list.'
    for item in items:
        if not isinstance(item, Mapping) or not isinstance(item.get("quote"), str) or not item["quote"].strip():
            return 'every item needs a "quote" with copied words.'
        if item.get("turn") not in turns:
            return f'"turn" must be one of {", ".join(turns)}.'
    return ""


def one_line(room: Room) -> str:
    """The outcome of the open topic on one line, for the topics that follow. Code writes it."""
    open_topic, spec = room.open_topic, room.spec
    if spec.decider:
        made = decision_by_person(spec, open_topic.proposal, open_topic.ballots, open_topic.decided)
        return f"{open_topic.topic.text}: {made.outcome}: {' '.join(made.text.split()[:40])}"
    if open_topic.proposal is None:
        return f"{open_topic.topic.text}: {Status.NONE.value}, nothing was put to the vote."
    seats, chair, juries = len(room.speakers), spec.facilitator, spec.juries
    votes = ballot.judged(open_topic.ballots, juries)
    decision = ballot.decision_of(spec.kind, open_topic.proposal, votes, seats=seats, chair=chair, juries=juries)
    words = decision.text.split()
    return f"{open_topic.topic.text}: {decision.outcome}: {' '.join(words[:40])}"
