"""Folders that only this user can read."""

import os
import sys
from pathlib import Path

import pytest

from agents.log import Log
from agents.private_folder import make_private
from agents.store import Store


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_what_is_created_above_a_folder_is_private_too(tmp_path: Path) -> None:
    """Whatever the umask is, the folders of logs and histories and those above them are this user's alone."""
    before = os.umask(0)
    try:
        make_private(tmp_path / "a" / "b" / "c")
        Log(tmp_path / "state" / "x" / "logs").line("INFO", "begun")
        Store(tmp_path / "share" / "y" / "data").close()
    finally:
        os.umask(before)
    made = [path for name in ("a", "state", "share") for path in (tmp_path / name, *(tmp_path / name).rglob("*"))]
    made = [path for path in made if path.is_dir()]
    assert {oct(path.stat().st_mode & 0o777) for path in made} == {"0o700"}
    assert len(made) >= 9


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    """It is not replaced."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        make_private(tmp_path / "file" / "below")
    with pytest.raises(FileExistsError):
        make_private(tmp_path / "file")
