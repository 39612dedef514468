"""The pages of the documents of a meeting."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from agents.documents import Document
from agents.meeting.journal import Event
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import Site, keep, keep_rich, site
from tests.inputs import PROPOSAL
from tests.meeting.rooms import hold, spec_for

PLAN = "# Plan\n\n\tOne server  holds all sessions.\nThe password is shared.\n\n<!-- a note -->\nNobody measured it.\n"
HOSTILE = '<script>alert(1)</script> \u202e evil \x1b[31m & <a href="javascript:alert(1)">x</a>'
LONG = "x & < " * 20_000
"""A line of 120 kB."""


def keep_held(*documents: Document, context: int = 8192, meeting_id: str = "20261124-held-0001") -> str:
    """Store a meeting that was held on these documents."""
    spec = replace(spec_for(documents=documents, context=context), id=meeting_id)
    events, _ = hold(spec)
    return keep_events(events)


def keep_events(events: Sequence[Event], status: str = "closed") -> str:
    """Store a meeting with these events."""
    with AgentOrchestrator() as orchestrator:
        return keep(orchestrator, events, status=status)


def path(meeting: str, number: int = 1, query: str = "") -> str:
    """The address of a document."""
    return f"/meetings/{meeting}/documents/{number}{query}"


def raw(pages: Site, address: str) -> str:
    """The source of a page."""
    answer = pages.client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert len(answer.content) <= 200_000
    return answer.text


def test_each_line_has_a_place_and_a_link_to_it() -> None:
    """Every line of the document has its number as a link to itself, and its words."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(path(meeting))
        places = [name for name in shown.ids() if name.startswith("L")]
        assert places == ["L1", "L2", "L3", "L4"]
        for number in range(1, 5):
            assert shown.all("a", href=f"#L{number}", class_="number")
        assert "Its password is shared by all services." in shown.text
        assert len(shown.ids()) == len(set(shown.ids()))


def test_a_cited_line_links_to_its_entry_and_its_turn() -> None:
    """Beside a line that an entry names stand the entry in the minutes, what is known of it, and the turn."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(path(meeting))
        facts = [own["href"] for own in shown.all("a", class_="name")]
        assert facts == [f"/meetings/{meeting}/minutes?at=1.Fa1#1.Fa1"]
        assert shown.all("a", href=f"/meetings/{meeting}/entries/1.Fa1")
        assert shown.all("a", href=f"/meetings/{meeting}/minutes?at=T1#T1")
        [line] = shown.all("li", id="L3")
        assert "cited" in str(line["class"]).split()


def test_lines_that_nobody_was_shown_say_why_and_which_setting_would_show_them() -> None:
    """Of a document for which there was no room, lines are marked as not shown, with the settings that would help."""
    words = "\n\n".join(f"Part {n}. " + "Some words of a long plan. " * 40 for n in range(1, 80))
    meeting = keep_held(Document("long.txt", words), context=4096)
    with site() as pages:
        shown = pages.get(path(meeting, query="?from=150"))
        assert "Nobody was shown lines" in shown.text
        assert "no room in the context. NUM_CTX=" in shown.text
        assert shown.all("input", id="only-unshown")
        unshown = [own for own in shown.all("li") if "unshown" in str(own.get("class", "")).split()]
        assert unshown
        assert any("not shown" in str(own.get("aria-label")) for own in shown.all("a", class_="number"))
        first = pages.get(path(meeting))
        assert "only." in first.text or "alone." in first.text


def test_comments_and_lines_that_nobody_mentioned_are_marked() -> None:
    """A comment is shown to nobody, whatever the settings; a line that was shown and that nobody mentioned says so."""
    meeting = keep_held(Document("plan.md", PLAN))
    with site() as pages:
        shown = pages.get(path(meeting))
        assert "Nobody was shown line 6 : a comment or a table of contents." in shown.text
        assert "Nobody mentioned lines" in shown.text
        [line] = shown.all("li", id="L6")
        assert line["class"] == "unshown"


def test_white_space_stays_and_tabs_can_be_seen() -> None:
    """Blanks at the begin of a line and between words stay, and a tab is a tab."""
    meeting = keep_held(Document("plan.md", PLAN))
    with site() as pages:
        source = raw(pages, path(meeting))
        assert '<span class="tab">\t</span>One server  holds' in source


def test_a_long_document_is_shown_in_parts() -> None:
    """Each part has at most 200 kB, links to the parts around it, and a line is found in its own part."""
    document = Document("long.txt", "\n".join(f"Line {n} says <what> & why, in some words." for n in range(1, 6001)))
    meeting = keep_held(document)
    with site() as pages:
        first = pages.get(path(meeting))
        assert first.all("a", rel="next")
        assert "L1" in first.ids()
        assert "L6000" not in first.ids()
        last = pages.get(path(meeting, query="?from=6000"))
        assert "L6000" in last.ids()
        assert last.all("a", rel="prev")
        seen = list[str]()
        address = path(meeting)
        while address:
            raw(pages, address)
            part = pages.get(address)
            seen += [name for name in part.ids() if name.startswith("L")]
            address = str(part.all("a", rel="next")[0]["href"]) if part.all("a", rel="next") else ""
        assert seen == [f"L{n}" for n in range(1, 6001)]


def test_a_very_long_line_is_cut_and_has_a_page_of_its_own() -> None:
    """Of a line of 120 kB the beginning is shown, and pages of its own show all of it."""
    meeting = keep_held(Document("odd.txt", f"short\n{LONG}\nend"))
    with site() as pages:
        shown = pages.get(path(meeting))
        assert "all 120,000 characters of line 2" in shown.text
        assert shown.all("a", class_="whole", href=path(meeting, query="?line=2"))
        letters, address = 0, path(meeting, query="?line=2")
        for _ in range(4):
            raw(pages, address)
            part = pages.get(address)
            letters += part.text.count("&")
            address = str(part.all("a", rel="next")[0]["href"]) if part.all("a", rel="next") else ""
        assert not address
        assert letters == 20_000


def test_hostile_words_stay_words() -> None:
    """Markup in a document, and signs that turn text around, change nothing of the page."""
    meeting = keep_held(Document("evil.md", f"{HOSTILE}\n{HOSTILE * 30}"), Document("<img src=x>.md", HOSTILE))
    with site() as pages:
        for number in (1, 2):
            source = raw(pages, path(meeting, number))
            assert "<script>alert" not in source
            assert "\u202e" not in source
            assert "\x1b" not in source
            shown = pages.get(path(meeting, number))
            assert not [own for own in shown.all("a") if str(own.get("href", "")).startswith("javascript")]
            assert "<script>alert(1)</script>" in shown.text


def test_a_meeting_that_has_not_begun_shows_its_documents() -> None:
    """Before a meeting begins its documents can be read, and nothing is said of who was shown them."""
    spec = spec_for(documents=[Document("plan.md", PLAN)])
    with AgentOrchestrator() as orchestrator:
        orchestrator.meetings.create(spec.id, spec.kind.id, "Shall we?", spec.as_dict())
    with site() as pages:
        shown = pages.get(path(spec.id))
        assert "The meeting has not begun, so nobody was shown them yet." in shown.text
        assert "Nobody mentioned" not in shown.text
        assert not shown.all("fieldset")
        assert "The meeting has not begun." in pages.get(path(spec.id, query="?line=1")).text


def test_a_meeting_that_has_not_ended_shows_what_is_known_so_far() -> None:
    """In the middle of a meeting the margin tells what was said until now."""
    events, _ = hold(spec_for(documents=[Document("plan.md", PLAN)]))
    meeting = keep_events(events[:6], status="running")
    with site() as pages:
        shown = pages.get(path(meeting))
        assert "what is known so far" in shown.text
        assert "So far, nobody was shown line 6" in shown.text
        assert "So far, nobody was shown this line" in pages.get(path(meeting, query="?line=6")).text
        assert "Nobody was shown" not in shown.text
        assert shown.all("a", href=f"/meetings/{meeting}")


@pytest.mark.parametrize(
    ("query", "said"),
    [("/documents/7", "has 1 document, and none with this number"), ("/documents/1?line=99", "has 4 lines")],
)
def test_what_is_not_there_is_not_found(query: str, said: str) -> None:
    """A document or line that there is not gives a page that says so."""
    meeting = keep_rich()
    with site() as pages:
        assert said in pages.get(f"/meetings/{meeting}{query}", 404).text


def test_documents_link_to_each_other_and_to_the_minutes() -> None:
    """Above the lines stand the links to the other documents and back to the minutes."""
    meeting = keep_held(Document("one.md", "One line."), Document("two.md", "Another line."))
    with site() as pages:
        shown = pages.get(path(meeting, 2))
        assert shown.all("a", href=path(meeting, 1))
        assert shown.all("a", href=path(meeting, 2), aria_current="page")
        assert shown.all("a", href=f"/meetings/{meeting}/minutes")


def test_the_places_of_a_checklist_are_citations() -> None:
    """A line that a checklist names is cited, with who looks there and why, and counts among the cited lines."""
    with AgentOrchestrator(model_name="rehearsal") as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", "Shall we?", attach=[PROPOSAL])
        orchestrator.conduct_meeting(meeting)
        [topic] = orchestrator.get_minutes(meeting).topics
    lines = {item.fields["line"] for item in topic.items if item.label == "Place"}
    assert lines
    with site() as pages:
        shown = pages.get(path(meeting))
        cited = {str(own["id"])[1:] for own in shown.all("li") if "cited" in str(own.get("class") or "").split()}
        assert cited == lines
        assert f"Cited {len(lines)} by an entry" in shown.text
        assert re.search(r"Solutions Architect ?, (asks|red flag|done when): ", shown.text)


def test_lines_that_are_only_rules_have_no_words() -> None:
    """Blank lines and rules count neither as shown nor as passed over; the page says of how many lines that is."""
    text = "# Plan\n\n---\n| a | b |\n|---|:-:|\n* * *\nIt is one server.\n====\n"
    meeting = keep_held(Document("plan.md", text))
    with site() as pages:
        shown = pages.get(path(meeting))
        assert "Lines with words 3 of 8; the others have none" in shown.text
        assert "Shown 3 3 to all" in shown.text
        assert "The line has no words." in pages.get(path(meeting, query="?line=3")).text
