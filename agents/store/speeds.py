"""The speed of models on this machine, measured with each call."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.clock import utc_now
from agents.settings.address import without_password
from agents.store.database import Database
from agents.store.row_checksum import encodable

REMEMBERED_CALLS = 200
"""The number of newest calls per model that are stored and used."""

_FADING = 0.99
"""The weight of each call relative to the next newer one."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """The speed of a model on this machine.

    Attributes:
        prompt_tps: prompt tokens evaluated per second.
        reply_tps: reply tokens generated per second.
        calls: number of calls that were measured.
        cached: share of the prompts' tokens that the model had in its cache, from 0 to 1.
    """

    prompt_tps: float
    reply_tps: float
    calls: int
    cached: float = 0.0


class SpeedLog:
    """The measured calls.

    Args:
        database: where they are stored.
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
        """Store the measurement of one call; a power failure can lose the last few.

        Args:
            model: the model's label.
            machine: the address it ran at; a password in it is not stored.
            prompt_tokens: number of tokens of the prompt.
            evaluated: how many of them the model evaluated; the others were in its cache.
            prompt_seconds: time for evaluating them.
            reply_tokens: number of tokens of the reply.
            reply_seconds: time for generating them.
        """
        name = encodable(model)
        with self.database.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO speeds "
                "(model, machine, at, prompt_tokens, evaluated, prompt_seconds, reply_tokens, reply_seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    encodable(without_password(machine)),
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
        """The labels of the measured models, the one measured last first."""
        rows = self.database.rows("SELECT model FROM speeds GROUP BY model ORDER BY max(number) DESC")
        return [row[0] for row in rows]

    def measured(self, model: str) -> Speeds | None:
        """The recent speed of a model; None when its reading or writing speed is unknown.

        Both are medians, weighted by the tokens of a call and by how recent it is, so that short calls and outliers
        have little influence.
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
