"""The service, for other programs: HTTP on one port, with an interface for each protocol. This package has what all
interfaces share: the server, who may use it, its limits, its health and its numbers. An interface is a package of its
own, which is imported at its first request.

Import from here: ``server``, ``healthcheck``, ``mcp``; in interfaces also ``service.Service``, ``access.owner_of``,
``problems``, ``streaming``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""
