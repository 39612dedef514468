"""What an entry of the minutes rests on: a turn and words of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a statement of the minutes rests on.

    Attributes:
        turn: id of the turn.
        speaker: role id of whoever said it.
        quote: the words.
        verified: whether code found these words in that turn.
        problem: what did not check out, or "".
    """

    turn: str
    speaker: str
    quote: str
    verified: bool
    problem: str = ""
