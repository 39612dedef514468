"""Looks up the places and quotations that a sentence names, in the documents and in the turns.

A place is a document with or without lines ("design.md:31", "lines 3-5 of plan.md", "plan.pdf p. 3 l. 12"), or a turn
("T1"). A quotation belongs to the place before it, or to one that follows it directly. Takes linear time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from agents.documents import Document
from agents.meeting import reading
from agents.meeting.checks import Written
from agents.meeting.minutes.compare import Found, Material
from agents.meeting.quoted import Quotation, quotations
from agents.meeting.record import Turn
from agents.sentences import sentences_of

MOST_DIGITS = 7
"""Of a line number; no document has a line with a longer one."""
MOST_SHOWN = 300
"""The most letters of a document that are printed beside an entry, for each place."""
LEAST_IMPLIED = 3
"""Of the words without quotation marks that are taken for those of a document."""
MOST_LETTERS = 4000
"""Of a text in which places are looked for; a longer one cannot be checked."""

_PROSE_ENDINGS = ".txt .text .rst .adoc .org .tex .pdf .docx .odt .rtf .html .htm .eml"
_PROSE = frozenset(("", *_PROSE_ENDINGS.split()))
_OTHER_ENDINGS = """
md markdown log yaml yml json csv tsv xml sql toml ini cfg conf env py js ts sh bat ps1 go rs java c h cpp cs rb php tf
xlsx xls pptx ppt doc ipynb diff patch
"""
_ENDINGS = frozenset(one.lstrip(".") for one in (*_PROSE, *_OTHER_ENDINGS.split()))
"""Endings of the names of documents, so that "redis.internal:6379" is none."""

_CLOSE = r"[`\"'\u201d\u2019\u00bb]?"
_DASH = "[-\u2013\u2014]"
_RANGE = rf"(\d+)(?:\s?{_DASH}\s?[Ll]?(\d+))?(?!\w)"
_LINES = r"(?:lines?|ll?\.|[Zz]eilen?|Z\.|lignes?|l[i\u00ed]neas?|\u884c)"
_AT = re.compile(rf"{_CLOSE}(?:[:#]\s?[Ll]?{_RANGE}|,?\s\(?(?:at\s|on\s|in\s)?{_LINES}\s?{_RANGE})", re.I)
_PART_AT = re.compile(
    rf"{_CLOSE},?\s((?:p\.|pp\.|page|cell|sheet|slide|part)\s?[^,;:.()\"]{{1,40}}?),?\s(?:l\.|lines?)\s?{_RANGE}", re.I
)
_MORE = re.compile(rf"(?:,\s?|\s(?:and|&|und|et|y)\s)(?:{_LINES}\s)?{_RANGE}", re.I)
_LINE_OF = re.compile(rf"\b{_LINES}\s{_RANGE}\s(?:of|in|from|von|de)\s(?:the\s)?[`\"'\u201c\u2018]?\Z", re.I)
_BEFORE = re.compile(r"\b(?:according to|as in|as per|in|at|see|as)\s[`\"'\u201c]?\Z", re.I)
_ADVERBS = r"(?:(?:clearly|also|even|only|itself|already|explicitly|simply)\s)?"
_VERBS = (
    r"(?:says?|said|states?|stated|reads?|writes?|wrote|demands?|demanded|calls?\s(?:it|this|that|for)|requires?|promises"
    r"|promised|warns?(?:\sof)?|notes?|mentions?|claims?|describes?|names?|lists?|asks?\sfor|wants?|shows?|has|sagt|verlangt"
    r"|steht|fordert|dit|exige|dice|exige)"
)
_SAYS = re.compile(rf"{_CLOSE}\)?,?\s{_ADVERBS}{_VERBS}(?:\s(?:that|of|dass|que))?\s?[:,]?\s?", re.I)
_PAPER_SAYS = re.compile(
    rf"\b(?:the|this|our|as the)\s(?:[\w-]{{1,30}}\s)?(?:plan|documents?|design|proposal|spec|specification|report|log"
    rf"|file|page|text|draft|runbook|readme|diagram|table|change|ticket)\s{_ADVERBS}{_VERBS}(?:\sthat)?\s?[:,]?\s?\Z",
    re.I,
)
"""Before a quotation, words that say that a document has it, without its name."""
_JOINED = re.compile(rf"{_CLOSE}\)?\s?[:,]?\s?\(?\Z")
_DIRECTLY = re.compile(
    rf"\s?[.,;]?\s?[(\[]?(?:(?:as|so)\s)?(?:{_VERBS}\s)?(?:(?:in|at|on|of|from|see|is)\s){{0,2}}(?:the\s)?\Z", re.I
)
_COLON = re.compile(rf"{_CLOSE}\s?:\s")
_OPENED = re.compile(r"\s?[(\[]?(?:(?:see|in|at|from)\s)?[`\"'\u201c]?\Z")
_TURN = re.compile(r"(?<!\w)T(\d{1,5})(?!\w)")
_TOKEN = re.compile(r"[^\s\"'\u201c\u201d\u2018\u2019\u00ab\u00bb()\[\]<>,;`*]+")
_NAMED = re.compile(r"([\w.-]*\w\.([A-Za-z]\w{0,7}))(?::(\d+)(?:-\d+)?)?[.:]?")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a sentence names, and whether it is there.

    Attributes:
        problem: what is wrong with a place or quotation, or "".
        written: the lines of documents that it names or quotes.
        rest: the sentence without places, and without the quotations that were found.
        compared: how many of its quotations were compared with documents.
        found: how many of them stand there.
        names: whether it names a place or quotes anything.
    """

    problem: str
    written: tuple[Written, ...]
    rest: str
    compared: int
    found: int
    names: bool


@dataclass(slots=True)
class _Mention:
    """A place that a text names; ``ranges`` are lines, none for the whole document or turn."""

    start: int
    end: int
    document: Document | None = None
    turn: str = ""
    ranges: list[tuple[int, int]] = field(default_factory=list)
    problem: str = ""


@lru_cache(maxsize=64)
def material_of(document: Document) -> Material:
    """A document, to look up quotations in it."""
    prose = document.is_markdown or PurePath(document.name).suffix.lower() in _PROSE
    return Material(document.lines, markdown=document.is_markdown, prose=prose)


@lru_cache(maxsize=256)
def said_in(text: str) -> Material:
    """The own words of a turn: its lines, without labels, and without lines that quote others."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    return Material([reading.without_label(line) for line in lines], markdown=True)


class Places:
    """Looks up places and quotations.

    Args:
        documents: the attached documents.
        turns: the text of each turn, by id.
    """

    def __init__(self, documents: Sequence[Document], turns: Mapping[str, str]) -> None:
        self._documents = sorted(documents, key=lambda one: -len(one.name))
        self._turns = turns

    @classmethod
    def of(cls, documents: Sequence[Document], turns: Sequence[Turn]) -> "Places":
        """The places that a meeting can name."""
        return cls(documents, {turn.id: turn.text for turn in turns})

    def look(self, text: str) -> Looked:
        """Look up everything that a text names."""
        if len(text) > MOST_LETTERS:
            return Looked("it is too long to be checked", (), text, 0, 0, True)
        mentions = sorted(self._mentions(text), key=lambda one: one.start)
        quotes = [one for one in quotations(text) if _quotes(one, mentions)]
        problem = next((one.problem for one in mentions if one.problem), "")
        cuts = [(one.start, one.end) for one in mentions]
        written: dict[Written, None] = {}
        compared = found = 0
        for one in mentions:
            if one.document and not one.problem:
                written.update(dict.fromkeys(lines_written(one.document, first, last) for first, last in one.ranges))
        told = set()
        for quote in quotes:
            mention, cut = _owner_of(quote, mentions, text)
            wrong, place = self._compare(quote.words, mention)
            told.add(id(mention))
            of_document = mention.document is not None if mention else (cut[0] < quote.start or wrong != NOWHERE)
            if of_document and self._documents:
                compared, found = compared + 1, found + (not wrong)
            if mention is None and wrong == NOWHERE and not of_document:  # perhaps of a turn that is named beside it
                cuts += [cut] if any(self.says(one.turn, quote.words) for one in mentions if one.turn) else []
                continue
            problem = problem or wrong
            if not wrong:
                cuts.append(cut)
            if place:
                written[place] = None
        for one in mentions:
            if id(one) not in told and (implied := self._implied(one, mentions, text)):
                compared, found = compared + 1, found + 1
                cuts.append(implied)
        spoken = bool(quotes) or any(one.document or one.problem for one in mentions)
        return Looked(problem, tuple(written), _without(text, cuts), compared, found, spoken)

    def says(self, turn: str, words: str) -> bool:
        """Whether a turn says these words, and nothing in their sentence that can change their meaning."""
        hit = said_in(self._turns[turn]).find(words) if turn in self._turns else None
        return bool(hit and not hit.rest)

    def _mentions(self, text: str) -> Iterator[_Mention]:
        taken: list[tuple[int, int]] = []
        for document in self._documents:
            for hit in re.finditer(re.escape(document.name), text, re.I):
                before, after = (
                    text[hit.start() - 1 : hit.start()] if hit.start() else "",
                    text[hit.end() : hit.end() + 1],
                )
                if before.isalnum() or (before in "._-" and before) or after.isalnum() or after == "_":
                    continue
                if any(start < hit.end() and hit.start() < end for start, end in taken):
                    continue
                mention = _lines_named(document, text, hit.start(), hit.end())
                taken.append((mention.start, mention.end))
                yield mention
        for hit in _TURN.finditer(text):
            if not any(start < hit.end() and hit.start() < end for start, end in taken):
                yield self._turn(hit, text)
        for hit in _TOKEN.finditer(text):
            named = _NAMED.fullmatch(hit[0]) if len(hit[0]) < 200 else None
            if named is None or any(start < hit.end() and hit.start() < end for start, end in taken):
                continue
            told = bool(_SAYS.match(text, hit.start() + named.end(1)))
            if (named[3] and named[2].lower() in _ENDINGS) or told or (named[3] and _SAYS.match(text, hit.end())):
                yield _Mention(hit.start(), hit.end(), problem=f"no document {named[1]} is attached")

    def _turn(self, hit: re.Match[str], text: str) -> _Mention:
        told = _SAYS.match(text, hit.end())
        problem = f"there is no turn {hit[0]}" if told and hit[0] not in self._turns else ""
        return _Mention(hit.start(), hit.end(), turn=hit[0], problem=problem)

    def _compare(self, words: str, mention: _Mention | None) -> tuple[str, Written | None]:
        """What is wrong with a quotation, and the lines of the document that has it."""
        if mention is None:
            best = None
            for document in self._documents:
                hit = material_of(document).find(words)
                if hit and (best is None or not hit.rest):
                    best = (document, hit)
                    if not hit.rest:
                        break
            if best is None:
                return NOWHERE, None
            document, hit = best
            return _more(hit, _place(document, hit)), lines_written(document, hit.first, hit.last, words)
        if mention.problem:
            return mention.problem, None
        if mention.turn:
            said = self._turns.get(mention.turn)
            hit = said_in(said).find(words) if said is not None else None
            if said is None:
                return f"there is no turn {mention.turn}", None
            return (_more(hit, mention.turn), None) if hit else (f"{mention.turn} does not say this", None)
        return self._at(words, mention.document, mention.ranges) if mention.document else (NOWHERE, None)

    def _at(self, words: str, document: Document, ranges: Sequence[tuple[int, int]]) -> tuple[str, Written | None]:
        material = material_of(document)
        hits = [hit for first, last in ranges or [(0, 0)] if (hit := material.find(words, first, last))]
        hit = next((one for one in hits if not one.rest), hits[0] if hits else None)
        if hit:
            return _more(hit, _place(document, hit)), lines_written(document, hit.first, hit.last, words)
        where = document.place_of(*ranges[0]) if ranges else document.name
        if ranges and any(material_of(one).find(words) for one in self._documents):
            return f"these words are not at {where} but elsewhere", None
        return f"{where} does not say this", None

    def _implied(self, mention: _Mention, mentions: Sequence[_Mention], text: str) -> tuple[int, int] | None:
        """The span of a place and of words beside it without quotation marks, if they stand there: those after
        "plan.md:3 says" or "plan.md:3:", or the sentence before "(plan.md:3)".
        """
        if mention.problem or not (mention.document or mention.turn):
            return None
        told = _SAYS.match(text, mention.end) or _COLON.match(text, mention.end)
        if told:
            later = min((one.start for one in mentions if one.start >= told.end()), default=len(text))
            words = next(iter(sentences_of(text[told.end() : later])), "")
            start = told.end() + text[told.end() :].index(words)
        else:
            earlier = max((one.end for one in mentions if one.end <= mention.start), default=0)
            words = (sentences_of(_OPENED.sub("", text[earlier : mention.start])) or [""])[-1]
            start = text.rindex(words, earlier, mention.start)
        if len(words.split()) < LEAST_IMPLIED or self._compare(words, mention)[0]:
            return None
        return min(start, mention.start), max(start + len(words), mention.end)


NOWHERE = "no document says this"


def _lines_named(document: Document, text: str, start: int, end: int) -> _Mention:
    """A mention of a document, with the lines that stand before or after its name."""
    mention = _Mention(start, end, document)
    if part := _PART_AT.match(text, end):
        mention.end = part.end()
        offset = _part_start(document, part[1])
        if not offset:
            mention.problem = f"{document.name} has no {part[1]}"
        else:
            _add(mention, document, part[2], part[3], offset - 1)
        return mention
    at = _AT.match(text, end)
    if at:
        mention.end = at.end()
        _add(mention, document, at[1] or at[3], at[2] or at[4])
        while more := _MORE.match(text, mention.end):
            mention.end = more.end()
            _add(mention, document, more[1], more[2])
    elif before := _LINE_OF.search(text, max(0, start - 60), start):
        mention.start = before.start()
        _add(mention, document, before[1], before[2])
    return mention


def _add(mention: _Mention, document: Document, first: str, last: str | None, offset: int = 0) -> None:
    """Add lines to a mention, or the problem that the document has no such lines."""
    if len(first) > MOST_DIGITS or len(last or "") > MOST_DIGITS:
        mention.problem = f"{document.name} has no such line"
        return
    start, stop = int(first) + offset, int(last or first) + offset
    lines = _text_lines(document.text)
    count = len(lines) - (not lines[-1])
    if not 1 <= start <= stop <= count:
        mention.problem = f"{document.name} has no line {last if last and 1 <= start <= count else first}"
    else:
        mention.ranges.append((start, stop))


@lru_cache(maxsize=64)  # each entry of a meeting may name lines of the same documents
def _text_lines(text: str) -> list[str]:
    return text.split("\n")


def _part_start(document: Document, name: str) -> int:
    """The first line of a page or cell of a document; 0 where it has none of that name."""
    wanted = re.sub(r"^(?:page|pp?\.)\s?", "p. ", name.strip().lower())
    return next((part.first for part in document.parts if part.name.lower() == wanted), 0)


def _quotes(quote: Quotation, mentions: Sequence[_Mention]) -> bool:
    """Whether a quotation quotes words: not only a place, and not a name that is part of one."""
    return (
        bool(quote.words.strip())
        and not any(one.start < quote.end and quote.start < one.end for one in mentions)
        and (quote.mark != "`" or len(quote.words.split()) > 1 or bool(mentions))
    )


def _owner_of(quote: Quotation, mentions: Sequence[_Mention], text: str) -> tuple[_Mention | None, tuple[int, int]]:
    """The place to which a quotation belongs, and the span of both where they stand directly beside each other."""
    before = next((one for one in reversed(mentions) if one.end <= quote.start), None)
    after = next((one for one in mentions if one.start >= quote.end), None)
    own = (quote.start, quote.end)
    if before is not None and _told(text[before.end : quote.start]):
        opened = _BEFORE.search(text, max(0, before.start - 20), before.start)
        return before, (opened.start() if opened else before.start, quote.end)
    if after is not None and _DIRECTLY.fullmatch(text[quote.end : after.start]):
        return after, (quote.start, after.end)
    if before is not None and before.turn and not before.problem:
        # A turn is often named only as the reason; then the quotation is not said to be of it.
        before = next((one for one in reversed(mentions) if one.end <= quote.start and not one.turn), None)
    if after is not None and after.turn:
        after = None
    if before is None and after is None and (told := _PAPER_SAYS.search(text, max(0, quote.start - 100), quote.start)):
        own = (told.start(), quote.end)
    return before or after, own


def _told(between: str) -> bool:
    """Whether the text between a place and a quotation only says that the place says it."""
    said = _SAYS.fullmatch(between.rstrip() + " ") or _SAYS.fullmatch(between)
    return bool(said) or bool(_JOINED.fullmatch(between))


def _without(text: str, cuts: Sequence[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(cuts):
        if start > at:
            parts.append(text[at:start])
        if end > at:
            parts.append("\u2026")
            at = end
    return "".join([*parts, text[at:]])


def _more(hit: Found, where: str) -> str:
    """The problem with a quotation whose sentence goes on with words that can change its meaning."""
    return f"{where} says more: {hit.rest}" if hit.rest else ""


def _place(document: Document, hit: Found) -> str:
    return document.place_of(hit.first, hit.last)


def lines_written(document: Document, first: int, last: int, around: str = "") -> Written:
    """The lines of a document as they are printed, cut where they are long, around some words."""
    said = " ".join(" ".join(line.split()) for line in _text_lines(document.text)[first - 1 : last])
    if len(said) > MOST_SHOWN:
        at = max(0, said.find(" ".join(around.split())[:40])) if around else 0
        start = max(0, min(at - MOST_SHOWN // 4, len(said) - MOST_SHOWN))
        cut = said[start : start + MOST_SHOWN]
        said = f"{'... ' if start else ''}{cut}{' ...' if start + MOST_SHOWN < len(said) else ''}"
    return Written(document.name, first, last, said, document.place_of(first, last))
