"""The days that are said in a meeting, from the words of a person to minutes, exports, register and board."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.inputs import PROPOSAL

HELD = date(2026, 11, 30)
"""A Monday."""
SAID = {
    "Chief Technology Officer will fix the bug that broke checkout by Friday.": '2026-12-04 ("by Friday")',
    "Ada will send the runbook to everybody by 2026-12-05.": '2026-12-05 ("by 2026-12-05")',
    "CTO will write the decision record by Friday, December 4.": '2026-12-04 ("by Friday, December 4")',
    "I will call the supplier by Monday, 2026-12-07.": '2026-12-07 ("by Monday, 2026-12-07")',
    "Herr M\u00fcller will check the contract by 05.12.2026.": '2026-12-05 ("by 05.12.2026")',
    "@sam_k will add the alert by Fri.": '2026-12-04 ("by Fri")',
    "\u7530\u4e2d\u3055\u3093 will review the schema change by 2026-12-08.": '2026-12-08 ("by 2026-12-08")',
    "The CTO and the Database Administrator will meet by Wednesday next week.": '2026-12-09 ("by Wednesday next week")',
    "database administrator to restore the backup by tomorrow.": '2026-12-01 ("by tomorrow")',
    "TBD will choose a vendor by 12/05/2026.": 'said, but no day I can read ("by 12/05/2026")',
    "I will sign the licence by 2026-01-15.": '2026-01-15, already past when said ("by 2026-01-15")',
    "Den Vertrag lesen bis 8. Dezember.": '2026-12-08 ("bis 8. Dezember")',
    "I will archive the old tickets before the holidays.": 'said, but no day I can read ("before the holidays")',
    "I will clean up the wiki.": "not said",
}


@pytest.fixture
def meet(serve: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Holds a meeting on that day in which the technical officer says these actions; returns its minutes."""
    monkeypatch.setattr("agents.orchestrator.prepare.today", lambda: HELD)
    monkeypatch.setattr("agents.orchestrator.action_values.today", lambda: HELD)

    def held(*actions: str, kind: str = "daily_standup") -> str:
        words = tmp_path / "words.txt"
        words.write_text("Done: nothing\nPosition: for\n" + "".join(f"Action: {action}\n" for action in actions))
        seats = ("--agents", "cto,database_administrator", "--me", "cto", "--words", words)
        ran = serve("meeting", "run", kind, "-t", "Move?", "-a", PROPOSAL, *seats, "-q")
        assert ran.status == 0, ran.err
        return ran.out

    return held


@pytest.mark.parametrize("said", SAID)
def test_minutes_print_the_day_that_is_meant(meet: Callable[..., str], said: str) -> None:
    """Minutes print the day, that it was past, or that the words give none; "not said" only where nothing was said."""
    day = SAID[said].partition(' ("')[0]
    rows = [row.split(" | ") for row in _unescaped(meet(said)).split("\n") if row.startswith("| AC")]
    assert any(row[3] in {day, SAID[said]} for row in rows)


def _unescaped(markdown: str) -> str:
    return markdown.replace("\\", "")


def test_a_day_that_was_past_is_marked_everywhere(meet: Callable[..., str], serve: Run) -> None:
    """Register, board, and every export say of a day that it was already past when it was said."""
    meet("I will sign the licence by 2026-01-15.", "I will archive the tickets before the holidays.")
    past, none = "already past when said", "said, but no day I can read"
    listed = " ".join(serve("actions", "list").out.split())
    assert f'A1, "by 2026-01-15": {past}.' in listed
    assert f'A2, "before the holidays": {none}.' in listed
    board = serve("actions", "board").out
    assert "Overdue (1)" in board
    assert past in " ".join(re.sub(r"[|+-]", " ", board).split())
    rows = {row["due_text"]: row for row in json.loads(serve("actions", "list", "--json").out)}
    assert (rows["by 2026-01-15"]["due_note"], rows["before the holidays"]["due_note"]) == (past, none)
    assert past in serve("actions", "export").out
    assert past in serve("actions", "show", "A1").out
    for form in ("markdown", "html", "json", "csv", "ics"):
        assert past in " ".join(
            serve("meeting", "export", "last", "--format", form).out.replace("\r", "").replace("\n ", "").split()
        )
    table = csv.DictReader(io.StringIO(serve("meeting", "export", "last", "--format", "csv").out))
    assert {row["due_said"]: row["due_note"] for row in table if row["speaker"] == "Chief Technology Officer"} == {
        "by 2026-01-15": past, "before the holidays": none
    }  # fmt: skip
    assert serve("actions", "due", "A1", "2026-01-16").status == 0
    assert past not in serve("actions", "list").out


POSTMORTEMS = {
    "# Checkout outage, Nov 20\n\nAll times in PST.\n\n| Time | Event |\n|---|---|\n| 11:58 PM | Deploy to all hosts |\n"
    "| 12:04 AM | The error rate rose |\n| 2:30 AM | Service restored |\n": ["Deploy", "error rate", "restored"],
    "# Ausfall am 20.11.2026\n- 20.11.2026 23:58 Uhr: Deploy auf alle Hosts\n- 21.11.2026 00:04 Uhr: Fehlerrate\n": [
        "Deploy", "Fehlerrate",
    ],
    "## Timeline (all times PST)\n9:54 PM January 14, 2026: deploy by hand\n8:15 AM January 15, 2026: a customer called\n"
    "10:10 AM January 15, 2026: service restored\n": ["deploy by hand", "a customer", "restored"],
    "# Flags\n- 23:40 Ahmed merges a change\n- 23:55 no alert fired\n- 00:20 Rollback failed\n- ~00:45 Service restored\n": [
        "Ahmed", "no alert", "Rollback", "restored",
    ],
    "2026-11-21T00:04:10Z error the connection failed\n2026-11-21T01:05:30Z error rollback failed\n"
    "2026-11-21T02:10:20Z warn deploy by hand\n2026-11-21T02:30:45Z info service restored\n": [
        "connection", "rollback", "deploy", "restored",
    ],
}  # fmt: skip


@pytest.mark.parametrize("document", POSTMORTEMS)
def test_a_timeline_is_in_the_order_of_what_happened(serve: Run, tmp_path: Path, document: str) -> None:
    """The table of a postmortem begins with what came first, over midnight and in logs."""
    page = tmp_path / "pm.md"
    page.write_text(document)
    ran = serve("meeting", "run", "incident_postmortem", "-t", "x", "-a", page, "-q")
    rows = [line for line in ran.out.splitlines() if line.startswith("|") and "the document" in line]
    events = POSTMORTEMS[document]
    assert [next((one for one in events if one in row), "") for row in rows] == events
