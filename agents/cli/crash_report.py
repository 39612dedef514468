"""A report about an unexpected error: the lines it passed, and nothing of any conversation."""

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from agents.cli.checkout import version_words
from agents.private_folder import make_private

_KEPT = 10
"""Number of reports that are kept; the oldest are deleted."""


def write_report(error: BaseException, folder: Path | None) -> Path | None:
    """Write a report that only this user can read, and return its path; None if it cannot be written.

    It contains the classes of the errors and the lines they passed, but no messages, arguments or variables, because
    those may quote documents and answers.

    Args:
        error: what happened.
        folder: where logs are written.
    """
    if folder is None:
        return None
    now = datetime.now(UTC)
    file = folder / f"crash-{now.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
    lines = [f"{version_words()}, Python {platform.python_version()}, {platform.system()} {platform.release()}"]
    lines += [f"at {now.isoformat(timespec='seconds')}", ""]
    for each in _chain(error):
        lines += [*_frames(each.__traceback__), f"{type(each).__module__}.{type(each).__qualname__}", ""]
    try:
        make_private(folder)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("\n".join(lines))
        for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return file


def place_of(error: BaseException) -> str:
    """The last line of our code that the error passed, such as "agents/cli/commands/ask.py:40"."""
    ours = [place for place in _frames(error.__traceback__) if place.startswith("agents/")]
    return (ours or ["a place unknown"])[-1].partition(" ")[0]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, the first cause first."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.insert(0, one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    yield from found


def _frames(trace: TracebackType | None) -> list[str]:
    """File, line and function of every step; our files with their path in the package, others without their folder."""
    package = Path(__file__).resolve().parents[1]
    steps = []
    while trace is not None:
        code = trace.tb_frame.f_code
        file = Path(code.co_filename)
        inside = file.is_relative_to(package)
        shown = f"agents/{file.relative_to(package).as_posix()}" if inside else _outside(file)
        steps.append(f"{shown}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return steps


def _outside(file: Path) -> str:
    """A file that is not ours, below the folder where Python finds it: that part does not contain the user's name."""
    for folder in sorted((entry for entry in sys.path if entry), key=len, reverse=True):
        if file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return file.name
