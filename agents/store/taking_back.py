"""Taking back what was just said in a conversation."""

from collections.abc import Sequence

from agents.store import upkeep
from agents.store.memories import Memories
from agents.store.seal import storable
from agents.store.summaries import drop_from


def take_back(memories: Memories, agent: str, session: str, said: Sequence[str]) -> int:
    """Forget the newest messages of a conversation, for good; returns how many went.

    A summary that covers one of them goes, too; the one before it is in force again.

    Args:
        memories: where they are kept.
        agent: role id.
        session: the conversation.
        said: their words, oldest first. Where something else was said since, nothing is forgotten.
    """
    newest = memories.recent(agent, session, limit=len(said))
    if not said or [message.text for message in newest] != [storable(text) for text in said]:
        return 0
    marks = ", ".join("?" * len(newest))
    with memories.database.write() as connection:
        drop_from(connection, agent, session, newest[0].number)
        sql = f"DELETE FROM messages WHERE NOT pinned AND number IN ({marks})"  # noqa: S608 - question marks only
        gone = connection.execute(sql, [message.number for message in newest]).rowcount
    upkeep.wipe(memories.database)
    return gone
