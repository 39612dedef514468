"""The administration API of Ollama: list, load, pull and delete models.

Blocking calls with the standard library.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Any, TypeVar

from agents.errors import ModelUnavailable
from agents.model import given
from agents.model.http.bounds import Unreadable
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
        context_tokens: the context that it was trained for; 0 if the server does not say.
        modified: when it was pulled, in the server's format.
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
        size: in bytes, including the context.
        on_gpu: how many of these bytes are on a graphics card.
        context_tokens: the context that it was loaded with; 0 if the server does not say.
        expires: when it will be unloaded, in the server's format.
    """

    name: str
    size: int
    on_gpu: int
    context_tokens: int
    expires: str


@dataclass(frozen=True, slots=True)
class Details:
    """Facts about a model.

    Attributes:
        name: the name that was asked for.
        family: its architecture.
        parameters: such as "3.2B".
        quantization: such as "Q4_K_M".
        context_tokens: the context that it was trained for; 0 if unknown.
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
    """Progress of a pull.

    Attributes:
        status: what the server does.
        digest: the part that is being pulled, or "".
        total: its size in bytes; 0 if it has none.
        completed: how many of these bytes have arrived.
    """

    status: str
    digest: str = ""
    total: int = 0
    completed: int = 0


class OllamaServer:
    """One Ollama server.

    Args:
        settings: its address and time limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.address = Address.of(settings.ollama_base_url)
        self.url = self.address.url
        self._connect_timeout = settings.connect_timeout
        self._load_timeout = settings.first_token_timeout
        self._open: set[HttpRequest] = set()

    def version(self, timeout: float = 5.0) -> str:
        """Its version, such as "0.32.15"; also the fastest way to see whether it answers.

        Args:
            timeout: longest wait, in seconds.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return given.name(self._json("GET", "/api/version", timeout=timeout).get("version"))

    def installed(self) -> list[Installed]:
        """The models on its disk, newest first.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return [_installed(entry) for entry in given.entries(self._json("GET", "/api/tags").get("models"))]

    def loaded(self) -> list[Loaded]:
        """The models in its memory.

        Raises:
            ModelUnavailable: it does not answer.
        """
        return [
            Loaded(
                given.name(entry.get("name")),
                given.count(entry.get("size")),
                given.count(entry.get("size_vram")),
                given.count(entry.get("context_length")),
                given.name(entry.get("expires_at")),
            )
            for entry in given.entries(self._json("GET", "/api/ps").get("models"))
        ]

    def show(self, model: str) -> Details:
        """Facts about a model.

        Raises:
            ModelUnavailable: the server does not have the model or does not answer.
        """
        found = self._json("POST", "/api/show", {"model": model}, model=model)
        details, info = given.mapping(found.get("details")), given.mapping(found.get("model_info"))
        context = next((info[key] for key in info if key.endswith(".context_length")), 0)
        capabilities = found.get("capabilities")
        return Details(
            model,
            given.name(details.get("family")),
            given.name(details.get("parameter_size")),
            given.name(details.get("quantization_level")),
            given.count(context),
            tuple(filter(None, map(given.name, capabilities))) if isinstance(capabilities, list) else (),
            given.text(found.get("license")).strip().partition("\n")[0].strip(),
        )

    def load(
        self, model: str, options: dict[str, Any], keep_alive: str | int, sent: Callable[[], None] | None = None
    ) -> None:
        """Load a model with the options of all later calls, and wait until it is loaded.

        Args:
            model: its name.
            options: the options.
            keep_alive: how long it stays loaded, as the server accepts it.
            sent: called, in this thread, when the request has been sent.

        Raises:
            ModelUnavailable: the server does not have or cannot load the model, or does not answer.
            ModelError: the server is too busy to load it.
        """
        body = {"model": model, "stream": False, "keep_alive": keep_alive, "options": options}
        self._json("POST", "/api/generate", body, model=model, timeout=self._load_timeout, sent=sent)

    def delete(self, model: str) -> None:
        """Delete a model from the server's disk.

        Raises:
            ModelUnavailable: the server does not have the model or does not answer.
        """
        self._json("DELETE", "/api/delete", {"model": model}, model=model)

    def pull(self, model: str) -> Iterator[Progress]:
        """Pull a model from the registry. Parts that the server has are not pulled again, so a pull can be continued.

        Raises:
            ModelMissing: the registry does not have the model.
            ModelUnavailable: the model cannot be pulled; the remedy says what to do.
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
                    given.name(step.get("status")),
                    given.name(step.get("digest")),
                    given.count(step.get("total")),
                    given.count(step.get("completed")),
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

    def cancel(self) -> None:
        """End all requests immediately; may be called from any thread."""
        for request in list(self._open):
            request.cancel()

    def _request(self, timeout: float, sent: Callable[[], None] | None = None) -> HttpRequest:
        request = HttpRequest(self.address, connect_timeout=self._connect_timeout, read_timeout=timeout, sent=sent)
        self._open.add(request)
        return request

    def _json(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        model: str = "",
        timeout: float = 30.0,
        sent: Callable[[], None] | None = None,
    ) -> Mapping[str, Any]:
        request = self._request(timeout, sent)
        try:
            status, answer = request.ask(method, path, body)
        except Unreadable as error:
            raise errors.not_ollama(self.url, f"its answer to {path} cannot be read, because {error}") from error
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
            raise errors.not_ollama(self.url, f"its answer to {path} is not JSON")
        return found


def same_model(one: str, other: str) -> bool:
    """Whether two names mean the same model: "llama3.2" is "llama3.2:latest"."""
    return _tagged(one) == _tagged(other)


def keep_alive(setting: str) -> str | int:
    """The setting as the server accepts it: a number means seconds and must not be sent as text."""
    try:
        return int(setting)
    except ValueError:
        return setting


def _tagged(name: str) -> str:
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _installed(entry: Mapping[str, Any]) -> Installed:
    details = given.mapping(entry.get("details"))
    return Installed(
        given.name(entry.get("name")),
        given.count(entry.get("size")),
        given.name(details.get("parameter_size")),
        given.name(details.get("quantization_level")),
        given.count(details.get("context_length")),
        given.name(entry.get("modified_at")),
    )


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        return given.mapping(given.parsed(line))
    except ValueError:
        return {}


def _slow_load(model: str, seconds: float) -> ModelUnavailable:
    return ModelUnavailable(
        f"Ollama had not loaded {model} after {seconds:g} s.", "Raise FIRST_TOKEN_TIMEOUT, or use a smaller model."
    )


def installed_values(one: Installed, used: Collection[str]) -> dict[str, Any]:
    """A model on the server's disk as a JSON object.

    Args:
        one: the model.
        used: the names of the models in the settings.

    Example:
        print([installed_values(one, ()) for one in OllamaServer(settings).installed()])
    """
    return {**asdict(one), "in_settings": any(same_model(one.name, name) for name in used)}
