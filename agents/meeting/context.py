"""Divides the model's context: how many passages of the documents a topic shows, and how long a contribution may be.

Every call must satisfy prompt + answer + reserve <= context. The sizes are computed once, before a topic begins, for
its longest call, so that the first message of the discussion never changes (docs/decisions/0004).
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
"""The last message: a card of 150 words, a question with its labelled lines, and what separates them."""
ENTRY_EXTRA = 12
"""The tokens around a contribution in the discussion: its id and its speaker."""
STATEMENT_ENTRY = 230
"""The most tokens of a statement that later speakers see."""
LEAST_DOCUMENT_SHARE = 0.2
MOST_DOCUMENT_SHARE = 0.35
"""Shares of the context. More would take half a minute a topic to read on a machine without a graphics card."""
COUNTED_HIGH = 1.5
"""How far the count of tokens can exceed the server's, until the count has been corrected with it."""
PASSAGE_OVERHEAD = 30
"""The tokens of the marks around a passage."""
LEAST_WORDS = 8
"""Of a passage that is worth showing."""

CountTokens = Callable[[str], int]
"""Counts the tokens of a text."""


class Library(Protocol):
    """Finds passages of the documents by their words."""

    def search(self, text: str, limit: int) -> list[Passage]:
        """The passages that share words with ``text``, best first."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How the context is divided for a topic.

    Attributes:
        shared: the passages that every speaker sees, in the order of the documents.
        scale: how long a contribution may be when later speakers see it; 1 for the usual length.
        total: the number of passages in all documents.
    """

    shared: tuple[Passage, ...]
    scale: float
    total: int

    def shortened(self, tokens: int) -> int:
        """The most tokens of a contribution that later speakers see, where ``tokens`` is the usual limit."""
        return max(24, int(tokens * self.scale))

    def as_stored(self) -> StoredPacking:
        """The packing as the journal stores it."""
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
        context: the tokens of the model's context.
        fixed: the tokens of the brief and of the topic's first message without passages.
        entries: for each phase, its number of contributions to the discussion, and the most tokens of each.
        passages: all passages of all documents, in order.
        library: finds passages by their words; None when there are no documents.
        queries: the texts to search for, the most important first.
        count: counts tokens.
    """
    last_call = TAIL_TOKENS + max(EXTRACT_TOKENS, OWN_TOKENS + STATEMENT_TOKENS) + RESERVE_TOKENS
    left = max(0, context - fixed - last_call)
    whole = sum(_cost(passage, count) for passage in passages)
    discussion = sum(number * (tokens + ENTRY_EXTRA) for number, tokens in entries)
    least = min(whole, int(context * LEAST_DOCUMENT_SHARE))
    most = min(whole, int(context * MOST_DOCUMENT_SHARE))
    scale = _scale(left, discussion, least, most)
    budget = min(int(left - discussion * scale), int(context * MOST_DOCUMENT_SHARE))
    return Packing(choose(passages, library, queries, budget, count), round(scale, 3), len(passages))


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
    """The passages for one role alone: those with its watch words and expertise that are not among the shared ones."""
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


def _cost(passage: Passage, count: CountTokens) -> int:
    return count(render_passages((passage,))) + PASSAGE_OVERHEAD


def packing_from(stored: StoredPacking, passages: Sequence[Passage]) -> Packing:
    """The packing that the journal stores, with its passages."""
    places = set(stored.shared)
    shared = tuple(passage for passage in passages if (passage.document, passage.first) in places)
    return Packing(shared, stored.scale, stored.total)
