"""The tools that read and change what is stored: actions, memories, and where words stand."""

from typing import TYPE_CHECKING

from agents.api.mcp.call import Call
from agents.api.mcp.meetings import documents_of
from agents.api.mcp.shapes import (
    ActionChange,
    Checked,
    FoundAt,
    GivenDocument,
    ListedAction,
    ListedActions,
    Memories,
    Memory,
    Quote,
    WhichActions,
    Words,
)
from agents.errors import UsageError
from agents.meeting.codec import values
from agents.meeting.record import Turn
from agents.orchestrator.action_search import find_actions, owner_ids
from agents.orchestrator.action_values import is_overdue
from agents.orchestrator.memory_values import matching
from agents.orchestrator.quotes import in_document, in_meeting
from agents.orchestrator.said_times import due_day

if TYPE_CHECKING:
    from agents.store.actions import ActionRow


async def actions(call: Call, given: WhichActions) -> ListedActions:
    """Actions of the register."""
    rows = find_actions(
        call.owner.orchestrator,
        owner=given.owner,
        open_only=given.status == "open",
        overdue=given.overdue,
        meeting=given.meeting,
        series=given.series,
    )
    return ListedActions(actions=[_listed(row) for row in rows])


async def change_action(call: Call, given: ActionChange) -> ListedAction:
    """Change an action; returns it as it is now."""
    orchestrator = call.owner.orchestrator
    register = orchestrator.actions
    match given.change:
        case "done":
            register.done(given.id, given.value, who=given.by)
        case "reopen":
            register.reopen(given.id, who=given.by)
        case "assign":
            register.assign(given.id, owner_ids(orchestrator.roles, given.value), who=given.by)
        case "due":
            register.set_due(given.id, due_day(given.value) if given.value.strip() else None, who=given.by)
        case "note":
            if not given.value.strip():
                raise UsageError("There are no words for the note.", "Put them into value.")
            register.note(given.id, given.value, who=given.by)
    return _listed(register.get(given.id))


async def search(call: Call, given: Words) -> Memories:
    """What agents remember that has these words."""
    found = matching(call.owner.orchestrator, given.words, limit=given.limit)
    return Memories(
        found=[
            Memory(number=one.number, at=one.at, agent=one.agent, author=one.author, text=snippet or one.text)
            for one, snippet in found
        ]
    )


async def verify(call: Call, given: Quote) -> Checked:
    """Whether words stand in a meeting, or in a text, word for word."""
    if bool(given.meeting) == bool(given.text):
        raise UsageError("It is not clear where the words should stand.", "Give either meeting or text.")
    if given.meeting:
        orchestrator = call.owner.orchestrator
        meeting = orchestrator.meetings.find(given.meeting)
        turns = values(orchestrator.meetings.journal(meeting).events(), Turn)
        stands = in_meeting(orchestrator.get_meeting(meeting), turns, given.quote)
    else:
        [document] = await documents_of([GivenDocument(name="text", text=given.text)])
        stands = [*in_document(document, given.quote)]
    places = [FoundAt(place=one.place, speaker=one.speaker, doubt=one.rest) for one in stands]
    return Checked(verified=bool(places), places=places)


def _listed(row: "ActionRow") -> ListedAction:
    return ListedAction(
        id=row.id,
        status=row.status,
        task=row.task,
        owner=row.owner or "",
        due=row.due.isoformat() if row.due else "",
        overdue=is_overdue(row),
        meeting=row.meeting,
        turn=row.turn,
        verified=row.verified,
        agreed=row.agreed,
    )
