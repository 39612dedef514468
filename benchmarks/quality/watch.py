"""Says what the search for the cards' words finds of the pairs that readers judged.

    python -m benchmarks.quality.watch [--each 90]

For those who improve watch words: how many of the best hits in each document are true, and which true pairs are not
among the hits.
"""

import argparse
from collections.abc import Sequence

from agents.role import Role
from agents.role.file import read_roles
from agents.settings import Settings
from benchmarks.quality.cases import Case, read_cases
from benchmarks.quality.pairs import Labels, Pair, pair_of, read_pairs
from benchmarks.quality.search import card_claims
from benchmarks.quality.tables import table


def counted(case: Case, roles: Sequence[Role], labels: Labels, each: int) -> tuple[list[str], list[Pair]]:
    """A row of the table for a document, and its true pairs that are not among the hits."""
    hits = card_claims(case.document, roles, "search")
    judged = [labels.truth(one) for one in hits[:each]]
    found = {pair_of(one).key for one in hits}
    known = [one for one in labels.pairs if one.true and one.document == case.document.name]
    cards = [one for one in known if one.source.startswith("card:")]
    missed = [one for one in cards if one.key not in found]
    counts = (judged.count(True), judged.count(False), judged.count(None), len(cards) - len(missed), len(cards))
    return [case.name, *map(str, counts)], missed


def main() -> None:
    """Print the table and the pairs that were not found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--each", type=int, default=90, help="so many hits of each document")
    each = parser.parse_args().each
    roles = list(read_roles(Settings.load().role_folder).values())
    labels = read_pairs()
    counts = [counted(case, roles, labels, each) for case in read_cases()]
    heads = ("document", f"best {each} true", "false", "not judged", "true pairs found", "true pairs known")
    print(table(heads, [row for row, _ in counts]), end="\n\n")
    for pair in (one for _, missed in counts for one in missed):
        print(pair.line_of_json())


if __name__ == "__main__":
    main()
