"""Whose histories a request is about: the owner of its token."""

from typing import Annotated

from fastapi import Depends, Query, Request

from agents.api.access import owner_of
from agents.api.service import Service
from agents.orchestrator.background.owners import Owner


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


async def _owner(request: Request) -> Owner:
    service: Service = request.app.state.service
    return service.owners.get(owner_of(request.scope))


# Plain functions would run in threads, and an orchestrator belongs to the thread of the loop.
TheService = Annotated[Service, Depends(_service)]
"""The service that answers."""
Mine = Annotated[Owner, Depends(_owner)]
"""The histories and meetings of the one who asks."""

Limit = Annotated[int, Query(ge=1, le=1000, description="The most entries of the answer.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many entries are left out before the first one.")]
