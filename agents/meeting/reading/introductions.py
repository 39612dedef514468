"""Judges the lines that stand before others: whether what follows is what the speaker itself says.

Labelled lines count only after words that do nothing but introduce them. A plain list, which claims less, counts after
any words that do not say that it is somebody else's, refused, or an example. All functions are pure.
"""

from enum import Enum

from agents.meeting.plain import Doubt, doubts
from agents.meeting.reading.repetition import words
from agents.text import introduces


class Introduced(Enum):
    """What follows an introduction."""

    OWN = "what the speaker says"
    UNCLEAR = "perhaps what the speaker says"
    NOT_OWN = "what the speaker does not say itself"


MOST_LETTERS = 600
"""Of an introduction that is judged; what follows a longer one does not count."""
_NOT_OWN = """
against another attack attacker attackers banned discard discarded demanded demands disagree document
documents dropped else else's example examples fake former forged format forwarded he hypothetical ignore ignored
imagine inject injected injection injections instead instruct instructed instruction instructions invented joke mail
malicious object oppose opposed ordered out overruled pasted paste prompt quotation quote quoted quotes received refuse
rejected reject rejects removed retracted sample she skip skipped somebody somebody's someone someone's superseded
template their theirs them they told untrusted unwanted user users veto want wanted wants withdrawn wrong written wrote
yesterday yesterday's
"""
_DOUBTS = frozenset({Doubt.STRUCK, Doubt.QUOTES, Doubt.REPORTS, Doubt.ASKS, Doubt.DENIES, Doubt.CONDITION})
_WORDS = frozenset(_NOT_OWN.split())
"""Words of introductions to what somebody else says, or to what is not meant."""


def introduced_by(line: str) -> Introduced:
    """What follows a line such as "Here are my ideas:"."""
    if introduces(line):
        return Introduced.OWN
    return Introduced.NOT_OWN if disowns(line) else Introduced.UNCLEAR


def disowns(line: str) -> bool:
    """Whether a line says that what follows is somebody else's, refused, or an example."""
    if len(line) > MOST_LETTERS:
        return True
    return not _WORDS.isdisjoint(words(line)) or not _DOUBTS.isdisjoint(doubts(line.rstrip(" :\uff1a")))
