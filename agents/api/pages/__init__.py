"""The pages of the service for a browser: watch a meeting, take part in it, check every line of its minutes, and start
the next one. The server writes them; without a script they can be read and used, too.

Import from here: ``routes``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from agents.api.service import Service


def routes(service: "Service") -> "list[Route]":
    """The paths of the pages."""
    from agents.api.pages import table

    del service  # each request names it
    return table.routes()
