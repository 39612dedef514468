"""``review``: a document or a diff in, places in files out."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.cli.commands.review import REQUESTED
from agents.cli.terminal.review_forms import COMMENT_LETTERS, NARROWEST, as_github, as_text
from agents.cli.terminal.review_result import CHANGES, LISTED, Contested, Review, ReviewPlace, Why
from tests.cli.conftest import Run
from tests.inputs import PROPOSAL

DIFF = """diff --git a/shop/pay.py b/shop/pay.py
--- a/shop/pay.py
+++ b/shop/pay.py
@@ -40,3 +40,6 @@ def pay(order):
     total = order.total
-    charge(order.card, total, timeout=5)
+    # There is no time-out at first; we add one when we see that it is needed.
+    while not charge(order.card, total):
+        pass  # When the bank does not answer, the library retries until it does.
+    # All services use the same shared password for the payment database.
     return total
"""


@pytest.fixture
def diff(tmp_path: Path) -> Path:
    """A diff in a file."""
    file = tmp_path / "change.patch"
    file.write_text(DIFF)
    return file


def test_a_document_is_reviewed_in_ten_lines(serve: Run) -> None:
    """The verdict, places by line with their words and the reason, what is contested and read, and where the rest is."""
    ran = serve("review", PROPOSAL, "-q")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert len(lines) <= 14
    assert re.match(r"(Approved|Changes requested|No decision).*\d+ places to look at", lines[0])
    places = [match for line in lines if (match := re.match(r"  session_store_proposal\.md:(\d+)  (\w+)  (.*)", line))]
    source = PROPOSAL.read_text(encoding="utf-8").split("\n")
    assert len(places) == 3
    for place in places:
        assert place[3].removesuffix(" ...").split("  ")[0][:20] in source[int(place[1]) - 1]
    assert "every line was read." in ran.out.lower()
    assert re.search(r"orchestrator meeting minutes \d{8}-architecture_review-", lines[-1])


def test_a_diff_is_cited_by_the_lines_of_the_new_file(rehearse: Run, diff: Path) -> None:
    """Added lines by their number after the change; without a model it is a checklist and says that nothing was judged."""
    ran = rehearse("review", diff, "-q", "--format", "json")
    assert ran.status == 0
    found = json.loads(ran.out)
    assert found["verdict"] == LISTED
    assert found["holds_up"] is False
    where = {place["where"]: place["words"] for place in found["places"]}
    assert "shop/pay.py:41" in where
    assert "time-out" in where["shop/pay.py:41"]
    assert any(one.startswith("shop/pay.py:4") for one in where)
    assert not [one for one in where if one.startswith("change.patch")]
    assert "Nothing was judged" in rehearse("review", diff, "-q").out.replace("\n  ", " ")


def test_a_diff_may_be_piped_in(diff: Path) -> None:
    """As `git diff | orchestrator review -`, and without the dash, too."""
    for words in (["review", "-"], ["review"]):
        command = [sys.executable, "-m", "agents", "-m", "rehearsal", *words, "-q", "-f", "github"]
        ran = subprocess.run(command, input=diff.read_text(), capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert "| `shop/pay.py:41` |" in ran.stdout


def test_the_type_follows_what_is_reviewed(serve: Run, run: Run, diff: Path) -> None:
    """A diff gets a review of a change and a document one of an architecture; --type chooses another; few take part."""
    for words, kinds in (
        ([diff], {"pull_request_review", "code_review"}),
        ([PROPOSAL], {"architecture_review"}),
        ([PROPOSAL, "--type", "security_review"], {"security_review"}),
    ):
        found = json.loads(serve("review", *words, "-q", "-f", "json").out)
        assert found["type"] in kinds
        assert len(found["seats"]) == 4
        assert json.loads(run("meeting", "show", "last", "--json").out)["id"] == found["meeting"]


def test_the_status_says_whether_something_should_change(serve: Run) -> None:
    """Only with --exit-code, and with a status that no failure has; a checklist has no such status."""
    found = json.loads(serve("review", PROPOSAL, "-q", "-f", "json").out)
    assert found["holds_up"] is True
    assert serve("review", PROPOSAL, "-q").status == 0
    assert serve("review", PROPOSAL, "-q", "--exit-code").status == REQUESTED
    assert serve("--model", "rehearsal", "review", PROPOSAL, "-q", "--exit-code").status == 0


def test_it_can_be_written_to_a_file(rehearse: Run, diff: Path, tmp_path: Path) -> None:
    """What would be printed is in the file."""
    printed = rehearse("review", diff, "-q", "-f", "github").out
    ran = rehearse("review", diff, "-q", "-f", "github", "-o", tmp_path / "review.md")
    assert ran.out == ""
    written = (tmp_path / "review.md").read_text(encoding="utf-8")
    assert re.sub(r"Meeting \S+", "", written) == re.sub(r"Meeting \S+", "", printed)


def test_nothing_to_review_is_said() -> None:
    """Neither a file nor a pipe with something in it."""
    for words, said in ((["review"], "There is nothing to review."), (["review", "-"], "nothing on standard input")):
        command = [sys.executable, "-m", "agents", "-m", "rehearsal", *words]
        ran = subprocess.run(command, input="", capture_output=True, text=True)
        assert ran.returncode == 2
        assert said in ran.stderr
        assert ("instead of -" in ran.stderr) == ("-" in words)


def made(places: int, said: str) -> Review:
    """A review with that many places, in which everybody says the same."""
    why = Why(said, said, said)
    return Review(
        CHANGES, said, "1 for", tuple(ReviewPlace(said, n, n, "new", said, "high", (why,)) for n in range(1, places + 1)),
        (Contested(said, "objects", said, said),), (f"{said}:3-9",), {"NUM_CTX": 1}, (said,), said, "m", "t", (),
    )  # fmt: skip


def test_a_comment_is_never_too_long() -> None:
    """Whole rows are left out at the end, and counted."""
    text = as_github(made(900, "What the library does when nobody answers is not said anywhere in this text."))
    assert len(text) <= COMMENT_LETTERS
    rows = text.count("\n| `")
    assert f"{900 - rows} further places in the minutes." in text
    assert len(as_github(made(3, "x" * 100_000))) <= COMMENT_LETTERS


@given(st.text(st.sampled_from("ab|`@#\\<>\n*_[]()!&1 "), min_size=1, max_size=30))
def test_what_was_said_stays_text_in_a_comment(said: str) -> None:
    """A row stays one row of three cells, and nobody is mentioned, whatever signs the words have."""
    text = as_github(made(1, f"@octocat #12 https://example.org {said}"))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert [token.type for token in tokens].count("tr_open") == 2
    assert [token.type for token in tokens].count("td_open") == 3
    plain = [one for token in tokens for one in token.children or () if one.type != "code_inline"]
    assert {one.type for one in plain} <= {"text", "softbreak", "html_inline", "strong_open", "strong_close"}
    assert {one.content for one in plain if one.type == "html_inline"} <= {"<br>", "<sub>", "</sub>"}
    assert not re.search(r"@octocat|#12|https:", " ".join(one.content for one in plain))


@given(st.integers(20, 200), st.text(max_size=300))
def test_the_short_form_keeps_to_the_terminal(width: int, said: str) -> None:
    """No line is wider than the terminal, and it stays short, whatever was said."""
    why = Why("QA Engineer", said, said)
    place = ReviewPlace("src/a.py", 3, 9, "new", said, "high", (why,))
    contested = Contested("QA Engineer", "objects", said, said)
    many = Review(CHANGES, "do it", "1 for", (place,) * 9, (contested,) * 3, (), {}, ("QA",), "m", "id", "t", ())
    lines = as_text(many, width).split("\n")
    assert len(lines) <= 14
    assert max(map(len, lines[:-1])) <= max(width, NARROWEST + 2)  # the last one is a command to copy
    assert sum("src/a.py:3-9" in line for line in lines) >= 3
