"""Remedies in the words of this API: paths and fields where the library names methods and arguments."""

from agents.errors import OrchestratorError, UnknownName

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
    "closed": "DELETE /api/meetings/{subject} removes it.",
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


def remedy_of(error: OrchestratorError) -> str:
    """What a client should do next; "" where this API has no words of its own for it."""
    if isinstance(error, UnknownName):
        listing = LISTINGS.get(error.about, "").format(subject=error.subject)
        return f"{error.hint} {listing} lists them all.".strip() if listing else ""
    return REMEDIES.get(error.about, "").format(subject=error.subject, remedy=error.remedy)
