"""Places to look at, in every format that shows them."""

import json
from dataclasses import replace

import pytest

from agents.export.html import to_html
from agents.export.json import to_json
from agents.export.markdown import to_markdown
from agents.meeting.finding import READ, SEARCHED, Finding, Reason
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from tests.export.schema_reader import problems
from tests.export.test_json import SCHEMA
from tests.meeting.rooms import hold, spec_for

HOSTILE = '<script>alert(1)</script> **bold** [x](javascript:1) "quoted"'


@pytest.fixture
def minutes() -> Minutes:
    """Minutes with a place that two roles name, and an opinion without a place."""
    events, _ = hold(spec_for())
    made = build(events)
    searched = Reason("data_engineer", SEARCHED, "The backup is lost, too.", "Move it.", "T1", 0.7, shown=True)
    read = Reason("security_engineer", READ, HOSTILE, turn="T2")
    findings = (
        Finding("plan.md", 3, 4, HOSTILE, "high", (searched, read)),
        Finding("", 0, 0, "", "low", (replace(read, why="Nobody knows the way back."),)),
    )
    return replace(made, topics=(replace(made.topics[0], findings=findings),))


def test_markdown_lists_places_and_opinions(minutes: Minutes) -> None:
    """A place has its lines, the document's words, the reasons with roles and turns; an opinion stands apart."""
    text = to_markdown(minutes)
    places = text.split("## Places to look at")[1].split("## Said about words that stand in no document")
    assert "| high | plan.md:3-4 |" in places[0]
    assert "The backup is lost, too. (Data Engineer)" in places[0]
    assert "| Move it. (T1) |" in places[0]
    assert "Nobody knows the way back." in places[1]
    assert "<script>" not in text
    assert "**bold**" not in text


def test_html_escapes_what_the_document_says(minutes: Minutes) -> None:
    """Words of a document and of a model are text in HTML, too."""
    page = to_html(minutes)
    assert "Places to look at" in page
    assert "plan.md:3-4" in page
    assert "<script>alert" not in page


def test_json_has_every_field_of_the_schema(minutes: Minutes) -> None:
    """Findings are as the schema says, in the same order, with null for what is not there."""
    table = json.loads(to_json(minutes))
    assert problems(table, SCHEMA["$defs"]["minutes"], SCHEMA) == []
    first, second = table["topics"][0]["findings"]
    assert (first["file"], first["first"], first["last"], first["quote"]) == ("plan.md", 3, 4, HOSTILE)
    assert [one["found"] for one in first["reasons"]] == ["search", "read"]
    assert (second["file"], second["first"], second["quote"], second["turn"]) == (None, None, None, "T2")
