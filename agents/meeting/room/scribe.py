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
from agents.meeting.phases import ASKING_PHASES, LISTING_PHASES, lines_of
from agents.meeting.prompts import ACTION, EVENT, IDEA, QUESTION, SCRIBE, Ask
from agents.meeting.record import Outcome, Turn
from agents.meeting.room.room import Room
from agents.model import Task, Wanted


def kinds(room: Room) -> list[Wanted]:
    """The kinds of lines whose sections the minutes of this meeting have."""
    own = [prompts.wanted_from(line) for line in room.call.kind.lines]
    phases = room.call.kind.phases
    built_in = [ACTION] if {*ASKING_PHASES, "proposal"} & set(phases) else []
    built_in += [QUESTION] if {"silent_round", "open_round"} & set(phases) else []
    built_in += [EVENT] if "timeline" in phases else []
    built_in += [IDEA] if "brainstorm" in phases else []
    return own + [want for want in built_in if want.label not in {line.label for line in own}]


async def extract(room: Room) -> None:
    """Ask the scribe for every section that the speakers left without labelled lines."""
    turns = [turn for turn in room.talk.turns if not turn.dropped and not reading.passed(turn.text)]
    if not turns:
        return
    owners = [seat.title for seat in room.call.seats]
    for want in kinds(room):
        if _labelled_enough(want, turns):
            continue
        ids = [turn.id for turn in turns]
        schema = prompts.extract_schema(ids, owners if want.label == ACTION.label else [])
        ask = Ask(SCRIBE, Task.EXTRACT, prompts.extract(want.label, want.ask), EXTRACT_TOKENS, (want,), schema)
        await room.structured(ask, f"extract.{want.label.lower().replace(' ', '_')}", partial(wrong, turns=ids))


def _labelled_enough(want: Wanted, turns: Sequence[Turn]) -> bool:
    """Whether at least half of those who were asked for such a line wrote it, be it only "none"."""
    phases = {phase for phase, label in LISTING_PHASES.items() if label == want.label} or set(ASKING_PHASES)
    asked = [turn for turn in turns if turn.phase in phases]
    return bool(asked) and 2 * sum(_answered(turn, want.label) for turn in asked) >= len(asked)


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
        room.call.kind.rule,
        talk.ballots,
        seats=len(room.speakers),
        veto=room.call.kind.veto,
        chair=room.call.facilitator,
    )
    said = "no decision" if outcome is Outcome.NONE else outcome.value
    words = reading.proposal_text(talk.proposal).split()
    return f"{talk.topic.text}: {said}: {' '.join(words[:40])}"
