"""The search arm, which asks no model."""

from pathlib import Path

from agents.role import Role, RoleItem
from benchmarks.quality.search import searched
from tests.benchmarks.quality.small import case_in

ROLE = Role(
    "tester",
    "Tester",
    questions=(RoleItem("Who decides?", shows=("shop + evening",)),),
    red_flags=(
        RoleItem("Nothing can be restored.", ("delete all backups", "backups")),
        RoleItem("The way back is gone.", ("backups",), ("old host + deleted",)),
    ),
)


def test_what_a_pattern_finds_is_ranked_before_what_words_find(tmp_path: Path) -> None:
    """As in a meeting: each line once, with the list that it is from and no token spent."""
    claims, spent = searched(case_in(tmp_path).document, [ROLE], "search")
    assert [(one.rank, one.first, one.problem, one.source) for one in claims] == [
        (1, 3, "Who decides?", "card:tester/questions"),
        (2, 4, "The way back is gone.", "card:tester/red_flags"),
        (3, 9, "Nothing can be restored.", "card:tester/red_flags"),
    ]
    assert spent.tokens == 0
