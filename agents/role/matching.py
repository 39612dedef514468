"""Finds the sentences of a role that concern a document, and for each the line that shows it.

The score follows the idea of BM25 (Robertson and Zaragoza, 2009): a rare word counts more than a common one. The watch
words of an item count three times as much as its other words. The same input always gives the same result.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.documents import Passage
from agents.role import Role, RoleItem
from agents.role.patterns import Texts, phrase
from agents.sentences import sentences_of
from agents.text import STOP_WORDS, stem, words_of

QUOTE_WORDS = 20
LEAST_QUOTE = 6
MOST_HANGING = 4
"""Words after the last comma of a quote that are dropped if the sentence continues on another line."""
LEAST_LINE_WORDS = 4
LEAST_CODE_WORDS = 2
"""A line of code, or of a question, may be as short as ``PASSWORD = "..."``."""
PROSE = (".md", ".markdown", ".txt", ".rst", ".adoc", ".html")
WATCH_WEIGHT = 3.0
PHRASE_BONUS = 0.5
"""Bonus for each further word of a watch phrase: "shared password" says more than "password"."""
TOPIC_WEIGHT = 0.8
ALARM_WEIGHT = 2.0
SHOWN = 20.0
"""Bonus for a line that matches a pattern of an item: more than any words can score."""
ENOUGH = 2.0
"""A line below this score does not count."""

_ALARM = re.compile(
    r"\b(no|not|nobody|none|never|without|cannot|can't|won't|doesn't|isn't|manual(?:ly)?|by hand|later|todo|tbd|unknown"
    r"|unclear|assum\w+|hope\w*|should be fine|best effort|only one|single|all at once|skip\w*|disabled?|delet\w+|drop"
    r"|out of date|outdated|stale|missing|wrong|fail\w*|lost|lose|break\w*|out of scope|temporar\w+|shared"
    r"|plain ?text|root|forever|unlimited)\b",
    re.I,
)
_MARKUP = re.compile(r"^[\s>#|*+-]*(?:\d+[.)]\s+)?(?:\[[ xX]\]\s*)?")
_STOP = STOP_WORDS | {"every", "one", "per", "use", "used", "without"}
"""The last ones occur in nearly every item of a checklist."""


def terms(text: str) -> list[str]:
    """The stems of the words of a text, without stop words."""
    return [stem(word) for word in words_of(text) if word not in _STOP]


@dataclass(frozen=True, slots=True)
class Spot:
    """One line of a document.

    Attributes:
        document: its name; "" for text that is not from a document.
        line: its number, counted from 1.
        text: the line without list and heading marks.
        heading: the heading above it.
        code: whether it is in a code block.
    """

    document: str
    line: int
    text: str
    heading: str = ""
    code: bool = False

    @property
    def place(self) -> str:
        """The place as it is cited: ``design.md:31``; "" outside documents."""
        return f"{self.document}:{self.line}" if self.document else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item of a role that concerns a line.

    Attributes:
        item: the question, red flag or done-criterion.
        spot: the line; None if the item concerns the topic itself.
        quote: up to ``QUOTE_WORDS`` words of the line, verbatim.
        score: how well they match.
        alarming: whether the line says that something is missing, manual, shared, lost or similar.
        shown: whether the line matches a pattern of the item, so that it is likely to be an instance of it.
    """

    item: RoleItem
    spot: Spot | None
    quote: str
    score: float
    alarming: bool
    shown: bool = False


@lru_cache(maxsize=64)
def material_of(passages: tuple[Passage, ...], subject: str) -> "Material":
    """The material of these passages; cached, because a meeting uses the same passages again and again."""
    return Material(passages, subject)


class Material:
    """The lines that a role can judge, and how rare their words are.

    Args:
        passages: passages of the documents; a line in two of them counts once.
        subject: the subject of the conversation.
    """

    def __init__(self, passages: Iterable[Passage], subject: str) -> None:
        spots: dict[tuple[str, int], Spot] = {}
        for passage in passages:
            for spot in _spots(passage):
                spots.setdefault((spot.document, spot.line), spot)
        self.spots: list[Spot] = [spots[key] for key in sorted(spots)]
        self.subject = subject
        self._topic = set(terms(subject))
        self._topic_phrase = phrase(subject)
        self._texts = Texts([phrase(spot.text) for spot in self.spots])
        self._terms = [set(terms(spot.text)) for spot in self.spots]
        self._seen = Counter(term for each in self._terms for term in each)

    def _rarity(self, occurrences: int) -> float:
        return math.log(1 + (len(self.spots) + 1) / (occurrences + 1))

    def find(self, items: Sequence[RoleItem], taken: set[Spot]) -> list[Hit]:
        """The items that concern a line, best match first.

        Args:
            items: one of a role's lists.
            taken: lines that are not used again; the lines found here are added.
        """
        found = [hit for item in items for hit in self._candidates(item)]
        found.sort(key=lambda one: (-one.score, items.index(one.item)))
        chosen: dict[str, Hit] = {}
        for one in found:
            if one.item.text in chosen or (one.spot and one.spot in taken):
                continue
            chosen[one.item.text] = one
            if one.spot:
                taken.add(one.spot)
        return list(chosen.values())

    def shown(self, items: Iterable[RoleItem]) -> list[Hit]:
        """Every line that matches a pattern of an item, with the item, in the order of the lines."""
        found = [(number, item) for item in items for number in self._texts.matching(item.shows)]
        found.sort(key=lambda one: one[0])  # the items of a line keep their order
        return [
            Hit(item, spot, quote_of(spot.text, spot.text), SHOWN, bool(_ALARM.search(spot.text)), shown=True)
            for item, spot in ((item, self.spots[number]) for number, item in found)
        ]

    def _candidates(self, item: RoleItem) -> list[Hit]:
        watch = [(word, phrase(word)) for word in item.watch]
        content = set(terms(item.text))
        shows = self._texts.matching(item.shows)
        out = []
        for number in sorted(shows.union(*(self._texts.having(stems) for _, stems in watch))):
            spot = self.spots[number]
            score, hit = self._score(number, watch, content)
            shown = number in shows
            if shown or (hit and score >= ENOUGH):
                alarming = bool(_ALARM.search(spot.text))
                score += ALARM_WEIGHT * alarming + SHOWN * shown
                out.append(Hit(item, spot, quote_of(spot.text, hit or spot.text), score, alarming, shown))
        out.sort(key=lambda one: -one.score)
        out = out[:3]
        hits = [word for word, stems in watch if stems in self._topic_phrase]
        if hits or len(content & self._topic) >= 2:
            out.append(Hit(item, None, "", ENOUGH + len(hits) + len(content & self._topic), alarming=False))
        return out

    def _score(self, number: int, watch: Sequence[tuple[str, str]], content: set[str]) -> tuple[float, str]:
        spot, mine = self.spots[number], self._terms[number]
        hits = [(word, stems) for word, stems in watch if number in self._texts.having(stems)]
        if not hits:
            return 0.0, ""
        score = 0.0
        for _, stems in hits:
            rarities = [self._rarity(self._seen[term]) for term in stems.split()]
            longer = 1 + PHRASE_BONUS * (len(rarities) - 1)
            score += WATCH_WEIGHT * longer * sum(rarities) / len(rarities) / math.log(2 + len(self.spots))
        score += sum(self._rarity(self._seen[term]) for term in content & mine) / math.log(2 + len(self.spots))
        near = mine | set(terms(spot.heading))
        score += TOPIC_WEIGHT * len(self._topic & near)
        score -= 3.0 * spot.code + 1.0 * spot.text.rstrip("*_ ").endswith(("?", ":"))
        score += 0.5 * spot.text.rstrip().endswith((".", "!"))
        return score, hits[0][0]


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a role in each of its lists, best match first."""

    questions: Sequence[Hit]
    red_flags: Sequence[Hit]
    done: Sequence[Hit]

    def places(self, most: int) -> list[tuple[str, Hit]]:
        """The best hits that show a line, each with the name of its list, in the order of the lines."""
        named = [(name, hit) for name in ("questions", "red_flags", "done") for hit in getattr(self, name) if hit.spot]
        best = sorted(named, key=lambda one: -one[1].score)[:most]
        return sorted(best, key=lambda one: (one[1].spot.document, one[1].spot.line))


def hits_of(role: Role, passages: tuple[Passage, ...], subject: str = "") -> Hits:
    """The hits of a role in passages, and in the subject of a conversation."""
    material, taken = material_of(passages, subject), set[Spot]()
    flags, questions, done = (material.find(items, taken) for items in (role.red_flags, role.questions, role.done))
    return Hits(questions, flags, done)


def quote_of(text: str, around: str) -> str:
    """Up to ``QUOTE_WORDS`` words of a line, verbatim, that contain ``around``, but no double quotes or bold marks."""
    pieces = [piece.strip("`,;:) ") for piece in re.split(r"[\"\u201c\u201d]|\*\*", text)]
    stems = phrase(around)
    piece = next((p for p in pieces if stems in phrase(p)), max(pieces, key=len))
    sentences = [part for one in sentences_of(piece) for part in re.split(r"(?<=;)\s+", one)]
    sentence = next((s for s in sentences if stems in phrase(s)), piece)
    if len(sentence.split()) >= LEAST_LINE_WORDS:
        piece = sentence
    words = piece.split()
    if len(words) <= QUOTE_WORDS:
        return _rounded(words)
    first_stem = stems.split()[0] if stems.split() else ""
    at = next((n for n, word in enumerate(words) if first_stem in phrase(word).split()), 0)
    start = 0 if at < QUOTE_WORDS else max(0, min(at - QUOTE_WORDS // 3, len(words) - QUOTE_WORDS))
    return _rounded(words[start : start + QUOTE_WORDS])


def _rounded(words: Sequence[str]) -> str:
    """Words of a line without the loose end of a sentence that continues on another line."""
    kept = list(words)
    linked = next((n for n, word in enumerate(kept) if "](" in word or "://" in word), len(kept))
    kept = kept[:linked] if linked >= LEAST_LINE_WORDS else kept
    if kept and not kept[-1].endswith((".", "!", "?", ";")):
        begun = max((n for n, word in enumerate(kept[:-1], 1) if word.endswith((",", ";"))), default=0)
        if begun >= LEAST_QUOTE and len(kept) - begun <= MOST_HANGING:
            kept = kept[:begun]
        while len(kept) > LEAST_QUOTE and kept[-1].lower().strip(",;:(") in _STOP:
            kept.pop()
    while len(kept) > LEAST_QUOTE and kept[-1].startswith(("(", "[")):
        kept.pop()
    text = " ".join(kept).rstrip(",;:([ ")
    return text.lstrip("`") if text.count("`") % 2 else text


def _spots(passage: Passage) -> list[Spot]:
    out = []
    fenced = False
    for number, line in enumerate(passage.text.split("\n"), passage.first):
        if number < passage.first + passage.titles:  # a heading shows nothing: the text below it does
            continue
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        text = _MARKUP.sub("", line).strip().strip("|").strip()
        is_link = bool(re.fullmatch(r"\[[^\]]*\]\(#[^)]*\)", text))
        least = LEAST_LINE_WORDS if passage.document.lower().endswith(PROSE) else LEAST_CODE_WORDS
        if len(words_of(text)) >= least and not is_link:
            out.append(Spot(passage.document, number, text, passage.heading, fenced))
    return out
