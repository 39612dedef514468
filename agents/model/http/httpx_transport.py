"""HTTP connections to a model server. Importing this module imports httpx."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from agents.model.http.stdlib import Address, tls_context


class Transport(httpx.AsyncHTTPTransport):
    """Connections to one server. The open response of each task is known, so that it can be closed when its call ends.

    The proxy is that of the address; a proxy in the environment is ignored for loopback addresses. TLS is prepared only
    if it is used.

    Attributes:
        verify: how certificates are checked; False without TLS.
    """

    def __init__(self, address: Address) -> None:
        self.verify: Any = tls_context() if address.secure else False
        super().__init__(verify=self.verify, trust_env=False, proxy=address.proxy or None)
        self._responses: WeakKeyDictionary[asyncio.Task[Any], httpx.Response] = WeakKeyDictionary()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and remember its response for ``close_response``."""
        response = await super().handle_async_request(request)
        if task := asyncio.current_task():
            self._responses[task] = response
        return response

    async def close_response(self) -> None:
        """Close the response of the current task if it is still open."""
        task = asyncio.current_task()
        response = self._responses.pop(task, None) if task else None
        if response is not None:
            await response.aclose()
