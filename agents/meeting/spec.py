"""The spec of a meeting: everything that is fixed before it begins. It is stored with the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting.jury import Jury
from agents.meeting.meeting_type import MeetingType
from agents.meeting.record import Seat, Topic
from agents.role import Role
from agents.role.names import Names, RoleNames, names_from, parted

READING_TURNS = 3
"""The parts of long documents that each participant reads on a topic, unless a setting says otherwise."""

NOBODY_NAMED = Names()
"""The names in a meeting of an earlier version."""


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action of an earlier meeting of the series that is not done yet.

    Attributes:
        id: its id in the register, such as "A3".
        task: what is to be done.
        owner: role id, or a person's name; of several, all (``names.joined``); None for an unassigned action.
        due: the due date; None for none.
        meeting: id of the meeting that it comes from.
    """

    id: str
    task: str
    owner: str | None
    due: date | None
    meeting: str

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners, each on its own."""
        return parted(self.owner)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for when a meeting was created and cannot be seen in what came of it. With it, the same can be
    asked for again with one thing changed.

    Attributes:
        agents: exactly these were to take part; empty if the type and the topics decided.
        invited: these were to take part too.
        without: these were not to take part.
        chair: the role that was to lead; "" for that of the type.
        time_box: the minutes that it was to fit into; None for no limit.
        council: the names of models that were to be dealt over the seats.
    """

    agents: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    chair: str = ""
    time_box: float | None = None
    council: tuple[str, ...] = ()


NOTHING_WISHED = Wishes()
"""The wishes where the type decided everything, and in a meeting of an earlier version."""


@dataclass(frozen=True, slots=True)
class MeetingSpec:
    """Everything that is fixed before a meeting begins. Later changes of role or type files do not change it.

    Attributes:
        id: the meeting's id.
        kind: its meeting type, as it was when the meeting was created.
        topics: the topics, in order.
        seats: the participants, in speaking order.
        facilitator: role id of the participant who leads and words the proposals.
        held: the day of the meeting, against which dates such as "Friday" are resolved.
        model: the labels of the models, in words.
        models: the label of the model that answers for each role, by role id; under "" that of the others. Empty before
            the meeting begins, and in meetings of earlier versions.
        roles: the roles of the participants, by id, as they were when the meeting was created; empty in meetings of
            earlier versions.
        council: the name of the model that was dealt to each role when the meeting was created, by role id; under ""
            that of the scribe. Empty if the settings decide.
        seed: the seed of its models; None if the settings decide.
        repeats: id of the meeting that this one holds again, or "".
        earlier: what became of earlier decisions of the series, one line each; every participant is told.
        words: what the person prepared to say, one paragraph for each time it is asked; "" for nothing.
        decider: role id of the person's seat if that person decides and votes are advice; "" where the rule decides.
        documents: the attached documents.
        context_tokens: the tokens of the model's context.
        series: the name of its series, or "".
        open_actions: the open actions of the series; if there are any, the first topic is a report on them.
        own_passages: whether each speaker also sees passages of the documents that are chosen for its role alone.
        reading_turns: the most parts of documents that do not fit whole that each participant reads on a topic.
        reads_closely: whether each participant also reads short parts of the documents and names what is dangerous.
        notes: what a reader of the minutes must know about how the meeting was created.
        control: whether a single agent is asked the same, as a baseline.
        forked_from: id of the meeting whose beginning this one shares, or "".
        ancestors: ids of all meetings that this one comes from, the first one first; empty in old forks.
        juries: what the votes of the models are worth, for each model that was tested.
        names: who may own a task: the participants, the other roles, and people of the real team.
        wishes: what was asked for when it was created.
    """

    id: str
    kind: MeetingType
    topics: tuple[Topic, ...]
    seats: tuple[Seat, ...]
    facilitator: str
    held: date
    model: str
    documents: tuple[Document, ...] = ()
    context_tokens: int = 8192
    series: str = ""
    open_actions: tuple[OpenAction, ...] = ()
    own_passages: bool = True
    reading_turns: int = READING_TURNS
    reads_closely: bool = False
    notes: tuple[str, ...] = ()
    control: bool = False
    forked_from: str = ""
    juries: tuple[Jury, ...] = ()
    ancestors: tuple[str, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    names: Names = NOBODY_NAMED
    roles: Mapping[str, Role] = field(default_factory=dict)
    words: str = ""
    council: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    repeats: str = ""
    earlier: tuple[str, ...] = ()
    decider: str = ""
    wishes: Wishes = NOTHING_WISHED

    @property
    def speakers(self) -> tuple[str, ...]:
        """Role ids of all participants, in speaking order."""
        return tuple(seat.role for seat in self.seats)

    @property
    def person(self) -> str:
        """Role id of the person's seat, or ""."""
        return next((seat.role for seat in self.seats if seat.human), "")

    @property
    def voters(self) -> tuple[str, ...]:
        """Role ids of those who vote: all participants but the person who decides."""
        return tuple(name for name in self.speakers if name != self.decider)

    @property
    def about(self) -> str:
        """What the meeting is about: the text of its documents; without documents, its topics."""
        return "\n".join([document.text for document in self.documents] or [topic.text for topic in self.topics])

    @property
    def everybody(self) -> Names:
        """Who may own a task; a meeting of an earlier version knows only its participants."""
        named = {one.role for one in self.names.roles}
        seated = tuple(RoleNames(seat.role, seat.title) for seat in self.seats if seat.role not in named)
        return Names((*seated, *self.names.roles), self.names.people)

    def title_of(self, role: str) -> str:
        """The title of a role, or of several owners; what is no role stays as it is."""
        titles = self.everybody.titles
        return " and ".join(titles.get(one, one) for one in parted(role))

    def as_dict(self) -> dict[str, Any]:
        """The spec as plain values, for the store."""
        return {
            "id": self.id,
            "type": self.kind.as_dict(),
            "topics": [topic.text for topic in self.topics],
            "seats": [asdict(seat) for seat in self.seats],
            "facilitator": self.facilitator,
            "held": self.held.isoformat(),
            "model": self.model,
            "documents": [asdict(document) for document in self.documents],
            "context_tokens": self.context_tokens,
            "series": self.series,
            "open_actions": [
                {**asdict(one), "due": one.due.isoformat() if one.due else None} for one in self.open_actions
            ],
            "own_passages": self.own_passages,
            "reading_turns": self.reading_turns,
            "reads_closely": self.reads_closely,
            "notes": list(self.notes),
            "control": self.control,
            "forked_from": self.forked_from,
            "juries": [asdict(jury) for jury in self.juries],
            "ancestors": list(self.ancestors),
            "models": dict(self.models),
            "names": self.names.as_dict(),
            "roles": {name: role.as_dict() for name, role in self.roles.items()},
            "words": self.words,
            "council": dict(self.council),
            "seed": self.seed,
            "repeats": self.repeats,
            "earlier": list(self.earlier),
            "decider": self.decider,
            **({} if self.wishes == NOTHING_WISHED else {"wishes": asdict(self.wishes)}),
        }


def spec_from(table: Mapping[str, Any]) -> MeetingSpec:
    """Read what ``as_dict`` wrote; an earlier version may have written fewer fields."""
    return MeetingSpec(
        id=table["id"],
        kind=MeetingType.from_dict(table["type"]),
        topics=tuple(Topic(number, text) for number, text in enumerate(table["topics"], 1)),
        seats=tuple(Seat(**seat) for seat in table["seats"]),
        facilitator=table["facilitator"],
        held=date.fromisoformat(table["held"]),
        model=table["model"],
        documents=tuple(Document(**document) for document in table["documents"]),
        context_tokens=table["context_tokens"],
        series=table["series"],
        open_actions=tuple(_open_action(one) for one in table.get("open_actions", ())),
        own_passages=table.get("own_passages", True),
        reading_turns=table.get("reading_turns", READING_TURNS),
        reads_closely=table.get("reads_closely", False),
        notes=tuple(table.get("notes", ())),
        control=table.get("control", False),
        forked_from=table.get("forked_from", ""),
        juries=tuple(Jury(**jury) for jury in table.get("juries", ())),
        ancestors=tuple(table.get("ancestors", ())),
        models=table.get("models", {}),
        names=names_from(table["names"]) if "names" in table else NOBODY_NAMED,
        roles={name: Role.from_dict(role) for name, role in table.get("roles", {}).items()},
        words=table.get("words", ""),
        council=table.get("council", {}),
        seed=table.get("seed"),
        repeats=table.get("repeats", ""),
        earlier=tuple(table.get("earlier", ())),
        decider=table.get("decider", ""),
        wishes=_wishes(table.get("wishes", {})),
    )


def _wishes(table: Mapping[str, Any]) -> Wishes:
    plain: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in table.items()}
    return Wishes(**plain)


def _open_action(table: Mapping[str, Any]) -> OpenAction:
    return OpenAction(**{**table, "due": date.fromisoformat(table["due"]) if table["due"] else None})


def topics_from(texts: Sequence[str]) -> tuple[Topic, ...]:
    """Topics numbered from 1."""
    return tuple(Topic(number, text) for number, text in enumerate(texts, 1))
