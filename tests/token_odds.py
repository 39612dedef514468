"""Log-probabilities of tokens, in the format of Ollama and of OpenAI's protocol, for the doubles of both."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_EITHER = re.compile(r"\b(\w+) or (\w+)\W*\Z")


def log_probabilities(
    body: Mapping[str, Any], pieces: Sequence[str], first: Mapping[str, float]
) -> list[dict[str, Any]]:
    """The entries for an answer: one for each token, with as many candidates as the request asks for, likeliest first.

    Args:
        body: the request.
        pieces: the tokens of the answer.
        first: log-probabilities of candidates for the first token; made up where there are none.
    """
    wanted = int(body.get("top_logprobs") or 0)
    listed = []
    for number, piece in enumerate(pieces):
        known = (first if not number else {}) or {piece: -0.12}
        made_up = {f" other{rank}": min(known.values()) - rank for rank in range(1, wanted + 1)}
        ranked = sorted({**made_up, **known}.items(), key=lambda one: -one[1])[:wanted]
        own = _entry(piece, known.get(piece, min(known.values())))
        listed.append({**own, **({"top_logprobs": [_entry(*one) for one in ranked]} if wanted else {})})
    return listed


def either(question: str) -> dict[str, float]:
    """Log-probabilities for a question that ends with "... A or B."; derived from its words, so always the same ones."""
    asked = _EITHER.search(question)
    if not asked:
        return {}
    share = (1 + int(hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:4], 16)) / (2**16 + 1)
    return {asked[1]: math.log(share), asked[2]: math.log(1 - share)}


def _entry(token: str, log: float) -> dict[str, Any]:
    return {"token": token, "logprob": log, "bytes": list(token.encode())}
