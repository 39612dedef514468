"""Which version this is, and of a checkout which commit."""

import json
from pathlib import Path

import typer

from agents import __version__
from agents.cli.context import AsJson
from agents.cli.terminal.output import say


def version(as_json: AsJson = False) -> None:
    """Print the version, and of a checkout the commit.

    Example: orchestrator version --json
    """
    import platform

    if as_json:
        facts = {"version": __version__, "commit": commit(), "python": platform.python_version()}
        typer.echo(json.dumps({**facts, "system": platform.platform()}, indent=2))
    else:
        say(version_words())


def commit(checkout: Path | None = None) -> str:
    """The commit of the checkout this program runs from, as its first twelve digits; "" where it is none.

    Args:
        checkout: the folder that may be a checkout; None is where this package lies.
    """
    folder = (checkout or Path(__file__).resolve().parents[3]) / ".git"
    try:
        if folder.is_file():  # a worktree: the file says where the folder is
            folder = folder.parent / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if head.startswith("ref: "):
            head = _resolved(folder, head.removeprefix("ref: "))
    except (OSError, UnicodeDecodeError):
        return ""
    return head[:12] if len(head) >= 40 and head.isalnum() else ""


def version_words() -> str:
    """Such as "orchestrator 0.1.0 (commit 0123456789ab)"."""
    found = commit()
    return f"orchestrator {__version__}" + (f" (commit {found})" if found else "")


def _resolved(folder: Path, reference: str) -> str:
    """The commit a branch stands at: in a file of its own, or in the packed list."""
    shared = folder / "commondir"
    folders = [folder]
    if shared.is_file():
        folders.append(folder / shared.read_text(encoding="utf-8").strip())
    for place in folders:
        if (place / reference).is_file():
            return (place / reference).read_text(encoding="utf-8").strip()
        packed = place / "packed-refs"
        for line in packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else ():
            number, _, name = line.partition(" ")
            if name == reference:
                return number
    return ""
