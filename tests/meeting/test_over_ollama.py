"""A whole meeting against the Ollama double, seen from the server."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from tests.inputs import PLAN, PROPOSAL
from tests.model.hostile import Hostile, says
from tests.ollama_double import OllamaDouble
from tests.ollama_double.records import Request

TOPICS = ["Is the rollback story good enough?", "Who watches it at night?"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OllamaDouble]:
    """A server after an architecture review of two documents on two topics."""
    folder = tmp_path_factory.mktemp("meeting")
    plan = folder / "plan.md"
    plan.write_text(PLAN)
    with OllamaDouble() as double:
        settings = Settings.load(
            {}, folder, ollama_base_url=double.url, data_folder=folder / "data", control_ballots="never"
        )
        with AgentOrchestrator(settings) as orchestrator:
            meeting = orchestrator.create_meeting("architecture_review", TOPICS, attach=[PROPOSAL, plan])
            assert orchestrator.conduct_meeting(meeting).status == "closed"
        yield double


def spoken(double: OllamaDouble) -> list[Request]:
    """The chat requests with a discussion; a warm-up has no messages, and a question of close reading only one."""
    return [request for request in double.requests.chats() if len(request.messages) > 1]


def test_every_request_of_a_meeting_asks_for_the_same_context(server: OllamaDouble) -> None:
    """All calls have the same num_ctx, also the warm-up: another value would load the model again."""
    sent = [request for request in server.requests if request.path in {"/api/chat", "/api/generate"}]
    assert len(sent) > 20
    assert {request.num_ctx for request in sent} == {8192}
    assert len({json.dumps(request.get("keep_alive")) for request in sent}) == 1


def test_nothing_is_truncated(server: OllamaDouble) -> None:
    """Every request forbids truncation, no request lost a message, and each prompt and answer fit the context."""
    for request in spoken(server):
        assert request.get("truncate") is False
        assert request.dropped == 0
        assert request.status == 200
        assert request.prompt_tokens + request.body["options"]["num_predict"] <= 8192


def test_requests_keep_the_agreed_order(server: OllamaDouble) -> None:
    """System message, topic, what was said, then card and question: each call begins like the one before it."""
    requests = spoken(server)
    assert len({request.messages[0]["content"] for request in requests}) == 1
    assert {request.messages[0]["role"] for request in requests} == {"system"}
    assert {message["role"] for request in requests for message in request.messages[1:]} == {"user"}
    heads = [request.messages[1]["content"] for request in requests]
    assert [head.split("\n")[0] for head in dict.fromkeys(heads)] == [f"Topic: {topic}" for topic in TOPICS]
    for before, after in itertools.pairwise(requests):
        if before.messages[1] == after.messages[1]:
            shorter = min(len(before.messages), len(after.messages)) - 1
            assert before.messages[:shorter] == after.messages[:shorter]


def test_the_card_and_the_question_come_last(server: OllamaDouble) -> None:
    """Only the last message differs from one call to the next."""
    for request in spoken(server):
        head = "\n".join(message["content"] for message in request.messages[:-1])
        assert "You are the" not in head
        if "You have the floor" in request.last_message:
            assert request.last_message.startswith("You are the ")
            assert request.last_message.split("The topic is: ")[-1] in TOPICS


def test_the_server_evaluates_little_twice(server: OllamaDouble) -> None:
    """With one slot, fewer than half of all prompt tokens are evaluated; the others are in the server's cache."""
    requests = spoken(server)
    evaluated = sum(request.evaluated or 0 for request in requests)
    assert evaluated < 0.5 * sum(request.prompt_tokens for request in requests)


@pytest.mark.parametrize("wrong", ['"many"', "NaN", "1e400", "-5", "true"])
def test_a_server_that_counts_wrongly_holds_no_meeting_up(wrong: str, tmp_path: Path) -> None:
    """Counts of another type are not used, and the meeting ends with its minutes."""
    lines = (
        f'{{"message":{{"content":"Risk: it is slow."}},"done":true,"prompt_eval_count":{wrong},"eval_count":{wrong}}}'
    )
    with Hostile({"/api/chat": says(lines)}) as bad:
        settings = Settings.load({}, tmp_path, ollama_base_url=bad.url, data_folder=tmp_path, control_ballots="never")
        with AgentOrchestrator(settings) as orchestrator:
            meeting = orchestrator.create_meeting("knowledge_sharing", TOPICS[:1], agents=["cto", "qa_engineer"])
            assert orchestrator.conduct_meeting(meeting).status == "closed"
