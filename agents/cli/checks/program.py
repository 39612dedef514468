"""Checks of the program itself: Python, packages, settings, roles, meeting types."""

import os
import sys
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agents.cli.checks import Finding, Subject
from agents.cli.terminal.origins import origins
from agents.cli.terminal.tables import counted

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "dotenv", "httpx", "langchain", "langchain_ollama", "prompt_toolkit", "psutil", "pydantic", "requests", "rich",
    "typer", "yaml",
)  # fmt: skip
"""Packages that the program imports, by their import names."""

RIVAL = "openai-agents"
"""Another distribution whose package is also called "agents": the one installed last is used."""


def python(_subject: Subject) -> Finding:
    """Whether this Python is new enough."""
    words = f"Python {sys.version.split()[0]} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("fail", f"{words} is too old.", "Install Python 3.11 or newer.")
    if sys.flags.optimize > 1:
        return Finding("fail", f"{words} runs with -OO, which drops help texts.", "Unset PYTHONOPTIMIZE.")
    return Finding("ok", words)


def packages(_subject: Subject) -> Finding:
    """Whether every imported package is installed, and not hidden by a file of the same name."""
    missing = [name for name in PACKAGES if PathFinder.find_spec(name) is None]
    if missing:
        return Finding("fail", f"Not installed: {', '.join(missing)}.", "Install the orchestrator again, with pip.")
    shadows = shadowing([Path(entry or ".") for entry in sys.path])
    if shadows:
        remedy = "Rename or move that file, or start from another folder."
        return Finding("fail", f"{shadows[0]} hides the module of the same name.", remedy)
    try:
        rival = version(RIVAL)
    except PackageNotFoundError:
        return Finding("ok", f"{len(PACKAGES)} packages, none of them hidden by another file")
    remedy = "Give the orchestrator a virtual environment of its own."
    return Finding("warn", f"{RIVAL} {rival} also brings a package called agents.", remedy)


def shadowing(entries: list[Path]) -> list[Path]:
    """Files that Python finds instead of the module of the same name.

    Args:
        entries: the folders that Python searches, in order.
    """
    own = Path(__file__).resolve().parents[3]
    library = Path(os.__file__).resolve().parent
    wanted = {*sys.stdlib_module_names, *PACKAGES} - {"__main__"}
    found: list[Path] = []
    for entry in entries:
        folder = entry.resolve()
        if folder in {library, own} or folder.name in {"site-packages", "dist-packages"} or not folder.is_dir():
            continue
        if library in folder.parents:  # such as lib-dynload
            continue
        found += [
            file
            for file in sorted(folder.iterdir())
            if (file.suffix == ".py" and file.stem in wanted)
            or (file.name in wanted and (file / "__init__.py").is_file())
        ]
    return found


def settings(subject: Subject) -> Finding:
    """How many settings were set, and where, and which in another program's ``.env`` do not count; their ranges were
    checked when they were read.
    """
    values = subject.settings.values.values()
    given = [f"{value.setting.name} ({value.source})" for value in values if value.source != "default"]
    words = f"{len(subject.settings.values)} settings, {len(given)} of them set"
    words += f": {', '.join(given)}" if given else ""
    if subject.settings.ignored:
        words += f". Not read from {subject.settings.dotenv.path}, which is another program's: "
        words += ", ".join(subject.settings.ignored)
    return Finding("ok", words)


def roles(subject: Subject) -> Finding:
    """Whether there are agents, and whether a role file was ignored."""
    from agents.role.file import roles_in

    places = subject.settings.role_places
    found = roles_in(places)
    if not len(found):
        return Finding("fail", f"There is no agent in {places[0].folder}.", "Install the orchestrator again, with pip.")
    own = origins([(role.id, role.source) for role in found.values()], places)
    words = counted(len(found), "agent") + (f": {own}" if own else f" in {places[0].folder}")
    fatal = [problem for problem in found.problems if problem.fatal]
    if fatal:
        return Finding("warn", f"{words}; {len(fatal)} left out: {fatal[0]}", "orchestrator agents validate")
    return Finding("ok", words)


def types(subject: Subject) -> Finding:
    """Whether there are meeting types, and whether one of the user's was ignored."""
    from agents.meeting.types.file import types_in

    places = subject.settings.type_places
    found = types_in(places)
    own = origins([(kind.id, kind.source) for kind in found.values()], places)
    words = counted(len(found), "meeting type") + (f": {own}" if own else "")
    if found.problems:
        return Finding("warn", f"{words}; left out: {found.problems[0]}", "orchestrator types validate")
    return Finding("ok", words)
