"""Full-text search in which any text is a valid search and the time is limited."""

import re
import secrets
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from agents.store.database import Database
from agents.text import STOP_WORDS

MOST_WORDS = 32
"""The maximum number of words of a search; of a longer text the longest words, which tend to say most."""

CANDIDATES = 600
"""The maximum number of rows that are ranked."""

NEWEST = 250
"""The number of newest rows that are considered for a word that is too common to rank all its rows."""

TOGETHER = (3,)
"""Numbers of common words that an old row must contain to be found, after the rows that contain all of them."""

COMMON_WORDS = 6
"""The maximum number of common words that are considered."""

FEW_WORDS = 6
"""The maximum number of words of a search whose rows are ranked by how many of them they contain."""

SNIPPET_WORDS = 16
"""About how many words a short piece of a text has."""

SNIPPET_LETTERS = 160
"""The most letters of each part of it: a text may have words of any length."""

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")

_SPOKEN = """
above again am because being below between both d did doing don down during few further having he her here hers
him his just ll m me might my nor now off once ours own re s same shall she t theirs through too us ve very
while whom yours
"""
IGNORED = STOP_WORDS | frozenset(_SPOKEN.split())
"""Words that do not say what is looked for. People search in the words of a talk, in which pronouns, the ends of
contractions and small adverbs say nothing.
"""


def plain_words(text: str) -> list[str]:
    """The different words of a text, in order, at most ``MOST_WORDS``; stop words only if there are no others."""
    # The index folds case and accents, by the same rules as for the stored words.
    found = {word.lower(): word for word in _WORD.findall(text)}
    telling = [word for lower, word in found.items() if lower not in IGNORED] or list(found.values())
    if len(telling) > MOST_WORDS:
        chosen = set(sorted(telling, key=len, reverse=True)[:MOST_WORDS])
        telling = [word for word in telling if word in chosen]
    return telling


def words_in(text: str) -> list[str]:
    """All words of a text, in order."""
    return _WORD.findall(text)


def any_of(words: Sequence[str]) -> str:
    """The FTS5 query for rows with any of these words."""
    return " OR ".join(f'"{word}"' for word in words)


def folded(text: str) -> str:
    """A text with its letters as the index compares them: without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))


def folded_words(text: str) -> set[str]:
    """The different words of a text, as the index compares them."""
    return set(_WORD.findall(folded(text)))


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text that a search found.

    Attributes:
        text: the words.
        matches: whether they are what was looked for.
    """

    text: str
    matches: bool = False


def bracketed(pieces: Sequence[Piece]) -> str:
    """The pieces as one text in which what was looked for is in square brackets."""
    return "".join(f"[{one.text}]" if one.matches else one.text for one in pieces)


@dataclass(frozen=True, slots=True)
class Only:
    """The rows that a search is about.

    Attributes:
        condition: in SQL, about ``found.rowid``; "" for all rows.
        values: those of the condition.
        words: an FTS5 query that all these rows match, by which the index finds them faster; "" for none.
        newest: how many of the newest rows with common words are looked at, for all words together, if that is more
            than ``NEWEST`` for each.
    """

    condition: str = ""
    values: tuple[str, ...] = ()
    words: str = ""
    newest: int = 0

    @property
    def sql(self) -> str:
        """The condition, behind others."""
        return f"AND {self.condition}" if self.condition else ""

    def query(self, words: str) -> str:
        """An FTS5 query for rows that match this one, too."""
        return f"{self.words} AND {words}" if self.words else words


EVERY_ROW = Only()


@dataclass(frozen=True, slots=True)
class Within:
    """The meetings that a search is about.

    Attributes:
        type_id: their type; "" for any.
        since, before: when they were created, ISO 8601 in UTC: not before the first and before the second; "" for any.
    """

    type_id: str = ""
    since: str = ""
    before: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """What is true of the table of meetings, in SQL, with the value of each condition."""
        every = {
            "meetings.type = ?": self.type_id,
            "meetings.created >= ?": self.since,
            "meetings.created < ?": self.before,
        }
        return {condition: value for condition, value in every.items() if value}


ANY_MEETING = Within()


class WordIndex:
    """A word index of the database; common words do not make a search slower.

    Rows with rare words come first, ranked by bm25. If a search has few words, those with most of them come first: who
    types three words means all of them, while a question has words that say little. For common words bm25 would visit
    most of the index, so they only add rows up to the limit: first rows that contain several of them, then the newest
    rows that contain most of them.

    Args:
        database: the database.
        name: the FTS5 table; ``text`` is its last column.
        weights: the weights of its columns, in order, for the ranking.
    """

    def __init__(self, database: Database, name: str, weights: Sequence[float]) -> None:
        self.database = database
        self.name = name
        self.rank = f"bm25({name}, {', '.join(str(weight) for weight in weights)})"
        self.text_column = len(weights) - 1
        self._matching = f"SELECT found.rowid FROM {name} AS found WHERE {name} MATCH ?"  # noqa: S608 - our own names

    def best(self, text: str, limit: int, only: Only = EVERY_ROW) -> list[int]:
        """Numbers of the rows that contain any of the words, best first. With a higher limit, the first ones stay.

        Args:
            text: any text.
            limit: the maximum number of rows.
            only: the rows that are meant.
        """
        rare, common = self._rare_and_common(plain_words(text))
        found = self._ranked(rare, common, only)
        if len(found) < limit and common:
            found = list(dict.fromkeys([*found, *self._with_all(common, limit, only)]))
        if len(found) < limit and common:
            found = list(dict.fromkeys([*found, *self._newest(common, only)]))
        return found[:limit]

    def snippets(self, text: str, numbers: Sequence[int]) -> dict[int, tuple[Piece, ...]]:
        """A short part of each row around the words, in pieces.

        Args:
            text: the text of the search.
            numbers: rows that ``best`` found.
        """
        words = plain_words(text)
        if not words or not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        begin, end = secrets.token_hex(8), secrets.token_hex(8)  # what nobody can know, no stored text contains
        piece = f"snippet({self.name}, {self.text_column}, ?, ?, '...', {SNIPPET_WORDS})"
        sql = f"SELECT rowid, {piece} FROM {self.name} WHERE {self.name} MATCH ? AND rowid IN ({marks})"  # noqa: S608
        rows = self.database.rows(sql, (begin, end, _query(words), *numbers))
        return {number: _pieces(" ".join(found.split()), begin, end) for number, found in rows}

    def _rare_and_common(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """The rare words, whose rows together are few enough to rank; and the common words, the rarest first."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self.name} WHERE {self.name} MATCH ? LIMIT {CANDIDATES + 1})"  # noqa: S608
        counts = {word: int(self.database.rows(sql, (_query([word]),))[0][0]) for word in words}
        counted = sorted(words, key=lambda word: (counts[word], -len(word)))
        together = list(accumulate(counts[word] for word in counted))
        few = bisect_right(together, CANDIDATES)
        return counted[:few], counted[few : few + COMMON_WORDS]

    def _ranked(self, rare: Sequence[str], common: Sequence[str], only: Only) -> list[int]:
        """The rows with rare words; of a few words, first the rows that contain most of them."""
        if not rare:
            return []
        sql = f"{self._matching} {only.sql} ORDER BY {self.rank}, found.rowid DESC"
        found = [number for (number,) in self.database.rows(sql, (_query(rare), *only.values))]
        if len(found) > 1 and 1 < len(rare) + len(common) <= FEW_WORDS:
            queries = [_query([word]) for word in rare]
            queries += [f"{_query(rare)} AND {_query([word])}" for word in common]
            every = (self.database.rows(self._matching, (one,)) for one in queries)
            hits = Counter(number for rows in every for (number,) in rows)
            found.sort(key=lambda number: -hits[number])  # those with as many stay in the order of bm25
        return found

    def _with_all(self, words: Sequence[str], limit: int, only: Only) -> list[int]:
        """Rows of any age that contain all the words, then those that contain the rarest of them."""
        sql = f"{self._matching} {only.sql} ORDER BY found.rowid DESC LIMIT ?"
        found: list[int] = []
        for many in sorted({len(words), *TOGETHER} & set(range(2, len(words) + 1)), reverse=True):
            together = only.query(" AND ".join(_query([word]) for word in words[:many]))
            found += [number for (number,) in self.database.rows(sql, (together, *only.values, limit))]
            if len(found) >= limit:
                break
        return found

    def _newest(self, words: Sequence[str], only: Only) -> list[int]:
        """The newest rows for each word; rows with most of the words first, newer rows before older ones."""
        looked_at = f"{self._matching} ORDER BY found.rowid DESC LIMIT {max(NEWEST, only.newest // len(words))}"
        sql = f"SELECT found.rowid FROM ({looked_at}) AS found WHERE 1 {only.sql} LIMIT {NEWEST}"  # noqa: S608 - our own
        every = (self.database.rows(sql, (only.query(_query([word])), *only.values)) for word in words)
        hits = Counter(number for rows in every for (number,) in rows)
        return sorted(hits, key=lambda number: (-hits[number], -number))[:CANDIDATES]


def _query(words: Sequence[str]) -> str:
    return f"text : ({any_of(words)})"


def _pieces(text: str, begin: str, end: str) -> tuple[Piece, ...]:
    """The pieces of a text in which what matches is between two marks."""
    first, *rest = text.split(begin)
    parts = [(first, False)]
    for one in rest:
        match, _, after = one.partition(end)
        parts += [(match, True), (after, False)]
    last = len(parts) - 1
    cut = (Piece(_cut(part, keep_end=n == 0 and last > 0), match) for n, (part, match) in enumerate(parts))
    return tuple(one for one in cut if one.text)


def _cut(text: str, *, keep_end: bool) -> str:
    if len(text) <= SNIPPET_LETTERS:
        return text
    return f"...{text[-SNIPPET_LETTERS:]}" if keep_end else f"{text[:SNIPPET_LETTERS]}..."
