"""Options and arguments that several commands about meetings have in common."""

from pathlib import Path
from typing import Annotated

import typer

from agents.cli.terminal.caller_files import placed_if_given
from agents.cli.terminal.minutes_file import NAMES

LAST = "last"
"""The word for the newest meeting; commands that change nothing, and those that add to a meeting, default to it."""

MeetingId = Annotated[
    str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last for the newest.")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=placed_if_given,
        help="Write to a file; its ending (.md, .html, .json ...) chooses the format.",
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"One of: {', '.join(NAMES)}.")]
Full = Annotated[bool, typer.Option("--full", help="Add the transcript: everything that was said.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the progress of the meeting.")]

TypeId = Annotated[
    str | None,
    typer.Argument(metavar="[TYPE]", help="A meeting type; without one, decision. `orchestrator types list`."),
]
About = Annotated[list[str] | None, typer.Argument(metavar="[TOPIC]", help="What it is about, in words or in quotes.")]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", "-t", metavar="TEXT", help="Another topic; may be repeated.")
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agents", metavar="AGENTS", help="Exactly these roles, separated by commas; all for every role."),
]
Invite = Annotated[list[str] | None, typer.Option("--invite", metavar="AGENTS", help="Also invite these roles.")]
Without = Annotated[list[str] | None, typer.Option("--without", metavar="AGENTS", help="Leave these roles out.")]
Chair = Annotated[str | None, typer.Option("--chair", metavar="ROLE", help="Role that chairs.")]
Me = Annotated[str | None, typer.Option("--me", metavar="ROLE", help="Take the seat of this role yourself.")]
People = Annotated[
    list[str] | None,
    typer.Option("--people", metavar="NAMES", help='People of your team who can own tasks, such as "Ada, Herr M.".'),
]
Words = Annotated[
    Path | None,
    typer.Option(
        "--words", metavar="FILE", help="Your statements with --me, read from a file: one paragraph per question."
    ),
]
Decide = Annotated[
    bool, typer.Option("--decide", help="You decide, and the room advises; without --me you take the seat of no role.")
]
Baseline = Annotated[bool, typer.Option("--baseline", help="Compare with a single agent.")]
Control = Annotated[bool, typer.Option("--control", hidden=True, help="The old name of --baseline.")]
Series = Annotated[
    str,
    typer.Option("--series", metavar="NAME", help="Part of a recurring series; reviews its open actions first."),
]
PlanOnly = Annotated[bool, typer.Option("--plan", help="Show the expected cost without holding the meeting.")]
Council = Annotated[
    list[str] | None,
    typer.Option("--council", metavar="MODELS", help="Deal these models over the seats; separated by commas."),
]
TimeBox = Annotated[str, typer.Option("--time-box", metavar="15m", help="Limit the length; trims roles first.")]
