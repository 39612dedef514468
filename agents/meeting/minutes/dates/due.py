"""By when a sentence says that something is due. Only here is decided which of its days is meant."""

from dataclasses import dataclass
from datetime import date

from agents.meeting.minutes.dates.east_asian import east_asian
from agents.meeting.minutes.dates.expression import expression
from agents.meeting.minutes.dates.phrase import Named, Text
from agents.meeting.minutes.dates.words import COUNTS, FOREIGN_UNITS, UNITS, may_name_a_time

_BOUNDS: dict[str, list[tuple[str, ...]]] = {}
for _group in (
    "by", "by or before", "before", "until", "till", "til", "due", "due by", "due on", "due in", "due :",
    "due date :", "due is", "due date is", "deadline", "deadline :", "deadline is", "deadline of", "no later than",
    "not later than", "on or before", "prior to", "ahead of", "latest", "latest by", "latest :", "at the latest",
    "at the latest by", "target :", "target date :", "bis", "bis zum", "bis zur", "bis spätestens", "spätestens",
    "spätestens bis", "spätestens am", "vor", "fällig", "fällig am", "fällig :", "frist :", "termin :", "avant",
    "d ' ici", "jusqu ' au", "jusqu ' à", "au plus tard", "pour", "échéance :", "antes de",
    "antes del", "para", "hasta", "a más tardar", "a mas tardar", "como máximo", "fecha límite :",
):  # fmt: skip
    _BOUNDS.setdefault(_group.split()[0], []).append(tuple(_group.split()))
for _groups in _BOUNDS.values():
    _groups.sort(key=len, reverse=True)

_NOT_DUE = frozenset({
    "last", "past", "previous", "of", "from", "since", "not", "after", "than", "between", "seit", "von", "vom",
    "nach", "ab", "depuis", "apr\u00e8s", "du", "desde", "despu\u00e9s", "tras", "starting", "to", "beginning", "dated",
    "versus", "vs", "except", "commencing", "version", "versions", "build", "tag", "revision",
})  # fmt: skip
"""Words before a day which show that it is past, or that something else than a latest day is meant."""
_NOT = frozenset({"not", "never", "cannot", "no", "t", "nicht", "kein", "pas", "jamais", "nunca"})
_RELATIVE = frozenset({"that", "which", "who", "what", "when", "after", "whose", "where", "as", "than", "how"})
_PAST_VERBS = frozenset({
    "was", "were", "broke", "had", "went", "fell", "lost", "hit", "began", "ran", "came", "did", "saw", "left",
    "sent", "wrote", "made", "got", "took", "met",
})  # fmt: skip
_GOES_ON = frozenset({"and", "so", "because", "unless", "if", "with", "to", "und", "et", "y"})
_PREPOSITIONS = frozenset({"in", "on", "for", "at", "am", "im", "between"})
_CHANGES = tuple(
    tuple(words.split())
    for words in (
        "ago", "or so", "oder so", "or thereabouts", "give or take", "- ish", "ish", "plus", "minus", "+ /",
        "\u00b1", "last week", "last month", "last year", "last quarter", "of last week", "of last month",
        "of last year",
    )
)  # fmt: skip
"""Words behind a day that make it another one, or no single one."""
_PARTS = frozenset({*UNITS, *FOREIGN_UNITS, "half", "quarter"})
"""After "and" and a count, what is added to a time: "a week and two days"."""
_SPANS = frozenset({*UNITS, "eve", "night", "evening"})
"""Before "before" and "after", what is counted from a day: "the day before Friday"."""
_FARTHEST = 40
"""The most words of a clause that are looked at before a day."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a sentence says about the latest time of a task.

    Attributes:
        words: the words that say it; "" if none do.
        day: the day; None if the words give no single day that can be read.
    """

    words: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: date | None
    bound: bool


def due_in(said: str, held: date) -> Due:
    """By when a sentence that was said on the day ``held`` says that something is due.

    A day counts where a word such as "by", "before" or "within" comes before it, or where it ends its clause or is a
    field of its own. One with such a word goes before one without. Two different days are none.
    """
    text = Text(said)
    if not may_name_a_time(text.words):
        return Due()
    found = [*_spaced(text, held), *_unspaced(text, held)]
    for bound, dated in ((True, True), (False, True), (True, False), (False, False)):
        these = [one for one in found if one.bound is bound and (one.day is not None) is dated]
        if these:
            start, end = min(one.start for one in these), max(one.end for one in these)
            every = {one.day for one in these}
            return Due(said[start:end], every.pop() if len(every) == 1 else None)
    return Due()


def _unspaced(text: Text, held: date) -> list[_Found]:
    if not any(word[0] >= "\u2e80" for word in text.words):
        return []
    return [_Found(one.start, one.end, one.day, one.bound) for one in east_asian(text.said, held)]


def _spaced(text: Text, held: date) -> list[_Found]:
    """What the words of a text say about time, in order."""
    found: list[_Found] = []
    at = 0
    while at < len(text.words):
        end = at + 1
        after = bound_end(text, at)
        named = expression(text, after, held) if after > at else None
        bound = named is not None
        if named is None:
            named = expression(text, at, held)
        if named is not None:
            end = max(end, named.end)
            start = _start(text, at, after, named) if not text.quoted(named.end - 1) else None
            bound = bound or named.bound
            if start is not None:
                day, last = named.day if start >= at - 1 else None, named.end
                if changed := _changed(text, at, last):
                    day, start, last = None, min(start, changed[0]), changed[1]
                alone = not bound and not text.field(at, named.end)
                if not (alone and day and day < held):  # "the outage on 20 November" is not due then
                    found.append(_Found(text.starts[start], text.ends[last - 1], day, bound))
        at = end
    return found


def _start(text: Text, at: int, after: int, named: Named) -> int | None:
    """The first token of a statement that counts; None if it does not count.

    A "not" earlier in the clause belongs to "until" and "before": "not deploy until Friday" names no latest day.
    """
    if after == at and not (_counts_alone(text, at, named) if not named.bound else not _excluded(text, at)):
        return None
    if after == at and not named.bound and (told := _told(text, at)) is not None:
        return None if text.word(named.end - 1) == "today" else told  # "what runs today"
    if after == at:
        return at - (text.word(at - 1) in _PREPOSITIONS)
    if text.word(at) == "by" and named.day is None and text.word(after) in COUNTS:
        return None  # "delay it by a week"
    word, before = text.word(at), text.word(at - 1)
    if before == "not" or (word == "due" and before in {"was", "were", "been"}):
        return None
    by_whom = word == "by" and text.word(named.end) == "'" and (before.endswith("ed") or before in {"broken", "hit"})
    if by_whom:
        return None
    if word in {"until", "till", "til", "before", "bis", "avant", "vor"}:
        refused = _refusal(text, at)
        return at if refused is None else refused
    return at


def _told(text: Text, at: int) -> int | None:
    """The word before a day in the same clause that makes it a part of what is told: "what QA tests on Friday"."""
    for place in range(at - 1, max(-1, at - _FARTHEST), -1):
        if text.clause_ends(place):
            return None
        if text.word(place) in _RELATIVE:
            return place
    return None


def _refusal(text: Text, at: int) -> int | None:
    """The token of a "not" before a place in the same clause."""
    for place in range(at - 1, max(-1, at - 12), -1):
        if text.clause_ends(place) and text.word(place) != "'":
            return None
        if text.word(place) in _NOT and not (text.word(place) == "t" and text.word(place - 1) != "'"):
            return place - 2 if text.word(place) == "t" else place
    return None


def bound_end(text: Text, at: int) -> int:
    """The end of the words that make what follows a latest time; ``at`` itself if there are none."""
    for _ in range(2):
        for group in _BOUNDS.get(text.word(at), ()):
            if text.follows(at, *group):
                at += len(group)
                at += text.word(at) == ":"
                break
        else:
            break
    return at


def _counts_alone(text: Text, at: int, named: Named) -> bool:
    """Whether a day counts without a word such as "by": it ends its clause, or it is a field of its own."""
    if text.field(at, named.end):
        return named.day is not None or named.exact or not named.weak
    if named.weak or (_excluded(text, at) and not (named.day is None and text.word(at - 1) == "between")):
        return False
    if text.clause_ends(named.end):
        return True
    first = at - (text.word(at - 1) in _PREPOSITIONS)
    leads = text.word(first) in _PREPOSITIONS
    heads = at == 0 and text.word(named.end) == ":"
    return (named.day is not None or named.exact) and (
        heads or (leads and (first == 0 or text.word(named.end) in _GOES_ON))
    )


def _changed(text: Text, start: int, end: int) -> tuple[int, int] | None:
    """Where a statement begins and ends with the words around it that make it another day: "the day before Friday",
    "Friday plus two days", "a year and a half"; None if there are none.
    """
    if found := next((words for words in _CHANGES if text.follows(end, *words)), None):
        return start, end + len(found)
    first, second, third = (text.word(end + place) for place in range(3))
    counted = second in COUNTS or second.isdecimal()
    if first in {"and", "+", "und", "et", "y"} and counted and third in _PARTS:
        return start, end + 3
    if (first in COUNTS or first.isdecimal()) and second in UNITS and third == "ago":
        return start, end + 3
    if text.word(start) in {"before", "after"} and text.word(start - 1) in _SPANS:
        return start - 1, end
    return None


def _excluded(text: Text, at: int) -> bool:
    """Whether the words before a day show that it is past or not the day of the task."""
    near = [text.word(place) for place in range(at - 1, at - 3, -1)]
    if near == ["c", "/"]:  # "w/c 7 December", the week that begins then
        return True
    if near[0] in _NOT_DUE or (near[0] in {"the", "a", "on", "in"} and near[1] in _NOT_DUE):
        return True
    past = False
    for place in range(at - 1, max(-1, at - _FARTHEST), -1):
        word = text.word(place)
        if word in {",", ";", "."} and text.clause_ends(place):
            return False
        passive = text.word(place - 1) in {"is", "are", "be", "being", "get", "gets"}
        past = past or word in _PAST_VERBS or (word.endswith("ed") and len(word) > 3 and not passive)
        if word in _RELATIVE and past:
            return True
    return False
