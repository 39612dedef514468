"""Finds what a speaker did not say about the matter: words of the question, of the role card, or said before.

Small models copy. What they copy has the words in the same order, with a few added or left out, so sentences are
compared by the runs of words that they share. All functions are pure, and take a time that grows with the product of
the two lengths, which are those of single sentences.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from agents.meeting import reading
from agents.meeting.record import Entry
from agents.meeting.shared_words import SharedWords
from agents.sentences import sentences_of
from agents.text import STOP_WORDS, stem

LEAST_RUN = 3
"""The words of a run that counts as shared."""
PHRASE = 4
"""The words in a row that make a phrase of a role card."""
COPIED = 0.6
"""A sentence copies another if at least this share of its words stands in shared runs."""
ALIKE = 0.8
"""A sentence adds nothing to another that has at least this share of the words that say what it is about."""
FEW_WORDS = 5
"""Of a sentence with fewer such words, the other one must have them all."""
MOST_WORDS = 120
"""Of a sentence that is compared."""

_QUOTED = re.compile(r'"([^"]{12,})"')
_NAMED = re.compile(r"\bT\d+(?:\s+says?\b)?")
_CLAUSE = re.compile(r"(?<=[;:])\s+")


class Why(StrEnum):
    """Why an entry is left out."""

    QUESTION = "repeats the words of the question"
    CARD = "repeats the role card"
    TWICE = "says the same twice"


@dataclass(frozen=True, slots=True)
class Copy:
    """An entry, or a sentence of one, that is not the speaker's own, and why."""

    entry: Entry
    why: Why


@dataclass(frozen=True, slots=True)
class GivenWords:
    """The words that a speaker was given, sentence by sentence.

    Attributes:
        question: of the question, of the brief and of the agenda.
        card: of the role.
        topic: the topic; only an answer that repeats all of it is a copy.
    """

    question: tuple[str, ...] = ()
    card: tuple[str, ...] = ()
    topic: str = ""

    @classmethod
    def of(cls, question: Iterable[str], card: str, topic: str = "") -> "GivenWords":
        """The sentences of texts that a speaker was given.

        The words of the topic may be a part of an answer: "buy it", where the topic is whether to buy or to build.
        """
        parts = (part for text in question for part in sentences(text.replace(topic, " ") if topic else text))
        return cls(tuple(parts), tuple(sentences(card)), topic)


NOTHING_GIVEN = GivenWords()


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text that have enough words to be recognised in a copy."""
    return [part for one in sentences_of(text) for part in _CLAUSE.split(one) if len(reading.words(part)) >= LEAST_RUN]


def copies(text: str, given: str) -> bool:
    """Whether most of a text stands in another one, in the same order and in any grammatical form."""
    least = max(LEAST_RUN, COPIED * len(_stems(text)))
    return sum(len(run) for run in _runs(text, given, least) if len(run) >= LEAST_RUN) >= least


def borrows(text: str, card: str) -> bool:
    """Whether a text has a phrase of a role card: so many words in a row, so many of which carry the matter."""
    return any(
        len(run) >= PHRASE and sum(word not in STOP_WORDS for word in run) >= LEAST_RUN
        for run in _runs(text, card, PHRASE)
    )


@lru_cache(maxsize=4096)  # each sentence of the card and the question is compared with each sentence of an answer
def _stems(text: str) -> tuple[str, ...]:
    return tuple(word if word in STOP_WORDS else stem(word) for word in reading.words(text)[:MOST_WORDS])


@lru_cache(maxsize=4096)
def _different_stems(text: str) -> frozenset[str]:
    return frozenset(_stems(text))


def _runs(text: str, other: str, least: float) -> list[Sequence[str]]:
    """The runs of words that two texts share, in order; none where they share fewer than ``least`` words at all."""
    mine, known = _stems(text), _different_stems(other)
    if sum(map(known.__contains__, mine)) < least:  # said quickly, because finding the runs takes time
        return []
    blocks = SequenceMatcher(None, mine, _stems(other), autojunk=False).get_matching_blocks()
    return [mine[block.a : block.a + block.size] for block in blocks if block.size]


def adds_nothing(text: str, earlier: str) -> bool:
    """Whether nearly all that a text is about stands in an earlier one, and both or neither of them deny something."""
    (mine, denied), (theirs, denied_before) = _content(text), _content(earlier)
    if not mine or denied is not denied_before:
        return False
    return len(mine & theirs) >= _enough(mine)


@lru_cache(maxsize=4096)  # each entry of an answer is compared with each entry of the turns before it
def _content(text: str) -> tuple[frozenset[str], bool]:
    """The stems of the words that say what a text is about, or all its words if it has none of them; and whether it
    denies something.
    """
    said = reading.words(text)
    about = frozenset(stem(word) for word in said if word not in STOP_WORDS and not reading.denies(word))
    return about or frozenset(said), reading.denies(text)


class Texts:
    """Earlier texts, among which it is looked for one to which a text adds nothing."""

    def __init__(self) -> None:
        self._content = {denied: SharedWords() for denied in (False, True)}

    def add(self, text: str) -> None:
        """Add a text."""
        about, denied = _content(text)
        self._content[denied].add(about)

    def say_all_of(self, text: str) -> bool:
        """Whether a text adds nothing to one of them (``adds_nothing``)."""
        mine, denied = _content(text)
        return bool(mine) and bool(self._content[denied].sharing(mine, _enough(mine)))


def _enough(mine: frozenset[str]) -> float:
    """How many of the words of a text an earlier one must have, so that the text adds nothing to it."""
    return (ALIKE if len(mine) >= FEW_WORDS else 1) * len(mine)


def own_entries(entries: Sequence[Entry], given: GivenWords, exempt: Iterable[str]) -> tuple[list[Entry], list[Copy]]:
    """The entries of an answer in the speaker's own words, and those that are left out.

    Args:
        entries: the entries.
        given: the words that the speaker was given.
        exempt: the labels of entries that are one of a few given words, such as a position.
    """
    kept: list[Entry] = []
    out: list[Copy] = []
    chosen = set(exempt)
    for entry in entries:
        if entry.label in chosen:
            kept.append(entry)
            continue
        own, copied = _own_sentences(entry.text, given)
        out += [Copy(replace(entry, text=text), why) for text, why in copied]
        if own and (_repeats_quote(own) or any(adds_nothing(own, one.text) for one in kept if one.label not in chosen)):
            out.append(Copy(entry, Why.TWICE))
        elif own:
            kept.append(replace(entry, text=own))
    return kept, out


def _own_sentences(text: str, given: GivenWords) -> tuple[str, list[tuple[str, Why]]]:
    """The sentences of a text that are the speaker's own, each once, and the others."""
    own: list[str] = []
    copied: list[tuple[str, Why]] = []
    said = sentences_of(text)
    for sentence in said:
        if any(copies(sentence, one) for one in given.question) or _is(sentence, given.topic):
            copied.append((sentence, Why.QUESTION))
        elif any(copies(sentence, one) or borrows(sentence, one) for one in given.card):
            copied.append((sentence, Why.CARD))
        elif not any(adds_nothing(sentence, other) for other in own):
            own.append(sentence)
    return text if len(own) == len(said) else " ".join(own), copied


def _is(text: str, topic: str) -> bool:
    """Whether a text says all of the topic and nothing else."""
    return bool(topic) and adds_nothing(text, topic) and adds_nothing(topic, text)


def unquoted(text: str) -> str:
    """A text without the turns that it names and the words that it quotes from them."""
    return _NAMED.sub(" ", _QUOTED.sub(" ", text))


def _repeats_quote(text: str) -> bool:
    """Whether what a text says besides the words that it quotes only repeats these words."""
    rest = unquoted(text)
    return any(copies(rest, quote) for quote in _QUOTED.findall(text))


def said_before(text: str, earlier: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The earlier entry to which a text adds nothing: the id of its turn and its text; None without one.

    Args:
        text: the text of an entry.
        earlier: the ids of turns, and the texts of their entries.
    """
    return next(((turn, other) for turn, other in earlier if adds_nothing(text, other)), None)
