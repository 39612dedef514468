"""The baseline: a single agent does the same work as the meeting."""

from dataclasses import replace

from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.minutes.baseline import TITLE
from agents.model import Prompt, Task
from tests.meeting.rooms import hold, sensible, spec_for


def say(prompt: Prompt) -> str:
    """The single agent finds one thing that the meeting found and one of its own, then nothing more."""
    if "you work on this alone" in prompt.question:
        return "Risk: solutions_architect on risk\nRisk: The harbour freezes over in winter\nProposal: Wait."
    return "PASS" if prompt.question.startswith("Go on.") else sensible(prompt)


def test_without_asking_there_is_no_comparison() -> None:
    """Without ``control``, no single agent is asked."""
    events, prompts = hold(spec_for())
    assert build(events).topics[0].control is None
    assert not any("alone" in prompt.question for prompt in prompts)


def test_the_minutes_compare_the_meeting_and_the_single_agent() -> None:
    """Findings are compared one by one, and the minutes name the tokens of both."""
    events, prompts = hold(replace(spec_for(), control=True), say)
    found = build(events).topics[0].control
    assert found
    assert found.title == TITLE
    cost, meeting_only, alone_only = found.blocks
    assert [row.cells[0] for row in cost.rows] == ["the meeting", "the single agent"]
    assert ("risk", "The harbour freezes over in winter") in [row.cells for row in alone_only.rows]
    assert ("risk", "backend_developer on risk") in [row.cells for row in meeting_only.rows]
    assert ("risk", "solutions_architect on risk") not in [row.cells for row in (*meeting_only.rows, *alone_only.rows)]
    alone = [prompt for prompt in prompts if prompt.task is Task.STATEMENT and "for every job" not in prompt.question][
        -2:
    ]
    assert all(not any(message.turn.startswith("T") for message in prompt.transcript) for prompt in alone)


def test_the_comparison_is_not_asked_for_twice() -> None:
    """Killed after the first answer and resumed, a comparison asks only for the rest and ends the same."""
    spec = replace(spec_for(), control=True)
    whole, _ = hold(spec, say)
    kept = MemoryJournal()
    for event in whole:
        if event.kind != "closed" and not event.key.endswith("control.2"):
            kept.append(event.kind, event.key, event.data)
    resumed, rest = hold(spec, say, kept)
    assert len(rest) == 1
    assert build(resumed).topics == build(whole).topics
