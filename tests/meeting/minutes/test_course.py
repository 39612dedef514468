"""What a proposal asks for: to go ahead, to wait or not to go ahead, and how the minutes show it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.export.markdown import to_markdown
from agents.meeting.minutes.ballot import Course, course
from agents.meeting.minutes.positions import contradicting_ballots
from agents.meeting.record import Outcome
from agents.model import Prompt, Task
from tests.meeting.minutes.test_artefacts import block, left
from tests.meeting.speakers import Say, held, talkative


def saying(proposal: str, position: str = "for") -> Say:
    """Speakers with the same position, and a facilitator with this proposal."""

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.PROPOSAL:
            return f"Proposal: {proposal}\nAction: none"
        return talkative(prompt).replace("Position: for\n", f"Position: {position}\n")

    return say


@pytest.mark.parametrize(
    ("proposal", "asks"),
    [
        ("Postpone it until it is shown that the backup restores.", Course.WAIT),
        ("We should defer the move to March.", Course.WAIT),
        ("Decide when this is answered: who owns it?", Course.WAIT),
        ("No-go: the rollback was never tried.", Course.STOP),
        ("Do not build it.", Course.STOP),
        ("Don't merge before the tests pass.", Course.STOP),
        ("Do not log addresses, and build it.", Course.GO),
        ("Accept it on these conditions: nobody waits.", Course.GO),
        ("Drop the table and move to Redis.", Course.GO),
        ("", Course.GO),
    ],
)
def test_a_proposal_says_what_it_asks_for(proposal: str, asks: Course) -> None:
    """It is read from the first words of the proposal."""
    assert course(proposal) is asks


@given(st.text())
def test_any_words_have_a_course(text: str) -> None:
    """Whatever a model writes, reading it raises nothing, and letter case does not matter."""
    assert course(text) is course(text.upper()) or not text.isascii()


@pytest.mark.parametrize(
    ("proposal", "heading", "status"),
    [
        ("Postpone it until T1 is answered.", "### Decision: accepted, to wait", "Deferred, "),
        ("Do not build it, as T1 says.", "### Decision: accepted, not to go ahead", "Rejected, "),
        ("Build it, as T1 says.", "### Decision: accepted\n", "Accepted, "),
    ],
)
def test_an_accepted_proposal_to_wait_is_not_an_accepted_record(proposal: str, heading: str, status: str) -> None:
    """An accepted proposal to wait makes a deferred record, one not to go ahead a rejected record; the heading says so."""
    minutes = held("architecture_review", saying(proposal))
    assert minutes.topics[0].decision.outcome is Outcome.ACCEPTED
    assert heading in to_markdown(minutes)
    assert block(left(minutes), "Status").rows[0].cells[0].startswith(status)


@pytest.mark.parametrize(("proposal", "verdict"), [("No-go for T1's reason.", "NO-GO, "), ("Go, as T1 says.", "GO, ")])
def test_an_accepted_no_go_is_a_no_go(proposal: str, verdict: str) -> None:
    """The verdict of a release is what the accepted proposal asks for, not that it was accepted."""
    artefact = left(held("release_planning", saying(proposal)))
    assert block(artefact, "Verdict").rows[0].cells[0].startswith(verdict)


def test_a_vote_to_wait_does_not_contradict_a_position_against() -> None:
    """A vote contradicts a position only in view of what the proposal asks for: to go ahead or to wait."""
    ahead = held("architecture_review", saying("Build it, as T1 says.", "against"))
    waits = held("architecture_review", saying("Postpone it until T1 is answered.", "against"))
    assert len(contradicting_ballots(ahead.topics[0])) == len(ahead.topics[0].ballots) > 0
    assert contradicting_ballots(waits.topics[0]) == []
