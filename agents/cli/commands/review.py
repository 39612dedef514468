"""``orchestrator review``: the short way to a checked review of a document or a diff."""

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agents.cli.commands.meeting_types import TypesDir
from agents.cli.context import FLAGS, ModelName, attachments, listed, opened
from agents.cli.meeting_options import Quiet
from agents.cli.terminal import plan_table
from agents.cli.terminal.caller import as_called
from agents.cli.terminal.caller_files import placed_if_given
from agents.cli.terminal.listeners import Plain, Watch, watching
from agents.cli.terminal.minutes_file import refuse_folder
from agents.cli.terminal.output import say_file, tell, write_file
from agents.cli.terminal.standard_input import piped_document
from agents.cli.terminal.stopping import resumable
from agents.cli.terminal.unwritable import why_unwritable
from agents.errors import ModelUnavailable, SpaceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.cli.terminal.review_result import Review
    from agents.documents import Document
    from agents.documents.diff import Diff
    from agents.meeting.meeting_type import MeetingType, MeetingTypes

OF_A_DIFF = ("pull_request_review", "code_review")
"""The types for a diff, the best one first."""
OF_CODE, OF_A_DOCUMENT = "code_review", "architecture_review"
SEATS = 4
"""The seats of a review for which no agents are named."""
WHOLE = "100"
"""The parts that each role reads at most, so that long documents are read to their end."""
REQUESTED = 7
"""The exit status with --exit-code where something is to be changed first."""
TOPICS = {"architecture_review": "May we build this?", "security_review": "Is this safe to use?"}
CODE = frozenset({
    ".c", ".cc", ".cpp", ".cs", ".go", ".h", ".hpp", ".java", ".js", ".jsx", ".kt", ".php", ".pl", ".ps1", ".py", ".rb",
    ".rs", ".scala", ".sh", ".sql", ".swift", ".tf", ".ts", ".tsx",
})  # fmt: skip
"""The endings of names of programs: a review of only such files is one of code."""
OF_ANY_DIFF, OF_ANY_DOCUMENT = "May this change be merged?", "Is this ready, and what must change first?"


Form = Literal["text", "github", "json"]
"""The forms of a review."""


def review(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="A file, a folder, a Git range such as main..HEAD, or - for a pipe."),
    ] = None,
    type_id: Annotated[
        str | None, typer.Option("--type", "-t", metavar="TYPE", help="A meeting type; chosen by what FILE is.")
    ] = None,
    topic: Annotated[str, typer.Option("--topic", metavar="TEXT", help="The question to answer.")] = "",
    agents: Annotated[
        list[str] | None, typer.Option("--agents", metavar="AGENTS", help="The roles; by default four of the type.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", "-f", metavar="FORMAT", help="text, github (for a comment) or json.")
    ] = "text",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", callback=placed_if_given, help="Write to a file."),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=f"End with status {REQUESTED} if something should change first.")
    ] = False,
    quiet: Quiet = False,
    plain: Plain = False,
    model: ModelName = None,
    _types_dir: TypesDir = None,
) -> None:
    """Review a document or a diff: places to look at, by line.

    With the rehearsal model it is a checklist. Without --exit-code, status 0 says only that it was made.

    Example: gh pr diff 12 | orchestrator review - --format github | gh pr comment 12 --body-file -
    """
    refuse_folder(output)
    documents = attachments(files, take_pipe=False) if files else _piped()
    if not documents:
        raise UsageError(
            "There is nothing to review.", "Name a file, or pipe a diff in: git diff | orchestrator review -"
        )
    FLAGS.setdefault("reading_turns", WHOLE)
    found = _reviewed(documents, type_id, topic, listed(agents, "--agents"), Watch(quiet, plain=plain), model)
    _show(found, form, output)
    if found.unanswered:
        tell(f"The model could not be reached at the end; {found.unanswered} answers are missing.")
        raise typer.Exit(ModelUnavailable.exit_code)
    if exit_code and found.holds_up:
        raise typer.Exit(REQUESTED)


def _piped() -> "list[Document]":
    """What is piped in; nothing without a pipe."""
    from agents.documents import read_all

    document = piped_document(wanted=True)
    return read_all([document]) if document else []


def _reviewed(
    documents: "Sequence[Document]", type_id: str | None, topic: str, agents: list[str], watch: Watch, model: str | None
) -> "Review":
    """Hold the meeting and read its minutes."""
    from agents.cli.terminal.review_result import review_of
    from agents.documents.diff import Diff, is_diff
    from agents.orchestrator.request import MeetingRequest

    diffs: dict[str, Diff] = {one.name: Diff(one.lines) for one in documents if is_diff(one.lines)}
    with opened(model) as orchestrator:
        kind = _type_for(orchestrator.types, type_id, documents, diffs)
        about = topic.strip() or kind.topic or _question(kind, diffs)
        request = MeetingRequest(kind.id, about, attach=documents, agents=agents or _seats(kind))
        label = orchestrator.model_label()
        meeting = orchestrator.convene(request)
        with resumable(meeting):
            if not watch.quiet:
                tell(f"{kind.title}: {about} ({label})")
                plan_table.announce(orchestrator, meeting)
            with watching(orchestrator, meeting, watch) as listen:
                minutes = orchestrator.conduct_meeting(meeting, listen=listen)
        return review_of(minutes, orchestrator.get_meeting(meeting).kind, diffs)


def _type_for(
    types: "MeetingTypes", named: str | None, documents: "Sequence[Document]", diffs: "dict[str, Diff]"
) -> "MeetingType":
    if named:
        return types[named]
    code = all(PurePath(one.name).suffix.lower() in CODE for one in documents)
    wanted = OF_A_DIFF if diffs else (OF_CODE, OF_A_DOCUMENT) if code else (OF_A_DOCUMENT,)
    return types[next((name for name in wanted if name in [*types]), wanted[-1])]


def _question(kind: "MeetingType", diffs: "dict[str, Diff]") -> str:
    return OF_ANY_DIFF if diffs else TOPICS.get(kind.id, OF_ANY_DOCUMENT)


def _seats(kind: "MeetingType") -> list[str]:
    """A few of the participants; the one who leads is always among them."""
    seats = list(kind.participants[:SEATS])
    return seats if kind.facilitator in seats else [kind.facilitator, *seats[: SEATS - 1]]


def _show(found: "Review", form: Form, output: Path | None) -> None:
    from agents.cli.terminal.review_forms import as_github, as_json, as_text
    from agents.cli.terminal.size import terminal_width

    if form == "text":
        text = f"{as_text(found, terminal_width(), str if output else as_called)}\n"
    else:
        text = as_github(found) if form == "github" else f"{as_json(found)}\n"
    if output is None:
        say_file(text)
        return
    try:
        write_file(output, text)
    except OSError as error:
        why = why_unwritable(output, error)
        remedy = f"The review is stored: orchestrator meeting minutes {found.meeting}"
        raise SpaceError(f"{output} cannot be written: {why}.", remedy) from None
    tell(f"Written to {output}.")
