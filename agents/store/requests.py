"""Which request of a program began which meeting, so that a request that is sent again never begins a second one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from agents.clock import utc_now
from agents.store.database import Database
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact

KEPT_DAYS = 90
"""How long a request is remembered after its last use."""

_COLUMNS = checked_columns("requests")


class Requests:
    """The stored requests.

    Args:
        database: where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def remember(self, key: str, meeting_id: str) -> None:
        """Store durably that the request with this key began a meeting, or was used again now.

        Args:
            key: names the request; two different requests never have the same one.
            meeting_id: the meeting.

        Raises:
            SpaceError: there is no space for it.
        """
        key = encodable(key)
        old = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
        with self.database.write() as connection:
            connection.execute("DELETE FROM requests WHERE key = ? OR at < ?", (key, old))
            insert(connection, "requests", {"key": key, "meeting": encodable(meeting_id), "at": utc_now()})

    def meeting(self, key: str, within_seconds: float | None = None) -> str:
        """The meeting that the request with this key began, or "".

        Args:
            key: names the request.
            within_seconds: how long ago its last use may be; None for any time.
        """
        sql = f"SELECT {_COLUMNS} FROM requests WHERE key = ? AND meeting IN (SELECT id FROM meetings)"  # noqa: S608
        for row in self.database.rows(sql, (encodable(key),)):
            at = datetime.fromisoformat(row[3])
            late = within_seconds is not None and datetime.now(UTC) - at > timedelta(seconds=within_seconds)
            # A row that is not what was stored names no meeting that may be trusted.
            if is_intact("requests", row) and not late:
                return str(row[2])
        return ""

    def is_deleted(self, key: str) -> bool:
        """Whether the request with this key began a meeting that is not stored any more."""
        sql = f"SELECT {_COLUMNS} FROM requests WHERE key = ?"  # noqa: S608 - the names of our own columns
        rows = list(self.database.rows(sql, (encodable(key),)))
        return bool(rows) and not self.meeting(key)

    def first_meeting(self, keys: Sequence[str]) -> str:
        """The meeting that the first of these requests began that began one, or "".

        Args:
            keys: name the requests, some hundred at most.
        """
        wanted = [encodable(key) for key in keys]
        marks = ", ".join("?" * len(wanted))
        sql = f"SELECT {_COLUMNS} FROM requests WHERE key IN ({marks}) AND meeting IN (SELECT id FROM meetings)"  # noqa: S608
        found = {row[1]: str(row[2]) for row in self.database.rows(sql, wanted) if is_intact("requests", row)}
        return next((found[key] for key in wanted if key in found), "")
