"""The lines of documents that were not shown: as ranges, and in a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import Any

from agents.documents import Document, Passage
from agents.meeting.record import Lines, Unread

NAMED_RANGES = 8
"""The most ranges of lines that a sentence names."""
NAMED_HEADINGS = 4
"""The most headings that a sentence names for one document."""


def unread_lines(passages: Sequence[Passage], left: Iterable[Passage]) -> tuple[Lines, ...]:
    """The lines of the passages that are left, those that follow each other as one range. Of a line of which some
    pieces were shown, the others are named by their letters.

    Args:
        passages: all passages, in order.
        left: some of them.
    """
    missing = set(left)
    ranges: list[Lines] = []
    follows = False
    for pieces in _by_line(passages):
        gone = [piece in missing for piece in pieces]
        if not all(gone):
            ranges += _letters(pieces, gone)
            follows = False
            continue
        first, end = pieces[0], pieces[-1].last
        if follows and ranges[-1].document == first.document:
            ranges[-1] = replace(ranges[-1], last=end)
        else:
            ranges.append(Lines(first.document, first.first, end, first.heading))
        follows = True
    return tuple(ranges)


def _by_line(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """The pieces of each line that is cut, together; every other passage alone."""
    run: list[Passage] = []
    for passage in passages:
        if run and not (passage.piece and (passage.document, passage.first) == (run[0].document, run[0].first)):
            yield run
            run = []
        run.append(passage)
    if run:
        yield run


def _letters(pieces: Sequence[Passage], gone: Sequence[bool]) -> Iterator[Lines]:
    """The parts of a line that are gone."""
    begin = 1
    for is_gone, run in groupby(zip(pieces, gone, strict=True), key=lambda one: one[1]):
        texts = [piece.text for piece, _ in run]
        end = begin + sum(map(len, texts)) - 1
        if is_gone:
            yield Lines(pieces[0].document, pieces[0].first, pieces[0].last, pieces[0].heading, begin, end)
        begin = end + 1


def with_comments(unread: Unread, documents: Sequence[Document], passages: Sequence[Passage]) -> Unread:
    """The same, and the lines that are in no passage: comments and tables of contents.

    Args:
        unread: the lines of passages that were not shown.
        documents: the documents.
        passages: all their passages.
    """
    covered: dict[str, set[int]] = {document.name: set() for document in documents}
    for one in passages:
        covered.setdefault(one.document, set()).update(range(one.first, one.last + 1))
    comments = [lines for document in documents for lines in _uncovered(document, covered[document.name])]
    return replace(unread, lines=(*unread.lines, *comments)) if comments else unread


def _uncovered(document: Document, covered: set[int]) -> Iterator[Lines]:
    first = last = 0
    for number, line in enumerate(document.lines, 1):
        if number in covered:
            if first:
                yield Lines(document.name, first, last, comment=True)
            first = 0
        elif line.strip():
            first, last = first or number, number
    if first:
        yield Lines(document.name, first, last, comment=True)


def nobody(*, ended: bool) -> str:
    """How a sentence on lines that were not shown begins, of a meeting that has ended or one that may still show them.

    Example:
        print(f"{nobody(ended=minutes.ended)} line 3.")
    """
    return "Nobody was shown" if ended else "So far, nobody was shown"


def said(unread: Unread, begin: str = nobody(ended=True)) -> str:
    """The lines that were not shown, in a sentence that begins with these words, and the settings that would show them;
    "" when there are none. A further sentence names comments.
    """
    missing = [one for one in unread.lines if not one.comment]
    comments = [one for one in unread.lines if one.comment]
    sentences = []
    if missing:
        enough = " or ".join(f"{name}={value}" for name, value in unread.enough.items())
        sentences.append(f"{begin} {named(missing)}." + (f" {enough} would include them." if enough else ""))
    if comments:
        sentences.append(f"Shown to nobody, as a comment or a table of contents: {named(comments)}.")
    return " ".join(sentences)


def named(lines: Sequence[Lines]) -> str:
    """Ranges of lines in words, the first ones by their numbers."""
    listed = lines[:NAMED_RANGES]
    by_document: dict[str, list[Lines]] = {}
    for one in listed:
        by_document.setdefault(one.document, []).append(one)
    places = "; ".join(_places(document, ranges) for document, ranges in by_document.items())
    more = len(lines) - len(listed)
    return places + (f", and {more} more part{'s' if more > 1 else ''} of the documents" if more else "")


def _places(document: str, lines: Sequence[Lines]) -> str:
    headings = list(dict.fromkeys(one.heading for one in lines if one.heading))
    quoted = ", ".join(f'"{heading}"' for heading in headings[:NAMED_HEADINGS])
    under = f" ({quoted}{', ...' if len(headings) > NAMED_HEADINGS else ''})" if quoted else ""
    return f"{spans(lines)} of {document}{under}"


def spans(lines: Sequence[Lines]) -> str:
    """Ranges of one document without its name: "lines 3-9, 12, letters 901-3000 of line 14"."""
    parts = []
    for is_part, run in groupby(lines, key=lambda one: bool(one.end)):
        ranges = list(run)
        if is_part:
            parts += [f"letters {one.begin}-{one.end} of line {one.first}" for one in ranges]
            continue
        numbers = ", ".join(str(one.first) if one.first == one.last else f"{one.first}-{one.last}" for one in ranges)
        single = len(ranges) == 1 and ranges[0].first == ranges[0].last
        parts.append(f"line {numbers}" if single else f"lines {numbers}")
    return ", ".join(parts)


def as_plain(unread: Unread) -> dict[str, Any]:
    """The same as plain values, for JSON."""
    return {"lines": [asdict(lines) for lines in unread.lines], "enough": dict(unread.enough)}
