"""The format of minutes and the file they go to: both are checked before a long meeting, not after it."""

import errno
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from agents.cli.terminal.caller_files import is_callers, refuse_unwritable
from agents.cli.terminal.unwritable import unwritable
from agents.errors import UsageError, similar_names
from agents.export import FORMATS

if TYPE_CHECKING:
    from agents.meeting.record import Minutes

MARKDOWN, RECORDS, TRANSCRIPT = "markdown", "adr", "transcript"
"""Formats that commands treat apart: what is printed if none is named, what may go to a folder, what is laid out."""

NAMES = tuple(FORMATS)
"""The formats, by the names that users write."""

ENDINGS = {
    ".adr.md": "adr",
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "chained",
    ".csv": "csv",
    ".ics": "ics",
    ".txt": TRANSCRIPT,
}
"""The format that the ending of a file's name chooses; the longest ending counts."""


def format_of(named: str, output: Path | None) -> str:
    """The format of minutes: the one that is named, else the one of the file's ending; "" where neither says anything.

    Args:
        named: what the user wrote for ``--format``, a name or an ending; "" for nothing.
        output: the file, or None.

    Raises:
        UsageError: there is no such format, or no format has this ending.
    """
    if named:
        return _by_name(named)
    name = output.name.lower() if output else ""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.endswith(ending):
            return ENDINGS[ending]
    ending = Path(name).suffix
    if ending:
        raise UsageError(
            f"No format of minutes has the ending {ending}.",
            f"Use one of {', '.join(ENDINGS)}, or name a format: --format {MARKDOWN}.",
        )
    return ""


def _by_name(named: str) -> str:
    wanted = named.strip().lower().replace("-", "_")
    found = wanted if wanted in FORMATS else ENDINGS.get(f".{wanted.lstrip('.')}", "")
    if not found:
        near = similar_names(wanted, FORMATS)
        hint = f"Did you mean {', '.join(near)}? " if near else ""
        raise UsageError(f"There is no format {named!r} for minutes.", f"{hint}Choose one of: {', '.join(NAMES)}.")
    return found


def new_records(folder: Path, minutes: "Minutes") -> list[tuple[Path, str]]:
    """The decision records of a meeting as new files of a folder, numbered after those that are there, such as
    ``docs/decisions/0007-build-it-move-to-redis.md``: the files and their texts.
    """
    from agents.export.adr import decided, one_adr

    taken = [int(name[0]) for one in folder.iterdir() if (name := re.match(r"[0-9]{1,6}(?=-)", one.name))]
    records = (one_adr(minutes, topic, max(taken, default=0) + n) for n, topic in enumerate(decided(minutes), 1))
    return [(folder / name, text) for name, text in records]


def refuse_folder(output: Path | None, form: str = "") -> None:
    """Check before a long meeting, not after it, that its minutes can be written. Decision records may go to a folder.

    Raises:
        SpaceError: the file cannot be written there.
    """
    if output is None:
        return
    try:
        with suppress(ValueError):  # a name that the system does not accept fails when the file is written
            _check(output, form)
    except OSError as error:
        raise unwritable(output, error) from None


def _check(output: Path, form: str) -> None:
    """Check that minutes can be written to a file.

    Raises:
        OSError: they cannot.
    """
    callers = is_callers(output)
    if refuse_unwritable(output) if callers else output.is_dir():
        if form != RECORDS:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    elif not callers:
        if not output.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if not os.access(output if output.exists() else output.parent, os.W_OK):
            raise OSError(errno.EROFS if _is_read_only(output.parent) else errno.EACCES, "")


def _is_read_only(folder: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
