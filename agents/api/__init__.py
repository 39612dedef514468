"""The service, for other programs: HTTP on one port, with a door for each protocol. This package has what all doors
share: the server, who may use it, its limits, its health and its numbers. A door is a package of its own, which is
imported at its first request.

Import from here: ``server``, ``healthcheck``, ``mcp``; doors: ``service.Service``, ``access.owner_of``, ``problems``,
``streaming``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""
