"""The command line: it reads options, calls the orchestrator, and prints. No other package prints.

Import from here: ``run``; for another front end that is started from a command, ``context`` and ``terminal``.
Never knows: ``agents.api``, ``agents.serve``, ``sqlite3``.
"""

from collections.abc import Sequence

__all__ = ["run"]


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; every error is one line of cause and one of remedy."""
    import gc

    # What is imported now stays until the end: looking through it for garbage takes a quarter of the time to start.
    gc.disable()
    from agents.cli.terminal.streams import prepare

    prepare()
    from agents.cli.app import run_app
    from agents.cli.terminal import stopping

    gc.freeze()
    gc.enable()
    stopping.end_on_signals()
    status = stopping.status_after(run_app(arguments))
    stopping.leave_signals()
    return status
