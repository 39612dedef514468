"""Role files of every kind of badness: a clear report, and the others still work."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.role import standing
from agents.role.file import read_role, read_roles
from agents.role.lint import check
from tests.inputs import ROOT

SHIPPED = ROOT / "Role"
GOOD = """---
id: release_manager
title: Release Manager
expertise: [release, version]
---

# Release Manager

## Mission
You see that what was promised is what is shipped.

## Red flags
- The release has no date by which it is rolled back. <!-- rollback, release -->
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped roles."""
    copy = tmp_path / "roles"
    shutil.copytree(SHIPPED, copy)
    return copy


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        (b"", 0, "empty"),
        (b" \n\n", 0, "empty"),
        (b"abc\n\x00\x01def", 2, "binary"),
        (b"abc\n" + bytes(range(1, 30)), 2, "binary"),
        ("R\u00f6mer\n".encode("utf-16"), 1, "not UTF-8"),
        ("Ein R\xf6mer\n".encode("latin-1"), 1, "not UTF-8"),
        (b"x" * 10_000_000, 0, "10,000,000 bytes"),
        (GOOD.replace("release_manager", "cto").encode(), 2, "'cto' is already used"),
        (b"---\nid: x\ntitle: [broken\n---\n# X\n", 3, "front matter cannot be read"),
        (b"---\nid: x\n# X\n", 1, "no closing"),
        (b"---\nid: x_1\ncolour: red\n---\n# X\ntext\n", 3, "no field 'colour'"),
        (b"---\nid: X-1 y\n---\n# X\ntext\n", 2, "not a valid id"),
        (b"---\nexpertise: one\n---\n# X\ntext\n", 2, "must be a list"),
        (b"# X\n\n## Mission\nGo.\n\n## Hobbies\nChess.\n", 6, "no section 'Hobbies'"),
        (b"# X\n\n## Red flags\nno bullet\n", 4, "not a list item"),
        (b"# X\n\n## Mission\nGo.\n\n## Skills\n### half_done\nOnly this.\n", 7, "incomplete"),
    ],
)
def test_a_bad_file_is_reported_and_the_others_work(folder: Path, content: bytes, line: int, cause: str) -> None:
    """One bad file: its name, the line, the cause and a remedy; all 29 shipped roles are still there."""
    (folder / "zzz.md").write_bytes(content)
    roles = read_roles(folder)
    assert len(standing(roles)) == 29
    [problem] = roles.problems
    assert problem.file.name == "zzz.md"
    assert problem.line == line
    assert cause in problem.cause
    assert problem.remedy
    assert problem.fatal


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
    ],
    ids=["plain", "BOM", "CRLF", "CR"],
)
def test_a_bom_and_any_line_ends_are_fine(tmp_path: Path, content: bytes) -> None:
    """The same role comes out of a file with a BOM, with CRLF and with CR."""
    file = tmp_path / "any.md"
    file.write_bytes(content)
    role, problems = read_role(file)
    assert problems == []
    assert role is not None
    assert (role.id, role.title) == ("release_manager", "Release Manager")
    assert role.red_flags[0].watch == ("rollback", "release")


def test_a_text_without_any_form_is_a_role(tmp_path: Path) -> None:
    """A .txt file with a heading and a paragraph: title from the heading, id from the file's name."""
    file = tmp_path / "Night Watch.txt"
    file.write_text("# Night watch\n\nYou look after everything between ten and six.\n")
    role, problems = read_role(file)
    assert problems == []
    assert role is not None
    assert (role.id, role.title) == ("night_watch", "Night watch")
    assert "between ten and six" in role.prompt()


def test_a_plain_sentence_is_no_question(tmp_path: Path) -> None:
    """A text without headings is the mission and nothing else: no question, no red flag, no done-criterion."""
    file = tmp_path / "gardener.txt"
    file.write_text("A text only role. It cares for gardens.")
    role, problems = read_role(file)
    assert problems == []
    assert role is not None
    assert (role.title, role.mission) == ("Gardener", "A text only role. It cares for gardens.")
    assert (role.questions, role.red_flags, role.done) == ((), (), ())


def reporting(folder: Path, **chain: str) -> Path:
    """A folder of roles, each with whom it reports to."""
    for name, up in chain.items():
        field = f"reports_to: {up}\n" if up else ""
        (folder / f"{name}.md").write_text(f"---\nid: {name}_role\n{field}---\n# {name}\n\n## Mission\nGo.\n")
    return folder


def reported(*paths: Path) -> dict[str, tuple[int, str]]:
    """What is said about whom a role reports to: file, line and cause."""
    problems = [problem for problem in check(paths)[1] if "reports to" in problem.cause]
    assert not any(problem.fatal for problem in problems)
    return {problem.file.stem: (problem.line, problem.cause) for problem in problems}


def test_a_ring_of_reports_is_advised_against(tmp_path: Path) -> None:
    """Each role of a ring gets its line; one that reports into the ring, and one on top, get none."""
    said = reported(reporting(tmp_path, a="b_role", b="a_role", c="a_role", d="d_role", e=""))
    assert set(said) == {"a", "b", "d"}
    assert said["a"] == (3, "It reports to itself: a_role > b_role > a_role.")
    assert said["d"] == (3, "It reports to itself: d_role > d_role.")


def test_a_report_to_nobody_is_advised_against(tmp_path: Path) -> None:
    """A name that no role of the folder has is reported with its line, also where only that file is checked."""
    folder = reporting(tmp_path, a="ghost", b="a_role")
    assert reported(folder) == {"a": (3, "It reports to 'ghost', and there is no role of that id.")}
    assert reported(folder / "b.md") == {}
    assert set(reported(folder / "a.md")) == {"a"}
    assert reported(SHIPPED) == {}


def test_a_dropped_in_file_is_an_agent_at_once(folder: Path) -> None:
    """One more file in the folder is one more role, without anything else."""
    (folder / "release_manager.md").write_text(GOOD)
    assert "release_manager" in read_roles(folder)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_role_or_a_problem(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """For any content of a file, reading it never raises and never returns half a role."""
    file = tmp_path_factory.mktemp("any") / "some.md"
    file.write_bytes(content)
    role, problems = read_role(file)
    assert (role is None) == any(problem.fatal for problem in problems)
    if role:
        assert role.id
        assert role.card()
        assert role.prompt()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*GOOD.split("\n"), "---", "## Skills", "### a_b", "- item", "id: [", "\t", "## Mission"]),
        max_size=25,
    )
)
def test_any_mixture_of_real_lines_is_a_role_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    """Lines of a role file in any order and number: a role or a problem with a remedy, never an exception."""
    file = tmp_path_factory.mktemp("mix") / "some.md"
    file.write_text("\n".join(lines))
    role, problems = read_role(file)
    assert (role is None) == bool(problems)
    assert all(problem.remedy for problem in problems)
