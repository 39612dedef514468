"""Every field of every response, with a value of a wrong type: an answer, or one of our errors, never anything else."""

import asyncio
import copy
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import pytest

from agents.errors import OrchestratorError
from agents.model import Prompt, Reply
from agents.model.ollama.bench import Bench, advise
from agents.model.ollama.errors import of_status
from agents.model.ollama.server import OllamaServer
from tests.drill import DRILL
from tests.model.hostile import OLLAMA, Body, Hostile, events, says
from tests.model.talking import QUICK, opened, settings_for

HUGE = "1" * 5000
WRONG: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, float("nan"), float("inf"), 10**30, "many", "", "\ud800", HUGE, [], [1], ["a", {}], {}, {"a": []},
)  # fmt: skip
"""Values of all kinds; ``json.dumps`` writes the infinite ones as NaN and Infinity, which our reader accepts."""

ODDS = [{"token": "yes", "logprob": -0.1, "top_logprobs": [{"token": "no", "logprob": -3.0}]}]
LINES = (
    {"message": {"role": "assistant", "content": "Yes."}, "done": False, "logprobs": ODDS},
    {
        "message": {"content": " We should."}, "done": True, "done_reason": "stop", "load_duration": 10, "eval_count": 4,
        "prompt_eval_count": 20, "prompt_eval_duration": 50, "eval_duration": 70, "logprobs": ODDS,
    },
)  # fmt: skip
USAGE = {
    "prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24,
    "prompt_tokens_details": {"cached_tokens": 3}, "completion_tokens_details": {"reasoning_tokens": 0},
}  # fmt: skip
CHUNK = {
    "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "qwen3", "usage": USAGE,
    "choices": [{"index": 0, "delta": {"content": "Yes."}, "finish_reason": "stop", "logprobs": {"content": ODDS}}],
}  # fmt: skip
CHATS = ("/api/chat", "/v1/chat/completions")
SHOWN = {
    "license": "MIT\nmore", "capabilities": ["completion"], "model_info": {"llama.context_length": 8192},
    "details": {"family": "llama", "parameter_size": "3.2B", "quantization_level": "Q4_K_M"},
}  # fmt: skip
PULLED = {"status": "success", "digest": "sha256:1", "total": 9, "completed": 9}


def changed(value: Any) -> Iterator[Any]:
    """Copies of a JSON value in which one place after the other has each wrong value."""
    yield from WRONG
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in changed(value[key]):
            copied = copy.copy(value)
            copied[key] = other
            yield copied


def in_json(value: Any) -> str:
    """A value in JSON; a number with more digits than Python writes is put in as it is."""
    return json.dumps(value).replace(f'"{HUGE}"', HUGE)


async def outcomes(
    name: str, server: Hostile, prompt: Prompt, answers: Iterable[tuple[str, Body]]
) -> list[Reply | OrchestratorError]:
    """Open a model, and ask it once for each answer that the server has for a path."""
    found: list[Reply | OrchestratorError] = []
    model = opened(name, settings_for(ollama_base_url=server.url, llm_base_url=f"{server.url}/v1"), QUICK)
    for path, answer in answers:
        server.answers[path] = answer
        try:
            found.append(await model.reply(prompt))
        except OrchestratorError as error:
            found.append(error)
        if path not in CHATS:  # it is read when a model is opened
            await model.close()
    await model.close()
    return found


def check(found: Reply | OrchestratorError) -> None:
    """What a meeting does with an outcome can be stored and added up."""
    if isinstance(found, OrchestratorError):
        f"{found.cause}{found.remedy}".encode()
        return
    found.text.encode()
    numbers = (found.prompt_tokens, found.evaluated_tokens or 0, found.reply_tokens, found.load_seconds)
    assert all(type(number) in (int, float) and 0 <= number <= 10**15 for number in numbers)
    assert found.margin is None or found.margin == found.margin


@pytest.mark.parametrize("which", range(len(LINES)))
def test_lines_of_an_answer_of_ollama(which: int) -> None:
    """Any field of a line may have any value."""

    def answers() -> Iterator[tuple[str, Body]]:
        for wrong in changed(LINES[which]):
            lines = [*LINES[:which], wrong, *LINES[which + 1 :]]
            yield "/api/chat", says("\n".join(map(in_json, lines)) + "\n")

    with Hostile({}) as server:
        prompt = Prompt("Shall we?", between=("yes", "no"))
        for found in asyncio.run(outcomes("llama3.2", server, prompt, answers())):
            check(found)


@pytest.mark.parametrize("path", ["/api/ps", "/api/version", "/api/tags", "/api/generate"])
def test_what_a_start_reads(path: str) -> None:
    """The model starts, or says why it does not, whatever the server says of itself."""
    with Hostile({"/api/chat": says("\n".join(map(json.dumps, LINES)))}) as server:
        answers = ((path, says(in_json(wrong))) for wrong in changed(OLLAMA[path]))
        for found in asyncio.run(outcomes("llama3.2", server, Prompt("Shall we?"), answers)):
            check(found)


def test_what_the_administration_reads() -> None:
    """Lists and facts of models are read whatever they contain."""
    with Hostile({}) as server:
        reader = OllamaServer(settings_for(ollama_base_url=server.url))
        reads: dict[str, tuple[Any, Callable[[], Any]]] = {
            "/api/ps": (OLLAMA["/api/ps"], reader.loaded),
            "/api/tags": (OLLAMA["/api/tags"], reader.installed),
            "/api/show": (SHOWN, lambda: reader.show("llama3.2")),
            "/api/pull": (PULLED, lambda: [*reader.pull("llama3.2")]),
            "/api/version": (OLLAMA["/api/version"], reader.version),
        }
        for path, (sound, read) in reads.items():
            for wrong in changed(sound):
                server.answers[path] = says(in_json(wrong))
                try:
                    repr(read()).encode()
                except OrchestratorError as error:
                    error.cause.encode()


def test_what_a_measurement_reads() -> None:
    """A measurement gives speeds, or says that the server does not count."""
    with Hostile({}) as server:
        for wrong in changed(LINES[1]):
            server.answers["/api/chat"] = says("\n".join(map(in_json, (LINES[0], wrong))))
            try:
                advise([Bench("llama3.2", settings_for(ollama_base_url=server.url)).measure(1)], 8192, 250)
            except OrchestratorError as error:
                error.cause.encode()


@pytest.mark.parametrize("status", [400, 404, 500, 503, -1])
def test_bodies_of_errors(status: int) -> None:
    """Whatever the body of an error says, its meaning is one of our errors."""
    engine = {"error": {"type": "exceed_context_size_error", "message": "m", "n_prompt_tokens": 9, "n_ctx": 8}}
    bodies = [in_json(wrong) for wrong in changed(engine)]
    bodies += ["[" * 9000, f"does not fit ({HUGE} tokens), longer than the context length", '{"error":' * 3000]
    for body in bodies:
        error = of_status(status, body, "llama3.2", "http://server").error
        f"{error.cause}{error.remedy}".encode()


@pytest.mark.parametrize("path", ["/v1/models", "/v1/chat/completions"])
def test_what_langchain_reads(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenAI-compatible server may say anything, too; its client is slow, so that a test run takes a sample."""
    monkeypatch.setenv("LLM_API_KEY", "none")
    with Hostile({"/v1/chat/completions": events(CHUNK)}) as server:
        kind = says if path in OLLAMA else events
        some = islice(changed(OLLAMA.get(path, CHUNK)), 0, None, 1 if DRILL else 13)
        answers = ((path, kind(in_json(wrong))) for wrong in some)
        for found in asyncio.run(outcomes("langchain:openai:qwen3", server, Prompt("Shall we?"), answers)):
            check(found)
