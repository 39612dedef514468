"""The pages of the service on a real socket, and meetings that are stored before a test looks at them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import httpx

from agents.meeting.journal import Event, Kind
from agents.orchestrator import AgentOrchestrator
from tests.api.serving import served
from tests.export.meetings import rich_journal

VOID = {"meta", "hr", "link", "input", "br"}
HERE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser sends with a form of our own pages."""


class Shown(HTMLParser):
    """A parsed page: its elements with their attributes, and its text; every element must be closed where it should be.

    Attributes:
        elements: name and attributes of each element, in order.
        text: the words of the page.
    """

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open

    @property
    def text(self) -> str:
        """The words of the page, on one line."""
        return " ".join(" ".join(self._texts).split())

    def all(self, name: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of this name that have these attributes; a trailing underscore is removed."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [own for found, own in self.elements if found == name and wanted.items() <= own.items()]

    def ids(self) -> list[str]:
        """The names of all places."""
        return [str(own["id"]) for _, own in self.elements if "id" in own]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends, and it is the one that began last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self._texts.append(data)


class Site:
    """The pages of a running service.

    Args:
        port: where it listens.
        headers: sent with every request.
    """

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.url, timeout=30, headers=headers or {})

    def get(self, path: str, status: int = 200) -> Shown:
        """A page."""
        answer = self.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == status, answer.text
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        return Shown(answer.text)

    def post(self, path: str, status: int = 303, files: Any = None, **fields: Any) -> httpx.Response:
        """Send a form, as a browser does from one of the pages."""
        answer = self.client.post(path, data=fields, files=files, headers={**HERE, "Origin": self.url})
        assert answer.status_code == status, answer.text
        return answer


@contextmanager
def site(**flags: Any) -> Iterator[Site]:
    """The pages of a service with the settings of the test, and with flags on top of them."""
    with served(**flags) as own:
        found = Site(own.ports[0])
        with found.client:
            yield found


def keep(orchestrator: AgentOrchestrator, events: Sequence[Event], meeting_id: str = "", status: str = "closed") -> str:
    """Store a meeting with these events, the first of which is its spec; returns its id.

    Args:
        orchestrator: has the histories.
        events: of a journal in memory.
        meeting_id: another id than that of its spec.
        status: "called", "running", "closed" or "abandoned".
    """
    spec = dict(events[0].data)
    made = spec["id"] = meeting_id or spec["id"]
    meetings = orchestrator.meetings
    meetings.create(made, spec["type"]["id"], spec["topics"][0], spec)
    new = [(event.kind, event.key, spec if event.kind == Kind.SPEC else event.data) for event in events]
    meetings.journal(made).append_all(new)
    meetings.set_status(made, status)
    return made


def keep_rich(meeting_id: str = "20261123-rich-0001", **flags: Any) -> str:
    """Store the meeting of ``tests.export.meetings``, which has one of everything."""
    with AgentOrchestrator(**flags) as orchestrator:
        return keep(orchestrator, rich_journal().events(), meeting_id)
