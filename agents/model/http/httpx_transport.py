"""HTTP connections to a model server. Importing this module imports httpx."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from agents.model.http.bounds import MOST_ANSWER, MOST_EVENT, MOST_REFUSAL, refuse_compressed, too_long
from agents.model.http.stdlib import Address, tls_context

_ENDS = (b"\n", b"\r")
_EVENT_ENDS = (b"\n\n", b"\n\r\n", b"\r\r")


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
        """Send a request, and remember its response for ``close_response``. The client sees only as much of its body as
        an answer can have.

        Raises:
            Unreadable: the response is compressed; also raised while its body is read, if that is too long.
        """
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        try:
            refuse_compressed(response.headers)
        except Exception:
            await response.aclose()
            raise
        if isinstance(response.stream, httpx.AsyncByteStream):
            events = response.headers.get("content-type", "").startswith("text/event-stream")
            ends = _EVENT_ENDS if events else _ENDS
            response.stream = _Bounded(response.stream, ends, refused=response.status_code >= 300)
        if task := asyncio.current_task():
            self._responses[task] = response
        return response

    async def close_response(self) -> None:
        """Close the response of the current task if it is still open."""
        task = asyncio.current_task()
        response = self._responses.pop(task, None) if task else None
        if response is not None:
            await response.aclose()


class _Bounded(httpx.AsyncByteStream):
    """The body of a response, as long as it is of a size that an answer can have; of a refusal, the beginning.

    Args:
        body: the body.
        ends: what ends a part of it that the client puts together.
        refused: whether it is that of a refusal.
    """

    def __init__(self, body: httpx.AsyncByteStream, ends: tuple[bytes, ...], *, refused: bool) -> None:
        self._body = body
        self._ends = ends
        self._refused = refused

    async def __aiter__(self) -> AsyncIterator[bytes]:
        whole = part = 0
        before = b""
        async for piece in self._body:
            whole += len(piece)
            if self._refused and whole >= MOST_REFUSAL:
                yield piece[: len(piece) - (whole - MOST_REFUSAL)]
                return
            seen = before + piece
            end = max(seen.rfind(end) for end in self._ends)
            part = part + len(piece) if end < 0 else len(seen) - end
            before = piece[-2:]
            if part > MOST_EVENT:
                raise too_long("a line", MOST_EVENT)
            if whole > MOST_ANSWER:
                raise too_long("it", MOST_ANSWER)
            yield piece

    async def aclose(self) -> None:
        """Close the connection, or give it back."""
        await self._body.aclose()
