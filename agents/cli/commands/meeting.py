"""``orchestrator meeting``: hold meetings and read what they left."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.commands import meeting_afterwards, meeting_types
from agents.cli.commands.meeting_types import TypesDir
from agents.cli.context import (
    FLAGS,
    AsJson,
    Attach,
    ModelName,
    attachments,
    confirm,
    listed,
    one_name,
    opened,
    tell_traces,
)
from agents.cli.terminal import plan_table, position_map, tables
from agents.cli.terminal.attach_option import AttachingCommand
from agents.cli.terminal.event_lines import EventLines, headline, not_passed_on
from agents.cli.terminal.listeners import EventsAsJson, NoStream, Plain, Watch
from agents.cli.terminal.manner import is_plain
from agents.cli.terminal.output import say, say_file, say_json, tell, write_file
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.run_meeting import hold, print_transcript, refuse_folder, write
from agents.cli.terminal.styles import STATES
from agents.errors import SpaceError, UsageError
from agents.export import FORMATS, export
from agents.meeting.afterwards import HeldAgain, OutcomeReport
from agents.meeting.codec import value_of, values
from agents.meeting.journal import Kind
from agents.meeting.journal_values import Closing, Drop, LeftOut, Note
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import phase_name
from agents.meeting.record import Absence, Ballot, Turn
from agents.text import one_line, set_apart

if TYPE_CHECKING:
    from agents.meeting.journal import Event
    from agents.meeting.room.person import Person
    from agents.meeting.spec import MeetingSpec
    from agents.orchestrator import AgentOrchestrator
    from agents.store.meetings import MeetingRow

app = typer.Typer(help="Meetings: run one, read its minutes, resume it.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(meeting_types.app)
app.add_typer(meeting_afterwards.app)

MeetingId = Annotated[str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the minutes to a file instead of stdout.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the progress of the meeting.")]

Topics = Annotated[list[str] | None, typer.Option("--topic", "-t", metavar="TEXT", help="A topic; may be repeated.")]
Words = Annotated[
    Path | None,
    typer.Option("--words", metavar="FILE", help="Your answers with --me, one paragraph for each time you are asked."),
]
Control = Annotated[bool, typer.Option("--control", help="Also ask one agent alone the same, to compare.")]
Series = Annotated[
    str,
    typer.Option("--series", metavar="NAME", help="The series it belongs to; open actions of the series come first."),
]
Agents = Annotated[
    list[str] | None,
    typer.Option(
        "--agents", metavar="AGENTS", help="Exactly these take part, separated by commas; all for all agents."
    ),
]
People = Annotated[
    list[str] | None,
    typer.Option("--people", metavar="NAMES", help='People of your team who can own tasks, such as "Ada, Herr M.".'),
]
Council = Annotated[
    list[str] | None,
    typer.Option("--council", metavar="MODELS", help="Deal these models over the seats; separated by commas."),
]
TimeBox = Annotated[
    str, typer.Option("--time-box", metavar="15m", help="Shorten the meeting to fit this time, and note what was cut.")
]

ENDED = ("closed", "abandoned")
"""The states in which a meeting cannot be continued."""

HEADLINE = 90
"""The most columns of what is shown of a turn in a list."""
LONGEST_PAUSE = 60.0
"""Seconds at the original speed: a replay does not wait for the night between a crash and a resume."""


@app.command(
    "run",
    cls=AttachingCommand,
    epilog='Example: orchestrator meeting run architecture_review --topic "Move sessions to Redis?" --attach design.md',
)
def run(
    type_id: Annotated[
        str, typer.Argument(metavar="TYPE", help="A meeting type; `orchestrator meeting types` lists them.")
    ],
    topic: Topics = None,
    attach: Attach = None,
    agents: Agents = None,
    invite: Annotated[
        list[str] | None, typer.Option("--invite", metavar="AGENTS", help="Agents that take part too.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="AGENTS", help="Agents that do not take part.")
    ] = None,
    chair: Annotated[str | None, typer.Option("--chair", help="The agent that leads the meeting.")] = None,
    me: Annotated[str | None, typer.Option("--me", metavar="ROLE", help="Take the seat of this role yourself.")] = None,
    people: People = None,
    words: Words = None,
    control: Control = False,
    series: Series = "",
    plan: Annotated[bool, typer.Option("--plan", help="Show the expected cost without holding the meeting.")] = False,
    time_box: TimeBox = "",
    output: Output = None,
    quiet: Quiet = False,
    as_json: EventsAsJson = False,
    no_stream: NoStream = False,
    plain: Plain = False,
    model: ModelName = None,
    council: Council = None,
    _types_dir: TypesDir = None,
) -> None:
    """Hold a meeting and print its minutes as Markdown."""
    from agents.orchestrator.request import MeetingRequest

    refuse_folder(output)
    models = council_of(council, model)
    with opened(model) as orchestrator:
        seat = one_name(me, "--me")
        request = MeetingRequest(
            type_id,
            topic or (),
            attach=attachments(attach, take_pipe=not seat),
            agents=listed(agents, "--agents"),
            invited=listed(invite, "--invite"),
            without=listed(without, "--without"),
            chair=one_name(chair, "--chair"),
            me=seat,
            control=control,
            series=" ".join(series.split()),
            time_box=plan_table.minutes_in(time_box),
            people=listed(people, "--people"),
            words="" if plan else words_of(seat, words),
            council=models,
        )
        if plan:
            say((plan_table.as_json if as_json else plan_table.page)(*orchestrator.plan_meeting(request)))
            return
        person = person_in(orchestrator, seat) if seat and not request.words else None
        label = ", ".join(models) or orchestrator.model_label()
        meeting_id = orchestrator.convene(request)
        if not quiet:
            tell(f"Meeting {meeting_id} ({label})")
            plan_table.announce(orchestrator, meeting_id)
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain or bool(seat)), person)


def council_of(given: list[str] | None, model: str | None) -> list[str]:
    """The models of a council; none without one.

    Raises:
        UsageError: a model for all seats is given too.
    """
    models = listed(given, "--council")
    if models and (model or FLAGS.get("model_name")):
        raise UsageError(
            "--model names one model for all seats, and --council several.",
            "Give one of them; --model-for AGENT=MODEL changes single seats of a council.",
        )
    return models


def words_of(me: str, file: Path | None) -> str:
    """What the person prepared to say in the meeting; "" for nothing."""
    if not me:
        if file:
            raise UsageError("--words needs a seat.", "Add --me ROLE.")
        return ""
    from agents.cli.terminal.person import prepared_words

    return prepared_words(file)


def person_in(orchestrator: "AgentOrchestrator", me: str) -> "Person | None":
    """The user who takes a seat in the meeting at the terminal; None without one."""
    from agents.cli.terminal.person import at_terminal

    role = orchestrator.get_agent_info(me)
    return at_terminal(role.id, role.title) if sys.stdin.isatty() else None


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
    """Continue a meeting that was interrupted; finished turns are not asked again."""
    refuse_folder(output)
    with opened(model) as orchestrator:
        meetings = orchestrator.meetings
        if meetings.row(meetings.find(meeting_id)).status == "closed" and not quiet:
            tell("This meeting is closed. These are its minutes.")
        tell_council(orchestrator, meeting_id, model)
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain))


def tell_council(orchestrator: "AgentOrchestrator", meeting_id: str, model: str | None) -> None:
    """Say that the models of a council answer where another one was given with --model."""
    council = orchestrator.get_meeting(meeting_id).council
    if council and (model or FLAGS.get("model_name")):
        names = ", ".join(dict.fromkeys(council.values()))
        tell(f"The council of this meeting answers: {names}. --model-for AGENT=MODEL replaces the model of a seat.")


@app.command("list", epilog="Example: orchestrator meeting list --limit 5")
def list_meetings(
    limit: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="Show at most N of the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the stored meetings, newest first."""
    with opened() as orchestrator:
        rows = orchestrator.list_meetings(limit)
        if as_json:
            facts = ("id", "type", "title", "status", "created", "turns")
            say_json(
                [
                    {name: getattr(row, name) for name in facts} | {"held_now": held_now(orchestrator, row)}
                    for row in rows
                ]
            )
        elif rows:
            cells = [[r.id, status_words(orchestrator, r), r.turns, r.title] for r in rows]
            heads = ["meeting", "status", "turns", "topic"]
            listed = tables.table(
                heads, cells, paint=lambda n, column: STATES.get(str(cells[n][1])) if column == 1 else None
            )
            say_long(listed, colours=True)
        else:
            tell("No meetings yet. See one: orchestrator demo")


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
        found = orchestrator.meetings.find(meeting_id)
        confirm(f"Delete the meeting {found}?", yes)
        orchestrator.meetings.delete(found)
        tell(f"Deleted {found}.")
        tell_traces(orchestrator)


@app.command("show", epilog="Example: orchestrator meeting show last")
def show(meeting_id: MeetingId, as_json: AsJson = False) -> None:
    """Show the state of a meeting: participants with reasons, topics, turns so far."""
    with opened() as orchestrator:
        meetings = orchestrator.meetings
        row = meetings.row(meetings.find(meeting_id))
        spec, events = orchestrator.get_meeting(row.id), meetings.journal(row.id).events()
        if as_json:
            found = _as_json(row, spec, events, held=held_now(orchestrator, row))
            say_json(found)
        else:
            say_long(_page(row, spec, events, status_words(orchestrator, row)))


def held_now(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> bool:
    """Whether a process holds a meeting at this moment."""
    return row.status not in ENDED and orchestrator.meetings.is_locked(row.id)


def status_words(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> str:
    """A meeting's status in words: one that is running but not held by any process has stopped."""
    return "stopped" if row.status == "running" and not held_now(orchestrator, row) else row.status


@app.command("replay", epilog="Example: orchestrator meeting replay last --speed 20")
def replay(
    meeting_id: MeetingId,
    speed: Annotated[
        float | None,
        typer.Option("--speed", metavar="N", min=0.01, help="N times as fast as it was; without it, all at once."),
    ] = None,
) -> None:
    """Print a meeting turn by turn, as it went; no model is needed."""
    with opened() as orchestrator:
        meetings = orchestrator.meetings
        found = meetings.find(meeting_id)
        events = meetings.journal(found).events()
        if not events:
            tell(f"Nobody has spoken in {found} yet.")
            return
        titles = {seat.role: seat.title for seat in orchestrator.get_meeting(found).seats}
        topics = {topic.number: topic.text for topic in orchestrator.get_meeting(found).topics}
        parts = replayed(events, titles, topics)
        if not speed:
            say_long("\n".join(text for _pause, text in parts))
            return
        for pause, text in parts:
            time.sleep(min(pause, LONGEST_PAUSE) / speed)
            say(text)


@app.command("fork", epilog="Example: orchestrator meeting fork last --at T5 --model qwen3:4b")
def fork(
    meeting_id: MeetingId,
    at: Annotated[
        str, typer.Option("--at", metavar="TURN", help="The last turn to keep, such as T5; 0 keeps no turn.")
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the progress of the meeting.")] = False,
    model: ModelName = None,
) -> None:
    """Hold a new meeting that keeps the turns up to one and asks the rest again; print its minutes."""
    from agents.cli.terminal.run_meeting import hold

    with opened(model) as orchestrator:
        tell_council(orchestrator, meeting_id, model)
        called = orchestrator.fork_meeting(meeting_id, at)
        if not quiet:
            tell(f"Meeting {called} ({orchestrator.get_meeting(called).model})")
        hold(orchestrator, called, None, Watch(quiet))


@app.command("abandon", epilog="Example: orchestrator meeting abandon 20261123-daily_standup-0a1b")
def abandon(meeting_id: MeetingId) -> None:
    """Abandon a meeting: it cannot be resumed; its turns stay stored."""
    with opened() as orchestrator:
        found = orchestrator.abandon_meeting(meeting_id)
        tell(f"Abandoned {found}. Its minutes so far: orchestrator meeting minutes {found}")


def replayed(
    events: "Sequence[Event]", titles: Mapping[str, str], topics: Mapping[int, str]
) -> Iterator[tuple[float, str]]:
    """What a replay prints, piece by piece, each with the seconds that passed before it.

    Args:
        events: the meeting's journal.
        titles: title by role id.
        topics: text by number.
    """
    before, topic, phase = events[0].at, 0, ""
    lines: list[str] = []  # headings wait for the first event under them that is shown
    for event in events:
        if event.topic and event.topic != topic:
            topic, phase = event.topic, ""
            lines.append(f"\nTopic {topic}: {topics.get(topic, '')}")
        if event.kind == Kind.TURN and event.phase != phase:
            phase = event.phase
            lines.append(f"\n  {phase_name(phase)}")
        shown = _shown(event, titles)
        if shown:
            pause = (datetime.fromisoformat(event.at) - datetime.fromisoformat(before)).total_seconds()
            before = event.at
            yield max(0.0, pause), "\n".join([*lines, shown])
            lines = []


def _shown(event: "Event", titles: Mapping[str, str]) -> str:
    """One event in words; "" for an event that a replay does not show."""
    who = titles.get(event.speaker, "The scribe")
    match value_of(event):
        case Turn() as turn:
            return f"\n[{turn.id}] {who}:\n{_words(turn.text)}"
        case Ballot() as ballot:
            reason = f": {one_line(ballot.reason)}" if ballot.reason else ""
            return f"    {who} votes {voted(ballot)}{reason}"
        case Drop() as drop:
            return f"    {drop.turn} {not_passed_on(drop.why)}"
        case Absence() | Note() | LeftOut():
            return EventLines(titles).lines(event)
        case Closing():
            return "\nClosed."
    return ""


def _words(text: str) -> str:
    """What was said, so that no line of it looks like one that a replay prints around it."""
    lines = (line.lstrip() for line in text.split("\n"))
    own = ("Topic ", "Closed.")
    return set_apart("\n".join(f"> {line}" if line.startswith(own) else line for line in lines))


def _page(row: "MeetingRow", spec: "MeetingSpec", events: "Sequence[Event]", status: str) -> str:
    facts = [["type", spec.kind.title], ["status", status], ["created", row.created[:16].replace("T", " ")]]
    facts += [["last event", row.updated[:16].replace("T", " ")], ["model", spec.model]]
    facts += [[name, value] for name, value in (("series", spec.series), ("forked from", spec.forked_from)) if value]
    facts += [["run of", spec.repeats]] if spec.repeats else []
    facts += [["documents", ", ".join(document.name for document in spec.documents) or "none"]]
    titles = {seat.role: seat.title for seat in spec.seats}
    seats = [[seat.title + (" (leads)" if seat.role == spec.facilitator else ""), seat.reason] for seat in spec.seats]
    topics = [[topic.number, _reached(topic.number, events), topic.text] for topic in spec.topics]
    turns = [
        [turn.id, turn.topic, phase_name(turn.phase), titles.get(turn.speaker, ""), headline(turn, HEADLINE)]
        for turn in _turns(events)
    ]
    parts = [
        tables.underlined(row.id),
        tables.table(["", ""], facts).strip("\n "),
        tables.table(["seat", "why"], seats),
        tables.table(["topic", "turns", ""], topics),
        tables.table(["turn", "topic", "phase", "who", "what was said"], turns) if turns else "No turns yet.",
    ]
    told = [[one.topic, one.on, one.how or "-", one.text, one.by] for one in values(events, OutcomeReport)]
    parts += [tables.table(["topic", "reported on", "how", "how the decision turned out", "by"], told)] if told else []
    runs = [[one.run, "; ".join(one.outcomes.values()), one.meeting] for one in values(events, HeldAgain)]
    parts += [tables.table(["run", "outcome", "stored as"], runs)] if runs else []
    if row.status not in ENDED and status != "running":
        parts.append(f"Continue with: orchestrator meeting resume {row.id}")
    return "\n\n".join(parts)


def _as_json(row: "MeetingRow", spec: "MeetingSpec", events: "Sequence[Event]", *, held: bool) -> dict[str, Any]:
    names = ("id", "topic", "phase", "speaker", "text")
    return {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "held_now": held,
        "created": row.created,
        "updated": row.updated,
        "model": spec.model,
        "held": spec.held.isoformat(),
        "facilitator": spec.facilitator,
        "series": spec.series,
        "forked_from": spec.forked_from,
        "documents": [document.name for document in spec.documents],
        "seats": [{"role": seat.role, "title": seat.title, "reason": seat.reason} for seat in spec.seats],
        "topics": [
            {"number": one.number, "text": one.text, "turns": _reached(one.number, events)} for one in spec.topics
        ],
        "notes": list(spec.notes),
        "outcomes": [asdict(one) for one in values(events, OutcomeReport)],
        "runs": [asdict(one) for one in values(events, HeldAgain)],
        "turns": [{name: getattr(turn, name) for name in names} for turn in _turns(events)],
    }


def _turns(events: "Sequence[Event]") -> list[Turn]:
    return sorted(values(events, Turn), key=lambda turn: int(turn.id[1:]))


def _reached(topic: int, events: "Sequence[Event]") -> int:
    return sum(turn.topic == topic for turn in values(events, Turn))


@app.command("export", epilog="Example: orchestrator meeting export last --format html -o minutes.html")
def export_meeting(
    meeting_id: MeetingId,
    file_format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")
    ] = "markdown",
    output: Output = None,
) -> None:
    """Write the minutes of a meeting in another format; no model is needed."""
    _write(meeting_id, file_format.lower().replace("-", "_"), output)


@app.command("transcript", epilog="Example: orchestrator meeting transcript last --json")
def transcript(meeting_id: MeetingId, as_json: AsJson = False, output: Output = None) -> None:
    """Print all turns and ballots of a meeting in order; no model is needed."""
    _write(meeting_id, "transcript_json" if as_json else "transcript", output)


def _write(meeting_id: str, file_format: str, output: Path | None) -> None:
    """Write to a file or stdout, with the line ends of the format, not of the system."""
    with opened() as orchestrator:
        minutes = orchestrator.get_minutes(meeting_id)
    if output is None and file_format == "transcript":
        print_transcript(minutes)
        return
    text = export(minutes, file_format)
    if output is None:
        say_file(text)
        return
    try:
        write_file(output, text)
    except OSError as error:
        remedy = f"The meeting is stored: orchestrator meeting export {minutes.meeting} --format {file_format}"
        raise SpaceError(f"{output} cannot be written: {error.strerror}.", remedy) from None
    tell(f"Written to {output}")


@app.command("record", epilog="Example: orchestrator meeting record last -o recorded_meeting.jsonl")
def record(
    meeting_id: MeetingId,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
) -> None:
    """Write a closed meeting to a file with all its events, as the one that `orchestrator demo` plays."""
    from agents.orchestrator.recording import write_recording

    with opened() as orchestrator:
        write_recording(orchestrator.meetings, meeting_id, output)
        tell(f"Written to {output}")


@app.command("map", epilog="Example: orchestrator meeting map last")
def positions(
    meeting_id: MeetingId,
    as_json: AsJson = False,
) -> None:
    """Draw the positions before and after the discussion, and the votes."""
    from agents.cli.terminal.size import terminal_width

    with opened() as orchestrator:
        minutes = orchestrator.get_minutes(meeting_id)
    if as_json:
        say_json([position_map.as_dict(topic) for topic in minutes.topics])
    else:
        say_long(position_map.drawn(minutes, terminal_width(), plain=is_plain()), colours=True)
