"""``orchestrator meeting``: hold meetings. What they left is read in ``meeting_minutes`` and ``meeting_shown``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.commands import meeting_afterwards, meeting_minutes, meeting_shown, meeting_types, verdicts
from agents.cli.commands.meeting_types import TypesDir
from agents.cli.context import FLAGS, Attach, ModelName, attachments, confirm, listed, one_name, opened, tell_traces
from agents.cli.meeting_options import (
    LAST,
    About,
    Agents,
    Baseline,
    Chair,
    Control,
    Council,
    Decide,
    Format,
    Invite,
    Me,
    MeetingId,
    Output,
    People,
    PlanOnly,
    Quiet,
    Series,
    TimeBox,
    Topics,
    TypeId,
    Without,
    Words,
)
from agents.cli.renamed import renamed
from agents.cli.terminal import plan_table
from agents.cli.terminal.attach_option import AttachingCommand
from agents.cli.terminal.listeners import EventsAsJson, NoStream, Plain, Watch
from agents.cli.terminal.minutes_file import format_of, refuse_folder
from agents.cli.terminal.output import say, tell
from agents.cli.terminal.run_meeting import hold
from agents.cli.terminal.safe_text import json_text
from agents.cli.terminal.stopping import end_holder, resumable, tell_stopped
from agents.cli.type_and_topic import type_and_topics
from agents.errors import UsageError
from agents.orchestrator.meeting_values import plan_values

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.request import MeetingRequest


class MeetingGroup(CommandGroup):
    """The commands about meetings, the most used ones first."""

    sections: ClassVar[Mapping[str, Sequence[str]]] = {
        "Hold one": ("run", "resume", "stop", "fork", "cancel"),
        "Read what it left": ("minutes", "export", "transcript", "map", "list", "show", "replay"),
        "Afterwards": ("repeat", "outcome", "confirm", "correct", "reject"),
        "Store": ("record", "delete"),
    }


app = typer.Typer(
    cls=MeetingGroup,
    help="Meetings: run one, read its minutes, resume it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(meeting_minutes.app)
app.add_typer(meeting_shown.app)
app.add_typer(meeting_afterwards.app)
app.add_typer(verdicts.app)
app.add_typer(meeting_types.old_names)


@app.command(
    "run",
    cls=AttachingCommand,
    epilog='Example: orchestrator meeting run architecture_review "Move sessions to Redis?" --attach design.md',
)
def run(
    type_id: TypeId = None,
    about: About = None,
    topic: Topics = None,
    attach: Attach = None,
    agents: Agents = None,
    invite: Invite = None,
    without: Without = None,
    chair: Chair = None,
    me: Me = None,
    decide: Decide = False,
    people: People = None,
    words: Words = None,
    baseline: Baseline = False,
    control: Control = False,
    series: Series = "",
    plan: PlanOnly = False,
    time_box: TimeBox = "",
    output: Output = None,
    file_format: Format = "",
    quiet: Quiet = False,
    as_json: EventsAsJson = False,
    no_stream: NoStream = False,
    plain: Plain = False,
    model: ModelName = None,
    council: Council = None,
    _types_dir: TypesDir = None,
) -> None:
    """Hold a meeting and print its minutes."""
    from agents.orchestrator.request import MeetingRequest

    form = format_of(file_format, output)
    refuse_folder(output, form)
    models = council_of(council, model)
    with opened(model) as orchestrator:
        seat = one_name(me, "--me")
        kind, topics = type_and_topics(orchestrator.types, type_id, about or (), topic or (), ask=not quiet)
        request = MeetingRequest(
            kind,
            topics,
            attach=attachments(attach, take_pipe=not (seat or decide)),
            agents=listed(agents, "--agents"),
            invited=listed(invite, "--invite"),
            without=listed(without, "--without"),
            chair=one_name(chair, "--chair"),
            me=seat,
            control=baseline or control,
            series=" ".join(series.split()),
            time_box=plan_table.minutes_in(time_box),
            people=listed(people, "--people"),
            words="" if plan else words_of(bool(seat or decide), words),
            council=models,
            decide=decide,
        )
        if plan:
            planned = orchestrator.plan_meeting(request)
            say(json_text(plan_values(*planned)) if as_json else plan_table.page(*planned))
            return
        meeting_id = _convened(orchestrator, request, ", ".join(models) or orchestrator.model_label(), quiet=quiet)
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain), form)


def _convened(orchestrator: "AgentOrchestrator", request: "MeetingRequest", label: str, *, quiet: bool) -> str:
    """The id of a new meeting; the user is told what it will cost."""
    meeting_id = orchestrator.convene(request)
    with resumable(meeting_id):
        if not quiet:
            tell(f"Meeting {meeting_id} ({label})")
            plan_table.announce(orchestrator, meeting_id)
    return meeting_id


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


def words_of(seated: bool, file: Path | None) -> str:
    """What the person prepared to say in the meeting; "" for nothing."""
    if not seated:
        if file:
            raise UsageError("--words needs a seat.", "Add --me ROLE, or --decide.")
        return ""
    from agents.cli.terminal.person import prepared_words

    return prepared_words(file)


@app.command("resume", epilog="Example: orchestrator meeting resume last")
def resume(
    meeting_id: MeetingId = LAST,
    output: Output = None,
    file_format: Format = "",
    quiet: Quiet = False,
    as_json: EventsAsJson = False,
    no_stream: NoStream = False,
    plain: Plain = False,
    model: ModelName = None,
) -> None:
    """Continue a meeting that was interrupted; finished turns are not asked again."""
    form = format_of(file_format, output)
    refuse_folder(output)
    with opened(model) as orchestrator:
        meetings = orchestrator.meetings
        if meetings.row(meetings.find(meeting_id)).status == "closed" and not quiet:
            tell("This meeting is closed. These are its minutes.")
        tell_council(orchestrator, meeting_id, model)
        hold(orchestrator, meeting_id, output, Watch(quiet, as_json, not no_stream, plain), form)


def tell_council(orchestrator: "AgentOrchestrator", meeting_id: str, model: str | None) -> None:
    """Say that the models of a council answer where another one was given with --model."""
    council = orchestrator.get_meeting(meeting_id).council
    if council and (model or FLAGS.get("model_name")):
        names = ", ".join(dict.fromkeys(council.values()))
        tell(f"The council of this meeting answers: {names}. --model-for AGENT=MODEL replaces the model of a seat.")


@app.command("stop", epilog="Example: orchestrator meeting stop last")
def stop(meeting_id: MeetingId = LAST) -> None:
    """Stop a meeting that another terminal holds, as Ctrl-C does there; it can be resumed."""
    with opened() as orchestrator:
        meetings = orchestrator.meetings
        found = meetings.find(meeting_id)
        holder = meetings.holder(found)
        if holder is None:
            tell(f"Nobody holds the meeting {found} now.")
            return
        end_holder(found, holder, lambda: meetings.is_locked(found), lambda: meetings.ask_to_stop(found))
        if meetings.row(found).status == "closed":
            tell(f"The meeting {found} has just been held to its end.")
        else:
            tell_stopped(found)


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


@app.command("fork", epilog="Example: orchestrator meeting fork last --at T5 --model qwen3:4b")
def fork(
    meeting_id: MeetingId = LAST,
    *,
    at: Annotated[
        str, typer.Option("--at", metavar="TURN", help="The last turn to keep, such as T5; 0 keeps no turn.")
    ],
    quiet: Quiet = False,
    model: ModelName = None,
) -> None:
    """Hold a new meeting that keeps the turns up to one and asks the rest again; print its minutes."""
    with opened(model) as orchestrator:
        tell_council(orchestrator, meeting_id, model)
        called = orchestrator.fork_meeting(meeting_id, at)
        if not quiet:
            tell(f"Meeting {called} ({orchestrator.get_meeting(called).model})")
        hold(orchestrator, called, None, Watch(quiet))


@app.command("cancel", epilog="Example: orchestrator meeting cancel 20261123-daily_standup-0a1b")
def cancel(meeting_id: MeetingId) -> None:
    """Cancel a meeting: it cannot be resumed; its turns stay stored."""
    with opened() as orchestrator:
        found = orchestrator.abandon_meeting(meeting_id)
        tell(f"Cancelled {found}. Its minutes so far: orchestrator meeting minutes {found}")


app.command("abandon", hidden=True)(renamed(cancel, "meeting cancel"))
