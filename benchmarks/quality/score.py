"""Scores runs by lines: which claims touch a planted flaw or a trap, and which flaws were found.

Every score is a list of parts and the whole they are a share of, so that it can be resampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.quality.cases import Case
from benchmarks.quality.claim import Claim, Run
from benchmarks.quality.locate import stands
from benchmarks.quality.pairs import Labels

FIRST = 10
"""The claims that a reader looks at."""


class Part(NamedTuple):
    """One claim or flaw: whether it counts, and what the chance of that was; None where nobody knows whether."""

    counts: bool | None
    chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """What one run is worth; each name is a column of the table.

    Attributes:
        first: of the first ten claims, those that touch a flaw.
        precision: of all claims, those that touch a flaw.
        recall: of the flaws, those that a claim touches.
        recall_first: of the flaws, those that one of the first ten claims touches.
        traps_first: of the first ten claims, those that touch a trap.
        traps: of all claims, those that touch a trap.
        words: of all claims, those whose quoted words stand in their lines.
        pairs: of the first ten claims, those that are true of their sentence; None where no reader has said.
    """

    first: Sequence[Part]
    precision: Sequence[Part]
    recall: Sequence[Part]
    recall_first: Sequence[Part]
    traps_first: Sequence[Part]
    traps: Sequence[Part]
    words: Sequence[Part]
    pairs: Sequence[Part]


def score(run: Run, case: Case, labels: Labels) -> Scores:
    """Score a run against the key of its document."""
    flawed = [_touching(claim, case, of_traps=False) for claim in run.claims]
    trapped = [_touching(claim, case, of_traps=True) for claim in run.claims]
    words = [Part(bool(one.lines and stands(one.quote, one.lines, case.document))) for one in run.claims]
    first = run.claims[:FIRST]
    return Scores(
        first=flawed[:FIRST],
        precision=flawed,
        recall=_found(run.claims, case),
        recall_first=_found(first, case),
        traps_first=trapped[:FIRST],
        traps=trapped,
        words=words,
        pairs=[Part(labels.truth(one)) for one in first],
    )


def _touching(claim: Claim, case: Case, *, of_traps: bool) -> Part:
    """Whether a claim touches a flaw or a trap. A claim without lines touches nothing, and has the chance of a line."""
    lines = claim.lines
    marked = [one.lines for one in (case.traps if of_traps else case.flaws)]
    length = sum(lines.first <= number <= lines.last for number in case.content) if lines else 1
    chance = case.chance(max(1, length), of_traps=of_traps)
    return Part(bool(lines) and any(lines.touches(one) for one in marked if lines), chance)


def _found(claims: Sequence[Claim], case: Case) -> list[Part]:
    """Which flaws the claims touch, and the chance that as many claims about lines drawn at random would touch each."""
    places = [one.lines for one in claims if one.lines]
    out = []
    for flaw in case.flaws:
        size = sum(flaw.lines.first <= number <= flaw.lines.last for number in case.content)
        missed = (1 - size / len(case.content)) ** len(claims)
        out.append(Part(any(place.touches(flaw.lines) for place in places), 1 - missed))
    return out
