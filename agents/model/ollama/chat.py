"""Chat calls to an Ollama server, over one connection pool for each event loop.

All models on one server share the pool and its slots.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

from agents.model import given
from agents.model.http.connections import Connections
from agents.model.http.stdlib import Address
from agents.model.odds import FIELDS, first_token, refused
from agents.model.ollama.server import keep_alive
from agents.model.streaming import Piece
from agents.settings import Settings


class Refused(Exception):
    """The server refused a request, or stopped within an answer.

    Attributes:
        error: the server's own words.
        status_code: the HTTP status; -1 for an error within an answer.
    """

    def __init__(self, error: str, status_code: int) -> None:
        super().__init__(error)
        self.error = error
        self.status_code = status_code


class OddsRefused(Refused):
    """The server refused to give log-probabilities; the next attempt does not ask for them."""


class Chat:
    """The connections to one server in one event loop.

    Attributes:
        slots: limits the number of calls at the same time.
        users: how many models use these connections.
    """

    def __init__(self, settings: Settings, address: Address) -> None:
        self.slots = asyncio.Semaphore(settings.parallel)
        self.users = 0
        self._keep_alive = keep_alive(settings.keep_alive)
        self._connections = Connections(address, settings.connect_timeout)

    @classmethod
    def shared(cls, settings: Settings, address: Address) -> "Chat":
        """The connections of the running event loop to a server; call ``release`` when done."""
        chats = _SHARED.setdefault(asyncio.get_running_loop(), {})
        if address.url not in chats:
            chats[address.url] = cls(settings, address)
        chat = chats[address.url]
        chat.users += 1
        return chat

    async def release(self) -> None:
        """Close the connections when their last user is done."""
        self.users -= 1
        if self.users <= 0:
            chats = _SHARED.get(asyncio.get_running_loop(), {})
            for url in [url for url, chat in chats.items() if chat is self]:
                del chats[url]
            await self._connections.close()

    async def stream(
        self,
        model: str,
        said: Sequence[tuple[str, str]],
        options: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
        *,
        odds: bool = False,
    ) -> AsyncGenerator[Piece, None]:
        """Send a prompt and yield the pieces of the answer as they arrive.

        Args:
            model: its name on the server.
            said: author and text of each message.
            options: all options of the call.
            schema: JSON schema of the answer.
            odds: whether to ask for the log-probabilities of the tokens that could be written.

        Raises:
            OddsRefused: the server refuses to give them.
            Refused: the server refuses the request or stops within the answer.
            OSError: the connection failed.
            HTTPException: the answer is not HTTP.
            ValueError: a line of the answer cannot be read.
        """
        # Only options and messages differ between calls: another num_ctx would make the server load the model again.
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": author, "content": text} for author, text in said],
            "stream": True,
            "think": False,
            "truncate": False,
            "keep_alive": self._keep_alive,
            "options": dict(options),
        }
        if schema:
            body["format"] = dict(schema)
        if odds:
            body |= FIELDS
        async with self._connections.post("/api/chat", json.dumps(body).encode()) as response:
            if response.status != HTTPStatus.OK:
                words = _words(await response.refusal())
                about_odds = odds and response.status == HTTPStatus.BAD_REQUEST and refused(words)
                raise (OddsRefused if about_odds else Refused)(words, response.status)
            while line := await response.line():
                if line.strip():
                    yield _piece(given.parsed(line))


def _words(body: bytes) -> str:
    """The words of a refusal: JSON from Ollama, any text from a proxy."""
    text = body.decode("utf-8", "replace")
    try:
        found = given.parsed(text)
    except ValueError:
        return text
    return str(found["error"]) if isinstance(found, dict) and "error" in found else text


def _piece(line: Any) -> Piece:
    if not isinstance(line, dict):
        raise ValueError("a line of the answer is not a JSON object")  # noqa: TRY004 - as for other JSON errors
    if line.get("error"):
        raise Refused(str(line["error"]), -1)
    text = given.text(given.mapping(line.get("message")).get("content"))
    candidates = first_token(line.get("logprobs"))
    if not line.get("done"):
        return Piece(text, candidates=candidates)
    return Piece(
        text,
        ended="length" if line.get("done_reason") == "length" else "stop",
        prompt_tokens=given.count(line.get("prompt_eval_count")),
        reply_tokens=given.count(line.get("eval_count")),
        load_seconds=given.seconds(line.get("load_duration")),
        prompt_seconds=given.seconds(line.get("prompt_eval_duration")),
        reply_seconds=given.seconds(line.get("eval_duration")),
        candidates=candidates,
    )


_SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Chat]] = WeakKeyDictionary()
