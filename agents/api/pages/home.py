"""The first page: what is held now, what waits, and the newest meetings."""

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.visit import Visit, page
from agents.export.html_tags import lines, tag

PER_PAGE = 50


@page
async def home(visit: Visit) -> Response:
    """The meetings, newest first."""
    number = visit.number("page")
    rows = visit.owner.orchestrator.meetings.list(number * PER_PAGE + 1)[(number - 1) * PER_PAGE :]
    points = [
        tag("li", tag("a", row.title, href=paths.meeting(row.id)), f" {row.type}, {row.status}")
        for row in rows[:PER_PAGE]
    ]
    return shell.page(
        "Meetings",
        tag("h1", "Meetings"),
        tag("ul", lines(*points)),
        shell.pager(paths.HOME, number, more=len(rows) > PER_PAGE),
        look=shell.Look(paths.HOME),
    )
