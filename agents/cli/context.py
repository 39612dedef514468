"""What every command needs: common options, and the orchestrator with the settings of the global flags."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.terminal.caller_files import fetched
from agents.cli.terminal.output import tell
from agents.cli.terminal.standard_input import piped_document
from agents.errors import OrchestratorError, UsageError

if TYPE_CHECKING:
    from agents.documents import Document
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

FLAGS: dict[str, Any] = {}
"""Settings given by the global flags of this command, by key."""

Attach = Annotated[
    list[str] | None,
    typer.Option(
        "--attach",
        "-a",
        help="A file, a folder, a pattern, or a Git range such as main..HEAD; may be repeated, - is standard input.",
        metavar="FILE",
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="The model, such as llama3.2 or rehearsal.", metavar="MODEL", show_default=False
    ),
]
NoMemory = Annotated[bool, typer.Option("--no-memory", help="Neither read nor change what agents remember.")]
Forget = Annotated[bool, typer.Option("--forget", hidden=True, help="The old name of --no-memory.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def wants_plain() -> bool:
    """Whether the settings ask for plain output; no if they cannot be read, which the command itself will say."""
    from agents.settings import Settings

    try:
        return Settings.load(**FLAGS).plain
    except OrchestratorError:
        return False


@contextmanager
def opened(model: str | None = None) -> Iterator["AgentOrchestrator"]:
    """The orchestrator for one command; ``model`` is the command's own --model and overrides the global one."""
    from agents.cli.project_files import tell_project_files
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

    with AgentOrchestrator(Settings.load(**FLAGS), model=model, notice=tell) as orchestrator:
        tell_project_files(orchestrator.settings)
        for problem in orchestrator.roles.problems:
            tell(f"Role file ignored: {problem}")
        yield orchestrator


def attachments(names: Sequence[str] | None, *, take_pipe: bool = True) -> "list[Document]":
    """What is attached, read once; ``-`` is standard input, and so is anything piped in, which is said.

    Raises:
        DocumentError: something cannot be read, or there is nothing on standard input for ``-``.
    """
    from agents.documents import read_all
    from agents.errors import DocumentError

    wanted = [fetched(name) for name in names or ()]
    named = "-" in wanted
    document = piped_document(wanted=named) if named or take_pipe else None
    if named and not document:
        raise DocumentError("There is nothing on standard input.", "Pipe a document in, or give a file instead of -.")
    if document and not named:
        size = len(document.text.encode("utf-8", "replace"))
        tell(f"Standard input is attached as a document ({size:,} bytes). To leave it out, add: </dev/null")
        wanted.append("-")
    return read_all([document if name == "-" and document else name for name in wanted])


def names(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def listed(values: Sequence[str] | None, flag: str) -> list[str]:
    """The names that an option was given, all of its repetitions together, each with commas or without.

    Raises:
        UsageError: the option was given, but names nobody.
    """
    found = [" ".join(name.split()) for value in values or () for name in names(value)]
    if values and not found:
        raise UsageError(f"{flag} names nobody.", f"Give it names, separated by commas, or leave {flag} out.")
    return list(dict.fromkeys(found))


def one_name(value: str | None, flag: str) -> str:
    """The name that an option was given; "" if it was not given.

    Raises:
        UsageError: the option was given, but names nobody.
    """
    return " ".join(listed([value], flag)) if value is not None else ""


def confirm(question: str, yes: bool) -> None:
    """Ask before something is deleted, and end the command unless the user agrees.

    Raises:
        typer.Exit: the user does not agree.
        UsageError: there is no terminal to ask at, and --yes is not given.
    """
    if not agreed(question, yes):
        raise typer.Exit(1)


def agreed(question: str, yes: bool) -> bool:
    """Whether the user agrees to lose something; --yes agrees beforehand.

    Raises:
        UsageError: there is no terminal to ask at, and --yes is not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for your agreement.", "Add --yes.")
    return typer.confirm(question, default=False, err=True)


def answering_model(settings: "Settings") -> str:
    """The model in the settings if it can answer, otherwise the rehearsal model; the user is told so in one line."""
    from agents.errors import ModelUnavailable
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings) as orchestrator:
        try:
            orchestrator.model_label()
        except ModelUnavailable as error:
            tell(f"{error.cause} Using the rehearsal model instead.")
            return "rehearsal"
    return settings.model_name


def tell_traces(orchestrator: "AgentOrchestrator") -> None:
    """Say where deleted words still are, if another process keeps them from being removed."""
    if orchestrator.histories.traces():
        tell("Another process reads the data, so the words are still in the file's log (-wal).")
        tell("To remove them when it has ended: orchestrator memory compact")
