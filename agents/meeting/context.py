"""What fits the context: how much of the documents a topic shows, and how long a statement may stand in the discussion.

Every call must satisfy prompt + answer + reserve <= context. The sizes are worked out once, before a topic starts, for
its longest call, so that the head never has to be rewritten while the topic lasts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.documents import Passage
from agents.meeting.record import StoredPacking
from agents.model import RESERVE_TOKENS, render_passages
from agents.role import Role

STATEMENT_TOKENS = 320
SHORT_TOKENS = 200
PROPOSAL_TOKENS = 320
BALLOT_TOKENS = 160
EXTRACT_TOKENS = 700
OWN_TOKENS = 400
TAIL_TOKENS = 620
"""A card of 150 words, a question with its labelled lines, and what separates them."""
ENTRY_EXTRA = 12
STATEMENT_ENTRY = 230
"""The most tokens of a statement that the later prompts of its topic show."""
LEAST_DOCUMENT_SHARE = 0.2
MOST_DOCUMENT_SHARE = 0.35
"""Of the context. More would cost every machine without a graphics card half a minute a topic to read."""
COUNTED_HIGH = 1.5
"""How far a count of tokens may be above the server's, before it has learnt from it."""
PASSAGE_OVERHEAD = 30
LEAST_WORDS = 8

CountTokens = Callable[[str], int]


class Library(Protocol):
    """Finds passages by their words; the store's full-text index is one."""

    def search(self, text: str, limit: int) -> list[Passage]:
        """The passages that share words with ``text``, best first."""


@dataclass(frozen=True, slots=True)
class Packing:
    """What a topic's head holds.

    Attributes:
        shared: passages everybody sees, in the documents' order.
        scale: how long contributions may stand in the discussion, 1 for the usual; the record keeps them whole.
        total: how many passages the documents have.
    """

    shared: tuple[Passage, ...]
    scale: float
    total: int

    def shortened(self, tokens: int) -> int:
        """How many tokens of a contribution the discussion shows, where ``tokens`` is the usual most."""
        return max(24, int(tokens * self.scale))

    def as_stored(self) -> StoredPacking:
        """The packing as the journal keeps it."""
        return StoredPacking(tuple((one.document, one.first) for one in self.shared), self.scale, self.total)


def pack(
    context: int,
    fixed: int,
    entries: Sequence[tuple[int, int]],
    passages: Sequence[Passage],
    library: Library | None,
    queries: Sequence[str],
    count: CountTokens,
) -> Packing:
    """Divide the context of a topic.

    Args:
        context: tokens of the model's context.
        fixed: tokens of the brief and of the topic's head without passages.
        entries: for each phase, how many contributions it can leave in the discussion, and the most tokens of each.
        passages: all passages of all documents, in order.
        library: finds those that matter; None when there are none.
        queries: what to look for, the most important first.
        count: counts tokens.
    """
    last_call = TAIL_TOKENS + max(EXTRACT_TOKENS, OWN_TOKENS + STATEMENT_TOKENS) + RESERVE_TOKENS
    left = max(0, context - fixed - last_call)
    whole = sum(_cost(passage, count) for passage in passages)
    discussion = sum(number * (tokens + ENTRY_EXTRA) for number, tokens in entries)
    least = min(whole, int(context * LEAST_DOCUMENT_SHARE))
    most = min(whole, int(context * MOST_DOCUMENT_SHARE))
    scale = min(1.0, max(0.05, (left - least) / discussion)) if discussion else 1.0
    if (
        discussion and left - discussion > most
    ):  # the documents have all they may take: what is left lets statements stand whole
        scale = min(COUNTED_HIGH * STATEMENT_TOKENS / STATEMENT_ENTRY, (left - most) / discussion)
    budget = min(int(left - discussion * scale), int(context * MOST_DOCUMENT_SHARE))
    return Packing(choose(passages, library, queries, budget, count), round(scale, 3), len(passages))


def choose(
    passages: Sequence[Passage], library: Library | None, queries: Sequence[str], budget: int, count: CountTokens
) -> tuple[Passage, ...]:
    """The passages that concern the queries and fit the budget, in the documents' order; all of them when all fit.

    Each document's opening always has its place, because it says what the document is.
    """
    if sum(_cost(passage, count) for passage in passages) <= budget:
        return tuple(passages)
    wanted = [next(passage for passage in passages if passage.document == name) for name in _documents(passages)]
    for query in queries:
        wanted += library.search(query, 24) if library else []
    chosen: dict[Passage, None] = {}
    for passage in wanted:
        cost = _cost(passage, count)
        if passage not in chosen and cost <= budget and len(passage.text.split()) >= LEAST_WORDS:
            chosen[passage] = None
            budget -= cost
    order = {passage: number for number, passage in enumerate(passages)}
    return tuple(sorted(chosen, key=lambda passage: order[passage]))


def own_passages(
    role: Role,
    topic: str,
    library: Library | None,
    shared: Sequence[Passage],
    count: CountTokens,
    budget: int = OWN_TOKENS,
) -> tuple[Passage, ...]:
    """What one role alone needs from the documents: passages with its own watch words that not everybody sees
    already.
    """
    if library is None:
        return ()
    watch = [word for item in (*role.red_flags, *role.questions) for word in item.watch]
    query = " ".join([topic, *role.expertise, *watch])
    chosen: list[Passage] = []
    for passage in library.search(query, 16):
        cost = _cost(passage, count)
        if passage not in shared and cost <= budget:
            chosen.append(passage)
            budget -= cost
    return tuple(sorted(chosen, key=lambda passage: (passage.document, passage.first)))


def shorten(text: str, tokens: int, count: CountTokens) -> str:
    """``text`` cut at a line or word so that it has at most ``tokens`` tokens, marked with an ellipsis where cut."""
    if count(text) <= tokens:
        return text
    kept: list[str] = []
    for line in text.split("\n"):
        if count("\n".join([*kept, line])) > tokens - 2:
            room = line.split(" ")
            while room and count("\n".join([*kept, " ".join(room)])) > tokens - 2:
                room = room[: max(0, len(room) - max(1, len(room) // 8))]
            if room:
                kept.append(" ".join(room))
            break
        kept.append(line)
    return "\n".join(kept).rstrip() + " ..."


def _documents(passages: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(passage.document for passage in passages))


def _cost(passage: Passage, count: CountTokens) -> int:
    return count(render_passages((passage,))) + PASSAGE_OVERHEAD


def packing_from(head: StoredPacking, passages: Sequence[Passage]) -> Packing:
    """Read back a topic's packing from the journal."""
    places = set(head.shared)
    shared = tuple(passage for passage in passages if (passage.document, passage.first) in places)
    return Packing(shared, head.scale, head.total)
