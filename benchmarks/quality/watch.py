"""Says what the search for the cards' patterns and words finds of the pairs that readers judged.

    python -m benchmarks.quality.watch [--roles NAME,NAME] [--words 10]

For those who improve patterns and watch words: how many of the pairs in each document are true, and which true pairs
are not found. A meeting of the benchmark's seats searches for the lists of five of the roles.
"""

import argparse
from collections.abc import Sequence

from agents.meeting.close_reading.pairs import MOST_BY_WORDS
from agents.role import Role
from agents.role.file import roles_in
from agents.settings import Settings
from benchmarks.quality.cases import Case, read_cases
from benchmarks.quality.claim import Claim
from benchmarks.quality.pairs import Labels, Pair, pair_of, read_pairs
from benchmarks.quality.search import card_claims
from benchmarks.quality.tables import table


def counted(case: Case, roles: Sequence[Role], labels: Labels, most: int) -> tuple[list[str], list[Pair]]:
    """A row of the table for a document, and its true pairs that are not among what is found.

    Args:
        case: the document.
        roles: the roles whose lists are searched for.
        labels: the pairs that were judged.
        most: so many of the pairs that only words find.
    """
    shown, by_words = card_claims(case.document, roles, "search")
    by_words = by_words[:most]
    found = {pair_of(one).key for one in (*shown, *by_words)}
    known = _true_pairs(case, roles, labels)
    missed = [one for one in known if one.key not in found]
    counts = (*_judged(shown, labels), *_judged(by_words, labels), len(known) - len(missed), len(known))
    return [case.name, *map(str, counts)], missed


def _judged(claims: Sequence[Claim], labels: Labels) -> tuple[int, int, int]:
    """How many are true, false, and not judged."""
    judged = [labels.truth(one) for one in claims]
    return judged.count(True), judged.count(False), judged.count(None)


def _true_pairs(case: Case, roles: Sequence[Role], labels: Labels) -> list[Pair]:
    """The true pairs of a document and an item of one of these roles."""
    sources = {f"card:{role.id}/{name}" for role in roles for name in ("red_flags", "questions")}
    return [one for one in labels.pairs if one.true and one.document == case.document.name and one.source in sources]


def main() -> None:
    """Print the table and the pairs that were not found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--roles", default="", help="search for the lists of these roles; all if not given")
    parser.add_argument("--words", type=int, default=MOST_BY_WORDS, help="so many pairs by words in each document")
    given = parser.parse_args()
    known = roles_in(Settings.load().role_places)
    roles = [known[name] for name in filter(None, given.roles.split(","))] or list(known.values())
    labels = read_pairs()
    counts = [counted(case, roles, labels, given.words) for case in read_cases()]
    heads = (
        "document", "by patterns: true", "false", "not judged", "by words: true", "false", "not judged",
        "true pairs found", "true pairs known",
    )  # fmt: skip
    print(table(heads, [row for row, _ in counts]), end="\n\n")
    for pair in (one for _, missed in counts for one in missed):
        print(pair.line_of_json())


if __name__ == "__main__":
    main()
