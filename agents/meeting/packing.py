"""Divides the context of one topic of a meeting, for the plan and for the meeting in the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.documents import Passage
from agents.meeting import context, prompts
from agents.meeting.close_reading.parts import closely
from agents.meeting.close_reading.phase import READ_TOKENS
from agents.meeting.context import Material, Packing, Readers, Sizes
from agents.meeting.phases import discussion_entries, first_asking, phases_of
from agents.meeting.record import Topic, Unread
from agents.meeting.sections import CountTokens, Library
from agents.meeting.spec import MeetingSpec
from agents.meeting.unread import unread_lines, with_comments
from agents.model import RESERVE_TOKENS, render_passages
from agents.role import Role

QUESTION_EXTRA = 80
"""The tokens around card and question in a last message, and those of what was wrong with an earlier answer."""


@dataclass(frozen=True, slots=True)
class TopicToPack:
    """A topic whose context is to be divided.

    Attributes:
        spec: the spec of the meeting.
        topic: the topic.
        entries: for each phase, how many contributions it adds to the discussion, and the most tokens of each.
        agenda: the questions about the topic.
        earlier: the outcomes of the topics before it.
        passages: the passages of the documents; none where the speakers see no documents.
        library: finds passages by their words.
        roles: the roles of the participants, by id.
        introductions: what introduces each participant in its last message: its card, and what it remembers.
    """

    spec: MeetingSpec
    topic: Topic
    entries: Sequence[tuple[int, int]]
    agenda: Sequence[str]
    earlier: Sequence[str] = ()
    passages: Sequence[Passage] = ()
    library: Library | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    introductions: Mapping[str, str] = field(default_factory=dict)


def topic_to_pack(spec: MeetingSpec, topic: Topic) -> TopicToPack:
    """A topic that goes through the phases of the meeting's type, still without documents and participants."""
    return TopicToPack(spec, topic, discussion_entries(spec.kind, len(spec.seats)), spec.kind.agenda)


def pack(asked: TopicToPack, count: CountTokens) -> Packing:
    """Divide the context of a topic.

    Args:
        asked: the topic.
        count: counts tokens.
    """
    spec, topic = asked.spec, asked.topic
    first = first_asking(spec.kind)
    head = prompts.topic_head(asked.agenda, topic, (), asked.earlier)
    questions = [phase.question(spec, topic, phase) for phase in phases_of(spec.kind) if phase.question]
    tail = max(map(count, asked.introductions.values()), default=0) + max(map(count, questions), default=0)
    waits = first is not None and not first.at_once
    before = (len(spec.seats) - 1) * (first.entry_tokens + context.ENTRY_EXTRA) if first and waits else 0
    sizes = Sizes(
        context=spec.context_tokens,
        fixed=count(prompts.brief(spec)) + count(head),
        tail=tail + QUESTION_EXTRA,
        entries=asked.entries,
        before=before,
    )
    queries = [topic.text, " ".join(asked.agenda)]
    documents = spec.documents if asked.passages else ()
    material: Material = context.material_of(documents, asked.passages, asked.library, queries, count)
    reads = first is not None and spec.own_passages and bool(asked.passages)
    roles = [asked.roles[seat.role] for seat in spec.seats if seat.role in asked.roles and not seat.human]
    readers = Readers(roles if reads else (), spec.reading_turns, first.name if first else "")
    packed = context.pack(sizes, material, readers, count)
    return with_all_that_is_read(spec, packed, asked.passages, roles, count)


def with_all_that_is_read(
    spec: MeetingSpec, packed: Packing, passages: Sequence[Passage], roles: Sequence[Role], count: CountTokens
) -> Packing:
    """The same, where what roles read closely counts as shown, and comments are named.

    Args:
        spec: the spec of the meeting.
        packed: how the context of the topic is divided.
        passages: the passages of the documents; none where the speakers see no documents.
        roles: the participants who are no people.
        count: counts tokens.
    """
    if packed.left and spec.reads_closely and any(phase.finds for phase in phases_of(spec.kind)):
        around = count(prompts.read_closely()) + QUESTION_EXTRA + READ_TOKENS + RESERVE_TOKENS
        room = spec.context_tokens - around - max((count(role.card()) for role in roles), default=0)
        parts = (part for read in closely(passages, roles, spec.reading_turns).values() for part in read)
        read = {one for part in parts if count(render_passages(part)) <= room for one in part}
        left = tuple(one for one in packed.left if one not in read)
        packed = replace(packed, left=left, unread=Unread(unread_lines(passages, left), packed.unread.enough))
    return replace(packed, unread=with_comments(packed.unread, spec.documents if passages else (), passages))
