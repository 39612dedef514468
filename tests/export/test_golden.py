"""Every format, byte for byte, of one meeting that contains one of everything.

``REWRITE_GOLDEN=1 pytest tests/export/test_golden.py`` writes the files again; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from agents.export import FORMATS, export
from tests.export.meetings import rich_minutes

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {
    "markdown": "md", "html": "html", "json": "json", "csv": "csv", "adr": "adr.md", "ics": "ics", "ics_todo": "todo.ics", "ics_all": "all.ics",
    "transcript": "transcript.md", "transcript_json": "transcript.json", "chained": "chained.jsonl",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_writes_the_same_bytes_as_before(name: str) -> None:
    """The fixed meeting gives exactly the stored file."""
    file = GOLDEN / f"minutes.{SUFFIXES[name]}"
    text = export(rich_minutes(), name).encode()
    if os.environ.get("REWRITE_GOLDEN"):
        file.write_bytes(text)
    assert text == file.read_bytes()


def test_the_fixed_meeting_has_everything_a_format_must_show() -> None:
    """Unverified entries, dissent, moves with and without an argument, absences, a dropped turn, no decision."""
    minutes = rich_minutes()
    topics = minutes.topics
    assert minutes.checks.as_said == 9
    assert [topic.decision.outcome for topic in topics] == ["build on conditions", "rejected", "no decision"]
    assert {move.argued for move in topics[0].moves} == {True, False}
    assert all(topic.dissent for topic in topics[:2])
    assert {one.phase for one in minutes.absent} == {"challenge", "ballot", "proposal", "extract"}
    assert [turn.dropped for turn in minutes.turns if turn.dropped] == ["repeats T10"]
    assert {action.due is None for action in topics[0].actions} == {True, False}
    assert not all(action.agreed for topic in topics for action in topic.actions)
    assert any(item.evidence.written for item in topics[0].items)
