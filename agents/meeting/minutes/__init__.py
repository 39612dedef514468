"""Minutes, computed from the journal alone: the same events always give the same minutes, without a model.

Import from here: ``build``; ``artefacts``, ``ballot``, ``dates``, ``positions``, ``verify``.
Never knows: ``agents.meeting.room``, ``agents.meeting.types``, ``agents.agent``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.errors import MeetingError
from agents.meeting import reading
from agents.meeting.ideas import by_dots, count_dots
from agents.meeting.journal import Event, Kind, value_of, values
from agents.meeting.minutes import ballot, baseline, event_times, verify
from agents.meeting.phases import ideas_said, lines_of, phase_of
from agents.meeting.prompts import ACTION, CHALLENGE, EVENT, FACT, IDEA, MOST_ITEMS, PARKED, QUESTION
from agents.meeting.record import (
    BY_PERSON,
    Absence,
    ActionItem,
    Ballot,
    BaselineAnswer,
    Closing,
    Decision,
    Dissent,
    Drop,
    Evidence,
    Head,
    Item,
    Minutes,
    Move,
    Note,
    Outcome,
    Position,
    Put,
    StructuredAnswer,
    Topic,
    TopicMinutes,
    Turn,
    Vote,
)
from agents.meeting.spec import MeetingSpec, spec_from


@dataclass(frozen=True, slots=True)
class _Log:
    """A meeting's journal, sorted."""

    spec: MeetingSpec
    turns: tuple[Turn, ...]
    ballots: tuple[Ballot, ...]
    answers: tuple[StructuredAnswer, ...]
    baseline: tuple[BaselineAnswer, ...]
    absences: tuple[Absence, ...]
    heads: Mapping[int, Head]
    put: Mapping[int, str]
    notes: tuple[Note, ...]
    closed: bool


def build(events: Sequence[Event]) -> Minutes:
    """Write the minutes of what a journal holds, be the meeting closed or not.

    Raises:
        MeetingError: the journal does not start with the call of a meeting.
    """
    log = _read(events)
    spec = log.spec
    topics = tuple(_topic(log, topic) for topic in spec.topics if _touched(log, topic))
    spoke = {turn.speaker for turn in log.turns} | {one.speaker for one in log.ballots}
    notes = [note.text for note in log.notes if note.topic == 0]
    notes += _reader_notes(log)
    notes += [f"Topic {topic.number} was not reached." for topic in spec.topics if not _touched(log, topic)]
    proofs = [one.evidence for each in topics for one in each.items] + [
        one.evidence for each in topics for one in each.actions
    ]
    unverified = sum(not proof.verified for proof in proofs)
    return Minutes(
        meeting=spec.id,
        type_id=spec.kind.id,
        title=spec.kind.title,
        purpose=spec.kind.purpose,
        held=spec.held,
        model=spec.model,
        facilitator=spec.facilitator,
        present=tuple(seat for seat in spec.seats if seat.role in spoke),
        absent=log.absences,
        documents=tuple(document.name for document in spec.documents),
        topics=topics,
        turns=log.turns,
        titles={seat.role: seat.title for seat in spec.seats},
        notes=tuple(notes),
        numbers=sums_of(events),
        unverified=unverified,
        artefact=spec.kind.artefact,
        sections={line.label: line.heading for line in spec.kind.lines}
        | {
            FACT.label: "From the documents",
            EVENT.label: "Timeline",
            IDEA.label: "Ideas",
            CHALLENGE.label: "What speaks against it",
            QUESTION.label: "Open questions",
            PARKED.label: "Parking lot",
        },
        lines=spec.kind.lines,
        status="closed" if log.closed else "not finished",
    )


def _read(events: Sequence[Event]) -> _Log:
    first = next((event for event in events if event.kind == Kind.SPEC), None)
    if first is None:
        raise MeetingError("This meeting has not begun.", "`conduct_meeting` holds it.", about="not begun")
    dropped = {drop.turn: drop.why for drop in values(events, Drop)}
    turns = [replace(turn, dropped=dropped.get(turn.id, "")) for turn in values(events, Turn)]
    return _Log(
        spec=spec_from(first.data),
        turns=tuple(sorted(turns, key=lambda turn: int(turn.id[1:]))),
        ballots=tuple(values(events, Ballot)),
        answers=tuple(values(events, StructuredAnswer)),
        baseline=tuple(values(events, BaselineAnswer)),
        absences=tuple(values(events, Absence)),
        heads={int(event.key.split(".")[0]): head for event in events if isinstance(head := value_of(event), Head)},
        put={put.topic: put.turn for put in values(events, Put)},
        notes=tuple(values(events, Note)),
        closed=bool(values(events, Closing)),
    )


def _touched(log: _Log, topic: Topic) -> bool:
    return topic.number in log.heads


def _reader_notes(log: _Log) -> list[str]:
    notes = [f"A person sat in the seat of {seat.title}." for seat in log.spec.seats if seat.human]
    for number, head in sorted(log.heads.items()):
        if len(head.shared) < head.total:
            shown = f"{len(head.shared)} of the documents' {head.total} passages"
            notes.append(f"Topic {number}: {shown} stood in the common context; each role also saw those of its field.")
    return notes


def _topic(log: _Log, topic: Topic) -> TopicMinutes:
    spec = log.spec
    turns = [turn for turn in log.turns if turn.topic == topic.number]
    ballots = sorted(
        (one for one in log.ballots if one.topic == topic.number), key=lambda one: spec.speakers.index(one.speaker)
    )
    by_id = {turn.id: turn for turn in turns if not turn.dropped and not reading.passed(turn.text)}
    follow_up = bool(spec.open_actions) and topic is spec.topics[0]
    decision = _decision(log, topic, by_id, ballots, "none" if follow_up else spec.kind.rule)
    first = {turn.speaker: turn.position for turn in turns if phase_of(turn).states_position and turn.position}
    dissent = [
        Dissent(one.speaker, one.vote, one.reason, one.would_change)
        for one in ballots
        if one.vote in {Vote.OBJECT, Vote.CONCERN}
    ]
    dissent.sort(key=lambda one: one.vote is not Vote.OBJECT)
    items = [item for want in spec.kind.lines for item in _items(log, topic, by_id, want.label, want.fields)]
    items += _items(log, topic, by_id, FACT.label, {}) if spec.documents else []
    items += event_times.in_order(_items(log, topic, by_id, EVENT.label, {}))
    items += _ideas(log, topic, turns) or _items(log, topic, by_id, IDEA.label, {})
    items += _items(log, topic, by_id, CHALLENGE.label, {}) + _items(log, topic, by_id, QUESTION.label, {})
    items += _items(log, topic, by_id, PARKED.label, {})
    actions = tuple(_actions(log, topic, by_id, decision))
    alone = [one for one in log.baseline if one.topic == topic.number]
    written = sum(turn.numbers.get("reply_tokens", 0) for turn in turns)
    return TopicMinutes(
        topic=topic,
        summary=_summary(spec, turns, ballots, first),
        positions={speaker: position.value for speaker, position in first.items()},
        moves=tuple(moves_of(turns, first)),
        decision=decision,
        ballots=tuple(ballots),
        dissent=tuple(dissent),
        actions=actions,
        control=baseline.compared(items, actions, alone, written),
        items=tuple(items),
        notes=tuple(note.text for note in log.notes if note.topic == topic.number),
        follow_up=follow_up,
    )


def _decision(log: _Log, topic: Topic, turns: Mapping[str, Turn], ballots: Sequence[Ballot], rule: str) -> Decision:
    spec = log.spec
    worded = (turn for turn in turns.values() if phase_of(turn).proposes)
    proposed = turns.get(log.put.get(topic.number, "")) or next(worded, None)
    if proposed is None:
        why = "Nothing was put to the vote." if rule != "none" else "This kind of meeting takes no decision."
        return Decision("", Outcome.NONE, rule, ballot.tally(ballots), why)
    text = reading.proposal_text(proposed)
    outcome, why, vetoed = ballot.decide(
        spec.kind.rule, ballots, seats=len(spec.seats), veto=spec.kind.veto, chair=spec.facilitator
    )
    evidence = Evidence(proposed.id, proposed.speaker, text, verified=True)
    return Decision(text, outcome, spec.kind.rule, ballot.tally(ballots), why, vetoed, evidence)


def _items(
    log: _Log, topic: Topic, turns: Mapping[str, Turn], label: str, fields: Mapping[str, Sequence[str]]
) -> list[Item]:
    """A section's entries: labelled lines first, then what the scribe pointed at; the same thing twice is one entry.

    Where the meeting leaves something by person, two people who say the same are two entries.
    """
    each_person = log.spec.kind.artefact in BY_PERSON
    pointed = [(turn.id, line) for turn in turns.values() for line in lines_of(turn, label)]
    pointed += [(str(got["turn"]), str(got["quote"])) for got in _answers(log, topic, label)]
    out: list[Item] = []
    for turn_id, quote in pointed:
        item = verify.item_from(label, fields, turns, turn_id, quote)
        problem = verify.check_places(log.spec.documents, item.text) if item.evidence.verified else ""
        if problem:
            item = replace(item, evidence=replace(item.evidence, verified=False, problem=problem))
        if not any(
            verify.similar(item.text, other.text)
            and item.evidence.verified <= other.evidence.verified
            and not (each_person and item.evidence.speaker != other.evidence.speaker)
            for other in out
        ):
            out.append(item)
    return out


def _ideas(log: _Log, topic: Topic, turns: Sequence[Turn]) -> list[Item]:
    """The ideas, the most dots first."""
    ideas = ideas_said(turns)
    answers = [one.answer for one in log.answers if one.topic == topic.number and one.name == "dots"]
    ranked = by_dots(ideas, count_dots(answers, ideas))
    return [replace(idea, fields={"dots": str(dots)}) if answers else idea for idea, dots in ranked]


def _answers(log: _Log, topic: Topic, label: str) -> list[Mapping[str, Any]]:
    name = f"extract.{label.lower().replace(' ', '_')}"
    given = (one.answer for one in log.answers if one.topic == topic.number and one.name == name)
    return next((list(answer["items"])[:MOST_ITEMS] for answer in given if answer), [])


def _actions(log: _Log, topic: Topic, turns: Mapping[str, Turn], decision: Decision) -> list[ActionItem]:
    """The actions; what the proposal says comes first, and the same thing twice is one action."""
    titles = {seat.role: seat.title for seat in log.spec.seats}
    ordered = sorted(turns.values(), key=lambda turn: (not phase_of(turn).proposes, int(turn.id[1:])))
    pointed: list[tuple[str, str, Mapping[str, Any]]] = [
        (turn.id, line, {}) for turn in ordered for line in reading.labelled(turn.text, ACTION.label)
    ]
    pointed += [(str(got["turn"]), str(got["quote"]), got) for got in _answers(log, topic, ACTION.label)]
    agreed_in = {decision.evidence.turn} if decision.evidence and decision.outcome is Outcome.ACCEPTED else set()
    agreed_in = set(turns) if log.spec.kind.rule == "none" else agreed_in
    out: list[ActionItem] = []
    for turn_id, quote, claimed in pointed:
        key = f"{topic.number}.action.{len(out) + 1}"
        action = verify.action_from(key, turns, turn_id, quote, titles, log.spec.held, claimed)
        action = replace(action, agreed=action.evidence.verified and turn_id in agreed_in)
        same = next((n for n, other in enumerate(out) if verify.similar(action.task, other.task)), None)
        if same is None:
            out.append(action)
        elif out[same].owner is None and action.owner and out[same].evidence.verified is action.evidence.verified:
            out[same] = replace(action, key=out[same].key)
    return out


def _summary(
    spec: MeetingSpec,
    turns: Sequence[Turn],
    ballots: Sequence[Ballot],
    first: Mapping[str, Position],
) -> str:
    """What happened, in numbers, by code."""
    spoke = len({turn.speaker for turn in turns if not reading.passed(turn.text)})
    passed = len(
        {turn.speaker for turn in turns if reading.passed(turn.text)}
        - {turn.speaker for turn in turns if not reading.passed(turn.text)}
    )
    parts = [f"{spoke} of {len(spec.seats)} spoke" + (f", {passed} had nothing to add" if passed else "") + "."]
    if first:
        counted = {position: sum(held is position for held in first.values()) for position in Position}
        parts.append(
            "First positions: "
            + ", ".join(f"{count} {position.value}" for position, count in counted.items() if count)
            + "."
        )
    if ballots:
        named = {
            "support_with_concern": "in support with a concern",
            "support": "in support",
            "object": "objecting",
            "abstain": "abstaining",
        }
        counts = ballot.tally(ballots)
        parts.append("Votes: " + ", ".join(f"{count} {named[vote]}" for vote, count in counts.items() if count) + ".")
    return " ".join(parts)


def moves_of(turns: Sequence[Turn], first: Mapping[str, Position]) -> list[Move]:
    """Who moved, after what; a move is argued when its turn quotes the turn it names and adds words of its own."""
    by_id = {turn.id: turn for turn in turns}
    now = {speaker: position.value for speaker, position in first.items()}
    moves = []
    for turn in turns:
        if (
            not phase_of(turn).changes_position
            or not turn.position
            or turn.speaker not in now
            or turn.position.value == now[turn.speaker]
        ):
            continue
        cites = next(
            (name for name in reading.cited(turn.text) if name in by_id and by_id[name].speaker != turn.speaker), ""
        )
        moves.append(
            Move(turn.speaker, now[turn.speaker], turn.position.value, turn.id, cites, _argued(turn, by_id.get(cites)))
        )
        now[turn.speaker] = turn.position.value
    return moves


def _argued(turn: Turn, cited: Turn | None) -> bool:
    if cited is None:
        return False
    theirs = set(reading.words(cited.text))
    own = [word for word in reading.words(turn.text) if word not in theirs]
    quotes = [part for part in reading.normalised(turn.text).split('"')[1::2] if len(part) > 8]
    return len(own) >= 8 or any(part in reading.normalised(cited.text) for part in quotes)


def sums_of(events: Sequence[Event]) -> dict[str, float]:
    """The numbers of all calls of a meeting; what the model did not say of each of them is left out."""
    said = [event for event in events if event.kind in {Kind.TURN, Kind.BALLOT, Kind.STRUCTURED}]
    counted = [event.numbers for event in said if event.numbers]
    numbers = {"calls": float(len(said))}
    for name in dict.fromkeys(name for each in counted for name in each):
        if name != "evaluated_tokens" or all(name in each for each in counted):
            numbers[name] = sum(each.get(name, 0) for each in counted)
    return numbers
