"""What 29 agents in one process share: one pool of connections and one context, whatever they are asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from tests.ollama_double import OllamaDouble


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OllamaDouble]:
    """A server on which all 29 agents held a meeting, two at the same time, and were then asked alone."""
    folder = tmp_path_factory.mktemp("everybody")
    with OllamaDouble(parallel=2) as double:
        flags: dict[str, Any] = {
            "ollama_base_url": double.url,
            "data_folder": folder / "data",
            "log_folder": folder,
            "parallel": 2,
            "control_ballots": "never",
        }
        with AgentOrchestrator(Settings.load({}, folder, **flags)) as orchestrator:
            meeting = orchestrator.create_meeting("decision", "Move sessions to Redis?", agents=("all",))
            assert len(orchestrator.conduct_meeting(meeting).present) == 29
            orchestrator.multi_agent_consultation("Redis or not?", list(orchestrator.roles)[:5])
        yield double


def test_connections_are_as_many_as_calls_at_once(server: OllamaDouble) -> None:
    """Chats of 29 agents go over as many connections as calls may be under way, not over one an agent."""
    chats = server.requests.chats()
    assert len(chats) > 60
    assert len({request.connection for request in chats}) <= 2


def test_no_more_calls_at_once_than_the_server_has_slots(server: OllamaDouble) -> None:
    """A round of 29 keeps both slots at work, and never has more requests open."""
    assert server.engine.most_working == 2
    assert server.most_in_flight == 2


def test_one_context_and_one_load(server: OllamaDouble) -> None:
    """Every request asks for the same context, so the model is loaded once."""
    assert server.requests.num_ctxs() == {8192}
    assert server.engine.loads == [("llama3.2:latest", 8192)]


def test_heads_are_the_same_for_all(server: OllamaDouble) -> None:
    """Within the meeting one system message serves all 29; what differs comes after it."""
    meeting = [request for request in server.requests.chats() if "In the room:" in request.messages[0]["content"]]
    assert len(meeting) > 55
    assert len({request.messages[0]["content"] for request in meeting}) == 1
