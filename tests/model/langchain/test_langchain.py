"""Models through LangChain: an OpenAI-compatible server on a real socket, and GGUF files."""

import asyncio
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable, OrchestratorError, UsageError
from agents.model import Model, Prompt, open_model
from tests.model.ollama.forwarder import Forwarder
from tests.model.talking import QUICK, VOTE, ask, settings_for, spoken, with_model
from tests.ollama_double import OllamaDouble
from tests.openai_double import Fault, OpenAIDouble

NAME = "langchain:openai:qwen3"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIDouble]:
    """An OpenAI-compatible server that LLM_BASE_URL points to."""
    with OpenAIDouble() as double:
        monkeypatch.setenv("LLM_BASE_URL", double.url)
        yield double


def test_reply(server: OpenAIDouble) -> None:
    """A reply carries the words, their pieces, and the server's counts, those of its cache included."""
    server.cached = 10
    heard = list[str]()
    (reply,) = ask(spoken("It is slow."), NAME, on_text=heard.append)
    assert reply.text == "".join(heard)
    assert len(heard) > 1
    assert (reply.model, reply.ended) == (NAME, "stop")
    assert reply.prompt_tokens > 10
    assert reply.evaluated_tokens == reply.prompt_tokens - 10
    assert reply.reply_tokens == len(heard)


def test_what_is_sent(server: OpenAIDouble) -> None:
    """Each call contains length, temperature, seed and schema, and the messages as they are rendered."""
    prompt = spoken("It is slow.", schema=VOTE, temperature=0.0, max_tokens=77)
    (reply,) = ask(prompt, NAME, seed=7)
    (body,) = server.requests
    assert [(message["role"], message["content"]) for message in body["messages"]] == [
        (message.author, message.text) for message in prompt.messages()
    ]
    assert (body["max_tokens"], body["max_completion_tokens"], body["temperature"], body["seed"]) == (77, 77, 0.0, 7)
    assert body["response_format"]["json_schema"]["schema"] == VOTE
    assert body["stream"] is True
    assert reply.parsed == {"vote": "support"}


def test_key(server: OpenAIDouble) -> None:
    """The key of the settings is sent."""
    ask(spoken(), NAME, llm_api_key="sesame")
    assert server.keys == ["Bearer sesame"]


def test_tracing_is_off(server: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stray variable cannot send what is said to a tracing service."""
    with OpenAIDouble() as spy:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        for name in ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_API_KEY", "LANGCHAIN_ENDPOINT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", spy.url)
        ask(spoken("secret"), NAME)
        assert len(server.requests) == 1
        assert not spy.requests
        assert (os.environ["LANGSMITH_TRACING"], os.environ.get("LANGSMITH_API_KEY")) == ("false", None)


def test_slots(server: OpenAIDouble) -> None:
    """Many calls at the same time are all answered, with never more in progress than PARALLEL."""
    server.pause = 0.05

    async def use(model: Model) -> list[str]:
        replies = await asyncio.gather(*(model.reply(Prompt(f"I am {number}")) for number in range(6)))
        return [reply.text for reply in replies]

    assert with_model(use, NAME, parallel=2) == [f"You asked: I am {number}" for number in range(6)]
    assert server.most_in_flight == 2


def refusal(status: int, text: str, times: int = 1) -> Callable[[], Fault]:
    """A server that refuses."""
    return lambda: Fault("status", status, text, times=times)


FAULTS: dict[str, tuple[Callable[[], Fault], type[OrchestratorError], str, str, int]] = {
    "key": (refusal(401, "bad key"), ModelUnavailable, "refuses the key", "LLM_API_KEY", 1),
    "model": (refusal(404, "no such model"), ModelUnavailable, "no such model", "LLM_BASE_URL", 1),
    "context": (
        refusal(400, "This model's maximum context length is 4096 tokens"), ContextOverflow, "context", "NUM_CTX", 1
    ),
    "request": (refusal(422, "temperature is too high"), ModelError, "(422)", "", 1),
    "quota": (refusal(429, "You exceeded your quota"), ModelUnavailable, "no credit left", "Add credit", 1),
    "busy for ever": (refusal(503, "overloaded", 9), ModelError, "busy", "PARALLEL", 4),
    "too many": (refusal(429, "slow down", 9), ModelError, "busy", "PARALLEL", 4),
    "broken twice": (refusal(500, "out of memory", 2), ModelError, "out of memory", "log", 2),
    "reset twice": (lambda: Fault("reset", times=2), ModelError, "connection", "restart", 2),
    "reset within": (lambda: Fault("reset", after=2), ModelError, "connection", "restart", 1),
    "endless": (lambda: Fault("endless"), ModelError, "stopped before its answer ended", "log", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str, server: OpenAIDouble) -> None:
    """A fault becomes one line of cause and one of remedy, and the model answers the next prompt."""
    make, kind, cause, remedy, asked = FAULTS[name]
    heard = list[str]()

    async def use(model: Model) -> OrchestratorError:
        server.faults.append(make())
        with pytest.raises(OrchestratorError) as raised:
            await model.reply(spoken("It is slow."), on_text=heard.append)
        assert len(server.requests) == asked
        server.faults.clear()
        assert (await model.reply(spoken("It is slow."))).text
        return raised.value

    error = with_model(use, NAME, pauses=QUICK)
    assert type(error) is kind
    assert cause in error.cause
    assert remedy in error.remedy
    assert "\n" not in error.cause + error.remedy
    if isinstance(error, ModelError):
        assert error.partial == "".join(heard)


def test_retry(server: OpenAIDouble) -> None:
    """A call that failed before its first word is repeated once, and the reply says so."""
    server.faults.append(Fault("reset"))
    assert ask(spoken(), NAME)[0].retries == 1


def test_clocks(server: OpenAIDouble) -> None:
    """Silence before and within an answer is given up, each named by its setting."""

    async def use(model: Model) -> None:
        for after, setting in ((0, "FIRST_TOKEN_TIMEOUT"), (2, "STALL_TIMEOUT")):
            server.faults.append(Fault("silence", after=after))
            with pytest.raises(ModelError) as raised:
                await model.reply(spoken())
            assert setting in raised.value.remedy
            assert server.hung_up.wait(5)
            server.hung_up.clear()

    with_model(use, NAME, first_token_timeout=0.4, stall_timeout=0.3)


def test_cancelling_hangs_up(server: OpenAIDouble) -> None:
    """A cancelled call closes its socket."""

    async def use(model: Model) -> None:
        server.faults.append(Fault("silence", after=1))
        heard = asyncio.Event()
        call = asyncio.create_task(model.reply(spoken(), on_text=lambda _text: heard.set()))
        await heard.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await asyncio.to_thread(server.hung_up.wait, 5)

    with_model(use, NAME)


def test_cut(server: OpenAIDouble) -> None:
    """An answer that was cut at its length says so."""
    server.faults.append(Fault("cut"))
    assert ask(spoken(), NAME)[0].ended == "length"


def test_too_long_is_not_sent(server: OpenAIDouble) -> None:
    """A prompt beyond the context is refused before it is sent; the server's own context counts where it says it."""
    server.context = 2048

    async def use(model: Model) -> None:
        assert model.context_tokens == 2048
        with pytest.raises(ContextOverflow):
            await model.reply(Prompt("word " * 1500))

    with_model(use, NAME)
    assert not server.requests


def test_near_names(server: OpenAIDouble) -> None:
    """A model that is not served is answered with those that are."""
    server.served = ["Qwen/Qwen3-8B", "qwen3"]
    with pytest.raises(ModelMissing, match="does not serve qwen33") as raised:
        ask(spoken(), "langchain:openai:qwen33")
    assert "qwen3" in raised.value.remedy


def test_server_without_a_list(server: OpenAIDouble) -> None:
    """A server that lists no models is asked all the same."""
    server.served = None
    assert ask(spoken(), "langchain:openai:anything")[0].text


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a server, the error names the address and what works without it."""
    monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(
        ModelUnavailable, match=r"not reachable at http://127\.0\.0\.1:9/v1: connection refused"
    ) as raised:
        ask(spoken(), NAME)
    assert "rehearsal" in raised.value.remedy


def test_no_key() -> None:
    """A provider that wants a key and gets none says which setting it is."""
    with pytest.raises(ModelUnavailable) as raised:
        ask(spoken(), NAME)
    assert "LLM_API_KEY" in raised.value.remedy


def test_proxy_elsewhere(server: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not used for this machine itself."""
    with Forwarder("127.0.0.1:9") as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.netloc}")
        assert ask(spoken(), NAME)[0].text
    assert not proxy.targets
    assert server.requests


@pytest.mark.parametrize("rest", ["openai", "openai:", ":gpt", ""])
def test_incomplete_name(rest: str) -> None:
    """A name without its provider or model is a usage error with the right form."""
    with pytest.raises(UsageError, match="incomplete"):
        open_model(f"langchain:{rest}", settings_for())


def test_langchains_own_ollama(ollama: OllamaDouble) -> None:
    """langchain:ollama: answers through ChatOllama at OLLAMA_BASE_URL, with the context, length and schema of ours."""
    (reply,) = ask(spoken("It is slow.", schema=VOTE, max_tokens=77), "langchain:ollama:llama3.2", seed=7)
    (request,) = [one for one in ollama.requests.chats() if one.messages]
    assert (request.num_ctx, request.get("format"), request.get("think")) == (8192, VOTE, False)
    assert (request.body["options"]["num_predict"], request.body["options"]["seed"]) == (77, 7)
    assert (reply.ended, reply.prompt_tokens) == ("stop", request.prompt_tokens)
    assert reply.parsed is not None


def test_unknown_provider() -> None:
    """A provider LangChain does not know is named."""
    with pytest.raises(ModelUnavailable, match="nobody") as raised:
        ask(spoken(), "langchain:nobody:model")
    assert "langchain:PROVIDER:MODEL" in raised.value.remedy


@pytest.mark.skipif(find_spec("langchain_anthropic") is not None, reason="the package is installed here")
def test_missing_package() -> None:
    """A provider whose package is missing names it."""
    with pytest.raises(UsageError, match="langchain:anthropic:claude needs a package") as raised:
        ask(spoken(), "langchain:anthropic:claude")
    assert raised.value.remedy == "Install it: pip install langchain-anthropic."


@pytest.mark.skipif(find_spec("llama_cpp") is not None, reason="the package is installed here")
def test_missing_extra(tmp_path: Path) -> None:
    """A GGUF file without the extra is one line of cause and the command that installs it."""
    with pytest.raises(UsageError, match="llamacpp: models need the package") as raised:
        open_model(f"llamacpp:{tmp_path / 'model.gguf'}", settings_for())
    assert raised.value.remedy == 'Install it: pip install "multi-agent-orchestrator[llamacpp]".'


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs the extra llamacpp")
def test_missing_file(tmp_path: Path) -> None:
    """A GGUF file that is not there is named."""
    with pytest.raises(ModelUnavailable, match="There is no file"):
        ask(spoken(), f"llamacpp:{tmp_path / 'model.gguf'}")


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"json_schema", "json_object"}, ["json_schema"]),
        ({"json_object"}, ["json_schema", "json_object"]),
        (set[str](), ["json_schema", "json_object", ""]),
    ],
)
def test_a_server_that_asks_for_shapes_in_its_own_way(known: set[str], asked: list[str], server: OpenAIDouble) -> None:
    """Servers differ in how they are asked for JSON: the ways are tried once, the strictest first, and the one that works stays."""
    server.shapes = known
    server.answers_json = True

    async def use(model: Model) -> list[object]:
        first = await model.reply(spoken("Vote.", schema=VOTE))
        rest = await asyncio.gather(*(model.reply(spoken("Vote.", schema=VOTE)) for _ in range(3)))
        return [reply.parsed for reply in (first, *rest)]

    assert with_model(use, NAME, parallel=3) == [{"vote": "support"}] * 4
    tried = [body.get("response_format", {}).get("type", "") for body in server.requests]
    assert tried == [*asked, *asked[-1:] * 3]


def test_shapes_found_out_at_once(server: OpenAIDouble) -> None:
    """Calls that meet the refusal at the same moment all end with an answer, and none skips a way to ask."""
    server.shapes, server.answers_json, server.pause = {"json_object"}, True, 0.05

    async def use(model: Model) -> list[object]:
        replies = await asyncio.gather(*(model.reply(spoken("Vote.", schema=VOTE)) for _ in range(4)))
        return [reply.parsed for reply in replies]

    assert with_model(use, NAME, parallel=4) == [{"vote": "support"}] * 4
    tried = [body.get("response_format", {}).get("type", "") for body in server.requests]
    assert set(tried) == {"json_schema", "json_object"}


def test_another_refusal_is_no_shape(server: OpenAIDouble) -> None:
    """A refusal for another reason than the shape of the answer is an error, and the shape stays."""
    server.faults.append(Fault("status", 422, "temperature is too high"))
    with pytest.raises(ModelError, match="temperature is too high"):
        ask(spoken("Vote.", schema=VOTE), NAME)
    assert len(server.requests) == 1
