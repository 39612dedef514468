"""``orchestrator mcp``: the tools for other programs' models, over standard input and output."""

import sys

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.output import tell


def mcp() -> None:
    """Serve the tools of the meeting room by MCP, on standard input and output.

    The program whose model uses the tools starts it: name it the command orchestrator with the argument mcp there. It
    ends with its input; a meeting that goes on is parked then, and can be resumed. `orchestrator serve` has the same
    tools at /mcp.

    Example: orchestrator mcp
    """
    from agents.api.mcp.extra import missing
    from agents.settings import Settings

    try:
        from agents.api.mcp.stdio import serve
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in ("mcp", "mcp_types"):
            raise missing() from None
        raise
    if sys.stdin.isatty():
        tell("This waits for a program that speaks MCP, which starts it by itself. Ctrl-C ends it.")
    ended_by = serve(Settings.load(**FLAGS), tell)
    if ended_by:
        raise typer.Exit(128 + ended_by)
