"""What agents are shown of attached documents outside meetings, and which lines they are not shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from agents.agent import Agent
from agents.documents import Document, Passage, passages_of
from agents.meeting.context import CONTEXTS, choose
from agents.meeting.record import Unread
from agents.meeting.sections import block_tokens, concerns, deal
from agents.meeting.unread import said, unread_lines, with_comments
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
        documents: the documents.
    """

    question: str
    passages: tuple[Passage, ...]
    skill: str | None
    longest: int
    share: float
    documents: tuple[Document, ...] = ()

    @classmethod
    def about(
        cls, documents: Sequence[Document], question: str, skill: str | None, longest: int, share: float
    ) -> "Request":
        """A question about these documents."""
        return cls(question, passages_of(documents), skill, longest, share, tuple(documents))

    def unread(self, shown: Collection[Passage], enough: int) -> Unread:
        """What is not among the shown passages; ``enough`` is the context in which it would be, or 0."""
        seen = set(shown)
        left = [passage for passage in self.passages if passage not in seen]
        found = Unread(unread_lines(self.passages, left), {"NUM_CTX": enough} if enough and left else {})
        return with_comments(found, self.documents, self.passages) if self.documents else found

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
        each: by role id, the lines that an agent is not shown.
    """

    passages: Mapping[str, tuple[Passage, ...]]
    unread: Unread
    each: Mapping[str, Unread] = field(default_factory=dict)

    def note(self, title: str) -> str:
        """The lines that were not shown, in a sentence, or ""; ``title`` is that of the only agent, or ""."""
        return not_shown(self.unread, title)


NOTHING = Shown({}, Unread())


def not_shown(unread: Unread, title: str = "") -> str:
    """The lines that were not shown to the agent with this title, or to nobody, in a sentence; "" for none."""
    return said(unread, f"The {title} was not shown" if title else "Nobody was shown")


def shown_to(agent: Agent, request: Request) -> Shown:
    """What one agent is shown: everything if it fits, else what concerns the question and the role, then what comes
    first.
    """
    count = agent.model.count_tokens
    whole = sum(block_tokens(passage, count) for passage in request.passages)
    budget = request.budget(agent)
    if whole <= budget:
        return Shown({agent.role.id: request.passages}, request.unread(request.passages, 0))
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
    return Shown({agent.role.id: _ordered(seen, request)}, request.unread(seen, _enough_for_all(agent, request, whole)))


def _enough_for_all(agent: Agent, request: Request, whole: int) -> int:
    """The smallest context in which an agent would be shown all passages, of ``whole`` tokens; 0 if none is."""
    larger = (size for size in CONTEXTS if size > agent.model.context_tokens)
    return next((size for size in larger if whole <= request.budget(agent, size)), 0)


def shown_to_panel(agents: Sequence[Agent], request: Request) -> Shown:
    """What each of several agents is shown: everything if it fits. If not, each is shown what concerns the question,
    and the rest is dealt out, so that together they see as much as possible.
    """
    with PassageIndex(request.passages) as index:
        passages, left = _for_panel(agents, request, index)
        larger = (size for size in CONTEXTS if size > min(agent.model.context_tokens for agent in agents))
        enough = next((size for size in larger if not _for_panel(agents, request, index, size)[1]), 0) if left else 0
    whole = sum(block_tokens(passage, agents[0].model.count_tokens) for passage in request.passages)
    each = {}
    for agent in agents:
        own = passages.get(agent.role.id, ())
        each[agent.role.id] = request.unread(own, _enough_for_all(agent, request, whole))
    return Shown(passages, request.unread([one for own in passages.values() for one in own], enough), each)


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


def together(request: Request, shown: Sequence[Shown]) -> Unread:
    """The lines that none of several agents was shown who were asked one after the other.

    Args:
        request: a question about the documents.
        shown: what each was shown.
    """
    seen = {passage for one in shown for read in one.passages.values() for passage in read}
    sizes = [one.unread.enough["NUM_CTX"] for one in shown if "NUM_CTX" in one.unread.enough]
    return request.unread(seen, min(sizes, default=0))


def _ordered(passages: Sequence[Passage] | Mapping[Passage, None], request: Request) -> tuple[Passage, ...]:
    chosen = set(passages)
    return tuple(passage for passage in request.passages if passage in chosen)
