"""The HTML page: no text becomes markup, nothing is loaded, and it contains all of the minutes."""

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given

from agents.export.html import to_html
from agents.export.html_tags import tag
from agents.meeting.entry_names import entry_names
from agents.meeting.minutes.artefacts import artefact_of
from agents.text import one_line
from tests.export.hostile import harmless, hostile_lists, minutes_of, patient
from tests.export.meetings import rich_minutes
from tests.meeting.speakers import TYPES, held

LOADING = {
    "script",
    "img",
    "link",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "video",
    "audio",
    "use",
    "image",
}


class Page(HTMLParser):
    """A parsed page: its elements with their attributes, its text, and everything else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.odd: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends, and it is the one that began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        """A comment; there should be none."""
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        """A marked section; there should be none."""
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        """A processing instruction; there should be none."""
        self.odd.append(data)

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements and the names of their attributes, without any text, and without the marks on words of a turn,
        which are where the minutes quote them.
        """
        marks = ((name, own) for name, own in self.elements if name != "mark" and own.get("class") != "back")
        return [(name, tuple(attributes)) for name, attributes in marks]


@patient
@given(hostile_lists)
def test_no_words_become_markup(words: list[str]) -> None:
    """With any text, the page has the same elements and attributes as with harmless words, and all are closed."""
    page = Page(to_html(minutes_of(words)))
    assert page.shape == Page(to_html(minutes_of(harmless(words)))).shape
    assert not page.odd
    assert not page.open


@patient
@given(hostile_lists)
def test_no_words_are_lost(words: list[str]) -> None:
    """Everything that was said can be read on the page."""
    minutes = minutes_of(words)
    shown = one_line(" ".join(Page(to_html(minutes)).texts))
    topic = minutes.topics[0]
    said = (
        [one.text for one in topic.items]
        + [one.task for one in topic.actions]
        + [one.reason for one in topic.ballots[:1]]
    )
    for text in [*said, topic.decision.text, topic.topic.text, *topic.notes, *(one.cause for one in minutes.absent)]:
        assert one_line(text) in shown


@pytest.mark.parametrize("type_id", TYPES)
def test_every_type_of_meeting_gives_a_complete_page(type_id: str) -> None:
    """The artefact of a meeting is on its page with every entry, every element is closed, every link leads somewhere."""
    minutes = held(type_id)
    page = Page(to_html(minutes))
    shown = one_line(" ".join(page.texts))
    assert not page.open
    places = {f"#{own['id']}" for _, own in page.elements if "id" in own}
    assert {own["href"] for _, own in page.elements if "href" in own} <= places
    left = artefact_of(minutes, minutes.topics[0])
    for text in [cell for block in left.blocks if not block.repeats for row in block.rows for cell in row.cells]:
        assert one_line(text) in shown


def test_a_value_cannot_end_its_attribute() -> None:
    """Quotes in the value of an attribute are part of it."""
    found = Page(tag("a", "x", href='"><script>alert(1)</script>'))
    assert found.elements == [("a", {"href": '"><script>alert(1)</script>'})]


def test_the_policy_allows_the_pages_own_style_and_nothing_else() -> None:
    """The policy comes before the style and has the digest of exactly that style; no other source is allowed."""
    text = to_html(rich_minutes())
    css = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policies = [
        attributes["content"]
        for name, attributes in Page(text).elements
        if name == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_the_page_loads_nothing_and_links_only_into_itself() -> None:
    """No element loads or runs anything, there are no inline styles or handlers, and every link leads into the page."""
    text = to_html(rich_minutes())
    page = Page(text)
    places = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    for name, attributes in page.elements:
        assert name not in LOADING
        assert not any(key.startswith("on") or key in {"src", "style", "srcset", "action"} for key in attributes)
        href = attributes.get("href")
        assert href is None or href.removeprefix("#") in places
    assert "url(" not in text
    assert "@import" not in text


def test_ids_are_unique() -> None:
    """Every topic, entry, turn, quotation, vote and cited line has one id, and so has each place that cites a line."""
    minutes = rich_minutes()
    ids = [str(attributes["id"]) for _, attributes in Page(to_html(minutes)).elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    places = {f"topic-{one.topic.number}" for one in minutes.topics} | {turn.id for turn in minutes.turns}
    assert places < set(ids)
    named = entry_names(minutes)
    assert {name for name, one in named.items() if name in ids} >= {"1.D1", "1.AC1", "1.R1", "2.D1"}
    assert any(one.rpartition(".")[0] in places for one in ids)
    rest = {one for one in ids if one.rpartition(".")[0] not in places} - places - set(named)
    assert {one.split("-")[0] for one in rest} == {"line", "lines", "cites", "vote"}


def test_an_entry_leads_to_its_words_in_the_turn_and_back() -> None:
    """The source of an entry is a link to exactly its words in the transcript, which link back to the entry."""
    page = to_html(rich_minutes())
    risk = page.split('<span id="1.R4"')[1]
    assert risk.split("<a href=")[1].startswith('"#T4.1"')
    words = page.split('<mark id="T4.1">')[1]
    assert words.startswith("\u0642\u0641\u0644")
    assert words.split("</mark> ")[1].startswith('<a href="#1.R4" class="back">1.R4</a>')


def test_quotations_that_share_words_are_marked_once() -> None:
    """Two entries with the same or overlapping words have one mark, which names both."""
    minutes = rich_minutes()
    topic = minutes.topics[0]
    risk = next(one for one in topic.items if one.evidence.turn == "T4")
    longer = replace(risk, evidence=replace(risk.evidence, quote=risk.evidence.quote[4:]))
    page = to_html(replace(minutes, topics=(replace(topic, items=(*topic.items, longer)), *minutes.topics[1:])))
    after = page.split('<mark id="T4.1">')[1].split("</mark>")[1]
    assert [part.split("<")[0] for part in after.split('class="back">')[1:3]] == ["1.R4", "1.R6"]


def test_each_unverified_entry_is_marked() -> None:
    """Each unverified entry has the mark and its problem, and the footer counts them."""
    minutes = rich_minutes()
    page = Page(to_html(minutes))
    marks = [
        attributes for name, attributes in page.elements if name == "strong" and attributes.get("class") == "unverified"
    ]
    assert len(marks) == minutes.checks.as_said == 9
    text = one_line("".join(page.texts))
    for problem in ("there is no turn T99", "T2 does not say this", "T14 does not say this"):
        assert problem in text
    assert "9 are shown as said." in text


def test_the_drawing_shows_who_moved_without_colour() -> None:
    """A move is a thick line with an arrow, broken without a new argument; other lines are thin."""
    page = Page(to_html(rich_minutes()))
    first = page.elements[: [name for name, _ in page.elements].index("figcaption")]
    kinds = [attributes["class"] for name, attributes in first if name == "line"]
    assert sorted(kinds, key=str) == ["move", "move unargued", "stay", "stay"]
    assert sum(name == "polygon" for name, _ in first) == 2
    told = one_line("".join(page.texts))
    assert "Security Engineer: against, then for with conditions" in told
    assert "2 of 4 moved" in told
    assert 'Last position "for with conditions", but objects in the vote: Backend Developer' in told


def test_a_turn_named_in_the_decision_is_a_link() -> None:
    """[T3] in a proposal is a link to that turn; the id of a turn that does not exist stays text."""
    minutes = rich_minutes()
    topic = minutes.topics[0]
    decision = replace(topic.decision, text="Do it, as [T1] and [T99] ask.")
    page = to_html(replace(minutes, topics=(replace(topic, decision=decision), *minutes.topics[1:])))
    assert 'Do it, as [<a href="#T1">T1</a>] and [T99] ask.' in page
