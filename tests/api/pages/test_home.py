"""The first page: what is held, what waits, what can be resumed, and all meetings."""

from agents.orchestrator import AgentOrchestrator
from tests.api.pages.planning import sent, state_of, until
from tests.api.pages.site import HERE, keep, keep_rich, site
from tests.export.meetings import rich_journal
from tests.ollama_double import OllamaDouble

LARGEST = 200_000
"""The most bytes of a page."""


def test_the_first_page_of_nothing_says_how_to_begin() -> None:
    """Without meetings there is one sentence and the way to the form, and no empty list."""
    with site(model_name="rehearsal") as pages:
        shown = pages.get("/")
        assert "There is no meeting yet." in shown.text
        assert shown.all("a", href="/new", class_="button main")
        assert not shown.all("table")


def test_what_is_held_what_waits_and_what_was_interrupted(ollama: OllamaDouble) -> None:
    """A meeting that is held is named with its phase, one that waits with its place, and one that was interrupted with a
    button that resumes it.
    """
    ollama.pace = 0.05
    with site() as pages:
        first, second, third = (sent(pages, topics=f"Buy or build {n}?") for n in range(3))
        pages.post(f"{first}/start")
        until(lambda: pages.client.get(f"/api{first}/state").json()["turns"] > 0)
        pages.client.post(f"/api{first}/stop")
        pages.post(f"{second}/start")
        pages.post(f"{third}/start")
        shown = pages.get("/")
        assert all(words in shown.text for words in ("Held now", "Waiting for the model", "Place 1 in the queue"))
        assert shown.all("form", action=f"{first}/start")
        assert not shown.all("form", action=f"{second}/start")
        pages.client.post(f"{second}/cancel", headers=HERE)
        pages.client.post(f"{third}/cancel", headers=HERE)
        pages.post(f"{first}/start")
        assert state_of(pages, first) in {"queued", "running"}


def test_meetings_are_found_by_type_and_status(ollama: OllamaDouble) -> None:
    """The filter shows meetings of one type or status; what it does not know counts as no filter."""
    del ollama
    with AgentOrchestrator() as orchestrator:
        for number, status in enumerate(["closed", "abandoned", "running"]):
            keep(orchestrator, rich_journal().events(), f"20261123-board-{number}", status)
    with site() as pages:
        plan = sent(pages, type="brainstorm", topics="What else?")
        for query, wanted in (
            ("status=closed", ["/meetings/20261123-board-0"]),
            ("status=abandoned", ["/meetings/20261123-board-1"]),
            ("type=brainstorm", [plan]),
            ("type=brainstorm&status=called", [plan]),
        ):
            shown = pages.get(f"/?{query}")
            found = [own["href"] for own in shown.all("a") if str(own["href"]).startswith("/meetings/")]
            assert [address for address in found if address in wanted] == wanted
            assert len(shown.all("td", data_name="Status")) == 1
        assert len(pages.get("/?status=wrong&type=wrong").all("td", data_name="Status")) == 4
        assert "There is no meeting like this." in pages.get("/?type=steerco").text


def test_many_meetings_with_long_titles_fill_pages_of_fifty(ollama: OllamaDouble) -> None:
    """There are fifty meetings on a page, which links to the next one with its filter, and stays small."""
    del ollama
    with AgentOrchestrator() as orchestrator:
        for number in range(120):
            meeting = f"20261123-board-{number:03}"
            orchestrator.meetings.create(meeting, "decision", "<b>word</b>" * 10_000, {"number": number})
            orchestrator.meetings.set_status(meeting, "running" if number % 2 else "closed")
    with site() as pages:
        answer = pages.client.get("/")
        assert len(answer.content) < LARGEST
        assert len(pages.get("/").all("td", data_name="Status")) == 50
        assert pages.get("/").all("a", rel="next", href="/?page=2")
        assert len(pages.get("/?page=3").all("td", data_name="Status")) == 20
        assert not pages.get("/?page=3").all("a", rel="next")
        assert pages.get("/?status=running").all("a", rel="next", href="/?status=running&page=2")


def test_two_meetings_are_chosen_to_be_compared() -> None:
    """A form with two lists leads to the comparison; with one meeting there is none."""
    first = keep_rich()
    with site(model_name="rehearsal") as pages:
        assert not pages.get("/").all("form", action="/compare")
        second = keep_rich("20261123-rich-0002")
        shown = pages.get("/")
        assert shown.all("form", action="/compare", method="get")
        assert {own["name"] for own in shown.all("select")} >= {"a", "b"}
        assert [own["value"] for own in shown.all("option", selected="") if str(own["value"]).startswith("2026")] == [
            first, second,
        ]  # fmt: skip


def test_a_closed_meeting_has_its_outcome_in_the_list() -> None:
    """The list says what was decided in a closed meeting, and nothing of one that has not ended."""
    keep_rich()
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, rich_journal().events(), "20261123-parked-0001", status="running")
    with site() as pages:
        shown = pages.get("/")
        assert len(shown.all("strong", class_="outcome accepted")) == 1
        assert "build on conditions and 1 more topic" in shown.text
