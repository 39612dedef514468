"""What every command needs: the orchestrator as the global flags ask for it, and the two channels to a person."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.terminal.safe_text import harmless
from agents.errors import UsageError

if TYPE_CHECKING:
    from agents.documents import Document
    from agents.orchestrator import AgentOrchestrator

FLAGS: dict[str, Any] = {}
"""Settings given by the global flags of this call, by key."""

Attach = Annotated[
    list[str] | None,
    typer.Option(
        "--attach", "-a", help="A document to judge; repeat it for more, - is standard input.", metavar="FILE"
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="The model, such as llama3.2 or rehearsal.", metavar="MODEL", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def opened(model: str | None = None) -> Iterator["AgentOrchestrator"]:
    """The orchestrator for one command; ``model`` is the command's own --model and beats the global one."""
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

    with AgentOrchestrator(Settings.load(**FLAGS), model=model) as orchestrator:
        orchestrator.workplace.notice = tell
        for problem in orchestrator.roles.problems:
            tell(f"Role file left out: {problem}")
        yield orchestrator


def tell(text: str = "") -> None:
    """Say something to the person: stderr, because stdout is data. Where nobody can hear it, the work goes on."""
    with suppress(OSError):
        typer.echo(harmless(text), err=True)


def say(text: str = "") -> None:
    """Put data on stdout: words of models, documents and people, without anything that a terminal would obey."""
    typer.echo(harmless(text))


def piped() -> str:
    """What is piped into standard input, or "" where nothing is.

    A pipe that nobody writes to (a scheduler's, say) is given up after ten seconds, and it is said.
    """
    kind = _stdin_kind()
    if kind == "none" or (kind == "pipe" and not _pipe_speaks()):
        return ""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        return ""
    from agents.documents import document_from_bytes

    return document_from_bytes("standard input", raw).text


def _stdin_kind() -> str:
    """What standard input is: a "file", a "pipe", or "none" (a terminal, /dev/null, a closed stream)."""
    import os
    import stat

    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return "none"
    if stat.S_ISREG(mode):
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "none"


def _pipe_speaks() -> bool:
    """Whether a pipe has data or an end, waiting up to ten seconds for either."""
    if sys.platform == "win32":
        return True
    import select

    for seconds in (1, 9):
        if select.select([sys.stdin], [], [], seconds)[0]:
            return True
        if seconds == 1:
            tell("Waiting for standard input ...")
    tell("Nothing came from standard input; going on without it.")
    return False


def attachments(names: Sequence[str] | None, *, take_pipe: bool = True) -> "list[Path | Document]":
    """Attached files as documents; ``-``, or anything piped in, is standard input."""
    from agents.documents import Document
    from agents.errors import DocumentError

    wanted = list(names or ())
    text = piped() if "-" in wanted or take_pipe else ""
    if "-" in wanted and not text:
        raise DocumentError(
            "Nothing was piped into standard input.", "Pipe a document in, or name a file instead of -."
        )
    if text and "-" not in wanted:
        wanted.append("-")
    return [Document("stdin", text) if name == "-" else Path(name) for name in wanted]


def names(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def confirm(question: str, yes: bool) -> None:
    """Ask before something is lost; without a terminal, --yes must say it."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("This would delete something, and there is no terminal to ask at.", "Add --yes.")
    if not typer.confirm(question, default=False, err=True):
        raise typer.Exit(1)
