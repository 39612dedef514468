"""Remedies in the words of this API: paths and fields where the library names methods and arguments."""

from agents.errors import MeetingError, OrchestratorError, UnknownName
from agents.orchestrator.background.held import MeetingState

REMEDIES = {
    "topics": "Give topics: what it is about.",
    "material": "{remedy} Documents go into the field documents, or beside the request as files.",
    "message": "Give a question, or a skill.",
    "agents": 'Name them in agents, or give ["auto"].',
    "agents left": "Name participants in agents, or leave out without.",
    "left out": "Remove it from without, or from agents, invite, chair and me.",
    "not named": "Add it to agents, or leave out agents.",
    "names": "Give each field names, or leave it out.",
    "me": "Leave out me and decide, or choose a model in the settings of the service.",
    "decide": "Leave out decide, or take another type; GET /api/types has their rules.",
    "council": "Give names of models in council, or leave it out.",
    "steps": "Give steps.",
    "correction": "Give text.",
    "done": "POST /api/actions/{subject}/reopen opens it again.",
    "open": "POST /api/actions/{subject}/done closes it.",
    "last": "POST /api/meetings holds one.",
    "held": "Wait until it is done, or end it: POST /api/meetings/{subject}/stop.",
    "seat": "Create the meeting with me, or give a command: /skip, /vote, /ask, /extend, /park, /end.",
    "closed": "DELETE /api/meetings/{subject} removes it.",
    "not closed": "POST /api/meetings/{subject}/resume continues it.",
    "not begun": "POST /api/meetings/{subject}/start holds it.",
}
"""By what an error is about. ``{subject}`` and ``{remedy}`` are the error's own."""

LISTINGS = {
    "action": "GET /api/actions",
    "agent": "GET /api/agents",
    "meeting": "GET /api/meetings",
    "meeting type": "GET /api/types",
    "pinned note": "GET /api/agents/AGENT/memory?pinned=true",
    "skill": "GET /api/agents/{subject}",
}
"""The request that lists all names, by what was looked for."""


NOT_HELD = {
    "created": ("has not begun", "POST /api/meetings/{id}/start holds it."),
    "interrupted": ("is parked", "POST /api/meetings/{id}/resume continues it."),
    "closed": ("is closed", "GET /api/meetings/{id}/minutes has its minutes; POST /api/meetings/{id}/fork repeats it."),
    "abandoned": ("was cancelled", "POST /api/meetings/{id}/fork begins it again."),
    "elsewhere": ("is held by another process", "End it there, or wait for its end."),
}
"""What is said of a meeting that is not held here, and what is possible with it, by its status."""


def not_held(state: MeetingState, more: str = "") -> MeetingError:
    """The error for a request that only a meeting held here can fulfil.

    Args:
        state: how far the meeting is.
        more: what that means for the request, such as "nothing to stop".
    """
    what, remedy = NOT_HELD[state.status]
    meaning = f": {more}" if more and state.status != "elsewhere" else ""
    return MeetingError(f"The meeting {state.id} {what}{meaning}.", remedy.format(id=state.id))


def remedy_of(error: OrchestratorError, named: str = "") -> str:
    """What a client should do next; "" where this API has no words of its own for it.

    Args:
        error: the error.
        named: what the path of the request names, for an error without a subject.
    """
    if isinstance(error, UnknownName):
        listing = LISTINGS.get(error.about, "").format(subject=error.subject)
        return f"{error.hint} {listing} lists them all.".strip() if listing else ""
    return REMEDIES.get(error.about, "").format(subject=error.subject or named, remedy=error.remedy)
