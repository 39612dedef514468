"""Which sentences of the documents the lists of the roles lead to: pairs of a red flag or a question and a sentence,
found by search. A pair says where to look. The model ranks the pairs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.documents import Document, Passage
from agents.meeting.close_reading.places import Place, place_of, sentences
from agents.role import Role, RoleItem
from agents.role.matching import hits_of
from agents.role.patterns import Texts, phrase

MARKS = "marks"
"""The name of the answer in the journal that has the pairs that were kept."""
MOST_PAIRS = 20
"""The most pairs that the model ranks: each costs about 45 tokens."""
MOST_BY_WORDS = 6
"""The most pairs that are found by single words: few of them are true (docs/quality.md)."""
MOST_OF_SENTENCE = 2
"""The most pairs with one sentence."""
LEAST_WORDS = 4
"""Of a sentence that is searched."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An item of a role, and a sentence that it leads to.

    Attributes:
        role: role id.
        item: the red flag or question.
        document: the document's name.
        first, last: the lines of the sentence.
        quote: the sentence, as it stands there.
        shown: whether the sentence matches a pattern of the item, and not only one of its watch words.
        score: how well they match; more is better.
    """

    role: str
    item: str
    document: str
    first: int
    last: int
    quote: str
    shown: bool = False
    score: float = field(default=0.0, compare=False)

    @property
    def place(self) -> Place:
        """The sentence; a line may have several."""
        return Place(self.document, self.first, self.last, self.quote)


def pairs_of(roles: Sequence[Role], documents: Sequence[Document], passages: Sequence[Passage]) -> list[Pair]:
    """The pairs that match best: those that a pattern finds, then the best by words (``all_pairs``).

    Args:
        roles: the roles whose lists are used.
        documents: the documents.
        passages: their passages.
    """
    shown, by_words = all_pairs(roles, documents, passages)
    kept: dict[Pair, None] = {}
    counted: Counter[Place] = Counter()
    for pair in (*shown, *by_words[:MOST_BY_WORDS]):
        if counted[pair.place] < MOST_OF_SENTENCE and len(kept) < MOST_PAIRS:
            counted[pair.place] += pair not in kept
            kept[pair] = None
    return list(kept)


def all_pairs(
    roles: Sequence[Role], documents: Sequence[Document], passages: Sequence[Passage]
) -> tuple[list[Pair], list[Pair]]:
    """Every pair that a pattern finds, and every pair that only words find, each best first.

    Args:
        roles: the roles whose lists are used.
        documents: the documents.
        passages: their passages.
    """
    places = list(_places(documents, passages))
    return _by_pattern(roles, places), _by_words(roles, tuple(passages), places)


def _places(documents: Sequence[Document], passages: Sequence[Passage]) -> Iterator[Place]:
    """The sentences of the documents, without headings and comments."""
    content = {(one.document, line) for one in passages for line in range(one.first + one.titles, one.last + 1)}
    for document in documents:
        for place in sentences(document.name, document.lines, 1):
            if (document.name, place.first) in content and len(place.quote.split()) >= LEAST_WORDS:
                yield place


def _by_pattern(roles: Sequence[Role], places: Sequence[Place]) -> list[Pair]:
    """The sentences that match a pattern of an item. Of several roles with one sentence, those come first of whose
    items the fewest other sentences are instances.
    """
    texts = Texts([phrase(place.quote) for place in places])
    at = [
        (number, role, item)
        for role in roles
        for item in (*role.red_flags, *role.questions)
        for number in texts.matching(item.shows)
    ]
    at.sort(key=lambda one: one[0])  # the items of a place keep their order
    found: list[tuple[RoleItem, Pair]] = []
    for number, role, item in at:
        place = places[number]
        pair = Pair(role.id, item.text, place.document, place.first, place.last, place.quote, shown=True)
        found.append((item, pair))
    often = Counter(item.text for item, _ in found)
    found.sort(key=lambda one: often[one[0].text])
    return [pair for _, pair in found]


def _by_words(roles: Sequence[Role], passages: tuple[Passage, ...], places: Sequence[Place]) -> list[Pair]:
    """The pairs of red flags and lines that share watch words, best first."""
    on_line: dict[tuple[str, int], list[Place]] = {}
    for one in places:
        for line in range(one.first, one.last + 1):
            on_line.setdefault((one.document, line), []).append(one)
    found = []
    for role in roles:
        for hit in hits_of(role, passages).red_flags:
            if not hit.spot or hit.shown:
                continue
            place = place_of(hit.quote, on_line.get((hit.spot.document, hit.spot.line), ()))
            if place:
                lines = (place.document, place.first, place.last, place.quote)
                found.append(Pair(role.id, hit.item.text, *lines, score=hit.score))
    return sorted(found, key=lambda one: -one.score)


@dataclass(frozen=True, slots=True)
class Mark:
    """A pair that the model ranked, as the journal stores it.

    Attributes:
        pair: the pair.
        margin: by how much the model prefers yes to no when it is asked whether the sentence shows the problem.
        part: the name of the question what to change, or "" where nobody is asked.
    """

    pair: Pair
    margin: float
    part: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The mark as plain values."""
        one = self.pair
        return {
            "role": one.role, "item": one.item, "document": one.document, "first": one.first, "last": one.last,
            "quote": one.quote, "shown": one.shown, "margin": self.margin, "part": self.part,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Mark":
        """Read what ``as_dict`` wrote."""
        names = ("role", "item", "document", "first", "last", "quote", "shown")
        return cls(Pair(**{name: table[name] for name in names}), float(table["margin"]), str(table["part"]))
