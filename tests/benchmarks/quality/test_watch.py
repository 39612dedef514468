"""What the search finds of the pairs that readers judged."""

from pathlib import Path

from agents.role import Role, RoleItem
from benchmarks.quality.pairs import Labels, Pair
from benchmarks.quality.watch import counted
from tests.benchmarks.quality.small import NAME, case_in

FLAGS = (
    RoleItem("Nothing can be restored.", ("delete all backups",)),
    RoleItem("One person knows all.", ("copy the data",)),
    RoleItem("It happens twice.", shows=("twice + next line",)),
)
CARD = "card:tester/red_flags"


def test_hits_are_counted_by_what_readers_said(tmp_path: Path) -> None:
    """Pairs by patterns and pairs by words are counted apart; of two known true pairs one is found, the other named."""
    found = Pair(NAME, 9, "Delete all backups", "Nothing can be restored.", CARD, true=True)
    missed = Pair(NAME, 4, "The old host is deleted", "Nothing can be restored.", CARD, true=True)
    shown = Pair(NAME, 12, "the next line runs twice", "It happens twice.", CARD, true=False)
    said = Pair(NAME, 3, "The shop moves on Friday evening.", "Nobody is there.", "once", true=True)
    roles = [Role("tester", "Tester", red_flags=FLAGS)]
    assert counted(case_in(tmp_path), roles, Labels([found, missed, shown, said]), 90) == (
        ["shop", "0", "1", "0", "1", "0", "1", "1", "2"],
        [missed],
    )
