"""Minutes and transcript as JSON: the documented structure, and every text exactly as it was said."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given

from agents.export.json import VERSION, to_json, to_transcript_json
from agents.meeting.record import Minutes
from tests.export.hostile import hostile_lists, minutes_of, patient
from tests.export.meetings import rich_minutes
from tests.export.schema_reader import problems
from tests.inputs import ROOT
from tests.meeting.speakers import TYPES, held

DOCS = ROOT / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "minutes.schema.json").read_text(encoding="utf-8"))
WRITERS: list[tuple[Callable[[Minutes], str], str]] = [(to_json, "minutes"), (to_transcript_json, "transcript")]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs, whose names are all different."""
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def strings(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_the_fixed_meeting_fits_the_documented_schema(write: Callable[[Minutes], str], name: str) -> None:
    """Nothing is missing or undocumented, and every value has its type."""
    value = json.loads(write(rich_minutes()), object_pairs_hook=once)
    assert problems(value, SCHEMA["$defs"][name], SCHEMA) == []
    assert problems(value, SCHEMA, SCHEMA) == []


@pytest.mark.parametrize("type_id", TYPES)
def test_every_type_of_meeting_fits_the_schema(type_id: str) -> None:
    """The artefact of every meeting type has the documented structure."""
    value = json.loads(to_json(held(type_id)))
    assert problems(value, SCHEMA["$defs"]["minutes"], SCHEMA) == []
    assert value["topics"][0]["artefact"]["name"] == TYPES[type_id].artefact


@patient
@given(hostile_lists)
def test_words_come_back_exactly_as_they_were_said(words: list[str]) -> None:
    """Any text, also half surrogates, is read back equal, and the file is UTF-8."""
    minutes = minutes_of(words)
    text = to_json(minutes).encode("utf-8").decode("utf-8")
    value = json.loads(text, object_pairs_hook=once)
    assert problems(value, SCHEMA["$defs"]["minutes"], SCHEMA) == []
    topic = value["topics"][0]
    assert [turn["text"] for turn in value["turns"]] == [turn.text for turn in minutes.turns]
    assert [action["task"] for action in topic["actions"]] == [action.task for action in minutes.topics[0].actions]
    assert [item["evidence"]["quote"] for item in topic["items"]] == [
        item.evidence.quote for item in minutes.topics[0].items
    ]
    assert topic["decision"]["text"] == minutes.topics[0].decision.text
    assert set(words[:20]) <= set(strings(value))


def test_unverified_entries_are_marked_and_counted() -> None:
    """The count of unverified entries is the number of entries whose evidence is unverified."""
    value = json.loads(to_json(rich_minutes()))
    entries = [one for topic in value["topics"] for one in (*topic["items"], *topic["actions"])]
    doubtful = [one for one in entries if not one["evidence"]["verified"]]
    entries += [topic["decision"] for topic in value["topics"] if topic["decision"]["evidence"]]
    entries += [one for topic in value["topics"] for one in topic["dissent"]]
    assert value["entries"] == {
        "total": len(entries),
        "verified": len(entries) - len(doubtful),
        "from_documents": 0,
        "unverified": len(doubtful),
        "corrected": 0,
        "rejected": 0,
        "quotations": {"compared": 0, "found": 0},
    }
    assert len(doubtful) == 9
    assert all(one["evidence"]["problem"] for one in doubtful)


def test_the_schema_takes_this_version_and_no_other_major() -> None:
    """A reader that checks the version with the schema refuses an unknown structure."""
    value = json.loads(to_json(rich_minutes()))
    assert value["version"] == VERSION
    assert problems({**value, "version": "2.0"}, SCHEMA["$defs"]["minutes"], SCHEMA)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra": 1}, "extra is not in the schema"),
        ({"present": [{"role": "cto"}]}, "title is missing"),
        ({"documents": "a.md"}, "is not type array"),
        ({"entries": {"total": -1}}, "is not minimum 0"),
        ({"entries": {"total": True}}, "is not type integer"),
        ({"schema": "other"}, "is not const"),
    ],
)
def test_the_check_finds_what_does_not_fit(change: dict[str, Any], said: str) -> None:
    """The check in these tests finds additions, omissions and wrong types."""
    value = json.loads(to_json(rich_minutes())) | change
    assert any(said in problem for problem in problems(value, SCHEMA["$defs"]["minutes"], SCHEMA))


def test_every_reference_in_the_schema_leads_somewhere_and_is_used() -> None:
    """Every reference in the schema has a definition, and every definition is used."""
    text = json.dumps(SCHEMA)
    used = set(re.findall(r'"\$ref": "#/\$defs/(\w+)"', text))
    assert used == set(SCHEMA["$defs"])
