"""Which lines of a Markdown text are headings, stand in fences, or are no content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADING_LETTERS = 120
"""The most letters of a heading in the title of a passage."""
_CONTENT_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_MARKS = str.maketrans("", "", "*_`")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Attributes:
        level: 1 for the highest.
        title: its words, of at most ``HEADING_LETTERS`` letters.
        lines: the number of its lines: 2 for one that is underlined.
    """

    level: int
    title: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Structure:
    """The lines of a text that are not simply text, by their numbers, counted from 1.

    Attributes:
        headings: the headings, in order, each by its first line.
        fenced: the lines of fenced blocks, with the fences.
        left_out: comments, and entries of a table of contents that repeat a heading.
    """

    headings: Mapping[int, Heading]
    fenced: frozenset[int]
    left_out: frozenset[int]


NONE = Structure({}, frozenset(), frozenset())
"""That of a text that is not Markdown."""


def looks_so(lines: Sequence[str]) -> bool:
    """Whether a text without a name that tells it is Markdown: a line with two to six "#" and words stands at its start
    or below a blank line. A script and a page of HTML are not.
    """
    start = next((line.lstrip() for line in lines if line.strip()), "")
    if start.startswith(("#!", "<")):
        return False
    return any(
        line.startswith("##") and (found := _atx(line)) is not None and bool(found.title)
        for before, line in zip(["", *lines], lines, strict=False)
        if not before.strip()
    )


def structure(lines: Sequence[str]) -> Structure:
    """Read the structure of a Markdown text.

    A comment must begin its line, and is left out only if it is closed and no other one opens before its end. The line
    on which it ends stands where words follow it.
    """
    headings: dict[int, Heading] = {}
    fenced: set[int] = set()
    left_out: set[int] = set()
    entries: dict[int, str] = {}
    number = _front_matter(lines)
    fence = ""
    while number < len(lines):
        line = lines[number]
        number += 1
        begin = line.lstrip()[:1]
        if fence or begin in "`~":  # "" is in every text: a blank line changes nothing
            is_fence = _fence(line)
            if fence:
                fenced.add(number)
                fence = "" if _closes(line, fence) else fence
                continue
            if is_fence:
                fenced.add(number)
                fence = is_fence
                continue
        if begin == "#" and (heading := _atx(line)):
            headings[number] = heading
        elif begin == "<" and (comment := _comment(lines, number - 1)):
            left_out.update(comment)
            number = max(number, comment.stop - 1)
        elif begin in "=-" and begin and (level := _underline(line)) and _paragraph(lines, number - 2):
            if number - 1 not in headings and number - 1 not in left_out and number - 1 not in fenced:
                headings[number - 1] = Heading(level, _cut(lines[number - 2].strip()), 2)
        elif begin in "-*+0123456789" and (label := _entry(line)):
            entries[number] = label
    if entries:
        titles = {_plain(heading.title) for heading in headings.values()}
        left_out.update(one for one, label in entries.items() if _plain(label)[:HEADING_LETTERS].rstrip() in titles)
    return Structure(dict(sorted(headings.items())), frozenset(fenced), frozenset(left_out))


def _front_matter(lines: Sequence[str]) -> int:
    """The number of the lines of a front matter: settings between two lines of dashes at the very start."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    end = next((place for place, line in enumerate(lines[1:200], 1) if line.rstrip() in {"---", "..."}), 0)
    return end + 1 if end else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _atx(line: str) -> Heading | None:
    """The heading that a line with "#" is; None for other lines, such as "#tag" and code."""
    if _indent(line) > 3:
        return None
    text = line.strip()
    title = text.lstrip("#")
    level = len(text) - len(title)
    if not 1 <= level <= 6 or (title and not title[0].isspace()):
        return None
    title = title.strip()
    shut = title.rstrip("#")
    return Heading(level, _cut(shut.rstrip() if not shut or shut[-1].isspace() else title))


def _cut(title: str) -> str:
    return title[:HEADING_LETTERS].rstrip()


def _fence(line: str) -> str:
    """The signs of a line that opens a fenced block; "" for other lines."""
    text = line.strip()
    sign = text[:1]
    count = len(text) - len(text.lstrip(sign)) if sign in {"`", "~"} else 0
    if count < 3 or (sign == "`" and "`" in text[count:]):
        return ""
    return sign * count


def _closes(line: str, fence: str) -> bool:
    text = line.strip()
    return text.startswith(fence) and not text.strip(fence[0])


def _underline(line: str) -> int:
    """1 for a line of "=", 2 for a line of "-", else 0."""
    text = line.rstrip()
    if _indent(text) > 3:
        return 0
    return {"=": 1, "-": 2}.get(text.lstrip()[:1], 0) if len(set(text.strip())) == 1 else 0


def _paragraph(lines: Sequence[str], place: int) -> bool:
    """Whether the line at a place is a paragraph of one line, as a heading that is underlined must be."""
    if place < 0:
        return False
    line = lines[place]
    text = line.strip()
    if not text or _indent(line) > 3 or text[0] in "#>|<" or _CONTENT_BULLET.match(text):
        return False
    return place == 0 or not lines[place - 1].strip() or _atx(lines[place - 1]) is not None


def _comment(lines: Sequence[str], place: int) -> range:
    """The numbers of the lines of the comment that begins the line at a place, without its last one where words follow
    it; none if there is no comment, if it is not closed, or if another one opens before its end.
    """
    line = lines[place]
    if _indent(line) > 3 or not line.lstrip().startswith("<!--"):
        return range(0)
    rest = line.lstrip()[2:]  # "<!-->" is a whole comment
    for number in range(place + 1, len(lines) + 1):
        close, more = rest.find("-->"), rest.find("<!--")
        if close >= 0 and not 0 <= more < close:
            return range(place + 1, number if rest[close + 3 :].strip() else number + 1)
        if more >= 0 or number == len(lines):
            break
        rest = lines[number]
    return range(0)


def _entry(line: str) -> str:
    """The words of an entry of a table of contents: a list item that is one link to a heading, and nothing else."""
    text = line.strip()
    bullet = _CONTENT_BULLET.match(text)
    if bullet is None or not text.endswith(")"):
        return ""
    label, found, target = text[bullet.end() :].rpartition("](#")
    alone = bool(found) and label.startswith("[") and "](" not in label and ")" not in target[:-1]
    return label[1:].strip() if alone else ""


def _plain(title: str) -> str:
    return " ".join(title.translate(_MARKS).casefold().split())
