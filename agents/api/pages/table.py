"""Which page or form is behind which path."""

from starlette.routing import Route

from agents.api.pages import assets, home, meeting, share
from agents.api.pages.actions import page as actions
from agents.api.pages.compare import page as compare
from agents.api.pages.documents import page as documents
from agents.api.pages.live import seat, stream
from agents.api.pages.reading import entries
from agents.api.pages.search import page as search
from agents.api.pages.start import page as start
from agents.api.pages.start import plan
from agents.api.pages.visit import above, nowhere

_READ, _SENT = ["GET", "HEAD"], ["POST"]
_ONE = "/meetings/{meeting}"
_FORMS = {
    "say": seat.say, "answer": seat.answer, "stop": seat.stop, "start": plan.begin, "seats": plan.seats,
    "cancel": plan.cancel, "delete": plan.delete, "fork": plan.fork,
}  # fmt: skip
"""What takes the forms of a meeting."""
_ABOVE = ("/meetings", "/meetings/", f"{_ONE}/", *(f"{_ONE}/{part}" for part in _FORMS), "/actions/{action}/{verb}",
          f"{_ONE}/entries/{{entry}}/take")  # fmt: skip
"""Addresses that are of no page, and lead to one."""


def routes() -> list[Route]:
    """All paths of pages."""
    return [
        Route("/", home.home, methods=_READ),
        Route("/assets/{name}", assets.asset, methods=_READ),
        Route("/new", start.form, methods=_READ),
        Route("/new", start.create, methods=_SENT),
        Route(_ONE, meeting.meeting, methods=_READ),
        Route(f"{_ONE}/minutes", meeting.minutes, methods=_READ),
        Route(f"{_ONE}/entries", entries.every, methods=_READ),
        Route(f"{_ONE}/entries/{{entry}}", entries.one, methods=_READ),
        Route(f"{_ONE}/entries/{{entry}}", entries.judge, methods=_SENT),
        Route(f"{_ONE}/entries/{{entry}}/take", entries.take, methods=_SENT),
        Route(f"{_ONE}/documents/{{number}}", documents.document, methods=_READ),
        Route(f"{_ONE}/file", share.file, methods=_READ),
        Route(f"{_ONE}/share", share.share, methods=_READ),
        Route(f"{_ONE}/stream", stream.stream, methods=["GET"]),
        *(Route(f"{_ONE}/{part}", form, methods=_SENT) for part, form in _FORMS.items()),
        Route("/actions", actions.board, methods=_READ),
        Route("/actions/{action}", actions.one, methods=_READ),
        Route("/actions/{action}/{verb}", actions.change, methods=_SENT),
        Route("/search", search.search, methods=_READ),
        Route("/compare", compare.compare, methods=_READ),
        *(Route(path, above, methods=_READ) for path in _ABOVE),
        Route("/{rest:path}", nowhere, methods=_READ),
    ]
