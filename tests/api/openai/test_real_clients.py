"""The packages that people use, against the interface: one meeting for a message, whatever they do about time and cuts."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openai
import pytest

from agents.api.openai import pacing
from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from tests.api.openai.live import TYPE, Live, asked
from tests.api.serving import serving
from tests.ollama_double import OllamaDouble, faults

SMALL = "meeting:small"


def client(url: str, **options: Any) -> openai.OpenAI:
    """The official client; it retries twice by itself."""
    return openai.OpenAI(base_url=url, api_key="local", **options)


def test_openai_streams_and_waits(interface: Live, model: OllamaDouble) -> None:
    """A stream and a whole answer of the same request are equal, and are one meeting."""
    before = len(interface.meetings)
    with client(interface.url) as api:
        assert "meeting:decision" in [one.id for one in api.models.list()]
        question: Any = asked(SMALL, "Tea or coffee?")
        chunks = list(api.chat.completions.create(**question, stream=True, stream_options={"include_usage": True}))
        streamed = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
        calls = len(model.requests)
        whole = api.chat.completions.create(**question)
        assert streamed == whole.choices[0].message.content
        assert whole.usage == chunks[-1].usage
    assert (len(interface.meetings), len(model.requests)) == (before + 1, calls)


def test_openai_retries_three_times_and_one_meeting_is_held(interface: Live, model: OllamaDouble) -> None:
    """Each of its three requests ends before the answer; they hold one meeting, whose end the next request gets."""
    gate = model.inject(faults.slow_first_token(contains="Trains or planes?"))
    before, question = len(interface.meetings), asked(SMALL, "Trains or planes?")
    with client(interface.url, timeout=0.4) as api, pytest.raises(openai.APITimeoutError):
        api.chat.completions.create(**question)
    assert len(interface.meetings) == before + 1
    gate.release()
    with client(interface.url) as api:
        answer: Any = api.chat.completions.create(**question)
    assert "\n---\n" in answer.choices[0].message.content
    assert len(interface.meetings) == before + 1
    said = [request for request in model.requests if "Trains or planes?" in str(request.messages)]
    assert len(said) == len({str(request.body) for request in said})


def test_openai_asks_an_agent_three_times_and_the_model_once(interface: Live, model: OllamaDouble) -> None:
    """Also an agent is asked once when the client gives up waiting and asks again."""
    model.inject(faults.slow_first_token(1.5))
    before = len(model.requests)
    with client(interface.url, timeout=0.6) as api:
        answer: Any = api.chat.completions.create(**asked("cto", "Slow?"))
    assert "Slow?" in answer.choices[0].message.content
    assert len(model.requests) == before + 1


def test_openai_raises_what_the_service_says(interface: Live) -> None:
    """Errors are those of the client, with the field that is wrong; they are not retried."""
    with client(interface.url) as api:
        with pytest.raises(openai.NotFoundError, match="Did you mean qa_engineer"):
            api.chat.completions.create(**asked("qa_enginer", "Hm?"))
        with pytest.raises(openai.BadRequestError) as refused:
            api.chat.completions.create(**asked("cto", "Hm?"), n=2)
        assert refused.value.param == "n"


def test_langchain_survives_a_long_silence(
    interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its limit counts parsed pieces and no comments; the silence of a model may be longer than that limit."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    monkeypatch.setattr(pacing, "COMMENT_SECONDS", 0.2)
    monkeypatch.setattr(pacing, "CHUNK_SECONDS", 0.4)
    model.inject(faults.slow_first_token(3.0, contains="Silent?"))
    before = len(interface.meetings)

    async def read() -> str:
        key = SecretStr("local")
        chat = ChatOpenAI(base_url=interface.url, api_key=key, model=SMALL, stream_chunk_timeout=1.0, max_retries=0)
        said = "".join([str(chunk.content) async for chunk in chat.astream("Silent?")])
        await chat.root_async_client.close()
        return said

    assert "\n---\n" in asyncio.run(read())
    assert len(interface.meetings) == before + 1


def test_llm_asks_from_the_shell(interface: Live, tmp_path: Path) -> None:
    """The command line tool streams a meeting about a file, which it puts before the question without its name."""
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: small\n  model_name: {SMALL}\n  api_base: {interface.url}\n  api_key_name: room\n"
    )
    (tmp_path / "keys.json").write_text('{"room": "local"}')
    (tmp_path / "plan.md").write_text("Move the sessions on Monday.\n" * 40)
    command = [sys.executable, "-m", "llm", "-m", "small", "-f", str(tmp_path / "plan.md"), "Bikes or buses"]
    before = len(interface.meetings)
    keys = {**os.environ, "LLM_USER_PATH": str(tmp_path)}
    told = subprocess.run(command, env=keys, check=True, capture_output=True, text=True, timeout=60).stdout
    assert re.match(r"Meeting `[\w-]+`: Small decision\. Bikes or buses\n", told)
    assert "Document: message.md." in told
    assert "Put to the vote" in told
    assert len(interface.meetings) == before + 1


def test_a_killed_service_resumes_the_same_meeting(ollama: OllamaDouble, tmp_path: Path) -> None:
    """After kill -9 in the middle of a meeting and a restart, the retry of the client gets the same meeting to its end, and no turn
    that was stored is asked for again.
    """
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "small.toml").write_text(TYPE, encoding="utf-8")
    variables = {"AGENTS_TYPES_FOLDER": str(tmp_path / "types"), "OLLAMA_BASE_URL": ollama.url}
    question: Any = asked(SMALL, "Killed or not?")
    ollama.inject(faults.slow_first_token(skip=2, contains="Killed or not?"))
    with serving(**variables) as (process, port), client(f"http://127.0.0.1:{port}/v1", max_retries=0) as api:
        said = ""
        for chunk in api.chat.completions.create(**question, stream=True):
            said += chunk.choices[0].delta.content or ""
            if "(T2)" in said and "(T1)" in said:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
    ollama.faults.clear()
    with serving(**variables) as (process, port), client(f"http://127.0.0.1:{port}/v1") as api:
        whole = api.chat.completions.create(**question).choices[0].message.content or ""
        end = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - end < 5
    shorter = [re.sub(r"http://\S+", "", text) for text in (said, whole)]
    assert shorter[1].startswith(shorter[0].rstrip())
    with AgentOrchestrator(Settings.load()) as ours:
        [row] = ours.list_meetings()
        assert (row.status, row.turns) == ("closed", 3)
        assert ours.get_meeting_summary(row.id) in whole
