"""The minutes of a meeting beside what they rest on: links both ways, the choice of entries, parts, timeline, votes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urldefrag

import pytest

from agents.api.pages.reading.layout import whole
from agents.api.pages.reading.page_writer import At
from agents.api.pages.reading.timeline import Times
from agents.api.pages.stored import Stored
from agents.export.corrections import checks_now
from agents.export.text import journal_line
from agents.meeting.entry_names import entry_names
from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.long_meetings import long_events
from tests.api.pages.site import Shown, Site, keep, keep_rich, site
from tests.export.meetings import rich_journal
from tests.inputs import PROPOSAL
from tests.meeting.speakers import TYPES, held

MOST = 200_000


def kept(events: Sequence[Event], status: str = "closed") -> str:
    """Store a meeting; returns its address."""
    with AgentOrchestrator() as orchestrator:
        return f"/meetings/{keep(orchestrator, events, status=status)}"


def all_parts(pages: Site, address: str) -> dict[str, Shown]:
    """The page and all its parts, by address."""
    found, waiting = dict[str, Shown](), [address]
    while waiting:
        path = waiting.pop()
        answer = pages.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert len(answer.content) <= MOST
        found[path] = Shown(answer.text)
        links = (urldefrag(str(own.get("href")))[0] for own in found[path].all("a"))
        new = {link for link in links if link.partition("?")[0] == address} - {*found, *waiting}
        waiting += sorted(new)
    return found


def check_links(found: dict[str, Shown]) -> None:
    """Every link to a place of these pages leads to one that is there."""
    ids = {path: set(page.ids()) for path, page in found.items()}
    for path, page in found.items():
        assert len(page.ids()) == len(ids[path])
        for own in page.all("a"):
            target, anchor = urldefrag(str(own["href"]))
            if anchor and (target or path) in ids:
                assert unquote(anchor) in ids[target or path], own


@pytest.mark.parametrize("type_id", list(TYPES))
def test_every_link_of_a_meeting_of_any_type_leads_to_a_place(type_id: str) -> None:
    """On the page of a meeting of any type, every link to a place on it leads to one, and a name stands for one place."""
    address = kept(held(type_id).journal)
    with site() as pages:
        check_links(all_parts(pages, address))


def test_a_checklist_leads_to_the_lines_of_its_documents() -> None:
    """A meeting that nobody spoke in has no transcript; its places lead to the lines beside them, which lead back."""
    with AgentOrchestrator(model_name="rehearsal") as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", "Shall we?", attach=[PROPOSAL])
        orchestrator.conduct_meeting(meeting)
    address = f"/meetings/{meeting}"
    with site() as pages:
        found = all_parts(pages, address)
    check_links(found)
    shown = found[address]
    assert not shown.all("section", id="transcript")
    assert not shown.all("button", class_="fork")
    places = [str(own["href"]) for own in shown.all("a", class_="place")]
    assert places
    assert {one.lstrip("#") for one in places if one.startswith("#")} <= set(shown.ids())


def test_an_entry_is_one_click_from_its_words_and_back() -> None:
    """The minutes link an entry to the marked words of its turn, and these to the entry; both are on the page."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
    check_links({f"/meetings/{meeting}": shown})
    marks = shown.all("mark")
    assert marks
    linked = {own["href"] for own in shown.all("a")}
    assert {f"#{own['id']}" for own in marks if "id" in own} <= linked
    assert shown.all("a", class_="back", href="#1.R1")
    assert shown.all("a", class_="name", id="1.R1", href=f"/meetings/{meeting}/entries/1.R1", data_panel="")
    assert shown.all("a", href="#vote-1.backend_developer")
    assert shown.all("aside", id="panel", hidden="")
    assert not shown.all("img")


def test_the_choice_of_entries_counts_them() -> None:
    """A reader can choose all, verified, said or judged entries; each choice says how many there are."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        orchestrator.verdicts.confirm(meeting, "1.R1", by="Ada")
        named = entry_names(orchestrator.get_minutes(meeting))
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
    choices = [own["value"] for own in shown.all("input", type="radio")]
    assert choices == ["all", "verified", "as-said", "judged"]
    assert f"All {len(named)}" in shown.text
    assert "Judged 1" in shown.text
    assert [own["class"] for _, own in shown.elements if "judged" in str(own.get("class"))] == ["entry verified judged"]


def test_headings_of_entries_are_hidden_with_them() -> None:
    """A heading stands in a section with its rows, one with entries alone has a class, and so has what has no name."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
        style = pages.client.get(str(shown.all("link", rel="stylesheet")[-1]["href"])).text
    assert len(shown.all("section", class_="of-entries")) > 5
    assert len(shown.all("section")) > len(shown.all("section", class_="of-entries"))
    names = {own["id"] for own in shown.all("a", class_="name") if "id" in own}
    rows = [own for _, own in shown.elements if str(own.get("class", "")).startswith("entry ")]
    assert len(rows) > len(names)  # reasons of votes and changes of position have no name
    assert ".minutes :is(table:has(.entry), .of-entries):not(:has(.judged, :target))" in style


def test_the_numbers_of_entries_are_explained() -> None:
    """Beside the choice stands how many of the entries were checked, and not where the transcript is."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        orchestrator.verdicts.reject(meeting, "1.R1", by="Ada")
        minutes = orchestrator.get_minutes(meeting)
    checks, named = checks_now(minutes)[0], len(entry_names(minutes))
    reasons = sum(bool(one.evidence) for topic in minutes.topics for one in topic.dissent)
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
        told = (
            f"Of these {named} entries 1 was corrected or rejected by people; the other {named - 1} were checked word for word, and so were the reasons of {reasons} votes: "
            f"{checks.entries} in all."
        )
        assert told in shown.text
        assert f"of {checks.entries} entries match the transcript" in shown.text
        assert "orchestrator meeting transcript" not in shown.text
        assert told in pages.get(f"/meetings/{meeting}/entries").text


def test_the_times_of_a_meeting_end_with_it() -> None:
    """What people say about entries later does not make the meeting longer."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        orchestrator.verdicts.confirm(meeting, "1.R1", by="Ada")
        kept = orchestrator.meetings.journal(meeting).events()
        minutes = orchestrator.get_minutes(meeting)
    later = [replace(event, at="2031-01-01T00:00:00Z") if event.kind == Kind.VERDICT else event for event in kept]
    spec = spec_from(kept[0].data)
    assert Times(Stored(meeting, later, spec, minutes, entry_names(minutes))).ended == kept[-5].at


def test_a_vote_that_no_part_shows_has_no_address() -> None:
    """A link to a vote leads to the part of the transcript that has it; there is none to a vote that none has."""
    events = rich_journal().events()
    minutes = build(events)
    links = whole(Stored("m", events, spec_from(events[0].data), minutes, entry_names(minutes))).links(At(1, 1))
    assert links.vote("vote-1.backend_developer") == "#vote-1.backend_developer"
    assert links.vote("vote-3.backend_developer") == ""


def test_lines_around_a_place_end_with_the_document() -> None:
    """A document that ends with a line end has no empty line behind it."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.client.get(f"/meetings/{meeting}").text
    assert "/documents/1?from=4#L4" in shown
    assert "/documents/1?from=5#L5" not in shown


def test_minutes_without_entries_count_none() -> None:
    """Nothing is said of how many of no entries were found."""
    address = kept(rich_journal().events()[:2], "abandoned")
    with site() as pages:
        assert "0 of 0" not in pages.get(address).text


def test_the_head_leads_to_everything_about_the_meeting() -> None:
    """From the minutes a reader gets to entries, documents, comparison and file; the journal's hash stands below."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
    for address in ("entries", "share", "documents/1"):
        assert shown.all("a", href=f"/meetings/{meeting}/{address}")
    assert shown.all("a", href=f"/compare?a={meeting}")
    assert shown.all("form", method="post", action=f"/meetings/{meeting}/fork")
    assert shown.all("button", form="fork", value="T5")
    with AgentOrchestrator() as orchestrator:
        assert journal_line(orchestrator.get_minutes(meeting)) in shown.text


def test_a_meeting_of_a_series_is_compared_with_the_one_before() -> None:
    """The link to the comparison names the meeting before in the same series."""
    events = rich_journal().events()
    with AgentOrchestrator() as orchestrator:
        spec = {**events[0].data, "series": "weekly"}
        for number in (1, 2):
            keep(orchestrator, [replace(events[0], data=spec), *events[1:]], f"2026112{number}-s-000{number}")
    with site() as pages:
        shown = pages.get("/meetings/20261122-s-0002")
        assert shown.all("a", href="/compare?a=20261121-s-0001&b=20261122-s-0002")
        assert pages.get("/meetings/20261121-s-0001").all("a", href="/compare?a=20261121-s-0001")


def test_only_a_meeting_that_was_created_before_is_compared() -> None:
    """Of one day the order of creation counts, not that of the ids; a fork has its origin, the origin not its fork."""
    events = rich_journal().events()
    with AgentOrchestrator() as orchestrator:
        weekly = {**events[0].data, "series": "weekly"}
        for name, more in (("ffff", {}), ("0000", {"forked_from": "20261121-s-ffff"}), ("8888", {})):
            keep(orchestrator, [replace(events[0], data={**weekly, **more}), *events[1:]], f"20261121-s-{name}")
    with site() as pages:
        for name, other in (("ffff", ""), ("0000", "ffff"), ("8888", "0000")):
            own = f"20261121-s-{name}"
            wanted = f"/compare?a=20261121-s-{other}&b={own}" if other else f"/compare?a={own}"
            assert pages.get(f"/meetings/{own}").all("a", href=wanted)


def test_the_timeline_has_every_turn_and_vote_with_its_time() -> None:
    """The timeline lists phases, turns and votes in order, each with its address, and the time at which it was stored."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
    with AgentOrchestrator() as orchestrator:
        events = orchestrator.meetings.journal(meeting).events()
    times = [own["datetime"] for own in shown.all("time")]
    assert len(times) == 14 + 7
    assert set(times) == {event.at for event in events if event.kind in {Kind.TURN, Kind.BALLOT}}
    assert {f"T{n}" for n in range(1, 15)} <= set(shown.ids())
    assert shown.all("a", href="#said-1-1")


def test_the_box_of_votes_says_how_they_were_counted() -> None:
    """The box says the rule, each kind of vote, abstentions, votes that failed, and whose veto decided."""
    meeting = keep_rich()
    with site() as pages:
        text = pages.get(f"/meetings/{meeting}").text
    for words in (
        "2 for 1 for with a concern 1 against 0 abstaining",
        "Rule majority",
        "Abstained Backend Developer",
        "No vote Pr\u00fcferin",
        "Veto Security Engineer",
    ):
        assert words in text


def test_a_vote_that_differs_between_the_orders_is_shown_as_unsteady() -> None:
    """An unsteady vote is named in the box, with what that means."""
    events = [
        replace(event, data={**event.data, "orders": 2, "second": "object"})
        if event.key == "1.ballot.solutions_architect"
        else event
        for event in rich_journal().events()
    ]
    address = kept(events)
    with site() as pages:
        assert "Unsteady Solutions Architect: not the same in both orders" in pages.get(address).text


def test_minutes_of_a_meeting_that_was_interrupted_offer_to_resume_it() -> None:
    """The minutes so far say that the meeting has not ended, and have the form that resumes it."""
    address = kept(rich_journal().events(), "running")
    with site() as pages:
        shown = pages.get(f"{address}/minutes")
        assert "The meeting has not ended." in shown.text
        assert shown.all("form", method="post", action=f"{address}/start")
        check_links(all_parts(pages, f"{address}/minutes"))


@pytest.mark.parametrize("until", [1, 3, 12])
def test_minutes_are_there_however_far_a_meeting_got(until: int) -> None:
    """A meeting that was given up has a page, whether nobody spoke in it, or some did."""
    address = kept(rich_journal().events()[:until], "abandoned")
    with site() as pages:
        check_links(all_parts(pages, address))


SIZES = {
    "many turns": {"turns": 120, "risks": 1, "filler": "It is so. " * 200},
    "many entries": {"turns": 4, "risks": 60},
    "markup": {"turns": 8, "risks": 2, "filler": "<&>\u202e\x1b[31m\U0001f512 " * 3_000, "topics": 2},
    "no blanks": {"turns": 8, "risks": 2, "filler": "&" * 100_000},
    "long titles": {"turns": 2, "risks": 1, "topics": 8, "title": "<b>" * 8_000},
    "nothing": {"turns": 0},
}


@pytest.mark.parametrize("size", list(SIZES))
def test_no_page_is_too_large_and_everything_is_on_one_part(size: str) -> None:
    """Whatever a meeting's size, no part has more than 200 kB, every turn, entry and vote is on one, and links work."""
    events = long_events(**SIZES[size])  # type: ignore[arg-type]
    address = kept(events)
    minutes = build(events)
    with site() as pages:
        found = all_parts(pages, address)
        check_links(found)
        table = pages.client.get(f"{address}/entries")
        assert len(table.content) <= MOST
    turns = {path: page for path, page in found.items() if "minutes=" not in path}
    spoken = Counter(name for page in turns.values() for name in page.ids() if name[0] == "T" and name[1:].isdecimal())
    assert spoken == Counter(turn.id for turn in minutes.turns)
    parts = {path: page for path, page in found.items() if "turns=" not in path}
    entries = Counter(str(own["id"]) for page in parts.values() for own in page.all("a", class_="name") if "id" in own)
    assert set(entries.values()) <= {1}
    votes = Counter(name for page in turns.values() for name in page.ids() if name.startswith("vote-"))
    assert votes == Counter(f"vote-{one.topic}.{one.speaker}" for topic in minutes.topics for one in topic.ballots)


def test_a_word_without_end_is_cut_and_leads_to_the_file() -> None:
    """Of a word with 100 kB the beginning is shown, with a link to the whole."""
    address = kept(long_events(turns=2, risks=1, filler="x" * 100_000))
    with site() as pages:
        shown = pages.get(address)
    assert "96,000 more characters in the file" in shown.text
    assert shown.all("a", class_="more", href=f"{address}/file")


def test_the_question_of_somebody_without_a_seat_stands_above_its_answer() -> None:
    """A question is no turn of anybody then; the transcript has it before the turns that answer it, once, and
    it was not missed.
    """
    events = list(rich_journal().events())
    at = next(number for number, event in enumerate(events) if event.kind == Kind.TURN)
    first = events[at]
    asked = "A person asked the CTO: who <pays>?"
    note = {"topic": 1, "text": asked, "phase": "start"}
    answer = {**first.data, "phase": "answer_1_ballot", "text": "We pay."}
    events[at : at + 1] = [
        replace(first, kind=Kind.NOTE, key="1.note.person.1_ballot", data=note),
        replace(first, data=answer),
    ]
    meeting = "20261123-asked-0001"
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, [replace(event, seq=number) for number, event in enumerate(events, 1)], meeting)
    with site() as pages:
        page = pages.get(f"/meetings/{meeting}").text
    assert page.count(asked) == 1
    spoken = page.split("Timeline: ", 1)[1]
    assert spoken.index(asked) < spoken.index("We pay.")
