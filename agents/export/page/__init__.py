"""Minutes as a page: headings, paragraphs, lists and tables made of marked words. Markdown, HTML and the terminal write
the same page, each in its own way, so they never differ in what they say.

Import from here: the values of a page, such as ``Heading``; ``whole.minutes_page`` and ``spoken.transcript_page`` make
one; ``first``, ``proof``, ``kinds``, ``sections`` and ``checked`` have its parts.
Never knows: ``agents.cli``, ``rich``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    """What some words of a line are. Their text may be anything: each writer makes it safe for its format."""

    WORDS = "words"
    STRONG = "strong"
    OUTCOME = "outcome"
    DOUBT = "doubt"
    COMMAND = "command"
    TURN = "turn"
    PLACE = "place"
    GONE = "gone"
    ENTRY = "entry"
    VOTER = "voter"


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a line.

    Attributes:
        text: the words.
        mark: what they are.
        to: of a turn its id; of a place, the document's name; of an outcome, its status; of an entry, its name; of a
            voter, the topic and the role, such as "1.cto".
        first, last: of a place, its lines.
        quote: of a turn, the words in it that are meant; "" for all of them.
    """

    text: str
    mark: Mark = Mark.WORDS
    to: str = ""
    first: int = 0
    last: int = 0
    quote: str = field(default="", compare=False)


Line = tuple[Span, ...]
"""Words that stand on one line; blanks between them are part of the words."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title. ``topic`` is the number of the topic that begins with it, or 0."""

    level: int
    text: str
    topic: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that are quoted, a line each."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a list, with points below it.

    Attributes:
        line: its words.
        below: the lines below it.
        verified: of something that was said and has no name of its own, whether its words were found; else None.
    """

    line: Line
    below: tuple[Line, ...] = ()
    verified: bool | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the names of its columns, and rows with as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the transcript: who said it where, and the words, a line each."""

    turn: str
    about: Line
    lines: tuple[str, ...]
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing of the positions on a topic, which only formats with drawings show."""

    topic: int


@dataclass(frozen=True, slots=True)
class Break:
    """The end of the minutes, before what is said about them."""


Block = Heading | Paragraph | Quotation | Points | Grid | Said | Chart | Break
"""One part of a page."""


def line(*parts: str | Span | Line) -> Line:
    """A line of words, marked words and other lines; empty words are left out."""
    found: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            found += [Span(part)] if part else []
        elif isinstance(part, Span):
            found.append(part)
        else:
            found += part
    return tuple(found)


def listed(parts: Iterable[Line], between: str = ", ") -> Line:
    """Lines one after the other on one line, with some words between two."""
    found: list[Span] = []
    for part in parts:
        found += [Span(between), *part] if found else part
    return tuple(found)


def dashed(points: Points, written: Callable[[Line], str]) -> Iterator[str]:
    """A list as lines of text, with a dash before each point.

    Args:
        points: the list.
        written: writes the words of a point.
    """
    for point in points.points:
        yield f"- {written(point.line)}"
        yield from (f"  - {written(one)}" for one in point.below)


def paragraph(*parts: str | Span | Line) -> Paragraph:
    """A paragraph of words, marked words and lines."""
    return Paragraph(line(*parts))


def strong(text: str) -> Span:
    """Words that stand out."""
    return Span(text, Mark.STRONG)


def command(text: str) -> Span:
    """A command or a setting, to be typed as it stands."""
    return Span(text, Mark.COMMAND)
