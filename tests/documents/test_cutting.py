"""Documents are cut into passages that can be cited, and every line stands in one of them."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents import PASSAGE_BYTES, Document, Part, Passage, passages_of
from agents.documents.cutting import PIECE_BYTES, pieces_of, words_in
from agents.documents.markdown import structure
from tests.drill import rounds

DESIGN = """# Design

## Contents
- [Risks](#risks)

<!-- Ask the author
before you change this. -->
## Risks
The cache keeps passwords.

```python
# not a heading
```
"""
AUTH = """import os

# TODO: this password is shared by three services, rotate it
PASSWORD = "hunter2"


def login(user, given):
    # FIXME: never compares the user at all
    return given == PASSWORD


# nosec - we disabled the certificate check on purpose
VERIFY = False
"""
COMMENTS = """# Plan

<!-- reviewed --> The backup was never restored.
We move all sessions at once.
- [Rollback](#rollback) is missing
- [Rollback](#rollback)

<!--
hidden
--> There is no rollback.
<!-- an open comment that never ends
One password is shared by three services.
"""
ZH = "生产数据库的备份从未恢复过。迁移在夜间一次完成，没有回滚方案。"
JA = "本番データベースのバックアップは一度も復元を試していません。移行は夜間に一括で行い、元に戻す手順はありません。"
WORDS = "the backup was never restored and nobody knows why so far "


def numbers_in(passages: list[Passage]) -> list[int]:
    """The numbers of the lines of passages."""
    return sorted({line for one in passages for line in range(one.first, one.last + 1)})


def filled(text: str) -> list[int]:
    """The numbers of the lines of a text that are not blank."""
    return [number for number, line in enumerate(text.split("\n"), 1) if line.strip()]


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "",
                "# A",
                "## B",
                "Title",
                "=====",
                "---",
                "word " * 40,
                "one two",
                "```",
                "~~~~",
                "<!-- x -->",
                "<!--",
                "-->",
                "text --> b",
                "<!-- x --> y",
                "- [a](#a)",
                "- [A](#a) and more",
                "  # c",
                "#!/bin/sh",
                "\t- x",
                ZH * 25,
                WORDS * 40,
                "A" * 3000,
                "-" * 10,
                "> # q",
                "1. [B](#b)",
            ]
        ),
        st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), max_size=30),
    ),
    max_size=20,
)
KINDS = st.sampled_from(["a.md", "a.py", "a.yaml", "run.sh", "app.log", "a.txt", "README", "stdin", "a.json"])


@given(LINES, KINDS, st.integers(1, 120))
@settings(max_examples=rounds(100, 1000), deadline=None)
def test_every_line_stands_in_a_passage(lines: list[str], name: str, words: int) -> None:
    """The lines of all passages are the lines that are not blank, except comments and contents of Markdown."""
    document = Document(name, "\n".join(lines))
    gone = structure(lines).left_out if document.is_markdown else frozenset()
    passages = document.passages(words)
    covered = set(numbers_in(passages))
    assert {number for number in filled(document.text) if number not in gone} <= covered
    assert not covered & gone


@given(LINES, KINDS, st.integers(1, 120))
@settings(max_examples=rounds(100, 1000), deadline=None)
def test_passages_are_lines_of_the_document(lines: list[str], name: str, words: int) -> None:
    """Passages are in order, do not overlap, are no longer than they may be, and contain exactly what they name."""
    document = Document(name, "\n".join(lines))
    after, before = 0, None
    for passage in document.passages(words):
        assert passage.first > after or (passage.piece and passage.first == after)
        assert passage.first <= passage.last <= len(lines)
        there = "\n".join(lines[passage.first - 1 : passage.last])
        assert passage.text == there or (passage.first == passage.last and passage.text in there)
        assert passage.text.strip()
        assert len(passage.text.encode()) <= PASSAGE_BYTES
        assert 0 <= passage.titles < passage.text.count("\n") + 1
        if before and passage.first == before.first:
            assert passage.piece == before.piece + 1
        after, before = passage.last, passage


@given(st.text(st.sampled_from("ab.,; 。，あ中é\U0001f600\u0301"), min_size=1, max_size=1500))
@settings(max_examples=rounds(100, 1000), deadline=None)
def test_the_pieces_of_a_line_are_the_line(line: str) -> None:
    """Nothing of a long line is lost but blanks, and no piece is longer than it may be."""
    pieces = list(pieces_of(line))
    assert "".join(pieces).split() == line.split() or "".join("".join(pieces).split()) == "".join(line.split())
    assert all(len(piece.encode()) <= PIECE_BYTES + 4 for piece in pieces)


def test_a_passage_knows_its_lines_and_its_heading() -> None:
    """A passage is cited by its lines, and a heading inside a code block is only text."""
    contents, risks = Document("design.md", DESIGN).passages()
    assert (contents.where, contents.heading) == ("design.md:1-3", "Contents")
    assert (risks.where, risks.heading, risks.titles) == ("design.md:8-13", "Risks", 1)
    assert risks.text.startswith("## Risks\nThe cache keeps passwords.")
    assert "# not a heading" in risks.text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("auth.py", AUTH),
        ("cron.sh", "#!/bin/sh\n# never restored a backup with this\n# password is shared: hunter2\n#rm -rf /data\n"),
        ("values.yaml", "# Number of replicas; the backup is never restored\nservice0:\n  replicas: 1\n\n" * 400),
        ("page.html.j2", "<!-- the password is hunter2 -->\n<p>Hello</p>\n"),
        ("app.log", "# started\n<!-- x\n- [a](#a)\n```\n# still a line\n"),
        ("Dockerfile", "# syntax=docker/dockerfile:1\nFROM scratch\n# no user is set\n"),
        ("stdin", "#!/bin/sh\n\n## never restored\n<!-- x -->\n"),
    ],
)
def test_in_what_is_not_markdown_every_line_is_a_line(name: str, text: str) -> None:
    """Comments of code, shell, settings and logs are lines with their numbers, not headings and not notes."""
    passages = Document(name, text).passages()
    assert set(filled(text)) <= set(numbers_in(passages))
    assert not any(one.heading for one in passages)


def test_text_beside_a_comment_stands() -> None:
    """Words behind "-->", below a comment that is not closed, and beside a link of the contents stand."""
    text = "\n".join(one.text for one in Document("comment.md", COMMENTS).passages())
    for words in [
        "The backup was never restored.", "is missing", "--> There is no rollback.", "an open comment that never ends",
        "One password is shared by three services.", "- [Rollback](#rollback)\n",
    ]:  # fmt: skip
        assert words in text + "\n"
    assert "\nhidden" not in text
    unclosed = "# Plan\n<!-- TODO: fill in\n\nThere is no rollback.\n\nThe backup was never restored.\n\n<!-- x -->\n"
    assert set(numbers_in(Document("unclosed.md", unclosed).passages())) >= {1, 2, 4, 6}


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# Move sessions to Redis\n## No rollback\n## Backup never restored\n", [1, 2, 3]),
        ("Plan\n====\ntext\n\nRisks\n---\n", [1, 5]),
        ("---\ntitle: x\n---\n# A\n", [4]),
        ("- item\n---\n\na line\nand another\n---\n", []),
        ("#tag and #!shebang\n####### seven\n", []),
        ("## C# ##\n", [1]),
        ("```\n# no\n```\n# yes\n", [4]),
        ("````\n```\n# no\n````\n# yes\n", [5]),
        ("```a``` is code\n# yes\n", [2]),
        ("    # code\n# yes\n", [2]),
    ],
)
def test_headings_are_lines(text: str, headings: list[int]) -> None:
    """A heading, underlined or with "#", with or without text below it, is a line of a passage."""
    document = Document("outline.md", text)
    assert [number for number, _ in document.headings()] == headings
    assert set(headings) <= set(numbers_in(document.passages()))


@pytest.mark.parametrize(
    ("name", "text", "most"),
    [
        ("min.json", json.dumps([{"id": n, "note": "no backup, never restored"} for n in range(300)], separators=(",", ":")), 1000),
        ("call.txt", WORDS * 150, 1000),
        ("notes.md", "\n".join([ZH * 13] * 8), 1000),
        ("design.md", "\n\n".join(f"## 第{n}節\n\n{JA * 3}" for n in range(60)), PASSAGE_BYTES),
        ("nb.json", json.dumps({"image": "iVBORw0KGgoA" * 4000}, indent=1), 1000),
    ],
)  # fmt: skip
def test_long_lines_are_cut_into_short_passages(name: str, text: str, most: int) -> None:
    """Minified JSON, a transcript on one line and scripts without blanks give passages that fit, and nothing is lost."""
    passages = Document(name, text).passages()
    assert set(filled(text)) <= set(numbers_in(passages))
    assert all(len(one.text.encode()) <= most for one in passages)
    assert "".join("".join(one.text for one in passages).split()) == "".join(text.split())


def test_a_long_line_is_cut_at_the_ends_of_its_sentences() -> None:
    """Behind 。, else behind a full stop, else behind a comma, else behind a blank; never within a closing mark."""
    assert {piece[-1] for piece in pieces_of(ZH * 60)} == {"。"}
    assert {piece.rstrip()[-1] for piece in pieces_of("It was never restored. " * 200)} == {"."}
    assert {piece[-1] for piece in pieces_of("never，" * 900)} == {"，"}
    assert {piece[-1] for piece in pieces_of("「移行。」" * 400)} == {"」"}
    assert all(piece.endswith(" ") for piece in list(pieces_of(WORDS * 100))[:-1])


def test_letters_without_blanks_between_them_are_words() -> None:
    """A passage of Chinese has about as many tokens as one of English."""
    assert (words_in("no backup"), words_in("没有备份"), words_in("Redis 没有 backup")) == (2, 4, 4)
    passages = Document("a.txt", "\n".join(["没有备份。"] * 100)).passages()
    assert all(60 < len(one.text) < 220 for one in passages[:-1])


def test_the_passages_of_several_documents_are_in_order() -> None:
    """The passages of the first document come before those of the second; no document has no passages."""
    first, second = Document("a.md", "# One\n\nText of one."), Document("b.md", "Text of two.")
    found = passages_of([first, second])
    assert found == (*first.passages(), *second.passages())
    assert [passage.document for passage in found] == sorted(passage.document for passage in found)
    assert passages_of([]) == ()


def test_a_page_begins_a_passage_and_is_its_place() -> None:
    """No passage crosses a page; the page is named with its heading, and a line is counted within its page."""
    document = Document("plan.pdf", "One.\nTwo.\nThree.", parts=(Part(1, "p. 1"), Part(3, "p. 2")))
    assert [(one.where, one.heading) for one in document.passages()] == [
        ("plan.pdf:1-2", "p. 1"),
        ("plan.pdf:3", "p. 2"),
    ]
    assert (document.place_of(2), document.place_of(3)) == ("plan.pdf p. 1 l. 2", "plan.pdf p. 2 l. 1")
    assert document.place_of(1, 2) == "plan.pdf p. 1 l. 1-2"
    assert document.place_of(1, 3) == "plan.pdf p. 1 l. 1 to p. 2 l. 1"
    assert Document("plan.md", "x").place_of(1) == "plan.md:1"
    assert Document("plan.md", "x\ny").place_of(1, 2) == "plan.md:1-2"


def test_a_document_comes_back_from_the_store_as_it_was() -> None:
    """With its note, its kind and its parts; what an earlier version stored has none of them."""
    document = Document("plan.pdf", "One.\nTwo.", "It was converted.", False, (Part(1, "p. 1"), Part(2, "p. 2")))
    assert Document(**json.loads(json.dumps(asdict(document)))) == document
    assert Document(name="a.md", text="x") == Document("a.md", "x")


@pytest.mark.parametrize(
    ("name", "text", "markdown"),
    [
        ("a.md", "x", True),
        ("a.MARKDOWN", "x", True),
        ("a.py", "## x", False),
        ("stdin", "# Plan\n\n## Risks\ntext", True),
        ("README", "## Use\n", True),
        ("stdin", "# a comment\nkey: 1", False),
        ("stdin", "#!/bin/sh\n\n## x", False),
        ("stdin", "<html>\n\n## x", False),
    ],
)
def test_only_markdown_is_read_as_markdown(name: str, text: str, markdown: bool) -> None:
    """The ending of the name decides; without one, headings with two or more "#" do."""
    assert Document(name, text).is_markdown is markdown


def test_hostile_lines_are_read_in_linear_time() -> None:
    """Twice as long is about twice the work: here, half a megabyte of each worst line ends within the test's time."""
    for worst in [
        "- [" + "](#" * 170_000 + ")",
        "<!-- " * 100_000,
        "<!--\n" * 100_000,
        "a\n---\n" * 80_000,
        "`" * 500_000,
    ]:
        assert Document("a.md", worst).passages()
