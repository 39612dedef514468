"""What comes after a meeting: hold it again to see what was chance, and record how its decisions turned out."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import AsJson, ModelName, opened
from agents.cli.terminal import tables
from agents.cli.terminal.output import say, say_json, tell

if TYPE_CHECKING:
    from agents.meeting.afterwards import HeldAgain
    from agents.meeting.record import Minutes

app = typer.Typer()

AnyMeeting = Annotated[str, typer.Argument(metavar="[ID]", help="The meeting's id, a unique beginning of it, or last.")]


@app.command("repeat", epilog="Example: orchestrator meeting repeat last --runs 5")
def repeat(
    meeting_id: AnyMeeting = "last",
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="How many runs there are in the end.")] = 5,
    as_json: AsJson = False,
    model: ModelName = None,
) -> None:
    """Hold a closed meeting again with other seeds, and show how often it decides otherwise.

    Finished runs count: the same command goes on after Ctrl-C. Their actions do not enter the register.
    """
    from agents.orchestrator.repeats import origin_of

    with opened(model) as orchestrator:
        meeting = origin_of(orchestrator.meetings, meeting_id)
        spec = orchestrator.get_meeting(meeting)
        plan = orchestrator.plan_of(spec)
        each = f", about {tables.counted(max(1, round(plan.minutes)), 'minute')} each" if plan.pace else ""
        tell(f"Holding {meeting} again until there are {tables.counted(runs, 'run')}{each}. Ctrl-C stops it safely.")
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
    about = "The flip rate is the share of the runs whose outcome differs from that of the meeting."
    return "\n\n".join([*blocks, tables.wrapped(about)])
