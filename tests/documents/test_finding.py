"""What an attachment names: a file as it is called, a folder, a pattern, or the changes of a Git range."""

import os
import subprocess
from pathlib import Path

import pytest

from agents.documents import read_all
from agents.documents.finding import MOST_FILES
from agents.errors import DocumentError

IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    inside = tmp_path / "work"
    inside.mkdir()
    monkeypatch.chdir(inside)
    return inside


def git(*words: str) -> str:
    """What Git prints."""
    return subprocess.run(["git", *IDENTITY, *words], check=True, capture_output=True, text=True).stdout


def write(**files: str) -> None:
    """Write files; ``__`` stands for a slash and ``_`` for a dot."""
    for name, text in files.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(*attach: str) -> list[str]:
    """The names of what is attached."""
    return [one.name for one in read_all(attach)]


@pytest.mark.usefixtures("folder")
def test_a_pattern_attaches_all_that_is_like_it() -> None:
    """In the order of their names, in folders too; a pattern that nothing is like is refused."""
    write(g2_md="x", g1_md="x", sub__g3_md="x", a_txt="x")
    assert names("g*.md") == ["g1.md", "g2.md"]
    assert names("**/*.md") == ["g1.md", "g2.md", "g3.md"]
    with pytest.raises(DocumentError, match=r"No file is like \*\.pdf"):
        names("*.pdf")


def test_a_file_whose_name_is_a_pattern_is_a_file(folder: Path) -> None:
    """The most literal meaning comes first."""
    (folder / "[draft] main..HEAD?.md").write_text("x")
    assert names("[draft] main..HEAD?.md") == ["[draft] main..HEAD?.md"]


def test_a_folder_attaches_its_text_files(folder: Path) -> None:
    """Hidden, ignored, binary and built files are not attached; what is left out is named in the note."""
    write(src__a_py="x", src__sub__b_py="y", src___hidden="z", src__target__c_js="z", src__empty_md="")
    Path("src/.secret").write_text("z")
    Path("src/logo.png").write_bytes(b"\x89PNG\x00\x00")
    found = read_all(["src"])
    assert [one.name for one in found] == ["a.py", "sub/b.py"]
    assert found[0].note == "Of src, 2 of 4 files are left out: empty.md (empty), logo.png (binary)."
    git("init", "-q")
    write(src__ignored_log="z", _gitignore="*.log\n")
    (folder / ".gitignore").write_text("*.log\n")
    assert "ignored.log" not in names("src")


@pytest.mark.usefixtures("folder")
def test_a_folder_has_limits() -> None:
    """Too many files and too large a sum are refused with the number, and so is a folder without text."""
    for number in range(MOST_FILES + 1):
        write(**{f"many__{number}_md": "x"})
    with pytest.raises(DocumentError, match=f"has {MOST_FILES + 1} files"):
        names("many")
    write(large__a_md="x" * 3_000_000, large__b_md="y" * 3_000_000)
    with pytest.raises(DocumentError, match="larger than 5 MB together"):
        names("large")
    Path("none").mkdir()
    with pytest.raises(DocumentError, match="There is no file in none"):
        names("none")


@pytest.mark.usefixtures("folder")
def test_a_git_range_is_a_document_of_its_changes() -> None:
    """The changes between two commits; an unknown range and one without changes are refused."""
    git("init", "-q", "-b", "main")
    write(a_md="old\n")
    git("add", "a.md")
    git("commit", "-qm", "One")
    write(a_md="There is no rollback.\n")
    git("commit", "-qam", "Two")
    [document] = read_all(["HEAD~1..HEAD"])
    assert document.name == "HEAD~1..HEAD.diff"
    assert "-old\n+There is no rollback." in document.text
    assert names("HEAD~1..") == ["HEAD~1..HEAD.diff"]
    assert names("HEAD~1...main") == ["HEAD~1...main.diff"]
    with pytest.raises(DocumentError, match="no range of this repository: bad revision"):
        names("nope..HEAD")
    with pytest.raises(DocumentError, match="There are no changes"):
        names("HEAD..HEAD")


def test_a_repository_starts_no_program(folder: Path) -> None:
    """Whatever its settings name: a pager, a diff program, a text converter, a monitor, a hook."""
    git("init", "-q", "-b", "main")
    write(a_md="old\n")
    git("add", "a.md")
    git("commit", "-qm", "One")
    write(a_md="new\n")
    git("commit", "-qam", "Two")
    evil = folder / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch {folder}/ran\ncat\n")
    evil.chmod(0o755)
    (folder / ".gitattributes").write_text("*.md diff=evil filter=evil\n")
    for key in ("core.pager", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor",
                "filter.evil.clean", "pager.diff"):  # fmt: skip
        git("config", key, str(evil))
    for hook in ("post-index-change", "reference-transaction"):
        (folder / ".git" / "hooks" / hook).write_text(evil.read_text())
        (folder / ".git" / "hooks" / hook).chmod(0o755)
    (folder / "ran").unlink(missing_ok=True)
    read_all(["HEAD~1..HEAD", "."])
    assert not (folder / "ran").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["--output=x..y", "-x..y", "..", "../x", "a b..c", "/etc..x", ".git..x"])
def test_what_is_no_range_is_not_given_to_git(text: str) -> None:
    """A word that begins like an option or a path is a file that does not exist."""
    with pytest.raises(DocumentError, match=r"There is no file|is a folder|can be attached"):
        names(text)
    assert os.listdir() == []  # noqa: PTH208 - hidden files too


def test_paths_as_other_systems_write_them(folder: Path) -> None:
    """A path of Windows, an address of a file, quotes, and a backslash before a blank."""
    (folder / "docs").mkdir()
    (folder / "docs" / "my plan.md").write_text("x")
    for text in ["docs\\my plan.md", '"docs/my plan.md"', "docs/my\\ plan.md", "docs/my%20plan.md",
                 (folder / "docs" / "my plan.md").as_uri(), "'docs\\my plan.md'"]:  # fmt: skip
        assert names(text) == ["my plan.md"]


@pytest.mark.usefixtures("folder")
def test_a_missing_file_suggests_names_that_are_like_it() -> None:
    """In the folder that was named; a folder that is missing is named too."""
    write(docs__Plan_md="x", docs__design_md="x")
    with pytest.raises(DocumentError, match=r"There is no file docs/paln\.md") as raised:
        names("docs/paln.md")
    assert raised.value.remedy == "Did you mean docs/Plan.md?"
    with pytest.raises(DocumentError) as raised:
        names("dosc/plan.md")
    assert raised.value.remedy == "There is no folder dosc either."
    with pytest.raises(DocumentError) as raised:
        names("docs/xyz")
    assert raised.value.about == "attach"


@pytest.mark.parametrize("text", ["", " ", '""'])
def test_an_empty_name_is_refused(text: str) -> None:
    """It is not the current folder."""
    with pytest.raises(DocumentError, match="An attachment has no name"):
        names(text)


def test_a_link_out_of_a_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """A repository of somebody else cannot attach a file of mine."""
    (tmp_path / "secret.txt").write_text("key")
    write(src__a_md="x")
    (folder / "src" / "b.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "src" / "c.md").symlink_to("a.md")
    assert names("src") == ["a.md", "c.md"]
    git("init", "-q")
    git("add", ".")
    assert names("src") == ["a.md", "c.md"]
