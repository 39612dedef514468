"""The tools: their names, what they are for, what they take and give. All work is done elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mcp_types import Tool as Listed
from mcp_types import ToolAnnotations
from pydantic import BaseModel

from agents.api.mcp import asking, meetings, records, shapes
from agents.api.mcp.call import Call

G = TypeVar("G", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Tool(Generic[G]):
    """A tool.

    Attributes:
        about: what it is for, in one or two short sentences.
        given: its arguments.
        result: what it gives.
        run: does it.
        reads: whether it changes nothing.
        repeats: whether the same call again changes nothing more.
    """

    about: str
    given: type[G]
    result: type[BaseModel]
    run: Callable[[Call, G], Awaitable[BaseModel]]
    reads: bool = True
    repeats: bool = True

    def listed(self, name: str) -> Listed:
        """The tool as clients see it."""
        return Listed(
            name=name,
            title=name.replace("_", " ").capitalize(),
            description=self.about,
            input_schema=_schema(self.given),
            output_schema=_schema(self.result),
            annotations=ToolAnnotations(
                read_only_hint=self.reads,
                destructive_hint=False,
                idempotent_hint=self.repeats,
                open_world_hint=False,
            ),
        )


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of arguments or results: without titles, which repeat the names, and without references, which not
    every client follows.
    """
    whole = model.model_json_schema()
    parts = whole.pop("$defs", {})
    plain: dict[str, Any] = _plain(whole, parts)
    plain.pop("description", None)
    return plain


def _plain(value: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_plain(one, parts) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _plain(parts[value["$ref"].rpartition("/")[2]], parts)
    return {key: _plain(one, parts) for key, one in value.items() if key != "title" or not isinstance(one, str)}


_ENDS = "It goes on if your client stops waiting: the same call finds the same meeting again."

TOOLS: Mapping[str, Tool[Any]] = {
    "start_meeting": Tool(
        "Start a meeting of agents about a question; returns its id at once. Then call meeting_status.",
        shapes.Wanted, shapes.StartedMeeting, meetings.start, reads=False,
    ),
    "meeting_status": Tool(
        "How far a meeting is, and what was said since `after`. With wait_s 50, waits for news.",
        shapes.StatusOf, shapes.MeetingProgress, meetings.status,
    ),
    "get_minutes": Tool(
        "The minutes of a meeting: decision, votes, dissent, actions.",
        shapes.MinutesOf, shapes.WrittenMinutes, meetings.minutes,
    ),
    "hold_meeting": Tool(
        f"Hold a meeting to its end and return the minutes; takes minutes. {_ENDS}",
        shapes.WantedOrKnown, shapes.HeldMeeting, meetings.hold, reads=False,
    ),
    "list_meetings": Tool("The newest meetings.", shapes.Limit, shapes.ListedMeetings, meetings.listed),
    "ask_agent": Tool(
        "Ask one agent a question.", shapes.Question, shapes.AgentAnswer, asking.ask, reads=False, repeats=False
    ),
    "consult": Tool(
        "Ask several agents the same question; each answers on its own.",
        shapes.QuestionToSeveral, shapes.AgentAnswers, asking.consult, reads=False, repeats=False,
    ),
    "list_actions": Tool(
        "Actions that meetings agreed on or people took on.", shapes.WhichActions, shapes.ListedActions, records.actions
    ),
    "update_action": Tool(
        "Change an action: done, reopen, assign, due or note.",
        shapes.ActionChange, shapes.ListedAction, records.change_action, reads=False, repeats=False,
    ),
    "search_memory": Tool("Search what the agents remember.", shapes.Words, shapes.Memories, records.search),
    "verify_quote": Tool(
        "Check whether words stand in a meeting or in a text word for word, and where.",
        shapes.Quote, shapes.Checked, records.verify,
    ),
    "list_agents": Tool("The agents and what they are for.", shapes.Nothing, shapes.ListedAgents, asking.agents),
    "list_meeting_types": Tool(
        "The meeting types and what they are for.", shapes.Nothing, shapes.ListedTypes, asking.types
    ),
}  # fmt: skip
"""Every tool by its name."""

LISTING = {
    "agent": "list_agents",
    "meeting type": "list_meeting_types",
    "meeting": "list_meetings",
    "action": "list_actions",
}
"""The tool that lists the things of a kind, for the remedy of an unknown name."""
