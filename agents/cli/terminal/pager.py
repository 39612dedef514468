"""Shows long text one screen at a time, with the program that ``PAGER`` names, as Git does.

Only on a terminal, and only text that is longer than the screen. With ``PAGER=cat``, an empty ``PAGER``, plain output
or ``TERM=dumb`` there is no pager. Text that a pager could not show is printed.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from agents.cli.terminal.manner import has_colour, is_capable
from agents.cli.terminal.output import only_colours, say, say_painted, visible
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.stream_wrap import cells

LESS = "FRX"
"""The options of less where ``LESS`` gives none: print what fits, pass colours, leave the text on the screen."""
KNOWN = ("less", "more")
"""The pagers that are looked for where ``PAGER`` is not set, the better one first."""


def say_long(text: str, *, colours: bool = False) -> None:
    """Write data to stdout, through a pager if it is longer than the screen.

    Args:
        text: the text; what commands a terminal is removed.
        colours: whether this program has painted it, so that the codes of colours stay (``output.say_painted``).
    """
    text = text.removesuffix("\n")
    shown = only_colours(text) if colours else harmless(text)
    command = _pager() if is_capable(sys.stdout) and _rows(visible(shown)) >= shutil.get_terminal_size().lines else []
    if command and _paged(command, shown):
        return
    (say_painted if colours else say)(text)


def _pager() -> list[str]:
    """The program and its arguments; none for no pager."""
    named = os.environ.get("PAGER")
    if named is None:
        return [found for one in KNOWN if (found := shutil.which(one))][:1]
    with suppress(ValueError):  # a quotation without an end
        words = shlex.split(named, posix=os.name != "nt")
        return [] if words in ([], ["cat"]) else words
    return []


def _rows(text: str) -> int:
    """The number of rows that a text takes on the screen."""
    width = max(1, shutil.get_terminal_size().columns)
    return sum(max(1, -(-cells(line) // width)) for line in text.split("\n"))


def _paged(command: list[str], text: str) -> bool:
    """Show a text with a pager; returns False if it failed, so that the text must be printed."""
    if _is_less(command) and "\x1b" in text and has_colour(sys.stdout):
        command = [*command, "-R"]  # a LESS of the user's own may not have it
    sys.stdout.flush()
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": LESS, "LV": "-c", **os.environ})  # noqa: S603 - the user's own choice
    except OSError:
        return False
    with _without_interrupts():
        with suppress(OSError):  # it was left before the end of the text, or has failed
            pager.communicate(f"{text}\n".encode("utf-8", "replace"))
        return pager.wait() == 0


def _is_less(command: list[str]) -> bool:
    return os.path.basename(command[0]).removesuffix(".exe") == "less"  # noqa: PTH119 - also of a bare name


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C is the pager's: there it stops a search or leaves."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
