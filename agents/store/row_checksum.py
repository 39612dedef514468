"""Seals: a checksum per row, so that a flipped bit is named instead of read as somebody's words."""

import sqlite3
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from agents.store.migrations import SEALED

_BETWEEN = "\x1f"

_FORMS = {table: _BETWEEN.join("%s" for _ in columns.split()) for table, columns in SEALED.items()}


def seal(row: bytes) -> int:
    """The checksum of a row's values; what SQL calls ``seal(...)``."""
    return crc32(row)


def sealed(table: str) -> str:
    """The SQL expression that computes the seal of a row of ``table``; broken text can be sealed, too."""
    columns = (f"coalesce({table}.{name}, 'None')" for name in SEALED[table].split())
    return f"seal(CAST({f' || char({ord(_BETWEEN)}) || '.join(columns)} AS BLOB))"


def sealed_columns(table: str) -> str:
    """What to select for ``is_whole``: the row's number, its columns under seal, its seal."""
    return ", ".join(f"{table}.{name}" for name in ("number", *SEALED[table].split(), "seal"))


def is_whole(table: str, row: tuple[Any, ...]) -> bool:
    """Whether a row read with ``sealed_columns`` is what was stored."""
    return bool(crc32((_FORMS[table] % row[1:-1]).encode("utf-8", "replace")) == row[-1])


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row with its seal; returns its number. Half surrogates, which UTF-8 cannot hold, become "?"."""
    kept = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    kept["seal"] = seal((_FORMS[table] % tuple(kept[name] for name in SEALED[table].split())).encode())
    sql = f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({', '.join('?' * len(kept))})"  # noqa: S608 - our own names
    return connection.execute(sql, tuple(kept.values())).lastrowid or 0


def reseal(connection: sqlite3.Connection, table: str, number: int) -> None:
    """Seal a row again after a change that was meant."""
    connection.execute(f"UPDATE {table} SET seal = {sealed(table)} WHERE number = ?", (number,))  # noqa: S608


def storable(text: str) -> str:
    """The text without half surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
