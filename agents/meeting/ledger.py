"""The position ledger: who moved, after what, and whether a new argument was given.

A vote is no move: a position is about the topic, a vote about the proposal, and a proposal may be to wait.
"""

from collections.abc import Mapping, Sequence

from agents.meeting import speech
from agents.meeting.record import Move, Position, Turn


def moves_of(turns: Sequence[Turn], first: Mapping[str, Position]) -> list[Move]:
    """Who moved, after what; a move is argued when its turn quotes the turn it names and adds words of its own."""
    by_id = {turn.id: turn for turn in turns}
    now = {speaker: position.value for speaker, position in first.items()}
    moves = []
    for turn in turns:
        if (
            turn.phase != "exchange"
            or not turn.position
            or turn.speaker not in now
            or turn.position.value == now[turn.speaker]
        ):
            continue
        cites = next(
            (name for name in speech.cited(turn.text) if name in by_id and by_id[name].speaker != turn.speaker), ""
        )
        moves.append(
            Move(turn.speaker, now[turn.speaker], turn.position.value, turn.id, cites, _argued(turn, by_id.get(cites)))
        )
        now[turn.speaker] = turn.position.value
    return moves


def _argued(turn: Turn, cited: Turn | None) -> bool:
    if cited is None:
        return False
    theirs = set(speech.words(cited.text))
    own = [word for word in speech.words(turn.text) if word not in theirs]
    quotes = [part for part in speech.normalised(turn.text).split('"')[1::2] if len(part) > 8]
    return len(own) >= 8 or any(part in speech.normalised(cited.text) for part in quotes)
