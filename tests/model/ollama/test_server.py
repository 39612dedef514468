"""What is asked of an Ollama server beside chat: lists, details, fetching, deleting."""

import threading

import pytest

from agents.errors import ModelMissing, ModelUnavailable
from agents.model.ollama import errors
from agents.model.ollama.server import OllamaServer, Progress, same_model
from tests.model.talking import settings_for
from tests.ollama_double import Log, OllamaDouble, faults


@pytest.fixture
def server(ollama: OllamaDouble) -> OllamaServer:
    """The gateway to the double."""
    assert ollama.url
    return OllamaServer(settings_for())


def test_version(server: OllamaServer) -> None:
    """The version is the server's own."""
    assert server.version() == "0.32.15"


def test_installed(server: OllamaServer, ollama: OllamaDouble) -> None:
    """The list of models has their names, sizes and kinds, newest first."""
    ollama.add("qwen3:4b")
    models = server.installed()
    assert {model.name for model in models} == {"llama3.2:latest", "qwen3:4b"}
    llama = next(model for model in models if model.name == "llama3.2:latest")
    assert (llama.size, llama.parameters, llama.quantization) == (2019393189, "3.2B", "Q4_K_M")
    assert llama.context_tokens == 131072
    assert models == sorted(models, key=lambda model: model.modified, reverse=True)


def test_loaded(server: OllamaServer) -> None:
    """What is loaded is listed with the context it has; nothing is before the first load."""
    assert server.loaded() == []
    server.load("llama3.2", {"num_ctx": 4096}, "5m")
    (loaded,) = server.loaded()
    assert (loaded.name, loaded.context_tokens, loaded.on_gpu) == ("llama3.2:latest", 4096, 0)
    server.delete("llama3.2")
    assert server.loaded() == []


def test_show(server: OllamaServer) -> None:
    """A model's details name its kind, its context, what it can do and its license."""
    details = server.show("llama3.2")
    assert (details.family, details.parameters, details.context_tokens) == ("llama", "3.2B", 131072)
    assert details.capabilities == ("completion", "tools")
    assert details.license == "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT"


def test_delete(server: OllamaServer) -> None:
    """A deleted model is gone from the list; a second time it is not there."""
    server.delete("llama3.2")
    assert server.installed() == []
    with pytest.raises(ModelMissing, match="not on this Ollama"):
        server.delete("llama3.2")


def test_unknown_model(server: OllamaServer) -> None:
    """A mistyped name is answered with the installed one it is like."""
    with pytest.raises(ModelMissing, match=r"The model lama3\.2 is not on this Ollama") as raised:
        server.show("lama3.2")
    assert "Similar and installed: llama3.2." in raised.value.remedy


def test_pull(server: OllamaServer, ollama: OllamaDouble) -> None:
    """A fetch tells how much of which part is here, never less than before, and ends with the model installed."""
    steps = list(server.pull("qwen3:4b"))
    assert steps[0] == Progress("pulling manifest")
    assert steps[-1].status == "success"
    parts = [step for step in steps if step.digest == steps[1].digest]
    assert [step.completed for step in parts] == sorted(step.completed for step in parts)
    assert parts[-1].completed == parts[-1].total == ollama.pull_bytes
    assert ollama.library.find("qwen3:4b")


def test_pull_of_nothing(server: OllamaServer) -> None:
    """A name the registry does not have is said to be one."""
    with pytest.raises(ModelMissing, match="The registry has no model nothing-like-it") as raised:
        list(server.pull("nothing-like-it"))
    assert "ollama.com/library" in raised.value.remedy


def test_pull_goes_on(server: OllamaServer, ollama: OllamaDouble) -> None:
    """A cancelled pull continues where it stopped, and the server sees that the client has gone."""
    ollama.pull_step_seconds = 0.02
    steps = server.pull("qwen3:4b")
    for step in steps:
        if step.completed:
            break
    steps.close()  # type: ignore[attr-defined]
    assert ollama.requests.wait_until(Log.cancelled)
    before = max(ollama.blobs.values())
    again = [step for step in server.pull("qwen3:4b") if step.digest]
    assert again[0].completed >= before > 0


def test_cancel(server: OllamaServer, ollama: OllamaDouble) -> None:
    """What is being asked can be given up from another thread."""
    ollama.inject(faults.slow_load())
    said = list[str]()

    def load() -> None:
        try:
            server.load("llama3.2", {"num_ctx": 4096}, "5m")
        except ModelUnavailable as error:
            said.append(error.cause)

    thread = threading.Thread(target=load)
    thread.start()
    assert ollama.requests.wait_until(len)
    server.cancel()
    thread.join(5)
    assert not thread.is_alive()
    assert "the connection broke" in said[0]


def test_pull_that_breaks(server: OllamaServer, ollama: OllamaDouble) -> None:
    """A connection that breaks within a pull is an error, not a success."""
    ollama.inject(faults.reset(after=2, path="/api/pull"))
    with pytest.raises(ModelUnavailable, match="connection broke"):
        list(server.pull("qwen3:4b"))


@pytest.mark.parametrize(
    ("message", "cause", "remedy"),
    [
        ("open /root/.ollama/models/blobs/x: no space left on device", "disk is full", "Free space"),
        (
            "pull model manifest: Get https://r: tls: failed to verify certificate: x509: unknown",
            "certificate",
            "update-ca",
        ),
        ("proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused", "proxy", "HTTPS_PROXY"),
        (
            "pull model manifest: Get https://r: dial tcp: lookup r: no such host",
            "cannot reach the registry",
            "copy the files of the model",
        ),
        (
            "pull model manifest: 412: this model requires a newer version of Ollama",
            "newer version of Ollama",
            "Update",
        ),
        ("max retries exceeded: EOF", "could not be pulled", "the pull continues there"),
    ],
)
def test_pull_failures(message: str, cause: str, remedy: str, ollama: OllamaDouble, server: OllamaServer) -> None:
    """Each way in which a fetch fails has its own remedy."""
    ollama.inject(faults.error_in_stream(after=1, text=message, path="/api/pull"))
    with pytest.raises(ModelUnavailable) as raised:
        list(server.pull("qwen3:4b"))
    assert cause in raised.value.cause
    assert remedy in raised.value.remedy


def test_tls_where_none_is_spoken(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """An https address of a server without TLS has another error than a server that is down."""
    monkeypatch.setenv("OLLAMA_BASE_URL", ollama.url.replace("http:", "https:"))
    with pytest.raises(ModelUnavailable, match="TLS") as raised:
        OllamaServer(settings_for()).version()
    assert "SSL_CERT_FILE" in raised.value.remedy


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("llama3.2", "llama3.2:latest", True),
        ("qwen3:4b", "qwen3:8b", False),
        ("hf.co:443/me/model", "hf.co:443/me/model:latest", True),
    ],
)
def test_same_model(one: str, other: str, same: bool) -> None:
    """A name without a tag means the latest; a port is not a tag."""
    assert same_model(one, other) is same


def test_message_of_plain_text() -> None:
    """An error body that is not JSON is its own message."""
    assert errors.message_of("404 page not found") == "404 page not found"
    assert errors.message_of('{"error":"busy"}') == "busy"
    assert errors.message_of("{broken") == "{broken"
