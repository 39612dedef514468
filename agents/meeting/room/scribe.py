"""The scribe: finds what each section of the minutes rests on.

Labelled lines are found by code, for nothing. A model is asked only for sections that the speakers left without labels,
and only to point (turn and copied words); nothing it writes itself ever reaches the minutes. Its pointing is checked in
``verify.py``.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from agents.meeting import prompts, reading
from agents.meeting.context import EXTRACT_TOKENS
from agents.meeting.minutes import ballot
from agents.meeting.phases import PHASES, Phase, lines_of, phase_of, phases_of
from agents.meeting.prompts import ACTION, EVENT, IDEA, QUESTION, SCRIBE, Ask
from agents.meeting.record import Outcome, Turn
from agents.meeting.room.room import Room
from agents.model import Task, Wanted

BUILT_IN = (ACTION, QUESTION, EVENT, IDEA)
"""The kinds of lines that phases ask for besides a type's own, in the order of their sections."""


def kinds(room: Room) -> list[Wanted]:
    """The kinds of lines whose sections the minutes of this meeting have."""
    own = [prompts.wanted_from(line) for line in room.spec.kind.lines]
    brought = {want.label for phase in phases_of(room.spec.kind) for want in phase.brings}
    return own + [want for want in BUILT_IN if want.label in brought - {line.label for line in own}]


async def extract(room: Room) -> None:
    """Ask the scribe for every section that the speakers left without labelled lines."""
    turns = [turn for turn in room.talk.turns if not turn.dropped and not reading.passed(turn.text)]
    if not turns:
        return
    owners = [seat.title for seat in room.spec.seats]
    for want in kinds(room):
        if _labelled_enough(want, turns):
            continue
        ids = [turn.id for turn in turns]
        schema = prompts.extract_schema(ids, owners if want.label == ACTION.label else [])
        ask = Ask(SCRIBE, Task.EXTRACT, prompts.extract(want.label, want.ask), EXTRACT_TOKENS, (want,), schema)
        await room.structured(ask, f"extract.{want.label.lower().replace(' ', '_')}", partial(wrong, turns=ids))


def _labelled_enough(want: Wanted, turns: Sequence[Turn]) -> bool:
    """Whether at least half of those who were asked for such a line wrote it, be it only "none"."""
    asked = [turn for turn in turns if _asks_for(phase_of(turn), want.label)]
    return bool(asked) and 2 * sum(_answered(turn, want.label) for turn in asked) >= len(asked)


def _asks_for(phase: Phase, label: str) -> bool:
    """Whether the turns of a phase count for a kind of line: the only phase that asks for it, else all that ask for
    lines.
    """
    alone = {want.label for each in PHASES.values() if each.only_lines for want in each.brings}
    if label in alone:
        return phase.only_lines and any(want.label == label for want in phase.brings)
    return phase.asks_lines


def _answered(turn: Turn, label: str) -> bool:
    return reading.answers_label(turn.text, label) or bool(lines_of(turn, label))


def wrong(answer: Any, turns: Sequence[str]) -> str:
    """What is wrong with an extraction's shape, for asking again; "" when nothing is."""
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
    """What the next topics are told about this one, worded by code."""
    talk = room.talk
    if talk.proposal is None:
        return f"{talk.topic.text}: discussed, nothing was put to the vote."
    outcome, _, _ = ballot.decide(
        room.spec.kind.rule,
        talk.ballots,
        seats=len(room.speakers),
        veto=room.spec.kind.veto,
        chair=room.spec.facilitator,
    )
    said = "no decision" if outcome is Outcome.NONE else outcome.value
    words = reading.proposal_text(talk.proposal).split()
    return f"{talk.topic.text}: {said}: {' '.join(words[:40])}"
