"""The search: decisions, actions and turns of all meetings, with the words that were looked for marked."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.meeting.journal import Event
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.api.pages.site import Shown, Site, keep, keep_rich, site
from tests.export.meetings import rich_journal


def marked(pages: Site, path: str) -> list[str]:
    """The marked words of a page."""
    return re.findall(r"<mark>(.*?)</mark>", pages.client.get(path).text)


def keep_changed(orchestrator: AgentOrchestrator, meeting: str, **changed: Any) -> str:
    """Store the fixed meeting with another first topic, another sentence that is put to the vote, or other turns.

    Args:
        orchestrator: has the histories.
        meeting: its id.
        changed: ``topic``, ``put``, ``said`` (the words of T1), ``votes`` (what everybody votes on the first topic).
    """

    def data_of(event: Event) -> Any:
        data = dict(event.data)
        if event.kind == "called" and "topic" in changed:
            data["topics"] = [changed["topic"], *data["topics"][1:]]
        if event.kind == "put" and "put" in changed:
            data["text"] = changed["put"]
        if event.kind == "turn" and data["id"] == "T1" and "said" in changed:
            data["text"] = changed["said"]
        if event.kind == "ballot" and data["topic"] == 1 and "votes" in changed:
            data["vote"] = changed["votes"]
        return data

    return keep(orchestrator, [replace(event, data=data_of(event)) for event in rich_journal().events()], meeting)


def test_a_turn_is_found_with_its_meeting_and_speaker_and_leads_to_itself() -> None:
    """Who ever said something: the title of the speaker, the topic, the kind and the day of the meeting, and the turn."""
    meeting = keep_rich()
    with site() as pages:
        path = "/search?q=who+ever+said+that+nobody+has+measured"
        shown = pages.get(path)
        assert shown.all("a", href=f"/meetings/{meeting}/minutes?at=T8#T8", class_="name")
        assert "Backend Developer counter-argument" in shown.text
        assert "Move sessions to Redis? <script>alert(1)</script> & *now* , design board," in shown.text
        assert {"nobody", "measured"} <= set(marked(pages, path))


def test_a_decision_is_found_by_the_words_that_were_voted_on() -> None:
    """What was put to the vote is shown with its outcome and its name, which lead to the turn and to the entry."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get("/search?q=redis+servers&in=decisions")
        assert "1.D1 build on conditions Move sessions to Redis?" in shown.text
        assert shown.all("a", href=f"/meetings/{meeting}/entries/1.D1")
        assert shown.all("a", href=f"/meetings/{meeting}/minutes?at=T9#T9")
        assert not shown.all("section", class_="turns")


def test_a_decision_is_found_by_its_topic() -> None:
    """A decision whose sentence does not have the words is found by the topic of its meeting."""
    with AgentOrchestrator() as orchestrator:
        keep_changed(orchestrator, "m1", topic="Which payroll supplier?", put="Build it.")
    with site() as pages:
        shown = pages.get("/search?q=Payroll&in=decisions")
        assert "Which payroll supplier?" in shown.text
        assert "Build it." in shown.text


def test_decisions_on_the_same_words_with_another_outcome_stand_together() -> None:
    """Of two meetings on nearly the same topic, one for and one against, each shows the other; of equal ones, none."""
    with AgentOrchestrator() as orchestrator:
        keep_changed(orchestrator, "m1", topic="Move payroll exports to Berlin?", put="Build it: the payroll exports.")
        other = "Shall we move the payroll exports to Berlin"
        keep_changed(orchestrator, "m2", topic=other, put="Build it: the payroll exports.", votes="object")
        keep_changed(
            orchestrator, "m3", topic="Payroll holidays", put="Build it: holidays for payroll.", votes="object"
        )
    with site() as pages:
        page = pages.client.get("/search?q=payroll&in=decisions").text
        beside = [Shown(part).text for part in re.findall(r'<div class="otherwise">.*?</div>', page, re.DOTALL)]
        assert len(beside) == 2
        assert all("Only the words were compared" in one for one in beside)
        assert {other in one for one in beside} == {True, False}
        assert not any("holidays" in one for one in beside)


def test_an_action_is_found_by_its_task_and_its_evidence() -> None:
    """Actions are a group of their own, with owner, day and state, and lead to the action."""
    with AgentOrchestrator() as orchestrator:
        new = NewAction(meeting="m", key="1", series="", topic="", task="Order the trial", owner="qa_engineer", due=None,
                        due_text="", turn="T1", quote="a na\u00efve idea", verified=True)  # fmt: skip
        orchestrator.actions.add(new)
    with site() as pages:
        for words in ("TRIAL", "naive"):
            shown = pages.get(f"/search?q={words}")
            assert "A1 open Order the trial QA Engineer" in shown.text
            assert shown.all("a", href="/actions/A1")
        nothing = pages.get("/search?q=tria").text
        assert "Nothing was found." in nothing
        assert "not the documents" in nothing


def test_brackets_and_markup_in_a_text_are_text() -> None:
    """Only words that were looked for are marked, whatever the text contains, and no text becomes markup."""
    said = "Risk: [not] this ]zebra[ <mark>zebra</mark> [[zebra]] </li><script>alert(3)</script> \x1b[31m zebra\u202e"
    with AgentOrchestrator() as orchestrator:
        keep_changed(orchestrator, "m1", said=said)
    with site() as pages:
        assert marked(pages, "/search?q=zebra") == ["zebra"] * 4
        shown = pages.get("/search?q=zebra")
        assert len(shown.all("script")) == 1
        assert "[not] this ] zebra [ <mark> zebra </mark> [[ zebra ]]" in shown.text


def test_a_text_without_an_end_does_not_make_a_long_page() -> None:
    """A turn of one word with 100,000 letters is cut in the results."""
    with AgentOrchestrator() as orchestrator:
        keep_changed(orchestrator, "m1", said="zebra " + "x" * 100_000 + " " + "\u54c1" * 50_000)
    with site() as pages:
        assert len(pages.client.get("/search?q=zebra").content) < 20_000


def test_filters_leave_what_they_say() -> None:
    """Kind of meeting, speaker and days narrow the search; a day that is none is an error, and stays in its field."""
    keep_rich()
    with site() as pages:
        for query, found in (
            ("", True),
            ("&speaker=backend_developer", True),
            ("&speaker=data_engineer", False),
            ("&type=design_board", True),
            ("&type=retrospective", False),
            ("&since=2020-01-01", True),
            ("&until=2020-01-01", False),
            ("&since=today&until=today", True),
        ):
            shown = pages.get(f"/search?q=measured{query}")
            assert bool(shown.all("section", class_="turns")) is found, query
            assert found or "search in everything" in shown.text
        shown = pages.get("/search?q=measured&since=soonish", 400)
        assert "'soonish' is not a date." in shown.text
        assert shown.all("input", type="search", value="measured")


def test_many_results_are_shown_in_parts() -> None:
    """The first page has the best of each group; a group alone leads through all of its results, each once."""
    with AgentOrchestrator() as orchestrator:
        for number in range(45):
            keep_changed(orchestrator, f"m{number}", said=f"the zebra number {number}")
    with site() as pages:
        assert len(pages.get("/search?q=zebra").all("a", class_="name")) == 12
        assert pages.get("/search?q=zebra").all("a", href="/search?q=zebra&in=turns")
        seen = []
        for page in (1, 2, 3):
            shown = pages.get(f"/search?q=zebra&in=turns&page={page}")
            seen += [str(own["href"]) for own in shown.all("a", class_="name")]
            assert bool(shown.all("a", rel="next")) is (page < 3)
        assert len(seen) == len(set(seen)) == 45


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.text(max_size=60)
    | st.sampled_from(('"', "NEAR(", "a*", "-", "[", "\x00", "\ud800", "%", "' OR 1=1", "日本語"))
)
def test_any_text_is_a_valid_search(pages: Site, words: str) -> None:
    """Whatever is typed gives a page, which has the words in its field again."""
    answer = pages.client.get("/search", params={"q": words.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200
    assert Shown(answer.text).all("input", type="search")


@pytest.fixture(scope="module")
def pages() -> Any:
    """A service without meetings, for searches that change nothing."""
    with site() as found:
        yield found
