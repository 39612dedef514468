"""The reference meeting as a simple AutoGen program: a round-robin group chat of assistants.

python autogen_meeting.py WORK.json [NUM_CTX]     (OLLAMA_BASE_URL is the address of the server)
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.messages import TextMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import CancellationToken
from autogen_core.models import SystemMessage, UserMessage
from autogen_ext.models.ollama import OllamaChatCompletionClient


def main() -> None:
    """Hold the meeting."""
    work = json.loads(Path(sys.argv[1]).read_text())
    context = int(sys.argv[2]) if len(sys.argv) > 2 else 32768
    asyncio.run(hold(work, context))


async def hold(work: dict[str, Any], context: int) -> None:
    """For each topic: two rounds in which each agent speaks once, a vote, minutes."""
    client = OllamaChatCompletionClient(
        model="llama3.2", host=os.environ["OLLAMA_BASE_URL"], options={"num_ctx": context, "num_predict": 320}
    )
    rules = f"{work['brief']}\n\n{work['say']}"
    agents = [
        AssistantAgent(name, client, system_message=f"{card}\n\n{rules}") for name, card in work["agents"].items()
    ]
    scribe = AssistantAgent("scribe", client, system_message=f"You are the scribe.\n\n{work['brief']}")
    team = RoundRobinGroupChat(agents, termination_condition=MaxMessageTermination(1 + 2 * len(agents)))
    said: list[Any] = []
    for topic in work["topics"]:
        result = await team.run(task=f"The next topic is: {topic}")
        said += result.messages
        talk = "\n\n".join(f"{message.source}: {message.content}" for message in said)
        for card in work["agents"].values():
            question = [
                SystemMessage(content=f"{card}\n\n{work['brief']}"),
                UserMessage(content=f"{talk}\n\n{work['vote']}", source="chair"),
            ]
            await client.create(question, extra_create_args={"format": work["schema"]})
        ask = TextMessage(content=f"{talk}\n\n{work['minutes']}", source="chair")
        await scribe.on_reset(CancellationToken())
        await scribe.on_messages([ask], CancellationToken())
    await client.close()


if __name__ == "__main__":
    main()
