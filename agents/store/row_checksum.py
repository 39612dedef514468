"""A checksum for each row, so that a flipped bit is reported instead of shown as what somebody said.

The column of the checksum is called ``seal`` in the database.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from agents.store.migrations import CHECKSUMMED

_BETWEEN = "\x1f"

_FORMS = {table: _BETWEEN.join("%s" for _ in columns.split()) for table, columns in CHECKSUMMED.items()}


def checksum(row: bytes) -> int:
    """The checksum of a row's values; SQL calls the same function as ``checksum(...)``."""
    return crc32(row)


def checksum_sql(table: str) -> str:
    """The SQL expression for the checksum of a row of ``table``; it also works on text that is not UTF-8."""
    columns = (f"coalesce({table}.{name}, 'None')" for name in CHECKSUMMED[table].split())
    return f"checksum(CAST({f' || char({ord(_BETWEEN)}) || '.join(columns)} AS BLOB))"


def checked_columns(table: str) -> str:
    """The columns to select for ``is_intact``: the row's number, the columns its checksum covers, the checksum."""
    return ", ".join(f"{table}.{name}" for name in ("number", *CHECKSUMMED[table].split(), "seal"))


def is_intact(table: str, row: tuple[Any, ...]) -> bool:
    """Whether a row read with ``checked_columns`` is what was stored."""
    return bool(row[-1] == checksum((_FORMS[table] % row[1:-1]).encode("utf-8", "replace")))


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row with its checksum; returns its number. Texts are stored as ``encodable`` returns them."""
    kept = {name: encodable(value) if isinstance(value, str) else value for name, value in row.items()}
    kept["seal"] = checksum((_FORMS[table] % tuple(kept[name] for name in CHECKSUMMED[table].split())).encode())
    sql = f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({', '.join('?' * len(kept))})"  # noqa: S608 - our own names
    return connection.execute(sql, tuple(kept.values())).lastrowid or 0


def update_checksum(connection: sqlite3.Connection, table: str, number: int) -> None:
    """Compute the checksum of a row again after an intended change."""
    connection.execute(f"UPDATE {table} SET seal = {checksum_sql(table)} WHERE number = ?", (number,))  # noqa: S608


def encodable(text: str) -> str:
    """The text with "?" for each half surrogate, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")
