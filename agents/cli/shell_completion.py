"""Names that a shell can complete, such as agents, meeting types and skills, read from as few files as possible.

Only the first lines of the files are read, and no YAML. The database is opened for ids of meetings only, and a model
server is asked for its models only, within a moment, and not again within a minute. After an error the list is just
shorter, because a shell cannot show an error here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents.settings import Settings

Pairs = list[tuple[str, str]]
"""Names, each with a description."""

KEPT_SECONDS = 60.0
"""How long the names of a server's models are kept."""
SERVER_SECONDS = 0.5
"""The longest wait for a server."""
MEETINGS = 20
"""The most meetings that are offered."""
_HEAD_BYTES = 2048
_ROLE = (re.compile(r"(?m)^id:\s*(\w+)"), re.compile(r"(?m)^title:[ \t]*(\S.*)"))
_ALIASES = re.compile(r"(?m)^aliases:\s*\[([^\]\n]*)\]")
_TYPE = (re.compile(r'(?m)^id\s*=\s*"(\w+)"'), re.compile(r'(?m)^title\s*=\s*"([^"]*)"'))
_SKILL = re.compile(r"(?m)^###\s+(\w+)\s*\n(.*)$")


def items(pairs: Sequence[tuple[str, str]], typed: str) -> list[Any]:
    """The names that begin with what was typed, in Typer's form."""
    from typer.core import CompletionItem  # type: ignore[attr-defined]  # not exported, yet there in every version

    return [CompletionItem(name, help=about) for name, about in pairs if name.startswith(typed)]


def agents(_others: dict[str, Any]) -> Pairs:
    """Every agent."""
    return list({name: (name, title) for name, title, _ in _roles()}.values())


def by_alias(typed: str) -> Pairs:
    """The agents with another name that begins with what was typed."""
    found = []
    for name, title, head in _roles():
        listed = _ALIASES.search(head)
        aliases = [word.strip().lower() for word in listed[1].split(",")] if listed else []
        found += [(name, title)] if typed and any(word.startswith(typed.lower()) for word in aliases) else []
    return found


def meeting_types(_others: dict[str, Any]) -> Pairs:
    """Every meeting type, including the user's own."""
    found = (_read(place.folder, (".toml",), _TYPE) for place in _settings().type_places if place.folder.is_dir())
    return list({name: (name, title) for each in found for name, title, _ in each}.values())


def skills(others: dict[str, Any]) -> Pairs:
    """The skills of the agent that is already on the line, otherwise those of all agents."""
    from agents.role import EXTRA

    folders = [place.folder for place in reversed(_settings().role_places)]
    folders += [extra for folder in folders if (extra := folder / EXTRA).is_dir()]
    words = [word for word in (others.get("agent"), *others["words"]) if word]
    named = [folder / f"{word}.md" for word in words for folder in folders]
    files = [file for file in named if file.is_file()][:1]
    files = files or [file for folder in folders for file in sorted(folder.glob("*.md"))]
    found: Pairs = [
        pair for file in files for pair in _SKILL.findall(file.read_text(encoding="utf-8").partition("## Skills")[2])
    ]
    return sorted(dict(found).items())


def examples(_others: dict[str, Any]) -> Pairs:
    """The example programs."""
    from agents.settings.folders import example_folder

    return [(file.stem, "") for file in sorted(example_folder().glob("*.py"))]


def topics(_others: dict[str, Any]) -> Pairs:
    """The topics that ``help`` explains."""
    from agents.cli.commands.help import TOPICS

    return [(name, about) for name, (about, _) in TOPICS.items()]


def formats(_others: dict[str, Any]) -> Pairs:
    """The formats of minutes."""
    from agents.export import FORMATS

    return [(name, "") for name in FORMATS]


def models(_others: dict[str, Any]) -> Pairs:
    """The model in the settings, the one that is always available, and those on the Ollama server."""
    settings = _settings()
    found = {settings.model_name: "from the settings", "rehearsal": "no model, built in"}
    return list((dict.fromkeys(_installed(settings), "on the server") | found).items())


def _installed(settings: "Settings") -> list[str]:
    """The models on the Ollama server, as they were at most a minute ago; none if it does not answer at once."""
    import json
    import time

    kept = settings.data_folder / ".models_for_completion"
    try:
        if time.time() - kept.stat().st_mtime < KEPT_SECONDS:
            address, *names = json.loads(kept.read_text(encoding="utf-8"))
            if address == settings.ollama_base_url:
                return [str(name) for name in names]
    except (OSError, ValueError):
        pass
    from agents.model.ollama.server import OllamaServer

    try:
        server = OllamaServer(settings.with_flags(connect_timeout=SERVER_SECONDS))
        server.version(timeout=SERVER_SECONDS)
        names = [one.name.removesuffix(":latest") for one in server.installed()]
    except Exception:  # noqa: BLE001 - a shell cannot show an error here
        names = []
    if settings.data_folder.is_dir():
        from agents.cli.terminal.output import write_file

        with suppress(OSError):
            write_file(kept, json.dumps([settings.ollama_base_url, *names]))
    return names


def meetings(_others: dict[str, Any]) -> Pairs:
    """The word for the newest meeting, and the newest ids with what they are about."""
    settings = _settings()
    found: Pairs = [("last", "the newest meeting")]
    if any(settings.data_folder.glob("*.db")):  # nothing is created for a completion
        from agents.orchestrator import AgentOrchestrator

        with AgentOrchestrator(settings) as orchestrator:
            found += [(row.id, row.title) for row in orchestrator.list_meetings(MEETINGS)]
    return found


COMPLETED: dict[str, Callable[[dict[str, Any]], Pairs]] = {
    "agent": agents,
    "agents": agents,
    "chair": agents,
    "invite": agents,
    "without": agents,
    "me": agents,
    "owner": agents,
    "type_id": meeting_types,
    "like": meeting_types,
    "skill": skills,
    "topic_name": topics,
    "file_format": formats,
    "model": models,
    "meeting_id": meetings,
    "meeting": meetings,
}
"""The source of completions for an argument or option, by its name: the same for every command."""

LISTED = ("agents", "invite", "without")
"""Options that take several names, separated by commas."""

_OF_EXAMPLES = ("show", "run")


def complete_names(command: Any, path: tuple[str, ...] = ()) -> Any:
    """Let a command, and those below it, complete the names in ``COMPLETED``; returns the command."""
    path = (*path, command.name or "")
    complete_values(command, path)
    for below in getattr(command, "commands", {}).values():
        complete_names(below, path)
    return command


def complete_values(command: Any, path: tuple[str, ...] = ()) -> None:
    """Let a command complete the values of its own options and arguments; those below it are not loaded."""
    for parameter in command.params:
        find = COMPLETED.get(parameter.name)
        if path[-2:-1] == ("examples",) and path[-1] in _OF_EXAMPLES and parameter.name == "name":
            find = examples
        if find:
            vars(parameter)["shell_complete"] = _completer(find, listed=parameter.name in LISTED)


def _completer(find: Callable[[dict[str, Any]], Pairs], *, listed: bool) -> Callable[[Any, str], list[Any]]:
    def complete(context: Any, typed: str) -> list[Any]:
        before, comma, last = typed.rpartition(",") if listed else ("", "", typed)
        try:
            # While an option has no value yet, Typer does not parse the arguments before it: they are in ``args``.
            pairs = find({**context.params, "words": context.args})
        except Exception:  # noqa: BLE001 - a shell cannot show an error here
            return []
        found = [(f"{before}{comma}{name}", about) for name, about in pairs]
        if find is agents and not any(name.startswith(last) for name, _ in pairs):
            return items([(f"{before}{comma}{name}", about) for name, about in by_alias(last)], "")
        return items(found, f"{before}{comma}{last}")

    return complete


def _settings() -> "Settings":
    from agents.settings import Settings

    return Settings.load()


def _roles() -> Iterator[tuple[str, str, str]]:
    """Id, title and first lines of each role."""
    for place in _settings().role_places:
        if place.folder.is_dir():
            yield from _read(place.folder, (".md", ".txt"), _ROLE)


def _read(
    folder: Path, suffixes: tuple[str, ...], patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> Iterator[tuple[str, str, str]]:
    """Id, title and first lines of each file; the file's name is used if there is no id."""
    from agents.role import EXTRA

    extra = folder / EXTRA
    for file in [*sorted(folder.iterdir()), *(sorted(extra.iterdir()) if extra.is_dir() else [])]:
        if file.suffix.lower() not in suffixes or file.name.lower().startswith(("readme.", ".")):
            continue
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES).decode("utf-8", "replace")
        name, title = (pattern.search(head) for pattern in patterns)
        yield name[1] if name else file.stem.lower(), title[1].strip() if title else "", head
