"""Redacted copies of minutes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from itertools import cycle
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document
from agents.export.redacted import RUN, redacted, to_redacted
from agents.meeting.journal import Event, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from agents.meeting.spec import spec_from
from agents.role.names import Names
from tests.export.hostile import patient
from tests.export.meetings import rich_journal, rich_minutes

WORD = re.compile(r"[^\W_]+")
WORDS = st.sampled_from(
    ["server", "password", "region", "invoice", "over", "under", "the", "of", "and", "one", "shared", "lost"]
)
LINES = st.lists(st.lists(WORDS, min_size=RUN, max_size=9).map(" ".join), min_size=1, max_size=4)
PEOPLE = ("Ada Lovelace", "Grace H.", "Herr M\u00fcller", "\u738b\u5c0f\u660e", "Zoe")


def words_of(text: str) -> str:
    """The words of a text in lower case, with one blank around each."""
    return f" {' '.join(word.lower() for word in WORD.findall(text))} "


def shown(page: str) -> str:
    """The words of a page, without its style and its marks."""
    return words_of(unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)))


def held(documents: Mapping[str, str], said: list[str], people: tuple[str, ...] = ()) -> Minutes:
    """The fixed meeting with other documents, and with these words in its turns and votes, and verdicts of people."""
    journal, texts = MemoryJournal(), cycle(said)
    for event in rich_journal().events():
        journal.append(event.kind, event.key, changed(event, documents, people, texts))
    for by in people:
        first = {"entry": "1.R1", "judgement": "corrected", "said": "one server fails and everybody is logged out"}
        journal.append(
            "verdict", "", {**first, "topic": 1, "turn": "T1", "by": by, "at": "", "text": f"{by} was not told"}
        )
    return build(journal.events())


def changed(
    event: Event, documents: Mapping[str, str], people: tuple[str, ...], texts: Iterator[str]
) -> dict[str, Any]:
    """The data of an event with these documents, people and words."""
    data = dict(event.data)
    if event.kind == "called":
        attached = tuple(Document(*one) for one in documents.items())
        return replace(spec_from(data), documents=attached, names=Names(people=people)).as_dict()
    if event.kind == "turn" and data["text"] != "PASS":
        said = next(texts)
        data["text"] += (
            f"\nRisk: {said} (impact: high)\nAction: {people[0] if people else 'CTO'} will check {said}\n{said}"
        )
    if event.kind == "ballot":
        data["reason"] = next(texts)
    return data


@patient
@given(lines=LINES, name=st.sampled_from(("plan.md", "secret plan.pdf", "folder/costs.csv")))
def test_no_line_of_a_document_is_left(lines: list[str], name: str) -> None:
    """However often a line is said, quoted or voted on, a redacted copy has neither it nor the document's name."""
    said = [*lines, f'{name}:1 says "{lines[0]}"', f"as {lines[-1].upper()}, {name}"]
    minutes = held({name: "\n".join(lines)}, said)
    page = to_redacted(minutes)
    for line in lines:
        assert words_of(line) not in shown(page)
    assert words_of(name.rpartition("/")[2]) not in shown(page)
    assert name not in repr(redacted(minutes))


@patient
@given(people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True), by=st.sampled_from(PEOPLE))
def test_no_name_of_a_person_is_left(people: list[str], by: str) -> None:
    """Whoever owns a task, is talked about or judged an entry is "person 1" in a redacted copy; the roles stay."""
    said = [f"{one} knows it" for one in people]
    minutes = held({}, said, (*people, by) if by not in people else tuple(people))
    page = to_redacted(minutes)
    for person in (*people, by):
        assert words_of(person) not in shown(page)
        assert all(words_of(part) not in shown(page) for part in WORD.findall(person) if len(part) > 2)
        assert person not in repr(redacted(minutes))
    assert "person 1" in page
    assert "Backend Developer" in page


def test_what_a_person_typed_is_left_out() -> None:
    """The turns of a person's seat, what rests on them, and reports on the outcome are not in a redacted copy."""
    page = to_redacted(rich_minutes())
    for typed in ("I think so too", "l\u00f6sen wir", "No cart was lost", "Ada"):
        assert typed in repr(rich_minutes())
        assert typed not in page
    assert "[words of a person]" in page
    assert "one server fails" in page


def test_a_key_of_a_document_is_left_out_wherever_it_is_said() -> None:
    """A word of letters and digits that a document has is left out, also when it is said alone; usual words stay."""
    minutes = held({"keys.md": "token: hunter2x\nthe usual password"}, ["they use HUNTER2X as the password"])
    page = to_redacted(minutes)
    assert "hunter2x" not in page.lower()
    assert "password" in page


def test_a_redacted_copy_says_so_at_its_top_with_the_hash_of_the_journal() -> None:
    """Its first sentence says that it is one, and which journal it was made from; the journal itself is gone."""
    minutes = rich_minutes()
    page = to_redacted(minutes)
    begin = page.partition("<main>")[0]
    assert "Redacted copy" in begin
    assert re.search(r"39 events, sha256 [0-9a-f]{64}", begin)
    assert redacted(minutes).journal == ()


def test_what_has_nothing_to_hide_stays_as_it_is() -> None:
    """Topics, outcomes, votes, turns of agents and the names of entries are those of the minutes."""
    minutes = rich_minutes()
    copy = redacted(minutes)
    assert [topic.topic for topic in copy.topics] == [topic.topic for topic in minutes.topics]
    assert [topic.decision.outcome for topic in copy.topics] == [topic.decision.outcome for topic in minutes.topics]
    assert [topic.positions for topic in copy.topics] == [topic.positions for topic in minutes.topics]
    assert (copy.sections, copy.lines, copy.title) == (minutes.sections, minutes.lines, minutes.title)
    agents = {seat.role for seat in minutes.present if not seat.human}
    same = [
        one.text == other.text.replace("design.md", "document 1")
        for one, other in zip(copy.turns, minutes.turns, strict=True)
        if one.speaker in agents
    ]
    assert same == [True] * len(same)
