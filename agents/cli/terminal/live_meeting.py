"""The live view of a meeting on a terminal: who has the floor, what is being said, positions, ballots, time left.

What has happened is printed above it, a line each, and stays; the view itself is gone when the meeting ends.
"""

import asyncio
import io
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, TextIO, cast

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.text import Text

from agents.cli.terminal import tables
from agents.cli.terminal.keyboard import Keyboard
from agents.cli.terminal.safe_text import harmless, one_line

if TYPE_CHECKING:
    from agents.cli.terminal.live_state import Board, SeatRow
    from agents.meeting.journal import Event

GAP = 0.125
"""Seconds between two repaints, at the least."""
TICK = 1.0
"""Seconds after which the clock is repainted where nothing else happens."""
MARKS = {"": " ", "asked": ".", "speaks": ">", "spoke": "+", "absent": "x"}
NAME_CELLS = 30
FEW = 8
"""Cells below which words are left out, because nobody could make anything of them."""
NARROW = 76
"""Columns below which the line of progress says the least it can."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""A terminal that knows these shows what stands between them at once; others ignore them."""


class Frames(io.TextIOBase):
    """Stderr, each write to it shown at once.

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
        """Have it shown."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether stderr is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The number of stderr."""
        return self._stream.fileno()


@dataclass(slots=True)
class View:
    """The lines below what has been printed; read anew at every repaint, also at those that a printed line causes."""

    lines: tuple[Text, ...] = ()

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        yield from self.lines


class LiveView:
    """A view of a meeting; use it as a context manager and give ``hear`` to the meeting.

    Args:
        board: what is shown.
        titles: role titles by id, for the lines that stay.
        stream: whether what is being said is shown word by word.

    Attributes:
        frames: counts the repaints.
    """

    def __init__(self, board: "Board", titles: dict[str, str], *, stream: bool = True) -> None:
        self.board = board
        self.titles = titles
        self.stream = stream
        self.frames = Frames(sys.stderr)
        self.console = Console(file=cast("IO[str]", self.frames), highlight=False, markup=False, emoji=False)
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
        """Take the view off the screen."""
        self._hidden = True
        self._view.lines = ()
        self._live.stop()

    def _show(self) -> None:
        """Put it back, below what has been printed meanwhile."""
        self._hidden = False
        self._live = self._new()
        self._live.start()
        self.paint()

    def hear(self, event: "Event") -> None:
        """Take in what happened; it is painted soon, together with what else happens until then."""
        from agents.meeting.journal import Kind

        if event.kind == Kind.TEXT and not self.stream:
            return
        self.board.hear(event)
        line = tables.event_line(event, self.titles)
        if line:
            self._news.append(harmless(line))
        self._paint_within(max(0.0, self._painted + GAP - time.monotonic()))

    def paint(self) -> None:
        """Paint what there is now."""
        if self._hidden:
            return
        self._painted = time.monotonic()
        size = self.console.size
        self._view.lines = tuple(drawn(self.board, size.width, size.height))
        if not self._say_news():
            self._live.refresh()

    def _say_news(self) -> bool:
        """Print what happened above the view, which repaints it; False when nothing did."""
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
    names = min(NAME_CELLS, width // 3, max(len(row.title) for row in order))
    for row in shown:
        yield _fitted(_row(row, names, width), width)
    if len(shown) < len(order):
        yield _fitted(Text(f"  and {len(order) - len(shown)} more", "dim"), width)
    for line in counted(board):
        yield _fitted(Text(line), width)


def progress(board: "Board", width: int) -> str:
    """Phase, bar, calls and time: how far the meeting has come."""
    if width < NARROW:
        rest = "" if board.left is None else f", {tables.clock(board.left)} left"
        return f"{board.phase.replace('_', ' ')} {board.done}/{board.expected}, {tables.clock(board.elapsed)}{rest}"
    step = f"{board.phase.replace('_', ' ')}, step {board.step} of {len(board.steps)}" if board.step else "opening"
    share = board.done / board.expected if board.expected else 0.0
    cells = min(20, width - NARROW)
    bar = f"[{'#' * round(share * cells)}{'.' * (cells - round(share * cells))}] " if cells else ""
    left = board.left
    rest = "" if left is None else f", about {tables.clock(left)} left"
    return f"{step} {bar}{board.done} of about {board.expected}, {tables.clock(board.elapsed)}{rest}"


def counted(board: "Board") -> Iterator[str]:
    """Positions and votes, counted."""
    for name, words in (
        ("Positions", (row.stands for row in board.rows.values())),
        ("Ballots", (row.vote for row in board.rows.values())),
    ):
        tally = _tally(words)
        if tally:
            yield f"{name}: {tally}"


def _row(row: "SeatRow", names: int, width: int) -> Text:
    moved = f"{row.first} -> {row.stands}" if row.first != row.stands else row.stands
    facts = ", ".join(fact for fact in (moved, f"votes {row.vote}" if row.vote else "") if fact)
    head = f"{MARKS[row.state]} {set_cell_size(row.title, names)}" + (f"  {facts}" if facts else "")
    line = Text(head, "bold" if row.state == "speaks" else "")
    if row.words:
        line.append("  " + _end(one_line(row.words), width - 3 - cell_len(head)), "not bold dim")
    return line


def _end(words: str, cells: int) -> str:
    """The newest of what is being said, as much as fits."""
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
