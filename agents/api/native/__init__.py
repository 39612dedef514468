"""The API of this program itself, under ``/api``: agents, meetings, actions and memories as JSON, described by OpenAPI.

Import from here: ``app.create``.
Never knows: ``agents.cli``, ``agents.store``, the other interfaces of the service.
"""
