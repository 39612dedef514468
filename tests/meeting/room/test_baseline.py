"""Whether the meeting was worth it: the same to one agent alone."""

from dataclasses import replace

from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.minutes.baseline import TITLE
from agents.model import Prompt, Task
from tests.meeting.rooms import call_for, hold, sensible


def say(prompt: Prompt) -> str:
    """The single agent finds one thing that the meeting found and one of its own, then nothing more."""
    if "you work on this alone" in prompt.question:
        return "Risk: solutions_architect on risk\nRisk: The harbour freezes over in winter\nProposal: Wait."
    return "PASS" if prompt.question.startswith("Go on.") else sensible(prompt)


def test_without_asking_there_is_no_comparison() -> None:
    """A meeting asks nobody alone unless it was called so."""
    events, prompts = hold(call_for())
    assert build(events).topics[0].control is None
    assert not any("alone" in prompt.question for prompt in prompts)


def test_the_minutes_say_what_only_the_meeting_and_only_the_one_found() -> None:
    """Findings are compared item by item, and both costs are there."""
    events, prompts = hold(replace(call_for(), control=True), say)
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
    """Killed after the first answer alone and resumed, it asks only what is missing and ends the same."""
    call = replace(call_for(), control=True)
    whole, _ = hold(call, say)
    kept = MemoryJournal()
    for event in whole:
        if event.kind != "closed" and not event.key.endswith("control.2"):
            kept.append(event.kind, event.key, event.data)
    resumed, rest = hold(call, say, kept)
    assert len(rest) == 1
    assert build(resumed).topics == build(whole).topics
