"""Own roles and meeting types on the command line: where new ones are written, and what is said about a project's."""

import json
from pathlib import Path

import pytest

from agents.settings import Settings
from tests.cli.conftest import Run

ROLE = "You look after the trail of changes.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of roles of the project that is worked in, with one role."""
    roles = tmp_path / "shop" / ".orchestrator" / "roles"
    roles.mkdir(parents=True)
    (roles / "auditor.md").write_text(ROLE)
    monkeypatch.chdir(tmp_path / "shop")
    return roles


def test_a_new_role_is_the_users_and_an_agent_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a project the file is in the user's folder, wherever the next command is given; built-in files stay."""
    monkeypatch.chdir(tmp_path)
    built_in = Settings.load({}).role_places[0].folder
    before = sorted(built_in.iterdir())
    ran = run("agents", "new", "release_manager")
    file = Path(ran.out.strip())
    assert (ran.status, file.parent) == (0, Settings.load().user_folder / "roles")
    monkeypatch.chdir(tmp_path.parent)
    shown = run("agents", "show", "release_manager")
    assert str(file) in shown.out.replace("\n", "")
    assert f"yours: release_manager (in {file.parent})" in " ".join(run("agents", "list").out.split())
    assert run("agents", "validate").status == 0
    assert sorted(built_in.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "place"),
    [((), "project"), (("--here",), "project"), (("--user",), "user"), (("--role-folder",), "given")],
)
def test_a_new_role_goes_where_it_is_asked_for(
    run: Run, project: Path, tmp_path: Path, options: tuple[str, ...], place: str
) -> None:
    """The project's folder where there is one, the user's with --user, the one of --role-folder with that."""
    wanted = {"project": project, "user": Settings.load().user_folder / "roles", "given": tmp_path / "given"}[place]
    first, last = ([*options, tmp_path / "given"], []) if place == "given" else ([], options)
    assert run(*first, "agents", "new", "release_manager", *last).out.strip() == str(wanted / "release_manager.md")


def test_here_makes_the_folder_of_a_project(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--here in a folder without own files makes .orchestrator there, for roles and for types."""
    monkeypatch.chdir(tmp_path)
    assert run("agents", "new", "auditor", "--here").status == 0
    assert run("meeting", "new-type", "vendor_review", "--here").status == 0
    assert sorted(file.relative_to(tmp_path).as_posix() for file in (tmp_path / ".orchestrator").rglob("*.*")) == [
        ".orchestrator/roles/auditor.md",
        ".orchestrator/types/vendor_review.toml",
    ]
    assert "of this project: vendor_review" in " ".join(run("meeting", "types").out.split())


def test_a_built_in_agent_is_not_replaced_by_accident(run: Run, project: Path) -> None:
    """An id that another agent has is refused with its file; --replace writes one that takes its place."""
    refused = run("agents", "new", "cto")
    assert refused.status == 2
    assert "There is an agent 'cto' already" in refused.err
    assert run("agents", "new", "cto", "--replace").status == 0
    assert json.loads(run("agents", "show", "cto", "--json").out)["file"] == str(project / "cto.md")


def test_what_a_project_brings_is_said_once(run: Run, project: Path) -> None:
    """The first command names the project's roles and types; later ones only when a file is new or changed."""
    said = run("agents", "list").err
    assert said == "Using 1 role of ./.orchestrator/roles: auditor.\n"
    assert run("agents", "list").err == ""
    (project / "cto.md").write_text(ROLE)
    assert run("agents", "list").err == (
        "Using 2 roles of ./.orchestrator/roles: auditor, cto (in place of the built-in one).\n"
    )
    (project / "auditor.md").write_text(ROLE * 2)
    assert run("agents", "list").err.startswith("Using 2 roles")
    types = project.parent / "types"
    types.mkdir()
    (types / "x.toml").write_text("x")
    assert "Using 1 meeting type of ./.orchestrator/types: x." in run("agents", "list").err
    assert run("agents", "list").err == ""


def test_names_of_a_project_cannot_write_to_the_terminal(run: Run, project: Path) -> None:
    """The name of a file with control characters is shown without them."""
    (project / "a\x1b[31mb.md").write_text(ROLE)
    assert "\x1b" not in run("agents", "list").err


def test_doctor_and_help_say_whose_the_files_are(run: Run, project: Path) -> None:
    """The check of roles names the project's folder, and `help files` lists all folders."""
    found = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}
    assert f"29 built in; of this project: auditor (in {project})" in found["roles"]["words"]
    files = run("help", "files").out.replace("\n", "")
    for place in Settings.load().role_places:
        assert place.folder.name in files


FOREIGN = "---\nname: {name}\ndescription: Reads every diff.\ntools: Bash\n---\nYou read.\n"


def test_several_files_are_imported_one_by_one(run: Run, project: Path, tmp_path: Path) -> None:
    """Good files become agents, each refused one has its cause and remedy, and the status is 1 if one was refused."""
    for name in ("reader", "cto", "../evil"):
        (tmp_path / f"{len(name)}.md").write_text(FOREIGN.format(name=name))
    ran = run("agents", "import", tmp_path / "6.md", tmp_path / "3.md", tmp_path / "7.md", tmp_path / "none.md")
    assert (ran.status, ran.out) == (1, f"{project / 'reader.md'}\n")
    assert "Left out of" in ran.err
    assert "the field tools" in ran.err
    assert [line for line in ran.err.splitlines() if line.startswith("Error")] == [
        f"Error: {tmp_path / '3.md'}: There is an agent 'cto' already, in {Settings.load().role_places[0].folder / 'cto.md'}.",
        f"Error: {tmp_path / '7.md'}: Line 2: The name '../evil' is a path.",
        f"Error: {tmp_path / 'none.md'}: The file cannot be read: No such file or directory.",
    ]
    assert sorted(file.name for file in project.iterdir()) == ["auditor.md", "reader.md"]
    assert run("agents", "show", "reader").status == 0


def test_an_import_replaces_only_when_told(run: Run, project: Path, tmp_path: Path) -> None:
    """A second import of the same file is refused and leaves the file; --replace writes it; --id chooses the id."""
    file = tmp_path / "reader.md"
    file.write_text(FOREIGN.format(name="reader"))
    assert run("agents", "import", file).status == 0
    (project / "reader.md").write_text(ROLE)
    assert run("agents", "import", file).status == 1
    assert (project / "reader.md").read_text() == ROLE
    assert run("agents", "import", file, "--replace").status == 0
    assert "Reads every diff." in (project / "reader.md").read_text()
    assert run("agents", "import", file, "--id", "cto").status == 1
    assert run("agents", "import", file, "--id", "second_reader").status == 0
    assert run("agents", "import", file, file, "--id", "third_reader").status == 2
    assert run("agents", "import", file, "--id", "../x").status == 2
    assert not list(project.glob(".*"))
