"""Each line of a diff is a line of a file: the one that it says."""

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.documents.diff import NEW, OLD, Diff, DiffLine, is_diff
from tests.inputs import PROPOSAL

GIT = """diff --git a/src/db.py b/src/db.py
index 1111111..2222222 100644
--- a/src/db.py
+++ b/src/db.py
@@ -1,4 +1,5 @@ def open():
 import os
-old = 1
+new = 1
+more = 2
 import sys
--- gone
@@ -20 +21 @@
-x
+y
\\ No newline at end of file
diff --git a/old name.txt b/new name.txt
similarity index 100%
rename from old name.txt
rename to new name.txt
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1,2 +0,0 @@
-a
-b
diff --git a/new.py b/new.py
new file mode 100644
--- /dev/null
+++ b/new.py
@@ -0,0 +1 @@
+a
diff --git "a/gr\\303\\266\\303\\237e.txt" "b/gr\\303\\266\\303\\237e.txt"
--- "a/gr\\303\\266\\303\\237e.txt"
+++ "b/gr\\303\\266\\303\\237e.txt"
@@ -7 +7 @@
-1
+2
"""

LINE = st.text(st.sampled_from("ab +-@\\d\t"), max_size=12)


def placed(text: str, words: str) -> DiffLine | None:
    """Where the first line of a diff with these words stands."""
    lines = text.split("\n")
    return Diff(lines).at(lines.index(words) + 1)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (" import os", DiffLine("src/db.py", 1)),
        ("-old = 1", DiffLine("src/db.py", 2, OLD)),
        ("+new = 1", DiffLine("src/db.py", 2)),
        ("+more = 2", DiffLine("src/db.py", 3)),
        (" import sys", DiffLine("src/db.py", 4)),
        ("--- gone", DiffLine("src/db.py", 4, OLD)),
        ("+y", DiffLine("src/db.py", 21)),
        ("\\ No newline at end of file", DiffLine("src/db.py", 21)),
        ("rename to new name.txt", DiffLine("new name.txt", 0)),
        ("-b", DiffLine("gone.py", 2, OLD)),
        ("+a", DiffLine("new.py", 1)),
        ("+2", DiffLine("größe.txt", 7)),
    ],
)
def test_a_line_of_git_s_diff_is_found(words: str, place: DiffLine) -> None:
    """Added and kept lines by their number in the new file, removed ones by that in the old, headers by the file."""
    assert placed(GIT, words) == place


def test_the_files_of_a_diff_are_listed() -> None:
    """Each once, and the text is known for a diff."""
    assert Diff(GIT.split("\n")).files[0] == "src/db.py"
    assert "new name.txt" in Diff(GIT.split("\n")).files
    assert is_diff(GIT.split("\n"))


@given(old=st.lists(LINE, max_size=30), new=st.lists(LINE, max_size=30), context=st.integers(0, 4))
def test_every_line_of_a_hunk_is_the_line_it_names(old: list[str], new: list[str], context: int) -> None:
    """For any two texts: what the diff shows of a line is what the file has there, whatever the line looks like."""
    lines = list(difflib.unified_diff(old, new, "a/f", "b/f", lineterm="", n=context))
    found = Diff(lines)
    shown: dict[str, set[int]] = {NEW: set(), OLD: set()}
    for number, line in enumerate(lines, 1):
        place = found.at(number)
        if place and place.line:
            assert place.path == "f"
            assert (new if place.side == NEW else old)[place.line - 1] == line[1:]
            shown[place.side].add(place.line)
    matched = difflib.SequenceMatcher(None, old, new).get_opcodes()
    added = {number + 1 for tag, _, _, low, high in matched if tag != "equal" for number in range(low, high)}
    removed = {number + 1 for tag, low, high, _, _ in matched if tag != "equal" for number in range(low, high)}
    assert added <= shown[NEW]
    assert removed == shown[OLD]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """A text that is no diff has no place and raises nothing."""
    found = Diff(text.split("\n"))
    assert found.at(0) is None
    assert found.at(10**6) is None
    is_diff(text.split("\n"))


def test_a_document_is_no_diff() -> None:
    """Neither prose nor prose that shows a few lines of a diff."""
    prose = PROPOSAL.read_text(encoding="utf-8").split("\n")
    assert not is_diff(prose)
    assert not is_diff([*prose, "```diff", *GIT.split("\n")[:9], "```"])


def test_a_plain_diff_without_prefixes_keeps_its_paths() -> None:
    """As diff -u writes it, with times behind the names."""
    text = "--- one.c\t2026-01-01 00:00:00\n+++ two.c\t2026-01-02 00:00:00\n@@ -3 +3 @@\n-a\n+b\n"
    assert placed(text, "+b") == DiffLine("two.c", 3)
    assert placed(text, "-a") == DiffLine("one.c", 3, OLD)


@pytest.mark.skipif(not shutil.which("git"), reason="there is no Git")
def test_a_diff_that_git_made_is_read_like_the_files(tmp_path: Path) -> None:
    """With a file whose name has a blank and a file whose lines look like headers, in a commit with a message."""

    def git(*words: str) -> str:
        own = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main")
        return subprocess.run(["git", *own, *words], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    (tmp_path / "a b.txt").write_text("--- a/x\n+++ b/x\n@@ -1 +1 @@\nend\n")
    git("add", ".")
    git("commit", "-qm", "first")
    (tmp_path / "a b.txt").write_text("start\n--- a/x\n+++ b/y\n@@ -1 +1 @@\nend\n")
    git("add", ".")
    git("commit", "-qm", "Say more\n\n+ a remark\n- another")
    shown = git("show").split("\n")
    file = (tmp_path / "a b.txt").read_text().split("\n")
    found = Diff(shown)
    places = [(line, place) for n, line in enumerate(shown, 1) if (place := found.at(n)) and place.line]
    assert [line for line, _ in places] == ["+start", " --- a/x", "-+++ b/x", "++++ b/y", " @@ -1 +1 @@", " end"]
    for line, place in places:
        assert place.path == "a b.txt"
        assert place.side == OLD or file[place.line - 1] == line[1:]
