"""The expected cost of a meeting as a table, and time boxes as users write them."""

import re
from typing import TYPE_CHECKING, Any

from agents.cli.terminal import tables
from agents.cli.terminal.output import tell
from agents.cli.terminal.safe_text import harmless
from agents.errors import UsageError

if TYPE_CHECKING:
    from agents.meeting.coverage import Coverage
    from agents.meeting.plan import ControlsPlan, Plan, PlanStep
    from agents.meeting.spec import MeetingSpec
    from agents.orchestrator import AgentOrchestrator

_SPAN = re.compile(r"(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(\d+(?:\.\d+)?)\s*m?(?:in(?:utes?)?)?)?")


def minutes_in(text: str) -> float | None:
    """The minutes of a time box such as 15m, 90, 1h or 1h30m; None for none.

    Raises:
        UsageError: it is not a length of time.
    """
    if not text:
        return None
    match = _SPAN.fullmatch(text.strip().lower())
    minutes = 60 * float(match[1] or 0) + float(match[2] or 0) if match else 0.0
    if not 0 < minutes <= 24 * 60:
        raise UsageError(f"Can't read {text!r} as a length of time.", "Write minutes or hours: 15m, 1h, 1h30m.")
    return minutes


def announce(orchestrator: "AgentOrchestrator", meeting_id: str) -> None:
    """Show the expected cost of a new meeting, and the notes that will be in its minutes."""
    spec = orchestrator.get_meeting(meeting_id)
    for note in spec.notes:
        tell(note)
    if spec.series and not spec.open_actions:
        tell(f"The series {spec.series} has no open actions.")
    plan = orchestrator.plan_of(spec)
    tell(one_line(plan))
    for sentence in in_part(plan):
        tell(sentence)
    if plan.controls:
        tell(controls(plan.controls))


def controls(planned: "ControlsPlan") -> str:
    """Whether the votes of new models are tested first, what it costs, and how to do it at another time."""
    names, calls = ", ".join(planned.models), tables.counted(planned.calls, "control ballot")
    takes = tables.counted(max(1, round(planned.seconds)), "second")
    if planned.due:
        return f"Before it, once: {calls} test what the votes of {names} are worth, about {takes}."
    commands = " and ".join(f"orchestrator models bench --quality {name}" for name in planned.models)
    return f"The votes of {names} were never tested. {calls} would take about {takes}. Do it once with: {commands}"


def unread(plan: "Plan") -> list[str]:
    """A sentence for each topic on which nobody will be shown some lines of the documents; one, if all are the same."""
    from agents.meeting.unread import said

    named = {number: said(left, "By estimate, nobody will be shown") for number, left in plan.unread.items()}
    if len(set(named.values())) == 1:
        return [*set(named.values())]
    return [f"Topic {number}: {sentence}" for number, sentence in named.items()]


def in_part(plan: "Plan") -> list[str]:
    """A sentence for each document that not everybody is shown whole."""
    named = {
        f"{one.document}: {one.amount}, {one.receivers}."
        for row in plan.coverage.values()
        for one in row
        if one.dealt or one.left
    }
    return sorted(named)


def documents(plan: "Plan") -> str:
    """A table of how much of each document is shown, to whom, and what is not; for each topic, if they differ."""
    rows = {number: [_coverage(one) for one in row] for number, row in plan.coverage.items()}
    headings = ["document", "shown", "to", "not shown"]
    if len({str(row) for row in rows.values()}) == 1:
        return tables.table(headings, next(iter(rows.values())))
    return tables.table(["topic", *headings], [[number, *one] for number, row in rows.items() for one in row])


def _coverage(one: "Coverage") -> list[str]:
    return [one.document, one.amount, one.receivers, one.missing or "-"]


def one_line(plan: "Plan") -> str:
    """The plan in a sentence."""
    asked = plan.total("requests")
    least, most = plan.total("least"), plan.total("most")
    span = f" (from {least} to {most})" if least < asked or most > asked else ""
    turns = tables.counted(plan.total("turns"), "turn")
    return f"Planned: {turns}, {tables.counted(asked, 'request')}{span}, {length(plan)}."


def length(plan: "Plan") -> str:
    """The expected time, and how it is known."""
    if plan.pace is None:
        return "seconds, because no language model is asked"
    number, unit = (plan.minutes, "minute") if plan.minutes >= 1.5 else (60 * plan.minutes, "second")
    shown = f"about {tables.counted(round(number), unit)}"
    if plan.pace.calls:
        return f"{shown}, based on {tables.counted(plan.pace.calls, 'call')} on this machine"
    model = "one of these models" if len(plan.models) > 1 else "this model"
    return f"{shown}, a guess, because {model} was never measured on this machine"


def page(spec: "MeetingSpec", plan: "Plan") -> str:
    """The whole plan: seats, phases, tokens, time, and what a time box cuts."""
    head = f"{spec.kind.title}: {'; '.join(topic.text for topic in spec.topics)}"
    seats = tables.table(["seat", "why"], [[seat.title, seat.reason] for seat in spec.seats])
    if spec.council:
        dealt = [[one.title, spec.council.get(one.role, "a person"), one.reason] for one in spec.seats]
        seats = tables.table(["seat", "model", "why"], dealt)
    if spec.names.people:
        seats += "\n" + tables.wrapped(f"People who can own tasks: {', '.join(spec.names.people)}")
    names = ["phase", "turns", "requests", "tokens read", "tokens written", "time"]
    several = len(spec.topics) > 1
    rows = [_row(step, f"{step.topic}. " if several else "") for step in plan.steps]
    totals = [plan.total(name) for name in ("turns", "requests", "evaluated", "written")]
    rows.append(["all", *totals, _time(plan.minutes * 60 if plan.pace else None)])
    notes = [tables.wrapped(note) for note in (*spec.notes, *unread(plan))]
    parts = [tables.wrapped(head), seats, tables.table(names, rows)]
    parts += [council(spec, plan)] if plan.models else []
    parts += [documents(plan)] if plan.coverage else []
    before = [tables.wrapped(controls(plan.controls))] if plan.controls else []
    parts.append("\n".join([*notes, tables.wrapped(_reading(plan)), tables.wrapped(one_line(plan)), *before]))
    return harmless("\n\n".join(parts))


def council(spec: "MeetingSpec", plan: "Plan") -> str:
    """What each model of a council will be asked, one row each."""
    titles = {seat.role: seat.title for seat in spec.seats}
    rows = [
        [one.model, len(one.roles), one.requests, one.evaluated, one.written, _time(one.seconds)] for one in plan.models
    ]
    asked = f"{spec.council['']} also answers for the scribe, because {titles.get(spec.facilitator, 'it')} leads."
    head = ["model", "seats", "requests", "tokens read", "tokens written", "time"]
    return tables.table(head, rows) + "\n" + tables.wrapped(asked)


def _reading(plan: "Plan") -> str:
    """The part of the prompts that the server has to read."""
    sent, read = plan.total("sent"), plan.total("evaluated")
    return (
        f"Of {tables.counted(sent, 'token')} sent, the model server has to read {read}: "
        "it still knows the beginning that a prompt has in common with earlier ones."
    )


def _row(step: "PlanStep", topic: str) -> list[Any]:
    from agents.meeting.phases import phase_name

    asked = (
        str(step.requests)
        if step.least == step.requests == step.most
        else f"{step.requests} ({step.least}-{step.most})"
    )
    return [f"{topic}{phase_name(step.phase)}", step.turns, asked, step.evaluated, step.written, _time(step.seconds)]


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
