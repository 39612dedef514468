"""``orchestrator serve``: the service that a container runs. No other command starts another front end."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.output import tell

if TYPE_CHECKING:
    from agents.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TERMINATED = 143


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, metavar="PORT", help="The port; 0 for any free one.")
    ] = 8000,
) -> None:
    """Serve /health, /ready and /status as JSON, read only, until SIGTERM or Ctrl-C.

    Example: orchestrator serve --port 8000
    """
    import signal
    import threading

    from agents.api import server
    from agents.settings import Settings

    settings = Settings.load(**FLAGS)
    _open_store(settings)
    stop = threading.Event()
    ended_by: list[int] = []

    def end(number: int, _frame: Any) -> None:
        ended_by.append(number)
        stop.set()

    def listening(url: str) -> None:
        if host not in LOOPBACK:
            who = "Who has the token of API_TOKEN" if settings.api_token else "Everybody who can reach this address"
            tell(f"{who} can read the status; it contains no conversation.")
        tell(f"Listening on {url}: {', '.join(server.PATHS)}")

    before = signal.signal(signal.SIGTERM, end)
    try:
        server.serve(settings, host, port, stop=stop, listening=listening)
    finally:
        signal.signal(signal.SIGTERM, before)
    if ended_by:
        raise typer.Exit(TERMINATED)


def _open_store(settings: "Settings") -> None:
    """Open the histories once, so that the service ends at once, with a remedy, when their folder cannot be written."""
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings, notice=tell) as orchestrator:
        orchestrator.memories.stats()
