"""Export and import of memories: one JSON object per line for programs, Markdown for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from agents.clock import iso_utc
from agents.errors import DocumentError
from agents.memory import Remembered, Summary
from agents.text import json_text

AUTHORS = ("user", "assistant", "note")

SUMMARY = "summary"
"""The author field of a line that contains a summary and not a message."""

_MOST_TOKENS = 10**9


def as_dict(message: Remembered) -> dict[str, Any]:
    """A message as a JSON object; ``from_line`` reads it back."""
    return {
        "agent": message.agent,
        "session": message.session,
        "author": message.author,
        "at": message.at,
        "text": message.text,
        "tokens": message.tokens,
        "pinned": message.pinned,
    }


def summary_as_dict(summary: Summary) -> dict[str, Any]:
    """A summary as a JSON object. The messages that it covers are given by time, because their numbers differ in
    another database.
    """
    return {
        "agent": summary.agent,
        "session": summary.session,
        "author": SUMMARY,
        "at": summary.at,
        "text": summary.text,
        "model": summary.model,
        "since": summary.since,
        "until": summary.until,
    }


def as_lines(kept: Iterable[Remembered | Summary]) -> Iterator[str]:
    """One line of JSON for each message or summary."""
    dicts = (summary_as_dict(one) if isinstance(one, Summary) else as_dict(one) for one in kept)
    return (json_text(one, None) for one in dicts)


def from_lines(lines: Iterable[str], name: str) -> Iterator[Remembered | Summary]:
    """Messages and summaries from lines of JSON; empty lines are skipped.

    Args:
        lines: lines from ``as_lines`` or another program.
        name: the name of the file in messages.

    Raises:
        DocumentError: a line is not a message; the cause names file and line.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield from_line(line)
            except (ValueError, OverflowError, RecursionError) as error:
                why = "it is not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
                raise DocumentError(
                    f"{name}:{number} is not a message: {why}.",
                    "Nothing was imported. `agents.memory.file.as_lines` writes such lines.",
                    about="line",
                ) from None


def from_line(line: str) -> Remembered | Summary:
    """One message or summary.

    Raises:
        ValueError: it is neither; the error says why.
    """
    given = json.loads(line)
    if not isinstance(given, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - one kind of error for one kind of mistake
    agent, session, author, text = (_text(given, name) for name in ("agent", "session", "author", "text"))
    if not agent.strip():
        raise ValueError("agent is empty")
    at = _moment(given, "at")
    if author == SUMMARY:
        since, until = _moment(given, "since"), _moment(given, "until")
        return Summary(agent, session, 0, 0, since, until, text, _text(given, "model"), at)
    if author not in AUTHORS:
        raise ValueError(f"author is not one of {', '.join(AUTHORS)}")
    tokens, pinned = given.get("tokens", 0), given.get("pinned", False)
    if type(tokens) is not int or not 0 <= tokens <= _MOST_TOKENS:
        raise ValueError("tokens is not a number of tokens")
    if not isinstance(pinned, bool):
        raise ValueError("pinned is neither true nor false")  # noqa: TRY004 - as above
    return Remembered(0, agent, session, author, text, at, tokens, pinned)


def as_markdown(messages: Iterable[Remembered], titles: Mapping[str, str]) -> Iterator[str]:
    """Pieces of a Markdown text to read: a heading for each agent and day, every message with its time.

    Args:
        messages: the messages, grouped by agent.
        titles: titles of the agents, by id.
    """
    agent = day = ""
    for message in messages:
        if message.agent != agent:
            agent, day = message.agent, ""
            yield f"# {titles.get(agent, agent)}\n"
        if message.at[:10] != day:
            day = message.at[:10]
            yield f"## {day}\n"
        who = {"user": "You", "assistant": titles.get(agent, agent), "note": "Note"}.get(message.author, message.author)
        where = "" if message.session == "default" else f", {message.session}"
        pin = ", pinned" if message.pinned else ""
        quoted = "\n".join(f"> {line}".rstrip() for line in message.text.splitlines() or [""])
        yield f"**{who}** ({message.at[11:16]} UTC{where}{pin})\n\n{quoted}\n"


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing or not text")  # noqa: TRY004 - as above
    return value


def _moment(given: Mapping[str, Any], name: str) -> str:
    text = _text(given, name)
    try:
        moment = datetime.fromisoformat(text)
        return iso_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is not a time such as 2026-05-04T09:30:00Z") from None
