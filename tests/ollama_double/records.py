"""Records of the requests, one for each, and what a test can ask about all of them."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Request:
    """One request and its result.

    Attributes:
        number: counted from 1, in order of arrival.
        connection: which TCP connection it came on, counted from 1.
        method, path, headers: as sent; header names in lower case.
        raw: the body's bytes.
        body: the body as JSON; None when there is none or it is not JSON.
        received: when it was read, in seconds since the epoch.
        answered: when the first byte of the answer was sent; None before that.
        finished: when the answer was complete or broke off.
        status: the HTTP status sent; 0 before that.
        prompt: the text given to the model, after truncation.
        dropped: how many messages were silently dropped to make it fit.
        prompt_tokens: tokens of that text.
        evaluated: the tokens that were not in a cache; None for a request that evaluated nothing.
        reply_tokens: tokens generated.
        text: what was generated.
        ended: the ``done_reason`` sent, or "".
        slot: the slot it was worked on in, or None.
        faults: the faults that were applied.
        cancelled: whether the client disconnected before the answer was complete.
    """

    number: int
    connection: int
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes = b""
    body: Any = None
    received: float = 0.0
    answered: float | None = None
    finished: float | None = None
    status: int = 0
    prompt: str = ""
    dropped: int = 0
    prompt_tokens: int = 0
    evaluated: int | None = None
    reply_tokens: int = 0
    text: str = ""
    ended: str = ""
    slot: int | None = None
    faults: list[str] = field(default_factory=list)
    cancelled: bool = False

    def get(self, name: str, default: Any = None) -> Any:
        """A field of the JSON body."""
        return self.body.get(name, default) if isinstance(self.body, dict) else default

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The chat messages sent."""
        sent = self.get("messages")
        return sent if isinstance(sent, list) else []

    @property
    def last_message(self) -> str:
        """The words of the last chat message."""
        return str(self.messages[-1].get("content", "")) if self.messages else ""

    @property
    def num_ctx(self) -> int | None:
        """The ``num_ctx`` sent, or None."""
        options = self.get("options")
        return options.get("num_ctx") if isinstance(options, dict) else None


class Log:
    """All requests, in order of arrival. Reads like a list; safe to read while requests come in."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._records: list[Request] = []

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Request]:
        return iter(tuple(self._records))

    def __getitem__(self, index: int) -> Request:
        return self._records[index]

    def add(self, connection: int, method: str, path: str, headers: dict[str, str]) -> Request:
        """Begin a record."""
        with self._changed:
            record = Request(len(self._records) + 1, connection, method, path, headers, received=time.time())
            self._records.append(record)
            self._changed.notify_all()
            return record

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._records.clear()

    def note(self) -> None:
        """Say that a record changed, for those who wait."""
        with self._changed:
            self._changed.notify_all()

    def wait_until(self, holds: Callable[["Log"], object], seconds: float = 10.0) -> bool:
        """Wait until something holds of the log; False when it still does not after ``seconds``."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds(self):
                if time.monotonic() >= deadline:
                    return False
                self._changed.wait(0.02)
            return True

    def to(self, path: str) -> list[Request]:
        """The requests to one path."""
        return [record for record in self if record.path == path]

    def chats(self) -> list[Request]:
        """The chat requests that ask for words (an empty one only loads the model)."""
        return [record for record in self.to("/api/chat") if record.messages]

    def prompts(self) -> list[str]:
        """The texts the model was given, one a chat."""
        return [record.prompt for record in self.chats() if record.prompt]

    def num_ctxs(self) -> set[int | None]:
        """Every different ``num_ctx`` that requests to a model asked for; None stands for not given."""
        to_models = {"/api/chat", "/api/generate", "/api/embed"}
        return {record.num_ctx for record in self if record.path in to_models}

    def evaluated(self) -> list[int]:
        """Prompt tokens evaluated, one number a chat."""
        return [record.evaluated for record in self.chats() if record.evaluated is not None]

    def cancelled(self) -> list[Request]:
        """The requests whose client disconnected."""
        return [record for record in self if record.cancelled]

    def connections(self) -> set[int]:
        """The TCP connections that requests came on."""
        return {record.connection for record in self}
