"""What is said to an Ollama server, over one pool of connections for each event loop. Importing this imports httpx.

All models on one server share the pool and its slots. What differs between calls is said per call.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from agents.model.http.httpx_transport import Transport
from agents.model.http.stdlib import Address
from agents.model.ollama.server import keep_alive
from agents.model.streaming import Piece
from agents.settings import Settings

_NANO = 1e-9


class Refused(Exception):
    """The server's own words for why it does not answer, or does not go on.

    Attributes:
        error: its words.
        status_code: the HTTP status; -1 when it broke off an answer it had begun.
    """

    def __init__(self, error: str, status_code: int) -> None:
        super().__init__(error)
        self.error = error
        self.status_code = status_code


class Chat:
    """The connections of one server and event loop.

    Attributes:
        slots: one for each call that may be under way.
        users: how many models use it.
    """

    def __init__(self, settings: Settings, address: Address) -> None:
        headers = {"Authorization": address.authorization} if address.authorization else {}
        self.slots = asyncio.Semaphore(settings.parallel)
        self.users = 0
        self._keep_alive = keep_alive(settings.keep_alive)
        self._wire = Transport(address)
        self._client = httpx.AsyncClient(
            transport=self._wire,
            base_url=address.url,
            headers=headers,
            timeout=httpx.Timeout(None, connect=settings.connect_timeout),  # the other clocks are ours
            trust_env=False,
        )

    @classmethod
    def shared(cls, settings: Settings, address: Address) -> "Chat":
        """The running loop's chat with a server; release it when done."""
        chats = _SHARED.setdefault(asyncio.get_running_loop(), {})
        if address.url not in chats:
            chats[address.url] = cls(settings, address)
        chat = chats[address.url]
        chat.users += 1
        return chat

    async def release(self) -> None:
        """Close the connections when the last user is done."""
        self.users -= 1
        if self.users <= 0:
            chats = _SHARED.get(asyncio.get_running_loop(), {})
            for url in [url for url, chat in chats.items() if chat is self]:
                del chats[url]
            await self._client.aclose()

    async def stream(
        self,
        model: str,
        said: Sequence[tuple[str, str]],
        options: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """Send a prompt and give the answer's pieces as they come.

        Args:
            model: its name on the server.
            said: author and text of each message.
            options: all of the call's options.
            schema: what the answer must follow.

        Raises:
            Refused: the server says why it does not answer.
            httpx.HTTPError: the connection failed.
            ValueError: a line of the answer cannot be read.
        """
        # Only the options and the messages differ between calls; another num_ctx anywhere would reload the model.
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
        async with self._client.stream("POST", "/api/chat", json=body) as response:
            if response.status_code != httpx.codes.OK:
                raise Refused(_words(await response.aread()), response.status_code)
            async for line in response.aiter_lines():
                if line.strip():
                    yield _piece(json.loads(line))


def _words(body: bytes) -> str:
    """What a refusal says: JSON from Ollama, anything from a proxy in between."""
    text = body.decode("utf-8", "replace")
    try:
        return str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return text


def _piece(said: Any) -> Piece:
    if not isinstance(said, dict):
        raise ValueError("a line of the answer is no object")  # noqa: TRY004 - it is what JSON's own errors are
    if said.get("error"):
        raise Refused(str(said["error"]), -1)
    message = said.get("message")
    text = str((message.get("content") if isinstance(message, dict) else "") or "")
    if not said.get("done"):
        return Piece(text)
    return Piece(
        text,
        ended="length" if said.get("done_reason") == "length" else "stop",
        prompt_tokens=said.get("prompt_eval_count") or 0,
        reply_tokens=said.get("eval_count") or 0,
        load_seconds=(said.get("load_duration") or 0) * _NANO,
        prompt_seconds=(said.get("prompt_eval_duration") or 0) * _NANO,
        reply_seconds=(said.get("eval_duration") or 0) * _NANO,
    )


_SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Chat]] = WeakKeyDictionary()
