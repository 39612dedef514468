"""Reads the lines of an answer: what its speaker itself says, and under which label. All functions are pure.

Labels are read as models write them: with list marks, numbers and emphasis; as a heading or a line of its own, above
its text or a list; as a column of a table. What stands under no label has none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.meeting.reading.introductions import Introduced, disowns, introduced_by
from agents.meeting.reading.material import bare, bare_mark, is_material, without_mark
from agents.meeting.reading.repetition import words
from agents.meeting.reading.tables import is_separator, row_cells, table_entries

KNOWN = (
    "Fact", "Position", "Proposal", "Condition", "Action", "Question", "Event", "Idea", "Parked", "Challenge", "Danger",
    "Change", "Report", "Rebut", "Revise", "Vote", "Reason", "Risk", "Stake", "Choice", "Option", "Unknown", "Decision",
)  # fmt: skip
"""Labels that every meeting knows. An item of a list may begin with one under another label; other words before a colon
are what the item says."""

MOST_LABEL = 24
"""The most letters of a label."""
COLONS = ":\uff1a"
_NUMBERED = re.compile(r"\A(.*?[^\W\d_])\s*#?\d{1,2}\Z")
_EMPHASIS = (
    re.compile(r"(?<![0-9A-Za-z*])(\*{1,3})(?=[^*\s])([^*]{1,400})(?<!\s)\1(?![0-9A-Za-z*])"),
    re.compile(r"(?<!\w)(__?)(?=[^_\s])([^_]{1,400})(?<!\s)\1(?!\w)"),
)
_SENTENCE_END = tuple('.!?\u3002\uff01\uff1f\u2026)\u300d"')
_POINTING = frozenset({"these", "those", "following", "below"})
"""Words of a sentence that point at what follows."""
_MORE = frozenset({"next", "open", "new", "my", "our", "key", "main", "proposed", "suggested"})
"""Words before a label that leave it what it is."""
_INLINE = re.compile(r"</?(?:b|strong|u|i|em|mark)>", re.I)
_RULE = frozenset("-=*_ ")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of the speaker itself: a line, an item of a list, a cell of a table, or a paragraph under a label.

    Attributes:
        text: the words after their own label, without marks and emphasis.
        label: the label at their start, or "".
        under: the label that stands above them, or "".
        whole: the words with their own label.
        item: whether they are an item of a list.
        sure: whether no introduction leaves open whose words they are.
    """

    text: str
    label: str = ""
    under: str = ""
    whole: str = ""
    item: bool = False
    sure: bool = True


def label_of(line: str) -> str:
    """The label at the start of a line, or ""."""
    return _split(line)[0]


def without_label(line: str) -> str:
    """A line without the label and the emphasis around it."""
    label, text = _split(line)
    return text if label else line.strip()


def without_emphasis(text: str) -> str:
    """A text without pairs of the signs of Markdown for emphasis, and without single ones at its edges."""
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\2", text)
    text = text.strip()
    for sign in ("**", "__"):
        if text.count(sign) % 2:
            text = text.removesuffix(sign).removeprefix(sign).strip()
    return text


def same_label(written: str, label: str) -> bool:
    """Whether a written label means this one: in any letter case, in the plural, or as in "Next action items"."""
    if not written:
        return not label
    words_of = written.casefold().replace("(s)", "s").split()
    said = " ".join(words_of[len(words_of) > 1 and words_of[0] in _MORE :])
    return said in _forms(label)


@lru_cache(maxsize=256)
def _forms(label: str) -> frozenset[str]:
    """The forms in which a label is written."""
    wanted = label.casefold()
    return frozenset((wanted, f"{wanted}s", f"{wanted}es", f"{wanted[:-1]}ies", f"{wanted} item", f"{wanted} items"))


def is_known(written: str) -> bool:
    """Whether a written label is one of those that every meeting knows."""
    return any(same_label(written, known) for known in KNOWN)


def _split(line: str) -> tuple[str, str]:
    """The label at the start of a line and the words after it; without a label, "" and the words of the line."""
    said = bare(_INLINE.sub("", line).strip())
    dashed = _dashed(line, said)
    if dashed:
        return dashed
    at = min((place for sign in COLONS if (place := said.find(sign, 0, MOST_LABEL + 10)) > 0), default=-1)
    head = said[:at].strip(" \t*_`") if at > 0 else ""
    rest = said[at + 1 :]
    numbered = _NUMBERED.match(head)
    if numbered and rest[:1].isdecimal():  # a time such as "At 14:05"
        return "", without_emphasis(said)
    label = numbered[1] if numbered else head
    if not _may_be_label(label) or rest.startswith("//"):
        return "", without_emphasis(said)
    rest = rest.lstrip(" \t")
    closing = next((sign for sign in ("***", "**", "__", "*") if rest.startswith(sign)), "")
    if closing and (rest.count(closing) % 2 or rest[len(closing) : len(closing) + 1] in {"", " "}):
        rest = rest[len(closing) :]  # the end of the emphasis around the label
    return " ".join(label.split()), without_emphasis(rest.strip())


def _dashed(line: str, said: str) -> tuple[str, str] | None:
    """The label in bold and the words behind a dash, as in "**Risk** - it breaks"."""
    if "**" not in line[:8]:
        return None
    head, closing, rest = said.partition("**")
    rest = rest.lstrip()
    if closing and rest[:1] in set("-\u2013\u2014") and _may_be_label(head.strip()):
        return head.strip(), without_emphasis(rest[1:].strip())
    return None


def _may_be_label(head: str) -> bool:
    letters = head.replace("(s)", "s")
    if not 2 <= len(letters) <= MOST_LABEL or not letters[0].isalpha():
        return False
    if letters[0].islower() and " " in letters:
        return False
    return all(char.isalpha() or char in " -'\u2019/&" for char in letters)


@lru_cache(maxsize=512)  # each label of a turn is looked for in the same text
def spoken(text: str) -> tuple[Spoken, ...]:
    """The speaker's own words in an answer, in order; a text without any gives none."""
    return tuple(_Walk(text.split("\n")).read())


class _Walk:
    """Reads an answer line by line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._material = is_material(lines)
        self._found: list[Spoken] = []
        self._under = ""
        self._open = ""  # what may follow a label of its own: "" nothing, "text", "item"
        self._grows = False  # whether the next line may belong to the last words
        self._joins = False  # whether the next line belongs to the paragraph under the label
        self._scope: _Scope | None = None

    def read(self) -> list[Spoken]:
        at = 0
        while at < len(self._lines):
            at = self._read(at)
        return self._found

    def _read(self, at: int) -> int:
        line = self._lines[at]
        if self._material[at]:
            self._close()
            self._scope = self._scope if self._scope and self._scope.heading else None
        elif not line.strip() or not set(line.strip()) - _RULE:
            self._gap()
        elif self._begins_table(at):
            return self._table(at)
        else:
            self._line(at, line)
        return at + 1

    def _close(self) -> None:
        self._under = self._open = ""
        self._grows = self._joins = False

    def _gap(self) -> None:
        self._grows = False
        if self._joins:  # the paragraph under a label has ended
            self._close()
        if self._scope:
            self._scope.empty_line()

    def _begins_table(self, at: int) -> bool:
        below = self._lines[at + 1] if at + 1 < len(self._lines) and not self._material[at + 1] else ""
        return "|" in self._lines[at] and is_separator(below)

    def _table(self, at: int) -> int:
        header, rows, end = row_cells(self._lines[at]), [], at + 2
        while end < len(self._lines) and not self._material[end] and "|" in self._lines[end]:
            rows.append(row_cells(self._lines[end]))
            end += 1
        sure = self._sure(("table", ""))
        if sure is not None:
            for label, text in table_entries([list(map(without_emphasis, row)) for row in (header, *rows)]):
                self._found.append(Spoken(text, label, whole=text, sure=sure))
        self._close()
        return end

    def _sure(self, shape: tuple[str, str]) -> bool | None:
        """Whether words of this shape are certainly the speaker's; None if they are not its own."""
        if self._scope and self._scope.contains(shape):
            return None if self._scope.kind is Introduced.NOT_OWN else False
        self._scope = None
        return True

    def _line(self, at: int, line: str) -> None:
        stripped = line.strip()
        item = bare_mark(stripped)
        label, text = _split(line)
        heading = _heading(stripped, item) or self._heading_above(at, stripped)
        if stripped.startswith("|"):  # a row without a table
            self._close()
        elif heading and not (label and text):
            self._scope = None
            self._begin(heading, at, heading=True)
        elif self._grows and not item and not label and (line[:1].isspace() or stripped[:1].islower()):
            self._add_to_last(text)
        else:
            shape = ("item", "") if item else ("label", label.casefold()) if label else ("text", "")
            sure = self._sure(shape)
            if sure is not None and label and not text:
                self._begin(label, at)
            elif sure is not None:
                self._say(at, Spoken(text, label, "", _whole(line), item, sure))

    def _say(self, at: int, said: Spoken) -> None:
        """Add what a line says, or begin the list that it introduces."""
        introduces_list = said.text.endswith(tuple(COLONS)) and self._list_follows(at)
        if said.label and introduces_list and introduced_by(said.text) is Introduced.OWN:
            self._begin(said.label, at)
            return
        under = self._under if said.item or (self._open == "text" and not said.label) else ""
        if not under:
            self._close()
        elif said.item:
            self._open, self._joins = "item", False
        elif said.text.endswith(tuple(COLONS)):  # between a label and its list
            if introduced_by(said.text) is not Introduced.OWN:
                self._close()
                self._found.append(said)
                self._scope = _Scope(introduced_by(said.text))
            return
        elif self._joins:
            self._add_to_last(said.text)
            return
        else:
            self._joins = True
        self._found.append(replace(said, under=under))
        self._grows = bool(said.label or said.item or under)
        if introduces_list or not (said.label or said.item or under):
            self._introduce(said.text)

    def _add_to_last(self, text: str) -> None:
        last = self._found[-1]
        self._found[-1] = replace(last, text=f"{last.text}\n{text}", whole=f"{last.whole}\n{text}")

    def _begin(self, label: str, at: int, *, heading: bool = False) -> None:
        """Begin what stands under a label or heading of its own."""
        self._close()
        self._under, self._open = label, "text"
        if disowns(label):
            self._close()
            self._scope = _Scope(Introduced.NOT_OWN, heading=heading)
        elif not heading and introduced_by(label) is not Introduced.OWN and not is_known(label):
            below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
            if label_of(below) and not bare_mark(below.strip()):  # "Ada:" above lines with labels
                self._scope = _Scope(Introduced.UNCLEAR)

    def _heading_above(self, at: int, line: str) -> str:
        """The words of a line that is a known label and nothing else, above a list or underlined; else ""."""
        below = self._lines[at + 1].strip() if at + 1 < len(self._lines) else ""
        underlined = len(below) > 2 and not set(below) - _RULE
        return line if len(line) <= MOST_LABEL and (underlined or bare_mark(below)) and is_known(line) else ""

    def _list_follows(self, at: int) -> bool:
        return at + 1 < len(self._lines) and bare_mark(self._lines[at + 1].strip())

    def _introduce(self, text: str) -> None:
        """Judge a line without a label as the introduction of what follows."""
        said = words(text)
        if text.endswith(tuple(COLONS)):
            kind = introduced_by(text)
        elif not _POINTING.isdisjoint(said) or not text.endswith(_SENTENCE_END):
            kind = Introduced.NOT_OWN if disowns(text) else Introduced.OWN
        else:
            return
        self._scope = None if kind is Introduced.OWN else _Scope(kind)


class _Scope:
    """What an introduction stands before: the block after it, and after empty lines what has the shape of its start.

    Args:
        kind: whose words they are.
        heading: whether it is a heading, which stands before all up to the next one.
    """

    def __init__(self, kind: Introduced, *, heading: bool = False) -> None:
        self.kind = kind
        self.heading = heading
        self._shape: tuple[str, str] | None = None
        self._empty = False

    def empty_line(self) -> None:
        """Take note of an empty line."""
        self._empty = self._shape is not None

    def contains(self, shape: tuple[str, str]) -> bool:
        """Whether the next words, of this shape, still belong to it."""
        if self.heading:
            return True
        if self._shape is None:
            self._shape = shape
        elif self._empty and (shape != self._shape or shape[0] == "text"):
            return False
        self._empty = False
        return True


def _heading(line: str, item: bool) -> str:
    """The words of a line that is a heading: with "#", or all of it in bold, and no item of a list; else ""."""
    if line.startswith("#") and line.lstrip("#")[:1] in {" ", "\t"}:
        return without_emphasis(line.strip("# \t")).rstrip(COLONS).strip()
    for sign in ("**", "__"):
        inner = line.rstrip(COLONS)
        if not item and inner.startswith(sign) and inner.endswith(sign) and inner.count(sign) == 2 and len(inner) > 4:
            return inner.strip("*_ ").rstrip(COLONS).strip()
    return ""


def _whole(line: str) -> str:
    return without_emphasis(without_mark(_INLINE.sub("", line).strip()))


def own_words(text: str) -> str:
    """A text without its lines that are material."""
    lines = text.split("\n")
    return "\n".join(line for line, other in zip(lines, is_material(lines), strict=True) if not other).strip()


def own_text(text: str) -> Iterator[str]:
    """The speaker's own lines that have no label and stand under none."""
    return (one.text for one in spoken(text) if not one.label and not one.under)
