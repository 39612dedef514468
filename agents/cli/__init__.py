"""The command line: a thin skin over the orchestrator. One module a noun; only this package prints."""

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

    gc.freeze()
    gc.enable()
    return run_app(arguments)
