"""Clients that give up soon, and processes that end: there is one meeting, and its minutes arrive."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from mcp import MCPError

from agents.api.mcp import call
from agents.api.mcp.shapes import MOST_WAIT
from agents.cli.app import run_app
from agents.orchestrator import AgentOrchestrator
from tests.api.mcp.clients import Heard, called, connected, hearing, over_http, over_stdio, served
from tests.inputs import ROOT
from tests.ollama_double import OllamaDouble, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

MEETING: dict[str, Any] = {"type": "decision", "topic": "Buy or build?", "agents": ["cto", "qa_engineer"]}
LIMIT = 2.0
"""Seconds after which the clients of these tests give up, for the 60 of real ones."""


@pytest.fixture
def slow(ollama: OllamaDouble) -> OllamaDouble:
    """A model with which a meeting takes several times as long as a client waits."""
    ollama.inject(faults.slow_first_token(seconds=0.4, times=None))
    return ollama


def meetings() -> list[str]:
    """The statuses of all meetings."""
    with AgentOrchestrator() as orchestrator:
        return [row.status for row in orchestrator.list_meetings()]


def test_a_client_with_a_limit_asks_for_the_status(ollama: OllamaDouble) -> None:
    """Start, status and minutes each take less than the limit, and everything that was said is told once."""
    slow = ollama

    async def play() -> int:
        async with served() as (url, _), connected(url, "2026-07-28", LIMIT) as client, connected(url) as patient:
            await called(patient, "hold_meeting", **{**MEETING, "topic": "Now or later?"})  # loads what a meeting needs
            slow.inject(faults.slow_first_token(seconds=0.4, times=None))
            meeting = (await called(client, "start_meeting", **MEETING))["id"]
            news = await called(client, "meeting_status", id=meeting, wait_s=1, after=0)
            said, calls = [*news["new"]], 1
            while news["state"] != "closed":
                calls += 1
                news = await called(client, "meeting_status", id=meeting, wait_s=1, after=news["after"])
                said += news["new"]
            found = (await called(client, "get_minutes", id=meeting, format="json"))["minutes"]
            turns = [turn["id"] for turn in json.loads(found)["turns"]]
            told = [one["place"] for one in said if one["place"].startswith("T")]
            assert sorted(told) == sorted(turns)
            return calls

    assert asyncio.run(play()) > 1
    assert meetings() == ["closed", "closed"]


def test_a_blocking_call_can_be_repeated(slow: OllamaDouble) -> None:
    """A client that gives up on the same call again and again gets the minutes of the one meeting in the end."""

    async def play() -> int:
        heard: Heard = []
        async with over_stdio() as client:
            for tries in range(1, 30):  # noqa: B007 - the number of the last one is returned
                try:
                    result = await client.call_tool(
                        "hold_meeting", MEETING, read_timeout_seconds=LIMIT, progress_callback=hearing(heard)
                    )
                except MCPError:
                    continue
                assert not result.is_error
                assert result.structured_content["minutes"].startswith("# ")
                break
        assert any("CTO" in said or "Officer" in said for _, _, said in heard)
        return tries

    assert asyncio.run(play()) > 1
    assert meetings() == ["closed"]
    asked = [request.body for request in slow.requests if request.path == "/api/chat" and request.body.get("messages")]
    assert len(asked) == len({json.dumps(body, sort_keys=True) for body in asked})


def test_progress_is_told_each_turn_and_in_between(slow: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its numbers grow, there is one for each turn, and more while a model is silent; without progress, the call ends by
    itself before a client would give up.
    """
    monkeypatch.setattr("agents.api.mcp.meetings.BEAT_SECONDS", 0.1)
    slow.faults.clear()
    slow.inject(faults.slow_first_token(seconds=0.25, times=None))

    async def play() -> None:
        heard: Heard = []
        async with served() as (url, _), connected(url) as client:
            await client.call_tool("hold_meeting", MEETING, progress_callback=hearing(heard))
            found = (await called(client, "get_minutes", id="last", format="json"))["minutes"]
            turns = json.loads(found)["turns"]
            for turn in turns:
                assert any(said.startswith(f"{turn['id']} ") for _, _, said in heard)
            assert all(one[0] < two[0] for one, two in pairwise(heard))
            assert sum("has the floor" in said for _, _, said in heard) > len(turns)
            monkeypatch.setattr(call, "MOST_WAIT", 1.2)
            held = await called(client, "hold_meeting", **{**MEETING, "topic": "Now or later?"})
            assert (held["state"], held["minutes"]) == ("running", "")
            assert held["id"] in held["next"]

    asyncio.run(play())


def test_the_real_limits_fit() -> None:
    """A call waits at most 50 of the 60 seconds that clients wait, and is never silent for 10."""
    assert MOST_WAIT == 50
    assert call.BEAT_SECONDS < 10


@pytest.mark.parametrize("how", ["end of input", "SIGTERM", "SIGKILL"])
def test_an_ended_process_leaves_a_meeting_that_goes_on(slow: OllamaDouble, how: str) -> None:
    """When its client goes, or a signal comes, the meeting is parked; another process resumes it, and asks nothing
    again that was answered.
    """
    with _talking() as process:
        meeting = _call(process, "start_meeting", MEETING)["id"]
        _call(process, "meeting_status", {"id": meeting, "wait_s": 30})
        assert process.stdin
        if how == "end of input":
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, how))
        status = process.wait(20)
        assert status == {"end of input": 0, "SIGTERM": 128 + signal.SIGTERM, "SIGKILL": -signal.SIGKILL}[how]
    with AgentOrchestrator() as orchestrator:
        [row] = orchestrator.list_meetings()
        kept = orchestrator.meetings.journal(row.id).events()
        assert row.turns
    slow.faults.clear()

    async def play() -> None:
        async with over_http() as client:
            assert (await called(client, "meeting_status", id=meeting))["state"] == "interrupted"
            assert (await called(client, "hold_meeting", id=meeting))["state"] == "closed"

    asyncio.run(play())
    with AgentOrchestrator() as orchestrator:
        assert orchestrator.meetings.journal(meeting).events()[: len(kept)] == kept
        assert len(orchestrator.list_meetings()) == 1


def test_only_the_protocol_is_on_standard_output(ollama: OllamaDouble) -> None:
    """Each line there is a message, whatever else the program says, and garbage from a client is answered."""
    del ollama
    with _talking() as process:
        assert process.stdin
        process.stdin.write("this is no message\n")
        _call(process, "hold_meeting", MEETING)
        process.stdin.close()
        assert process.stdout
        for line in process.stdout:
            assert json.loads(line)["jsonrpc"] == "2.0"
        assert process.wait(10) == 0


def test_a_missing_package_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the command says how to install it."""
    for name in [name for name in sys.modules if name.startswith("agents.api.mcp.") and not name.endswith(".extra")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    assert run_app(["mcp"]) == 2
    assert 'pip install "multi-agent-orchestrator[mcp]"' in capsys.readouterr().err


def test_no_other_command_imports_the_sdk() -> None:
    """Help and the modules of the commands come without it."""
    script = "import sys; from agents.cli.app import run_app; run_app(['--help']); print('mcp' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1] == "False"


@contextmanager
def _talking() -> "Iterator[subprocess.Popen[str]]":
    """A process of ``orchestrator mcp`` that was greeted."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "agents", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        try:
            client = {"name": "test", "version": "1"}
            hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
            assert _request(process, "initialize", hello)["serverInfo"]["name"] == "orchestrator"
            _send(process, {"method": "notifications/initialized"})
            yield process
        finally:
            process.kill()


def _call(process: "subprocess.Popen[str]", tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = _request(process, "tools/call", {"name": tool, "arguments": arguments})
    assert not result.get("isError")
    found: dict[str, Any] = result["structuredContent"]
    return found


def _request(process: "subprocess.Popen[str]", method: str, params: dict[str, Any]) -> dict[str, Any]:
    _send(process, {"id": 1, "method": method, "params": params})
    assert process.stdout
    for line in process.stdout:
        message = json.loads(line)
        if message.get("id") == 1:
            result: dict[str, Any] = message["result"]
            return result
    pytest.fail("it ended")


def _send(process: "subprocess.Popen[str]", message: dict[str, Any]) -> None:
    assert process.stdin
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    process.stdin.flush()
