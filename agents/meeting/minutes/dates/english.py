"""The days that English words name. Rules of our own, because they need no library and no time to load one."""

from datetime import date

from agents.meeting.minutes.dates import days, words
from agents.meeting.minutes.dates.phrase import Named, Text


def english(text: Text, at: int, held: date) -> Named | None:
    """What the English words from a token on say about time; None if they say nothing about it."""
    return (
        named_date(text, at, held)
        or _end_of(text, at, held)
        or _part_of(text, at)
        or _span(text, at, held)
        or _near(text, at, held)
        or _week_first(text, at, held)
        or _weekday(text, at, held)
        or _ordinal(text, at, held)
        or undated(text, at)
    )


def clock(text: Text, at: int) -> int:
    """The end of a time of day from a token on, such as "5 pm", "at 17:00" or "EOD"; ``at`` itself without one."""
    start = at
    if text.word(at) == "," and (text.word(at + 1) == "at" or text.number(at + 1) is not None):
        at += 1
    said_at = text.word(at) in {"at", "um"}
    at += said_at
    if text.word(at) in {"noon", "midnight", "midday", "lunch", "lunchtime"}:
        return at + 1
    if text.number(at) is None or not 0 <= int(text.word(at)) <= 24 or text.word(at + 1) in {"/", "-"}:
        return start
    end = at + 1
    if (
        text.word(end) in {":", "h", "."}
        and text.glued(end)
        and text.glued(end + 1)
        and text.number(end + 1) is not None
    ):
        end += 2
        while text.word(end) == ":" and text.number(end + 1) is not None:
            end += 2
    half = _half_day(text, end)
    if half == end == at + 1 and not said_at:
        return start
    return half + (text.word(half) in {"utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "uhr", "z"})


def _half_day(text: Text, at: int) -> int:
    if text.word(at) in {"am", "pm", "uhr"}:
        return at + 1
    if text.word(at) in {"a", "p"} and text.follows(at + 1, ".", "m"):
        return at + 3 + (text.word(at + 3) == "." and not text.clause_ends(at + 4))
    return at + 3 if text.follows(at, "o", "'", "clock") else at


def named_date(text: Text, at: int, held: date) -> Named | None:
    """A month with the number of a day, in either order, with or without a year."""
    start = at + (text.word(at) == "the")
    number, end = _day_number(text, start)
    if number is not None:
        ranged = text.word(end) in {"-", "\u2013", "/", "to", "and", "or"} and text.number(end + 1) is not None
        if ranged and text.word(_day_number(text, end + 1)[1]) in words.MONTH_NUMBERS:
            return Named(_day_number(text, end + 1)[1] + 1)
        end += text.word(end) == "of" or (text.word(end) == "-" and text.glued(end) and text.glued(end + 1))
        month = words.MONTH_NUMBERS.get(text.word(end))
        return in_year(text, end + 1, month, number, held) if month else None
    month = words.MONTH_NUMBERS.get(text.word(start))
    if not month or (start > at):
        return None
    end = start + 1
    end += text.word(end) == "." and text.word(start) in words.SHORT_MONTHS
    number, after = _day_number(text, end + (text.word(end) == "the"))
    if number is None or (text.word(after) == ":" and text.glued(after)):
        return None
    if text.word(after) in {"-", "\u2013", "/"} and text.number(after + 1) is not None and text.glued(after + 1):
        return Named(after + 2)
    found = in_year(text, after, month, number, held)
    verb = text.word(start) in {"may", "march"} and not text.capital(start)
    return Named(found.end, found.day, exact=True, weak=True) if verb else found


def _day_number(text: Text, at: int) -> tuple[int | None, int]:
    """The number of a day, "4", "4th" or "fourth", and its end; None if there is none."""
    number = text.number(at)
    if number is not None:
        suffix = text.glued(at + 1) and text.word(at + 1) in {"st", "nd", "rd", "th"}
        dot = text.glued(at + 1) and text.word(at + 1) == "." and text.word(at + 2) in words.MONTH_NUMBERS
        return (number, at + 1 + (suffix or dot)) if 1 <= number <= 39 else (None, at)
    ordinal = words.ORDINALS.get(text.word(at))
    return ordinal, at + 1 if ordinal else at


def in_year(text: Text, at: int, month: int, number: int, held: date) -> Named:
    """The day with this month and number; the year is the one that follows, or else the nearest."""
    end = at
    if text.word(end) == "." and text.word(end - 1) in words.SHORT_MONTHS and text.glued(end):
        end += 1
    end += text.word(end) == "," or (text.word(end) == "-" and text.glued(end) and text.glued(end + 1))
    year = text.number(end, 4)
    if year is not None and len(text.word(end)) == 2 and end == at and text.clause_ends(end + 1):
        year += 2000  # "2 Jan 27"
        return Named(end + 1, days.day_of(year, month, number) if -2 <= year - held.year <= 10 else None, exact=True)
    if year is None or len(text.word(end)) != 4 or not _closed(text, end + 1):
        return Named(at, days.nearest(month, number, held), exact=True)
    if not -10 <= year - held.year <= 20 and not text.clause_ends(end + 1):
        return Named(end + 1)  # "by December 4, 2000 users": perhaps no year
    return Named(end + 1, days.day_of(year, month, number), exact=True)


def _closed(text: Text, at: int) -> bool:
    return not (text.glued(at) and (text.word(at).isalnum() or text.word(at) in {"-", "/", "_", ":"}))


def _end_of(text: Text, at: int, held: date) -> Named | None:
    """Such as "end of the week", "close of business", "month end", "EOD": the last day of a period."""
    if text.word(at) in words.ENDS:
        return _end_of_unit(text, at + 1, words.ENDS[text.word(at)], held)
    start = at + (text.word(at) == "the")
    if text.word(start) in {"end", "close"} and text.word(start + 1) == "of":
        unit = start + 2 + (text.word(start + 2) == "the")
        if text.word(unit) in {"business", "play", "day", "today"}:
            end = unit + 1 + (text.word(unit) == "business" and text.word(unit + 1) == "day")
            return _end_of_unit(text, end, "day", held)
        return _end_of_period(text, unit, held)
    if text.word(start) == "end" and text.word(start + 1) in words.MONTH_NUMBERS:
        return _end_of_month(text, start + 2, words.MONTH_NUMBERS[text.word(start + 1)], held)
    unit_of = {"month": "month", "year": "year", "week": "week"}.get(text.word(start))
    end = start + 1 + 2 * text.follows(start + 1, "'", "s") + (text.word(start + 1) == "-")
    if unit_of and text.word(end) in {"end", "ends"}:
        return _end_of_unit(text, end + 1, unit_of, held)
    return None


def _end_of_unit(text: Text, at: int, unit: str, held: date) -> Named:
    """The end of the present day, week, month or year, or of the one that the next words name."""
    if unit == "day":
        at += text.word(at) == "on"
        later = _near(text, at, held) or named_date(text, at, held) or _weekday(text, at, held)
        return later or Named(at, held)
    if unit == "week" and text.follows(at, "next", "week"):
        return Named(at + 2, days.end_of_week(held, 1))
    return Named(at, _last_day(unit, held))


def _last_day(unit: str, held: date) -> date | None:
    if unit == "week":
        return days.end_of_week(held)
    if unit == "month":
        return days.last_of_month(held.year, held.month)
    return days.day_of(held.year, 12, 31) if unit == "year" else None


def _end_of_period(text: Text, at: int, held: date) -> Named | None:
    """The end of a named period after "end of": of this or the next week, of a month, of a year."""
    which = text.word(at) if text.word(at) in {"this", "next", "coming", "current"} else ""
    unit_at = at + bool(which)
    unit = text.word(unit_at)
    end = unit_at + 1
    if unit in words.MONTH_NUMBERS and not which:
        return _end_of_month(text, end, words.MONTH_NUMBERS[unit], held)
    year = text.number(at, 4)
    if year is not None and len(text.word(at)) == 4:
        return Named(at + 1, days.day_of(year, 12, 31), exact=True)
    if text.number(end) is not None or (unit == "q" and text.number(end, 1) is not None):
        return Named(end + 1)  # "the end of week 50", "of Q3": not all calendars count alike
    named = None if which else _weekday(text, at, held) or _near(text, at, held) or named_date(text, at, held)
    if named:
        return named
    if unit not in {"week", "month", "year"}:
        return Named(end) if unit in words.UNDATED or unit in words.UNITS else None
    if which != "next":
        return Named(end, _last_day(unit, held))
    if unit == "week":
        return Named(end, days.end_of_week(held, 1))
    later = days.months_later(held.replace(day=1), 1 if unit == "month" else 12)
    return Named(end, _last_day(unit, later) if later else None)


def _end_of_month(text: Text, at: int, month: int, held: date) -> Named:
    year = text.number(at, 4)
    if year is not None and len(text.word(at)) == 4:
        return Named(at + 1, days.last_of_month(year, month), exact=True)
    near = days.nearest(month, 28, held)
    return Named(at, days.last_of_month(near.year, month) if near else None, exact=True)


def _part_of(text: Text, at: int) -> Named | None:
    """Such as "mid December", "early next week", "the beginning of March": a part of a period is no single day."""
    start = at + (text.word(at) == "the")
    part = text.word(start)
    if part in {"early", "mid", "late", "later", "midweek"}:
        inner = start + 1 + (text.word(start + 1) in {"-", "in"})
        found = undated(text, inner) if part != "midweek" else Named(start + 1)
        return found.until(found.end) if found else None
    if part in {"beginning", "start", "middle", "half", "week", "course", "days"} and text.word(start + 1) in {
        "of",
        "in",
    }:
        inner = start + 2 + (text.word(start + 2) == "the")
        found = undated(text, inner)
        if found:
            return Named(found.end)
        number = text.word(inner) in words.MONTH_NUMBERS and text.number(inner + 1)
        return Named(inner + 2) if number else None
    return None


def _span(text: Text, at: int, held: date) -> Named | None:
    """Such as "in two weeks", "within 10 days", "two weeks from now"."""
    lead = text.word(at)
    start = at + (lead in {"in", "within"})
    start += text.word(start) == "the"
    start += text.word(start) in {"next", "coming"} and lead in {"in", "within"}
    few = (
        text.word(start) in {"few", "several"} or text.follows(start, "a", "few") or text.follows(start, "a", "couple")
    )
    start += (text.word(start) == "a") + (text.word(start + (text.word(start) == "a") + 1) == "of") if few else 0
    count = words.COUNTS.get(text.word(start), text.number(start, 4))
    unit_at = start + 1
    ranged = text.word(unit_at) in {"-", "\u2013", "to", "or"}
    unit_at += 2 * ranged + (text.word(unit_at) in {"working", "business", "full"})
    working = text.word(unit_at - 1) in {"working", "business"}
    unit = words.UNITS.get(text.word(unit_at))
    if unit is None or (count is None and not few):
        return None
    end = (
        unit_at
        + 1
        + (text.word(unit_at + 1) == "'")
        + (text.follows(unit_at + 2, "time") and text.word(unit_at + 1) == "'")
    )
    end += text.word(end) == "time"
    base: date | None = held
    weekday = None
    if text.word(end) in {"from", "after", "before", "of", "since", "prior", "following", "to"}:
        later = _near(text, end + 1, held) or _weekday(text, end + 1, held)
        if text.word(end) != "from" or not (later or text.word(end + 1) in {"now", "here"}):
            return Named(end + 1, weak=lead not in {"in", "within"}, bound=lead == "within")
        base, weekday, end = (later.day, later.weekday, later.end) if later else (held, None, end + 2)
    elif lead not in {"in", "within"}:
        later = _weekday(text, end + 1, held) if text.word(end) == "on" else None
        return Named(later.end) if later else None  # "a week on Friday"
    duration = lead == "in" and count == 1 and unit == "day"  # "a million rows in one day"
    if few or ranged or working or duration or not unit or count is None or base is None:
        return Named(end, bound=lead == "within")
    return Named(end, _later(base, count, unit), weekday, bound=lead == "within")


def _later(base: date, count: int, unit: str) -> date | None:
    if unit in {"month", "year"}:
        return days.months_later(base, count * (12 if unit == "year" else 1))
    return days.shifted(base, count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _near(text: Text, at: int, held: date) -> Named | None:
    """Today, tomorrow, the day after tomorrow, this evening."""
    start = at + (text.word(at) == "the")
    if text.follows(start, "day", "after", "tomorrow"):
        return Named(start + 3, days.shifted(held, 2))
    if text.word(at) == "this" and text.word(at + 1) in {"morning", "afternoon", "evening"}:
        return Named(at + 2, held)
    ahead = words.NEAR.get(text.word(at))
    if ahead is None:
        return None
    return Named(at + 1, days.shifted(held, ahead), weak=ahead < 0)


def _week_first(text: Text, at: int, held: date) -> Named | None:
    """Such as "next week on Wednesday", "this week's Friday": the week comes before the weekday."""
    if text.word(at) not in {"this", "next"} or text.word(at + 1) != "week":
        return None
    inner = at + 2
    inner += text.word(inner) == ","
    inner += text.word(inner) == "on"
    inner += 2 * (text.word(inner) == "'" and text.word(inner + 1) == "s")
    weekday = _weekday_number(text, inner)
    if weekday is None or weekday < 0:
        return None
    return Named(inner + 1, days.weekday_of_week(weekday, held, int(text.word(at) == "next")), weekday)


def _weekday_number(text: Text, at: int) -> int | None:
    """The number of a weekday from Monday 0; -1 for a plural, None for another word."""
    word = text.word(at)
    if word in words.WEEKDAYS:
        return words.WEEKDAYS.index(word)
    if word[:-1] in words.WEEKDAYS and word.endswith("s"):
        return -1
    return words.SHORT_WEEKDAYS.get(word)


def _weekday(text: Text, at: int, held: date) -> Named | None:
    """A weekday, with the words that say of which week."""
    which, start = "", at
    while text.word(start) in words.WHICH and start < at + 2:
        which = words.WHICH[text.word(start)] if which != "next" else which
        start += 1
    weekday = _weekday_number(text, start)
    if weekday is None:
        return _no_weekday(text, at)
    end = start + 1
    if weekday < 0 or which == "following":
        return Named(end, weak=weekday < 0)
    short = text.word(start) in words.SHORT_WEEKDAYS
    if short and (_is_a_name(text, end) or not (text.capital(start) or text.clause_ends(end))):
        return None
    later = _week_after(text, end)
    if later:
        after, weeks = later
        return Named(after, days.weekday_of_week(weekday, held, weeks) if weeks >= 0 else None, weekday)
    if text.word(end) in {"week", "fortnight"} and not which:
        coming = days.coming_weekday(weekday, held)
        return Named(end + 1, coming and days.shifted(coming, 7 if text.word(end) == "week" else 14), weekday)
    return Named(
        end, of_week(weekday, which, held), weekday, weak=which == "last" or (short and not text.capital(start))
    )


def _no_weekday(text: Text, at: int) -> Named | None:
    """Words before a weekday that make another day of it: "Black Friday", "every Friday", "the first Friday of May"."""
    start = at + (text.word(at) == "the")
    before = text.word(start)
    counted = before in words.ORDINALS or (before == "last" and start > at)
    if not counted and before not in words.REPEATED | words.NAMED_WEEKDAYS:
        return None
    if text.word(start + 1) in words.SHORT_WEEKDAYS or _weekday_number(text, start + 1) is None:
        return None
    end = start + 2
    if counted and text.word(end) in {"of", "in"}:
        found = undated(text, end + 1)
        return Named(found.end if found else end + 1)
    return Named(end)


def _is_a_name(text: Text, at: int) -> bool:
    """Whether a short form such as "Sun" goes on with a word that makes a name of it."""
    word = text.word(at)
    goes_on = {
        "at",
        "the",
        "and",
        "or",
        "of",
        "to",
        "by",
        "next",
        "this",
        "with",
        "if",
        "unless",
        "because",
        "so",
        "latest",
        "in",
    }
    return word.isalpha() and word not in goes_on | words.DAYPARTS | set(words.MONTH_NUMBERS) and not text.new_line(at)


def _week_after(text: Text, at: int) -> tuple[int, int] | None:
    """The end of words such as "next week" after a weekday, and in how many weeks that is; -1 for an unclear week."""
    start = at + (text.word(at) in {",", "of", "in"})
    if text.word(start) in {"this", "next"} and text.word(start + 1) == "week":
        return start + 2, int(text.word(start) == "next")
    if text.word(at) == "after" and text.word(at + 1) == "next":
        return at + 2, -1
    if text.word(at) in {"after", "before", "following", "preceding"}:
        return at + 1, -1
    period = undated(text, at + 1) if text.word(at) in {"of", "in"} else None
    return (period.end, -1) if period else None


def of_week(weekday: int, which: str, held: date) -> date | None:
    """A weekday by the word before it. "Next Friday" is in the week after this one, "Friday" the first one to come."""
    coming = days.coming_weekday(weekday, held)
    if which == "next":
        same_week = held.weekday() < weekday
        return days.shifted(coming, 7) if coming and same_week else coming
    if which == "last":
        return days.shifted(held, -((held.weekday() - weekday - 1) % 7 + 1))
    if which == "this" and held.weekday() == weekday:
        return held
    return coming


def _ordinal(text: Text, at: int, held: date) -> Named | None:
    """Such as "the 12th", also "of this month" or "of next month"."""
    start = at + (text.word(at) == "the")
    number, end = _day_number(text, start)
    if number is None or end != start + 2 or text.word(start + 1) == ".":
        return None
    if text.word(end) == "of":
        month = end + 1
        which = text.word(month)
        if which in {"this", "next", "the"} and text.word(month + 1) == "month":
            later = days.months_later(held.replace(day=1), int(which == "next"))
            return Named(month + 2, days.day_of(later.year, later.month, number) if later else None, exact=True)
        return None
    if not (text.clause_ends(end) or text.word(end) in {"or", "and", "to", "-"}):
        return None
    return Named(end, days.coming_number(number, held), exact=True, weak=True)


def undated(text: Text, at: int) -> Named | None:
    """Words for a time that is no single day: "next sprint", "Q3", "December", "the holidays", "week 50", "soon"."""
    start = at + (text.word(at) == "the")
    which = text.word(start) in {"next", "this", "current", "coming", "following"}
    start += which
    word = text.word(start)
    if text.follows(at, "as", "soon", "as", "possible"):
        return Named(at + 4)
    if word == "new" and text.word(start + 1) in {"year", "years"}:
        return Named(start + 2, weak=True)
    if word in words.SOON:
        return Named(start + 1) if text.clause_ends(start + 1) else None
    if word in {"q", "h"} and text.glued(start + 1) and text.number(start + 1, 1) is not None:
        year = text.number(start + 2, 4)
        return Named(start + 2 + (year is not None))
    if word in {"week", "kw", "cw", "wk"} and text.number(start + 1) is not None:
        return Named(start + 2)
    if word in words.MONTH_NUMBERS or word in words.UNDATED:
        year = text.number(start + 1, 4)
        long = year is not None and len(text.word(start + 1)) == 4
        return Named(
            start + 1 + long, weak=not which and not long and not (text.word(at - 1) == "in" and text.capital(start))
        )
    if word == "release" and text.word(start - 1) == "next":
        return Named(start + 1, weak=True)
    year = text.number(start, 4)
    if year is not None and 2000 <= year <= 2100 and text.clause_ends(start + 1) and not text.glued(start):
        return Named(start + 1, weak=True)
    return None
