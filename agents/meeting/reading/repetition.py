"""The words of a text, and whether they were said before. All functions are pure."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

RUN_WORDS = 4
"""The words of a run; turns are compared by their runs of words."""
REPEATED = 0.6
"""A turn repeats an earlier one that contains at least this share of its runs."""

NEGATED = re.compile(r"\b(?:not|never|no|none|nobody|cannot|neither|nor|without|hardly|\w+n['\u2019]t)\b", re.I)
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Letters of scripts that have no blanks between words."""
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    if text.isascii():
        return WORD.findall(text.lower())
    return [word.lower() for word in WORD.findall(text)]  # lower case may have more letters, which are none of words


def word_count(text: str) -> int:
    """The number of words of a text; in scripts without blanks between words, each two letters count as one."""
    dense = len(_DENSE.findall(text))
    return len(WORD.findall(_DENSE.sub(" ", text))) + (dense + 1) // 2


def denies(text: str) -> bool:
    """Whether a text has a word such as "not" or "nobody"."""
    return bool(NEGATED.search(text))


def repeats(text: str, earlier: Iterable[tuple[str, str]]) -> str:
    """The id of the earlier turn that a text repeats, or "".

    It compares runs of words (``RUN_WORDS``, ``REPEATED``).

    Args:
        text: the text of the new turn.
        earlier: the ids and texts of the earlier turns.
    """
    mine = _runs(words(text))
    if len(mine) < 3:
        return ""
    for turn_id, said in earlier:
        if len(mine & _runs(words(said))) >= REPEATED * len(mine):
            return turn_id
    return ""


def similar(one: str, other: str) -> bool:
    """Whether two sentences share at least three quarters of the words of the longer one."""
    mine, theirs = _different_words(one), _different_words(other)
    return bool(mine) and len(mine & theirs) >= 0.75 * max(len(mine), len(theirs))


@lru_cache(maxsize=4096)  # each entry of a meeting is compared with each of another one
def _different_words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _runs(said: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(said[i : i + RUN_WORDS]) for i in range(len(said) - RUN_WORDS + 1)}
