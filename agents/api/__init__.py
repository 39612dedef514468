"""The service: HTTP on one port, read only. ``/health`` says that the process runs, ``/ready`` that it can work, and
``/status`` what it has and does.

Import from here: ``server``, ``healthcheck``, ``mcp``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""
