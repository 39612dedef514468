"""Memories as lines of JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clock import iso_utc
from agents.errors import DocumentError
from agents.memory import Remembered, Summary
from agents.memory.file import AUTHORS, as_lines, as_markdown, from_lines

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=st.just(UTC)).map(iso_utc)  # noqa: DTZ001
MESSAGES = st.builds(
    Remembered,
    number=st.just(0),
    agent=st.text(min_size=1, max_size=10).filter(str.strip),
    session=st.text(max_size=10),
    author=st.sampled_from(AUTHORS),
    text=st.text(max_size=50),
    at=MOMENTS,
    tokens=st.integers(0, 10**9),
    pinned=st.booleans(),
)
GOOD = {"agent": "cto", "session": "s", "author": "user", "at": "2026-01-01T00:00:00Z", "text": "hello"}


@given(messages=st.lists(MESSAGES, max_size=5))
def test_lines_read_back_as_they_were_written(messages: list[Remembered]) -> None:
    """Every message survives the way out and in, one line each."""
    lines = list(as_lines(messages))
    assert all("\n" not in line for line in lines)
    assert list(from_lines("\n".join(lines).split("\n"), "f")) == messages


@given(text=st.text(max_size=50), model=st.text(max_size=20), moments=st.lists(MOMENTS, min_size=3, max_size=3))
def test_summaries_read_back_without_the_numbers_of_their_messages(text: str, model: str, moments: list[str]) -> None:
    """A summary survives the way out and in; what it covers is named by moments."""
    at, since, until = moments
    summary = Summary("cto", "s", 3, 9, since, until, text, model, at)
    [read] = from_lines(as_lines([summary]), "f")
    assert read == replace(summary, first=0, last=0)


@given(line=st.text(max_size=60) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_line_is_a_message_or_a_mistake_with_a_name(line: str) -> None:
    """A line that is not a message is an error with file and line, not a traceback."""
    if line.strip():
        with pytest.raises(DocumentError, match=r"f\.jsonl:2 is not a message"):
            list(from_lines(["", line], "f.jsonl"))
    else:
        assert list(from_lines(["", line], "f.jsonl")) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"agent": " "}, "agent is empty"),
        ({"agent": 3}, "agent is missing"),
        ({"text": None}, "text is missing"),
        ({"author": "system"}, "author is not one of"),
        ({"at": "yesterday"}, "at is not a time"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at is not a time"),
        ({"tokens": -1}, "tokens"),
        ({"tokens": True}, "tokens"),
        ({"tokens": 2**70}, "tokens"),
        ({"pinned": 1}, "pinned"),
        ({"at": None}, "at is missing"),
        ({"author": "summary"}, "since is missing"),
        ({"author": "summary", "since": "2026-01-01", "until": "soon", "model": "m"}, "until is not a time"),
        ({"author": "summary", "since": "2026-01-01", "until": "2026-01-01"}, "model is missing"),
    ],
)
def test_each_mistake_is_told(wrong: dict[str, object], why: str) -> None:
    """The cause says which field is wrong."""
    with pytest.raises(DocumentError, match=why):
        list(from_lines([json.dumps({**GOOD, **wrong})], "f"))


def test_deep_nesting_is_a_mistake_like_any_other() -> None:
    """A line made to exhaust the reader is refused."""
    with pytest.raises(DocumentError):
        list(from_lines(["[" * 100_000], "f"))


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01", "2026-01-01T00:00:00.000Z"),
    ],
)
def test_moments_are_kept_in_one_form(at: str, kept: str) -> None:
    """Times from elsewhere are turned into ours, so that they can be compared."""
    assert next(from_lines([json.dumps({**GOOD, "at": at})], "f")).at == kept


def test_markdown_cannot_be_forged_by_what_was_said() -> None:
    """Every line of a message is quoted, so that none passes for a heading or another's words."""
    message = Remembered(0, "cto", "default", "user", "hello\n# Heading\r**You**\x0bx", "2026-01-01T00:00:00.000Z")
    text = "\n".join(as_markdown([message], {"cto": "CTO"}))
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# CTO", "## 2026-01-01"]
    assert "> # Heading" in text
