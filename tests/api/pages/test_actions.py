"""The board of actions: what is on it, what narrows it, and how an action is changed."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest

from agents.clock import today
from agents.meeting.room.series import topic_text
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.api.pages.site import Shown, Site, keep_rich, site

NASTY = "<script>alert(1)</script> \u202e\x1b[31m javascript:alert(2)"


def enter(orchestrator: AgentOrchestrator, task: str, **given: Any) -> str:
    """Add an action of which only some values matter; ``days`` is when it is due, counted from today."""
    days = given.pop("days", None)
    due = None if days is None else today() + timedelta(days=days)
    usual = {
        "meeting": "gone",
        "series": "",
        "topic": "a topic",
        "owner": None,
        "due_text": "",
        "turn": "T1",
        "quote": "",
    }
    values = {**usual, "verified": False, "key": f"1.{task}", **given}
    return orchestrator.actions.add(NewAction(task=task, due=due, **values))


def column(pages: Site, name: str, path: str = "/actions") -> str:
    """The words of a column of the board."""
    page = pages.client.get(path).text
    found = re.search(rf'<section class="column {name}".*?</section>', page, re.DOTALL)
    assert found, name
    return Shown(found[0]).text


def test_an_action_is_in_the_column_of_its_day() -> None:
    """Overdue, open (due soon first), without a day, and closed actions stand apart, each column with its number."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "late", days=-3)
        enter(orchestrator, "far", days=9)
        enter(orchestrator, "soon", days=1)
        enter(orchestrator, "whenever")
        orchestrator.actions.done(enter(orchestrator, "over"))
        orchestrator.actions.reject(enter(orchestrator, "refused"), "rejected")
    with site() as pages:
        assert "late" in column(pages, "overdue")
        assert "3 days late" in column(pages, "overdue")
        dated = column(pages, "dated")
        assert dated.startswith("Open 2")
        assert dated.index("soon") < dated.index("far")
        assert "whenever" in column(pages, "undated")
        closed = column(pages, "closed")
        assert closed.startswith("Closed lately 2")
        assert {"over", "refused"} <= set(closed.split())


def test_a_card_says_who_does_what_and_where_it_comes_from() -> None:
    """A card has the owners by title, the words about time, the turn and the meeting as links, and what the words are
    worth.
    """
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "measure it", meeting=meeting, owner="qa_engineer, Ada", due_text="by Friday", turn="T9",
              quote="will measure it", verified=True)  # fmt: skip
    with site() as pages:
        shown = pages.get("/actions")
        assert "QA Engineer and Ada" in shown.text
        assert 'said "by Friday" (said, but no day I can read)' in shown.text
        assert shown.all("a", href=f"/meetings/{meeting}/minutes?at=T9#T9")
        assert "will measure it verified These words stand in the turn." in shown.text
        assert "How the decision turned out: 2026-12-20, good: No cart was lost <in the sale>." in shown.text


def test_a_deleted_meeting_and_hostile_words_leave_the_board_whole() -> None:
    """An action of a meeting that is gone is shown without a link, and what a model said is text."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, NASTY, owner=NASTY, due_text=NASTY, quote=NASTY * 2000, series=NASTY, meeting=NASTY)
    with site() as pages:
        for path in ("/actions", "/actions?state=undated", "/actions/A1"):
            shown = pages.get(path)
            assert len(shown.all("script")) == 1
            assert "which was deleted" in shown.text
            assert not any("\x1b" in part or "\u202e" in part for part in shown.text)
        assert len(pages.client.get("/actions").content) < 10_000


def test_the_board_is_narrowed_by_owner_meeting_series_and_state() -> None:
    """Each filter leaves what it says, together they leave what all let through, and a title means its role."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "one", owner="qa_engineer", series="weekly", meeting="m1", days=-1)
        enter(orchestrator, "two", owner="Ada", series="weekly", meeting="m2")
        enter(orchestrator, "three", series="monthly", meeting="m2", days=4)
    with site() as pages:
        for query, wanted in (
            ("owner=QA+Engineer", {"one"}),
            ("owner=Ada", {"two"}),
            ("owner=nobody", {"three"}),
            ("series=weekly", {"one", "two"}),
            ("meeting=m2", {"two", "three"}),
            ("meeting=m2&series=weekly", {"two"}),
            ("state=overdue", {"one"}),
            ("state=done", set()),
        ):
            words = set(pages.get(f"/actions?{query}").text.split())
            assert words & {"one", "two", "three"} == wanted, query
        assert "No action is like this." in pages.get("/actions?state=done").text


def test_an_unknown_meeting_is_said_and_the_filter_stays() -> None:
    """A meeting that is not there is an error beside the filter, in words for people, which keeps what was typed."""
    with site() as pages:
        shown = pages.get("/actions?meeting=nothing&owner=Ada", 404)
        assert "There is no meeting 'nothing'. Meetings has all of them" in shown.text
        assert shown.all("input", name_="meeting", value="nothing")
        assert shown.all("input", name_="owner", value="Ada")


def test_thousands_of_actions_are_shown_in_parts() -> None:
    """A page has at most 200 kB; a column says how many more there are, and its own page leads through all of them."""
    with AgentOrchestrator() as orchestrator, orchestrator.actions.database.write():
        for number in range(1500):
            enter(
                orchestrator, f"task {number} " + "\u54c1 <b> " * 60, owner="cto", days=number % 5, quote="<said> " * 60
            )
    with site() as pages:
        page = pages.client.get("/actions")
        assert len(page.content) < 200_000
        assert "1488 more" in page.text
        alone = pages.client.get("/actions?state=dated&page=30")
        assert len(alone.content) < 200_000
        assert "1451 to 1500 of 1500." in alone.text
        assert Shown(alone.text).all("a", rel="prev", href="/actions?state=dated&page=29")
        assert "There are only 1500." in pages.get("/actions?state=dated&page=99").text


@pytest.mark.parametrize(
    ("verb", "fields", "said"),
    [
        ("done", {"note": "merged\r\ntoday", "by": "Ada"}, "done: merged today"),
        ("assign", {"owner": "QA Engineer, Ada"}, "owner: unassigned -> qa_engineer, Ada"),
        ("due", {"due": "2027-01-15"}, "due: none -> 2027-01-15"),
    ],
)
def test_an_action_is_changed_and_the_person_is_back_on_the_board(verb: str, fields: dict[str, Any], said: str) -> None:
    """A form on a card changes the action, keeps who did it, and leads back to the board with its filter."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "it", series="weekly")
    with site() as pages:
        shown = pages.get("/actions?series=weekly")
        back = str(shown.all("input", name_="back")[0]["value"])
        answer = pages.post(f"/actions/A1/{verb}", back=back, **fields)
        assert answer.headers["Location"] == "/actions?series=weekly#A1"
        history = pages.get("/actions/A1").text
        assert said in history
        assert fields.get("by", "") in history


@pytest.mark.parametrize(
    ("verb", "fields", "said"),
    [
        ("done", {}, "The action is done."),
        ("assign", {"owner": "Ada"}, "The action has a new owner."),
        ("due", {"due": "2027-01-15"}, "The action has another day."),
        ("reopen", {}, "The action is open again."),
    ],
)
def test_the_page_after_a_change_says_what_was_done(verb: str, fields: dict[str, Any], said: str) -> None:
    """Each form is answered with what it did, once, on the board and on the page of the action."""
    with AgentOrchestrator() as orchestrator:
        if enter(orchestrator, "it") and verb == "reopen":
            orchestrator.actions.done("A1")
    with site() as pages:
        pages.post(f"/actions/A1/{verb}", back="board=1", **fields)
        assert said in pages.get("/actions").text
        assert said not in pages.get("/actions").text


def test_a_card_has_what_was_last_done_with_its_action() -> None:
    """A card says what was done last, by whom and when, and leads to what was done before; the words about time, to
    which owner and day need not belong any more, are called those of the beginning.
    """
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "it", due_text="by Friday")
        enter(orchestrator, "another", due_text="by Monday")
        orchestrator.actions.assign("A1", "cto", who="Ben")
        orchestrator.actions.done("A1", "merged <today>", who="Ada")
    with site() as pages:
        shown = pages.get("/actions")
        assert re.search(r"done: merged <today> , Ada \u00b7 \w{3} \d+ \w{3} \d{4}, \d\d:\d\d 1 before", shown.text)
        assert 'originally: "by Friday"' in shown.text
        assert 'said "by Monday"' in shown.text
        assert len(shown.all("p", class_="newest")) == 1


def test_an_action_has_both_its_names() -> None:
    """A card and the page of an action have its name in the register and that in the minutes, with a link to it."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "it", meeting=meeting, key="2.action.3")
        enter(orchestrator, "of a meeting that is gone", key="1.action.1")
    with site() as pages:
        for path in ("/actions", "/actions/A1"):
            shown = pages.get(path)
            assert re.search(r"A1 \( 2\.AC3 of the minutes\s*\)", shown.text), path
            assert shown.all("a", href=f"/meetings/{meeting}/minutes?at=2.AC3#2.AC3")
            assert shown.text.count("of the minutes") == 1


def test_a_closed_action_is_opened_again_from_its_page() -> None:
    """The page of a closed action has one form, which opens it again and leads back to this page."""
    with AgentOrchestrator() as orchestrator:
        orchestrator.actions.done(enter(orchestrator, "it"))
    with site() as pages:
        assert [one["action"] for one in pages.get("/actions/A1").all("form")] == ["/actions/A1/reopen"]
        assert pages.post("/actions/A1/reopen", by="Ada").headers["Location"] == "/actions/A1"
        assert "reopened Ada" in pages.get("/actions/A1").text


@pytest.mark.parametrize(
    ("verb", "fields", "cause"),
    [
        ("due", {"due": "when pigs fly"}, "Can't read 'when pigs fly' as a date."),
        ("due", {"due": ""}, "No day is named."),
        ("assign", {"owner": " "}, "No owner is named."),
        ("assign", {"owner": "x" * 300}, "The owner has more than 200 letters."),
        ("reopen", {}, "A1 is already open. Nothing needs to be changed."),
    ],
)
def test_a_wrong_input_stays_in_its_field(verb: str, fields: dict[str, str], cause: str) -> None:
    """What cannot be carried out changes nothing; the page says why, what to do, and has what was typed."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "it")
    with site() as pages:
        answer = pages.post(f"/actions/A1/{verb}", 400, by="Ada", back="board=1&owner=nobody", **fields)
        shown = Shown(answer.text)
        assert cause in shown.text
        for name, typed in fields.items() if verb != "reopen" else ():
            assert not typed.strip() or shown.all("input", name_=name, value=typed)
        assert verb == "reopen" or shown.all("input", name_="by", value="Ada")
        assert shown.all("input", name_="back", value="board=1&owner=nobody")
        assert "entered" in shown.text
        assert len(re.findall(r"<tr>", answer.text)) == 2


def test_a_form_leads_nowhere_else() -> None:
    """Whatever the field for the way back contains, a form leads to a page of actions."""
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "it")
    with site() as pages:
        for back in (
            "http://evil.example",
            "//evil.example",
            "board=1&owner=//evil.example",
            "x" * 5000,
            "board&page=-1",
        ):
            answer = pages.post("/actions/A1/assign", owner="Ada", back=back)
            assert answer.headers["Location"].startswith(("/actions/A1", "/actions?", "/actions#"))
        pages.post("/actions/A1/nothing", 404)
        pages.post("/actions/A9/done", 404)
        pages.get("/actions/A9", 404)


def test_a_card_says_what_happened_since_the_last_meeting_of_its_series() -> None:
    """The report of a later meeting of the series and the changes since it stand with the action."""
    with AgentOrchestrator() as orchestrator:
        name = enter(orchestrator, "it", series="weekly", meeting="m1")
        before = enter(orchestrator, "it too", series="weekly", meeting="m1")
        time.sleep(0.002)  # moments are stored in milliseconds
        orchestrator.meetings.create("m2", "decision", topic_text("weekly"), {})
        note = {"topic": 1, "text": f'{name}: it. T1 says: "blocked: no key" In the register it is open.', "phase": ""}
        orchestrator.meetings.journal("m2").append("note", f"1.note.open.{name}", note)
        orchestrator.actions.assign(name, "Ada")
        assert before
    with site() as pages:
        changed, unchanged = pages.get("/actions/A1").text, pages.get("/actions/A2").text
        assert "Since the last meeting of weekly" in changed
        assert "owner: unassigned -> Ada." in changed
        assert 'T1 says: "blocked: no key"' in changed
        assert "nothing changed." in unchanged


def test_a_board_without_actions_says_what_puts_them_there() -> None:
    """Before the first action, the board says where actions come from."""
    with site() as pages:
        assert "There are no actions yet." in pages.get("/actions").text
