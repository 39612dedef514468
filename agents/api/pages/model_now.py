"""Whether a language model could answer now, in the words of the pages; asking it never keeps a page waiting."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from agents.api.pages.visit import Visit
from agents.api.problems import told
from agents.errors import ModelUnavailable
from agents.export.html_tags import Html, tag
from agents.model import provider_of
from agents.model.state import model_state
from agents.settings import Settings

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

KEPT_SECONDS = 10.0
"""How long an answer counts."""
FIRST_WAIT, LATER_WAIT = 1.5, 0.1
"""How long a page waits for an answer, in seconds; then it says what was known before."""

_CANNOT = ("missing", "unreachable")


@dataclass(slots=True)
class _Known:
    """What is known of the model of an owner: its state, since when, and who finds it out again."""

    state: dict[str, Any] = field(default_factory=dict)
    at: float = -KEPT_SECONDS
    asked: "asyncio.Task[None] | None" = None


_KNOWN: "WeakKeyDictionary[AgentOrchestrator, _Known]" = WeakKeyDictionary()


def by_rule(visit: Visit) -> bool:
    """Whether no language model is set, so that meetings become checklists."""
    return provider_of(visit.owner.orchestrator.settings.model_name).by_rule


async def notice(visit: Visit) -> Html | None:
    """What a person should know before a meeting is planned: that there is no model, or that it does not answer."""
    settings = visit.owner.orchestrator.settings
    if by_rule(visit):
        return tag(
            "div",
            tag("p", tag("strong", "No language model is set, so a meeting becomes a checklist.")),
            tag(
                "p",
                "It names, for each seat, the lines of your documents that its job looks at, and the questions that it "
                "would ask. Nobody speaks, nothing is decided, and you cannot take a seat. For meetings, start the "
                "service with a model in MODEL_NAME, such as llama3.2.",
            ),
            class_="notice",
        )
    state = await _state(visit.owner.orchestrator)
    if state.get("state") not in _CANNOT:
        return None
    said = told(ModelUnavailable(str(state.get("why", "")), str(state.get("remedy", ""))), settings)
    return tag(
        "div",
        tag("p", tag("strong", f"The model {settings.model_name} cannot answer now.")),
        tag("p", f"{said['error']} {said['remedy']}".strip()),
        tag("p", "You can plan a meeting and read the ones that are stored. To hold one, the model has to answer."),
        class_="notice",
    )


async def _state(orchestrator: "AgentOrchestrator") -> dict[str, Any]:
    """What is known of the model; it is asked again where that is some seconds old."""
    known = _KNOWN.setdefault(orchestrator, _Known())
    if time.monotonic() - known.at < KEPT_SECONDS:
        return known.state
    if known.asked is None or known.asked.done():
        known.asked = asyncio.create_task(_ask(orchestrator.settings, known))
    await asyncio.wait([known.asked], timeout=LATER_WAIT if known.state else FIRST_WAIT)
    return known.state


async def _ask(settings: Settings, known: _Known) -> None:
    known.state = await asyncio.to_thread(model_state, settings)
    known.at = time.monotonic()
