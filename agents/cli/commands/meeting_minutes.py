"""``orchestrator meeting minutes | export | transcript | record | map``: what a meeting left, in every form."""

from pathlib import Path
from typing import Annotated

import typer

from agents.cli.context import AsJson, opened
from agents.cli.meeting_options import LAST, Format, Full, MeetingId, Output
from agents.cli.terminal import position_map
from agents.cli.terminal.caller_files import placed, written_here
from agents.cli.terminal.manner import is_plain
from agents.cli.terminal.minutes_file import format_of, refuse_folder
from agents.cli.terminal.output import say_json, tell
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.run_meeting import write

app = typer.Typer(rich_markup_mode=None)


@app.command("minutes", epilog="Example: orchestrator meeting minutes last -o minutes.html")
def minutes(meeting_id: MeetingId = LAST, output: Output = None, file_format: Format = "", full: Full = False) -> None:
    """Print the minutes of a meeting, or write them to a file in the format of its ending; no model is needed."""
    form = format_of(file_format, output)
    with opened() as orchestrator:
        write(orchestrator.get_minutes(meeting_id), output, form=form, full=full)


@app.command("export", epilog="Example: orchestrator meeting export last -o minutes.html")
def export_meeting(
    meeting_id: MeetingId = LAST, file_format: Format = "", output: Output = None, full: Full = False
) -> None:
    """Write the minutes of a meeting in a format for other programs or people; no model is needed."""
    form = format_of(file_format, output)
    with opened() as orchestrator:
        write(orchestrator.get_minutes(meeting_id), output, form=form, full=full, raw=True)


@app.command("transcript", epilog="Example: orchestrator meeting transcript last --json")
def transcript(meeting_id: MeetingId = LAST, as_json: AsJson = False, output: Output = None) -> None:
    """Print all turns and ballots of a meeting in order; no model is needed."""
    as_json = as_json or (output is not None and output.suffix.lower() == ".json")
    with opened() as orchestrator:
        form = "transcript_json" if as_json else "transcript"
        write(orchestrator.get_minutes(meeting_id), output, form=form, raw=True)


@app.command("record", epilog="Example: orchestrator meeting record last -o recorded_meeting.jsonl")
def record(
    meeting_id: MeetingId = LAST,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", callback=placed, help="The file to write.")],
) -> None:
    """Write a closed meeting to a file with all its events, as the one that `orchestrator demo` plays."""
    from agents.orchestrator.recording import write_recording

    refuse_folder(output)
    with opened() as orchestrator:
        with written_here(output) as file:
            write_recording(orchestrator.meetings, meeting_id, file)
        tell(f"Written to {output}")


@app.command("map", epilog="Example: orchestrator meeting map last")
def positions(meeting_id: MeetingId = LAST, as_json: AsJson = False) -> None:
    """Draw the positions before and after the discussion, and the votes."""
    from agents.cli.terminal.size import terminal_width

    with opened() as orchestrator:
        minutes = orchestrator.get_minutes(meeting_id)
    if as_json:
        say_json([position_map.as_dict(topic) for topic in minutes.topics])
    else:
        say_long(position_map.drawn(minutes, terminal_width(), plain=is_plain()), colours=True)
