"""Failures of an Ollama server: the error, the number of requests, and what works afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable, OrchestratorError
from agents.model import Model
from tests.model.talking import QUICK, VOTE, ask, spoken, with_model
from tests.ollama_double import Fault, Log, OllamaDouble, faults


@dataclass(frozen=True)
class Case:
    """One fault and what comes of it.

    Attributes:
        make: the fault.
        error: what is raised.
        cause, remedy: words of the two lines.
        asked: how many chats the server saw.
        listening: whether somebody was given the text as it came.
    """

    make: Callable[[], Fault]
    error: type[OrchestratorError]
    cause: str
    remedy: str
    asked: int = 1
    listening: bool = True


LOAD_FAILED = "llama-server process has terminated: exit status 1: error loading model"
STARTING = "timed out waiting for llama-server to start - progress 0.00"
SIZES = "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it"
OVERFLOW = {
    "code": 400,
    "message": SIZES,
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 9000,
    "n_ctx": 8192,
}
NO_REF = {"code": 400, "message": "JSON schema conversion failed: cannot resolve $ref", "type": "invalid_request_error"}
SAMPLERS = {"code": 400, "message": "Failed to initialize samplers: std::exception", "type": "invalid_request_error"}
IN_OTHER_WORDS = {**OVERFLOW, "message": "the request exceeds the available context size"}
ENGINE, SCHEMA, BEGUN, OTHERWISE = (
    json.dumps({"error": error}) for error in (OVERFLOW, NO_REF, SAMPLERS, IN_OTHER_WORDS)
)
SHORTEN = "the prompt is longer than the context length currently available to the model; shorten the prompt"

TABLE = {
    "400 engine overflow": Case(lambda: faults.status(400, ENGINE), ContextOverflow, "9000 tokens of 8192", "NUM_CTX"),
    "400 engine overflow in other words": Case(
        lambda: faults.status(400, OTHERWISE), ContextOverflow, "9000 tokens of 8192", "NUM_CTX"
    ),
    "400 of the engine": Case(
        lambda: faults.status(400, BEGUN), ModelError, "(400): Failed to initialize samplers: std::exception", "another"
    ),
    "400 overflow in words": Case(
        lambda: faults.status(400, SHORTEN), ContextOverflow, "does not fit the context", "NUM_CTX"
    ),
    "400 schema": Case(lambda: faults.status(400, SCHEMA), ModelError, "schema", "Update Ollama"),
    "400 model name": Case(
        lambda: faults.status(400, "invalid model name"), ModelUnavailable, "is not a valid model name", "llama3.2"
    ),
    "400 embeds only": Case(
        lambda: faults.status(400, '"nomic-embed-text" does not support chat'),
        ModelUnavailable,
        "cannot chat",
        "chat model",
    ),
    "400 thinking": Case(
        lambda: faults.status(400, '"llama3.2" does not support thinking'),
        ModelError,
        "refused the request (400)",
        "another",
    ),
    "404 never pulled": Case(faults.not_found, ModelMissing, "is not on this Ollama", "ollama pull llama3.2"),
    "404 removed meanwhile": Case(faults.removed, ModelMissing, "is not on this Ollama", "ollama pull llama3.2"),
    "404 not Ollama": Case(
        lambda: faults.status(404, "404 page not found"), ModelUnavailable, "is not Ollama", "OLLAMA_BASE_URL"
    ),
    "301": Case(lambda: faults.status(301, ""), ModelUnavailable, "is not Ollama", "OLLAMA_BASE_URL"),
    "401": Case(lambda: faults.status(401, "unauthorized"), ModelUnavailable, "HTTP 401", "OLLAMA_BASE_URL"),
    "403": Case(lambda: faults.status(403, ""), ModelUnavailable, "HTTP 403", "OLLAMA_HOST"),
    "500 option": Case(
        lambda: faults.status(500, 'option "num_ctx" must be of type integer'), ModelError, "num_ctx", "server's log"
    ),
    "500 format": Case(
        lambda: faults.status(500, 'invalid format: "xml"; expected "json"'), ModelError, "schema", "Update Ollama"
    ),
    "500 does not load": Case(
        lambda: faults.status(500, LOAD_FAILED), ModelUnavailable, "could not load llama3.2", "memory is short"
    ),
    "500 loads too slowly": Case(
        lambda: faults.status(500, STARTING), ModelUnavailable, "could not load llama3.2", "memory is short"
    ),
    "500 runner dies twice": Case(
        lambda: faults.internal_error(times=2), ModelError, "engine of llama3.2 crashed", "memory is short", asked=2
    ),
    "500 unknown": Case(lambda: faults.internal_error("strange"), ModelError, "Ollama failed: strange", "log"),
    "502 from a proxy": Case(
        lambda: faults.status(502, "<html>Bad Gateway</html>", times=2),
        ModelUnavailable,
        "answers 502",
        "gateway",
        asked=2,
    ),
    "503 for ever": Case(
        lambda: faults.busy(times=None), ModelError, "busy", "OLLAMA_MAX_QUEUE", asked=1 + len(QUICK.busy)
    ),
    "error in the stream": Case(
        faults.error_in_stream, ModelError, "engine of llama3.2 crashed: an error was encountered", "memory is short"
    ),
    "error in the stream, nobody listening, twice": Case(
        lambda: faults.error_in_stream(times=2), ModelError, "engine of", "memory", asked=2, listening=False
    ),
    "reset before the first word, twice": Case(
        lambda: faults.reset(after=0, times=2), ModelError, "connection to Ollama", "restart Ollama", asked=2
    ),
    "reset within the answer": Case(faults.reset, ModelError, "connection to Ollama", "restart Ollama"),
    "drop within the answer": Case(faults.drop, ModelError, "connection to Ollama", "restart Ollama"),
    "half a line": Case(faults.half_line, ModelError, "cannot be read", "OLLAMA_BASE_URL"),
    "garbage": Case(faults.garbage, ModelError, "cannot be read", "OLLAMA_BASE_URL"),
    "no end": Case(faults.no_done, ModelError, "stopped before its answer ended", "larger model"),
    "no end and no word, twice": Case(
        lambda: faults.no_done(after=0, times=2), ModelError, "no answer at all", "server's log", asked=2
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_fault(name: str, ollama: OllamaDouble) -> None:
    """A fault becomes one line of cause and one of remedy with exit status 3, and the model answers the next prompt."""
    case, heard = TABLE[name], list[str]()

    async def use(model: Model) -> OrchestratorError:
        ollama.inject(case.make())
        with pytest.raises(OrchestratorError) as raised:
            await model.reply(spoken("It is slow."), on_text=heard.append if case.listening else None)
        asked = len(ollama.requests.chats())
        assert asked == case.asked
        ollama.faults.clear()
        if ollama.library.find("llama3.2"):
            assert (await model.reply(spoken("It is slow."))).text
        return raised.value

    error = with_model(use, pauses=QUICK)
    assert type(error) is case.error
    assert case.cause in error.cause
    assert case.remedy in error.remedy
    assert error.exit_code == 3
    assert "\n" not in error.cause + error.remedy
    if isinstance(error, ModelError) and case.listening:
        assert error.partial == "".join(heard)


def test_near_names(ollama: OllamaDouble) -> None:
    """A model that is not there is named together with installed ones like it."""
    ollama.add("qwen3:8b")
    with pytest.raises(ModelMissing) as raised:
        ask(spoken(), "qwen3:4b")
    assert raised.value.cause == "The model qwen3:4b is not on this Ollama."
    assert "ollama pull qwen3:4b" in raised.value.remedy
    assert "qwen3:8b" in raised.value.remedy
    assert not ollama.requests.chats()


def test_no_server(ollama: OllamaDouble) -> None:
    """Without a server, the error names its address, how to start it, and what works without it."""
    ollama.down()
    with pytest.raises(ModelUnavailable) as raised:
        ask(spoken())
    assert ollama.url in raised.value.cause
    assert "connection refused" in raised.value.cause
    assert "ollama serve" in raised.value.remedy
    assert "rehearsal" in raised.value.remedy


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown host name has another error than a server that is down."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://nowhere.invalid:11434")
    with pytest.raises(ModelUnavailable, match=r"not reachable at http://nowhere\.invalid:11434") as raised:
        ask(spoken())
    assert "OLLAMA_BASE_URL" in raised.value.remedy


def test_server_goes_down_between_calls(ollama: OllamaDouble) -> None:
    """A server that is gone at the second call is unreachable, and answers again as soon as it is back."""

    async def use(model: Model) -> None:
        await model.reply(spoken("one"))
        ollama.down()
        with pytest.raises(ModelUnavailable, match="not reachable"):
            await model.reply(spoken("two"))
        ollama.up()
        assert (await model.reply(spoken("three"))).text

    with_model(use, pauses=QUICK)


@pytest.mark.parametrize("fault", [faults.busy(times=2), faults.internal_error(), faults.reset(after=0)])
def test_safe_retry(fault: Fault, ollama: OllamaDouble) -> None:
    """A call that failed before its first word is repeated, its words come once, and the reply counts the repeats."""
    heard = list[str]()

    async def use(model: Model) -> int:
        ollama.inject(fault)
        reply = await model.reply(spoken("It is slow."), on_text=heard.append)
        assert reply.text == "".join(heard)
        return reply.retries

    assert with_model(use, pauses=QUICK) == fault.hits


def test_a_failing_listener(ollama: OllamaDouble) -> None:
    """An error of the function that receives the text is passed on, and the request is cancelled and not repeated."""

    async def use(model: Model) -> None:
        ollama.inject(faults.stall(after=3, times=None))

        def listen(_text: str) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await model.reply(spoken("It is slow."), on_text=listen)
        assert ollama.requests.wait_until(Log.cancelled)
        assert len(ollama.requests.chats()) == 1

    with_model(use)


def test_json_whose_end_was_not_said(ollama: OllamaDouble) -> None:
    """A whole JSON answer counts although the guard against repetition took its end away."""
    ollama.answer = lambda _body: '{"vote": "object"}'
    ollama.inject(faults.no_done(after=50))
    assert ask(spoken(schema=VOTE))[0].parsed == {"vote": "object"}
