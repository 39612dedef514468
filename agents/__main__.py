"""``python -m agents`` and the console script: the command line with its exit codes."""

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Run the command line and end with its status, at once.

    By then everything is written and closed. A normal shutdown of the interpreter takes some hundredths of a second
    more, and Ctrl-C in that time would make a finished command look like one that was stopped.
    """
    from agents.cli import run
    from agents.errors import INTERRUPTED

    try:
        status = run(sys.argv[1:])
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        status = INTERRUPTED
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # its reader has gone, which was reported already
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
