"""``orchestrator mcp``: the tools for other programs' models, over standard input and output."""

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.output import tell


def mcp() -> None:
    """Serve the tools of the meeting room by MCP, on standard input and output.

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
    ended_by = serve(Settings.load(**FLAGS), tell)
    if ended_by:
        raise typer.Exit(128 + ended_by)
