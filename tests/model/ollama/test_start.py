"""How a model on Ollama starts: loaded once with the calls' own options, watched, and cancelled when nobody waits for it."""

import asyncio
import subprocess
import sys
from collections.abc import Callable

import pytest

from agents.errors import ModelError, ModelUnavailable
from agents.model import Model, open_model
from agents.model.ollama import OllamaModel
from tests.model.talking import settings_for, spoken, with_model
from tests.ollama_double import Log, OllamaDouble, faults


def started(listen: Callable[[str], None] | None = None, **flags: object) -> None:
    """Start llama3.2 and close it again."""

    async def run() -> None:
        model = OllamaModel("llama3.2", settings_for(**flags))
        try:
            await model.start(notice=listen)
        finally:
            await model.close()

    asyncio.run(run())


def test_nothing_is_sent_before_start(ollama: OllamaDouble) -> None:
    """Opening a model sends nothing."""
    open_model("llama3.2", settings_for())
    assert not len(ollama.requests)
    assert not ollama.connections


def test_warm_up(ollama: OllamaDouble) -> None:
    """A start loads the model by an empty request with the context of all calls, which then load nothing again."""

    async def use(model: Model) -> None:
        await model.start()
        assert {request.path for request in ollama.requests} == {"/api/generate", "/api/ps", "/api/version"}
        await model.reply(spoken())

    with_model(use, num_ctx=4096)
    (warm_up,) = ollama.requests.to("/api/generate")
    assert warm_up.body["model"] == "llama3.2"
    assert not warm_up.get("prompt")
    assert warm_up.body["options"] == {"num_ctx": 4096}
    assert ollama.engine.loads == [("llama3.2:latest", 4096)]


def test_the_first_question_leaves_when_the_warm_up_is_answered(ollama: OllamaDouble) -> None:
    """What the server has loaded, and its version, are asked while it loads; with a loaded model nothing is asked after
    the warm-up but the question.
    """

    async def use(model: Model) -> None:
        await model.start()
        await model.reply(spoken())

    with_model(use)
    ollama.requests.clear()
    slow = ollama.inject(faults.slow_load(seconds=0.5))
    with_model(use)
    assert slow.hits == 1
    assert [request.path for request in ollama.requests] == ["/api/generate", "/api/ps", "/api/version", "/api/chat"]


def test_the_next_question_leaves_before_an_answer_is_returned(ollama: OllamaDouble) -> None:
    """While the caller works with an answer, for instance stores it, the call that waited is with the server already."""

    async def use(model: Model) -> None:
        second: asyncio.Task[object] | None = None

        async def first() -> None:
            await model.reply(spoken(question="First?"))
            assert ollama.requests.wait_until(lambda log: len(log.chats()) == 2)  # the event loop stands still

        async with asyncio.TaskGroup() as group:
            group.create_task(first())
            second = group.create_task(model.reply(spoken(question="Second?")))
        assert second.done()

    with_model(use, parallel=1)


def test_notice_of_a_load(ollama: OllamaDouble) -> None:
    """While a load takes time, the notice names model and size; there is no notice for a loaded model."""
    heard = list[str]()
    ollama.inject(faults.slow_load(seconds=0.5))
    started(heard.append)
    assert heard == ["loading llama3.2, 2.0 GB"]
    started(heard.append)
    assert len(heard) == 1


def test_heavy_packages_are_not_needed(ollama: OllamaDouble) -> None:
    """Neither LangChain nor httpx nor the Ollama client is imported, before the warm-up or after it."""
    program = """
import asyncio, sys
from agents.settings import Settings
from agents.model import open_model
heavy = ("langchain", "langchain_core", "langchain_ollama", "ollama", "httpx", "pydantic", "requests")
def seen(event, args):
    if event == "socket.connect":
        print(sorted(name for name in heavy if name in sys.modules), "asyncio" in sys.modules, flush=True)
model = open_model("llama3.2", Settings.load())
print("asyncio" in sys.modules)
sys.addaudithook(seen)
asyncio.run(model.start())
print(sorted(name for name in heavy if name in sys.modules), flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[1] == "[] True"
    assert lines[-1] == "[]"
    assert ollama.requests.to("/api/generate")


def test_opening_imports_nothing_heavy() -> None:
    """The gateway's own module loads neither LangChain nor an HTTP client nor asyncio."""
    program = """
import sys
import agents.model.ollama, agents.model.langchain
heavy = {"langchain", "langchain_core", "langchain_ollama", "ollama", "httpx", "pydantic", "requests", "asyncio"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_load_fails(ollama: OllamaDouble) -> None:
    """A model that does not load is unavailable, with what the server says and what mostly helps."""
    ollama.inject(faults.load_failed())
    with pytest.raises(ModelUnavailable, match=r"could not load llama3\.2: llama-server process") as raised:
        started()
    assert "memory" in raised.value.remedy


def test_load_takes_too_long(ollama: OllamaDouble) -> None:
    """A load has a limit, which is named."""
    ollama.inject(faults.slow_load())
    with pytest.raises(ModelUnavailable, match=r"had not loaded llama3\.2 after 0\.3 s") as raised:
        started(first_token_timeout=0.3)
    assert "FIRST_TOKEN_TIMEOUT" in raised.value.remedy


def test_busy_at_the_start(ollama: OllamaDouble) -> None:
    """A server whose queue is full says so at the start."""
    ollama.inject(faults.busy(path="/api/generate"))
    with pytest.raises(ModelError, match="busy"):
        started()


def test_cancelled_start(ollama: OllamaDouble) -> None:
    """A start that is cancelled hangs up, so that the server gives the load up too."""

    async def run() -> None:
        fault = ollama.inject(faults.slow_load())
        model = open_model("llama3.2", settings_for())
        start = asyncio.create_task(model.start())
        await asyncio.to_thread(ollama.requests.wait_until, lambda _log: fault.hits)
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        assert await asyncio.to_thread(ollama.requests.wait_until, Log.cancelled)
        await model.close()

    asyncio.run(run())
    assert ollama.engine.loads == []


def test_something_else_listens(monkeypatch: pytest.MonkeyPatch, ollama: OllamaDouble) -> None:
    """An address with a path, or of another server, has another error than an address without a server."""
    monkeypatch.setenv("OLLAMA_BASE_URL", f"{ollama.url}/v1")
    with pytest.raises(ModelUnavailable, match="is not Ollama") as raised:
        started()
    assert "OLLAMA_BASE_URL" in raised.value.remedy


def test_two_starts_at_once(ollama: OllamaDouble) -> None:
    """A model may be started twice, also at the same time."""

    async def run() -> None:
        model = open_model("llama3.2", settings_for())
        await asyncio.gather(model.start(), model.start())
        await model.start()
        assert (await model.reply(spoken())).text
        await model.close()

    asyncio.run(run())
    assert len(ollama.engine.loads) == 1


def test_asking_needs_no_langchain(ollama: OllamaDouble) -> None:
    """A question to a model on Ollama is answered without LangChain, whose import would take longer than all else."""
    program = """
import sys
from agents.orchestrator import AgentOrchestrator
with AgentOrchestrator() as orchestrator:
    orchestrator.chat_with_agent("cto", "Is it sound?", remember=False)
print(sorted({"langchain", "langchain_core", "langchain_ollama", "pydantic", "requests"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert ollama.requests.chats()
