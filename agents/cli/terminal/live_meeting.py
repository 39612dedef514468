"""The live view of a meeting on a terminal: who is asked, the answers that arrive, positions, ballots, time left.

What has happened is printed above it, a line each, and stays; the view itself is gone when the meeting ends.
"""

import asyncio
import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, TextIO, cast

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.text import Text

from agents.cli.terminal import tables
from agents.cli.terminal.event_lines import SHORT, EventLines
from agents.cli.terminal.keyboard import Keyboard
from agents.cli.terminal.safe_text import harmless, one_line
from agents.meeting.phases import phase_name

if TYPE_CHECKING:
    from agents.meeting.journal import Event
    from agents.meeting.progress import Board, SeatRow

GAP = 0.125
"""The minimum number of seconds between two repaints."""
TICK = 1.0
"""Seconds after which the clock is repainted if nothing else happens."""
MARKS = {"": " ", "asked": ".", "speaks": ">", "spoke": "+", "absent": "x"}
NAME_CELLS = 30
FEW = 8
"""Fewest cells in which words are shown; less is not readable."""
NARROW = 76
"""Fewest columns in which the line of progress is shown in full."""
FACTS = 15
"""Columns that a narrow terminal keeps beside a name, for its position or for words."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""Terminals that support synchronized output show what is between these in one step; others ignore them."""


class Frames(io.TextIOBase):
    """Stderr, where each write is shown in one step.

    Attributes:
        painted: how many writes there were.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.painted = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of stderr."""
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Write one frame."""
        self.painted += 1
        return self._stream.write(f"{BEGIN}{text}{END}" if text else "")

    def flush(self) -> None:
        """Flush stderr."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether stderr is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The file descriptor of stderr."""
        return self._stream.fileno()


@dataclass(slots=True)
class View:
    """The lines below the printed ones. They are read again at every repaint, also when a printed line causes it."""

    lines: tuple[Text, ...] = ()

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        yield from self.lines


class LiveView:
    """A view of a meeting; use it as a context manager and give ``update`` to the meeting as its listener.

    Args:
        board: what is shown.
        titles: role titles by id, for the lines that stay.
        stream: whether what is being said is shown word by word.

    Attributes:
        frames: counts the repaints.
    """

    def __init__(self, board: "Board", titles: dict[str, str], *, stream: bool = True) -> None:
        self.board = board
        self.stream = stream
        self.frames = Frames(sys.stderr)
        self.console = Console(file=cast("IO[str]", self.frames), highlight=False, markup=False, emoji=False)
        self._lines = EventLines(titles, board.spec, lambda: self.console.size.width)
        self._view = View()
        self._live = self._new()
        self._keyboard = Keyboard(self._hide, self._show)
        self._hidden = False
        self._news: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._painted = 0.0

    def __enter__(self) -> Self:
        self._keyboard.take()
        self._live.start()
        self.paint()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        try:
            self._say_news()
        finally:
            self._hide()
            self._keyboard.let_go()

    def _new(self) -> Live:
        return Live(
            get_renderable=self._now, console=self.console, auto_refresh=False, transient=True, vertical_overflow="crop"
        )

    def _now(self) -> RenderableType:
        return self._view

    def _hide(self) -> None:
        """Remove the view from the screen."""
        self._hidden = True
        self._view.lines = ()
        self._live.stop()

    def _show(self) -> None:
        """Show the view again, below what was printed meanwhile."""
        self._hidden = False
        self._live = self._new()
        self._live.start()
        self.paint()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Remove the view while a person types; it stays away where the meeting is stopped meanwhile."""
        self._say_news()
        self._hide()
        self._keyboard.let_go()
        yield
        self._keyboard.take()
        self._show()

    def update(self, event: "Event") -> None:
        """Take in an event; it is painted soon, together with the events until then."""
        from agents.meeting.journal import Kind

        if event.kind == Kind.TEXT and not self.stream:
            return
        self.board.update(event)
        line = self._lines.lines(event)
        if line:
            self._news.append(harmless(line))
        self._paint_within(max(0.0, self._painted + GAP - time.monotonic()))

    def paint(self) -> None:
        """Paint the current state."""
        if self._hidden:
            return
        self._painted = time.monotonic()
        size = self.console.size
        self._view.lines = tuple(drawn(self.board, size.width, size.height))
        if not self._say_news():
            self._live.refresh()

    def _say_news(self) -> bool:
        """Print new lines above the view, which repaints it; returns False if there are none."""
        news, self._news = self._news, []
        if news:
            self.console.print(Text("\n".join(news)))
        return bool(news)

    def _paint_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            if self._timer.when() <= loop.time() + seconds:
                return
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.paint()
        self._paint_within(TICK)


def drawn(board: "Board", width: int, height: int) -> Iterator[Text]:
    """The view's lines: at most ``height`` - 2 of them, each at most ``width`` - 1 cells wide."""
    spec = board.spec
    topics = f"topic {board.topic} of {len(spec.topics)}: " if len(spec.topics) > 1 and board.topic else ""
    text = spec.topics[max(0, board.topic - 1)].text
    yield _fitted(Text.assemble("", (f"{one_line(spec.kind.title)}, ", "bold"), topics + one_line(text)), width)
    yield _fitted(Text(progress(board, width)), width)
    room = max(1, height - 2 - 4)
    order = sorted(board.rows.values(), key=lambda row: row.state != "speaks")
    shown = list(board.rows.values()) if len(order) <= room else order[: room - 1]
    widest = width - FACTS if width < NARROW else width // 3
    names = max(FEW, min(NAME_CELLS, widest, max(len(row.title) for row in order)))
    for row in shown:
        yield _fitted(_row(row, names, width), width)
    if len(shown) < len(order):
        yield _fitted(Text(f"  and {len(order) - len(shown)} more", "dim"), width)
    for line in counted(board):
        yield _fitted(Text(line), width)


def progress(board: "Board", width: int) -> str:
    """The line of progress: phase, bar, calls and time."""
    if width < NARROW:
        rest = "" if board.left is None else f", {tables.clock(board.left)} left"
        phase = phase_name(board.phase) or "opening"
        return f"{phase} {board.done}/{board.expected}, {tables.clock(board.elapsed)}{rest}"
    step = f"{phase_name(board.phase)}, step {board.step} of {len(board.steps)}" if board.step else "opening"
    share = board.done / board.expected if board.expected else 0.0
    cells = min(20, width - NARROW)
    bar = f"[{'#' * round(share * cells)}{'.' * (cells - round(share * cells))}] " if cells else ""
    left = board.left
    rest = "" if left is None else f", about {tables.clock(left)} left"
    return f"{step} {bar}{board.done} of about {board.expected}, {tables.clock(board.elapsed)}{rest}"


def counted(board: "Board") -> Iterator[str]:
    """The counts of positions and votes."""
    for name, words in (
        ("Positions", (row.last for row in board.rows.values())),
        ("Ballots", (row.vote for row in board.rows.values())),
    ):
        tally = _tally(words)
        if tally:
            yield f"{name}: {tally}"


def _row(row: "SeatRow", names: int, width: int) -> Text:
    first, last = (SHORT.get(one, one) if width < NARROW else one for one in (row.first, row.last))
    moved = f"{first} -> {last}" if first != last else last
    facts = ", ".join(fact for fact in (moved, f"votes {row.vote}" if row.vote else "") if fact)
    head = f"{MARKS[row.state]} {set_cell_size(row.title, names)}" + (f"  {facts}" if facts else "")
    line = Text(head, "bold" if row.state == "speaks" else "")
    if row.words:
        line.append("  " + _end(one_line(row.words), width - 3 - cell_len(head)), "not bold dim")
    return line


def _end(words: str, cells: int) -> str:
    """The end of an answer that arrives, as much as fits."""
    if cells < FEW or cell_len(words) <= cells:
        return words if cells >= FEW else ""
    kept = words[4 - cells :]
    while cell_len(kept) > cells - 4:
        kept = kept[1:]
    return f"... {kept}"


def _fitted(line: Text, width: int) -> Text:
    line.no_wrap = True
    line.truncate(max(1, width - 1), overflow="ellipsis")
    return line


def _tally(words: Iterator[str]) -> str:
    counts: dict[str, int] = {}
    for word in words:
        if word:
            counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{word} {count}" for word, count in sorted(counts.items(), key=lambda pair: -pair[1]))
