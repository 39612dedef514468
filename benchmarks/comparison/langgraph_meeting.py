"""The reference meeting as a simple LangGraph program: one node for each agent, and the messages as state.

python langgraph_meeting.py WORK.json [NUM_CTX]     (OLLAMA_BASE_URL is the address of the server)
"""

import asyncio
import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_ollama import ChatOllama
from langgraph.graph import END, START, MessagesState, StateGraph


def main() -> None:
    """Hold the meeting."""
    work = json.loads(Path(sys.argv[1]).read_text())
    context = int(sys.argv[2]) if len(sys.argv) > 2 else 32768
    model = ChatOllama(
        model="llama3.2", base_url=os.environ["OLLAMA_BASE_URL"], num_ctx=context, num_predict=320, keep_alive=-1
    )
    asyncio.run(hold(work, model))


async def hold(work: dict[str, Any], model: ChatOllama) -> None:
    """For each topic: two rounds in which each agent speaks once, a vote, minutes."""
    graph = StateGraph(MessagesState)
    names = list(work["agents"])
    for name in names:
        graph.add_node(name, speaker(model, name, work))
    graph.add_edge(START, names[0])
    for before, after in pairwise(names):
        graph.add_edge(before, after)
    graph.add_edge(names[-1], END)
    round_ = graph.compile()
    voter = model.with_structured_output(work["schema"])
    state: dict[str, Any] = {"messages": []}
    for topic in work["topics"]:
        state["messages"] = [*state["messages"], HumanMessage(f"The next topic is: {topic}", name="chair")]
        for _ in range(2):
            state = await round_.ainvoke(state, {"recursion_limit": 100})
        for name in names:
            system = SystemMessage(f"{work['agents'][name]}\n\n{work['brief']}")
            await voter.ainvoke([system, *state["messages"], HumanMessage(work["vote"])])
        scribe = SystemMessage(f"You are the scribe.\n\n{work['brief']}")
        minutes = await model.ainvoke([scribe, *state["messages"], HumanMessage(work["minutes"])])
        state["messages"] = [*state["messages"], AIMessage(str(minutes.content), name="scribe")]


def speaker(model: ChatOllama, name: str, work: dict[str, Any]) -> Any:
    """The node of one agent: its card as system message, the discussion, the question."""
    system = SystemMessage(f"{work['agents'][name]}\n\n{work['brief']}")

    async def speak(state: MessagesState) -> dict[str, Any]:
        answer = await model.ainvoke([system, *state["messages"], HumanMessage(work["say"])])
        return {"messages": [HumanMessage(f"{name}: {answer.content}", name=name)]}

    return speak


if __name__ == "__main__":
    main()
