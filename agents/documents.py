"""Attached documents: read once and cut into passages that know their line numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.errors import DocumentError

MAX_BYTES = 5_000_000
PASSAGE_WORDS = 110
PASSAGE_BYTES = 1800
"""The most bytes of a passage, with its line numbers. A longer line is cut into pieces, each a passage of its own."""
HEADING_LETTERS = 120
"""The most letters of a heading in the title of a passage."""
_NUMBER_BYTES = 6
"""The bytes of a line's number and line end, as a passage is shown to a model."""

_CONTROLS = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_CONTENTS = re.compile(r"\s*(?:[-*+]|\d+\.)\s+\[.*\]\(#[^)]*\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some consecutive lines of one document.

    Attributes:
        document: the document's name: its file name.
        first: number of its first line, counted from 1.
        last: number of its last line.
        heading: the nearest heading above it, or "".
        text: the lines as they are in the file.
        piece: the number of the piece, counted from 0, if its only line is too long for one passage.
    """

    document: str
    first: int
    last: int
    heading: str
    text: str
    piece: int = 0

    @property
    def where(self) -> str:
        """The place as it is cited: ``design.md:12-18``."""
        span = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.document}:{span}"


@dataclass(frozen=True, slots=True)
class Document:
    """An attached text.

    Attributes:
        name: its name in prompts and minutes.
        text: the whole text, with line feeds as line ends.
    """

    name: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines; line n of the file is ``lines[n - 1]``."""
        return self.text.split("\n")

    def passages(self, words: int = PASSAGE_WORDS) -> list[Passage]:
        """Cut the document at headings and blank lines into passages of about ``words`` words, none crossing a
        heading. HTML comments and tables of contents are left out: they are not content.
        """
        return _Cutter(self, words).cut()

    def headings(self) -> list[tuple[int, str]]:
        """Its headings in order: the number of the line, and the line, of at most ``HEADING_LETTERS`` letters."""
        cutter = _Cutter(self, PASSAGE_WORDS)
        cutter.cut()
        return cutter.headings


def read_document(path: Path) -> Document:
    """Read a text file.

    Raises:
        DocumentError: the file is missing, a folder, not readable, larger than 5 MB, or not UTF-8 text.
    """
    try:
        if path.is_dir():
            raise DocumentError(f"{path} is a folder, not a document.", "Attach its files one by one.")
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        raise DocumentError(f"There is no file {path}.", "Check the path of the attachment.", about="attach") from None
    except (OSError, ValueError) as error:  # ValueError: the name contains a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path} cannot be read: {why}.", "Check its name and permissions.") from None
    if raw is None:
        raise DocumentError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB.", "Attach the part that matters.")
    return document_from_bytes(path.name, raw)


Attachments = Sequence[Path | str | Document]
"""What can be attached: paths, or documents that were read already."""


def read_all(attach: Attachments) -> list[Document]:
    """Read attachments; documents pass through. Of two with one name, the second is called "2-name".

    Raises:
        DocumentError: one cannot be read.
    """
    out: list[Document] = []
    for each in [attach] if isinstance(attach, (str, Path, Document)) else attach:
        document = each if isinstance(each, Document) else read_document(Path(each))
        if any(document.name == other.name for other in out):
            number = 2
            while any(f"{number}-{document.name}" == other.name for other in out):
                number += 1
            document = Document(f"{number}-{document.name}", document.text)
        out.append(document)
    return out


def passages_of(documents: Iterable[Document]) -> tuple[Passage, ...]:
    """The passages of all documents, in order."""
    return tuple(passage for document in documents for passage in document.passages())


def document_from_bytes(name: str, raw: bytes) -> Document:
    """Decode ``raw`` as UTF-8; a BOM and CRLF are accepted, other encodings are not.

    Raises:
        DocumentError: the bytes are not text, or there is only white space.
    """
    text = decoded(name, raw)
    if not text.strip():
        raise DocumentError(f"{name} is empty.", "Attach a document that contains text.")
    return Document(name, text)


def decoded(name: str, raw: bytes) -> str:
    """The text of a file with line feeds as line ends and without a BOM.

    Raises:
        DocumentError: the bytes are not UTF-8 text.
    """
    if binary_line(raw):
        raise DocumentError(f"{name} is a binary file.", "Use a text file, such as Markdown or source code.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError(
            f"{name}, line {line}: this is not UTF-8 text.", "Convert the file to UTF-8 first."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def binary_line(raw: bytes) -> int:
    """The number of the line with the first byte that shows a file to be binary; 0 for a text file.

    One NUL is enough. Of other control characters, which logs may contain, more than one byte in twenty is needed. Text
    in UTF-16 is full of NULs but is recognised by its first two bytes.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return 0
    found, first = list(_CONTROLS.finditer(raw)), raw.find(b"\x00")
    if first < 0 and len(found) * 20 <= len(raw):
        return 0
    first = found[0].start() if first < 0 else first
    return raw[:first].count(b"\n") + 1


class _Cutter:
    """Cuts one document into passages, line by line."""

    def __init__(self, document: Document, words: int) -> None:
        self.document = document
        self.words = words
        self.out: list[Passage] = []
        self.headings: list[tuple[int, str]] = []
        self.heading = ""
        self.start = 0
        self.grown: list[str] = []
        self.count = 0
        self.bytes = 0

    def cut(self) -> list[Passage]:
        fenced = hidden = False
        lines = self.document.lines
        last_end = max((number for number, line in enumerate(lines) if "-->" in line), default=-1)
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith(("```", "~~~")):
                fenced = not fenced
            # A comment that is not closed would hide the rest of the document, so it is no comment.
            starts_hidden = not fenced and line.lstrip().startswith("<!--") and number - 1 <= last_end
            if hidden or starts_hidden:  # a comment is a note to authors, not content
                hidden = "-->" not in line
                self._close()
                if hidden or not line.partition("-->")[2].strip():
                    continue
            if not fenced and _CONTENTS.match(line):  # a table of contents only repeats the headings
                self._close()
                continue
            if not fenced and line.startswith("#") and line.lstrip("#").startswith(" "):
                self._close()
                self.heading = line.lstrip("#").strip()[:HEADING_LETTERS].rstrip()
                self.headings.append((number, line.strip()[:HEADING_LETTERS].rstrip()))
                if len(line) <= HEADING_LETTERS:  # else the title of its passages would not show all of it
                    continue
            if not line.strip() and self.count >= self.words // 2 and not fenced:
                self._close()
                continue
            self._grow(number, line)
            if (self.count >= self.words and not fenced) or self.count >= 3 * self.words:
                self._close()
        self._close()
        return self.out

    def _grow(self, number: int, line: str) -> None:
        if not self.grown and not line.strip():
            return
        size = _bytes(line) + _NUMBER_BYTES
        if self.bytes + size > PASSAGE_BYTES:
            self._close()
            if not line.strip():
                return
        if size > PASSAGE_BYTES:
            self._cut_line(number, line)
            return
        if not self.grown:
            self.start = number
        self.grown.append(line)
        self.count += len(line.split())
        self.bytes += size

    def _cut_line(self, number: int, line: str) -> None:
        """Cut a line that is too long for a passage into pieces, after a space where there is one."""
        letters = PASSAGE_BYTES - _NUMBER_BYTES if line.isascii() else PASSAGE_BYTES // 4
        piece = start = 0
        while start < len(line):
            end = min(len(line), start + letters)
            space = line.rfind(" ", start + letters // 2, end)
            end = space + 1 if end < len(line) and space >= 0 else end
            if line[start:end].strip():
                self.out.append(Passage(self.document.name, number, number, self.heading, line[start:end], piece))
                piece += 1
            start = end

    def _close(self) -> None:
        while self.grown and not self.grown[-1].strip():
            self.grown.pop()
        if self.grown:
            end = self.start + len(self.grown) - 1
            self.out.append(Passage(self.document.name, self.start, end, self.heading, "\n".join(self.grown)))
        self.grown, self.count, self.bytes = [], 0, 0


def _bytes(line: str) -> int:
    return len(line) if line.isascii() else len(line.encode("utf-8", "replace"))
