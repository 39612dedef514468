"""Who changed position, after which turn, and whether the change was argued."""

from collections.abc import Mapping, Sequence

from agents.meeting import reading
from agents.meeting.minutes.claims import Claims
from agents.meeting.phases import phase_of
from agents.meeting.quoted import outside, quotations
from agents.meeting.record import Move, Position, Turn

LEAST_OWN = 8
"""The words of its own that a turn needs to argue without a quotation."""


def moves_of(turns: Sequence[Turn], first: Mapping[str, Position], claims: Claims) -> list[Move]:
    """Who changed position, and after which turn. A turn that only names another one is not argued.

    Args:
        turns: the turns of a topic.
        first: the first positions, by role id.
        claims: checks what the turns name and quote.
    """
    by_id = {turn.id: turn for turn in turns}
    now = dict(first)
    moves = []
    for turn in turns:
        before, after = now.get(turn.speaker), turn.position
        if not phase_of(turn).changes_position or not before or not after or after is before:
            continue
        others = (name for name in reading.cited(turn.text) if name in by_id and by_id[name].speaker != turn.speaker)
        cites = next(others, "")
        said = " ".join(turn.text.split())
        evidence = claims.reasons(turn.speaker, said)
        argued = claims.quotes_truly(said) and _argued(turn, by_id.get(cites), claims)
        moves.append(Move(turn.speaker, before.value, after.value, turn.id, cites, argued, evidence))
        now[turn.speaker] = after
    return moves


def _argued(turn: Turn, cited: Turn | None, claims: Claims) -> bool:
    """Whether a turn, all of whose quotations are true, gives a reason: it quotes words of the turn that it cites, or
    has enough words of its own.
    """
    if cited is None:
        return False
    theirs = set(reading.words(cited.text))
    own = [word for word in reading.words(outside(turn.text)) if word not in theirs]
    return len(own) >= LEAST_OWN or any(
        len(one.words.split()) > 1 and claims.says(cited.id, one.words) for one in quotations(turn.text)
    )
