"""``GET /meetings/{id}``: the minutes of a meeting as a page, to which answers of other doors link."""

import asyncio
import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from agents.errors import UnknownName

if TYPE_CHECKING:
    from agents.settings import Settings

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def minutes_page(settings: "Settings", meeting_id: str) -> HTMLResponse:
    """The page of a meeting, or a page of one sentence with status 404.

    Args:
        settings: those of the owner of the meeting.
        meeting_id: its id, or the beginning of it.

    Raises:
        OrchestratorError: the histories cannot be read.
    """
    try:
        page, status = await asyncio.to_thread(_page, settings, meeting_id), 200
    except UnknownName:
        page, status = _one_sentence("There is no such meeting."), 404
    return HTMLResponse(page, status, {**_HEADERS, "Content-Security-Policy": _policy(page)})


def _page(settings: "Settings", meeting_id: str) -> str:
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings) as orchestrator:
        return orchestrator.get_minutes(meeting_id).to_html()


def _policy(page: str) -> str:
    """What the page may load: its own style, which is the first in it, and nothing else."""
    found = _STYLE.search(page)
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode() if found else ""
    style = f"style-src 'sha256-{digest}'; " if digest else ""
    return f"default-src 'none'; {style}base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _one_sentence(text: str) -> str:
    """A page that says one sentence."""
    title = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Minutes</title></head>'
    return f"{title}<body><p>{html.escape(text)}</p></body></html>\n"
