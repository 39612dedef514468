"""``orchestrator meeting``: hold meetings and read what they left."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli import meeting_export, meeting_life, meeting_types, planning, render
from agents.cli.desk import AsJson, Attach, ModelName, attachments, confirm, names, opened, say, tell
from agents.cli.holding import hold, refuse_folder, write
from agents.cli.meeting_types import TypesDir
from agents.cli.watching import EventsAsJson, NoStream, Plain, Watch
from agents.errors import UsageError

if TYPE_CHECKING:
    from agents.meeting.person import Person
    from agents.orchestrator import AgentOrchestrator

app = typer.Typer(help="Meetings: run one, read its minutes, resume it.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(meeting_types.app)
meeting_export.register(app)
meeting_life.register(app)

MeetingId = Annotated[str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the minutes there, not to stdout.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not say what happens while it happens.")]


@app.command(
    "run",
    epilog='Example: orchestrator meeting run architecture_review --topic "Move sessions to Redis?" --attach design.md',
)
def run(
    type_id: Annotated[
        str, typer.Argument(metavar="TYPE", help="A meeting type; `orchestrator meeting types` lists them.")
    ],
    topic: Annotated[
        list[str] | None, typer.Option("--topic", "-t", metavar="TEXT", help="A topic; repeat it for more.")
    ] = None,
    attach: Attach = None,
    agents: Annotated[
        str, typer.Option("--agents", help="Exactly these come, separated by commas; all for everybody.")
    ] = "",
    invite: Annotated[str, typer.Option("--invite", help="These come too.")] = "",
    without: Annotated[str, typer.Option("--without", help="These stay away.")] = "",
    chair: Annotated[str, typer.Option("--chair", help="Whoever leads it.")] = "",
    me: Annotated[str, typer.Option("--me", metavar="ROLE", help="Take this seat yourself.")] = "",
    words: Annotated[
        Path | None, typer.Option("--words", metavar="FILE", help="What you say with --me: a paragraph each time.")
    ] = None,
    control: Annotated[
        bool, typer.Option("--control", help="Ask one agent alone the same, to see what the meeting was worth.")
    ] = False,
    series: Annotated[
        str, typer.Option("--series", metavar="NAME", help="It follows the meetings of this name: open actions first.")
    ] = "",
    plan: Annotated[bool, typer.Option("--plan", help="Say what it would cost, and stop.")] = False,
    time_box: Annotated[
        str, typer.Option("--time-box", metavar="15m", help="Cut it to fit this time, and say what was cut.")
    ] = "",
    output: Output = None,
    quiet: Quiet = False,
    as_json: EventsAsJson = False,
    no_stream: NoStream = False,
    plain: Plain = False,
    model: ModelName = None,
    _types_dir: TypesDir = None,
) -> None:
    """Hold a meeting and print its minutes as Markdown."""
    refuse_folder(output)
    with opened(model) as orchestrator:
        options: dict[str, Any] = {
            "attach": attachments(attach, take_pipe=not me),
            "agents": names(agents),
            "invited": names(invite),
            "without": names(without),
            "chair": chair,
            "me": me,
            "control": control,
            "series": " ".join(series.split()),
            "time_box": planning.minutes_in(time_box),
        }
        if plan:
            show = planning.as_json if as_json else planning.page
            say(show(*orchestrator.plan_meeting(type_id, topic or (), **options)))
            return
        person = person_in(orchestrator, me, words)
        label = orchestrator.model_label()
        meeting_id = orchestrator.create_meeting(type_id, topic or (), **options)
        if not quiet:
            tell(f"Meeting {meeting_id} ({label})")
            planning.announce(orchestrator, meeting_id)
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain or bool(me)), person)


def person_in(orchestrator: "AgentOrchestrator", me: str, words: Path | None) -> "Person | None":
    """Whoever takes a seat in the meeting, if anybody does."""
    if not me:
        if words:
            raise UsageError("--words needs a seat to speak from.", "Add --me ROLE.")
        return None
    from agents.cli.person import person_for

    role = orchestrator.get_agent_info(me)
    return person_for(role.id, role.title, words)


@app.command("resume", epilog="Example: orchestrator meeting resume last")
def resume(
    meeting_id: MeetingId,
    output: Output = None,
    quiet: Quiet = False,
    as_json: EventsAsJson = False,
    no_stream: NoStream = False,
    plain: Plain = False,
    model: ModelName = None,
) -> None:
    """Go on with a meeting that was interrupted; nothing that was said is asked again."""
    refuse_folder(output)
    with opened(model) as orchestrator:
        meetings = orchestrator.store.meetings
        if meetings.row(meetings.find(meeting_id)).status == "closed" and not quiet:
            tell("It is closed: nobody is left to ask. These are its minutes.")
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain))


@app.command("list", epilog="Example: orchestrator meeting list --limit 5")
def list_meetings(
    limit: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="At most so many, the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the meetings on record, newest first."""
    with opened() as orchestrator:
        rows = orchestrator.list_meetings(limit)
        if as_json:
            typer.echo(
                json.dumps(
                    [
                        {
                            "id": row.id,
                            "type": row.type,
                            "title": row.title,
                            "status": row.status,
                            "held_now": meeting_life.held_now(orchestrator, row),
                            "created": row.created,
                            "turns": row.turns,
                        }
                        for row in rows
                    ],
                    indent=2,
                )
            )
        elif rows:
            say(
                render.table(
                    ["meeting", "status", "turns", "topic"],
                    [[r.id, meeting_life.standing(orchestrator, r), r.turns, r.title] for r in rows],
                )
            )
        else:
            tell("No meetings yet. Hold one: orchestrator demo")


@app.command("minutes", epilog="Example: orchestrator meeting minutes last -o minutes.md")
def minutes(meeting_id: MeetingId, output: Output = None) -> None:
    """Print the minutes of a meeting again; no model is needed."""
    with opened() as orchestrator:
        write(orchestrator.get_minutes(meeting_id), output)


@app.command("delete", epilog="Example: orchestrator meeting delete 20261123-daily_standup-0a1b --yes")
def delete(
    meeting_id: MeetingId, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Delete a meeting and everything said in it."""
    with opened() as orchestrator:
        found = orchestrator.store.meetings.find(meeting_id)
        confirm(f"Delete the meeting {found}?", yes)
        orchestrator.store.meetings.delete(found)
        tell(f"Deleted {found}.")
