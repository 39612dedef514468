"""What comes after a meeting: hold it again to see what was chance, and record how its decisions turned out."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import AsJson, ModelName, opened
from agents.cli.terminal import tables
from agents.cli.terminal.output import say, say_json, tell
from agents.errors import UsageError
from agents.meeting.afterwards import BAD, GOOD, MIXED
from agents.orchestrator.said_times import day_seen

if TYPE_CHECKING:
    from agents.meeting.afterwards import HeldAgain
    from agents.meeting.record import Minutes
    from agents.orchestrator import AgentOrchestrator

app = typer.Typer()

AnyMeeting = Annotated[str, typer.Argument(metavar="[ID]", help="The meeting's id, a unique beginning of it, or last.")]


@app.command("repeat", epilog="Example: orchestrator meeting repeat last --runs 5")
def repeat(
    meeting_id: AnyMeeting = "last",
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, max=1000, help="How many runs there are in the end.")
    ] = 5,
    as_json: AsJson = False,
    model: ModelName = None,
) -> None:
    """Hold a closed meeting again with other seeds, and show how often it decides otherwise.

    Finished runs count: the same command goes on after Ctrl-C. Their actions do not enter the register.
    """
    from agents.orchestrator.repeats import origin_of

    with opened(model) as orchestrator:
        meeting = origin_of(orchestrator.meetings, meeting_id)
        tell(_before(orchestrator, meeting, runs))
        began = time.monotonic()

        def told(run: "HeldAgain") -> None:
            nonlocal began
            now = time.monotonic()
            outcomes = "; ".join(
                (f"topic {number}: " if len(run.outcomes) > 1 else "") + outcome
                for number, outcome in run.outcomes.items()
            )
            tell(f"  Run {run.run} of {runs}: {outcomes} ({tables.clock(now - began)})")
            began = now

        try:
            minutes = orchestrator.repeat_meeting(meeting, runs, on_run=told)
        except KeyboardInterrupt:
            tell(f"\nStopped. Finished runs are kept. Go on with: orchestrator meeting repeat {meeting} --runs {runs}")
            raise
        if as_json:
            say_json(repeats_as_dicts(minutes))
        else:
            say(page(minutes))


@app.command(
    "outcome", epilog='Example: orchestrator meeting outcome last D1 "No cart was lost in the sale" --good --by Ada'
)
def outcome(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[ID] [ENTRY] TEXT", help="The meeting (last), its decision (D1), and what became of it."
        ),
    ],
    good: Annotated[bool, typer.Option("--good", help="The decision turned out well.")] = False,
    bad: Annotated[bool, typer.Option("--bad", help="It turned out badly.")] = False,
    mixed: Annotated[bool, typer.Option("--mixed", help="Partly well, partly badly.")] = False,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The day on which it was seen; today if left out.")
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so.")] = "",
) -> None:
    """Record how a decision turned out; minutes, actions and the next meeting of a series show it."""
    chosen = [name for name, given in ((GOOD, good), (BAD, bad), (MIXED, mixed)) if given]
    if len(chosen) > 1:
        raise UsageError(
            f"A decision cannot turn out {' and '.join(chosen)}.", "Give one of --good, --bad and --mixed."
        )
    meeting_id, entry, text = parted(words)
    with opened() as orchestrator:
        meeting = orchestrator.meetings.find(meeting_id)
        made = orchestrator.report_outcome(meeting, text, entry=entry, how="".join(chosen), on=day_seen(on), by=by)
        [topic] = [one for one in orchestrator.get_minutes(meeting).topics if one.topic.number == made.topic]
        tell(f"Recorded for {meeting}, {topic.topic.text} ({topic.decision.outcome}): {made.sentence}")


def parted(words: list[str]) -> tuple[str, str, str]:
    """The meeting, the decision and the text that a command line names; the text is the last one.

    Raises:
        UsageError: there are too many words, which usually are a text without quotation marks.
    """
    from agents.orchestrator.outcomes import ENTRY

    *named, text = words
    entry = named.pop() if named and ENTRY.fullmatch(named[-1]) else ""
    if len(named) > 1:
        raise UsageError("There are too many words.", 'Put what became of it between quotation marks: "..."')
    return (named[0] if named else "last"), entry, text


def repeats_as_dicts(minutes: "Minutes") -> list[dict[str, object]]:
    """The outcomes of the runs of a meeting, by topic, as plain values."""
    return [
        {
            "topic": topic.topic.number,
            "text": topic.topic.text,
            "outcome": topic.repeats.own,
            "runs": len(topic.repeats.outcomes),
            "counts": topic.repeats.counts,
            "flip_rate": round(topic.repeats.flip_rate, 4),
            "meetings": list(topic.repeats.meetings),
        }
        for topic in minutes.topics
        if topic.repeats
    ]


def _before(orchestrator: "AgentOrchestrator", meeting: str, runs: int) -> str:
    """What will be done, and how long it may take."""
    topics = orchestrator.get_minutes(meeting).topics
    done = max((len(topic.repeats.outcomes) for topic in topics if topic.repeats), default=0)
    if done >= runs:
        return f"There {'is 1 run' if done == 1 else f'are {done} runs'} of {meeting} already."
    plan = orchestrator.plan_of(orchestrator.get_meeting(meeting))
    each = f", about {tables.counted(max(1, round(plan.minutes)), 'minute')} each" if plan.pace else ""
    return f"Holding {meeting} again: {tables.counted(runs - done, 'run')} to go{each}. Ctrl-C stops it safely."


def page(minutes: "Minutes") -> str:
    """What the runs of a meeting decided, with a block for each topic."""
    blocks = []
    for topic in minutes.topics:
        if topic.repeats is None:
            continue
        rows = [
            [outcome, number, "as in the meeting" if outcome == topic.repeats.own else "otherwise"]
            for outcome, number in topic.repeats.counts.items()
        ]
        blocks.append(
            "\n".join(
                [
                    tables.wrapped(f"{topic.topic.number}. {topic.topic.text}"),
                    tables.wrapped(f"The meeting decided: {topic.repeats.own}. {topic.repeats.sentence}"),
                    tables.table(["outcome", "runs", ""], rows),
                ]
            )
        )
    about = (
        "The flip rate is the share of the runs whose outcome differs from that of the meeting. "
        "Outcomes are compared by name; which conditions or options they name may differ."
    )
    return "\n\n".join([*blocks, tables.wrapped(about)])
