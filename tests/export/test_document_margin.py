"""What a meeting made of each line of its documents."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document
from agents.export import export
from agents.export.document_margin import LineMargin, Sight, Why, document_margins, unmarked
from agents.export.text import cited_lines
from agents.meeting.finding import READ, Finding, Reason
from agents.meeting.journal import Event, Kind, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Seat
from agents.meeting.spec import MeetingSpec, topics_from
from agents.meeting.types.file import read_types
from tests.export.hostile import patient
from tests.export.meetings import DESIGN, rich_minutes
from tests.meeting.minutes.said import TITLES, minutes_of
from tests.meeting.rooms import hold, spec_for

PLAN = Document(
    "plan.md",
    "# Plan\n\nOne server holds all sessions.\nThe password is shared by all services.\n\n<!-- a note -->\nNobody measured it.\n",
)

MANY = "word " * 100
"""So many that each line is a passage of its own."""


def margin(minutes: Minutes, document: Document = PLAN) -> tuple[LineMargin, ...]:
    """The margin of the only document."""
    [found] = document_margins(minutes, [document])
    return found.lines


def meeting(
    parts: dict[str, list[int]] | None, shared: Sequence[int], said: Sequence[tuple[str, str]], *, ended: bool = True
) -> Minutes:
    """A meeting on the plan, of which these lines were shown to all, and those to single roles for their turns."""
    text = "\n\n".join(f"Line {number} of the plan has words. {MANY}" for number in range(1, 9))
    document = Document("plan.txt", text)
    passages = document.passages()
    at = {line: one for one in passages for line in range(one.first, one.last + 1)}

    def places(lines: Sequence[int]) -> list[list[object]]:
        return [[at[line].document, at[line].first, at[line].piece] for line in lines]

    journal = MemoryJournal()
    seats = tuple(Seat(role, title, "belongs here") for role, title in TITLES.items())
    kind = read_types()["architecture_review"]
    spec = MeetingSpec(
        "20261124-test-0001", kind, topics_from(["Shall we?"]), seats, "cto", rich_minutes().held, "scripted",
        documents=(document,),
    )  # fmt: skip
    journal.append("called", "called", spec.as_dict())
    own = None if parts is None else {role: [places(lines)] for role, lines in parts.items()}
    head = {"shared": places(shared), "scale": 1.0, "total": len(passages), "parts": own, "phase": "silent_round"}
    journal.append("head", "1.head", {**head, "enough": {"NUM_CTX": 16384}})
    for number, (speaker, words) in enumerate(said, 1):
        key = f"1.silent_round.{speaker}"
        data = {"id": f"T{number}", "key": key, "topic": 1, "phase": "silent_round", "speaker": speaker, "text": words}
        read = places((parts or {}).get(speaker, ()))
        journal.append("turn", key, {**data, "position": None, "read": read})
    if ended:
        journal.append("closed", "closed", {"at": "2026-11-24T10:00:00.000Z"})
    return build(journal.events())


def document_of(minutes: Minutes) -> Document:
    """The document of ``meeting``."""
    stored = minutes.journal[0].data["documents"][0]
    return Document(stored["name"], stored["text"])


def test_a_line_is_cited_by_the_entries_that_name_or_quote_it() -> None:
    """An entry marks the lines that it names and those whose words it quotes, and so does its turn; no others."""
    turns = [
        ("silent_round", "cto", "Risk: plan.md:3 is a single point of failure"),
        ("silent_round", "qa_engineer", 'Risk: the plan says "The password is shared by all services"'),
    ]
    lines = margin(minutes_of("architecture_review", turns, [PLAN]))
    assert [one.number for one in lines if one.cited] == [3, 4]
    assert lines[2].entries == ("R1",)
    assert lines[2].turns == ("T1",)
    assert lines[3].entries == ("R2",)
    assert lines[3].turns == ("T2",)


def test_a_turn_mentions_a_line_without_an_entry() -> None:
    """A turn that quotes a line in no field of its own mentions it, but nothing cites it."""
    turns = [("exchange", "cto", 'REVISE: I had not seen "Nobody measured it." in plan.md:7.')]
    lines = margin(minutes_of("architecture_review", turns, [PLAN]))
    assert [one.number for one in lines if one.mentioned] == [7]
    assert lines[6].turns == ("T1",)
    assert not lines[6].cited


def test_the_reasons_of_votes_mention_lines() -> None:
    """Who names a line in the reason of a vote stands beside it."""
    cast = {"cto": ("object", 'because of plan.md:4 "The password is shared by all services."', "")}
    turns = [("proposal", "cto", "Proposal: build it")]
    minutes = minutes_of(
        "architecture_review", turns, [PLAN], ballots=cast, put={"turn": "T1", "choice": "", "text": "Build it."}
    )
    assert margin(minutes)[3].votes == ((1, "cto"),)


def test_a_finding_marks_all_its_lines_and_its_turn() -> None:
    """A place to look at marks every line of it, with its name and the turn of its reason."""
    made = minutes_of("architecture_review", [("silent_round", "cto", "Risk: it breaks")], [PLAN])
    found = Finding("plan.md", 3, 4, "One server", "high", (Reason("cto", READ, "it breaks", turn="T1"),))
    lines = margin(replace(made, topics=(replace(made.topics[0], findings=(found,)),)))
    assert [one.number for one in lines if one.findings == ("F1",) and one.turns == ("T1",)] == [3, 4]


def test_a_journal_of_an_earlier_version_does_not_know_what_was_shown() -> None:
    """Where the journal does not say what was dealt out, no line is said to be unshown."""
    lines = margin(rich_minutes(), Document("design.md", DESIGN))
    assert {one.sight for one in lines} == {Sight.UNKNOWN}
    assert [one.number for one in lines if one.cited] == [3]
    assert not any(one.unshown for one in lines)


def test_nothing_is_missing_for_good_while_a_meeting_is_held() -> None:
    """Who has not been asked yet did not fail to answer, and the minutes so far say that they are."""
    held = {"cto": [3], "qa_engineer": [5]}, [1], [("cto", "Risk: it breaks")]
    before, after = meeting(*held, ended=False), meeting(*held)
    lines = margin(before, document_of(before))
    assert (lines[4].sight, lines[4].why) == (Sight.NOBODY, None)
    assert "So far, nobody was shown line" in export(before, "markdown")
    assert "another part so far: plan.txt" in export(before, "markdown")
    assert "Nobody was shown line" in export(after, "markdown")
    assert "so far" not in export(after, "markdown").lower()


def test_who_was_shown_a_line_and_why_nobody_was() -> None:
    """A line is shown to all, to those who read it, or to nobody: for want of room, or because its reader was silent."""
    minutes = meeting({"cto": [3], "qa_engineer": [5]}, [1], [("cto", "Risk: it breaks")])
    lines = margin(minutes, document_of(minutes))
    assert lines[0].sight is Sight.ALL
    assert (lines[2].sight, lines[2].readers) == (Sight.SOME, ("cto",))
    assert (lines[4].sight, lines[4].why, dict(lines[4].enough)) == (Sight.NOBODY, Why.SILENT, {})
    assert (lines[6].sight, lines[6].why, dict(lines[6].enough)) == (Sight.NOBODY, Why.ROOM, {"NUM_CTX": 16384})
    assert lines[1].blank
    assert not lines[1].unshown


def test_comments_are_shown_to_nobody() -> None:
    """A comment of a document that all were shown was shown to nobody, whatever the settings."""
    events, _ = hold(spec_for(documents=[PLAN]))
    [found] = document_margins(build(events), [PLAN])
    assert (found.lines[5].sight, found.lines[5].why) == (Sight.NOBODY, Why.COMMENT)
    counts = found.counts()
    assert (counts.lines, counts.words, counts.to_all, counts.unshown, counts.known) == (7, 5, 4, 1, True)


def test_a_meeting_that_has_not_begun_marks_nothing() -> None:
    """Of a document that no meeting has seen, each line is known, and nothing about it."""
    found = unmarked(PLAN)
    assert len(found.lines) == 7
    assert not any(one.mentioned or one.unshown for one in found.lines)
    assert not found.counts().known


def test_an_excerpt_is_a_part_of_the_margin() -> None:
    """The lines of an excerpt are those of the document; beyond its end there are none."""
    found = unmarked(PLAN)
    assert [one.number for one in found.between(3, 4)] == [3, 4]
    assert [one.number for one in found.between(7, 99)] == [7]
    assert found.between(90, 99) == ()


numbers = st.lists(st.sampled_from([1, 3, 5, 7, 9, 11, 13, 15]), unique=True, max_size=4)
sentences = st.sampled_from([
    "Risk: plan.txt:5 breaks", 'Fact: the plan says "Line 4 of the plan has words."', "Risk: it is slow",
    "Question: what of plan.txt:1-9?", 'REVISE: "Line 1 of the plan" and T1 say so', "PASS", "lines 3-5 of plan.txt, l. 99",
])  # fmt: skip


@patient
@given(st.booleans(), numbers, numbers, st.lists(sentences, max_size=4))
def test_every_cited_line_is_marked_and_only_quoted_lines_are_mentioned(
    known: bool, shared: list[int], own: list[int], said: list[str]
) -> None:
    """All lines that the minutes cite are marked; a line that nobody was shown is mentioned only where it is quoted."""
    speakers = list(TITLES)
    mine = [line for line in own if line not in shared]
    minutes = meeting({"cto": mine} if known else None, shared, list(zip(speakers, said, strict=False)))
    document = document_of(minutes)
    lines = margin(minutes, document)
    for cited in cited_lines(minutes):
        assert all(one.mentioned for one in lines[cited.first - 1 : cited.last])
    words = "\n".join(said)
    for one in lines:
        if one.unshown and one.mentioned:
            text = document.lines[one.number - 1]
            assert text[:18] in words or "plan.txt" in words
        assert known or not one.unshown
        assert not (one.passed_over and (one.unshown or one.mentioned or one.blank))
    [found] = document_margins(minutes, [document])
    counts = found.counts()
    assert counts.words == counts.to_all + counts.dealt + counts.unshown or not counts.known


def test_events_are_enough() -> None:
    """The margin is the same for the same events, as the minutes are."""
    events: list[Event] = hold(spec_for(documents=[PLAN]))[0]
    assert events[0].kind == Kind.SPEC
    assert document_margins(build(events), [PLAN]) == document_margins(build(events), [PLAN])
