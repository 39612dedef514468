"""Ollama's own doings, apart from chat: what is installed, what is loaded, load, fetch, delete.

Plain blocking calls with the standard library, so that a model can begin to load before anything heavy is imported.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeVar

from agents.errors import ModelUnavailable
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import Address, HttpRequest
from agents.model.ollama import errors
from agents.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on the server's disk.

    Attributes:
        name: with its tag, such as "llama3.2:latest".
        size: in bytes.
        parameters: such as "3.2B", or "".
        quantization: such as "Q4_K_M", or "".
        context_tokens: what it was trained for; 0 where the server does not say.
        modified: when it was fetched, as the server writes times.
    """

    name: str
    size: int
    parameters: str
    quantization: str
    context_tokens: int
    modified: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in the server's memory.

    Attributes:
        name: with its tag.
        size: in bytes, its context included.
        on_gpu: how many of them are on a graphics card.
        context_tokens: the context it was loaded with; 0 where the server does not say.
        expires: when it will be unloaded, as the server writes times.
    """

    name: str
    size: int
    on_gpu: int
    context_tokens: int
    expires: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a model is.

    Attributes:
        name: as it was asked for.
        family: its architecture.
        parameters: such as "3.2B".
        quantization: such as "Q4_K_M".
        context_tokens: what it was trained for; 0 if unknown.
        capabilities: such as "completion", "tools", "thinking".
        license: the first line of its license.
    """

    name: str
    family: str
    parameters: str
    quantization: str
    context_tokens: int
    capabilities: tuple[str, ...]
    license: str


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a fetch.

    Attributes:
        status: what is being done.
        digest: the part that is being fetched, or "".
        total: its size in bytes; 0 if it has none.
        completed: how many of them are here.
    """

    status: str
    digest: str = ""
    total: int = 0
    completed: int = 0


class OllamaServer:
    """One Ollama server.

    Args:
        settings: where it listens, and how long to wait for it.
    """

    def __init__(self, settings: Settings) -> None:
        self.address = Address.of(settings.ollama_base_url)
        self.url = self.address.url
        self._connect_timeout = settings.connect_timeout
        self._load_timeout = settings.first_token_timeout
        self._open: set[HttpRequest] = set()

    def version(self, timeout: float = 5.0) -> str:
        """Its version, such as "0.32.15"; also the cheapest sign of life.

        Args:
            timeout: longest wait for it, in seconds.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return str(self._json("GET", "/api/version", timeout=timeout).get("version", ""))

    def installed(self) -> list[Installed]:
        """The models on its disk, newest first.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return [_installed(entry) for entry in self._json("GET", "/api/tags").get("models") or ()]

    def loaded(self) -> list[Loaded]:
        """The models in its memory.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return [
            Loaded(
                entry.get("name", ""),
                entry.get("size", 0),
                entry.get("size_vram", 0),
                entry.get("context_length", 0),
                entry.get("expires_at", ""),
            )
            for entry in self._json("GET", "/api/ps").get("models") or ()
        ]

    def show(self, model: str) -> Details:
        """What a model is.

        Raises:
            ModelUnavailable: it is not there, or the server does not answer.
        """
        found = self._json("POST", "/api/show", {"model": model}, model=model)
        details, info = found.get("details") or {}, found.get("model_info") or {}
        context = next((info[key] for key in info if key.endswith(".context_length")), 0)
        return Details(
            model,
            details.get("family", ""),
            details.get("parameter_size", ""),
            details.get("quantization_level", ""),
            context,
            tuple(found.get("capabilities") or ()),
            (found.get("license") or "").strip().partition("\n")[0].strip(),
        )

    def load(self, model: str, options: dict[str, Any], keep_alive: str | int) -> None:
        """Load a model with the options that all calls to it will have, and wait until it is there.

        Raises:
            ModelUnavailable: it is not there or does not load, or the server does not answer.
            ModelError: the server is too busy to load it.
        """
        body = {"model": model, "stream": False, "keep_alive": keep_alive, "options": options}
        self._json("POST", "/api/generate", body, model=model, timeout=self._load_timeout)

    def delete(self, model: str) -> None:
        """Delete a model from its disk.

        Raises:
            ModelUnavailable: it is not there, or the server does not answer.
        """
        self._json("DELETE", "/api/delete", {"model": model}, model=model)

    def pull(self, model: str) -> Iterator[Progress]:
        """Fetch a model. Parts that are here already are not fetched again; stopping halfway loses nothing.

        Raises:
            ModelUnavailable: it cannot be fetched; the remedy says what to do about it.
        """
        request = self._request(timeout=self._load_timeout)
        done = began = False
        try:
            for status, line in request.lines("POST", "/api/pull", {"model": model, "stream": True}):
                step = _object(line)
                if status != 200 or "error" in step:
                    raise errors.pull_failure(model, errors.message_of(line.decode(errors="replace")))
                done, began = step.get("status") == "success", True
                yield Progress(
                    step.get("status", ""), step.get("digest", ""), step.get("total", 0), step.get("completed", 0)
                )
        except (OSError, HTTPException) as error:
            if began:
                raise errors.pull_interrupted(model, "the connection broke") from error
            raise errors.unreachable(self.url, network_problem(error)) from error
        finally:
            request.close()
            self._open.discard(request)
        if not done:
            raise errors.pull_interrupted(model, "the connection ended before it was complete")

    def give_up(self) -> None:
        """End whatever is being asked, from any thread."""
        for request in list(self._open):
            request.give_up()

    def _request(self, timeout: float) -> HttpRequest:
        request = HttpRequest(self.address, connect_timeout=self._connect_timeout, read_timeout=timeout)
        self._open.add(request)
        return request

    def _json(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, model: str = "", timeout: float = 30.0
    ) -> dict[str, Any]:
        request = self._request(timeout)
        try:
            status, answer = request.ask(method, path, body)
        except (OSError, HTTPException) as error:
            if isinstance(error, TimeoutError) and path == "/api/generate":
                raise _slow_load(model, timeout) from error
            raise errors.unreachable(self.url, network_problem(error)) from error
        finally:
            request.close()
            self._open.discard(request)
        if status == 404 and model and "page not found" not in answer.decode(errors="replace"):
            raise errors.not_installed(model, [entry.name for entry in self.installed()])
        if status != 200:
            raise errors.of_status(status, answer.decode(errors="replace"), model, self.url).error
        found = _object(answer)
        if not found and answer.strip() not in {b"", b"{}"}:
            raise errors.not_ollama(self.url, f"it answers {path} with something else than JSON")
        return found


def same_model(one: str, other: str) -> bool:
    """Whether two names mean one model: "llama3.2" is "llama3.2:latest"."""
    return _tagged(one) == _tagged(other)


def keep_alive(setting: str) -> str | int:
    """The setting as the server takes it: a bare number is one of seconds, and must not be sent as text."""
    try:
        return int(setting)
    except ValueError:
        return setting


def _tagged(name: str) -> str:
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _installed(entry: dict[str, Any]) -> Installed:
    details = entry.get("details") or {}
    return Installed(
        entry.get("name", ""),
        entry.get("size", 0),
        details.get("parameter_size", ""),
        details.get("quantization_level", ""),
        details.get("context_length", 0),
        entry.get("modified_at", ""),
    )


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _slow_load(model: str, seconds: float) -> ModelUnavailable:
    return ModelUnavailable(
        f"Ollama had not loaded {model} after {seconds:g} s.", "Raise FIRST_TOKEN_TIMEOUT, or take a smaller model."
    )
