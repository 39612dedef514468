"""The OpenAI-compatible door: ``/v1/models``, ``/v1/chat/completions`` and ``/v1/responses``.

Import from here: ``requests``, ``fields``, ``documents``, ``helper_tasks``, ``responses``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""
