"""Actions that several reviews of one thing agree on are one in the register."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agents.documents import Document
from agents.model import Prompt
from agents.orchestrator.same_actions import alike
from tests.orchestrator.stage import staged
from tests.orchestrator.test_killed import AGENTS, agreeing, undecided_owner

PLAN, OTHER = Document("plan.md", "# Plan\n\nMove it."), Document("other.md", "# Other\n\nKeep it.")
PIPE = Document("stdin", "# Plan\n\nMove it.")


def other_owner(prompt: Prompt) -> str:
    """The same speakers, with another owner of the action."""
    return agreeing(prompt).replace("Backend Developer will write it", "Data Engineer will write it")


@pytest.mark.parametrize(
    ("before", "document", "say", "count"),
    [
        (PLAN, PLAN, agreeing, 1),
        (PLAN, PLAN, undecided_owner, 1),
        (PLAN, PLAN, other_owner, 2),
        (PLAN, OTHER, agreeing, 2),
        (PIPE, PIPE, agreeing, 2),
    ],
)
def test_a_second_review_of_a_document_adds_no_action_again(
    tmp_path: Path, before: Document, document: Document, say: Callable[[Prompt], str], count: int
) -> None:
    """Under another topic, the same task of the same owner, or of none, about the same document is agreed again; with
    another owner, about another document, or about a text that was piped, it is an action of its own.
    """
    meetings = []
    for topic, attached, speaks in (("May we build this?", before, agreeing), ("Is it safe?", document, say)):
        with staged(tmp_path / "data", speaks) as orchestrator:
            meeting = orchestrator.create_meeting("architecture_review", topic, agents=AGENTS, attach=[attached])
            orchestrator.conduct_meeting(meeting)
            meetings.append(meeting)
            rows = orchestrator.actions.list()
            changes = orchestrator.actions.changes(rows[0].id)
            same = alike(rows[-1], rows)
    assert len(rows) == count
    assert [one.who for one in changes if one.what == "agreed again"] == (meetings[1:] if count == 1 else [])
    assert [row.id for row in same] == (["A1"] if document in {OTHER, PIPE} else [])
