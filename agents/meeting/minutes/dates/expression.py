"""One statement about time: the day, the weekday, the time of day and what joins them."""

from dataclasses import replace
from datetime import date

from agents.meeting.minutes.dates import words
from agents.meeting.minutes.dates.days import coming_number
from agents.meeting.minutes.dates.english import clock, english
from agents.meeting.minutes.dates.foreign import foreign
from agents.meeting.minutes.dates.numeric import number_date
from agents.meeting.minutes.dates.phrase import Named, Text

_RANGE = frozenset(
    {
        "-",
        "\u2013",
        "\u2014",
        "/",
        "to",
        "through",
        "thru",
        "or",
        "and",
        "until",
        "bis",
        "oder",
        "und",
        "ou",
        "o",
        "au",
        "y",
    }
)
_DAYPARTS = words.DAYPARTS | {
    "morgen",
    "fr\u00fch",
    "abend",
    "mittag",
    "vormittag",
    "nachmittag",
    "matin",
    "soir",
    "midi",
}
_LATEST = (
    ("at", "the", "latest"), ("latest",), ("or", "earlier"), ("or", "sooner"), ("or", "before"), ("sp\u00e4testens",),
    ("au", "plus", "tard"), ("a", "m\u00e1s", "tardar"), ("deadline",), ("as", "the", "deadline"),
)  # fmt: skip


def expression(text: Text, at: int, held: date) -> Named | None:
    """What the words from a token on say about time, with all that belongs to it; None if they say nothing about it.

    A weekday and a day that stand together must agree, otherwise they are no day. Two days, or a range of days, are
    none either.
    """
    if not _may_begin(text, at):
        return None
    found = _timed(text, at, held) or _single(text, at, held)
    while found:
        joined = _joined(text, found, held)
        later = joined or _with_time_of_day(text, found)
        if later == found:
            return found
        found = later
    end = clock(text, at)
    return Named(end, weak=True) if end > at else None


def _may_begin(text: Text, at: int) -> bool:
    """Whether something about time may begin at a place; quickly seen, because most words and numbers begin nothing."""
    word, after = text.word(at), text.word(at + 1)
    if not word.isdecimal():
        return word in words.STARTS
    if after.isdecimal() or len(word) > 4:
        return False
    return len(word) == 4 or not after.isalpha() or after in words.AFTER_NUMBERS or text.glued(at + 1)


def _timed(text: Text, at: int, held: date) -> Named | None:
    """A day after a time of day: "5 pm on Friday"."""
    end = clock(text, at)
    found = _single(text, end, held) if end > at else None
    return found if found and found.day else None


def _single(text: Text, at: int, held: date) -> Named | None:
    """One day, weekday or period."""
    about = text.word(at) in words.ABOUT
    found = _core(text, at, held)
    after = _after_articles(text, at + about)
    if not found and after > at:
        found = _core(text, after, held)
    if found and about:
        return Named(found.end)
    return replace(found, weak=False) if found and found.day and text.word(at) in {"on", "am"} else found


def _core(text: Text, at: int, held: date) -> Named | None:
    word = text.word(at)
    if not word or not (word.isalnum() or word == "'"):
        return None
    return number_date(text, at, held) or english(text, at, held) or foreign(text, at, held)


def _after_articles(text: Text, at: int) -> int:
    end = at
    while end < at + 3 and text.word(end) in words.ARTICLES:
        end += 1
    return end


def _with_time_of_day(text: Text, found: Named) -> Named:
    """The same with the time of day after it, and with "at the latest"."""
    end = found.end
    if text.word(end) == "'" and text.word(end + 1) == "s" and text.glued(end):
        return found
    end = _daypart(text, clock(text, end)) if found.day else end
    for group in _LATEST:
        if text.follows(end, *group):
            return Named(end + len(group), found.day, found.weekday, found.exact, found.weak, bound=True)
    return found.until(end) if end > found.end else found


def _daypart(text: Text, at: int) -> int:
    """The end of words for a part of a day, such as "morning" or ", end of day"; ``at`` itself without them."""
    start = at + (text.word(at) == ",")
    if (
        text.word(start) in {"end", "close"}
        and text.word(start + 1) == "of"
        and text.word(start + 2) in {"day", "business"}
    ):
        return start + 3
    return start + 1 if text.word(start) in _DAYPARTS else at


def _joined(text: Text, first: Named, held: date) -> Named | None:
    """The first statement together with a second one that follows; None if none follows."""
    sign, start = text.word(first.end), first.end
    if _daypart(text, start) > start:
        return None
    if sign in _RANGE and not text.dashed(start):
        second = _single(text, start + 1, held)
        return Named(second.end, bound=first.bound) if second and (second.day or not second.weak) else None
    if text.new_line(start) or sign == "|":
        return None
    bracket = sign == "("
    short = sign == "." and text.glued(start) and text.word(start - 1) in words.SHORT_WEEKDAYS
    start += bracket or short or sign == "," or text.dashed(start)
    second = _single(text, start, held) or (_bare_number(text, start, held) if first.weekday is not None else None)
    if second is None or (second.day is None and (bracket or start > first.end)):
        return None
    end = second.end + (bracket and text.word(second.end) == ")")
    if bracket and end == second.end:
        return None
    return Named(
        end, _agreed(first, second), first.weekday, first.exact or second.exact, first.weak, first.bound or second.bound
    )


def _bare_number(text: Text, at: int, held: date) -> Named | None:
    """The number of a day after its weekday: "Friday 4th"."""
    number = text.number(at)
    if number is None or text.word(at + 1) not in {"st", "nd", "rd", "th"} or not text.glued(at + 1):
        return None
    return Named(at + 2, coming_number(number, held), exact=True)


def _agreed(first: Named, second: Named) -> date | None:
    """The day of two statements that stand together; None where they do not agree."""
    if first.day is None or second.day is None:
        return None
    one, other = (first, second) if first.exact or not second.exact else (second, first)
    if other.weekday is not None and (one.exact or one.weekday is None):
        return one.day if one.day and one.day.weekday() == other.weekday else None
    if one.weekday is not None and other.weekday is None and not one.exact:
        return other.day if other.day and other.day.weekday() == one.weekday else None
    return one.day if one.day == other.day else None
