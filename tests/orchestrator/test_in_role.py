"""Answers to the messages of a program, in the role of an agent."""

import asyncio
from pathlib import Path

import pytest

from agents.documents import Document
from agents.errors import UsageError
from agents.model import Message, Prompt
from agents.orchestrator import AgentOrchestrator
from tests.orchestrator.stage import staged


def test_the_messages_of_the_caller_are_answered_in_role(tmp_path: Path) -> None:
    """The role comes first, then what the program says, then the talk; nothing is remembered."""
    seen: list[Prompt] = []

    def say(prompt: Prompt) -> str:
        seen.append(prompt)
        return "Measure it first."

    talk = [
        Message("system", "Answer in French."),
        Message("user", "We have a cache."),
        Message("assistant", "How large?"),
        Message("user", "Two gigabytes. Is that much?"),
    ]
    pieces: list[str] = []
    with staged(tmp_path / "data", say) as orchestrator:
        reply = orchestrator.reply_in_role("cto", talk, on_text=pieces.append)
        assert not orchestrator.memories.stats()
    assert reply.text == "".join(pieces) == "Measure it first."
    assert reply.reply_tokens
    [prompt] = seen
    assert prompt.brief.index("Technology") < prompt.brief.index("Answer in French.")
    assert [message.text for message in prompt.transcript] == ["We have a cache.", "How large?"]
    assert prompt.tail().endswith("Two gigabytes. Is that much?")


def test_the_oldest_messages_are_left_out_and_this_is_said(tmp_path: Path) -> None:
    """Messages that do not fit are left out whole, the oldest first, and a note says how many."""
    seen: list[Prompt] = []
    notes: list[str] = []

    def say(prompt: Prompt) -> str:
        seen.append(prompt)
        return "Yes."

    talk = [Message("user", f"{number} " + "word " * 200) for number in range(60)]
    document = Document("plan.md", "# Plan\n\nThe cache moves on Monday.\n")
    with staged(tmp_path / "data", say) as orchestrator:
        orchestrator.reply_in_role("cto", [*talk, Message("user", "When?")], attach=[document], on_note=notes.append)
    [prompt] = seen
    kept = prompt.transcript
    assert 0 < len(kept) < 60
    assert kept[-1].text == talk[-1].text
    assert notes[0].startswith(f"The {60 - len(kept)} oldest messages were left out")
    assert "plan.md" in prompt.tail()


def test_there_must_be_a_question(tmp_path: Path) -> None:
    """Messages without words of a user are refused before a model is asked; the answer is as long as the caller says."""

    def say(prompt: Prompt) -> str:
        return f"{prompt.max_tokens}"

    async def ask(orchestrator: AgentOrchestrator) -> str:
        async with orchestrator:
            with pytest.raises(UsageError, match="no question"):
                await orchestrator.areply_in_role("cto", [Message("system", "Be short."), Message("user", " ")])
            return (await orchestrator.areply_in_role("cto", [Message("user", "Hm?")], max_tokens=17)).text

    with staged(tmp_path / "data", say) as orchestrator:
        assert asyncio.run(ask(orchestrator)) == "17"
