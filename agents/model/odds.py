"""How much likelier one first word of an answer is than another, from the log-probabilities that a server gives.

Ollama and servers of OpenAI's protocol are asked in the same two fields, and answer in the same format.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

Candidates = tuple[tuple[str, float], ...]
"""Tokens that an answer may begin with, each with its log-probability."""

FIELDS = {"logprobs": True, "top_logprobs": 20}
"""The fields of a request that ask for them; 20 candidates are the most that servers give."""

_LEAST = -100.0
"""Taken for every log-probability below it: servers write 0 as -9999, -3.4e38 or minus infinity."""

_NAMED = re.compile(r"log[ _-]?prob", re.IGNORECASE)


def first_token(listed: Any) -> Candidates:
    """The candidates for the first token of a list of log-probabilities; none if it is not such a list.

    Args:
        listed: what the server gave: a list with an object for each token that it wrote.
    """
    written = listed[0] if isinstance(listed, list) and listed else None
    if not isinstance(written, dict):
        return ()
    others = written.get("top_logprobs")
    entries = [_entry(other) for other in (others if isinstance(others, list) else ())]
    known = [entry for entry in entries if entry is not None]
    own = _entry(written)
    if own is not None and own[0] not in {token for token, _ in known}:
        known.append(own)
    return tuple(known)


def margin(candidates: Candidates, between: Sequence[str]) -> float | None:
    """The log-probability that an answer begins with the first of two words, minus that of the second.

    All tokens count for a word that are the word or its beginning alone, without regard to case and blanks. A word
    that is not among the candidates is at most as likely as the least likely of them, and is taken to be so.

    Args:
        candidates: the tokens that an answer may begin with.
        between: the two words; without them there is nothing to tell.

    Returns:
        The difference in natural logarithms; None if the candidates do not tell, because there are fewer than two or
        neither word is among them.
    """
    words = [word.strip().lower() for word in between]
    if len(words) != 2 or len(candidates) < 2:
        return None
    found: tuple[list[float], list[float]] = ([], [])
    for token, log in candidates:
        named = _named(token.strip().lower(), words)
        if named is not None:
            found[named].append(log)
    if not any(found):
        return None
    lowest = min(log for _, log in candidates)
    first, second = (_sum(logs) if logs else lowest for logs in found)
    return first - second


def refused(words: str) -> bool:
    """Whether the words of a refusal are about log-probabilities."""
    return bool(_NAMED.search(words))


def _entry(given: Any) -> tuple[str, float] | None:
    if not isinstance(given, dict):
        return None
    token, log = given.get("token"), given.get("logprob")
    if not isinstance(token, str) or isinstance(log, bool) or not isinstance(log, int | float) or log != log:
        return None
    return token, float(max(_LEAST, min(0, log)))


def _named(said: str, words: Sequence[str]) -> int | None:
    """Which of the words a token begins; None for neither, or for both."""
    if said in words:
        return words.index(said)
    begun = [number for number, word in enumerate(words) if said and word.startswith(said)]
    return begun[0] if len(begun) == 1 else None


def _sum(logs: Sequence[float]) -> float:
    """The logarithm of the sum of probabilities that are given as logarithms."""
    highest = max(logs)
    return highest + math.log(sum(math.exp(log - highest) for log in logs))
