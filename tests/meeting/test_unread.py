"""Which lines of documents were not shown: as ranges, and in words."""

from agents.documents import Document, Passage
from agents.meeting.coverage import coverage
from agents.meeting.record import Lines, Unread
from agents.meeting.unread import as_plain, said, unread_lines, with_comments


def pieces(text: str, count: int) -> list[Passage]:
    """A line of a document in pieces, after a line of its own."""
    size = len(text) // count
    return [
        Passage("a.json", 1, 1, "", "first"),
        *(Passage("a.json", 2, 2, "", text[n * size : (n + 1) * size], n) for n in range(count)),
        Passage("a.json", 3, 4, "", "last\nlines"),
    ]


def test_a_line_that_is_shown_in_part_is_named_by_its_letters() -> None:
    """Of a line that was cut, the pieces that were not shown are named; the line does not count as shown."""
    every = pieces("abcdefghij" * 10, 5)
    left = unread_lines(every, [every[2], every[3], every[5], every[6]])
    assert left == (
        Lines("a.json", 2, 2, begin=21, end=60), Lines("a.json", 2, 2, begin=81, end=100), Lines("a.json", 3, 4),
    )  # fmt: skip
    sentence = said(Unread(left, {"NUM_CTX": 8192}))
    assert sentence.startswith(
        "Nobody was shown letters 21-60 of line 2, letters 81-100 of line 2, lines 3-4 of a.json."
    )
    document = Document("a.json", f"first\n{'abcdefghij' * 10}\nlast\nlines\n")
    [row] = coverage([document], every, {}, Unread(left), 3)
    assert (row.lines, row.shown) == (4, 1)
    assert row.amount == "39 % of the letters"


def test_a_cut_line_of_which_nothing_is_shown_is_a_line() -> None:
    """A line whose pieces are all missing is named like any other, together with its neighbours."""
    every = pieces("abcdefghij" * 10, 5)
    assert unread_lines(every, every) == (Lines("a.json", 1, 4),)
    assert unread_lines(every, every[1:6]) == (Lines("a.json", 2, 2),)


def test_lines_in_no_passage_are_named_as_comments() -> None:
    """What is shown to nobody whatever the context is named in a sentence of its own, without a setting that helps."""
    document = Document("a.md", "one\n<!-- two\n\nthree -->\nfour")
    unread = with_comments(Unread(), [document], [Passage("a.md", 1, 1, "", "one"), Passage("a.md", 5, 5, "", "four")])
    assert said(unread) == "Shown to nobody, as a comment or a table of contents: lines 2-4 of a.md."
    both = said(Unread((Lines("b.md", 1, 2), *unread.lines), {"NUM_CTX": 8192}))
    assert both.startswith("Nobody was shown lines 1-2 of b.md. NUM_CTX=8192 would include them. Shown to nobody, as")
    assert as_plain(unread)["lines"][0]["comment"] is True


def test_a_document_without_comments_has_none() -> None:
    """Blank lines are not named."""
    document = Document("a.md", "\n\none\n\n\ntwo\n\n")
    passages = [Passage("a.md", 3, 3, "", "one"), Passage("a.md", 6, 6, "", "two")]
    assert with_comments(Unread(), [document], passages) == Unread()
