"""What every provider promises, tried on each: one suite, real sockets and files."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from agents.errors import ModelError, ModelUnavailable
from agents.model import Prompt, Task, answers_by_rule, open_model, provider_of
from agents.model.recorded import Recorder
from agents.model.scripted import ScriptedModel
from agents.role import Role, Roles
from agents.role.file import roles_in
from tests.model.talking import VOTE, settings_for
from tests.ollama_double import OllamaDouble
from tests.openai_double import OpenAIDouble

BALLOT = {**VOTE, "properties": {**VOTE["properties"], "reason": {"type": "string"}}}  # type: ignore[dict-item]
WORDS = "We should keep the cache, and measure first."
VOTED = '{"vote": "support", "reason": "it is measured"}'

PROVIDERS = ["ollama", "langchain", "scripted", "recorded", "rehearsal"]


@dataclass(frozen=True)
class Opened:
    """A provider that is ready to be opened.

    Attributes:
        name: the model's name.
        stop: takes away what it answers from; None for one that needs nothing.
    """

    name: str
    stop: Callable[[], None] | None


@cache
def role() -> Role:
    """Somebody to answer."""
    roles: Roles = roles_in(settings_for().role_places)
    return roles["security_engineer"]


def prose(number: int = 0) -> Prompt:
    """A question to answer in words."""
    return Prompt(
        f"Question {number}: should we store passwords in the cache?", task=Task.CHAT, brief="You are in a meeting.",
        role=role(), subject="passwords in the cache",
    )  # fmt: skip


def ballot() -> Prompt:
    """A question to answer in JSON."""
    return Prompt(
        "How do you vote?", task=Task.BALLOT, brief="You are in a meeting.", role=role(), schema=BALLOT,
        subject="passwords in the cache",
    )  # fmt: skip


def answer(asked: str) -> str:
    """What servers and scripts say."""
    return VOTED if "vote" in asked else WORDS


async def record(file: Path) -> None:
    """Make a recording of some answers."""
    model = Recorder(ScriptedModel.of(lambda prompt: answer(prompt.question)), file)
    for prompt in (*map(prose, range(9)), ballot()):
        await model.reply(prompt)


@contextmanager
def opened(provider: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Set up what a provider answers from."""
    file = folder / "answers.json"
    if provider == "ollama":
        with OllamaDouble(answer=lambda body: answer(body["messages"][-1]["content"])) as ollama:
            monkeypatch.setenv("OLLAMA_BASE_URL", ollama.url)
            yield Opened("llama3.2", ollama.down)
    elif provider == "langchain":
        with OpenAIDouble(lambda body: answer(body["messages"][-1]["content"])) as server:
            monkeypatch.setenv("LLM_BASE_URL", server.url)
            yield Opened("langchain:openai:qwen3", lambda: monkeypatch.setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1"))
    elif provider == "scripted":
        file.write_text(json.dumps([VOTED if "vote" in folder.name else WORDS] * 9), encoding="utf-8")
        yield Opened(f"scripted:{file}", file.unlink)
    elif provider == "recorded":
        asyncio.run(record(file))
        yield Opened(f"recorded:{file}", file.unlink)
    else:
        yield Opened("rehearsal", None)


@pytest.fixture(params=PROVIDERS)
def model_name(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Each provider in turn."""
    folder = tmp_path / ("votes" if "json" in request.node.name else "words")
    folder.mkdir()
    with opened(request.param, folder, monkeypatch) as ready:
        yield ready


def used(name: str, *prompts: Prompt) -> list[tuple[str, list[str], object, str]]:
    """Open, ask, close: of each reply the text, its pieces, its JSON and its end."""

    async def run() -> list[tuple[str, list[str], object, str]]:
        model = open_model(name, settings_for())
        await model.start()
        try:
            found = []
            for prompt in prompts:
                pieces = list[str]()
                reply = await model.reply(prompt, on_text=pieces.append)
                assert reply.model
                found.append((reply.text, pieces, reply.parsed, reply.ended))
            return found
        finally:
            await model.close()

    return asyncio.run(run())


def test_answers_in_words(model_name: Opened) -> None:
    """An answer has text, its pieces make the text, it has ended, and words are not taken for JSON."""
    for text, pieces, parsed, ended in used(model_name.name, prose(0), prose(1)):
        assert text.strip()
        assert "".join(pieces).strip() == text.strip()
        assert parsed is None
        assert ended == "stop"


def test_answers_in_json(model_name: Opened) -> None:
    """With a schema the reply carries the value, and it has the schema's fields; a model that answers by rule passes."""
    ((text, _, parsed, _),) = used(model_name.name, ballot())
    if provider_of(model_name.name).by_rule:
        assert (text, parsed) == ("PASS", None)
        return
    assert isinstance(parsed, dict)
    assert parsed["vote"]
    assert json.loads(text) == parsed


def test_numbers(model_name: Opened) -> None:
    """A reply counts its tokens, and its first word comes no later than its last."""

    async def run() -> None:
        model = open_model(model_name.name, settings_for())
        reply = await model.reply(prose())
        await model.close()
        assert reply.prompt_tokens > 0
        assert reply.reply_tokens > 0
        assert 0 <= reply.first_token_seconds <= reply.total_seconds
        assert reply.retries == 0
        assert reply.evaluated_tokens is None or 0 < reply.evaluated_tokens <= reply.prompt_tokens

    asyncio.run(run())


def test_what_a_model_says_of_itself(model_name: Opened) -> None:
    """A model has a label, a context and at least one slot, before it is started too."""
    model = open_model(model_name.name, settings_for())
    assert model.label
    assert model.context_tokens >= 2048
    assert model.parallel >= 1


def test_a_label_tells_whether_a_language_model_speaks(model_name: Opened) -> None:
    """The label of an opened model, as minutes keep it, tells what its provider's row says."""
    model = open_model(model_name.name, settings_for())
    assert answers_by_rule(model.label) == provider_of(model_name.name).by_rule == (model_name.name == "rehearsal")


def test_counting(model_name: Opened) -> None:
    """An empty text has no tokens, a longer text more than a shorter one, and English is not counted too low."""
    model = open_model(model_name.name, settings_for())
    assert model.count_tokens("") == 0
    assert 0 < model.count_tokens(WORDS) < model.count_tokens(WORDS * 2)
    assert model.count_tokens(WORDS) >= len(WORDS.split())


def test_many_at_once(model_name: Opened) -> None:
    """Calls made at the same time are all answered."""

    async def run() -> None:
        model = open_model(model_name.name, settings_for())
        await model.start()
        replies = await asyncio.gather(*(model.reply(prose(number)) for number in range(9)))
        assert all(reply.text.strip() for reply in replies)
        await model.close()

    asyncio.run(run())


def test_start_and_close_twice(model_name: Opened) -> None:
    """Starting and closing again does no harm, nor does closing what was never started."""

    async def run() -> None:
        model = open_model(model_name.name, settings_for())
        await model.close()
        await model.start()
        await model.start()
        assert (await model.reply(prose())).text.strip()
        await model.close()
        await model.close()

    asyncio.run(run())


def test_one_loop_after_the_other(model_name: Opened) -> None:
    """A provider can be opened in one event loop and then in another."""
    for _ in range(2):
        assert used(model_name.name, prose())


def test_nothing_before_start(model_name: Opened) -> None:
    """Opening needs nothing; start reports what is missing, with a remedy and exit status 3."""
    if model_name.stop:
        model_name.stop()
    model = open_model(model_name.name, settings_for())

    async def run() -> None:
        try:
            await model.start()
        finally:
            await model.close()

    if model_name.stop is None:
        asyncio.run(run())
        return
    with pytest.raises(ModelUnavailable) as raised:
        asyncio.run(run())
    assert raised.value.cause
    assert raised.value.remedy
    assert raised.value.exit_code == 3


def test_cancelled_call(model_name: Opened) -> None:
    """A call that is cancelled ends as cancelled, and the next one is answered."""

    async def run() -> None:
        model = open_model(model_name.name, settings_for())
        await model.start()
        call = asyncio.create_task(model.reply(prose(0)))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await model.reply(prose(1))).text.strip()
        await model.close()

    asyncio.run(run())


def test_failing_listener(model_name: Opened) -> None:
    """An error of the function that receives the text is passed on, and the next call is answered."""

    def listen(_text: str) -> None:
        raise LookupError

    async def run() -> None:
        model = open_model(model_name.name, settings_for())
        with pytest.raises(LookupError):
            await model.reply(prose(0), on_text=listen)
        try:
            assert (await model.reply(prose(1))).text.strip()
        except ModelError as error:  # pragma: no cover - said with its words when it happens
            pytest.fail(str(error))
        await model.close()

    asyncio.run(run())
