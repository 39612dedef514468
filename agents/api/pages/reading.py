"""The minutes of a meeting and what they rest on, side by side."""

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.stored import Stored
from agents.api.pages.visit import Visit
from agents.export.html_tags import lines, tag
from agents.export.html_writer import Links, Writer
from agents.export.page.spoken import spoken
from agents.export.page.whole import minutes_page
from agents.orchestrator.background.held import MeetingState


class PageLinks(Links):
    """Where the links of the minutes of a meeting lead.

    Args:
        stored: the meeting.
    """

    def __init__(self, stored: Stored) -> None:
        self._meeting = stored.id
        self._documents = {document.name: n for n, document in enumerate(stored.spec.documents, 1)}

    def entry(self, name: str) -> str:
        """What is known of an entry."""
        return paths.entry(self._meeting, name)

    def place(self, document: str, first: int, last: int) -> str:
        """Some lines of a document."""
        del last
        number = self._documents.get(document, 0)
        return paths.document(self._meeting, number, first) if number else ""


def page_of(visit: Visit, stored: Stored, state: MeetingState) -> Response:
    """The minutes of a meeting, and beside them its transcript."""
    del visit
    writer = Writer(stored.minutes, PageLinks(stored), stored.named)
    return shell.page(
        state.title,
        tag("section", lines(*writer.blocks(minutes_page(stored.minutes))), class_="pane", aria_label="Minutes"),
        tag(
            "section",
            lines(*writer.blocks(spoken(stored.minutes, 2), spoken=True)),
            class_="pane",
            aria_label="Transcript",
        ),
        look=shell.Look(kind="reading"),
    )
