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
from agents.api.pages.visit import nowhere

_READ, _SENT = ["GET", "HEAD"], ["POST"]


def routes() -> list[Route]:
    """All paths of pages."""
    one = "/meetings/{meeting}"
    return [
        Route("/", home.home, methods=_READ),
        Route("/assets/{name}", assets.asset, methods=_READ),
        Route("/new", start.form, methods=_READ),
        Route("/new", start.create, methods=_SENT),
        Route(one, meeting.meeting, methods=_READ),
        Route(f"{one}/minutes", meeting.minutes, methods=_READ),
        Route(f"{one}/entries", entries.every, methods=_READ),
        Route(f"{one}/entries/{{entry}}", entries.one, methods=_READ),
        Route(f"{one}/entries/{{entry}}", entries.judge, methods=_SENT),
        Route(f"{one}/documents/{{number}}", documents.document, methods=_READ),
        Route(f"{one}/file", share.file, methods=_READ),
        Route(f"{one}/share", share.share, methods=_READ),
        Route(f"{one}/stream", stream.stream, methods=["GET"]),
        Route(f"{one}/say", seat.say, methods=_SENT),
        Route(f"{one}/answer", seat.answer, methods=_SENT),
        Route(f"{one}/stop", seat.stop, methods=_SENT),
        Route(f"{one}/start", plan.begin, methods=_SENT),
        Route(f"{one}/seats", plan.seats, methods=_SENT),
        Route(f"{one}/cancel", plan.cancel, methods=_SENT),
        Route(f"{one}/delete", plan.delete, methods=_SENT),
        Route(f"{one}/fork", plan.fork, methods=_SENT),
        Route("/actions", actions.board, methods=_READ),
        Route("/actions/{action}", actions.one, methods=_READ),
        Route("/actions/{action}/{verb}", actions.change, methods=_SENT),
        Route("/search", search.search, methods=_READ),
        Route("/compare", compare.compare, methods=_READ),
        Route("/{rest:path}", nowhere, methods=_READ),
    ]
