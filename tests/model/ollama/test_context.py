"""The context of a model on Ollama: nothing that does not fit is sent, nothing is cut without being noticed."""

from typing import Any

import pytest

from agents.errors import ContextOverflow
from agents.model import RESERVE_TOKENS, Model, Prompt, Reply
from tests.model.ollama.forwarder import Forwarder
from tests.model.talking import ask, spoken, with_model
from tests.ollama_double import LocalModel, OllamaDouble, count, faults

PROSE = "The cache holds what was read last, and forgets what nobody asked for in a while. "


def prompt_of(tokens: int, **more: object) -> Prompt:
    """A prompt of about this many tokens."""
    return Prompt(PROSE * (tokens // count(PROSE)), **more)  # type: ignore[arg-type]


def test_too_long_is_not_sent(ollama: OllamaDouble) -> None:
    """A prompt that does not fit is refused before anything is sent, with its size and the context's."""
    with pytest.raises(ContextOverflow, match=r"does not fit the context of ollama:llama3\.2") as raised:
        ask(prompt_of(5000), num_ctx=4096)
    assert "of 4096" in raised.value.cause
    assert "NUM_CTX" in raised.value.remedy
    assert not ollama.requests.chats()


def test_answer_and_reserve_count(ollama: OllamaDouble) -> None:
    """The longest answer and a reserve must fit beside the prompt."""
    with pytest.raises(ContextOverflow):
        ask(prompt_of(1000, max_tokens=4096), num_ctx=4096)
    assert not ollama.requests.chats()
    assert ask(prompt_of(1000, max_tokens=1000), num_ctx=4096)[0].text


def test_estimate_learns(ollama: OllamaDouble) -> None:
    """After some answers a text's count is within a fifth of the server's own, and still not below it."""
    text = PROSE * 20

    async def use(model: Model) -> tuple[int, int]:
        before = model.count_tokens(text)
        for number in range(6):
            await model.reply(prompt_of(300 + 100 * number))
        return before, model.count_tokens(text)

    before, after = with_model(use)
    assert count(text) <= after < before
    assert after <= 1.2 * count(text)
    assert ollama.requests.chats()


def test_long_meeting_fills_the_context(ollama: OllamaDouble) -> None:
    """A transcript that grows is answered until nearly nothing more fits, and the server never has to cut."""
    turns = list[str]()

    async def use(model: Model) -> int:
        for number in range(200):
            turns.append(f"Turn {number}. {PROSE * 2}")
            try:
                await model.reply(spoken(*turns, max_tokens=200))
            except ContextOverflow:
                return number
        return 0

    last = with_model(use, num_ctx=4096)
    chats = ollama.requests.chats()
    assert 0 < last == len(chats)
    assert all(chat.status == 200 and not chat.dropped for chat in chats)
    room = 4096 - 200 - RESERVE_TOKENS - chats[-1].prompt_tokens
    assert 0 <= room < 3 * count(PROSE * 2)


def test_answer_beyond_the_context(ollama: OllamaDouble) -> None:
    """An answer for whose sake the server forgot a part of the prompt is not taken for good."""
    ollama.answer = lambda _body: " ".join(f"word{number}" for number in range(3000))
    dense = Prompt("1a" * 1800, max_tokens=500)  # four tokens where three bytes are taken for one

    async def use(model: Model) -> None:
        with pytest.raises(ContextOverflow, match="is full"):
            await model.reply(dense)

    with_model(use, num_ctx=4096)
    assert len(ollama.requests.chats()) == 1


def test_engine_refuses_what_we_thought_would_fit(ollama: OllamaDouble) -> None:
    """If our estimate was too low, the server refuses instead of cutting, and the error names the sizes."""
    with pytest.raises(ContextOverflow, match=r"of 4096"):
        ask(Prompt("1a" * 2600), num_ctx=4096)
    (chat,) = ollama.requests.chats()
    assert chat.status == 400


def meddle(body: dict[str, Any]) -> dict[str, Any]:
    """What an old server, or a gateway of its own mind, makes of a request."""
    if body.get("messages"):
        body.pop("truncate", None)
        body["options"]["num_ctx"] = 4096 if len(body["messages"]) < 60 else 512
    return body


@pytest.mark.parametrize("before", [0, 50])
def test_silent_cut_is_noticed(before: int, ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that read much less than was sent is caught by its own count, even at the first call."""
    turns = [f"Turn {number}. {PROSE}" for number in range(60)]

    async def use(model: Model) -> None:
        if before:
            await model.reply(spoken(*turns[:before]))
        with pytest.raises(ContextOverflow, match="cut silently"):
            await model.reply(spoken(*turns))

    with Forwarder(ollama.url, meddle) as gateway:
        monkeypatch.setenv("OLLAMA_BASE_URL", f"http://{gateway.netloc}")
        with_model(use)
    assert ollama.requests.chats()[-1].dropped > 0


def test_smaller_context_is_taken_on(ollama: OllamaDouble) -> None:
    """A model that has less context than asked for is used with what it has, and the first reply says so."""
    ollama.library.add(LocalModel("tiny:latest", context_length=2048))

    async def use(model: Model) -> tuple[int, list[Reply]]:
        return model.context_tokens, [await model.reply(spoken("a")), await model.reply(spoken("b"))]

    context, (first, second) = with_model(use, "tiny")
    with pytest.raises(ContextOverflow, match="of 2048"):
        ask(prompt_of(3000), "tiny")
    assert context == 2048
    assert first.notes == ("tiny has a context of 2048 tokens, not 8192.",)
    assert second.notes == ()
    assert len(ollama.requests.chats()) == 2
    assert ollama.requests.num_ctxs() == {8192}


def test_counts_may_be_missing(ollama: OllamaDouble) -> None:
    """A server that leaves its counts out is believed, and nothing is learned from it."""
    ollama.inject(faults.no_counts(times=None))

    async def use(model: Model) -> Reply:
        before = model.count_tokens(PROSE)
        reply = await model.reply(spoken("a"))
        assert model.count_tokens(PROSE) == before
        return reply

    reply = with_model(use)
    assert reply.text
    assert (reply.prompt_tokens, reply.evaluated_tokens) == (0, None)


def test_old_server_is_named(ollama: OllamaDouble) -> None:
    """A server too old to refuse what does not fit is named in the first reply's notes."""
    ollama.version = "0.11.8"
    first, second = ask([spoken("a"), spoken("b")])
    assert first.notes == ("Ollama 0.11.8 may cut prompts silently. Update it.",)
    assert second.notes == ()


def test_version_that_counts_a_part(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one version that leaves cached tokens out of its count is not suspected of having cut the prompt."""
    ollama.version = "0.30.0"
    turns = [f"Turn {number}. {PROSE}" for number in range(60)]

    async def use(model: Model) -> Reply:
        before = model.count_tokens(PROSE)
        reply = await model.reply(spoken(*turns))
        assert model.count_tokens(PROSE) == before
        return reply

    with Forwarder(ollama.url, meddle) as gateway:
        monkeypatch.setenv("OLLAMA_BASE_URL", f"http://{gateway.netloc}")
        reply = with_model(use)
    assert 0 < reply.prompt_tokens < 512
    assert reply.evaluated_tokens is None
