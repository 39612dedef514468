"""The phase in which documents are read closely, before anybody states a view.

Code searches for what the lists of the roles know, the model ranks what is found, and the roles say what to change.
Where the model was measured to find more than chance by reading, each role also reads short parts of the documents.
"""

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from agents.documents import Passage, passages_of
from agents.meeting import fields, prompts
from agents.meeting.close_reading.findings import findings_of
from agents.meeting.close_reading.pairs import MARKS, Mark, Pair, pairs_of
from agents.meeting.close_reading.parts import closely
from agents.meeting.close_reading.places import Place
from agents.meeting.finding import Finding
from agents.meeting.journal_values import StructuredAnswer
from agents.meeting.prompts import CHANGE, DANGER, SCRIBE, YES_NO, Ask
from agents.meeting.record import Turn
from agents.model import Task

if TYPE_CHECKING:
    from agents.meeting.phases import Phase
    from agents.meeting.room.room import Room

CLOSE_READING = "close_reading"
"""The name of the phase."""
CHECK, PART = "check", "part"
"""The beginnings of names in the journal: of the check of one pair, and of a part that a role reads."""
MOST_CHANGES = 5
"""The most pairs for which a role is asked what to change."""
LEAST_BY_WORDS = 1.0
"""The least preference for yes with which a pair that was found by single words is kept."""
LEAST_BY_PATTERN = 0.0
"""The same for a pair that a pattern found."""
READ_TOKENS = 160
READ_REPLY = 70
"""The expected tokens of what a role says about a part."""
CHANGE_TOKENS = 90
AROUND = 1
"""The lines before and after a sentence that are shown when a role is asked what to change about it."""
MOST_TOLD = 10
"""The most findings that the others are told before they state their views."""


async def close_reading(room: "Room", _phase: "Phase") -> None:
    """Find places in the documents to look at, and tell all participants."""
    read = await _read_parts(room) if room.spec.reads_closely else []
    marks = await _marks(room)
    asked = [_change(room, mark) for mark in marks if mark.part]
    changes = {turn.key.rpartition(".")[2]: turn for turn in await room.ask_all(asked)}
    found = findings_of(room.spec.documents, read, marks, changes)
    if found:
        room.open_topic.told += [words for one in found for words in (one.quote, one.reasons[0].why)]
        room.announce("Places in the documents to look at:\n" + "\n".join(map(told, found[:MOST_TOLD])))


def told(finding: Finding) -> str:
    """A finding as the participants are told it."""
    best = finding.reasons[0]
    change = f" Change: {best.change}" if best.change else ""
    return f'- {finding.where or "not in the documents"} "{finding.quote}" Possible problem: {best.why}{change}'


async def _read_parts(room: "Room") -> list[Turn]:
    """Let each role read short parts of the documents, so that together they read all of them."""
    roles = [room.agents[seat.role].role for seat in room.spec.seats if not seat.human]
    asks = []
    for role, parts in closely(passages_of(room.spec.documents), roles, room.spec.reading_turns).items():
        for number, part in enumerate(parts, 1):
            question, schema = prompts.read_closely(), fields.schema_of([DANGER])
            asks.append(
                Ask(
                    role, Task.READING, question, READ_TOKENS, (DANGER,), schema, part=f"{PART}{number}", alone=True,
                    passages=part,
                )
            )  # fmt: skip
    return await room.ask_all(asks)


async def _marks(room: "Room") -> list[Mark]:
    """The pairs that the model keeps, best first; those in the journal when the meeting is resumed."""
    number = room.open_topic.topic.number
    key = f"{number}.{MARKS}.{SCRIBE}"
    known = room.recorded(key, StructuredAnswer)
    if known:
        return [Mark.from_dict(table) for table in known.answer]
    roles = [room.agents[seat.role].role for seat in room.spec.seats]
    pairs = pairs_of(roles, room.spec.documents, passages_of(room.spec.documents))
    weighed = []
    for place, pair in enumerate(pairs, 1):
        question = prompts.check(pair.item, pair.quote)
        ask = Ask(SCRIBE, Task.CHECK, question, 1, alone=True, between=YES_NO)
        weighed.append((pair, await room.prefers(ask, f"{CHECK}{place}") or 0.0))
    people = {seat.role for seat in room.spec.seats if seat.human}
    marks = kept(weighed, people)
    room.away.refuse_silence()  # what is stored now is not asked for again
    room.record(key, StructuredAnswer(number, MARKS, SCRIBE, [mark.as_dict() for mark in marks]))
    return marks


def kept(weighed: Sequence[tuple[Pair, float]], people: Sequence[str] | set[str] = ()) -> list[Mark]:
    """The pairs that are kept, best first: those that a pattern found unless the model prefers no, and the upper half
    of the others if it clearly prefers yes.

    Args:
        weighed: the pairs, each with the preference of the model for yes.
        people: role ids of people, who are not asked what to change.
    """
    by_words = [margin for pair, margin in weighed if not pair.shown]
    least = max(LEAST_BY_WORDS, median(by_words)) if by_words else LEAST_BY_WORDS
    left = [(pair, margin) for pair, margin in weighed if margin >= (LEAST_BY_PATTERN if pair.shown else least)]
    left.sort(key=lambda one: (not one[0].shown, -one[1]))
    marks, places = [], set[Place]()
    for pair, margin in left:
        asked = pair.role not in people and len(places) < MOST_CHANGES and pair.place not in places
        if asked:
            places.add(pair.place)
        marks.append(Mark(pair, margin, f"change{len(places)}" if asked else ""))
    return marks


def _change(room: "Room", mark: Mark) -> Ask:
    """The question what to change about a sentence, with the lines around it."""
    pair = mark.pair
    document = next(one for one in room.spec.documents if one.name == pair.document)
    first, last = max(1, pair.first - AROUND), min(len(document.lines), pair.last + AROUND)
    around = Passage(pair.document, first, last, "", "\n".join(document.lines[first - 1 : last]))
    question, schema = prompts.change(pair.item, pair.quote), fields.schema_of([CHANGE])
    return Ask(
        pair.role, Task.CHANGE, question, CHANGE_TOKENS, (CHANGE,), schema, part=mark.part, alone=True,
        passages=(around,),
    )  # fmt: skip
