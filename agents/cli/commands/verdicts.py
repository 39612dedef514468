"""``orchestrator meeting confirm``, ``correct`` and ``reject``: what a person says about an entry of the minutes."""

from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import opened
from agents.cli.terminal.output import tell

if TYPE_CHECKING:
    from agents.meeting.verdict import Verdict

app = typer.Typer()

MeetingId = Annotated[str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last.")]
Entry = Annotated[str, typer.Argument(metavar="ENTRY", help="The name of the entry in the minutes, such as AC1 or D1.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so.")]


@app.command("confirm", epilog="Example: orchestrator meeting confirm last AC1 --by Ada")
def confirm(meeting_id: MeetingId, entry: Entry, by: By = "") -> None:
    """Confirm an entry of the minutes; every export shows it."""
    with opened() as orchestrator:
        _tell(orchestrator.verdicts.confirm(meeting_id, entry, by=by))


@app.command(
    "correct", epilog='Example: orchestrator meeting correct last AC1 --text "Ada will order it by Friday" --by Ada'
)
def correct(
    meeting_id: MeetingId,
    entry: Entry,
    text: Annotated[str, typer.Option("--text", metavar="WORDS", help="The words that take their place.")],
    by: By = "",
) -> None:
    """Give an entry of the minutes other words; the original stays visible."""
    with opened() as orchestrator:
        _tell(orchestrator.verdicts.correct(meeting_id, entry, text, by=by))


@app.command("reject", epilog="Example: orchestrator meeting reject last R2 --by Ada")
def reject(meeting_id: MeetingId, entry: Entry, by: By = "") -> None:
    """Reject an entry of the minutes; it stays there, marked, and an action is no longer open."""
    with opened() as orchestrator:
        _tell(orchestrator.verdicts.reject(meeting_id, entry, by=by))


def _tell(verdict: "Verdict") -> None:
    tell(f"{verdict.entry} {verdict.words}: {verdict.text or verdict.said}")
