"""The log: one JSON object per line, in files that only this user can read and that have a size limit.

Many processes may write to one log. A line is written in one call, and a full file is renamed to a unique name, so
that no lock is needed and no line is lost.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from agents.clock import utc_now
from agents.private_folder import make_private

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

NAME = "orchestrator.log"

FILE_BYTES = 5_000_000
"""Size in bytes at which a file is closed and renamed."""

FILES_KEPT = 5
"""Number of renamed files that are kept; older ones are deleted."""

_turns = count()


class Log:
    """Where events are logged; what was said is left out unless the user asked for it.

    A log that cannot be written raises nothing: it never stops the work.

    Args:
        folder: where the files are; created with the first line, readable by this user only. None logs nothing.
        level: the least serious level that is logged.
        content: whether what was said may be logged.
        file_bytes: size at which a file is closed and renamed.
        files_kept: number of renamed files that are kept.
    """

    def __init__(
        self,
        folder: Path | None,
        level: str = "INFO",
        *,
        content: bool = False,
        file_bytes: int = FILE_BYTES,
        files_kept: int = FILES_KEPT,
    ) -> None:
        self.folder = folder
        self.least = LEVELS.index(level)
        self.content = content
        self.file_bytes = file_bytes
        self.files_kept = files_kept

    def line(
        self,
        level: str,
        event: str,
        *,
        said: Mapping[str, str] | None = None,
        **facts: str | float | bool | None,
    ) -> None:
        """Log one event.

        Args:
            level: DEBUG, INFO, WARNING or ERROR.
            event: what happened, always in the same words.
            said: what people or models said; left out unless the log may contain it.
            **facts: numbers, names and other details; None is left out.
        """
        if self.folder is None or LEVELS.index(level) < self.least:
            return
        known = {name: fact for name, fact in facts.items() if fact is not None}
        entry: dict[str, object] = {"at": utc_now(), "level": level, "event": event, "process": os.getpid(), **known}
        if said and self.content:
            entry["said"] = dict(said)
        # In ASCII, everything fits on one line, half surrogates and line breaks too.
        with suppress(OSError):
            self._write(self.folder, json.dumps(entry).encode("ascii") + b"\n")

    def _write(self, folder: Path, line: bytes) -> None:
        make_private(folder)
        path = folder / NAME
        handle = _opened(path)
        try:
            size = os.fstat(handle).st_size
            if size and size + len(line) > self.file_bytes:
                self._rename(path)
                os.close(handle)
                handle = _opened(path)
            os.write(handle, line)
        finally:
            os.close(handle)

    def _rename(self, path: Path) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        with suppress(OSError):  # another process was faster
            path.rename(path.with_name(f"orchestrator.{moment}.{os.getpid()}.{next(_turns)}.log"))
        renamed = sorted(path.parent.glob("orchestrator.*.log"))
        for old in renamed[: max(0, len(renamed) - self.files_kept)]:
            old.unlink(missing_ok=True)


SILENT = Log(None)
"""A log that writes nothing."""


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
