"""What the minutes say about votes that are not counted, in every format."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from agents.export.adr import to_adr
from agents.export.html import to_html
from agents.export.json import to_json, to_transcript_json
from agents.export.markdown import to_markdown
from agents.export.text import deed
from agents.export.transcript import to_transcript
from agents.meeting.record import Ballot, Minutes, Vote
from tests.export.schema_reader import problems
from tests.export.test_json import SCHEMA
from tests.meeting.room.test_ballot import GOOD, NOISE, first_option, minutes_of

WRITERS: list[Callable[[Minutes], str]] = [to_markdown, to_html, to_adr, to_transcript, to_json, to_transcript_json]


@pytest.mark.parametrize("write", WRITERS)
def test_every_format_says_what_the_votes_are_worth(write: Callable[[Minutes], str]) -> None:
    """The sentence about the jury is in the minutes, the decision record and the transcript."""
    assert NOISE.sentence in write(minutes_of(lambda _prompt: "object", NOISE))


@pytest.mark.parametrize("write", [partial(to_markdown, full=True), to_html, to_transcript])
def test_votes_that_are_not_counted_are_shown_as_such(write: Callable[[Minutes], str]) -> None:
    """A vote below the bar and an unsteady vote stand in the minutes, and neither as a vote that counts."""
    assert "objects (not counted)" in write(minutes_of(lambda _prompt: "object", NOISE))
    assert "unsteady (support, then abstain)" in write(minutes_of(first_option, GOOD))


def test_deciders_of_a_decision_record_are_those_whose_votes_count() -> None:
    """Where no vote counts, nobody decided."""
    assert "- Deciders: nobody" in to_adr(minutes_of(lambda _prompt: "object", NOISE))


@pytest.mark.parametrize(("write", "name"), [(to_json, "minutes"), (to_transcript_json, "transcript")])
def test_json_has_both_votes_and_whether_they_count(write: Callable[[Minutes], str], name: str) -> None:
    """Juries and ballots fit the schema; an unsteady ballot has both votes."""
    value = json.loads(write(minutes_of(first_option, GOOD)))
    assert problems(value, SCHEMA["$defs"][name], SCHEMA) == []
    assert [(jury["told"], jury["controls"], jury["passes"]) for jury in value["juries"]] == [(8, 8, True)]
    found = {
        (one["vote"], one["second"], one["steady"], one["counted"], one["model"])
        for one in value["topics"][0]["ballots"]
    }
    assert found == {("support", "abstain", False, False, "scripted")}


def test_a_second_vote_that_is_missing_is_named() -> None:
    """Where the reversed order gave no readable vote, the words say so."""
    assert deed(Ballot(1, "cto", Vote.OBJECT, orders=2)) == "unsteady (object, then no readable vote)"
