"""The answers of the simulated model: the double's words for a prompt, with the length of a real turn."""

import hashlib
import random
from collections.abc import Mapping
from typing import Any

from tests.ollama_double.answers import default_answer
from tests.ollama_double.tokens import tokenize

WORDS = (
    "cache", "ledger", "index", "shard", "quorum", "replica", "cursor", "token", "budget", "ticket", "window", "backup",
    "handler", "socket", "retry", "schema", "branch", "release", "metric", "alarm", "tenant", "region", "contract",
    "storage", "session", "cluster", "rollout", "latency", "reader", "writer",
)  # fmt: skip


def answer_tokens(body: Mapping[str, Any], turn_tokens: int) -> list[str]:
    """The tokens of an answer: prose of ``turn_tokens``, or JSON as short as it is; ``num_predict`` cuts both."""
    text = default_answer(body)
    limit = int((body.get("options") or {}).get("num_predict") or -1)
    most = limit if limit > 0 else 10_000
    tokens = tokenize(text)
    if not body.get("format") and text.strip() != "PASS":
        said = "".join(str(message.get("content", "")) for message in body.get("messages") or ())
        words = random.Random(hashlib.sha256(said.encode()).digest())  # noqa: S311 - words, no secret
        while len(tokens) < turn_tokens:
            tokens += tokenize(f" {words.choice(WORDS)}")
        tokens = tokens[: max(turn_tokens, 1)]
    return tokens[:most]
