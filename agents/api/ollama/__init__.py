"""The Ollama-compatible interface: programs that only speak to Ollama ask agents, panels and meetings through it.

Import from here: ``routes``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from agents.api.service import Service


def routes(service: "Service") -> "list[Route]":
    """The paths of the interface, without the prefix under which it is mounted."""
    from starlette.routing import Route

    from agents.api.ollama import chat, models

    del service  # each request names it
    return [
        Route("/", models.running, methods=["GET", "HEAD"]),
        Route("/api/version", models.version, methods=["GET", "HEAD"]),
        Route("/api/tags", models.tags, methods=["GET", "HEAD"]),
        Route("/api/ps", models.loaded, methods=["GET"]),
        Route("/api/show", models.show, methods=["POST"]),
        Route("/api/chat", chat.chat, methods=["POST"]),
        Route("/api/generate", chat.generate, methods=["POST"]),
    ]
