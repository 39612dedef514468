"""Why a file cannot be written, in the same words wherever it is found out."""

import errno
from pathlib import Path

import pytest

from agents.cli.terminal.minutes_file import refuse_folder
from agents.cli.terminal.unwritable import unwritable
from agents.errors import SpaceError
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("number", "why", "remedy"),
    [
        (errno.EISDIR, "it is a folder", "existing folder"),
        (errno.ENOENT, "there is no folder nodir", "existing folder"),
        (errno.ENOTDIR, "there is no folder nodir", "existing folder"),
        (errno.EACCES, "Permission denied", "where you may write"),
        (errno.EROFS, "Read-only file system", "another place"),
        (errno.ENOSPC, "No space left on device", "Free some space"),
        (errno.EEXIST, "there is such a file already", "another name"),
    ],
)
def test_each_cause_has_its_words_and_its_remedy(number: int, why: str, remedy: str) -> None:
    """The cause of the system is one sentence for people, and the remedy helps against this cause."""
    error = unwritable(Path("nodir/x.html"), OSError(number, "other words"))
    assert error.cause == f"nodir/x.html cannot be written: {why}."
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("name", "why"), [("nodir/x.html", "there is no folder nodir"), ("here.html", "it is a folder")]
)
def test_before_and_after_say_the_same(
    serve: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    """What is refused before a meeting is refused in the same words by a command that writes at once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.html").mkdir()
    with pytest.raises(SpaceError) as before:
        refuse_folder(Path(name))
    assert before.value.cause == f"{name} cannot be written: {why}."
    assert serve("meeting", "run", "decision", "-t", "x or y?", "-q").status == 0
    for words in (
        ("meeting", "minutes", "last"),
        ("meeting", "export", "last"),
        ("meeting", "record", "last"),
        ("actions", "export"),
    ):
        ran = serve(*words, "-o", name)
        assert (ran.status, f"Error: {before.value.cause}" in ran.err) == (6, True), (words, ran.err)


def test_decision_records_in_a_missing_folder_of_another(serve: Run, tmp_path: Path) -> None:
    """A folder for decision records that cannot be made is an error with a remedy."""
    assert serve("meeting", "run", "decision", "-t", "x or y?", "-q").status == 0
    ran = serve("meeting", "export", "last", "-f", "adr", "-o", tmp_path / "no" / "decisions")
    assert (ran.status, f"there is no folder {tmp_path / 'no'}" in ran.err) == (6, True), ran.err
