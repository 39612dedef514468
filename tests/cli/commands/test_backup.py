"""``backup`` with another folder: --to before or after every command that has it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def kept(rehearse: Run, tmp_path: Path) -> Path:
    """A folder with one backup."""
    folder = tmp_path / "kept"
    rehearse("ask", "cto", "Is it sound?")
    assert rehearse("backup", "create", "--to", folder).status == 0
    return folder


def test_list_accepts_the_folder_that_create_accepts(run: Run, kept: Path) -> None:
    """`list --to FOLDER`, `--to FOLDER list` and `list FOLDER` print the same."""
    listed = json.loads(run("backup", "list", "--to", kept, "--json").out)
    assert [row["state"] for row in listed] == ["complete"]
    assert json.loads(run("backup", "--to", kept, "list", "--json").out) == listed
    assert json.loads(run("backup", "list", kept, "--json").out) == listed
    ran = run("backup", "list", kept, "--to", kept.parent)
    assert (ran.status, ran.out) == (2, "")
    assert "Two folders" in ran.err


def test_a_backup_is_verified_by_name_in_its_folder(run: Run, kept: Path) -> None:
    """`verify NAME` looks for it in the folder of --to."""
    [name] = [each.name for each in kept.iterdir()]
    assert run("backup", "verify", name).status == 2
    for words in (["backup", "verify", name, "--to", kept], ["backup", "--to", kept, "verify", name]):
        ran = run(*words)
        assert ran.status == 0, ran.err
        assert "Good" in ran.err


def test_a_command_without_a_folder_refuses_one(run: Run, kept: Path) -> None:
    """`backup --to FOLDER digest` is refused, because digest has no such option; so are other options in front."""
    assert "has no option --to" in run("backup", "--to", kept, "digest").err
    ran = run("backup", "--keep", "3", "list")
    assert ran.status == 2
    assert "`list`" in ran.err
