"""How a script called this program: its commands as the user calls them, and the copy of the caller's folders."""

import os
import re
from pathlib import Path

CALLED_AS = "ORCHESTRATOR_CALLED_AS"
"""The variable that says how the user calls the script, such as ./orchestrator.sh."""
CALL = "ORCHESTRATOR_CALL"
"""The variable with the token of a call in a container."""
CALLS = Path("/tmp/calls")  # noqa: S108 - in a container, where nobody else is
"""Where the files of calls are in a container; sh/call.sh makes them."""
SCRIPT_WORDS = frozenset({
    "backup", "demo", "doctor", "examples", "interactive", "models", "restore", "status", "version",
})  # fmt: skip
"""The commands that the script has itself; all others follow its word ``run``."""

_COMMAND = re.compile(r"(?<![\w./-])(?<!\bthe )(?<!\bThe )(?<!\ban )orchestrator (?=(--?[a-z]|[a-z]+))")


def as_called(text: str) -> str:
    """A message with its commands as the user calls them through the script; unchanged without one."""
    script = os.environ.get(CALLED_AS)
    if not script:
        return text
    return _COMMAND.sub(lambda found: f"{script} " if found[1] in SCRIPT_WORDS else f"{script} run ", text)


def is_called_by_script() -> bool:
    """Whether a script called this program."""
    return bool(os.environ.get(CALLED_AS))


def container_script() -> str:
    """How the user calls the script that started this program in a container; "" where none did."""
    return os.environ.get(CALLED_AS, "") if os.environ.get(CALL) else ""


def call_folder() -> Path | None:
    """The folder of this call's files in the container; None where no script serves files."""
    token = os.environ.get(CALL, "")
    if not re.fullmatch(r"[A-Za-z0-9-]+", token):
        return None
    folder = CALLS / token
    return folder if (folder / "requests").is_fifo() else None


def copied_root() -> Path | None:
    """What stands for the root of the caller's files; the working folder is in it. None if no script serves files."""
    folder = call_folder()
    return folder / "root" if folder else None


def as_named(text: str) -> str:
    """A text with the paths that the caller's files have outside the container."""
    token = os.environ.get(CALL)
    return text.replace(f"{CALLS}/{token}/root/", "/").replace(f"{CALLS}/{token}/root", "/") if token else text


def in_container() -> bool:
    """Whether this program runs in a container of its image, which has its own files only."""
    return Path("/.dockerenv").exists() and Path(__file__).resolve().is_relative_to("/app/agents")
