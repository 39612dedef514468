"""Which meeting is meant: a type and topics, from the words of the command line, or by asking at a terminal."""

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.output import tell
from agents.cli.terminal.size import terminal_width
from agents.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from agents.meeting.meeting_type import MeetingTypes

USUAL = "decision"
"""The type of a meeting for which none is named."""

OFFERED = (
    USUAL, "architecture_review", "pull_request_review", "security_review", "technical_design", "incident_postmortem",
    "premortem", "sprint_planning",
)  # fmt: skip
"""The types that the question at a terminal lists, if they are there."""

_NAME = re.compile(r"[\w-]+")
_CLOSE = 0.75
"""How similar a word must be to a type's name, from 0 to 1, to be that name with a mistake in it."""


def type_and_topics(
    types: "MeetingTypes",
    first: str | None,
    more: Sequence[str],
    topics: Sequence[str],
    *,
    ask: bool = False,
    listing: str = "`orchestrator types list`",
) -> tuple[str, list[str]]:
    """The id of a meeting type, and the topics; of a type that has a topic of its own, there may be none.

    Args:
        types: all types.
        first: the first word of the command line, a type or the topic; None for nothing.
        more: the words after it.
        topics: topics from options; they come after the words.
        ask: whether to ask for what is missing, where there is a terminal.
        listing: the command that lists the types.

    Raises:
        UnknownName: the first word is a type's name with a mistake in it, or a name that no type has.
        UsageError: there is no topic.
    """
    ask = ask and sys.stdin.isatty() and sys.stderr.isatty()
    words = [word for word in (first or "", *more) if word.strip()]
    kind = _named(types, words, alone=not more and not topics, topics=bool(topics)) if words else ""
    about = " ".join(words[1:] if kind else words)
    found = [text for text in (about, *topics) if text.strip()]
    if not kind and (found or ask):
        kind = _asked_type(types) if ask else _usual(types, listing)
    if not kind:
        raise UsageError("There is no topic.", "Write what it is about.", about="topics", subject=USUAL)
    if not found and not types[kind].topic:
        if not ask:
            cause = f"There is no topic for {types[kind].title.lower()}."
            raise UsageError(cause, "Write what it is about.", about="topics", subject=kind)
        found = [typer.prompt("What is it about?", err=True)]
    return kind, found


def _named(types: "MeetingTypes", words: Sequence[str], *, alone: bool, topics: bool) -> str:
    """The type that the first word names; "" if it belongs to the topic."""
    first = words[0]
    titles = {_plain(name): kind.id for kind in types.values() for name in (kind.id, kind.title)}
    if _plain(first) in titles:
        return titles[_plain(first)]
    near = list(dict.fromkeys(titles[one] for one in get_close_matches(_plain(first), titles, n=3, cutoff=_CLOSE)))
    a_name = _NAME.fullmatch(first) is not None
    if near or (a_name and (alone or topics or "_" in first)):
        error = UnknownName("meeting type", first, list(types), near=near or None)
        if a_name and alone and not near:
            error.hint = f'{error.hint} For a topic of one word: --topic "{first}".'.strip()
        raise error
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def _usual(types: "MeetingTypes", listing: str) -> str:
    tell(f"The type is {types[USUAL].title.lower()}; {listing} lists the others.")
    return USUAL


def _asked_type(types: "MeetingTypes") -> str:
    """The type that the user chooses from a short list, or names; Enter takes the usual one."""
    offered = [types[name] for name in OFFERED if name in [*types]]
    width = max(len(kind.id) for kind in offered)
    for number, kind in enumerate(offered, 1):
        tell(_shortened(f"  {number}  {kind.id:{width}}  {kind.purpose}", terminal_width() - 1))
    tell(f"  All {len(types)}: orchestrator types list")
    while True:
        answer = str(typer.prompt("Which kind of meeting?", default=USUAL, err=True)).strip()
        chosen = offered[int(answer) - 1].id if answer in map(str, range(1, len(offered) + 1)) else answer
        try:
            return types[chosen].id
        except UnknownName as error:
            tell(f"{error.cause} {error.hint}".strip())


def _shortened(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 4].rsplit(' ', 1)[0]} ..."
