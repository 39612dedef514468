"""A meeting while it is held: who has the floor, what is said, positions, votes, and the seat of a person."""

from starlette.responses import Response

from agents.api.pages import shell
from agents.api.pages.visit import Visit
from agents.export.html_tags import tag
from agents.orchestrator.background.held import MeetingState


def page_of(visit: Visit, state: MeetingState) -> Response:
    """The floor of a meeting."""
    del visit
    return shell.page(state.title, tag("h1", state.title))
