"""What agents are shown of attached documents outside meetings, and which lines they are not shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.agent import Agent
from agents.documents import Passage
from agents.meeting.context import CONTEXTS, choose
from agents.meeting.record import Unread
from agents.meeting.sections import block_tokens, concerns, deal, said, unread_lines
from agents.model import render_passages
from agents.store.document_index import PassageIndex

CHOSEN_SHARE = 0.5
"""The part of what a panel's agents are shown that each chooses by the question; the rest is dealt out to them."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked about documents.

    Attributes:
        question: the question.
        passages: the passages of the documents.
        skill: the skill to answer with, or None.
        longest: the most tokens of the answer.
        share: the part of the free context that the documents may take.
    """

    question: str
    passages: tuple[Passage, ...]
    skill: str | None
    longest: int
    share: float

    def budget(self, agent: Agent, context: int = 0) -> int:
        """The tokens for passages in a prompt for an agent; ``context`` is the model's context, if it were another."""
        more = max(0, context - agent.model.context_tokens) if context else 0
        room = agent.room_for(self.question, self.skill, self.longest) + more
        return int(room * self.share) - agent.model.count_tokens(render_passages(()))


@dataclass(frozen=True, slots=True)
class Shown:
    """What agents are shown.

    Attributes:
        passages: by role id, the passages that an agent is shown, in order.
        unread: the lines that none of them is shown.
    """

    passages: Mapping[str, tuple[Passage, ...]]
    unread: Unread

    def note(self, title: str) -> str:
        """The lines that were not shown, in a sentence, or ""; ``title`` is that of the only agent, or ""."""
        return said(self.unread, f"The {title} was not shown" if title else "Nobody was shown")


NOTHING = Shown({}, Unread())


def shown_to(agent: Agent, request: Request) -> Shown:
    """What one agent is shown: everything if it fits, else what concerns the question and the role, then what comes
    first.
    """
    count = agent.model.count_tokens
    whole = sum(block_tokens(passage, count) for passage in request.passages)
    budget = request.budget(agent)
    if whole <= budget:
        return Shown({agent.role.id: request.passages}, Unread())
    with PassageIndex(request.passages) as index:
        queries = [request.question, concerns(agent.role)]
        chosen = choose(request.passages, index, queries, budget, count)
    seen = dict.fromkeys(chosen)
    budget -= sum(block_tokens(passage, count) for passage in chosen)
    for passage in request.passages:
        cost = block_tokens(passage, count)
        if passage not in seen and cost <= budget:
            seen[passage] = None
            budget -= cost
    return Shown({agent.role.id: _ordered(seen, request)}, _unread(seen, request, agent, whole))


def shown_to_panel(agents: Sequence[Agent], request: Request) -> Shown:
    """What each of several agents is shown: everything if it fits. If not, each is shown what concerns the question,
    and the rest is dealt out, so that together they see as much as possible.
    """
    with PassageIndex(request.passages) as index:
        passages, left = _for_panel(agents, request, index)
        larger = (size for size in CONTEXTS if size > min(agent.model.context_tokens for agent in agents))
        enough = next((size for size in larger if not _for_panel(agents, request, index, size)[1]), 0) if left else 0
    return Shown(passages, Unread(unread_lines(request.passages, left), {"NUM_CTX": enough} if enough else {}))


def _for_panel(
    agents: Sequence[Agent], request: Request, index: PassageIndex, context: int = 0
) -> tuple[dict[str, tuple[Passage, ...]], tuple[Passage, ...]]:
    """What each agent of a panel is shown, and what none is; ``context`` is the context, if it were another."""
    count = agents[0].model.count_tokens
    costs = {passage: block_tokens(passage, count) for passage in request.passages}
    budget = min(request.budget(agent, context) for agent in agents)
    if sum(costs.values()) <= budget:
        return {agent.role.id: request.passages for agent in agents}, ()
    chosen = choose(request.passages, index, [request.question], int(budget * CHOSEN_SHARE), count)
    known = set(chosen)
    rest = [passage for passage in request.passages if passage not in known]
    part = budget - sum(costs[passage] for passage in chosen)
    dealt = deal(rest, [costs[passage] for passage in rest], [agent.role for agent in agents], index, part, 1)
    own = {agent.role.id: [one for part in dealt.parts.get(agent.role.id, ()) for one in part] for agent in agents}
    return {role: _ordered((*chosen, *passages), request) for role, passages in own.items()}, dealt.left


def together(passages: Sequence[Passage], shown: Sequence[Shown]) -> Shown:
    """What several agents were shown who were asked one after the other: the lines that none of them was shown.

    Args:
        passages: all passages, in order.
        shown: what each was shown.
    """
    seen = {passage for one in shown for read in one.passages.values() for passage in read}
    left = [passage for passage in passages if passage not in seen]
    sizes = [one.unread.enough["NUM_CTX"] for one in shown if "NUM_CTX" in one.unread.enough]
    return Shown({}, Unread(unread_lines(passages, left), {"NUM_CTX": min(sizes)} if sizes and left else {}))


def _ordered(passages: Sequence[Passage] | Mapping[Passage, None], request: Request) -> tuple[Passage, ...]:
    chosen = set(passages)
    return tuple(passage for passage in request.passages if passage in chosen)


def _unread(shown: Mapping[Passage, None], request: Request, agent: Agent, whole: int) -> Unread:
    """The lines of the passages that an agent is not shown, and the context in which all would fit."""
    left = [passage for passage in request.passages if passage not in shown]
    larger = (size for size in CONTEXTS if size > agent.model.context_tokens)
    enough = next((size for size in larger if whole <= request.budget(agent, size)), 0)
    return Unread(unread_lines(request.passages, left), {"NUM_CTX": enough} if enough and left else {})
