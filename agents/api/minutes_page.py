"""``GET /meetings/{id}``: the minutes of a meeting as a page, to which answers of other interfaces link."""

import asyncio
import base64
import hashlib
import html
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from agents.api.problems import told
from agents.errors import MeetingError, UnknownName

if TYPE_CHECKING:
    from agents.orchestrator.background.owners import Owner

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def minutes_page(owner: "Owner", meeting_id: str) -> HTMLResponse:
    """The page of a meeting; where there is none (404), or it has not begun (409), a page of one sentence.

    Args:
        owner: whose meeting it is.
        meeting_id: its id, or the beginning of it.

    Raises:
        OrchestratorError: the histories cannot be read.
    """
    try:
        page, status = await asyncio.to_thread((await owner.meetings.minutes(meeting_id)).to_html), 200
    except UnknownName:
        page, status = _one_sentence("There is no such meeting."), 404
    except MeetingError as error:
        page, status = _one_sentence(told(error, owner.orchestrator.settings)["error"]), 409
    return HTMLResponse(page, status, {**_HEADERS, "Content-Security-Policy": _policy(page)})


def _policy(page: str) -> str:
    """What the page may load: its own style, which is the first in it, and nothing else."""
    css = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    style = f"style-src 'sha256-{digest}'; " if css else ""
    return f"default-src 'none'; {style}base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _one_sentence(text: str) -> str:
    """A page that says one sentence."""
    title = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Minutes</title></head>'
    return f"{title}<body><p>{html.escape(text)}</p></body></html>\n"
