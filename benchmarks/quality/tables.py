"""Prints what stored runs are worth as Markdown tables: ``python -m benchmarks.quality.tables --out FOLDER``."""

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.bootstrap import Interval, Sample, difference, interval
from benchmarks.quality.cases import FOLDER, Case, read_cases
from benchmarks.quality.claim import Run, read_runs
from benchmarks.quality.pairs import Labels, read_pairs
from benchmarks.quality.run import ARMS
from benchmarks.quality.score import Part, Scores, score

HEADS = {
    "first": "first ten on a flaw",
    "pairs": "first ten true",
    "recall_first": "flaws found by ten",
    "precision": "all on a flaw",
    "recall": "flaws found by all",
    "traps_first": "first ten on a trap",
    "traps": "all on a trap",
    "words": "words stand in the lines",
}
BY_LINES = ("first", "recall_first", "precision", "recall")
BY_WORDS = ("pairs", "words", "traps_first", "traps")
COMPARED = ("first", "pairs", "recall_first", "recall")
Scored = list[tuple[Run, Scores]]


def scored(runs: Sequence[Run], cases: Sequence[Case], labels: Labels) -> Scored:
    """Every run about a known document, with its scores."""
    by_name = {case.document.name: case for case in cases}
    return [(run, score(run, by_name[run.document], labels)) for run in runs if run.document in by_name]


def sample(every: Scored, arm: str, name: str) -> Sample:
    """The parts of one score of an arm, by document and run."""
    out: dict[str, list[Sequence[Part]]] = {}
    for run, scores in every:
        if run.arm == arm:
            out.setdefault(run.document, []).append(getattr(scores, name))
    return out


def quality_table(every: Scored, arms: Sequence[str], names: Sequence[str]) -> str:
    """A line for each arm and a column for each score: the share, its interval, and what guessing would reach."""
    rows = [[arm, *(_cell(sample(every, arm, name)) for name in names)] for arm in arms]
    return table(("arm", *(HEADS[name] for name in names)), rows)


def cost_table(every: Scored, arms: Sequence[str]) -> str:
    """What a run of each arm gave and cost, on average."""
    rows = []
    for arm in arms:
        runs = [run for run, _ in every if run.arm == arm]
        mean = [
            statistics.mean(values)
            for values in (
                [len(run.claims) for run in runs],
                [run.spent.calls for run in runs],
                [run.spent.evaluated for run in runs],
                [run.spent.written for run in runs],
                [run.spent.seconds for run in runs],
            )
        ]
        rows.append([arm, str(len(runs)), f"{mean[0]:.1f}", *(f"{value:,.0f}" for value in mean[1:])])
    return table(("arm", "runs", "claims", "calls", "tokens evaluated", "tokens written", "seconds"), rows)


def difference_table(every: Scored, arms: Sequence[str]) -> str:
    """The first arm against each other one."""
    rows = []
    for name in COMPARED:
        for other in arms[1:]:
            found = difference(sample(every, arms[0], name), sample(every, other, name))
            rows.append([HEADS[name], other, shown(found, sign="+")])
    return table(("score", f"{arms[0]} less", "difference (95 %)"), rows)


def document_table(every: Scored, arms: Sequence[str]) -> str:
    """The share of the first ten claims on a flaw, and of all flaws found, for each document and arm."""
    rows = []
    for document in sorted({run.document for run, _ in every}):
        for name in ("first", "recall"):
            each = [interval({document: sample(every, arm, name).get(document, [])}, 0) for arm in arms]
            rows.append([document, HEADS[name], *map(shown, each)])
    return table(("document", "score", *arms), rows)


def shown(one: Interval, sign: str = "") -> str:
    """An interval in a cell."""
    if one.value is None:
        return "-"
    if one.low is None or one.high is None:
        return f"{one.value:{sign}.2f}"
    return f"{one.value:{sign}.2f} ({one.low:{sign}.2f} to {one.high:{sign}.2f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _cell(parts: Sample) -> str:
    """A share with its interval, the chance of it, and how many parts nobody has judged."""
    each = [part for runs in parts.values() for run in runs for part in run]
    chance = statistics.mean(part.chance for part in each) if each else 0
    unknown = sum(part.counts is None for part in each)
    extra = [f"chance {chance:.2f}"] if chance else []
    extra += [f"{unknown} of {len(each)} not judged"] if unknown else []
    return "; ".join([shown(interval(parts)), *extra])


def main() -> None:
    """Score the stored runs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder with the runs")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="the documents with their keys")
    given = parser.parse_args()
    cases = read_cases(given.folder)
    every = scored(read_runs(given.out, ARMS), cases, read_pairs())
    arms = [arm for arm in ARMS if any(run.arm == arm for run, _ in every)]
    if not arms:
        raise SystemExit(
            f"There are no runs in {given.out}. Make some: python benchmarks/quality/run.py --out {given.out}"
        )
    printed = [quality_table(every, arms, names) for names in (BY_LINES, BY_WORDS)]
    printed += [cost_table(every, arms)]
    printed += [difference_table(every, arms)] if len(arms) > 1 else []
    print(*printed, document_table(every, arms), sep="\n\n")


if __name__ == "__main__":
    main()
