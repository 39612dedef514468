"""The page that shows two meetings side by side."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from agents.meeting.journal import Event, Kind
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.api.pages.site import keep, keep_rich, site
from tests.meeting.rooms import spec_for
from tests.orchestrator.changed_meeting import LATER, earlier_events, later_events

EARLIER = "20261123-early-0001"


def keep_both(series: str = "") -> None:
    """Store the earlier and the later meeting."""
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, earlier_events(series), EARLIER)
        keep(orchestrator, later_events(series), LATER)


def path(first: str = EARLIER, second: str = LATER) -> str:
    """The address of the comparison."""
    return f"/compare?a={first}&b={second}"


def test_without_meetings_the_page_offers_the_newest_ones() -> None:
    """The form lists the stored meetings, and can be sent without a script."""
    keep_both()
    with site() as pages:
        shown = pages.get("/compare")
        [form] = shown.all("form")
        assert (form["action"], form["method"]) == ("/compare", "get")
        assert {own.get("value") for own in shown.all("option")} == {"", EARLIER, LATER}
        assert len(shown.all("label")) >= 2


def test_a_meeting_that_has_not_begun_is_not_offered() -> None:
    """Nothing can be compared of a meeting in which nothing was said; one in the address stays chosen."""
    keep_both()
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, earlier_events()[:1], "20261123-planned-0001", status="called")
    with site() as pages:
        assert {own.get("value") for own in pages.get("/compare").all("option")} == {"", EARLIER, LATER}
        assert pages.get("/compare?a=20261123-planned-0001").all("option", value="20261123-planned-0001", selected="")


def test_each_topic_shows_what_was_decided_and_what_moved() -> None:
    """Outcomes, votes and positions of the same roles stand side by side, and those that changed are named."""
    keep_both()
    with site() as pages:
        text = pages.get(path()).text
        assert "Move sessions to Redis?" in text
        assert "objects supports voted otherwise" in text
        assert "for against" in text
        assert "Votes that differ 1" in text
        assert "Positions that moved 1" in text
        assert "compared because of their order" in text


def test_each_entry_links_into_the_minutes_of_its_own_meeting() -> None:
    """What is new links into the later meeting, what is gone into the earlier one, and what is the same into both."""
    keep_both()
    with site() as pages:
        shown = pages.get(path())
        for address in (
            f"/meetings/{LATER}/minutes?at=2.O1#2.O1", f"/meetings/{EARLIER}/minutes?at=1.O1#1.O1",
            f"/meetings/{LATER}/minutes?at=2.R1#2.R1", f"/meetings/{EARLIER}/minutes?at=1.R1#1.R1",
        ):  # fmt: skip
            assert shown.all("a", href=address), address
        kinds = {str(own.get("class")) for own in shown.all("li")}
        assert {"new", "gone", "same", "changed"} <= kinds
        assert len(shown.ids()) == len(set(shown.ids()))


def test_a_corrected_entry_is_the_same_and_says_who_corrected_it() -> None:
    """An entry that a person corrected in one meeting stands once, with its words then and now and who corrected it."""
    keep_both()
    with site() as pages:
        pages.post(f"/meetings/{LATER}/entries/2.R1", verdict="correct", text="The room may flood", by="Ada")
        text = pages.get(path()).text
        assert re.search(r"Same 1\.R1 \u2192 2\.R1 The room may flood Then ?: one server fails", text)
        assert re.search("Now ?: corrected by Ada", text)


def test_changed_documents_show_their_lines() -> None:
    """Of a document of the same name stand the lines that changed, with links to both versions; another is new."""
    keep_both()
    with site() as pages:
        shown = pages.get(path())
        assert "Sessions live in two Redis servers." in shown.text
        assert shown.all("a", href=f"/meetings/{EARLIER}/documents/1?from=3#L3")
        assert shown.all("a", href=f"/meetings/{LATER}/documents/1?from=3#L3")
        assert len(shown.all("ins")) == 2
        assert len(shown.all("del")) == 1
        assert "costs.csv" in shown.text


def test_the_earlier_meeting_of_a_series_comes_first() -> None:
    """Two meetings of one series stand in their order, however they are named; others as they are named."""
    keep_both("board")
    with site() as pages:
        there, back = pages.get(path()), pages.get(path(LATER, EARLIER))
        assert there.text == back.text
        assert "Both belong to the series board" in there.text
        assert not there.all("a", href=path(LATER, EARLIER))


def test_the_two_can_be_swapped() -> None:
    """A link puts the second meeting first, and the sides are then not called then and now."""
    keep_both()
    with site() as pages:
        assert pages.get(path()).all("a", href=path(LATER, EARLIER))
        swapped = pages.get(path(LATER, EARLIER))
        assert "buy a service for sessions" in swapped.text
        assert swapped.all("a", href=path(EARLIER, LATER))
        assert "Then" not in swapped.text.split()
        assert "Then" in pages.get(path()).text.split()


def test_what_became_of_actions_since_is_shown() -> None:
    """The actions of the first meeting stand with their status today, and where the second one names them again."""
    keep_both()
    action = NewAction(
        meeting=EARLIER, key="1.action.1", series="", topic="Sessions", task="Measure the log-in", owner="backend_developer",
        due=date(2026, 11, 27), due_text="by Friday", turn="T9", quote="Measure the log-in", verified=True,
    )  # fmt: skip
    with AgentOrchestrator() as orchestrator:
        name = orchestrator.actions.add(action)
        orchestrator.actions.add(replace(action, key="other", task="Order a server"))
        orchestrator.actions.done(name, "measured", who="Ada")
    with site() as pages:
        shown = pages.get(path())
        assert "1 of 2 are not open any more." in shown.text
        assert shown.all("a", href=f"/actions/{name}")
        assert "Measure the log-in Backend Developer done" in shown.text


def test_last_is_the_newest_meeting() -> None:
    """The word last names a meeting, and so does the beginning of an id; a typed id counts before a chosen one."""
    keep_both()
    with site() as pages:
        assert pages.get(path("20261123", "last")).text == pages.get(path()).text
        assert pages.get(f"/compare?a={LATER}&b={LATER}&a_id={EARLIER}").text == pages.get(path()).text


@pytest.mark.parametrize("side", ["a", "b"])
def test_one_meeting_is_chosen_already_where_a_page_names_it(side: str) -> None:
    """With one meeting in the address, the form asks for the other one."""
    keep_both()
    with site() as pages:
        shown = pages.get(f"/compare?{side}={EARLIER}")
        assert "Choose a second meeting." in shown.text
        assert [own["value"] for own in shown.all("option", selected="") if own["value"]] == [EARLIER]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        (f"a={EARLIER}&b=nothing", 404, "There is no meeting"),
        (f"a={EARLIER}&b={EARLIER}", 400, "Both are the same meeting."),
        (f"a=20261123-test-0001&b={EARLIER}", 409, "has not begun"),
    ],
)
def test_what_cannot_be_compared_leaves_the_form(query: str, status: int, said: str) -> None:
    """For a meeting that is not there or has not begun stand the cause, and the form with what was chosen."""
    keep_both()
    spec = spec_for()
    with AgentOrchestrator() as orchestrator:
        orchestrator.meetings.create(spec.id, spec.kind.id, "Shall we?", spec.as_dict())
    with site() as pages:
        shown = pages.get(f"/compare?{query}", status)
        assert said in shown.text
        assert shown.all("form")
        assert [own["value"] for own in shown.all("option", selected="") if own["value"]]


def test_meetings_of_other_types_can_be_compared() -> None:
    """Two meetings of different types and roles stand side by side, each with its own entries."""
    meeting = keep_rich()
    keep_both()
    assert meeting != EARLIER
    with AgentOrchestrator() as orchestrator:
        spec = dict(earlier_events()[0].data)
        spec["type"] = {**spec["type"], "id": "other", "title": "Another board"}
        spec["seats"] = spec["seats"][:2]
        kept = [replace(earlier_events()[0], data=spec), *earlier_events()[1:3]]
        keep(orchestrator, kept, "20261201-other-0001")
    with site() as pages:
        shown = pages.get(path(EARLIER, "20261201-other-0001"))
        assert "Another board" in shown.text
        assert "no seat" in shown.text


def many(word: str) -> Sequence[Event]:
    """The events of a meeting with very many hostile entries and changed lines."""
    out = []
    for event in earlier_events():
        data = dict(event.data)
        if event.kind == Kind.TURN and data["phase"] == "silent_round":
            lines = [f"Risk: <script>{word}{n}</script> {'&' * 200}{n}{word}" for n in range(24)]
            data["text"] = "\n".join(lines)
        if event.kind == Kind.SPEC:
            text = "\n".join(f"{'same' if n % 2 else word} <{n}> {'&' * 400}" for n in range(1500))
            data["documents"] = [
                {**data["documents"][0], "name": name, "text": text} for name in (f"d{n}.md" for n in range(20))
            ]
        out.append(replace(event, data=data))
    return out


def test_a_page_stays_small_and_says_how_much_more_there_is() -> None:
    """With thousands of entries and changes a page has at most 200 kB, and counts what it does not show."""
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, many("old"), EARLIER)
        keep(orchestrator, many("new"), LATER)
    with site() as pages:
        answer = pages.client.get(path())
        assert answer.status_code == 200
        assert len(answer.content) <= 200_000
        assert b"<script>old" not in answer.content
        shown = pages.get(path())
        assert "more new" in shown.text
        assert "more changes." in shown.text


def test_hostile_names_stay_words() -> None:
    """Markup in a title or a topic is shown as text."""
    keep_both()
    with site() as pages:
        answer = pages.client.get(path())
        assert b"<script>alert" not in answer.content
        assert "<script>alert(1)</script>" in pages.get(path()).text
