"""What agents bring to a meeting from earlier conversations, seen in the prompts that a server receives."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from agents.clock import spoken_day
from agents.meeting.record import Minutes
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble
from tests.ollama_double.answers import default_answer

TOPIC = "Shall we adopt the session store?"
DAY = date(2026, 11, 23)


@pytest.fixture
def orchestrator(ollama: OllamaDouble) -> Iterator[AgentOrchestrator]:
    """An orchestrator whose models are on the double."""
    assert ollama.url
    with AgentOrchestrator() as made:
        yield made


def meeting(orchestrator: AgentOrchestrator, topic: str = TOPIC) -> Minutes:
    """The minutes of a decision by three roles on the example document."""
    agents = ["cto", "qa_engineer", "security_engineer"]
    return orchestrator.conduct_meeting(
        orchestrator.create_meeting("decision", topic, agents=agents, attach=[PROPOSAL], held=DAY)
    )


def said_to(ollama: OllamaDouble, title: str) -> list[str]:
    """The last messages of a discussion for the speaker with this title, so far."""
    asked = (one for one in ollama.requests.chats() if len(one.messages) > 1)
    return [one.last_message for one in asked if title in one.last_message[:60]]


def test_a_talk_about_the_same_document_leaves_nothing_in_a_meeting(
    ollama: OllamaDouble, orchestrator: AgentOrchestrator
) -> None:
    """Neither the question nor the answer of an earlier chat is in any prompt of a meeting."""
    answer = "The marmalade cluster drowns on Thursday."
    ollama.answer = [answer]
    question = f"{TOPIC} Think of the zeppelin."
    orchestrator.chat_with_agent("cto", question, attach=[PROPOSAL])
    ollama.answer = None
    ollama.requests.clear()
    meeting(orchestrator)
    sent = "".join(message["content"] for one in ollama.requests.chats() for message in one.messages)
    assert TOPIC in sent
    assert "zeppelin" not in sent
    assert "marmalade" not in sent
    assert "You remember:" not in sent


def test_commitments_and_decisions_are_brought(ollama: OllamaDouble, orchestrator: AgentOrchestrator) -> None:
    """A pinned note, an open action and the own vote of an earlier meeting are; the reason of the vote is not."""
    first = meeting(orchestrator)
    [topic] = first.topics
    vote = next(one for one in topic.ballots if one.speaker == "cto")
    orchestrator.memories.pin("cto", "We never deploy on Fridays.")
    action = NewAction(
        meeting=first.meeting, key="own", series="", topic=TOPIC, task="Measure the failover", owner="cto",
        due=date(2026, 12, 4), due_text="", turn="T1", quote="", verified=True,
    )  # fmt: skip
    name = orchestrator.actions.add(action)
    ollama.requests.clear()
    meeting(orchestrator, "Is the session store ready?")
    prompts = said_to(ollama, "Chief Technology Officer")
    assert prompts
    voted = f"you voted {vote.vote.value.replace('_', ' ')}"
    for prompt in prompts:
        assert "- We never deploy on Fridays.\n" in prompt
        assert f"- Your open action {name}, due 2026-12-04: Measure the failover\n" in prompt
        assert f'- {first.title} of 2026-11-23, on "{TOPIC}": {topic.decision.outcome}; {voted}\n' in prompt
        assert vote.reason not in prompt
    others = said_to(ollama, "QA Engineer")
    assert not any("Fridays" in prompt or "failover\n" in prompt for prompt in others)


def test_a_decision_on_another_matter_is_not_brought(ollama: OllamaDouble, orchestrator: AgentOrchestrator) -> None:
    """Only meetings on topics with the same words come back; one that was deleted does not."""
    decided = f'of 2026-11-23, on "{TOPIC}":'
    first = meeting(orchestrator)
    for again in ("Where do people eat lunch?", TOPIC):
        ollama.requests.clear()
        meeting(orchestrator, again)
        assert any(decided in prompt for prompt in said_to(ollama, "Chief Technology Officer")) == (again == TOPIC)
    orchestrator.meetings.delete(first.meeting)
    assert [row.title for row in orchestrator.meetings.list()]


def test_a_vote_that_did_not_count_is_not_brought(ollama: OllamaDouble, orchestrator: AgentOrchestrator) -> None:
    """An agent whose vote was unsteady is not told in a later meeting how it voted."""

    def first_option(body: Mapping[str, Any]) -> str:
        vote = body["format"]["properties"].get("vote") if isinstance(body.get("format"), Mapping) else None
        return json.dumps({"vote": vote["enum"][0]}) if vote else default_answer(body)

    ollama.answer = first_option
    assert not any(one.steady for one in meeting(orchestrator).topics[0].ballots)
    ollama.requests.clear()
    meeting(orchestrator, "Is the session store ready?")
    prompts = said_to(ollama, "Chief Technology Officer")
    assert any(f'on "{TOPIC}"' in prompt for prompt in prompts)
    assert not any("you voted" in prompt for prompt in prompts)


def test_no_prose_of_a_model_is_kept(orchestrator: AgentOrchestrator) -> None:
    """A memory of a meeting has the outcome and the own vote, and the tasks taken on; reasons are in the minutes."""
    minutes = meeting(orchestrator)
    [topic] = minutes.topics
    for vote in topic.ballots:
        notes = [one.text for one in orchestrator.memories.recent(vote.speaker, f"meeting:{minutes.meeting}")]
        assert len(notes) == 1 + sum(one.agreed and one.owner == vote.speaker for one in topic.actions)
        assert vote.reason
        assert not any(vote.reason in note for note in notes)


def test_agents_alone_are_told_the_day(ollama: OllamaDouble, orchestrator: AgentOrchestrator, frozen_day: date) -> None:
    """A question to one agent, a consultation and a workflow end their system message with today's date."""
    orchestrator.chat_with_agent("cto", "What is due this week?")
    orchestrator.multi_agent_consultation("What is due?", ["qa_engineer"])
    orchestrator.collaborative_task("Plan it", ["product_manager"])
    briefs = [one.messages[0]["content"] for one in ollama.requests.chats() if one.messages]
    assert len(briefs) == 3
    assert all(brief.endswith(f"Today is {spoken_day(frozen_day)}.") for brief in briefs)


def test_rules_about_documents_come_with_documents(ollama: OllamaDouble, orchestrator: AgentOrchestrator) -> None:
    """An agent is told how to cite a document only where it is given one."""
    orchestrator.chat_with_agent("cto", "What is due?")
    orchestrator.chat_with_agent("cto", "What is due?", attach=[PROPOSAL])
    without, given = (one.messages[0]["content"] for one in ollama.requests.chats() if one.messages)
    assert "file:line" not in without
    assert "file:line" in given


@pytest.fixture
def frozen_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """A day that lasts as long as the test, also over midnight."""
    monkeypatch.setattr("agents.agent.today", lambda: DAY)
    return DAY
