"""Minutes, computed from the journal alone: the same events always give the same minutes, without a model.

Import from here: ``build``, ``decisions``, ``shown_on_topics``; ``artefacts``, ``ballot``, ``claims``, ``dates``,
``decider``, ``places``, ``positions``, ``sealed``, ``verdicts``, ``who_answered``.
Never knows: ``agents.meeting.room``, ``agents.meeting.types``, ``agents.agent``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from agents.documents import Passage, passages_of
from agents.errors import MeetingError
from agents.meeting import reading
from agents.meeting.afterwards import HeldAgain, OutcomeReport, repeats_of
from agents.meeting.checklist import CHECKLIST
from agents.meeting.checklist import items_of as checklist_items
from agents.meeting.close_reading.findings import findings_of
from agents.meeting.close_reading.pairs import MARKS, Mark
from agents.meeting.codec import value_of, values
from agents.meeting.coverage import Shown, coverage, shown_on
from agents.meeting.durations import DURATION, TIMES, durations_in
from agents.meeting.event_times import clock_in, in_order
from agents.meeting.fields import without_entries
from agents.meeting.finding import Finding
from agents.meeting.ideas import by_dots, count_dots
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import (
    BaselineAnswer,
    Closing,
    Drop,
    LeftOut,
    Note,
    PersonDecision,
    PutToVote,
    StoredPacking,
    StructuredAnswer,
)
from agents.meeting.jury import jury_of
from agents.meeting.minutes import ballot, baseline, claims, who_answered
from agents.meeting.minutes.actions import action_from
from agents.meeting.minutes.alike import Entries
from agents.meeting.minutes.asked import Answered, answered
from agents.meeting.minutes.claims import Claims
from agents.meeting.minutes.decider import decision_by_person
from agents.meeting.minutes.figures import Figures
from agents.meeting.minutes.moves import moves_of
from agents.meeting.minutes.places import Places
from agents.meeting.minutes.reasons import with_new_reasons
from agents.meeting.minutes.sums import checks_of, sums_of
from agents.meeting.minutes.verdicts import with_verdicts
from agents.meeting.phases import entries_of, ideas_said, phase_of, phases_of
from agents.meeting.prompts import (
    ACTION,
    CHALLENGE,
    CONDITION,
    EVENT,
    FACT,
    IDEA,
    MOST_ITEMS,
    PARKED,
    QUESTION,
    REASON,
    SCRIBE,
)
from agents.meeting.record import (
    Absence,
    ActionItem,
    Ballot,
    Decision,
    Dissent,
    Entry,
    Evidence,
    Item,
    Minutes,
    Position,
    Status,
    Topic,
    TopicMinutes,
    Turn,
    Vote,
)
from agents.meeting.spec import MeetingSpec, spec_from
from agents.meeting.timeline import happened_in, listed, moment_said
from agents.meeting.verdict import Verdict

T = TypeVar("T")

COMMON_SECTIONS = {
    FACT.label: "From the documents",
    EVENT.label: "Timeline",
    DURATION: TIMES,
    IDEA.label: "Ideas",
    CONDITION.label: "Conditions",
    REASON.label: "Reasons",
    CHALLENGE.label: "What speaks against it",
    QUESTION.label: "Open questions",
    PARKED.label: "Parking lot",
}
"""The headings of the sections besides those of the meeting type, by label."""

VOTE_WORDS = {
    Vote.SUPPORT: "in support",
    Vote.CONCERN: "in support with a concern",
    Vote.OBJECT: "objecting",
    Vote.ABSTAIN: "abstaining",
}


@dataclass(frozen=True, slots=True)
class _JournalValues:
    """The values in a meeting's journal, by type. ``packings``, ``put_to_vote`` and ``decided`` are by topic number."""

    spec: MeetingSpec
    turns: tuple[Turn, ...]
    ballots: tuple[Ballot, ...]
    answers: tuple[StructuredAnswer, ...]
    baseline: tuple[BaselineAnswer, ...]
    absences: tuple[Absence, ...]
    packings: Mapping[int, StoredPacking]
    put_to_vote: Mapping[int, PutToVote]
    decided: Mapping[int, PersonDecision]
    drops: tuple[Drop, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]
    asked: tuple[Answered, ...]
    passages: tuple[Passage, ...]
    closed: bool
    outcomes: tuple[OutcomeReport, ...]
    runs: tuple[HeldAgain, ...]


def build(events: Sequence[Event]) -> Minutes:
    """The minutes of a meeting, finished or not, from the events of its journal.

    Raises:
        MeetingError: the journal contains no spec, because the meeting has not begun.
    """
    journal = _read(events)
    spec = journal.spec
    topics = tuple(_topic(journal, topic) for topic in spec.topics if _reached(journal, topic))
    spoke = {turn.speaker for turn in journal.turns} | {one.speaker for one in journal.ballots}
    spoke |= {one.speaker for one in journal.answers if one.name == CHECKLIST and one.answer is not None}
    unanswered = who_answered.unanswered(events)
    answers: list[who_answered.Answer] = [*journal.turns, *journal.ballots, *journal.answers]
    changed = who_answered.change(spec, (*answers, *journal.baseline))
    minutes = Minutes(
        meeting=spec.id,
        type_id=spec.kind.id,
        title=spec.kind.title,
        purpose=spec.kind.purpose,
        held=spec.held,
        model="; ".join(changed) or spec.model,
        facilitator=spec.facilitator,
        present=tuple(seat for seat in spec.seats if seat.role in spoke),
        absent=journal.absences,
        documents=tuple(document.name for document in spec.documents),
        topics=topics,
        turns=journal.turns,
        notes=(
            *who_answered.missing(unanswered, journal.turns),
            *who_answered.note(changed),
            *_meeting_notes(journal, topics),
        ),
        unanswered=unanswered,
        names=spec.everybody,
        numbers=sums_of(events),
        checks=checks_of(topics),
        artefact=spec.kind.artefact,
        sections={line.label: line.heading for line in spec.kind.lines} | COMMON_SECTIONS,
        lines=spec.kind.lines,
        status="closed" if journal.closed else "not finished",
        juries=tuple(jury for model in _voting(journal) if (jury := jury_of(spec.juries, model))),
        spoke_with=who_answered.spoke_with(spec, answers),
        journal=tuple(events),
    )
    return with_verdicts(minutes, values(events, Verdict))


def decisions(events: Sequence[Event]) -> dict[int, Decision]:
    """The decisions of ``build`` alone, by the numbers of their topics, without what they rest on and corrections.

    Raises:
        MeetingError: the journal contains no spec.
    """
    journal = _read(events)
    reached = [topic for topic in journal.spec.topics if _reached(journal, topic)]
    return {topic.number: _decided(journal, topic, _cast(journal, topic), None) for topic in reached}


def _read(events: Sequence[Event]) -> _JournalValues:
    first = next((event for event in events if event.kind == Kind.SPEC), None)
    if first is None:
        raise MeetingError("This meeting has not begun.", "Hold it first, with `conduct_meeting`.", about="not begun")
    turns = _without_drops(values(events, Turn), values(events, Drop))
    spec = spec_from(first.data)
    asked = answered(events)
    known = {one.key for one in asked}
    return _JournalValues(
        spec=spec,
        turns=tuple(sorted(turns, key=lambda turn: int(turn.id[1:]))),
        ballots=tuple(values(events, Ballot)),
        answers=tuple(values(events, StructuredAnswer)),
        baseline=tuple(values(events, BaselineAnswer)),
        absences=tuple(values(events, Absence)),
        packings={
            int(event.key.split(".")[0]): packing
            for event in events
            if isinstance(packing := value_of(event), StoredPacking)
        },
        put_to_vote={chosen.topic: chosen for chosen in values(events, PutToVote)},
        decided={one.topic: one for one in values(events, PersonDecision)},
        drops=tuple(values(events, Drop)),
        left_out=tuple(values(events, LeftOut)),
        notes=tuple(values([event for event in events if event.key not in known], Note)),
        asked=tuple(asked),
        passages=passages_of(spec.documents),
        closed=bool(values(events, Closing)),
        outcomes=tuple(values(events, OutcomeReport)),
        runs=tuple(values(events, HeldAgain)),
    )


def _voting(journal: _JournalValues) -> list[str]:
    """The labels of the models that voted; a person has none, and neither have models in a journal of an earlier
    version.
    """
    return list(dict.fromkeys(one.model for one in journal.ballots if one.model))


def _without_drops(turns: Sequence[Turn], drops: Sequence[Drop]) -> list[Turn]:
    """The turns without their dropped entries; a turn that is dropped as a whole keeps its words and the reason."""
    whole = {drop.turn: drop.why for drop in drops if not drop.entries}
    places: dict[str, set[int]] = {}
    for drop in drops:
        places.setdefault(drop.turn, set()).update(drop.entries)
    return [replace(without_entries(turn, places.get(turn.id, ())), dropped=whole.get(turn.id, "")) for turn in turns]


def _reached(journal: _JournalValues, topic: Topic) -> bool:
    return topic.number in journal.packings


def _meeting_notes(journal: _JournalValues, topics: Sequence[TopicMinutes]) -> list[str]:
    """What a reader must know about the whole meeting."""
    notes = [note.text for note in journal.notes if note.topic == 0]
    notes += [f"A person took the seat of the {seat.title}." for seat in journal.spec.seats if seat.human]
    untested = [model for model in _voting(journal) if jury_of(journal.spec.juries, model) is None]
    if untested:
        model, card = ("models", "their report cards tell") if len(untested) > 1 else ("model", "its report card tells")
        notes.append(
            f"The votes of the {model} {', '.join(untested)} were never tested, so what they are worth is not known; "
            f"{card} it."
        )
    for topic in topics:
        packing = journal.packings[topic.topic.number]
        if packing.parts:
            read = _dealt(journal, topic.topic.number)
            so_far = "" if journal.closed else " so far"
            notes.append(
                f"Topic {topic.topic.number}: the documents were dealt out, so each role read another part{so_far}: "
                f"{read}."
            )
        elif len(packing.shared) < packing.total:
            shown = f"{len(packing.shared)} of the {packing.total} passages of the documents"
            own = ", and each also saw passages chosen for its role" if journal.spec.own_passages else ""
            notes.append(f"Topic {topic.topic.number}: all speakers saw {shown}{own}.")
    asked = journal.spec.topics
    return notes + [f"Topic {topic.number} was not reached." for topic in asked if not _reached(journal, topic)]


def _shown(journal: _JournalValues, topic: int) -> Shown:
    """What the models in the room were shown of the documents on a topic."""
    spec = journal.spec
    turns = [turn for turn in journal.turns if turn.topic == topic and turn.speaker != spec.person]
    spoke = [one for one in turns if not phase_of(one).finds]
    voted = [one for one in journal.ballots if one.topic == topic and one.speaker != spec.person]
    given = (one for one in journal.answers if one.topic == topic and one.answer is not None)
    heard = bool(spoke or voted) or any(one.speaker not in {SCRIBE, spec.person} for one in given)
    return shown_on(topic, journal.packings[topic], turns, spec.documents, journal.passages, heard=heard)


def shown_on_topics(events: Sequence[Event]) -> dict[int, Shown]:
    """What the participants were shown of the documents, by the number of each topic that was reached.

    Raises:
        MeetingError: the journal contains no spec, because the meeting has not begun.
    """
    journal = _read(events)
    return {topic: _shown(journal, topic) for topic in journal.packings}


def _dealt(journal: _JournalValues, topic: int) -> str:
    """How much of each document that was dealt out was shown, in words."""
    shown = _shown(journal, topic)
    seats = sum(not seat.human for seat in journal.spec.seats)
    rows = coverage(journal.spec.documents, journal.passages, shown.parts, shown.unread, seats)
    return "; ".join(f"{one.document}, {one.amount}" for one in rows)


def _topic(journal: _JournalValues, topic: Topic) -> TopicMinutes:
    spec = journal.spec
    turns = [turn for turn in journal.turns if turn.topic == topic.number]
    ballots = _cast(journal, topic)
    entries = [entry.text for turn in turns if not turn.dropped for entry in turn.entries or ()]
    ballots, repeated = with_new_reasons(ballots, entries, spec.person)
    by_id = _counting(journal, topic)
    checked = Claims(Places.of(spec.documents, journal.turns), Figures(spec.documents), spec.kind, spec.person)
    ballots = [replace(one, evidence=checked.reasons(one.speaker, one.reason, one.would_change)) for one in ballots]
    decision = _decided(journal, topic, ballots, checked)
    first = {turn.speaker: turn.position for turn in turns if phase_of(turn).states_position and turn.position}
    dissent = [
        Dissent(one.speaker, one.vote, one.reason, one.would_change, one.evidence)
        for one in ballots
        if one.counted and one.vote in {Vote.OBJECT, Vote.CONCERN}
    ]
    dissent.sort(key=lambda one: one.vote is not Vote.OBJECT)
    said = _Said(journal, checked, topic, by_id)
    items = _all_items(said, turns)
    actions = tuple(_actions(said, decision))
    looked = [one for one in journal.answers if one.topic == topic.number and one.name == CHECKLIST]
    items += checklist_items(looked, spec.documents)
    alone = [one for one in journal.baseline if one.topic == topic.number]
    written = sum(turn.numbers.get("reply_tokens", 0) for turn in turns)
    return TopicMinutes(
        topic=topic,
        summary=_summary(spec, turns, ballots, first),
        positions={speaker: position.value for speaker, position in first.items()},
        moves=tuple(moves_of(turns, first, checked)),
        decision=decision,
        ballots=tuple(ballots),
        dissent=tuple(dissent),
        actions=actions,
        control=baseline.compared(items, actions, alone, written),
        items=tuple(items),
        notes=tuple(_notes(journal, topic, turns)),
        asked={one.phase: one.text for one in journal.asked if one.topic == topic.number},
        left_out=(*_left_out(journal, topic), *repeated),
        follow_up=_follows_up(spec, topic),
        unread=_shown(journal, topic.number).unread,
        findings=_findings(journal, topic, turns),
        outcomes=tuple(one for one in journal.outcomes if one.topic == topic.number),
        repeats=repeats_of(journal.runs, topic.number, decision.outcome),
    )


def _findings(journal: _JournalValues, topic: Topic, turns: Sequence[Turn]) -> tuple[Finding, ...]:
    """What close reading found; nothing before it is complete."""
    answers = (one.answer for one in journal.answers if one.topic == topic.number and one.name == MARKS)
    marks = next(answers, None)
    if marks is None:
        return ()
    read = [turn for turn in turns if phase_of(turn).finds]
    changes = {turn.key.rpartition(".")[2]: turn for turn in read}
    return findings_of(journal.spec.documents, read, [Mark.from_dict(one) for one in marks], changes)


def _notes(journal: _JournalValues, topic: Topic, turns: Sequence[Turn]) -> list[str]:
    """What a reader must know about a topic."""
    notes = [note.text for note in journal.notes if note.topic == topic.number]
    notes += [phase.without for phase in phases_of(journal.spec.kind) if phase.without and phase.left_out(journal.spec)]
    for ended, words in _STOPPED.items():
        cut = [turn.id for turn in turns if turn.cut == ended]
        notes += [f"{', '.join(cut)}: {words}"] if cut else []
    return notes


def _left_out(journal: _JournalValues, topic: Topic) -> list[str]:
    """What the turns and votes of a topic do not contain, because it repeats the prompt or an earlier turn."""
    copied: dict[str, list[str]] = {}
    for one in (each for each in journal.left_out if each.topic == topic.number):
        where = one.turn or f"vote of {journal.spec.title_of(one.speaker)}"
        copied.setdefault(one.why, []).append(f"{where} ({_named(one.labels)})")
    notes = [f"Left out, because it {why}: {', '.join(each)}." for why, each in copied.items()]
    again: dict[str, list[str]] = {}
    for drop in (each for each in journal.drops if each.topic == topic.number):
        again.setdefault(drop.turn, []).append(drop.why)
    if again:
        listed = ", ".join(f"{turn} ({_named(why)})" for turn, why in again.items())
        notes.append(f"Left out, because an earlier turn says the same: {listed}.")
    return notes


_STOPPED = {
    "length": "cut at the longest length; the last, unfinished sentence is left out.",
    "loop": "stopped, because the answer repeated itself.",
}


def _named(words: Sequence[str]) -> str:
    """Words with their number, where it is not 1."""
    counted = Counter(words)
    return ", ".join(word if count == 1 else f"{count} x {word}" for word, count in counted.items())


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said on a topic, and what checks it; ``turns`` are those that count, by id."""

    journal: _JournalValues
    claims: Claims
    topic: Topic
    turns: Mapping[str, Turn]


def _all_items(said: _Said, turns: Sequence[Turn]) -> list[Item]:
    """The entries of all sections, in the order of the sections."""
    spec = said.journal.spec
    items = [item for line in spec.kind.lines for item in _items(said, line.label, line.fields)]
    items += _items(said, FACT.label) if spec.documents else []
    items += _events(spec, _items(said, EVENT.label))
    conditions = () if any(line.label == CONDITION.label for line in spec.kind.lines) else (CONDITION.label,)
    items += _ideas(said, turns) or _items(said, IDEA.label)
    reasons = (REASON.label,) if spec.person else ()  # only people are asked for them
    for label in (*conditions, *reasons, CHALLENGE.label, QUESTION.label, PARKED.label):
        items += _items(said, label)
    return items


def _events(spec: MeetingSpec, said: Sequence[Item]) -> list[Item]:
    """The timeline: what the documents say happened, word for word, and among it what only speakers said."""
    if not any(phase.taken(spec) for phase in phases_of(spec.kind)):
        return in_order(said)
    written = listed(happened_in(spec.documents))
    quoted = [Evidence("", "", one.text, verified=True, document=one.document, line=one.line) for one in written]
    items = [Item(EVENT.label, proof.quote, proof) for proof in quoted]
    rows = [(one.moment, item) for one, item in zip(written, items, strict=True)]
    new = [one for one in said if not any(reading.similar(one.text, other.text) for other in written)]
    timed = [one for one in new if clock_in(one.text)]
    rows += [(moment_said(one.text, written), one) for one in timed]
    rows.sort(key=lambda row: row[0])
    untimed = [one for one in new if one not in timed]
    return [*(item for _, item in rows), *untimed, *durations_in(spec.documents)]


def _follows_up(spec: MeetingSpec, topic: Topic) -> bool:
    """Whether a topic is the report on the open actions of a series."""
    return bool(spec.open_actions) and topic is spec.topics[0]


def _cast(journal: _JournalValues, topic: Topic) -> list[Ballot]:
    """The votes on a topic, in speaking order."""
    cast = ballot.judged([one for one in journal.ballots if one.topic == topic.number], journal.spec.juries)
    return sorted(cast, key=lambda one: journal.spec.speakers.index(one.speaker))


def _counting(journal: _JournalValues, topic: Topic) -> dict[str, Turn]:
    """The turns on a topic that say something, by id."""
    turns = (turn for turn in journal.turns if turn.topic == topic.number and not turn.dropped)
    return {turn.id: turn for turn in turns if not reading.passed(turn.text)}


def _decided(journal: _JournalValues, topic: Topic, ballots: Sequence[Ballot], checked: Claims | None) -> Decision:
    """The decision on a topic; ``checked`` finds what it rests on, if that is wanted."""
    spec, turns = journal.spec, _counting(journal, topic)
    rule = "none" if _follows_up(spec, topic) else spec.kind.rule
    put = journal.put_to_vote.get(topic.number)
    proposed = turns.get(put.turn if put else "") or next(
        (one for one in turns.values() if phase_of(one).proposes), None
    )
    if proposed is None and spec.decider and rule != "none":
        return decision_by_person(spec, None, ballots, journal.decided.get(topic.number))
    if proposed is None:
        why = "Nothing was put to the vote." if rule != "none" else "This kind of meeting makes no decision."
        return Decision("", Status.NONE, rule, ballot.tally(ballots), why)
    if put is None or put.turn != proposed.id or not put.text:  # in a journal of an earlier version
        put = PutToVote(topic.number, proposed.id, text=reading.proposal_text(proposed))
    choice = next((one.sentence for one in spec.kind.choices if one.name == put.choice), "")
    evidence = checked.proposed(proposed.id, proposed.speaker, put.text, written=choice) if checked else None
    if spec.decider:
        return decision_by_person(spec, put, ballots, journal.decided.get(topic.number), evidence)
    return ballot.decision_of(
        spec.kind, put, ballots, seats=len(spec.seats), chair=spec.facilitator, juries=spec.juries, evidence=evidence
    )


def _items(said: _Said, label: str, fields: Mapping[str, Sequence[str]] = MappingProxyType({})) -> list[Item]:
    """The entries of one section: what speakers gave under its label, then what the scribe points at. Similar entries
    become one.
    """
    out: list[Item] = []
    known = Entries()
    for entry, evidence in _evidence(said, label):
        item = claims.item_of(label, entry, evidence, fields)
        if not any(item.evidence.verified <= out[number].evidence.verified for number in known.like(item.text)):
            out.append(item)
            known.add(item.text)
    return out


def _evidence(said: _Said, label: str, turns: Sequence[Turn] = ()) -> list[tuple[Entry, Evidence]]:
    """What speakers gave under a label, then what the scribe points at, each with its evidence.

    Args:
        said: what was said.
        label: the label.
        turns: the turns in the order in which they are read; none for the order said.
    """
    given = {turn.id: entries_of(turn, label) for turn in turns or said.turns.values()}
    found = [
        (entry, said.claims.said(label, said.turns[turn], entry.text))
        for turn, entries in given.items()
        for entry in entries
    ]
    for got in _scribe_answers(said, label):
        turn, quote = str(got["turn"]), str(got["quote"])
        own = [entry.text for entry in given.get(turn, ())]
        evidence = said.claims.pointed(label, said.turns, turn, quote, own)
        found.append((Entry(label, evidence.quote), evidence))
    return found


def _ideas(said: _Said, turns: Sequence[Turn]) -> list[Item]:
    """The ideas of a brainstorm, the most dots first."""
    ideas = ideas_said(turns)
    by_id = {turn.id: turn for turn in turns}
    answers = [one.answer for one in _answers(said, "dots")]
    ranked = []
    for idea, dots in by_dots(ideas, count_dots(answers, ideas)):
        evidence = said.claims.said(IDEA.label, by_id[idea.evidence.turn], idea.evidence.quote)
        ranked.append(replace(idea, evidence=evidence, fields={"dots": str(dots)} if answers else {}))
    return ranked


def _answers(said: _Said, name: str) -> list[StructuredAnswer]:
    """The answers in JSON to one question on the topic."""
    return [one for one in said.journal.answers if one.topic == said.topic.number and one.name == name]


def _scribe_answers(said: _Said, label: str) -> list[Mapping[str, Any]]:
    """What the scribe points at for one section."""
    given = (one.answer for one in _answers(said, f"extract.{label.lower().replace(' ', '_')}"))
    return next((list(answer["items"])[:MOST_ITEMS] for answer in given if answer), [])


def _actions(said: _Said, decision: Decision) -> list[ActionItem]:
    """The actions, those of the proposal first. Similar tasks become one action."""
    spec = said.journal.spec
    names = spec.everybody
    ordered = sorted(said.turns.values(), key=lambda turn: (not phase_of(turn).proposes, int(turn.id[1:])))
    agreed_in = {decision.evidence.turn} if decision.evidence and decision.status is Status.ACCEPTED else set()
    if spec.kind.rule == "none":  # without votes, an action counts as agreed wherever it was said
        agreed_in = set(said.turns)
    out: list[ActionItem] = []
    known = Entries()
    for _, evidence in _evidence(said, ACTION.label, ordered):
        action = action_from(f"{said.topic.number}.action.{len(out) + 1}", evidence, names, spec.held)
        past = action.due is not None and action.due < spec.held
        action = replace(action, agreed=evidence.verified and evidence.turn in agreed_in, past=past)
        same = next(iter(known.like(evidence.quote)), None)
        if same is None:
            out.append(action)
            known.add(evidence.quote)
        elif out[same].evidence.verified < evidence.verified or (
            out[same].owner is None and action.owner and out[same].evidence.verified is evidence.verified
        ):
            out[same] = replace(action, key=out[same].key, agreed=action.agreed or out[same].agreed)
            known.change(same, evidence.quote)
    return out


def _summary(
    spec: MeetingSpec,
    turns: Sequence[Turn],
    ballots: Sequence[Ballot],
    first: Mapping[str, Position],
) -> str:
    """What happened in a topic, in numbers."""
    if spec.kind.phases == (CHECKLIST,):
        return f"The lists of {len(spec.seats)} roles were compared with the documents; nothing was said or decided."
    spoke = len({turn.speaker for turn in turns if not reading.passed(turn.text)})
    passed = len({turn.speaker for turn in turns}) - spoke
    parts = [f"{spoke} of {len(spec.seats)} spoke" + (f", {passed} had nothing to add" if passed else "") + "."]
    if first:
        parts.append(f"First positions: {_counts(Counter(first.values()), {each: each.value for each in Position})}.")
    if ballots:
        counts = [_counts(Counter(one.vote for one in ballots if one.counted), VOTE_WORDS)]
        counts += [f"{left} not counted"] if (left := sum(not one.counted for one in ballots)) else []
        parts.append(f"Votes: {', '.join(filter(None, counts))}.")
    return " ".join(parts)


def _counts(counted: Mapping[T, int], words: Mapping[T, str]) -> str:
    """Counts with their words, in the order of the words, without zeros."""
    return ", ".join(f"{counted[each]} {word}" for each, word in words.items() if counted[each])
