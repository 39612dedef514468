"""Full-text search in which any text is a valid search and the time is limited."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
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


def any_of(words: Sequence[str]) -> str:
    """The FTS5 query for rows with any of these words."""
    return " OR ".join(f'"{word}"' for word in words)


class WordIndex:
    """A word index of the database; common words do not make a search slower.

    Rows with rare words come first, ranked by bm25. For common words bm25 would visit most of the index, so they only
    add rows up to the limit: first rows that contain several of them, then the newest rows that contain most of them.

    Args:
        database: the database.
        name: the FTS5 table; ``text`` is its last column.
        weights: the weights of its columns, in order, for the ranking.
        owners: "TABLE.COLUMN" of the owner of each row, if rows have owners; the index also has a column of that name.
    """

    def __init__(self, database: Database, name: str, weights: Sequence[float], owners: str = "") -> None:
        self.database = database
        self.name = name
        self.rank = f"bm25({name}, {', '.join(str(weight) for weight in weights)})"
        self.text_column = len(weights) - 1
        self.table, _, self.owner = owners.partition(".")
        whose = f"t.{self.owner} = ? AND t.number = {name}.rowid"
        self._own = f"AND EXISTS (SELECT 1 FROM {self.table} t WHERE {whose})"  # noqa: S608 - our own names

    def best(self, text: str, limit: int, owner: str | None = None) -> list[int]:
        """Numbers of the rows that contain any of the words, best first.

        Args:
            text: any text.
            limit: the maximum number of rows.
            owner: only rows of this owner; None for all rows.
        """
        rare, common = self._rare_and_common(plain_words(text))
        found = self._ranked(rare, limit, owner)
        if len(found) < limit and common:
            found = list(dict.fromkeys([*found, *self._with_all(common, limit, owner)]))
        if len(found) < limit and common:
            found = list(dict.fromkeys([*found, *self._newest(common, owner)]))
        return found[:limit]

    def snippets(self, text: str, numbers: Sequence[int]) -> dict[int, str]:
        """A short piece of each row around the words, which are in square brackets.

        Args:
            text: the text of the search.
            numbers: rows that ``best`` found.
        """
        words = plain_words(text)
        if not words or not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        piece = f"snippet({self.name}, {self.text_column}, '[', ']', '...', 16)"
        sql = f"SELECT rowid, {piece} FROM {self.name} WHERE {self.name} MATCH ? AND rowid IN ({marks})"  # noqa: S608
        return {number: " ".join(found.split()) for number, found in self.database.rows(sql, (_query(words), *numbers))}

    def _rare_and_common(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """The rare words, whose rows together are few enough to rank; and the common words, the rarest first."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self.name} WHERE {self.name} MATCH ? LIMIT {CANDIDATES + 1})"  # noqa: S608
        counts = {word: int(self.database.rows(sql, (_query([word]),))[0][0]) for word in words}
        counted = sorted(words, key=lambda word: (counts[word], -len(word)))
        together = list(accumulate(counts[word] for word in counted))
        few = bisect_right(together, CANDIDATES)
        return counted[:few], counted[few : few + COMMON_WORDS]

    def _ranked(self, words: Sequence[str], limit: int, owner: str | None) -> list[int]:
        if not words:
            return []
        own, values = "", [_query(words)]
        if owner is not None:
            own = self._own
            values.append(owner)
        sql = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH ? {own} ORDER BY {self.rank}, rowid DESC LIMIT ?"  # noqa: S608
        return [number for (number,) in self.database.rows(sql, (*values, limit))]

    def _with_all(self, words: Sequence[str], limit: int, owner: str | None) -> list[int]:
        """Rows of any age that contain all the words, then those that contain the rarest of them."""
        own, owned = "", []
        if owner is not None:
            own, owned = self._own, [owner]
        sql = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH ? {own} ORDER BY rowid DESC LIMIT ?"  # noqa: S608
        found: list[int] = []
        for many in sorted({len(words), *TOGETHER} & set(range(2, len(words) + 1)), reverse=True):
            together = " AND ".join([self._owned(words[0], owner), *(_query([word]) for word in words[1:many])])
            found += [number for (number,) in self.database.rows(sql, (together, *owned, limit))]
            if len(found) >= limit:
                break
        return found

    def _newest(self, words: Sequence[str], owner: str | None) -> list[int]:
        """The newest rows for each word; rows with most of the words first, newer rows before older ones."""
        sql = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH ? ORDER BY rowid DESC LIMIT {NEWEST}"  # noqa: S608
        hits = Counter(number for word in words for (number,) in self.database.rows(sql, (self._owned(word, owner),)))
        newest = sorted(hits, key=lambda number: (-hits[number], -number))[:CANDIDATES]
        if owner is None:
            return newest
        marks = ", ".join("?" * len(newest))
        own = f"SELECT number FROM {self.table} WHERE number IN ({marks}) AND {self.owner} = ?"  # noqa: S608 - our own names
        kept = {number for (number,) in self.database.rows(own, (*newest, owner))}
        return [number for number in newest if number in kept]

    def _owned(self, word: str, owner: str | None) -> str:
        # The index has the words of the owner's name, which other names may contain, too: this only narrows the search.
        names = " ".join(_WORD.findall(owner or ""))
        return f'{self.owner} : "{names}" AND {_query([word])}' if names else _query([word])


def _query(words: Sequence[str]) -> str:
    return f"text : ({any_of(words)})"
