"""An attached text: its name, its lines and its passages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePath

from agents.documents import markdown
from agents.documents.cutting import PASSAGE_WORDS, cut
from agents.documents.passage import Passage
from agents.text import is_text

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd")
"""The endings of names of Markdown files."""
UNNAMED, PIPED = "document", "stdin"
"""The names of a document whose name has no letter, and of one that was piped."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page, cell or sheet of a document.

    Attributes:
        first: number of its first line in the document, counted from 1.
        name: how it is called before a line of it is named: "p. 3" or "cell 2".
    """

    first: int
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """An attached text.

    Attributes:
        name: its name in prompts and minutes: one line without characters that are not shown.
        text: the whole text, with line feeds as line ends.
        note: what a reader must know about how it was read, in a sentence, or "".
        markdown: whether its headings, comments and fences are those of Markdown; None to tell by its name.
        parts: its pages, cells or sheets in order, where the file has them.
    """

    name: str
    text: str
    note: str = ""
    markdown: bool | None = None
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", shown_name(self.name))
        parts = (one if isinstance(one, Part) else Part(**one) for one in self.parts)  # as the store gives them
        object.__setattr__(self, "parts", tuple(parts))

    @property
    def lines(self) -> list[str]:
        """Its lines; line n of the document is ``lines[n - 1]``."""
        return self.text.split("\n")

    @property
    def is_markdown(self) -> bool:
        """Whether it is read as Markdown; text without an ending in its name is, where it has headings of Markdown."""
        if self.markdown is not None:
            return self.markdown
        ending = PurePath(self.name).suffix.lower()
        return ending in MARKDOWN or (not ending and markdown.looks_so(self.lines))

    def passages(self, words: int = PASSAGE_WORDS) -> list[Passage]:
        """Cut the document into passages of about ``words`` words.

        Every line that is not blank stands in a passage. Only Markdown is read as Markdown: passages end at its
        headings, and comments and tables of contents that repeat headings are left out.
        """
        lines = self.lines
        found = markdown.structure(lines) if self.is_markdown else markdown.NONE
        return cut(self.name, lines, found, {part.first: part.name for part in self.parts}, words)

    def headings(self) -> list[tuple[int, str]]:
        """Its headings in order: the number of the line, and the heading as a line of Markdown, cut after
        ``HEADING_LETTERS`` letters.
        """
        if not self.is_markdown:
            return []
        found = markdown.structure(self.lines).headings
        return [(number, f"{'#' * one.level} {one.title}".strip()) for number, one in found.items()]

    def place_of(self, first: int, last: int = 0) -> str:
        """Lines as a person looks them up: ``plan.md:31-32``, or ``plan.pdf p. 3 l. 12-13`` where it has parts.

        Args:
            first: the number of the first line.
            last: the number of the last one; 0 for the same line.
        """
        last = last or first
        part, end = self._part_at(first), self._part_at(last)
        if part is None or end is None:
            return f"{self.name}:{first}" if first == last else f"{self.name}:{first}-{last}"
        begin = f"{self.name} {part.name} l. {first - part.first + 1}"
        if first == last:
            return begin
        of_end = f"{last - end.first + 1}"
        return f"{begin}-{of_end}" if part == end else f"{begin} to {end.name} l. {of_end}"

    def _part_at(self, line: int) -> Part | None:
        return next((one for one in reversed(self.parts) if one.first <= line), None)


@lru_cache(maxsize=256)
def shown_name(name: str) -> str:
    """A name on one line: blanks, brackets and signs stay; line ends, control characters and those that turn the order
    of letters around become "_".
    """
    kept = "".join(char if is_text(char) and char not in "\n\t" else "_" for char in name).strip()
    return kept if any(char.isalnum() for char in kept) else kept.strip("_ ") or UNNAMED


def passages_of(documents: Iterable[Document]) -> tuple[Passage, ...]:
    """The passages of all documents, in order."""
    return tuple(passage for document in documents for passage in _passages_of(document))


@lru_cache(maxsize=16)  # each page and each phase of a meeting asks for those of the same documents
def _passages_of(document: Document) -> tuple[Passage, ...]:
    return tuple(document.passages())


def own_names(documents: Sequence[Document]) -> list[Document]:
    """The documents, each with a name of its own: of two with one name, the second is called "2-name"."""
    out: list[Document] = []
    taken: set[str] = set()
    for document in documents:
        name, number = document.name, 2
        while name in taken:
            name, number = f"{number}-{document.name}", number + 1
        taken.add(name)
        out.append(document if name == document.name else replace(document, name=name))
    return out
