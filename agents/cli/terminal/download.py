"""Downloads a model and shows the progress: a bar on a terminal, lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agents.cli.terminal.manner import can_repaint
from agents.cli.terminal.output import tell
from agents.cli.terminal.safe_text import one_line
from agents.cli.terminal.tables import clock

if TYPE_CHECKING:
    from agents.model.ollama.server import OllamaServer, Progress

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before an interrupted download is continued; the first pause again after each progress."""

LINES = 10
"""Number of lines for one large part if there is no terminal."""

SMALL = 1_000_000
"""Parts with fewer bytes than this get no line."""

Show = Callable[["Progress"], None]


def fetch(server: "OllamaServer", name: str) -> None:
    """Download a model; after a broken connection it is continued as long as there is progress.

    Raises:
        ModelUnavailable: it cannot be downloaded.
    """
    from agents.model.ollama.errors import PullInterrupted

    pauses, most = iter(PAUSES), 0
    with _shown(name) as show:
        while True:
            try:
                for step in server.pull(name):
                    show(step)
                    if step.completed > most:
                        pauses, most = iter(PAUSES), step.completed
            except PullInterrupted as error:
                pause = next(pauses, None)
                if pause is None or not most:
                    raise
                tell(f"{error.cause} Continuing in {pause:g} s.")
                time.sleep(pause)
            except KeyboardInterrupt:
                tell(f"\nStopped. What was downloaded is kept; continue with: orchestrator models pull {name}")
                raise
            else:
                return


def gigabytes(size: float) -> str:
    """A size in a readable unit."""
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size:.0f} B"


@contextmanager
def _shown(name: str) -> Iterator[Show]:
    if can_repaint():
        with _bars() as show:
            yield show
    else:
        tell(f"Downloading {name} ...")
        yield _Lines(name)


class _Lines:
    """Shows the progress in lines, few enough for a log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._part = ""
        self._next = 0.0
        self._began = 0.0
        self._had = 0

    def __call__(self, step: "Progress") -> None:
        """Show a step, if it gets a line."""
        if not step.digest:
            return
        now = time.monotonic()
        if step.digest != self._part:
            self._part, self._began, self._had, self._next = step.digest, now, step.completed, 1 / LINES
        share = step.completed / step.total if step.total else 0.0
        if step.total < SMALL or share < self._next:
            return
        self._next = (int(share * LINES) + 1) / LINES
        tell(f"{self._name}: {share:.0%}, {step.completed / 1e9:.2f} of {gigabytes(step.total)}{self._pace(step, now)}")

    def _pace(self, step: "Progress", now: float) -> str:
        seconds, came = now - self._began, step.completed - self._had
        if seconds < 0.5 or came <= 0:
            return ""
        left = (step.total - step.completed) * seconds / came
        return f", {gigabytes(came / seconds)}/s" + (f", {clock(left)} left" if left >= 1 else "")


@contextmanager
def _bars() -> Iterator[Show]:
    """One bar for each part: bytes, rate, time left."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bars:
        tasks = {}

        def show(step: "Progress") -> None:
            if not step.digest:
                bars.console.print(one_line(step.status), markup=False, highlight=False)
            elif step.digest not in tasks:
                # Bytes that were there before count as progress, not as speed.
                tasks[step.digest] = bars.add_task(
                    one_line(step.digest).removeprefix("sha256:")[:12], total=step.total, completed=step.completed
                )
            else:
                bars.update(tasks[step.digest], total=step.total, completed=step.completed)

        yield show
