"""Whether there is anything in a data folder that would be missed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from agents.store import replace

CONTENT_TABLES = ("messages", "summaries", "meetings", "actions")
"""The tables with histories: a backup without a row in any of them is refused."""

_MISSED = (*CONTENT_TABLES, "report_cards")
"""The tables that would be missed: a report card takes long to measure."""


def is_empty(folder: Path) -> bool:
    """Whether a data folder has no histories: no database, its own or an owner's, in which anything was stored yet.

    Nothing in it is changed, also if it cannot be written. What cannot be read counts as histories.
    """
    return not replace.pending(folder) and all(_is_unused(folder / path) for path in replace.databases(folder))


def _is_unused(path: Path) -> bool:
    """Whether nothing was stored in a database yet."""
    log = path.with_name(f"{path.name}-wal")
    ways = ["mode=ro"] if log.exists() else []
    if not ways or not log.stat().st_size:
        ways.append("mode=ro&immutable=1")  # without a log nobody writes, and SQLite leaves nothing beside the file
    for way in ways:
        try:
            return not _has_rows(path, way)
        except sqlite3.Error:
            pass
    return False


def _has_rows(path: Path, way: str) -> bool:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"messages", "meetings"} <= there:
            return True  # not ours, or damaged
        tables = [name for name in _MISSED if name in there]
        return any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in tables)  # noqa: S608
