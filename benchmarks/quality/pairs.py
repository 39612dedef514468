"""The key of pairs: whether a sentence of a document really is an instance of what is said about it.

A line of a document may be flawed in another way than a claim says. So readers judge pairs of a line and a claim by
hand, and what they found is kept in ``pairs.jsonl`` and ``missed.jsonl``; README.md has their rule.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.errors import UsageError
from agents.text import words_of
from benchmarks.quality.claim import Claim

HERE = Path(__file__).resolve().parent
FOUND, MISSED = HERE / "pairs.jsonl", HERE / "missed.jsonl"
"""Pairs that a search or an arm found, and true ones that the search did not find when they were written."""
WRONG_LINE = "Repair or remove the line; python -m benchmarks.quality.label prints the form."


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of a document and what is said about it.

    Attributes:
        document: the document's name.
        line: the first line that the claim is about.
        quote: the words of the line.
        claim: what is said.
        source: "card:ROLE/LIST", or the arm that said it.
        true: whether it is so; None if no reader has said.
    """

    document: str
    line: int
    quote: str
    claim: str
    source: str
    true: bool | None = None

    @property
    def key(self) -> tuple[str, int, str]:
        """What a pair is found by: document, line, and the words of the claim, whatever its marks and case."""
        return self.document, self.line, " ".join(words_of(self.claim))

    def line_of_json(self) -> str:
        """The pair as a line of the key; without "true" where no reader has said."""
        table: dict[str, object] = {
            "document": self.document, "line": self.line, "quote": self.quote, "claim": self.claim,
            "source": self.source,
        }  # fmt: skip
        return json.dumps(table | ({} if self.true is None else {"true": self.true}), ensure_ascii=False)


class Labels:
    """The pairs that were judged."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = tuple(pairs)
        self._true = {pair.key: pair.true for pair in self.pairs if pair.true is not None}

    def truth(self, claim: Claim) -> bool | None:
        """Whether a claim is true of its line: not without a line, None if no reader has judged it."""
        return self._true.get(pair_of(claim).key) if claim.first else False


def pair_of(claim: Claim) -> Pair:
    """The pair that a reader judges."""
    return Pair(claim.document, claim.first, claim.quote, claim.problem, claim.source)


def read_pairs(files: Sequence[Path] = (FOUND, MISSED)) -> Labels:
    """Read keys of pairs; a file that is not there has none.

    Raises:
        UsageError: a line is no pair, or a pair has two labels; the message names the line.
    """
    known: dict[tuple[str, int, str], Pair] = {}
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        for number, line in enumerate(lines, 1):
            try:
                table = json.loads(line)
                pair = Pair(**table | {"true": {True: True, False: False}[table["true"]]})
            except (ValueError, TypeError, KeyError) as error:
                raise UsageError(f"{file.name}, line {number} is not a judged pair: {error}.", WRONG_LINE) from None
            if known.setdefault(pair.key, pair).true is not pair.true:
                raise UsageError(f"{file.name}, line {number}: the same pair has two labels.", WRONG_LINE)
    return Labels(known.values())
