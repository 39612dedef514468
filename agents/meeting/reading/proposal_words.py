"""The words of a proposal in a journal of an earlier version."""

from agents.meeting.reading.labels import labelled
from agents.meeting.reading.lines import own_text
from agents.meeting.reading.sentences import first_sentences
from agents.meeting.record import Turn

PROPOSAL_WORDS = 60
"""About the number of words that are put to the vote when a turn says nothing under ``Proposal``."""


def proposal_text(turn: Turn) -> str:
    """The words put to the vote: what the turn says under ``Proposal``, or its first sentences where it has none.

    What stands under another label, such as its actions, is no part of them.
    """
    lines = labelled(turn.text, "Proposal")
    return " ".join(lines) if lines else first_sentences(" ".join(own_text(turn.text)), PROPOSAL_WORDS)
