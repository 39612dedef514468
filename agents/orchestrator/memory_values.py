"""What agents remember: found by the words of people, and as JSON values."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from agents.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.memory import Remembered
    from agents.orchestrator import AgentOrchestrator
    from agents.store.memories import AgentStats

LARGEST = 2**62
"""No note has a number as large as this, and SQLite accepts numbers up to twice this."""


def remembering(orchestrator: "AgentOrchestrator", name: str) -> str:
    """The id of an agent; an agent without a role file is known as long as its memory exists.

    Raises:
        UnknownName: there is no such agent.

    Example:
        print(remembering(orchestrator, "CTO"))
    """
    if any(row.agent == name for row in orchestrator.memories.stats()):
        return name
    return orchestrator.get_agent_info(name).id


def newest(
    orchestrator: "AgentOrchestrator", agent: str, limit: int, since: datetime | None = None, *, pinned: bool = False
) -> "list[Remembered]":
    """The newest messages of an agent, oldest first.

    Args:
        orchestrator: has the memories.
        agent: the agent's id.
        limit: at most so many.
        since: the moment from which on; None for any.
        pinned: whether only pinned notes are meant.

    Example:
        print([one.text for one in newest(orchestrator, "cto", 10)])
    """
    memories = orchestrator.memories
    if pinned:
        kept = memories.pinned(agent)
        return [note for note in kept if not since or datetime.fromisoformat(note.at) >= since][-limit:]
    return memories.since(agent, since, limit=limit) if since else memories.recent(agent, limit=limit)


def matching(
    orchestrator: "AgentOrchestrator", words: str, agent: str = "", limit: int = 10
) -> "list[tuple[Remembered, str]]":
    """Messages that have these words, best first, each with a snippet in which the words are in square brackets.

    Args:
        orchestrator: has the memories.
        words: what to search for.
        agent: only of this agent; "" for all.
        limit: at most so many.

    Raises:
        UnknownName: there is no such agent.
        UsageError: there are no words.

    Example:
        print([snippet for _, snippet in matching(orchestrator, "budget")])
    """
    who = remembering(orchestrator, agent) if agent else None
    if not words.strip():
        raise UsageError("There are no words to search for.", "Give words.", about="words")
    return orchestrator.memories.snippets(words, who, limit)


def keep_note(orchestrator: "AgentOrchestrator", agent: str, text: str) -> int:
    """Pin a note, which is then in every prompt of an agent; returns its number.

    Raises:
        UsageError: there is no text.
        UnknownName: there is no such agent.

    Example:
        print(keep_note(orchestrator, "cto", "Our budget for 2027 is frozen."))
    """
    note = text.strip()
    if not note:
        raise UsageError("There is nothing to pin.", "Give a note.", about="note")
    return orchestrator.memories.pin(orchestrator.get_agent_info(agent).id, note)


def message_values(message: "Remembered") -> dict[str, Any]:
    """A message or note as a JSON object.

    Example:
        print([message_values(one) for one in newest(orchestrator, "cto", 10)])
    """
    from agents.memory.file import as_dict

    return {"number": message.number, **as_dict(message)}


def stats_values(rows: "Sequence[AgentStats]") -> list[dict[str, Any]]:
    """How much each agent remembers, as JSON objects.

    Example:
        print(stats_values(orchestrator.memories.stats()))
    """
    keys = {"agent": "agent", "messages": "messages", "tokens": "tokens", "bytes": "text_bytes"}
    keys["last_used"] = "last_used"
    return [{name: getattr(row, key) for name, key in keys.items()} for row in rows]
