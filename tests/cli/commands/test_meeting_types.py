"""``orchestrator types list | show | validate | new``, as a person runs them."""

import json
from pathlib import Path

import pytest

from agents.meeting.types.file import read_type
from tests.cli.conftest import Run


def test_the_types_are_listed_and_shown(run: Run) -> None:
    """The listing has every built-in type; one can be shown by its words; both speak JSON."""
    rows = json.loads(run("types", "list", "--json").out)
    assert len(rows) >= 25
    assert "incident_postmortem" in run("types", "list").out
    shown = run("types", "show", "incident_postmortem")
    assert "site_reliability_engineer" in shown.out
    assert json.loads(run("types", "show", "Daily Standup", "--json").out)["phases"] == ["status_round"]


def test_the_shipped_types_are_valid_with_the_shipped_roles(run: Run) -> None:
    """Without a path, validate checks the built-in types against the roles there are, and finds nothing."""
    ran = run("types", "validate")
    assert ran.status == 0
    assert "Errors: 0. Advice: 0." in ran.out


def test_a_new_type_can_be_held_at_once(run: Run, serve: Run, tmp_path: Path) -> None:
    """What `types new` writes is valid without advice, is listed, and leaves minutes."""
    folder = tmp_path / "types" / "mine"
    ran = run("types", "new", "vendor_review", "--types-dir", folder)
    assert ran.status == 0
    assert Path(ran.out.strip()) == folder / "vendor_review.toml"
    assert "Files checked: 1. Errors: 0. Advice: 0." in run("types", "validate", folder).out
    assert "vendor_review" in run("--types-dir", folder, "types", "list").out
    held = serve("meeting", "run", "vendor_review", "--types-dir", folder, "--topic", "Which mail provider?", "--quiet")
    assert held.status == 0
    assert held.out.startswith("# Which mail provider?\n\nVendor review, ")
    assert len(held.out.split("\n")) > 10


def test_a_new_type_may_start_as_a_copy(run: Run, tmp_path: Path) -> None:
    """--like copies a type under another id and title, and validate says that it is still the same meeting."""
    ran = run("types", "new", "bug_bash", "--like", "defect_triage", "--title", 'Bug "bash"', "--types-dir", tmp_path)
    assert ran.status == 0
    found, problem = read_type(tmp_path / "bug_bash.toml")
    assert problem is None
    assert found is not None
    assert (found.id, found.title, found.artefact) == ("bug_bash", 'Bug "bash"', "triage")
    checked = run("types", "validate", tmp_path / "bug_bash.toml")
    assert checked.status == 0
    assert "advice: bug_bash.toml: It differs from 'defect_triage' only in its name." in checked.out


def test_a_bad_file_fails_validation_by_line_and_is_left_out(run: Run, tmp_path: Path) -> None:
    """A wrong word is an error with file and line, status 1, in words and as JSON; the other types still work."""
    run("types", "new", "vendor_review", "--types-dir", tmp_path)
    file = tmp_path / "vendor_review.toml"
    text = file.read_text(encoding="utf-8").replace('rule = "majority"', 'rule = "most"')
    file.write_text(text, encoding="utf-8")
    line = text[: text.index('rule = "most"')].count("\n") + 1
    ran = run("types", "validate", tmp_path)
    assert ran.status == 1
    assert f"error: vendor_review.toml:{line}: 'rule' cannot be 'most'." in ran.out
    problems = json.loads(run("types", "validate", tmp_path, "--json").out)["problems"]
    assert [(one["line"], one["fatal"]) for one in problems] == [(line, True)]
    listed = run("types", "list", "--types-dir", tmp_path)
    assert "Meeting type ignored: vendor_review.toml" in listed.err
    assert listed.status == 0


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["new", "Vendor Review", "--types-dir", "{folder}"], "Can't read 'Vendor Review' as an id."),
        (["new", "vendor_review", "--here", "--user"], "--here and --user name two places."),
        (
            ["new", "bug_bash", "--like", "defect_triag", "--types-dir", "{folder}"],
            "no meeting type 'defect_triag'",
        ),
        (["validate", "{folder}/nothing.toml"], "There is no file"),
        (["list", "--types-dir", "{folder}/nowhere"], "cannot be read"),
        (["show", "daily_standdown"], "There is no meeting type 'daily_standdown'."),
    ],
)
def test_wrong_words_get_a_cause_and_a_remedy(run: Run, tmp_path: Path, arguments: list[str], cause: str) -> None:
    """A wrong id, type or folder is status 2 with cause and remedy on stderr, and writes nothing."""
    before = sorted(tmp_path.rglob("*.toml"))
    ran = run("types", *(word.replace("{folder}", str(tmp_path)) for word in arguments))
    assert ran.status == 2
    assert cause in ran.err
    assert len(ran.err.strip().splitlines()) == 2
    assert sorted(tmp_path.rglob("*.toml")) == before


def test_a_file_that_is_there_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    """`types new` refuses an id that has a file already, and leaves that file alone."""
    (tmp_path / "mine.toml").write_text("# my words", encoding="utf-8")
    ran = run("types", "new", "mine", "--types-dir", tmp_path)
    assert ran.status == 2
    assert "exists already" in ran.err
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "# my words"


@pytest.mark.parametrize(
    ("old", "now"),
    [
        (["types"], "types list"),
        (["show-type", "decision"], "types show"),
        (["validate"], "types validate"),
        (["new-type", "vendor_review", "--types-dir", "{folder}"], "types new"),
    ],
)
def test_the_old_names_still_work_and_say_the_new_one(run: Run, tmp_path: Path, old: list[str], now: str) -> None:
    """What was a command of `meeting` prints the same, names the new command on stderr, and is not listed."""
    ran = run("meeting", *(word.replace("{folder}", str(tmp_path)) for word in old))
    assert ran.status == 0
    assert ran.out
    assert f"`orchestrator {now}`" in ran.err
    assert old[0] not in [line.split()[0] for line in run("meeting", "--help").out.splitlines() if line.strip()]
