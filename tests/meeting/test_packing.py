"""The division of the context: every line of the documents is shown to somebody or named as shown to nobody."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.documents import Document, Passage, passages_of
from agents.meeting import context
from agents.meeting.context import Packing, Readers, Sizes, material_of, packing_from
from agents.meeting.coverage import shown_on
from agents.meeting.journal_values import StoredPacking
from agents.meeting.record import Lines, Unread
from agents.meeting.sections import block_tokens, deal, phase_of_part
from agents.meeting.unread import said, unread_lines
from agents.model import RESERVE_TOKENS, render_passages, rough_tokens
from agents.role import Role, RoleItem
from agents.store.document_index import PassageIndex

WORDS = ("session", "redis", "backup", "rollback", "password", "deploy", "the", "of", "nobody", "knows")
ROLES = tuple(
    Role(
        f"role_{number}",
        f"Role {number}",
        expertise=(WORDS[number % 6],),
        red_flags=(RoleItem("x", (WORDS[number % 5],)),),
    )
    for number in range(12)
)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Up to three documents with headings, lists, code, comments, blank and huge lines; from nothing to some 100 kB."""
    seed = draw(st.lists(
        st.sampled_from(["", "## Goals", "# A", "```", "<!-- x -->", "- [a](#a)", "session redis", "x" * 5000, "日本" * 900,
                         "the backup of nobody knows " * 9, "- password of the deploy", "| a | b |"]),
        min_size=1, max_size=40,
    ))  # fmt: skip
    times = draw(st.integers(1, 40))
    return [Document(f"d{number}.md", "\n".join(seed * times)) for number in range(draw(st.integers(1, 3)))]


def packed(given_documents: Sequence[Document], sizes: Sizes, readers: Readers) -> tuple[Packing, list[Passage]]:
    """The packing of documents, and all their passages."""
    passages = list(passages_of(given_documents))
    with PassageIndex(passages) as index:
        material = material_of(given_documents, passages, index, ["session redis", "who knows"], rough_tokens)
        return context.pack(sizes, material, readers, rough_tokens), passages


def content_lines(passages: Sequence[Passage]) -> Counter[tuple[str, int, int]]:
    """The lines that passages show, each with the number of its piece."""
    return Counter(
        (passage.document, number, passage.piece)
        for passage in passages
        for number, line in enumerate(passage.text.split("\n"), passage.first)
        if line.strip()
    )


def named(unread: Unread) -> set[tuple[str, int]]:
    """The lines that are named as shown to nobody."""
    return {(one.document, line) for one in unread.lines for line in range(one.first, one.last + 1)}


@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(2048, 65536), st.integers(0, 12), st.integers(1, 5), st.integers(200, 1200))
@example([Document("a.md", "x " * 90_000)], 2048, 12, 3, 1200)
def test_every_line_is_shown_once_or_named(
    given_documents: list[Document], size: int, seats: int, most: int, tail: int
) -> None:
    """Every content line stands in what all see, in exactly one part of one role, or among the lines that are named; and
    what each prompt needs fits the context.
    """
    sizes = Sizes(size, 400, tail, [(seats, 230), (1, 60), (seats, 130), (1, 230)])
    packing, passages = packed(given_documents, sizes, Readers(ROLES[:seats], most, "silent_round"))
    dealt = [passage for parts in packing.parts.values() for part in parts for passage in part]
    shown = content_lines([*packing.shared, *dealt])
    assert max(shown.values(), default=1) == 1
    every = content_lines(passages)
    missing = {(document, line) for document, line, _ in every - shown}
    assert missing == {line for line in named(packing.unread) if line in {place[:2] for place in every}}
    assert all(1 <= len(parts) <= most for parts in packing.parts.values())
    common = rough_tokens(packing.outline) + (rough_tokens(render_passages(packing.shared)) if packing.shared else 0)
    for part in itertools.chain.from_iterable(packing.parts.values()):
        alone = rough_tokens(render_passages(part)) + context.STATEMENT_TOKENS
        assert sizes.fixed + common + tail + alone + RESERVE_TOKENS <= size
    if packing.shared or packing.outline:
        discussion = sum(number * (tokens * packing.scale + context.ENTRY_EXTRA) for number, tokens in sizes.entries)
        last = tail + context.STATEMENT_TOKENS + RESERVE_TOKENS
        assert packing.scale == 0.05 or sizes.fixed + common + discussion + last <= size


@settings(max_examples=25, deadline=None)
@given(documents(), st.integers(2048, 16384), st.integers(1, 6), st.integers(1, 3))
def test_the_settings_that_are_named_are_enough_and_no_more(
    given_documents: list[Document], size: int, seats: int, most: int
) -> None:
    """With each named setting alone every line is shown; with one reading turn fewer, not every line is."""
    sizes = Sizes(size, 400, 600, [(seats, 230), (seats, 130)])
    readers = Readers(ROLES[:seats], most, "silent_round")
    packing, _ = packed(given_documents, sizes, readers)
    enough = packing.unread.enough
    assert bool(enough) <= bool(packing.unread.lines)
    if "NUM_CTX" in enough:
        assert not packed(given_documents, replace(sizes, context=enough["NUM_CTX"]), readers)[0].unread.lines
    if "READING_TURNS" in enough:
        turns = enough["READING_TURNS"]
        assert turns > most
        assert not packed(given_documents, sizes, replace(readers, most=turns))[0].unread.lines
        assert packed(given_documents, sizes, replace(readers, most=turns - 1))[0].unread.lines


def test_what_fits_is_shown_to_all() -> None:
    """A document of up to half the context is shown whole and in order, even when contributions are cut for it."""
    document = Document(
        "a.md", "\n\n".join(f"## Part {n}\n\nThe backup of part {n} is " + "old " * 30 for n in range(60))
    )
    packing, passages = packed([document], Sizes(8192, 400, 600, [(8, 230), (8, 130)]), Readers(ROLES[:8], 3, "x"))
    assert list(packing.shared) == passages
    assert not packing.parts
    assert context.LEAST_SCALE <= packing.scale < 1


def test_sections_go_first_to_those_whom_they_concern() -> None:
    """A section with a role's own words is dealt to that role; the others are dealt in order, about as much to each."""
    texts = [f"Plain sentence {n} about nothing at all. " * 12 for n in range(40)]
    texts[31] += "password password"
    document = Document("a.md", "\n\n".join(f"## Part {n}\n\n{text}" for n, text in enumerate(texts)))
    passages = document.passages()
    costs = [block_tokens(passage, rough_tokens) for passage in passages]
    roles = [Role("other", "Other"), Role("guard", "Guard", expertise=("password",))]
    with PassageIndex(passages) as index:
        dealt = deal(passages, costs, roles, index, 6000, 3)
    assert not dealt.left
    assert any("password" in passage.text for part in dealt.parts["guard"] for passage in part)
    used = {role: sum(len(passage.text) for part in parts for passage in part) for role, parts in dealt.parts.items()}
    assert max(used.values()) < 1.5 * min(used.values())
    firsts = [passage.first for part in dealt.parts["other"] for passage in part]
    assert firsts == sorted(firsts)


def test_a_journal_gives_the_same_packing() -> None:
    """What the journal stores gives back the same passages, also the pieces of a line that was cut."""
    document = Document("a.md", "# A\n\n" + "backup " * 4000 + "\n\nthe end of it")
    packing, passages = packed([document], Sizes(4096, 400, 600, [(2, 230)]), Readers(ROLES[:2], 3, "silent_round"))
    assert packing.parts
    again = packing_from(packing.as_stored(), passages)
    assert replace(again, unread=packing.unread) == packing


@pytest.mark.parametrize(
    ("number", "count", "phase"),
    [(0, 1, "status_round"), (0, 3, "reading"), (1, 3, "reading_2"), (2, 3, "status_round")],
)
def test_the_last_part_is_read_with_the_statement(number: int, count: int, phase: str) -> None:
    """All parts but the last have a phase of their own."""
    assert phase_of_part(number, count, "status_round") == phase


def test_lines_are_named_by_range_with_heading_and_setting() -> None:
    """The sentence names ranges, headings and settings, and counts what it does not name."""
    lines = (Lines("design.md", 21, 27, "Goals"), Lines("design.md", 99, 99, "Tests"), Lines("b.md", 1, 4))
    sentence = said(Unread(lines, {"NUM_CTX": 16384, "READING_TURNS": 5}))
    assert sentence == (
        'Nobody was shown lines 21-27, 99 of design.md ("Goals", "Tests"); lines 1-4 of b.md.'
        " NUM_CTX=16384 or READING_TURNS=5 would include them."
    )
    many = said(Unread(tuple(Lines("a.md", 2 * n, 2 * n) for n in range(1, 21))), "The CTO was not shown")
    assert many == "The CTO was not shown lines 2, 4, 6, 8, 10, 12, 14, 16 of a.md, and 12 more parts of the documents."
    assert said(Unread()) == ""


def test_lines_that_follow_each_other_are_one_range() -> None:
    """Passages without a shown one between them are one range, with the heading where it begins."""
    document = Document("a.md", "\n".join(f"## Part {n}\nsome words here" for n in range(6)))
    passages = document.passages()
    assert unread_lines(passages, [passages[1], passages[2], passages[4]]) == (
        Lines("a.md", 3, 6, "Part 1"),
        Lines("a.md", 9, 10, "Part 4"),
    )


def test_a_meeting_of_an_earlier_version_goes_on_where_documents_are_cut_otherwise() -> None:
    """A place that begins no passage any more stands for the passage that has its line; nothing is called unread."""
    document = Document("a.md", "# One\n\nText of one.\n\n# Two\n\nText of two.")
    passages = document.passages()
    stored = StoredPacking((("a.md", 3, 0),), 1.0, 2, parts={"cto": ((("a.md", 7, 0),),)}, phase="statement")
    again = packing_from(stored, passages)
    assert (again.shared, again.parts) == ((passages[0],), {"cto": ((passages[1],),)})
    assert shown_on(1, stored, [], [document], passages, heard=True).unread.lines == ()
