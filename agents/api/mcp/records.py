"""The tools that read and change what is stored: actions, memories, and where words stand."""

from datetime import date, datetime
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
from agents.errors import UnknownName, UsageError
from agents.meeting.codec import values
from agents.meeting.minutes.dates import resolve_whole
from agents.meeting.record import Turn
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.quotes import in_document, in_meeting
from agents.role.names import joined, parted

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

NOBODY = ("", "nobody", "none", "unassigned")
"""What an owner is called where there is none."""

NO_DAY = ("", "none", "never")
"""What a day is called where there is none."""


async def actions(call: Call, given: WhichActions) -> ListedActions:
    """Actions of the register."""
    orchestrator, today = call.owner.orchestrator, _today()
    rows = orchestrator.actions.list(
        owner=(_owner(orchestrator, given.owner) or "unassigned") if given.owner else None,
        open_only=given.status == "open",
        overdue_on=today if given.overdue else None,
        meeting=orchestrator.meetings.find(given.meeting) if given.meeting else None,
        series=given.series or None,
    )
    return ListedActions(actions=[_listed(row, today) for row in rows])


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
            register.assign(given.id, _owner(orchestrator, given.value), who=given.by)
        case "due":
            register.set_due(given.id, _day(given.value), who=given.by)
        case "note":
            if not given.value.strip():
                raise UsageError("There are no words for the note.", "Put them into value.")
            register.note(given.id, given.value, who=given.by)
    return _listed(register.get(given.id), _today())


async def search(call: Call, given: Words) -> Memories:
    """What agents remember that has these words."""
    found = call.owner.orchestrator.memories.snippets(given.words, None, given.limit)
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


def _listed(row: "ActionRow", today: date) -> ListedAction:
    return ListedAction(
        id=row.id,
        status=row.status,
        task=row.task,
        owner=row.owner or "",
        due=row.due.isoformat() if row.due else "",
        overdue=row.open and row.due is not None and row.due < today,
        meeting=row.meeting,
        turn=row.turn,
        verified=row.verified,
    )


def _owner(orchestrator: AgentOrchestrator, name: str) -> str | None:
    """The ids of the roles with these names, and other names as they are; None for nobody."""
    return None if name.strip().lower() in NOBODY else joined([_role(orchestrator, one) for one in parted(name)])


def _role(orchestrator: AgentOrchestrator, name: str) -> str:
    try:
        return orchestrator.roles[name].id
    except UnknownName:
        return name


def _day(text: str) -> date | None:
    """A date in words, counted from today.

    Raises:
        UsageError: it is not one date.
    """
    words = " ".join(text.lower().split())
    if words in NO_DAY:
        return None
    for said in (text, f"end of {words}", f"in {words}"):
        found = resolve_whole(said, _today())
        if found is not None:
            return found
    raise UsageError(f"{text!r} is not a date.", "Write 2026-12-01, friday, next week, in two weeks, or none.")


def _today() -> date:
    return datetime.now().astimezone().date()
