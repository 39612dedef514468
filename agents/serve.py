"""``orchestrator serve``: the service, for other programs. No other command starts another front end."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.output import tell

if TYPE_CHECKING:
    from agents.settings import Settings

TERMINATED = 143


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, metavar="PORT", help="The port; 0 for any free one.")
    ] = 8000,
    ollama_port: Annotated[
        int | None,
        typer.Option(
            "--ollama-port",
            min=0,
            max=65535,
            metavar="PORT",
            help="A second port, for programs that only speak to Ollama; without it OLLAMA_API_PORT counts.",
            show_default=False,
        ),
    ] = None,
    without_token: Annotated[
        bool,
        typer.Option(
            "--without-token",
            help="Listen beyond this machine without a token, where something else keeps others out.",
        ),
    ] = False,
) -> None:
    """Serve agents and meetings over HTTP, until SIGTERM or Ctrl-C.

    Other programs use them as an OpenAI server (/v1), an Ollama server (/ollama), by MCP (/mcp) and by /api; /health,
    /ready, /status and /metrics say how the service is. With API_TOKEN or API_TOKENS every request needs a token, but
    those to /health and /ready. An address beyond this machine needs a token, or --without-token.

    Example: orchestrator serve --port 8000
    """
    from agents.settings import Settings

    settings = Settings.load(**FLAGS)
    has_token = bool(settings.api_token or settings.api_tokens)
    is_open = not _is_loopback(host)
    if is_open and not has_token and not without_token:
        from agents.errors import UsageError

        cause = f"{host} is an address for other machines, and there is no token to keep them out."
        raise UsageError(cause, "Set API_TOKEN, or listen on 127.0.0.1.", about="no token")
    second = settings.ollama_api_port if ollama_port is None else ollama_port
    addresses = [(host, port), *([] if second is None else [(host, second)])]

    def listening(urls: list[str]) -> None:
        from agents.api.server import PATHS

        if is_open:
            who = "Who has a token" if has_token else "Everybody who can reach this address"
            tell(f"{who} can use the service.")
        tell(f"Listening on {urls[0]}: {', '.join(PATHS)}")
        for url in urls[1:]:
            tell(f"For programs that speak to Ollama: {url}")

    ended_by = _run(settings, addresses, listening)
    import signal

    if ended_by == signal.SIGINT:
        raise KeyboardInterrupt
    raise typer.Exit(TERMINATED)


def _run(settings: "Settings", addresses: list[tuple[str, int]], listening: Any) -> int:
    """Run the service until a signal; returns its number. A second signal ends it at once."""
    import asyncio
    import signal
    from contextlib import suppress

    from agents.api import server

    loop, stop, ended_by = asyncio.new_event_loop(), asyncio.Event(), list[int]()

    def end(number: int, _frame: Any) -> None:
        if ended_by:
            raise KeyboardInterrupt
        ended_by.append(number)
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        loop.run_until_complete(server.serve(settings, addresses, stop=stop, listening=listening, notice=tell))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        with suppress(RuntimeError):
            loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        loop.close()  # does not wait for threads, whose work no one reads any more
    return ended_by[0]


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
