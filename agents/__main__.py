"""``python -m agents`` and the console script: the command line with its exit codes."""

import _thread
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

_INTERRUPTED = 130
"""``agents.errors.INTERRUPTED``, which may not be loaded yet."""


def _not_lost(ignored: Any) -> None:
    """Press Ctrl-C again where Python drops what it raises, as in a function that is called when an object ends."""
    if ignored.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(ignored)
        return
    _thread.start_new_thread(_press_again, ())


def _press_again() -> None:
    time.sleep(0.01)  # so that it does not arrive in the same place
    _thread.interrupt_main()


def main() -> None:
    """Run the command line and end with its status, at once.

    By then everything is written and closed. A normal shutdown of the interpreter takes some hundredths of a second
    more, and Ctrl-C in that time would make a finished command look like one that was stopped.
    """
    status = _INTERRUPTED
    sys.unraisablehook = _not_lost
    with suppress(KeyboardInterrupt):  # while the program is still being loaded, or twice
        from agents.cli import run

        status = run(sys.argv[1:])
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # its reader has gone, which was reported already
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
