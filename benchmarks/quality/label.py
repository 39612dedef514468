"""Lists pairs that no reader has judged, as lines of the key without "true".

    python -m benchmarks.quality.label --out FOLDER [--first 10]
    python -m benchmarks.quality.label --cards ROLE,ROLE,... [--words 10] [--documents NAME,NAME]

The first form lists the first claims of every stored run, the second what the search for roles' red flags and questions
finds in each document: all by patterns, and the best by words. A reader adds ``"true": true`` or ``"true": false`` and
appends the lines to pairs.jsonl.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from agents.meeting.close_reading.pairs import MOST_BY_WORDS
from agents.role.file import roles_in
from agents.settings import Settings
from benchmarks.quality.cases import FOLDER, read_cases
from benchmarks.quality.claim import Claim, read_runs
from benchmarks.quality.pairs import Labels, Pair, pair_of, read_pairs
from benchmarks.quality.run import ARMS
from benchmarks.quality.score import FIRST
from benchmarks.quality.search import card_claims


def unlabelled(claims: Iterable[Claim], labels: Labels) -> Iterator[Pair]:
    """The pairs of these claims that nobody has judged, each once; claims without lines are none."""
    seen = set()
    for claim in claims:
        pair = pair_of(claim)
        if claim.first and labels.truth(claim) is None and pair.key not in seen:
            seen.add(pair.key)
            yield pair


def main() -> None:
    """Print the pairs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, help="list the claims of the runs in this folder")
    parser.add_argument("--first", type=int, default=FIRST, help="so many of each run")
    parser.add_argument("--cards", default="", help="list what the search for these roles' cards finds")
    parser.add_argument("--words", type=int, default=MOST_BY_WORDS, help="so many by words in each document")
    parser.add_argument("--documents", default="", help="names without suffix; all if not given")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="the documents")
    given = parser.parse_args()
    wanted = set(filter(None, given.documents.split(",")))
    claims: list[Claim] = []
    if given.out:
        claims += [one for run in read_runs(given.out, ARMS) for one in run.claims[: given.first]]
    if given.cards:
        roles = roles_in(Settings.load().role_places)
        chosen = [roles[name] for name in given.cards.split(",")]
        for case in read_cases(given.folder):
            shown, by_words = card_claims(case.document, chosen, "search")
            claims += [*shown, *by_words[: given.words]]
    for pair in unlabelled((one for one in claims if not wanted or Path(one.document).stem in wanted), read_pairs()):
        print(pair.line_of_json())


if __name__ == "__main__":
    main()
