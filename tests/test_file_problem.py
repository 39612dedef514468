"""Names of files that may be meant."""

from pathlib import Path

from agents.file_problem import similar_files


def test_a_wrong_name_offers_the_files_beside_it(tmp_path: Path) -> None:
    """Files with nearly the same name are offered, with the path as it was written; else the other remedy is."""
    (tmp_path / "words.txt").touch()
    (tmp_path / "Plan.toml").touch()
    assert similar_files(tmp_path / "wrds.txt", "Check.") == f"Did you mean {tmp_path / 'words.txt'}?"
    assert similar_files(tmp_path / "plan.tml", "Check.") == f"Did you mean {tmp_path / 'Plan.toml'}?"
    assert similar_files(tmp_path / "xyz", "Check.") == "Check."
    assert similar_files(tmp_path / "no" / "words.txt", "Check.") == "Check."
