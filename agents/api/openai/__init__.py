"""The OpenAI-compatible interface: ``/v1/models``, ``/v1/chat/completions`` and ``/v1/responses``. Every answer is made
once by ``runs``, and any number of readers in any form receive it.

Import from here: ``routes``; ``answers``, ``runs``, ``deltas``, ``pacing``, ``sending``, ``models``, ``error_form``;
``requests``, ``fields``, ``chat.base_of``, ``documents``, ``helper_tasks``, ``responses``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from agents.api.service import Service


def routes(service: "Service") -> "list[Route]":
    """The paths of the interface, without ``/v1``."""
    from starlette.routing import Route

    from agents.api.openai import chat, models, responses

    del service  # each request names it
    return [
        Route("/models", models.every_model),
        Route("/models/{id:path}", models.one_model),
        Route("/chat/completions", chat.completions, methods=["POST"]),
        Route("/responses", responses.create, methods=["POST"]),
        Route("/responses/{id:path}", responses.one),
    ]
