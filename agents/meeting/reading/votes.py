"""Positions and votes in plain words. All functions are pure."""

import re

from agents.meeting.reading.lines import lines_labelled
from agents.meeting.reading.repetition import NEGATED, WORD
from agents.meeting.record import Position, Vote

# A vote at the start, before punctuation or a reason.
_VOTED = re.compile(
    r"\W{0,6}(?:(?:my )?vote\W{1,4})?(support[_ -]with[_ -]concern|support|object|abstain)s?\b"
    r"(?=\W{0,4}(?:[.,;:\n\u2013\u2014)]|\Z|-|because\b|since\b|as\b))",
    re.I,
)
_VOTES = r"\b(support[_ -]with[_ -]concern|support|object|abstain)s?\b"


def position_in(text: str) -> Position | None:
    """The position that a text states in its ``Position:`` line, or None."""
    for said in lines_labelled(text, "Position"):
        found = read_position(said)
        if found:
            return found
    return None


def read_position(words: str) -> Position | None:
    """The position that a few words name; None when they name none, or two different ones."""
    said = " ".join(WORD.findall(words.lower()))
    if re.match(r"(for|yes|support|agree|accept|approve)\w* (with|under|on|only|if)\b|conditional", said):
        return Position.CONDITIONS
    if re.match(r"in favou?r\b", said):
        return Position.FOR
    first, _, rest = said.partition(" ")
    # "No objection" and "for me this is wrong" mean the opposite of their first word.
    alone = not rest or bool(re.match(r"\W{0,6}\w+\W{0,2}(?:[.,;:!(\n\u2013\u2014]| -)", words))
    if first in {"for", "no"} and not (alone or re.match(r"(it|this|that|the (proposal|move|plan|design))\b", rest)):
        return None
    if first in {"for", "yes", "support", "agree", "accept", "approve"}:
        return (
            None
            if re.search(r"\bagainst\b", said) or re.match(r"nothing\b", rest) or NEGATED.match(rest)
            else Position.FOR
        )
    if first in {"against", "no", "object", "oppose", "opposed", "reject", "disagree"}:
        return Position.AGAINST
    if first in {"undecided", "unsure", "neutral", "abstain"}:
        return Position.UNDECIDED
    return None


def read_vote(text: str) -> Vote | None:
    """The vote in plain words: the one at their start, or the only one that they name; None when it is not clear.

    "I do not support this" is not clear: it can be an objection or an abstention, so the speaker is asked again.
    """
    if start := _VOTED.match(text):
        return _vote(start[1])
    if NEGATED.search(text):
        return None
    named = {_vote(name) for name in re.findall(_VOTES, text, re.I)}
    if Vote.CONCERN in named and not {Vote.OBJECT, Vote.ABSTAIN} & named:
        return Vote.CONCERN
    return named.pop() if len(named) == 1 else None


def _vote(name: str) -> Vote:
    return Vote(re.sub("[ -]", "_", name.lower()))
