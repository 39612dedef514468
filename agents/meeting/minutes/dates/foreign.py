"""The days that German, French and Spanish words name: the library knows the words, and our rules join them."""

from datetime import date

from agents.meeting.minutes.dates import by_library, days, words
from agents.meeting.minutes.dates.english import in_year, of_week
from agents.meeting.minutes.dates.numeric import number_date
from agents.meeting.minutes.dates.phrase import Named, Text

_WITHIN = frozenset({"innerhalb", "binnen", "sous"})
_IN = _WITHIN | {"in", "dans", "en", "dentro", "ici"}
_FILLERS = frozenset(
    {"von", "de", "d", "'", "den", "les", "los", "las", "der", "la", "l", "des", "del", "a", "\u00e0", "du"}
)
_REPEATED = frozenset({"jeden", "chaque", "cada", "les", "los", "jedem", "tous"})
_PARTS = frozenset({"ende", "mitte", "anfang", "fin", "mi", "d\u00e9but", "debut", "finales", "mediados", "principios"})
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
_ENDS: dict[tuple[str, ...], tuple[str, int]] = {
    ("ende", "der", "woche"): ("week", 0), ("ende", "dieser", "woche"): ("week", 0),
    ("ende", "nachster", "woche"): ("week", 1), ("ende", "kommender", "woche"): ("week", 1),
    ("ende", "des", "monats"): ("month", 0), ("monatsende",): ("month", 0), ("ende", "des", "jahres"): ("year", 0),
    ("jahresende",): ("year", 0), ("fin", "de", "la", "semaine"): ("week", 0), ("fin", "du", "mois"): ("month", 0),
    ("fin", "de", "l", "'", "annee"): ("year", 0), ("fin", "de", "la", "semana"): ("week", 0),
    ("fin", "de", "mes"): ("month", 0), ("finales", "de", "mes"): ("month", 0), ("final", "de", "mes"): ("month", 0),
    ("fin", "de", "ano"): ("year", 0), ("finales", "de", "ano"): ("year", 0),
}  # fmt: skip
"""Groups without accents, the period of which they are the end, and in how many periods."""
_END_STARTS = frozenset(group[0] for group in _ENDS)


def foreign(text: Text, at: int, held: date) -> Named | None:
    """What the German, French or Spanish words from a token on say about time; None if they say nothing about it."""
    return (
        _dated(text, at, held)
        or _short_weekday(text, at, held)
        or _end_of(text, at, held)
        or _part_of_month(text, at)
        or _span(text, at, held)
        or _relative(text, at, held)
        or _weekday(text, at, held)
        or _undated(text, at)
    )


def _meaning(text: Text, at: int, kind: str) -> int | None:
    """The number that the word at a place means, if it is of this kind."""
    word = text.word(at)
    language = words.FOREIGN.get(word)
    part = next((part for part in words.PARTS_OF_DAYS if word.endswith(f"tag{part}") or word == f"mittwoch{part}"), "")
    found = by_library.meaning_of(word.removesuffix(part), language) if language else None
    return found.number if found and found.kind == kind else None


def _dated(text: Text, at: int, held: date) -> Named | None:
    """The number of a day and a month: "5. Dezember", "1er décembre 2026", "5 de diciembre de 2026"."""
    number = text.number(at)
    if number is None or not 1 <= number <= 39:
        return None
    end = at + 1
    if text.glued(end) and text.word(end) in {".", "er", "\u00ba", "\u00b0"}:
        end += 1
    end += text.word(end) == "de"
    if text.word(end) not in words.FOREIGN:
        return None
    month = _meaning(text, end, "month")
    if month is None:
        return None
    end += 1
    end += (
        text.word(end) == "."
        and text.glued(end)
        and not text.clause_ends(end + 1)
        and text.number(end + 1, 4) is not None
    )
    of_year = end + (text.word(end) in {"de", "del"})
    year = text.number(of_year, 4)
    return in_year(text, of_year if year is not None else end, month, number, held)


def _short_weekday(text: Text, at: int, held: date) -> Named | None:
    """The two letters of a German weekday, only before a date: "Mo, 7.12.2026"."""
    if text.word(at) not in _SHORT or text.word(at + 1) not in {",", ".", "den"}:
        return None
    start = at + 2 + (text.word(at + 2) in {",", "den"})
    dated = number_date(text, start, held) or _dated(text, start, held)
    if dated is None:
        return None
    agrees = dated.day is not None and dated.day.weekday() == _SHORT.index(text.word(at))
    return Named(dated.end, dated.day if agrees else None, exact=True)


def _end_of(text: Text, at: int, held: date) -> Named | None:
    """The end of a week, a month or a year."""
    if text.word(at) not in _END_STARTS:
        return None
    group = tuple(words.plain(word) for word in text.words[at : at + 5])
    for said, (unit, ahead) in _ENDS.items():
        if group[: len(said)] == said:
            return Named(at + len(said), _last(unit, ahead, held))
    return None


def _part_of_month(text: Text, at: int) -> Named | None:
    """A part of a month, which is no single day: "Ende Dezember", "mi-d\u00e9cembre", "a mediados de diciembre"."""
    if text.word(at) not in _PARTS:
        return None
    month = at + 1
    while month < at + 3 and (text.word(month) in _FILLERS or text.word(month) == "-"):
        month += 1
    return Named(month + 1) if _meaning(text, month, "month") else None


def _last(unit: str, ahead: int, held: date) -> date | None:
    if unit == "week":
        return days.end_of_week(held, ahead)
    return days.last_of_month(held.year, held.month) if unit == "month" else days.day_of(held.year, 12, 31)


def _span(text: Text, at: int, held: date) -> Named | None:
    """Such as "in zwei Wochen", "dans 10 jours", "dentro de un mes", "d'ici deux semaines"."""
    lead = text.word(at)
    if lead not in _IN:
        return None
    start = at + 1
    while start < at + 4 and (text.word(start) in _FILLERS or text.word(start) in words.FOREIGN_NEXT):
        start += 1
    count = words.COUNTS.get(text.word(start), text.number(start, 4))
    unit = words.FOREIGN_UNITS.get(text.word(start + 1))
    if count is None or unit is None:
        return None
    later = (
        days.months_later(held, count) if unit == "month" else days.shifted(held, count * (7 if unit == "week" else 1))
    )
    return Named(start + 2, later, bound=lead in _WITHIN)


def _relative(text: Text, at: int, held: date) -> Named | None:
    """Today, tomorrow, the day after tomorrow."""
    word, before = text.word(at), text.word(at - 1)
    if word == "aujourd" and text.word(at + 2) == "hui":
        return Named(at + 3, held)
    more = 0
    if (word in {"apr\u00e8s", "apres"} and text.follows(at + 1, "-", "demain")) or (
        word == "pasado" and text.word(at + 1) in {"ma\u00f1ana", "manana"}
    ):
        more, at = 1, at + (2 if word != "pasado" else 1)
    ahead = _meaning(text, at, "days")
    if ahead is None or (
        text.word(at) in {"morgen", "ma\u00f1ana", "manana"} and before in {"am", "la", "esta", "jeden"}
    ):
        return None
    return Named(at + 1, days.shifted(held, ahead + more), weak=ahead < 0)


def _weekday(text: Text, at: int, held: date) -> Named | None:
    """A weekday, with the words around it that say of which week."""
    start, which = at, ""
    if text.word(at) in words.FOREIGN_NEXT | words.FOREIGN_COMING | words.FOREIGN_LATER:
        which, start = ("next" if text.word(at) in words.FOREIGN_NEXT else "coming"), at + 1
    repeated = text.word(at) in _REPEATED
    start += repeated + (repeated and text.word(at + 1) == "les")
    weekday = _meaning(text, start, "weekday") if text.word(start) in words.FOREIGN else None
    if weekday is None:
        return None
    end = start + 1
    if repeated or text.word(at) in words.FOREIGN_LATER:
        return Named(end)
    week = end
    while week < end + 3 and text.word(week) in _FILLERS:
        week += 1
    if _next_week(text, week):
        return Named(week + _next_week(text, week), days.weekday_of_week(weekday, held, 1), weekday)
    if text.word(end) in words.FOREIGN_NEXT:
        which, end = "next", end + 1
    elif text.follows(end, "que", "viene"):
        which, end = "next", end + 2
    return Named(end, of_week(weekday, which, held), weekday)


def _next_week(text: Text, at: int) -> int:
    """The number of the words from a token on that mean next week; 0 if they do not."""
    group = text.words[at : at + 2]
    if (
        len(group) == 2
        and any(word in words.FOREIGN_NEXT for word in group)
        and {"woche", "semaine", "semana"} & set(group)
    ):
        return 2
    return 3 if text.follows(at, "semana", "que", "viene") else 0


def _undated(text: Text, at: int) -> Named | None:
    """Words for a time that is no single day, and the name of a month alone."""
    start = at
    while start < at + 2 and text.word(start) in words.FOREIGN_NEXT | words.FOREIGN_COMING | words.FOREIGN_LATER | {
        "den",
        "les",
        "las",
        "der",
        "das",
    }:
        start += 1
    word = text.word(start)
    if words.plain(word) in words.UNDATED:
        after = text.word(start + 1) in words.FOREIGN_NEXT
        return Named(start + 1 + after, weak=not after and start == at)
    if word in words.FOREIGN and _meaning(text, start, "month"):
        year = text.number(start + 1, 4)
        return Named(start + 1 + (year is not None), weak=True)
    return None
