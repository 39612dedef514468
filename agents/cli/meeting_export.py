"""``meeting export`` and ``meeting transcript``: what a meeting left, as a file of any format."""

from pathlib import Path
from typing import Annotated

import typer

from agents.cli.desk import AsJson, opened, tell
from agents.errors import SpaceError
from agents.export import FORMATS, export

MeetingId = Annotated[str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there, not to stdout.")]


def export_meeting(
    meeting_id: MeetingId,
    file_format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")
    ] = "markdown",
    output: Output = None,
) -> None:
    """Write the minutes of a meeting in another format; no model is needed."""
    _write(meeting_id, file_format.lower().replace("-", "_"), output)


def transcript(meeting_id: MeetingId, as_json: AsJson = False, output: Output = None) -> None:
    """Print who said what in a meeting, in order, with every ballot; no model is needed."""
    _write(meeting_id, "transcript_json" if as_json else "transcript", output)


def register(app: typer.Typer) -> None:
    """Add both commands to ``meeting``."""
    app.command("export", epilog="Example: orchestrator meeting export last --format html -o minutes.html")(
        export_meeting
    )
    app.command("transcript", epilog="Example: orchestrator meeting transcript last --json")(transcript)


def _write(meeting_id: str, file_format: str, output: Path | None) -> None:
    """Write to a file or stdout, byte for byte: a format's line ends are not the system's."""
    with opened() as orchestrator:
        minutes = orchestrator.get_minutes(meeting_id)
    text = export(minutes, file_format).encode("utf-8", "replace")
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        remedy = f"The meeting is kept: orchestrator meeting export {minutes.meeting} --format {file_format}"
        raise SpaceError(f"{output} cannot be written: {error.strerror}.", remedy) from None
    tell(f"Written to {output}")
