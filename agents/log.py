"""The log: one JSON object per line, in files that only this user reads and that never grow without end.

Many processes may write to one log. A line is written in one piece, and a file that is full is renamed to a name
nobody else takes, so that no lock is needed and no line is lost.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from agents.clock import utc_now

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

NAME = "orchestrator.log"

FILE_BYTES = 5_000_000
"""Size at which a file is set aside."""

FILES_KEPT = 5
"""Files set aside that are kept; the oldest go."""

_turns = count()


class Log:
    """Where events are noted; never what was said, unless that was asked for.

    A log that cannot be written is silent: it never stops the work.

    Args:
        folder: where the files are; made, for this user only, with the first line. None notes nothing.
        level: the least serious level that is noted.
        content: whether what was said may be noted.
        file_bytes: size at which a file is set aside.
        files_kept: files set aside that are kept.
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
        """Note one event.

        Args:
            level: DEBUG, INFO, WARNING or ERROR.
            event: what happened, in words that are the same every time.
            said: what people or models said; left out unless the log may hold it.
            **facts: numbers, names and other particulars; None is left out.
        """
        if self.folder is None or LEVELS.index(level) < self.least:
            return
        known = {name: fact for name, fact in facts.items() if fact is not None}
        entry: dict[str, object] = {"at": utc_now(), "level": level, "event": event, "process": os.getpid(), **known}
        if said and self.content:
            entry["said"] = dict(said)
        # ASCII holds everything, half surrogates and line breaks too, in one line.
        with suppress(OSError):
            self._write(self.folder, json.dumps(entry).encode("ascii") + b"\n")

    def _write(self, folder: Path, line: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / NAME
        handle = _opened(path)
        try:
            size = os.fstat(handle).st_size
            if size and size + len(line) > self.file_bytes:
                self._set_aside(path)
                os.close(handle)
                handle = _opened(path)
            os.write(handle, line)
        finally:
            os.close(handle)

    def _set_aside(self, path: Path) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        with suppress(OSError):  # another process was faster
            path.rename(path.with_name(f"orchestrator.{moment}.{os.getpid()}.{next(_turns)}.log"))
        aside = sorted(path.parent.glob("orchestrator.*.log"))
        for old in aside[: max(0, len(aside) - self.files_kept)]:
            old.unlink(missing_ok=True)


SILENT = Log(None)
"""The log that notes nothing."""


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
