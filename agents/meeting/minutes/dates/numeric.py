"""Days that are written with numbers alone. Where two orders of day and month are possible, they are no day."""

from datetime import date

from agents.meeting.minutes.dates.days import day_of, nearest
from agents.meeting.minutes.dates.phrase import Named, Text

_NO_BEFORE = frozenset("-_/.:@#\\=+$%")
"""Signs that make another thing of a number after them: part of a name, of a version, of an address."""
_FIELDS = frozenset({"due", "deadline", "date", "by", "until", "bis"})
"""Words before a colon behind which a day may stand."""
_GERMAN = frozenset({"bis", "zum", "am", "sp\u00e4testens", "vor", "dem", "den"})
"""Words after which "31.12" is a day."""


def number_date(text: Text, at: int, held: date) -> Named | None:
    """The day that the numbers from a token on name: 2026-12-04, 04.12.2026, 25/12/2026 or 2026-W50."""
    if text.number(at, 4) is None or _part_of_a_name(text, at):
        return None
    return _iso(text, at) or _iso_week(text, at) or _dotted(text, at, held) or _slashed(text, at, held)


def _part_of_a_name(text: Text, at: int) -> bool:
    """Whether a number goes on with a name, an address or another number, as in "backup-2026-12-04"."""
    before = text.word(at - 1)
    if not text.glued(at) or (before == "-" and not text.glued(at - 1)):
        return False
    if before == ":":
        return text.word(at - 2) not in _FIELDS
    if before == "/" and text.word(at - 2).isdecimal():
        return len(text.word(at)) != 4  # the second day of 2026-12-04/2026-12-06
    return before in _NO_BEFORE or before.isalnum()


def _closed(text: Text, end: int) -> bool:
    """Whether nothing follows that makes the numbers part of a longer name."""
    if not text.glued(end):
        return True
    word = text.word(end)
    if word in {"_", "@"} or (word.isalnum() and word[0] < "\u2e80"):
        return False
    if word in {"-", "/", ".", ":"} and text.glued(end + 1):
        after = text.word(end + 1)
        return word in {"-", "/"} and after.isdecimal() and len(after) == 4
    return True


def _iso(text: Text, at: int) -> Named | None:
    """A day as 2026-12-04, also with a time: 2026-12-04T10:00Z."""
    sign = text.word(at + 1)
    year, month, number = text.number(at, 4), text.number(at + 2, 4), text.number(at + 4, 4)
    if year is None or len(text.word(at)) != 4 or sign not in {"-", "/", "."} or text.word(at + 3) != sign:
        return None
    if month is None or number is None or not all(text.glued(one) for one in range(at + 1, at + 5)):
        return None
    end = _after_time(text, at + 5)
    if not _closed(text, end):
        return None
    fits = len(text.word(at + 2)) <= 2 and len(text.word(at + 4)) <= 2
    return Named(end, day_of(year, month, number) if fits else None, exact=True)


def _after_time(text: Text, at: int) -> int:
    """The end of a time that follows an ISO day: "T10:00:00.5+01:00"."""
    if text.word(at) != "t" or not text.glued(at) or text.number(at + 1) is None:
        return at
    end = at + 2
    while (
        end < at + 14
        and text.glued(end)
        and (text.word(end) in {":", ".", "+", "-", "z"} or text.word(end).isdecimal())
    ):
        if text.word(end) == "." and not (text.glued(end + 1) and text.word(end + 1).isdecimal()):
            break
        end += 1
    return end


def _iso_week(text: Text, at: int) -> Named | None:
    """A week as 2026-W50, which is no single day, or a day of it as 2026-W50-3."""
    year = text.number(at, 4)
    shift = int(text.word(at + 1) == "-")
    week = text.number(at + 2 + shift)
    if year is None or len(text.word(at)) != 4 or text.word(at + 1 + shift) != "w" or week is None:
        return None
    if not all(text.glued(one) for one in range(at + 1, at + 3 + shift)):
        return None
    end = at + 3 + shift
    number = text.number(end + 1, 1)
    if text.word(end) == "-" and text.glued(end) and text.glued(end + 1) and number is not None:
        try:
            return Named(end + 2, date.fromisocalendar(year, week, number), exact=True)
        except ValueError:
            return Named(end + 2)
    return Named(end)


def _dotted(text: Text, at: int, held: date) -> Named | None:
    """A day as 04.12.2026, 4. 12. 2026, 04.12.26 or 04.12., which is always the day first."""
    number, month, year = text.number(at), text.number(at + 2), text.number(at + 4, 4)
    if number is None or month is None or not text.follows(at + 1, ".") or not text.glued(at + 1):
        return None
    whole = len(text.word(at)) == len(text.word(at + 2)) == 2 and text.glued(at + 2)
    if (
        not text.follows(at + 3, ".")
        or not text.glued(at + 3)
        or (text.clause_ends(at + 3) and len(text.word(at + 4)) != 4)
    ):
        found = nearest(month, number, held) if text.word(at - 1) in _GERMAN and month <= 12 else None
        return (
            Named(at + 3 + bool(found and text.word(at + 3) == "."), found, exact=True, weak=True)
            if whole and _closed(text, at + 3)
            else None
        )
    if year is not None and len(text.word(at + 4)) == 4 and _closed(text, at + 5):
        return Named(at + 5, day_of(year, month, number), exact=True)
    if whole and year is not None and len(text.word(at + 4)) == 2 and text.glued(at + 4) and _closed(text, at + 5):
        return Named(at + 5, day_of(2000 + year, month, number), exact=True, weak=True)
    if text.glued(at + 2) and not (text.glued(at + 4) and text.word(at + 4).isalnum()):
        return Named(at + 4, nearest(month, number, held), exact=True, weak=True) if month <= 12 else None
    return None


def _slashed(text: Text, at: int, held: date) -> Named | None:
    """A day as 25/12/2026, 12-25-2026 or 12/25: only where one of the two numbers cannot be the month."""
    first, second, year = text.number(at), text.number(at + 2), text.number(at + 4, 4)
    sign = text.word(at + 1)
    if first is not None and sign == "/" and len(text.word(at + 2)) == 4 and text.number(at + 2, 4) is not None:
        return Named(at + 3, weak=True) if first <= 12 and text.glued(at + 1) and text.glued(at + 2) else None
    if first is None or second is None or sign not in {"/", "-"} or not (text.glued(at + 1) and text.glued(at + 2)):
        return None
    ordered = _day_and_month(first, second)
    if text.word(at + 3) == sign and text.glued(at + 3) and text.glued(at + 4) and year is not None:
        if not _closed(text, at + 5) or len(text.word(at + 4)) not in {2, 4}:
            return None
        if len(text.word(at + 4)) == 2:
            ordered, year = (ordered if second > 12 else None), 2000 + year
        return Named(at + 5, day_of(year, ordered[1], ordered[0]) if ordered else None, exact=True)
    if sign != "/" or not _closed(text, at + 3) or text.word(at + 3) in {"of", "%", "x"}:
        return None
    if not (1 <= first <= 31 and 1 <= second <= 31):
        return None
    return Named(at + 3, nearest(ordered[1], ordered[0], held) if ordered else None, exact=True, weak=True)


def _day_and_month(first: int, second: int) -> tuple[int, int] | None:
    """The day and the month of two numbers; None where each could be either."""
    if first == second or first > 12:
        return first, second
    return (second, first) if second > 12 else None
