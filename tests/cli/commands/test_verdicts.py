"""`orchestrator meeting confirm`, `correct` and `reject`."""

import json
from pathlib import Path

from tests.cli.conftest import Run

RUN = ("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer,data_engineer", "-q")


def test_verdicts_are_kept_and_shown(serve: Run) -> None:
    """Each command says what was kept, and the minutes say it again."""
    assert serve(*RUN).status == 0
    assert "D1 confirmed by Ada, " in serve("meeting", "confirm", "last", "D1", "--by", "Ada").err
    told = serve("meeting", "correct", "last", "AC1", "--text", "Ada will try the restore", "--by", "Ada").err
    assert "AC1 corrected by Ada, " in told
    assert "Ada will try the restore" in told
    assert "Q1 rejected, " in serve("meeting", "reject", "last", "q1").err
    minutes = serve("meeting", "minutes", "last").out
    for words in ("D1 confirmed by Ada", "AC1 corrected by Ada", "Q1 rejected"):
        assert words in minutes
    kept = json.loads(serve("meeting", "export", "last", "-f", "json").out)["verdicts"]
    assert [one["entry"] for one in kept] == ["D1", "AC1", "Q1"]


def test_a_wrong_name_lists_the_entries(serve: Run) -> None:
    """An entry that is not there, and a correction without words, are errors of usage with a remedy."""
    assert serve(*RUN).status == 0
    ran = serve("meeting", "reject", "last", "Z9")
    assert ran.status == 2
    assert "The minutes have no entry 'Z9'." in ran.err
    assert "Their entries: D1, " in ran.err
    ran = serve("meeting", "correct", "last", "AC1", "--text", " ")
    assert ran.status == 2
    assert '--text "..."' in ran.err
    assert serve("meeting", "confirm", "nothing", "AC1").status == 2


def test_decide_needs_a_type_that_decides(serve: Run) -> None:
    """A stand-up has nothing to decide: --decide is refused with a remedy before anything is stored."""
    ran = serve("meeting", "run", "knowledge_sharing", "-t", "x", "--decide")
    assert ran.status == 2
    assert "Leave out --decide" in ran.err


def decision(serve: Run) -> dict[str, object]:
    """The decision of the last meeting."""
    found: dict[str, object] = json.loads(serve("meeting", "export", "last", "-f", "json").out)["topics"][0]["decision"]
    return found


def test_prepared_words_decide_too(serve: Run, tmp_path: Path) -> None:
    """Without a terminal the decision is a paragraph that begins with it, and the rest of it the reason."""
    words = tmp_path / "words.md"
    words.write_text("PASS\n\nReject: we cannot go back.\n")
    serve(*RUN, "--decide", "--words", words)
    left = decision(serve)
    assert (left["status"], left["outcome"], left["why"]) == ("rejected", "rejected", "we cannot go back.")
    assert left["decided_by"] == {"role": "decision_maker", "title": "Decision maker"}


def test_without_words_and_terminal_nothing_is_decided(serve: Run) -> None:
    """A decision is not invented: the minutes say that none was given."""
    serve(*RUN, "--decide")
    left = decision(serve)
    assert (left["status"], left["why"]) == ("no decision", "The Decision maker gave no decision.")


def test_the_register_shows_who_corrected_an_action(serve: Run) -> None:
    """The words of a correction are not called as said, and they are those of the minutes."""
    assert serve(*RUN).status == 0
    kept = json.loads(serve("actions", "list", "--json").out)
    serve("meeting", "correct", "last", "AC1", "--text", "Count them all, until Friday", "--by", "Ada")
    for row in kept[:1]:
        shown = serve("actions", "show", row["id"]).out
        assert "corrected by Ada" in shown
        assert "as said" not in shown
        assert "Count them all, until Friday" in shown
        assert "Count them all, until Friday" in serve("meeting", "minutes", "last").out
