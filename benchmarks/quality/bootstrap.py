"""Intervals by resampling: documents with replacement, and within each its runs and the parts of their scores."""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.quality.score import Part

ROUNDS = 1000
SEED = 14
"""The same input always gives the same interval."""
INSIDE = 0.95

Sample = Mapping[str, Sequence[Sequence[Part]]]
"""By document, the parts of each run."""


class Interval(NamedTuple):
    """A share and its 95 % interval; None where there is nothing to count."""

    value: float | None
    low: float | None = None
    high: float | None = None


def share(parts: Sequence[Part]) -> float | None:
    """The share of the parts that count, among those that are known; None where none is."""
    known = [part.counts for part in parts if part.counts is not None]
    return sum(known) / len(known) if known else None


def interval(sample: Sample, rounds: int = ROUNDS) -> Interval:
    """The share over all documents and runs, with its interval."""
    value = share([part for runs in sample.values() for parts in runs for part in parts])
    chance = random.Random(SEED)  # noqa: S311 - the same in every run
    names = sorted(sample)
    drawn = [_drawn(sample, chance.choices(names, k=len(names)), chance) for _ in range(rounds)] if names else []
    return _between(value, [one for one in drawn if one is not None])


def difference(sample: Sample, other: Sample, rounds: int = ROUNDS) -> Interval:
    """How much larger the share of one sample is than that of another about the same documents.

    Both are resampled with the same documents, since some documents are harder than others for everyone.
    """
    names = sorted(sample.keys() & other.keys())
    mine, theirs = ({name: each[name] for name in names} for each in (sample, other))
    value = _less(interval(mine, 0).value, interval(theirs, 0).value)
    chance = random.Random(SEED)  # noqa: S311 - the same in every run
    drawn = []
    for _ in range(rounds if names else 0):
        chosen = chance.choices(names, k=len(names))
        drawn.append(_less(_drawn(mine, chosen, chance), _drawn(theirs, chosen, chance)))
    return _between(value, [one for one in drawn if one is not None])


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _drawn(sample: Sample, names: Sequence[str], chance: random.Random) -> float | None:
    """The share in one resample of these documents."""
    parts: list[Part] = []
    for name in names:
        runs = sample[name]
        for run in chance.choices(runs, k=len(runs)):
            parts += chance.choices(run, k=len(run)) if run else []
    return share(parts)


def _between(value: float | None, drawn: list[float]) -> Interval:
    if value is None or not drawn:
        return Interval(value)
    drawn.sort()
    outside = (1 - INSIDE) / 2
    return Interval(
        value, drawn[int(outside * len(drawn))], drawn[min(len(drawn) - 1, int((1 - outside) * len(drawn)))]
    )
