"""Where own roles and meeting types are looked for, and which of two files with one id counts."""

import os
from pathlib import Path
from typing import Any

import pytest

from agents.meeting.types.file import types_in
from agents.role.file import roles_in
from agents.settings import Settings
from agents.settings.folders import APP, BUILT_IN, GIVEN, IN_PROJECT, PROJECT, USER, project_folder

ROLE = "---\nid: {id}\ntitle: {title}\n---\n\n## Mission\nYou look after releases.\n"


def put(folder: Path, role_id: str, title: str) -> Path:
    """A role file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{role_id}.md"
    file.write_text(ROLE.format(id=role_id, title=title))
    return file


def settings(home: Path, folder: Path, **flags: Any) -> Settings:
    """The settings of a user with this home folder who works in a folder."""
    return Settings.load({"HOME": str(home)}, folder, **flags)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder in a repository below a home folder."""
    folder = tmp_path / "home" / "shop" / "src" / "api"
    folder.mkdir(parents=True)
    (tmp_path / "home" / "shop" / ".git").mkdir()
    return folder


def test_the_nearest_role_of_an_id_counts(tmp_path: Path, work: Path) -> None:
    """The folder of a flag is nearer than the project's, this one nearer than the user's, and all are nearer than ours."""
    home, project, given = tmp_path / "home", tmp_path / "home" / "shop" / PROJECT, tmp_path / "given"
    folders = [home / ".config" / APP / "roles", project / "roles", given]
    given.mkdir()
    shipped = roles_in(settings(home, work).role_places)
    assert shipped["cto"].title == "Chief Technology Officer"
    for number, folder in enumerate(folders):
        put(folder, "cto", f"Chief {number}")
        put(folder, f"own_{number}", f"Own {number}")
        roles = roles_in(settings(home, work, role_folder=given).role_places)
        assert roles["cto"].title == f"Chief {number}"
        assert roles["cto"].source == folder / "cto.md"
        assert len(roles) == len(shipped) + 1 + number


def test_the_places_are_named_by_whose_they_are(tmp_path: Path, work: Path) -> None:
    """Built in, yours, of the project, given; the folder of the built-in roles is named once, also when it is given."""
    (tmp_path / "home" / "shop" / PROJECT).mkdir()
    found = settings(tmp_path / "home", work, role_folder=tmp_path, types_folder=tmp_path)
    for places in (found.role_places, found.type_places):
        assert [place.of for place in places] == [BUILT_IN, USER, IN_PROJECT, GIVEN]
    again = settings(tmp_path / "home", work, role_folder=found.role_places[0].folder)
    assert [place.of for place in again.role_places] == [BUILT_IN, USER, IN_PROJECT]


def test_a_type_of_the_project_takes_the_place_of_a_built_in_one(tmp_path: Path, work: Path) -> None:
    """The type files of the project and of the user are read like those of --types-dir."""
    project = tmp_path / "home" / "shop" / PROJECT / "types"
    project.mkdir(parents=True)
    places = settings(tmp_path / "home", work).type_places
    text = (places[0].folder / "decision.toml").read_text()
    (project / "decision.toml").write_text(text.replace('title = "', 'title = "Our ', 1))
    types = types_in(places)
    assert types["decision"].title.startswith("Our ")
    assert types["decision"].source == project / "decision.toml"
    assert len(types) == len(types_in(places[:1]))


def test_a_project_ends_at_its_repository(tmp_path: Path, work: Path) -> None:
    """A folder above the root of the repository does not count, and one above the home folder never does."""
    home = tmp_path / "home"
    for above in (home, tmp_path):
        (above / PROJECT).mkdir()
    assert project_folder(work, home) is None
    (home / "shop" / PROJECT).mkdir()
    assert project_folder(work, home) == home / "shop" / PROJECT
    (work / PROJECT).mkdir()
    assert project_folder(work, home) == work / PROJECT


def test_a_project_without_a_repository_ends_at_home(tmp_path: Path) -> None:
    """Below the home folder all folders up to it count; outside it and outside a repository only the working folder."""
    home, work, elsewhere = tmp_path / "home", tmp_path / "home" / "notes", tmp_path / "elsewhere" / "deep"
    for folder in (work, elsewhere, home / PROJECT, tmp_path / "elsewhere" / PROJECT):
        folder.mkdir(parents=True, exist_ok=True)
    assert project_folder(work, home) == home / PROJECT
    assert project_folder(elsewhere, home) is None
    assert project_folder(elsewhere.parent, home) == elsewhere.parent / PROJECT


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_does_not_count(tmp_path: Path, work: Path) -> None:
    """Another user of the machine cannot place roles in a folder where one works."""
    (work / PROJECT).mkdir()
    os.chown(work / PROJECT, 12345, 12345)
    assert project_folder(work, tmp_path / "home") is None


def test_a_project_changes_no_setting(tmp_path: Path, work: Path) -> None:
    """Settings files in the project's folder are not read."""
    project = work / PROJECT
    project.mkdir()
    (project / "config.toml").write_text('model_name = "of-the-project"\n')
    (project / ".env").write_text("AGENTS_DATA_FOLDER=/nowhere\n")
    found = settings(tmp_path / "home", work)
    assert {value.source for value in found.values.values()} == {"default"}


def test_a_bad_file_of_the_project_leaves_the_others(tmp_path: Path, work: Path) -> None:
    """A file that cannot be read is reported, and the built-in role with its id stays."""
    put(work / PROJECT / "roles", "auditor", "Auditor")
    (work / PROJECT / "roles" / "cto.md").write_bytes(b"\x00\x01\x02\x03" * 50)
    roles = roles_in(settings(tmp_path / "home", work).role_places)
    assert [problem.file.name for problem in roles.problems] == ["cto.md"]
    assert roles["cto"].title == "Chief Technology Officer"
    assert "auditor" in roles


def test_a_place_that_is_a_file_is_reported(tmp_path: Path, work: Path) -> None:
    """Where the project has a file called "roles" or "types", the others are read and a problem says so."""
    (work / PROJECT).mkdir()
    for name in ("roles", "types"):
        (work / PROJECT / name).write_text("x")
    found = settings(tmp_path / "home", work)
    assert [len(each.problems) for each in (roles_in(found.role_places), types_in(found.type_places))] == [1, 1]
