"""Votes and positions: the words that a schema allows, and plain words by one table. All functions are pure."""

from typing import Any

from agents.meeting.reading.labels import lines_labelled
from agents.meeting.reading.lines import own_words
from agents.meeting.reading.stance import Grammar, heads, names_other, read_stance
from agents.meeting.record import Position, Vote

VOTES = Grammar(
    heads=heads(
        {
            Vote.SUPPORT: """
                support, supports, yes, yeah, aye, agree, agreed, approve, approved, accept, for, in favour, in favor,
                ja, daf\u00fcr, stimme zu, einverstanden, oui, d'accord, pour, s\u00ed, a favor, de acuerdo
            """,
            Vote.CONCERN: """
                support with concern, support with a concern, support with concerns, support with one concern,
                support with some concerns, supports with concern, support with reservations
            """,
            Vote.OBJECT: """
                object, objects, objection, no, against, oppose, opposed, reject, disagree, veto, nein, dagegen,
                lehne ab, non, contre, en contra
            """,
            Vote.ABSTAIN: """
                abstain, abstains, abstention, enthaltung, enthalte mich, m'abstiens, abstention, me abstengo
            """,
        }
    ),
    qualified={Vote.SUPPORT: Vote.CONCERN},
    qualifiers=tuple(
        tuple(phrase.split())
        for phrase in (
            "with some concerns", "with one concern", "with a concern", "with concerns", "with concern",
            "with reservations", "with a reservation",
        )
    ),
    conditional={},
    alike=frozenset({(Vote.SUPPORT, Vote.CONCERN)}),
)  # fmt: skip
"""The words of votes. "No concerns" and "support unless ..." are not among them: they are unclear."""

POSITIONS = Grammar(
    heads=heads(
        {
            Position.FOR: """
                for, yes, support, supports, agree, agreed, accept, approve, in favour, in favor, pro, ja, daf\u00fcr,
                oui, pour, s\u00ed, a favor
            """,
            Position.CONDITIONS: """
                for with conditions, conditionally for, conditionally, conditional, for conditionally,
                yes with conditions, support with conditions, in favour with conditions, for on conditions
            """,
            Position.AGAINST: """
                against, no, object, oppose, opposed, reject, disagree, contra, nein, dagegen, non, contre, en contra
            """,
            Position.UNDECIDED: """
                undecided, unsure, neutral, abstain, not sure, unentschieden, neither for nor against, no opinion
            """,
        }
    ),
    qualified={Position.FOR: Position.CONDITIONS},
    qualifiers=tuple(
        tuple(phrase.split())
        for phrase in ("with some conditions", "with conditions", "with a condition", "with one condition",
                       "under conditions", "on conditions", "on condition", "under the condition", "conditionally")
    ),
    conditional={Position.FOR: Position.CONDITIONS},
    alike=frozenset({(Position.FOR, Position.CONDITIONS)}),
)  # fmt: skip
"""The words of positions."""


def position_in(text: str) -> Position | None:
    """The position that a text states under ``Position``; None if it states none, or two different ones."""
    return one_position(lines_labelled(text, "Position"))


def one_position(said: list[str]) -> Position | None:
    """The position that some words name, each by itself; None if one of them names none, or they differ."""
    named = {read_position(words) for words in said}
    return named.pop() if len(named) == 1 else None


def read_position(words: str) -> Position | None:
    """The position that a few words name; None when they name none, two different ones, or one that is not certain."""
    return read_stance(words, POSITIONS)


def read_vote(text: str) -> Vote | None:
    """The vote in plain words: after ``Vote``, or at their start; None when it is not clear.

    "I do not support this" is not clear: it can be an objection or an abstention, so the speaker is asked again.
    """
    votes = lines_labelled(text, "Vote")
    if not votes:
        return read_stance(own_words(text), VOTES)
    named = {read_stance(said, VOTES) for said in votes}
    vote = named.pop() if len(named) == 1 else None
    return vote if vote and not contradicts(text, vote) else None


def contradicts(reason: str, vote: Vote) -> bool:
    """Whether the reason of a vote names another vote as its speaker's."""
    return names_other(own_words(reason), vote, VOTES)


def vote_value(value: Any) -> Vote | None:
    """The vote that a value of JSON is: exactly one of the four words, in any letter case and with any separators."""
    return Vote(named) if (named := _value(value)) in set(Vote) else None


def position_value(value: Any) -> Position | None:
    """The position that a value of JSON is: exactly one of the words of ``Position``."""
    named = _value(value).replace("_", " ")
    return Position(named) if named in set(Position) else None


def _value(value: Any) -> str:
    """The words of a value with one underscore between them; "" for a value that is no text."""
    return "_".join(value.lower().replace("-", " ").replace("_", " ").split()) if isinstance(value, str) else ""
