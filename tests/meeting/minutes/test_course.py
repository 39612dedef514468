"""What accepting a choice means: to go ahead, to wait or not to go ahead, and how the minutes show it."""

import pytest

from agents.export.markdown import to_markdown
from agents.meeting.minutes.positions import contradicting_ballots
from agents.meeting.record import Status
from agents.model import Prompt, Task
from tests.meeting.minutes.test_artefacts import block, left
from tests.meeting.rooms import put
from tests.meeting.speakers import Say, held, talkative


def choosing(choice: str, position: str = "for", vote: str = "support") -> Say:
    """Speakers with the same position and vote, and a facilitator who makes this choice."""

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.PROPOSAL:
            return put(prompt, choice)
        return talkative(prompt, vote).replace("Position: for\n", f"Position: {position}\n")

    return say


@pytest.mark.parametrize(
    ("type_id", "choice", "status"),
    [
        ("technical_design", "do not build yet", "Deferred, "),
        ("architecture_review", "do not build", "Rejected, "),
        ("architecture_review", "build", "Accepted, "),
    ],
)
def test_an_accepted_choice_to_wait_is_not_an_accepted_record(type_id: str, choice: str, status: str) -> None:
    """An accepted choice to wait makes a deferred record, one not to go ahead a rejected record; the heading names it."""
    minutes = held(type_id, choosing(choice))
    assert minutes.topics[0].decision.status is Status.ACCEPTED
    assert f"**Decision:** **{choice}**." in to_markdown(minutes)
    assert block(left(minutes), "Status").rows[0].cells[0].startswith(status)


def test_a_choice_that_does_not_pass_is_no_decision() -> None:
    """Where the ballot does not accept, the outcome is no decision, and the reason names the choice and the votes."""
    decision = held("architecture_review", choosing("build", vote="object")).topics[0].decision
    assert (decision.outcome, decision.choice, decision.status) == ("no decision", "build", Status.REJECTED)
    assert decision.why.startswith('"build" was put to the vote and did not pass: a role with a veto objected')


@pytest.mark.parametrize(("choice", "verdict"), [("no-go", "NO-GO"), ("go", "GO")])
def test_an_accepted_no_go_is_a_no_go(choice: str, verdict: str) -> None:
    """The verdict of a release is the choice that was accepted, not that one was accepted."""
    artefact = left(held("release_planning", choosing(choice)))
    assert block(artefact, "Verdict").rows[0].cells[0] == verdict


def test_a_vote_to_stop_does_not_contradict_a_position_against() -> None:
    """A vote contradicts a position only in view of what the choice asks for: to go ahead or not."""
    ahead = held("architecture_review", choosing("build", "against"))
    stops = held("architecture_review", choosing("do not build", "against"))
    assert len(contradicting_ballots(ahead.topics[0])) == len(ahead.topics[0].ballots) > 0
    assert contradicting_ballots(stops.topics[0]) == []
