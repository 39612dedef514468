"""How much an agent may remember, held by forgetting its oldest messages."""

import sqlite3

from agents.memory import Limits
from agents.store.seal import storable

_FILLED = 0.95
"""How much of a limit is left filled when it was passed, so that not every message after it has to make room."""


def hold(connection: sqlite3.Connection, agent: str, limits: Limits, spare: int | None = None) -> int:
    """Forget an agent's oldest messages if it has more than it may; returns how many went.

    Args:
        connection: inside a transaction.
        agent: role id.
        limits: how much it may have.
        spare: number of a message that stays in any case.
    """
    count, size = _totals(connection, agent)
    if count <= limits.messages and size <= limits.octets:
        return 0
    return shorten(connection, agent, int(limits.messages * _FILLED), int(limits.octets * _FILLED), spare)


def shorten(connection: sqlite3.Connection, agent: str, messages: int, octets: int, spare: int | None = None) -> int:
    """Delete an agent's oldest messages that are not pinned until no more than so many are left; returns how many went.

    Args:
        connection: inside a transaction.
        agent: role id.
        messages: how many it may have, pinned ones included.
        octets: bytes of text it may have.
        spare: number of a message that stays in any case.
    """
    who = storable(agent)
    count, size = _totals(connection, agent)
    sql = "SELECT number, octets FROM messages WHERE agent = ? AND NOT pinned AND number IS NOT ? ORDER BY number"
    last = 0
    for number, one in connection.execute(sql, (who, spare)):
        if count <= messages and size <= octets:
            break
        last, count, size = number, count - 1, size - one
    sql = "DELETE FROM messages WHERE agent = ? AND NOT pinned AND number <= ? AND number IS NOT ?"
    return connection.execute(sql, (who, last, spare)).rowcount if last else 0


def _totals(connection: sqlite3.Connection, agent: str) -> tuple[int, int]:
    row = connection.execute("SELECT messages, octets FROM totals WHERE agent = ?", (storable(agent),)).fetchone()
    return (row[0], row[1]) if row else (0, 0)
