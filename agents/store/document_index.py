"""A search for passages of documents by their words."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from agents.documents import Document, Passage, passages_of
from agents.store.row_checksum import encodable
from agents.store.search import any_of, plain_words


class PassageIndex:
    """An index of passages in memory. Use it as a context manager, or call ``close``.

    Args:
        passages: the passages to search.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = tuple(passages)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5 "
            "(heading, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        rows = ((n, encodable(one.heading), encodable(one.text)) for n, one in enumerate(self.passages))
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO words (rowid, heading, text) VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def search(self, text: str, limit: int) -> list[Passage]:
        """The passages that contain words of ``text``, best first; words in a heading count twice.

        Any text is a valid search.
        """
        words = plain_words(text)
        if not words:
            return []
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 2.0, 1.0), rowid LIMIT ?"
        with self._lock:
            found = self._connection.execute(sql, (any_of(words), max(0, limit))).fetchall()
        return [self.passages[number] for (number,) in found]

    def close(self) -> None:
        """Release the memory; a second call does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


@contextmanager
def searchable(documents: Sequence[Document]) -> Iterator[PassageIndex | None]:
    """An index of the passages of documents, while it is needed; None when there are none."""
    passages = passages_of(documents)
    if not passages:
        yield None
        return
    with PassageIndex(passages) as index:
        yield index
