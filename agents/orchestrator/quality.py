"""Measures what a model is worth: its votes on control proposals, the fields of its statements, what it finds.

The measurement is kept as the model's report card. The votes alone are also measured before a meeting, once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from agents.agent import Agent
from agents.clock import today
from agents.documents import Document, read_all
from agents.errors import OrchestratorError, UsageError
from agents.meeting import fields
from agents.meeting.close_reading.findings import findings_of
from agents.meeting.close_reading.phase import CLOSE_READING
from agents.meeting.codec import values
from agents.meeting.control_ballots import ControlBallot, control_ballots, vote_on
from agents.meeting.finding import Finding
from agents.meeting.journal import Event, Kind, MemoryJournal
from agents.meeting.journal_values import Drop, LeftOut
from agents.meeting.jury import Jury
from agents.meeting.known_flaws import compared, key_from
from agents.meeting.minutes import build
from agents.meeting.phases import PHASES, lines_asked, phase_of, phases_of
from agents.meeting.prompts import is_chosen
from agents.meeting.record import Seat, Turn
from agents.meeting.report_card import Cost, Found, ReportCard, Statements
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, topics_from
from agents.model import Model, OnText, Prompt, Reply, address_of, open_model, provider_of
from agents.orchestrator.resources import Resources
from agents.role import Role
from agents.role.card import card_for
from agents.settings.folders import example_folder
from agents.settings.table import NEVER
from agents.store.document_index import searchable

DOCUMENT = "session_store_proposal.md"
"""The bundled document on which a model is tried."""
TOPIC = "May we build this?"
TYPE = "decision"
"""The meeting type whose questions are asked: it takes votes, and asks for six fields about a document."""
PHASE = "silent_round"
ROLES = ("solutions_architect", "backend_developer", "database_administrator", "security_engineer", "devops_engineer")
"""The roles that make a statement; where one is missing, another one does."""

OnProgress = Callable[[str], None]
"""Is told in one sentence what is measured now."""


@dataclass(slots=True)
class MeteredModel:
    """A model whose calls are counted.

    Attributes:
        model: the model that answers.
        replies: its replies.
        failure: the first error of a call; a meeting goes on without the answer, a measurement must not.
    """

    model: Model
    replies: list[Reply] = field(default_factory=list)
    failure: OrchestratorError | None = None
    label: str = field(init=False)
    context_tokens: int = field(init=False)
    parallel: int = field(init=False)
    _began: float = field(default_factory=time.monotonic, init=False)

    def __post_init__(self) -> None:
        self.label, self.parallel = self.model.label, self.model.parallel
        self.context_tokens = self.model.context_tokens

    async def start(self, *, notice: Callable[[str], None] | None = None) -> None:
        """Start the model."""
        await self.model.start(notice=notice)

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Let the model answer, and keep the reply or the first error."""
        try:
            reply = await self.model.reply(prompt, on_text=on_text)
        except OrchestratorError as error:
            self.failure = self.failure or error
            raise
        self.replies.append(reply)
        return reply

    def count_tokens(self, text: str) -> int:
        """About how many tokens ``text`` has for this model."""
        return self.model.count_tokens(text)

    async def close(self) -> None:
        """Close the model."""
        await self.model.close()

    def cost(self) -> Cost:
        """What the calls so far took."""
        evaluated = [reply.evaluated_tokens for reply in self.replies if reply.evaluated_tokens is not None]
        return Cost(
            len(self.replies),
            sum(reply.prompt_tokens for reply in self.replies),
            sum(evaluated) if len(evaluated) == len(self.replies) else None,
            sum(reply.reply_tokens for reply in self.replies),
            round(time.monotonic() - self._began, 1),
        )


def refuse_rule(name: str) -> None:
    """Refuse to measure a model that answers by rule.

    Raises:
        UsageError: the model answers by rule.
    """
    if provider_of(name).by_rule:
        raise UsageError(
            f"{name} makes checklists by rule; it has no votes and no statements to measure.",
            "Choose a language model, such as llama3.2.",
        )


async def measure(resources: Resources, name: str, progress: OnProgress) -> ReportCard:
    """Measure everything about a model, and store it as its report card.

    Args:
        resources: settings, roles, types, store and models.
        name: the model's name.
        progress: is told what is measured now.

    Raises:
        UsageError: the model answers by rule.
        ModelUnavailable: it cannot be reached or is not there.
        ModelError: a call failed.
        DocumentError: the bundled document cannot be read.
    """
    refuse_rule(name)
    model = await resources.model(name)
    [document] = read_all([example_folder() / DOCUMENT])
    votes = sum(len(ballot.prompts) for ballot in ballots_for(resources))
    progress(f"Asking {model.label} for {votes} votes on control proposals ...")
    card = await measure_votes(resources, name)
    progress(f"Asking {len(ROLES)} roles for a statement about {document.name} ...")
    stating = MeteredModel(model)
    statements = await _statements(resources, stating, document)
    _keep_speeds(resources, stating)
    costs = {**card.costs, "statements": stating.cost()}
    card = _kept(resources, replace(card, statements=statements, costs=costs))
    progress(f"Looking for the known flaws of {document.name} ...")
    reading = MeteredModel(model)
    found, read = await _findings(resources, reading, document)
    _keep_speeds(resources, reading)
    return _kept(resources, replace(card, found=found, read=read, costs={**costs, "found": reading.cost()}))


async def measure_votes(resources: Resources, name: str) -> ReportCard:
    """Measure the votes of a model, and store them as its report card; errors are those of ``measure``."""
    refuse_rule(name)
    model = MeteredModel(await resources.model(name))
    votes = await vote_on(ballots_for(resources), model)
    _keep_speeds(resources, model)
    machine, day = _machine(resources, name), today().isoformat()
    return _kept(resources, ReportCard(model.label, machine, day, tuple(votes), costs={"controls": model.cost()}))


def ballots_for(resources: Resources) -> list[ControlBallot]:
    """The control ballots with the roles of this place."""
    return control_ballots(resources.types[TYPE], resources.roles)


def card_of(resources: Resources, name: str) -> ReportCard | None:
    """The stored report card of the model with this name; None if it was never measured at its address."""
    label = open_model(name, resources.settings).label
    return resources.store.report_cards.of(label, _machine(resources, name))


def voting_models(resources: Resources, spec: MeetingSpec) -> list[str]:
    """The names of the models that vote in a meeting; none if its type takes no votes."""
    if not any(phase.votes for phase in phases_of(spec.kind)):
        return []
    return list(dict.fromkeys(resources.model_name_for(seat.role) for seat in spec.seats if not seat.human))


def reads_closely(resources: Resources, seats: Sequence[Seat]) -> bool:
    """Whether the models of these seats were all measured to find more than chance by reading."""
    names = {resources.model_name_for(seat.role) for seat in seats if not seat.human}
    cards = [card_of(resources, name) for name in sorted(names)]
    return bool(cards) and all(card and card.read and card.read.beats_chance for card in cards)


def juries(resources: Resources, spec: MeetingSpec) -> tuple[Jury, ...]:
    """What the votes of the models in a meeting are worth, for each that was tested."""
    cards = (card_of(resources, name) for name in voting_models(resources, spec))
    return tuple(card.jury for card in cards if card and card.jury)


def untested(resources: Resources, spec: MeetingSpec) -> list[str]:
    """The names of the models that vote in a meeting and take time, and whose votes were never tested; none if the
    settings say that none is tested before a meeting.
    """
    if resources.settings.control_ballots == NEVER:
        return []
    names = (name for name in voting_models(resources, spec) if provider_of(name).takes_time)
    return [name for name in names if not (card := card_of(resources, name)) or not card.jury]


def _kept(resources: Resources, card: ReportCard) -> ReportCard:
    """A report card after it was stored: also a measurement that is broken off leaves what was measured until then."""
    resources.store.report_cards.keep(card)
    return card


def _machine(resources: Resources, name: str) -> str:
    return address_of(name, resources.settings) or ""


async def _statements(resources: Resources, model: MeteredModel, document: Document) -> Statements:
    """Ask the roles for statements as a meeting does, with the document before them."""
    spec, events = await _held(resources, model, document, PHASE)
    return stated(events, [want.label for want in lines_asked(spec, PHASES[PHASE])], len(spec.seats))


async def _findings(resources: Resources, model: MeteredModel, document: Document) -> tuple[Found, Found]:
    """Let the roles read the document closely, and compare all that is found with its known flaws; and what the roles
    found by reading alone.
    """
    key = key_from((example_folder() / DOCUMENT).with_suffix(".flaws.toml").read_text(encoding="utf-8"))
    _, events = await _held(resources, model, document, CLOSE_READING)
    found = build(events).topics[0].findings
    # By themselves: in the minutes, what was read stands after what was found by search, and most of it is left out.
    read = findings_of([document], [turn for turn in values(events, Turn) if phase_of(turn).finds], [], {})
    return compared(document, key, _lines(found)), compared(document, key, _lines(read))


def _lines(findings: Sequence[Finding]) -> list[range]:
    """The lines of the findings that have some; what no document says is shown as said, and is no finding here."""
    return [range(one.first, one.last + 1) for one in findings if one.document]


async def _held(
    resources: Resources, model: MeteredModel, document: Document, phase: str
) -> tuple[MeetingSpec, list[Event]]:
    """One phase of a meeting about the document, as it is held; returns its spec and its journal.

    Raises:
        ModelError: a call failed; a meeting would go on without the answer.
        ModelUnavailable: the model no longer answers.
    """
    roles = _speakers(resources)
    seats = tuple(Seat(role.id, role.title, "") for role in roles)
    spec = MeetingSpec(
        "", resources.types[TYPE], topics_from([TOPIC]), seats, seats[0].role, today(), model.label, (document,),
        model.context_tokens, reads_closely=True,
    )  # fmt: skip
    agents = {role.id: Agent(role, model, card=card_for(role, spec.about)) for role in roles}
    journal = MemoryJournal()
    journal.append(Kind.SPEC, "called", spec.as_dict())
    with searchable(spec.documents) as library:
        room = Room(spec, agents, model, journal, library)
        with room.topic(spec.topics[0]):
            room.begin_phase(phase)
            await PHASES[phase].run(room, PHASES[phase])
    if model.failure:
        raise model.failure
    return spec, room.events


def _speakers(resources: Resources) -> list[Role]:
    roles = resources.roles
    named = [roles[name] for name in ROLES if name in roles]
    return [*named, *(role for name, role in roles.items() if name not in ROLES)][: len(ROLES)]


def stated(events: Sequence[Event], labels: Sequence[str], speakers: int) -> Statements:
    """How the fields of statements were filled.

    Args:
        events: the journal of the meeting.
        labels: the fields that each speaker was asked for.
        speakers: the number of speakers.
    """
    turns = {turn.id: turn for turn in values(events, Turn)}
    dropped = {(drop.turn, place) for drop in values(events, Drop) for place in _places(drop, turns[drop.turn])}
    own, copied = (
        set[tuple[str, str]](),
        {(left.turn, label) for left in values(events, LeftOut) for label in left.labels},
    )
    for turn in turns.values():
        if turn.entries is None:
            own |= {(turn.id, label) for label in labels if fields.entries_with(turn, label)}
        for place, entry in enumerate(turn.entries or ()):
            (copied if (turn.id, place) in dropped else own).add((turn.id, entry.label))
    own, copied = ({(turn, label) for turn, label in found if label in labels} for found in (own, copied))
    return Statements(speakers * len(labels), len(own | copied), len(copied - own))


def _places(drop: Drop, turn: Turn) -> list[int]:
    """The places of the entries that repeat an earlier turn; a position is one of a few words, and repeats nothing."""
    entries = turn.entries or ()
    return [place for place in drop.entries or range(len(entries)) if not is_chosen(entries[place].label)]


def _keep_speeds(resources: Resources, model: MeteredModel) -> None:
    """Store how fast the model answered, for plans."""
    for reply in model.replies:
        if reply.prompt_seconds and reply.reply_seconds:
            resources.store.speeds.record(
                model=model.label,
                machine=resources.settings.ollama_base_url,
                prompt_tokens=reply.prompt_tokens,
                evaluated=reply.prompt_tokens if reply.evaluated_tokens is None else reply.evaluated_tokens,
                prompt_seconds=reply.prompt_seconds,
                reply_tokens=reply.reply_tokens,
                reply_seconds=reply.reply_seconds,
            )
