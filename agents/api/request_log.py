"""One answer as the log and the numbers see it: every answer has an id, which is in every line of the log about it."""

import re
import secrets
import sys
import time
import traceback
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from agents.api.metrics import Counts
from agents.log import Log

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STREAMS = ("text/event-stream", "application/x-ndjson")
_MOST_SIGNS = 200
_OURS = str(Path(__file__).parents[1])


class Noted:
    """What is known about one request; ``send`` sends its answer.

    Args:
        scope: the request; its state gets the id.
        send: sends to the client.
        log: gets a line when it is answered.
        counts: counts it.

    Attributes:
        request_id: the id that the client sent, or a new one.
        interface: for whom it was, such as "v1" or "health".
        owner: for whom it is answered; None as long as that is not known.
        headers: headers that are added to the answer.
        started: whether an answer has begun.
    """

    def __init__(self, scope: Scope, send: Send, log: Log, counts: Counts) -> None:
        self._scope = scope
        self._send = send
        self._log = log
        self._counts = counts
        self._began = time.monotonic()
        self._status = 0
        self._streams = False
        given = Headers(scope=scope).get("x-request-id", "")
        self.request_id = given if _ID.fullmatch(given) else new_id()
        self.interface = "other"
        self.owner: str | None = None
        self.headers: dict[str, str] = {}
        self.started = False
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            self._status = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers["X-Request-Id"] = self.request_id
            for name, value in self.headers.items():
                headers[name] = value
            if headers.get("content-type", "").startswith(_STREAMS):
                self._streams = True
                self._counts.streams += 1
            message = {**message, "headers": headers.raw}
        await self._send(message)

    def failed(self) -> None:
        """Log the exception that is handled now: its type and place, without its words, which may be a person's."""
        error = sys.exception()
        frames = traceback.extract_tb(error.__traceback__ if error else None)
        ours = [frame for frame in frames if _OURS in frame.filename] or frames
        where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else None
        self._line("ERROR", "request failed", error=type(error).__name__, where=where)

    def ended(self) -> None:
        """Log and count the answer; it ended, or the client has gone (status 0: before it began)."""
        seconds = time.monotonic() - self._began
        if self._streams:
            self._counts.streams -= 1
        self._counts.answered(self.interface, self._status, seconds)
        level = "DEBUG" if self.interface == "health" else "INFO"
        self._line(level, "request", status=self._status, ms=round(seconds * 1000, 1))

    def _line(
        self,
        level: str,
        event: str,
        *,
        status: int | None = None,
        ms: float | None = None,
        error: str | None = None,
        where: str | None = None,
    ) -> None:
        method, path = self._scope["method"][:_MOST_SIGNS], self._scope["path"][:_MOST_SIGNS]
        self._log.line(
            level,
            event,
            request_id=self.request_id,
            method=method,
            path=path,
            status=status,
            ms=ms,
            owner=self.owner,
            error=error,
            where=where,
        )


def new_id() -> str:
    """A new id for a request."""
    return secrets.token_hex(8)
