"""``orchestrator serve``: the service, for other programs."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.output import tell
from agents.errors import INTERRUPTED

if TYPE_CHECKING:
    from agents.settings import Settings

TERMINATED = 143
LAST_SECONDS = 7.0
"""How long after a signal the process ends whatever it does; a container engine waits ten seconds."""


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
    who = _who(settings, host, without_token)
    second = settings.ollama_api_port if ollama_port is None else ollama_port
    addresses = [(host, port), *([] if second is None else [(host, second)])]
    if _run(settings, addresses, who) != TERMINATED:
        raise KeyboardInterrupt
    raise typer.Exit(TERMINATED)


def _who(settings: "Settings", host: str, without_token: bool) -> str:
    """Who can use the service, in a sentence; "" for this machine alone.

    Raises:
        UsageError: it would be everybody, and nobody has said that this is meant.
    """
    has_token = bool(settings.api_token or settings.api_tokens)
    if _is_loopback(host):
        return ""
    if not has_token and not without_token:
        from agents.errors import UsageError

        raise UsageError(
            f"{host} is an address for other machines, and there is no token to keep them out.",
            "Set API_TOKEN (`openssl rand -hex 32` makes one), or, where something else keeps others out, "
            "--without-token.",
        )
    return "Everyone with a token can use it." if has_token else "Everybody who can reach this address can use it."


def _run(settings: "Settings", addresses: list[tuple[str, int]], who: str) -> int:
    """Run the service until a signal, after saying who can use it; returns the status of its end. A second signal ends
    it at once.
    """
    import asyncio
    import os
    import signal
    import threading

    from agents.api import server

    loop, stop, ended_by = asyncio.new_event_loop(), asyncio.Event(), list[int]()

    def end(number: int, _frame: Any) -> None:
        if ended_by:
            raise KeyboardInterrupt
        ended_by.append(number)
        # What blocks the loop or a thread must not keep the service from ending: everything said is stored already.
        last = threading.Timer(LAST_SECONDS, os._exit, (TERMINATED if number == signal.SIGTERM else INTERRUPTED,))
        last.daemon = True
        last.start()
        loop.call_soon_threadsafe(stop.set)

    def listening(urls: list[str]) -> None:
        tell(f"Listening on {urls[0]}: {', '.join(server.PATHS)}")
        for url in urls[1:]:
            tell(f"For programs that speak to Ollama: {url}")
        if who:
            tell(who)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        loop.run_until_complete(server.serve(settings, addresses, stop=stop, listening=listening, notice=tell))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()  # does not wait for threads, whose work no one reads any more
    return TERMINATED if ended_by[0] == signal.SIGTERM else INTERRUPTED


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
