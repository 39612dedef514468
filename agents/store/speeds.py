"""How fast models answer on this machine, measured call by call."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.clock import utc_now
from agents.store.database import Database
from agents.store.row_checksum import encodable

REMEMBERED_CALLS = 200
"""Calls per model that are kept and counted."""

_FADING = 0.99
"""How much less each older call counts than the one after it."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """What a model does on this machine.

    Attributes:
        prompt_tps: prompt tokens evaluated per second.
        reply_tps: reply tokens written per second.
        calls: how many calls this rests on.
        cached: share of the prompts' tokens that the model still knew, from 0 to 1.
    """

    prompt_tps: float
    reply_tps: float
    calls: int
    cached: float = 0.0


class SpeedLog:
    """The measured calls.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(
        self,
        model: str,
        machine: str,
        prompt_tokens: int,
        evaluated: int,
        prompt_seconds: float,
        reply_tokens: int,
        reply_seconds: float,
    ) -> None:
        """Keep the numbers of one call; a loss of power may lose the last few.

        Args:
            model: its label.
            machine: where it ran.
            prompt_tokens: length of the prompt.
            evaluated: how many of them the model really read; the others it still knew.
            prompt_seconds: how long it read.
            reply_tokens: length of the reply.
            reply_seconds: how long it wrote.
        """
        name = encodable(model)
        with self.database.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO speeds "
                "(model, machine, at, prompt_tokens, evaluated, prompt_seconds, reply_tokens, reply_seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    encodable(machine),
                    utc_now(),
                    prompt_tokens,
                    evaluated,
                    prompt_seconds,
                    reply_tokens,
                    reply_seconds,
                ),
            )
            connection.execute(
                "DELETE FROM speeds WHERE model = ? AND number <= "
                "(SELECT number FROM speeds WHERE model = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (name, name, REMEMBERED_CALLS),
            )

    def models(self) -> list[str]:
        """The labels of the models measured here, the one measured last first."""
        rows = self.database.rows("SELECT model FROM speeds GROUP BY model ORDER BY max(number) DESC")
        return [row[0] for row in rows]

    def measured(self, model: str) -> Speeds | None:
        """How fast a model has been lately; None when either speed is unknown.

        Both are medians in which a call counts by its tokens and its recency, so that neither a short call nor an
        outlier says much.
        """
        columns = "prompt_tokens, evaluated, prompt_seconds, reply_tokens, reply_seconds"
        sql = f"SELECT {columns} FROM speeds WHERE model = ? ORDER BY number DESC LIMIT ?"  # noqa: S608 - built from constants
        rows = self.database.rows(sql, (model, REMEMBERED_CALLS))
        reading = _median([(tokens, seconds) for _, tokens, seconds, _, _ in rows])
        writing = _median([(tokens, seconds) for _, _, _, tokens, seconds in rows])
        if reading is None or writing is None:
            return None
        sent, evaluated = sum(row[0] for row in rows), sum(row[1] for row in rows)
        return Speeds(reading, writing, len(rows), max(0.0, 1 - evaluated / sent) if sent else 0.0)


def _median(calls: Sequence[tuple[int, float]]) -> float | None:
    """The weighted median of tokens per second; the newest call comes first."""
    speeds = sorted(
        (tokens / seconds, tokens * _FADING**age)
        for age, (tokens, seconds) in enumerate(calls)
        if tokens > 0 and seconds > 0
    )
    half = sum(weight for _, weight in speeds) / 2
    for speed, weight in speeds:
        half -= weight
        if half <= 0:
            return speed
    return None
