"""The tools that ask agents, and those that list them and the meeting types."""

from agents.api.mcp.call import Call
from agents.api.mcp.meetings import documents_of
from agents.api.mcp.shapes import (
    AUTO,
    AgentAnswer,
    AgentAnswers,
    ListedAgent,
    ListedAgents,
    ListedType,
    ListedTypes,
    Nothing,
    Question,
    QuestionToSeveral,
)
from agents.role import standing

SESSION = "mcp"
"""The conversation that questions of other programs belong to, in an agent's memory."""

AGAIN = "The agents are still answering. Call this again with the same arguments to get the answer."


async def ask(call: Call, given: Question) -> AgentAnswer:
    """The answer of one agent, who remembers it."""
    orchestrator = call.owner.orchestrator
    role = orchestrator.get_agent_info(given.agent)

    async def answer() -> tuple[str, list[str]]:
        notes: list[str] = []
        attached = await documents_of(given.documents)
        text = await orchestrator.achat_with_agent(
            role.id, given.question, attach=attached, session=SESSION, on_note=notes.append
        )
        return text, notes

    found = await call.answered("ask", given, answer)
    if found is None:
        return AgentAnswer(agent=role.id, title=role.title, state="running", answer="", notes=[AGAIN])
    return AgentAnswer(agent=role.id, title=role.title, state="answered", answer=found[0], notes=found[1])


async def consult(call: Call, given: QuestionToSeveral) -> AgentAnswers:
    """The answers of several agents, each on its own."""
    orchestrator = call.owner.orchestrator

    async def answers() -> AgentAnswers:
        notes: list[str] = []
        attached = await documents_of(given.documents)
        whom = AUTO if given.agents in ([], [AUTO]) else given.agents
        found = await orchestrator.aconsult(given.question, whom, attach=attached, on_note=notes.append)
        return AgentAnswers(
            state="answered",
            answers=[
                AgentAnswer(
                    agent=one.agent,
                    title=one.title,
                    state="failed" if one.error else "answered",
                    answer=one.text or one.error,
                    notes=list(one.notes),
                )
                for one in found
            ],
            notes=notes,
        )

    found = await call.answered("consult", given, answers)
    return found or AgentAnswers(state="running", answers=[], notes=[AGAIN])


async def agents(call: Call, _given: Nothing) -> ListedAgents:
    """All agents but the extra ones."""
    roles = standing(call.owner.orchestrator.roles)
    return ListedAgents(
        agents=[
            ListedAgent(id=role.id, title=role.title, department=role.department, mission=role.mission)
            for _, role in sorted(roles.items())
        ]
    )


async def types(call: Call, _given: Nothing) -> ListedTypes:
    """All meeting types."""
    return ListedTypes(
        types=[
            ListedType(id=name, title=kind.title, purpose=kind.purpose, needs_document=kind.needs == "document")
            for name, kind in call.owner.orchestrator.types.items()
        ]
    )
