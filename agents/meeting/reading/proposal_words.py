"""The words of a proposal in a journal of an earlier version."""

from agents.meeting.reading.lines import label_of, labelled
from agents.meeting.reading.sentences import first_sentences
from agents.meeting.record import Turn

PROPOSAL_WORDS = 60
"""About the number of words that are put to the vote when a turn has no ``Proposal:`` line."""


def proposal_text(turn: Turn) -> str:
    """The words put to the vote: the ``Proposal:`` lines of the turn, or its first sentences where it has none."""
    lines = labelled(turn.text, "Proposal")
    if lines:
        return " ".join(lines)
    rest = (line for line in turn.text.split("\n") if label_of(line) not in {"Action", "Question"})
    return first_sentences(" ".join(rest).strip(), PROPOSAL_WORDS)
