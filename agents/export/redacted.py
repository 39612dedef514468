"""Minutes to pass on to others: without the words and names of documents, names of people, and what people typed.

What is left out, and what stands in its place:

- lines of documents that entries quote, and headings: "[left out]";
- words of a document in whatever was said, as soon as four of them follow each other, or all words of a shorter line,
  or one word of letters and digits, such as a key: "[words of document 1]"; names of documents: "document 1";
- names of people, also a part of them: "person 1"; roles stay;
- what people typed: the turns, votes and reasons of a person's seat, entries that rest on these, corrections, and
  reports on how a decision turned out: "[words of a person]".

What stays: the topics, what models said in words of their own (which may say in other words what a document says),
single usual words, days and numbers. The journal, which has everything, is not part of a redacted copy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from agents.export.html import to_html
from agents.export.text import cited_lines, journal_line
from agents.meeting.afterwards import OutcomeReport
from agents.meeting.checks import Written
from agents.meeting.codec import value_of
from agents.meeting.finding import Finding, Reason
from agents.meeting.journal import Kind
from agents.meeting.journal_values import Interjection, PersonDecision
from agents.meeting.record import (
    DECISION_MAKER,
    ActionItem,
    Ballot,
    Dissent,
    Evidence,
    Item,
    Lines,
    Minutes,
    Seat,
    Turn,
)
from agents.meeting.spec import spec_from
from agents.meeting.verdict import Verdict
from agents.role.names import joined
from agents.text import one_line

LEFT_OUT, TYPED = "[left out]", "[words of a person]"
RUN = 4
"""As soon as so many words of a document follow each other in a text, they are left out of it."""
LEAST_WORDS = 3
"""What a person typed in so many words or more is left out wherever it stands as a whole text."""
LEAST_LETTERS = 6
"""A word of letters and digits with so many signs is left out wherever it stands: it may be a key or a password."""

_WORD = re.compile(r"[^\W_]+")
_FIXED = frozenset({
    "meeting", "type_id", "facilitator", "model", "spoke_with", "artefact", "status", "key", "id", "turn", "topic",
    "phase", "speaker", "role", "entry", "how", "severity", "rule", "choice", "decided_by", "vetoed_by", "cites", "on",
    "at", "cut", "numbers", "tally", "positions", "before", "after", "label", "labels",
})  # fmt: skip
"""Fields that name things of the program or of the meeting type, and never have words of documents or people."""


def to_redacted(minutes: Minutes) -> str:
    """Write a redacted copy as one HTML page, which says so at its top, and of which journal it is a copy."""
    return to_html(redacted(minutes), note=about(minutes))


def about(minutes: Minutes) -> str:
    """What a redacted copy says of itself."""
    what = "Redacted copy: words and names of documents, names of people and what people typed are left out."
    return f"{what} {journal_line(minutes)}." if minutes.journal else what


def redacted(minutes: Minutes) -> Minutes:
    """The same minutes without the words and names of documents, names of people, and what people typed.

    Args:
        minutes: the minutes, with the journal from which they were made: it has the documents.
    """
    return _Cover(minutes).minutes()


class _Cover:
    """Leaves out of minutes what others must not read."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes
        documents = _documents(minutes)
        self._numbers = {name: n for n, name in enumerate(dict.fromkeys((*minutes.documents, *documents)), 1)}
        self._typists = {seat.role for seat in minutes.present if seat.human} | {DECISION_MAKER}
        self._typed = {text for text in _typed(minutes, self._typists) if len(_WORD.findall(text)) >= LEAST_WORDS}
        self._runs: dict[tuple[str, ...], str] = {}
        for text in self._typed:
            self._protect(text, TYPED, whole=False)
        for name, text in documents.items():
            self._protect(text, f"[words of document {self._numbers[name]}]")
        people = {person: f"person {n}" for n, person in enumerate(dict.fromkeys(_people(minutes)), 1)}
        self._names = dict(_with_parts(people)) | dict(_document_names(self._numbers))
        every = sorted(self._names, key=len, reverse=True)
        bounded = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in every)
        self._named = re.compile(bounded, re.I) if every else None
        self._people = people

    def minutes(self) -> Minutes:
        """The minutes without it."""
        whole = self._minutes
        documents = tuple(f"document {self._numbers[name]}" for name in whole.documents)
        people = tuple(self._people.get(one, one) for one in whole.names.people)
        covered: Minutes = self._value(replace(whole, journal=()))
        # What the meeting type and the roles are called stays.
        kept = {name: getattr(whole, name) for name in ("title", "purpose", "sections", "lines")}
        return replace(covered, documents=documents, names=replace(whole.names, people=people), **kept)

    def _protect(self, text: str, instead: str, *, whole: bool = True) -> None:
        """Remember the runs of words of a text that no other text may have; with ``whole``, also short lines, keys."""
        words = [word.lower() for word in _WORD.findall(text)]
        for start in range(len(words) - RUN + 1):
            self._runs[tuple(words[start : start + RUN])] = instead
        for line in text.splitlines() if whole else ():
            short = tuple(word.lower() for word in _WORD.findall(line))
            if 1 < len(short) < RUN:
                self._runs[short] = instead
        for word in words if whole else ():
            if len(word) >= LEAST_LETTERS and not word.isalpha() and not word.isdecimal():
                self._runs[(word,)] = instead

    def _value(self, value: Any) -> Any:
        """A value of minutes without what must not be read, with everything in it."""
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {key: self._value(one) for key, one in value.items()}
        if isinstance(value, tuple):
            return tuple(map(self._value, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        given = {each.name: getattr(value, each.name) for each in fields(value)}
        named = {name: one for name, one in given.items() if name not in _FIXED or is_dataclass(one)}
        return self._special(value, replace(value, **{name: self._value(one) for name, one in named.items()}))

    def _special(self, value: Any, covered: Any) -> Any:
        """A covered value, with what its own kind must not show."""
        match value:
            case Evidence():
                return self._evidence(value, covered)
            case Written():
                return replace(covered, document=self._document(value.document), text=LEFT_OUT if value.text else "")
            case Lines():
                return replace(covered, document=self._document(value.document), heading="")
            case Finding():
                return replace(covered, document=self._document(value.document), quote=LEFT_OUT if value.quote else "")
            case Seat():
                return replace(covered, title=value.title)
            case Turn() if value.speaker in self._typists:
                entries = covered.entries and tuple(replace(one, text=TYPED) for one in covered.entries)
                return replace(covered, text=TYPED, entries=entries)
            case Ballot() | Dissent() if value.speaker in self._typists:
                return replace(
                    covered, reason=_typed_or_none(value.reason), would_change=_typed_or_none(value.would_change)
                )
            case Reason() if value.role in self._typists:
                return replace(covered, why=TYPED, change=_typed_or_none(value.change))
            case Item():
                return replace(covered, text=self._resting(value.evidence, covered.text))
            case ActionItem():
                owners = [self._people.get(one, self._text(one)) for one in value.owners]
                task = self._resting(value.evidence, covered.task)
                return replace(covered, task=task, owner=joined(owners), due_text=self._text(value.due_text))
            case OutcomeReport() | Verdict():
                return replace(covered, text=_typed_or_none(value.text), by=self._people.get(value.by, covered.by))
        return covered

    def _evidence(self, value: Evidence, covered: Evidence) -> Evidence:
        typed = value.speaker in self._typists
        quote = LEFT_OUT if value.document else TYPED if typed else covered.quote
        return replace(covered, quote=quote, document=self._document(value.document))

    def _resting(self, evidence: Evidence, words: str) -> str:
        """The words of an entry, unless they are those of a document or of a person."""
        if evidence.document:
            return LEFT_OUT
        return TYPED if evidence.speaker in self._typists else words

    def _document(self, name: str) -> str:
        return f"document {self._numbers[name]}" if name in self._numbers else "a document" if name else ""

    def _text(self, text: str) -> str:
        """A text without the words of documents, names of documents and people, and what people typed."""
        if one_line(text) in self._typed:
            return TYPED
        found = "".join(self._without_runs(text))
        return self._named.sub(lambda hit: self._names[hit[0].lower()], found) if self._named else found

    def _without_runs(self, text: str) -> Iterator[str]:
        """The parts of a text between runs of words that must not be read, and what stands in their place."""
        words = [(hit.start(), hit.end(), hit[0].lower()) for hit in _WORD.finditer(text)]
        at, number = 0, 0
        while number < len(words):
            size, instead = self._run(words, number)
            if not size:
                number += 1
                continue
            first, last = number, number + size
            while True:  # runs that overlap, or follow each other, are one
                more = next((n for n in range(last, number, -1) if self._run(words, n)[0] and n < len(words)), 0)
                reach = more + self._run(words, more)[0] if more else 0
                if reach <= last:
                    break
                number, last = more, reach
            yield text[at : words[first][0]]
            yield instead
            at, number = words[last - 1][1], last
        yield text[at:]

    def _run(self, words: Sequence[tuple[int, int, str]], number: int) -> tuple[int, str]:
        """How many words from here on must not be read, and what stands in their place; 0 for none."""
        for size in range(RUN, 0, -1):
            key = tuple(word for _, _, word in words[number : number + size])
            if len(key) == size and key in self._runs:
                return size, self._runs[key]
        return 0, ""


def _typed_or_none(text: str) -> str:
    return TYPED if text else ""


def _documents(minutes: Minutes) -> dict[str, str]:
    """The texts of the documents by name: those of the journal, and the lines that the minutes cite."""
    found: dict[str, str] = {}
    if minutes.journal and minutes.journal[0].kind == Kind.SPEC:
        found = {one.name: one.text for one in spec_from(minutes.journal[0].data).documents}
    for one in cited_lines(minutes):
        found[one.document] = f"{found.get(one.document, '')}\n{one.text}"
    return found


def _people(minutes: Minutes) -> Iterator[str]:
    """The names of people: of the team, of owners, and of those who said something about the minutes."""
    titles = minutes.titles
    yield from minutes.names.people
    for topic in minutes.topics:
        yield from (owner for one in topic.actions for owner in one.owners if owner not in titles)
        yield from (one.by for one in topic.outcomes if one.by)
    yield from (one.by for one in minutes.verdicts if one.by)


def _with_parts(people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What stands in the place of each name, in lower case, and in the place of each longer word of it."""
    for person, instead in people.items():
        for part in _WORD.findall(person):
            if len(part) > 2:
                yield part.lower(), instead
    yield from ((one_line(person).lower(), instead) for person, instead in people.items())


def _document_names(numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What stands in the place of the name of each document, in lower case, also without its folder."""
    for name, number in numbers.items():
        for one in (name.rpartition("/")[2], name):
            if len(one) > 2:
                yield one_line(one).lower(), f"document {number}"


def _typed(minutes: Minutes, typists: set[str]) -> Iterator[str]:
    """What people typed, each text on one line."""
    for turn in minutes.turns:
        if turn.speaker in typists:
            yield from map(one_line, (turn.text, *turn.text.splitlines(), *(one.text for one in turn.entries or ())))
    for topic in minutes.topics:
        yield from (one_line(one.text) for one in topic.outcomes)
    yield from (one_line(one.text) for one in minutes.verdicts if one.text)
    for event in minutes.journal:
        value = value_of(event)
        if isinstance(value, PersonDecision):
            yield from (one_line(value.why), f"{one_line(value.why)}.")
        elif isinstance(value, Interjection):
            yield from map(one_line, value.words)
