"""Divides the model's context: what of the documents everybody on a topic sees, which parts each role reads alone, and
how long a contribution may be.

Every call must satisfy prompt + answer + reserve <= context. The sizes are computed once, before a topic begins, for
its longest call, so that the first message of the discussion never changes (docs/decisions/0004). Documents that do not
fit whole are dealt out (docs/decisions/0013).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.documents import Document, Passage, words_in
from agents.meeting.journal_values import StoredPacking
from agents.meeting.record import Place, Unread
from agents.meeting.sections import (
    CountTokens,
    Dealt,
    Library,
    block_tokens,
    concerns,
    deal,
    phase_of_part,
)
from agents.meeting.unread import unread_lines
from agents.model import RESERVE_TOKENS, render_passages
from agents.role import Role

STATEMENT_TOKENS = 384
SHORT_TOKENS = 200
PROPOSAL_TOKENS = 320
BALLOT_TOKENS = 160
VOTE_TOKENS = 40
"""For a vote without a reason."""
EXTRACT_TOKENS = 700
OWN_TOKENS = 400
ENTRY_EXTRA = 12
"""The tokens around a contribution in the discussion: its id and its speaker."""
STATEMENT_ENTRY = 230
"""The most tokens of a statement that later speakers see."""
WHOLE_SHARE = 0.55
"""The most of the context that documents take when everybody sees all of them."""
LEAST_SCALE = 0.4
"""How far contributions may be cut so that everybody sees all of the documents."""
COMMON_SHARE = 0.15
"""The part of the context for what everybody sees of documents that are dealt out."""
OUTLINE_SHARE = 0.05
"""The part of the context for the headings of documents that are dealt out."""
THINNEST = 100
"""The headings are left out where not even every hundredth of them fits."""
PART_SHARE = 0.35
"""The most of the context for the part of the documents that one role reads in one turn. Small models read short texts
better, and half a minute is long to wait on a machine without a graphics card.
"""
NOTES_TOKENS = 240
NOTES_SHARE = 0.05
"""The most tokens, and the most of the context, for what a role noted in its reading turns."""
MOST_DOCUMENT_SHARE = 0.35
"""The most of the context for passages that are chosen by the topic, when nothing is dealt out."""
COUNTED_HIGH = 1.5
"""How far the count of tokens can exceed the server's, until the count has been corrected with it."""
PASSAGE_OVERHEAD = 30
"""The tokens of the marks around a passage."""
LEAST_WORDS = 8
"""Of a passage that is worth choosing for all."""
CONTEXTS = tuple(2**power for power in range(12, 21))
"""The contexts that are tried to find one that is enough: from 4096 to 1048576 tokens."""
MOST_READING_TURNS = 100
"""The most parts that a role can be told to read on a topic."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the prompts on a topic need besides the documents, in tokens.

    Attributes:
        context: the model's context.
        fixed: the brief, and the topic's first message without the documents.
        tail: the longest last message, without passages: card, memory and question.
        entries: for each phase, its number of contributions to the discussion, and the most tokens of each.
        before: the contributions that a speaker can see when it is shown its last part.
    """

    context: int
    fixed: int
    tail: int
    entries: Sequence[tuple[int, int]]
    before: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """The documents of a topic.

    Attributes:
        passages: all passages of all documents, in order.
        costs: the tokens of each.
        headings: the headings of each document, each with its level and the line to show.
        library: finds passages by their words; None when there are no documents.
        queries: the texts to search for, the most important first.
    """

    passages: Sequence[Passage] = ()
    costs: Sequence[int] = ()
    headings: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    library: Library | None = None
    queries: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads documents that do not fit whole.

    Attributes:
        roles: the roles to which they are dealt out; none when nothing is dealt out.
        most: the most parts that each role reads.
        phase: the phase in which each is shown its last part.
    """

    roles: Sequence[Role] = ()
    most: int = 1
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Packing:
    """How the context is divided for a topic.

    Attributes:
        shared: the passages that every speaker sees, in the order of the documents.
        scale: how long a contribution may be when later speakers see it; 1 for the usual length.
        total: the number of passages in all documents.
        outline: the headings that every speaker sees of documents that are dealt out, or "".
        parts: the parts of the documents that each role reads alone, by role id.
        phase: the phase in which each role is shown its last part.
        unread: the lines that nobody is shown, and the settings that would show them.
        left: the passages that nobody is shown.
    """

    shared: tuple[Passage, ...]
    scale: float
    total: int
    outline: str = ""
    parts: Mapping[str, tuple[tuple[Passage, ...], ...]] = field(default_factory=dict)
    phase: str = ""
    unread: Unread = field(default_factory=Unread)
    left: tuple[Passage, ...] = ()

    @property
    def most_parts(self) -> int:
        """The number of parts of the role that reads the most."""
        return max((len(parts) for parts in self.parts.values()), default=0)

    def part_in(self, phase: str, role: str) -> tuple[Passage, ...] | None:
        """The part of the documents that a role reads in a phase; None if it reads none there."""
        parts = self.parts.get(role, ())
        names = [phase_of_part(number, len(parts), self.phase) for number in range(len(parts))]
        return next((part for part, name in zip(parts, names, strict=True) if name == phase), None)

    def shortened(self, tokens: int) -> int:
        """The most tokens of a contribution that later speakers see, where ``tokens`` is the usual limit."""
        return max(24, int(tokens * self.scale))

    def as_stored(self) -> StoredPacking:
        """The packing as the journal stores it."""
        return StoredPacking(
            shared=places_of(self.shared),
            scale=self.scale,
            total=self.total,
            outline=self.outline,
            parts={role: tuple(places_of(part) for part in parts) for role, parts in self.parts.items()},
            phase=self.phase,
            enough=self.unread.enough,
        )


def places_of(passages: Sequence[Passage]) -> tuple[Place, ...]:
    """The places of passages, as the journal stores them."""
    return tuple((one.document, one.first, one.piece) for one in passages)


def material_of(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    library: Library | None,
    queries: Sequence[str],
    count: CountTokens,
) -> Material:
    """The documents of a topic with their sizes.

    Args:
        documents: the documents.
        passages: all their passages, in order.
        library: finds passages by their words.
        queries: the texts to search for, the most important first.
        count: counts tokens.
    """
    headings = {
        document.name: [
            (len(heading) - len(heading.lstrip("#")), f"{line}: {heading}") for line, heading in document.headings()
        ]
        for document in documents
    }
    return Material(passages, [block_tokens(one, count) for one in passages], headings, library, queries)


def pack(sizes: Sizes, material: Material, readers: Readers, count: CountTokens) -> Packing:
    """Divide the context of a topic, and find out which lines nobody is shown, and which settings would show them.

    Args:
        sizes: what the prompts need besides the documents.
        material: the documents.
        readers: who reads documents that do not fit whole.
        count: counts tokens.
    """
    division = _Division(sizes, material, readers, count)
    shared, outline, dealt = division.found()
    enough = division.enough() if dealt.left else {}
    return Packing(
        shared=shared,
        scale=division.scale,
        total=len(material.passages),
        outline=outline,
        parts=dealt.parts,
        phase=readers.phase if dealt.parts else "",
        unread=Unread(unread_lines(material.passages, dealt.left), enough),
        left=dealt.left,
    )


class _Division:
    """One way to divide a context.

    Attributes:
        scale: how long a contribution may be when later speakers see it.
    """

    def __init__(self, sizes: Sizes, material: Material, readers: Readers, count: CountTokens) -> None:
        self.sizes = sizes
        self.material = material
        self.readers = readers
        self.count = count
        self._marks = count(render_passages(()))
        context = sizes.context
        discussion = sum(number * (tokens + ENTRY_EXTRA) for number, tokens in sizes.entries)
        notes = notes_tokens(context) if readers.most > 1 and readers.roles else 0
        last_call = sizes.tail + max(EXTRACT_TOKENS, OWN_TOKENS + STATEMENT_TOKENS) + RESERVE_TOKENS
        left = max(0, context - sizes.fixed - last_call)
        whole = sum(material.costs) + self._marks
        self.whole = whole <= min(left - discussion * LEAST_SCALE, context * WHOLE_SHARE)
        if self.whole:
            least = most = whole
        else:
            left = max(0, left - notes)
            most = min(whole, int(context * (COMMON_SHARE if readers.roles else MOST_DOCUMENT_SHARE)))
            least = most // 2
        self.scale = round(_scale(left, discussion, least, most), 3)
        self.common = min(int(left - discussion * self.scale), most)
        before = int(sizes.before * self.scale)
        alone = context - sizes.fixed - max(0, self.common) - sizes.tail - notes - before
        alone -= STATEMENT_TOKENS + RESERVE_TOKENS
        self.part = min(int(context * PART_SHARE), alone) - self._marks if readers.roles else 0

    def found(self) -> tuple[tuple[Passage, ...], str, Dealt]:
        """The passages for all, the headings for all, and what each role reads."""
        passages, costs = self.material.passages, self.material.costs
        if self.whole:
            return tuple(passages), "", Dealt({})
        outline = self._outline() if self.readers.roles else ""
        budget = self.common - self.count(outline)
        shared = choose(passages, self.material.library, self.material.queries, budget, self.count)
        if not self.readers.roles:
            shared = self._filled(shared, budget - self._marks)
        seen = set(shared)
        rest = [(passage, cost) for passage, cost in zip(passages, costs, strict=True) if passage not in seen]
        dealt = deal(
            [passage for passage, _ in rest], [cost for _, cost in rest], self.readers.roles, self.material.library,
            self.part, self.readers.most,
        )  # fmt: skip
        return shared, outline, dealt

    def _filled(self, chosen: Sequence[Passage], budget: int) -> tuple[Passage, ...]:
        """The chosen passages, and the first of the others for which there is room, because nobody else reads them."""
        seen = set(chosen)
        left = budget - sum(block_tokens(passage, self.count) for passage in chosen)
        for passage, cost in zip(self.material.passages, self.material.costs, strict=True):
            if passage not in seen and cost <= left:
                seen.add(passage)
                left -= cost
        return tuple(passage for passage in self.material.passages if passage in seen)

    def _outline(self) -> str:
        """The headings of the documents that fit: all, those of the higher levels, or every second, third ... one."""
        budget = min(int(self.sizes.context * OUTLINE_SHARE), self.common // 2)
        headings = self.material.headings
        levels = sorted({level for listed in headings.values() for level, _ in listed}, reverse=True)
        fitting = [""]
        for deepest in levels:
            for step in range(1, THINNEST + 1):
                lines = [
                    line
                    for name, listed in headings.items()
                    for line in (name, *[text for level, text in listed if level <= deepest][::step])
                ]
                if self.count("\n".join(lines)) <= budget:
                    fitting.append("\n".join(lines))
                    break
            if step == 1:
                break
        return max(fitting, key=len)

    def enough(self) -> dict[str, int]:
        """The smallest settings by their names that would show everything; each alone is enough."""
        found = {}
        larger = (replace(self.sizes, context=size) for size in CONTEXTS if size > self.sizes.context)
        divisions = (_Division(sizes, self.material, self.readers, self.count) for sizes in larger)
        context = next((one.sizes.context for one in divisions if one.reads_all()), 0)
        if context:
            found["NUM_CTX"] = context
        if self.readers.roles and self.part > 0:
            fewest = -(-sum(self.material.costs) // (self.part * len(self.readers.roles)))
            for most in range(max(self.readers.most + 1, fewest - 1), min(MOST_READING_TURNS, fewest + 8) + 1):
                more = replace(self.readers, most=most)
                if _Division(self.sizes, self.material, more, self.count).reads_all():
                    found["READING_TURNS"] = most
                    break
        return found

    def reads_all(self) -> bool:
        """Whether every line is shown to somebody."""
        room = max(0, self.common) + max(0, self.part) * len(self.readers.roles) * self.readers.most
        if not self.whole and room < sum(self.material.costs):
            return False  # said quickly, because dealing a long document out takes time
        return not self.found()[2].left


def notes_tokens(context: int) -> int:
    """The most tokens in one prompt for what its role noted in reading turns; ``context`` is that of the model."""
    return min(NOTES_TOKENS, int(context * NOTES_SHARE))


def _scale(left: int, discussion: int, least: int, most: int) -> float:
    """The length of contributions, 1 for the usual one.

    Args:
        left: the tokens for the discussion and the documents.
        discussion: the tokens of a discussion with contributions of the usual length.
        least: the fewest tokens of the documents.
        most: the most tokens of the documents.
    """
    if not discussion:
        return 1.0
    if left - discussion > most:
        # The documents cannot use the tokens that are left, so contributions are cut less, up to not at all.
        return min(COUNTED_HIGH * STATEMENT_TOKENS / STATEMENT_ENTRY, (left - most) / discussion)
    return min(1.0, max(0.05, (left - least) / discussion))


def choose(
    passages: Sequence[Passage], library: Library | None, queries: Sequence[str], budget: int, count: CountTokens
) -> tuple[Passage, ...]:
    """The passages that match the queries and fit into a budget of tokens, in the order of the documents.

    When all passages fit, all are chosen. The first passage of each document comes first, because it says what the
    document is.
    """
    budget -= count(render_passages(()))
    if sum(block_tokens(passage, count) for passage in passages) <= budget:
        return tuple(passages)
    wanted = [next(passage for passage in passages if passage.document == name) for name in _documents(passages)]
    for query in queries:
        wanted += library.search(query, 24) if library else []
    chosen: dict[Passage, None] = {}
    for passage in wanted:
        cost = block_tokens(passage, count)
        if passage not in chosen and cost <= budget and words_in(passage.text) >= LEAST_WORDS:
            chosen[passage] = None
            budget -= cost
    order = {passage: number for number, passage in enumerate(passages)}
    return tuple(sorted(chosen, key=lambda passage: order[passage]))


def own_passages(
    role: Role,
    topic: str,
    library: Library | None,
    others: Collection[Passage],
    count: CountTokens,
    budget: int = OWN_TOKENS,
) -> tuple[Passage, ...]:
    """The passages for one role alone: those with its watch words and expertise, without ``others``, which all are
    shown, or nobody is.
    """
    if library is None:
        return ()
    query = f"{topic} {concerns(role)}"
    chosen: list[Passage] = []
    for passage in library.search(query, 16):
        cost = block_tokens(passage, count)
        if passage not in others and cost <= budget:
            chosen.append(passage)
            budget -= cost
    return tuple(sorted(chosen, key=lambda passage: (passage.document, passage.first)))


def shorten(text: str, tokens: int, count: CountTokens) -> str:
    """A text of at most ``tokens`` tokens: ``text``, or its beginning up to a line or word, with an ellipsis."""
    if count(text) <= tokens:
        return text
    kept: list[str] = []
    for line in text.split("\n"):
        if count("\n".join([*kept, line])) > tokens - 2:
            words = line.split(" ")
            while words and count("\n".join([*kept, " ".join(words)])) > tokens - 2:
                words = words[: max(0, len(words) - max(1, len(words) // 8))]
            if words:
                kept.append(" ".join(words))
            break
        kept.append(line)
    return "\n".join(kept).rstrip() + " ..."


def _documents(passages: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(passage.document for passage in passages))


def packing_from(stored: StoredPacking, passages: Sequence[Passage]) -> Packing:
    """The packing that the journal stores, with its passages."""
    at = {(passage.document, passage.first, passage.piece): passage for passage in passages}
    # An earlier version may have cut the documents at other lines: then the passage that has the line stands for it.
    on = {(one.document, line): one for one in reversed(passages) for line in range(one.first, one.last + 1)}

    def found(places: Sequence[Place]) -> tuple[Passage, ...]:
        there = (at.get(place) or on.get((place[0], place[1])) for place in places)
        return tuple(dict.fromkeys(passage for passage in there if passage))

    parts = {role: tuple(found(part) for part in read) for role, read in (stored.parts or {}).items()}
    shared = found(stored.shared)
    seen = {*shared, *(passage for read in parts.values() for part in read for passage in part)}
    # A journal of an earlier version does not say what was dealt out, so that nothing is called unread.
    left = () if stored.parts is None else tuple(passage for passage in passages if passage not in seen)
    unread = Unread(unread_lines(passages, left), stored.enough)
    return Packing(shared, stored.scale, stored.total, stored.outline, parts, stored.phase, unread, left)
