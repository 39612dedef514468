"""HTTP connections to a model's server. Importing this module imports httpx."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from agents.model.http.stdlib import Address, tls_context


class Transport(httpx.AsyncHTTPTransport):
    """Connections to one server; each task's open answer is known, so that it can be closed the moment its call ends.

    Proxies are those of the address, never what the environment says of loopback addresses. TLS is prepared only where
    it is spoken.

    Attributes:
        verify: how certificates are checked; False where no TLS is spoken.
    """

    def __init__(self, address: Address) -> None:
        self.verify: Any = tls_context() if address.secure else False
        super().__init__(verify=self.verify, trust_env=False, proxy=address.proxy or None)
        self._answers: WeakKeyDictionary[asyncio.Task[Any], httpx.Response] = WeakKeyDictionary()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = await super().handle_async_request(request)
        if task := asyncio.current_task():
            self._answers[task] = response
        return response

    async def hang_up(self) -> None:
        """Close the running task's answer, if it is still open."""
        task = asyncio.current_task()
        response = self._answers.pop(task, None) if task else None
        if response is not None:
            await response.aclose()
