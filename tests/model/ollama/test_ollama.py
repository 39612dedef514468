"""Answers from an Ollama server: what is sent, what comes back, what it costs."""

import asyncio
import gc
from pathlib import Path

import pytest

from agents.errors import ModelUnavailable
from agents.model import Message, Model, Prompt, Reply, open_model
from tests.model.ollama.forwarder import Forwarder
from tests.model.talking import VOTE, ask, settings_for, spoken, with_model
from tests.ollama_double import Answer, Fault, OllamaDouble, faults


def test_reply(ollama: OllamaDouble) -> None:
    """A reply carries the words, why they ended, and the server's numbers."""
    heard = list[str]()
    (reply,) = ask(spoken("It is slow."), on_text=heard.append)
    chat = ollama.requests.chats()[0]
    assert reply.text == "".join(heard) == chat.text
    assert len(heard) > 1
    assert (reply.ended, reply.model) == ("stop", "ollama:llama3.2")
    assert reply.prompt_tokens == chat.prompt_tokens
    assert reply.reply_tokens == chat.reply_tokens + 1  # the server counts the token that ends an answer
    assert reply.prompt_seconds == pytest.approx(ollama.prompt_token_ns * chat.prompt_tokens / 1e9)
    assert reply.reply_seconds == pytest.approx(ollama.reply_token_ns * reply.reply_tokens / 1e9)
    assert 0 < reply.first_token_seconds <= reply.total_seconds
    assert reply.retries == 0


def test_what_is_pinned(ollama: OllamaDouble) -> None:
    """Every call streams, cuts nothing, does not think, and has the one context and keep-alive of the settings."""
    prompts = [spoken("a"), spoken("b", schema=VOTE, temperature=0.0), spoken("c", max_tokens=77)]
    ask(prompts, num_ctx=4096, keep_alive="-1", seed=7, temperature=0.3)
    chats = ollama.requests.chats()
    assert ollama.requests.num_ctxs() == {4096}
    assert ollama.engine.loads == [("llama3.2:latest", 4096)]
    for chat in chats:
        assert chat.body["stream"] is True
        assert chat.body["truncate"] is False
        assert chat.body["think"] is False
        assert "shift" not in chat.body
        assert chat.body["keep_alive"] == -1
        assert chat.body["options"]["seed"] == 7
    assert [chat.body["options"]["num_predict"] for chat in chats] == [400, 400, 77]
    assert [chat.body["options"]["temperature"] for chat in chats] == [0.3, 0.0, 0.3]
    assert [chat.get("format") for chat in chats] == [None, VOTE, None]


def test_keep_alive_as_a_duration(ollama: OllamaDouble) -> None:
    """A keep-alive with a unit is sent as it is, by the warm-up too."""
    ask(spoken(), keep_alive="90m")
    to_models = [request for request in ollama.requests if request.path in {"/api/chat", "/api/generate"}]
    assert {request.get("keep_alive") for request in to_models} == {"90m"}


def test_messages_are_sent_as_rendered(ollama: OllamaDouble) -> None:
    """The server gets the prompt's own messages, byte for byte and in their order."""
    prompt = spoken("Grüße, \u4f60\u597d & <tags>", "two\n\nlines", question="What now?")
    ask(prompt)
    sent = [(message["role"], message["content"]) for message in ollama.requests.chats()[0].messages]
    assert sent == [(str(message.author), message.text) for message in prompt.messages()]


def test_an_answer_is_never_begun_for_the_model(ollama: OllamaDouble) -> None:
    """Also after its own words the last message is another's, because servers refuse a schema otherwise."""
    said = (Message("user", "Shall we?"), Message("assistant", "We should."))
    (reply,) = ask(Prompt("", transcript=said, schema=VOTE))
    (request,) = [one for one in ollama.requests.chats() if one.messages]
    assert [one["role"] for one in request.messages] == ["user", "assistant", "user"]
    assert reply.parsed is not None


def test_half_a_letter_is_replaced(ollama: OllamaDouble) -> None:
    """A lone half of a letter in a document does not break the call."""
    ask(Prompt("What is \ud83d in this file?"))
    assert ollama.requests.chats()[0].last_message == "What is ? in this file?"


def test_one_connection(ollama: OllamaDouble) -> None:
    """Calls one after the other, of two models too, use one connection."""
    ollama.add("qwen3")

    async def run() -> None:
        models = [open_model(name, settings_for()) for name in ("llama3.2", "qwen3")]
        for model in models:
            await model.start()
        for number in range(3):
            for model in models:
                await model.reply(spoken(f"turn {number}"))
        await models[0].close()
        assert (await models[1].reply(spoken("still here"))).text
        await models[1].close()

    asyncio.run(run())
    assert len({chat.connection for chat in ollama.requests.chats()}) == 1
    assert {chat.body["model"] for chat in ollama.requests.chats()} == {"llama3.2", "qwen3"}


@pytest.mark.parametrize("parallel", [1, 3])
def test_slots(parallel: int, ollama: OllamaDouble) -> None:
    """Never are more calls under way than there are slots, and all slots are used."""
    ollama.engine.parallel = 8
    ollama.inject(faults.slow_first_token(seconds=0.05, times=None))

    async def use(model: Model) -> list[Reply]:
        return list(await asyncio.gather(*(model.reply(spoken(f"I am {number}.")) for number in range(9))))

    replies = with_model(use, parallel=parallel)
    assert len(replies) == 9
    assert ollama.engine.most_working == parallel
    assert sum(reply.queue_seconds > 0.04 for reply in replies) == 9 - parallel


def test_cut_answer(ollama: OllamaDouble) -> None:
    """An answer that was cut at its length says so."""
    ollama.inject(faults.cut(tokens=4))
    (reply,) = ask(spoken("It is slow."))
    assert (reply.ended, reply.reply_tokens) == ("length", 4)


def test_json_is_parsed(ollama: OllamaDouble) -> None:
    """With a schema the reply carries the JSON; where it was cut off, nothing."""
    whole, cut = ask([spoken(schema=VOTE)])[0], list[Reply]()
    assert whole.parsed in ({"vote": "support"}, {"vote": "object"})
    ollama.inject(faults.cut(tokens=3))
    cut += ask(spoken(schema=VOTE))
    assert cut[0].parsed is None
    assert cut[0].text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Answer("We keep it.", "Let me see."), "We keep it."),
        (Answer("<think>\nLet me see.\n</think>\n\nWe keep it."), "We keep it."),
        # Without an opening tag it may as well be an answer about tags; models known to leave it out are in ``reply_text``.
        (Answer("Let me see.</think>We keep it."), "Let me see.</think>We keep it."),
        (Answer("A <think> tag opens thoughts."), "A <think> tag opens thoughts."),
        (Answer("<thin ice"), "<thin ice"),
    ],
)
def test_thoughts(said: Answer, text: str, ollama: OllamaDouble) -> None:
    """Thoughts stay out of an answer, whether the server tells them apart or not; talk about tags stays in."""
    ollama.add("qwen3")
    ollama.answer = lambda _body: said
    heard = list[str]()
    (reply,) = ask(spoken(), "qwen3", on_text=heard.append)
    assert reply.text == text
    if not said.text.startswith("Let"):  # thoughts without their opening tag cannot be told from words as they come
        assert "".join(heard).strip() == text


def test_shared_head_is_not_evaluated_again(ollama: OllamaDouble) -> None:
    """The tokens a reply says were evaluated are close to those that no cache of the server held."""
    turns = [f"Point {number} is that caches of kind {number} go stale after a while." for number in range(12)]
    prompts = [spoken(*turns[:number], question=f"Ask {number}.") for number in range(4, 12)]
    replies = ask(prompts)
    assert replies[0].evaluated_tokens is None
    for reply, chat in list(zip(replies, ollama.requests.chats(), strict=True))[1:]:
        assert reply.evaluated_tokens == pytest.approx(chat.evaluated, abs=12)


def test_shared_head_within_a_round(ollama: OllamaDouble) -> None:
    """Calls made at the same time with one slot each reuse what the calls before them had sent."""
    turns = [f"Point {number} is that caches of kind {number} go stale after a while." for number in range(20)]

    async def use(model: Model) -> list[Reply]:
        return list(await asyncio.gather(*(model.reply(spoken(*turns, question=f"Ask {n}.")) for n in range(5))))

    for reply, chat in list(zip(with_model(use), ollama.requests.chats(), strict=True))[1:]:
        assert reply.evaluated_tokens == pytest.approx(chat.evaluated, abs=12)


def test_several_slots_cannot_be_told(ollama: OllamaDouble) -> None:
    """With several slots it is unknown which one a call used, so the number of evaluated tokens is not given."""
    assert [reply.evaluated_tokens for reply in ask([spoken("one"), spoken("one")], parallel=2)] == [None, None]
    assert ollama.requests.chats()


def test_reload_evaluates_all(ollama: OllamaDouble) -> None:
    """After the server loaded the model again, a reply says that all of its prompt was evaluated."""

    async def use(model: Model) -> Reply:
        await model.reply(spoken("one"))
        ollama.engine.forget()
        return await model.reply(spoken("one", "two"))

    reply = with_model(use)
    assert reply.load_seconds > 1
    assert reply.evaluated_tokens == reply.prompt_tokens == ollama.requests.chats()[1].evaluated


def test_second_loop(ollama: OllamaDouble) -> None:
    """Models work in one event loop after the other, and leave nothing open behind."""
    for _ in range(2):
        assert ask(spoken())[0].text
    gc.collect()  # an unclosed socket would warn here, and warnings are errors
    assert len(ollama.requests.chats()) == 2


def test_reply_after_close(ollama: OllamaDouble) -> None:
    """A closed model opens itself again, and closing twice does no harm."""

    async def use(model: Model) -> Reply:
        await model.close()
        await model.close()
        return await model.reply(spoken())

    assert with_model(use).text
    assert ollama.requests.chats()


def test_proxy_is_not_used_for_loopback(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used for a server on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(spoken())[0].text
    assert ollama.requests.chats()


def test_proxy_is_used_elsewhere(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server on another machine is reached through the proxy of the environment, when loading and in chats."""
    with Forwarder(ollama.url) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:secret@{proxy.netloc}")
        monkeypatch.setenv("OLLAMA_BASE_URL", "http://ollama.invalid:11434")
        assert ask(spoken())[0].text
    assert proxy.targets[0] == "http://ollama.invalid:11434/api/generate"
    assert proxy.targets[-1] == "http://ollama.invalid:11434/api/chat"
    assert set(proxy.credentials) == {"Basic bWU6c2VjcmV0"}


def test_no_proxy(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host in NO_PROXY is not asked for through the proxy."""
    with Forwarder(ollama.url) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.netloc}")
        monkeypatch.setenv("no_proxy", "ollama.invalid")
        monkeypatch.setenv("OLLAMA_BASE_URL", "http://ollama.invalid:11434")
        with pytest.raises(ModelUnavailable):
            ask(spoken())
    assert not proxy.targets


def test_unusable_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of a kind that is not spoken is named, with the way around it."""
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:9")
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://ollama.invalid:11434")
    with pytest.raises(ModelUnavailable, match="proxy") as raised:
        ask(spoken())
    assert "NO_PROXY" in raised.value.remedy
    assert "ollama.invalid" in raised.value.remedy


def test_password_in_the_address(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """User and password in the address are sent as a header with every request, and no error contains them."""
    monkeypatch.setenv("OLLAMA_BASE_URL", ollama.url.replace("http://", "http://me:s%20cret@"))
    ask(spoken())
    assert {request.headers.get("authorization") for request in ollama.requests} == {"Basic bWU6cyBjcmV0"}
    ollama.down()
    with pytest.raises(ModelUnavailable) as raised:
        ask(spoken())
    assert "cret" not in str(raised.value)


def test_tracing_is_off(ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stray variable cannot send what is said to a tracing service."""
    with OllamaDouble() as spy:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", spy.url)
        ask(spoken("secret"))
        assert ollama.requests.chats()
        assert not spy.requests.wait_until(len, 0.3)
    assert not list(tmp_path.glob("**/*langsmith*"))


def test_faults_do_not_change_what_is_sent(ollama: OllamaDouble) -> None:
    """A repeated call is the same call to the byte."""
    fault: Fault = faults.reset(after=0)
    ollama.inject(fault)
    ask(spoken("It is slow."))
    first, second = ollama.requests.chats()
    assert first.raw == second.raw
