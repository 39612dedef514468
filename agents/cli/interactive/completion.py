"""What can come next in a line that is being typed: agents, commands, meeting types, skills, files."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from agents.cli.interactive.session import Conversation
from agents.cli.interactive.slash import COMMANDS
from agents.cli.terminal.caller_files import is_callers, names_in, placed
from agents.cli.terminal.safe_text import harmless
from agents.errors import UsageError
from agents.model import PROVIDERS

MOST = 200
"""Maximum number of candidates."""

_NEEDS_BACKSLASH = re.compile(r"([\s\\\"'])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A completion of the last word of a line.

    Attributes:
        text: the whole word.
        typed: number of its characters that were typed already.
        about: what it is, in a few words.
    """

    text: str
    typed: int
    about: str = ""


def candidates(conversation: Conversation, before: str) -> list[Candidate]:
    """The completions of a line; plain words have none.

    Args:
        conversation: the session.
        before: the line up to the cursor.
    """
    line = before.lstrip()
    if line.startswith("@") and not re.search(r"\s", line):
        typed = re.split(r"[@,]", line)[-1]
        found = _of([*_agents(conversation), ("all", "all agents")], typed) or _by_alias(conversation, typed)
        return _with_blank(found)
    if not line.startswith("/") or "\n" in line:
        return []
    name, blank, rest = line.partition(" ")
    if not blank:
        commands = [(f"/{known}{' ' if command.takes else ''}", command.about) for known, command in COMMANDS.items()]
        return _of([*commands, ("/exit", "leave")], name)
    completes = COMMANDS[name[1:]].completes if name[1:] in COMMANDS else ""
    if completes == "file":
        return _files(rest)
    if completes and not re.search(r"\s", rest.lstrip()):
        found = _of(_SOURCES[completes](conversation), rest.lstrip())
        if completes in {"type", "skill"}:
            return _with_blank(found)
        return found or (_by_alias(conversation, rest.lstrip()) if completes == "agent" else [])
    return []


def _of(words: Iterable[tuple[str, str]], typed: str) -> list[Candidate]:
    """Words that start with what was typed; if there are none, words that contain it."""
    listed, wanted = list(words), typed.lower()
    found = [pair for pair in listed if pair[0].lower().startswith(wanted)]
    if not found and not wanted.startswith("/"):
        found = [pair for pair in listed if wanted in pair[0].lower()]
    return [Candidate(word, len(typed), harmless(about)) for word, about in found[:MOST]]


def _with_blank(found: list[Candidate]) -> list[Candidate]:
    """The same, each with the blank that ends a word, because more words follow it."""
    return [Candidate(f"{one.text} ", one.typed, one.about) for one in found]


def _last_word(line: str) -> str:
    """What is behind the last blank that is neither quoted nor behind a backslash."""
    start, quote, escaped = 0, "", False
    for at, char in enumerate(line):
        if escaped or char == "\\":
            escaped = not escaped and not quote
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char.isspace():
            start = at + 1
    return line[start:]


def _by_alias(conversation: Conversation, typed: str) -> list[Candidate]:
    """The agents with another name that starts with what was typed."""
    found = [
        Candidate(role.id, len(typed), harmless(role.title))
        for role in conversation.orchestrator.roles.values()
        if typed and any(alias.lower().startswith(typed.lower()) for alias in role.aliases)
    ]
    return found[:MOST]


def _files(rest: str) -> list[Candidate]:
    """Files and folders whose path starts with the last word."""
    word = _last_word(rest)
    plain = re.sub(r"\\(.)", r"\1", word.replace('"', "").replace("'", ""))
    folder, name = os.path.split(plain)
    try:
        place = placed(Path(folder or ".").expanduser())
        entries = names_in(place) if is_callers(place) else sorted(_names(place))
    except (OSError, RuntimeError, ValueError, UsageError):
        return []
    found = []
    for entry in entries:
        hidden = entry.startswith(".") and not name.startswith(".")
        if entry.startswith(name) and not hidden and harmless(entry) == entry:
            path = os.path.join(folder, entry)  # noqa: PTH118 - keeps ./ and ~
            found.append(Candidate(_NEEDS_BACKSLASH.sub(r"\\\1", path), len(word), "folder" if path[-1] == "/" else ""))
    return found[:MOST]


def _names(place: Path) -> list[str]:
    """The names in a folder, those of folders with a slash at their end."""
    return [entry.name + ("/" if _is_folder(entry) else "") for entry in os.scandir(place)]


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _agents(conversation: Conversation) -> list[tuple[str, str]]:
    return [(role.id, role.title) for role in conversation.orchestrator.roles.values()]


def _types(conversation: Conversation) -> list[tuple[str, str]]:
    return [(kind.id, kind.title) for kind in conversation.orchestrator.types.values()]


def _skills(conversation: Conversation) -> list[tuple[str, str]]:
    if not conversation.agent:
        return []
    role = conversation.orchestrator.get_agent_info(conversation.agent)
    return [(skill.name, skill.summary) for skill in role.skills.values()]


def _meetings(conversation: Conversation) -> list[tuple[str, str]]:
    return [("last", ""), *((row.id, row.title) for row in conversation.orchestrator.list_meetings(20))]


def _models(conversation: Conversation) -> list[tuple[str, str]]:
    named = conversation.orchestrator.settings.model_name
    others = sorted({name if provider.label else f"{name}:" for name, provider in PROVIDERS.items()} - {named})
    return [(named, "the one in use"), *((name, "") for name in others)]


_SOURCES: dict[str, Callable[[Conversation], list[tuple[str, str]]]] = {
    "agent": _agents,
    "type": _types,
    "skill": _skills,
    "meeting": _meetings,
    "model": _models,
}
