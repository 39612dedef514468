"""Finds dates in sentences and resolves them against the day of the meeting. What names no single day stays text."""

import re
from calendar import monthrange
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip

_DAY = "|".join(WEEKDAYS)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_WHEN = re.compile(
    rf"""\b(?:(?:by|before|until|due|on|in|no\ later\ than)\s+)?(?P<when>
      \d{{4}}-\d{{2}}-\d{{2}}
    | (?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\b\.?(?:,?\s+\d{{4}})?
    | (?:{_MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?
    | (?:next\s+|this\s+|coming\s+)?(?:{_DAY})\b
    | today | tomorrow | tonight
    | (?:with)?in\s+(?:\d{{1,3}}|{"|".join(COUNTS)})\s+(?:day|week|month)s?
    | (?:the\s+)?end\s+of\s+(?:the\s+|this\s+|next\s+)?(?:day|week|month|quarter|year|sprint|{_MONTH}|q[1-4])
    | (?:next|this|current)\s+(?:week|month|quarter|sprint|release|year)
    | (?:the\s+)?q[1-4](?:\s+\d{{4}})?\b
    )""",
    re.I | re.X,
)


_BOUND = re.compile(r"(?:by|before|until|due|no later than|within)\b", re.I)
_PAST = re.compile(
    r"\b(?:last|past|previous|of|from|since|not|day (?:after|before)|days? before|weeks? (?:after|from|before))\s+\Z"
    r"|\b(?:that|which|who|what|when|after)\b[^,;.]*\b(?:\w+ed|was|were|broke|had|went|fell|lost|hit|began|ran|came|failed)"
    r"\b[^,;.]*\Z",
    re.I,
)
"""Words before a date which show that it is in the past, or that another day is meant."""
_AT_END = re.compile(r"\s*(?:[,;.!?)\]\n]|\Z)")


def find_when(text: str) -> str:
    """The first words in ``text`` that name a due date, such as "by Friday"; "" if none do.

    A date counts when "by", "before", "until", "due" or "within" comes before it, or when it ends its clause. So "the
    path from today to the target" names no due date.
    """
    for match in _WHEN.finditer(text):
        if _PAST.search(text[: match.start()]) or _PAST.search(text[: match.start("when")]):
            continue
        if _BOUND.match(match[0]) or _AT_END.match(text, match.end()):
            return match[0].strip().rstrip(".")
    return ""


def without_when(text: str) -> str:
    """The text without the words that name its due date."""
    when = find_when(text)
    return text.replace(when, "") if when else text


def resolve(words: str, held: date) -> date | None:
    """The day that ``words`` mean when said on the day ``held``.

    None when they name no single day ("next sprint", "Q3").
    """
    match = _WHEN.search(words)
    if not match:
        return None
    said = " ".join(match["when"].lower().replace(".", "").split())
    return (
        _iso(said)
        or _near(said, held)
        or _weekday(said, held)
        or _span(said, held)
        or _end_of(said, held)
        or _month_day(said, held)
    )


def resolve_whole(words: str, held: date) -> date | None:
    """Like ``resolve``, but the words must name a day and nothing else."""
    text = " ".join(words.split())
    match = _WHEN.fullmatch(text)
    return resolve(text, held) if match else None


def _iso(said: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _near(said: str, held: date) -> date | None:
    if said == "tomorrow":
        return held + timedelta(days=1) if held < date.max else None
    return held if said in {"today", "tonight"} else None


def _weekday(said: str, held: date) -> date | None:
    """The first such weekday after the meeting; "next Friday" is in the following week."""
    name = said.split()[-1]
    if name not in WEEKDAYS:
        return None
    ahead = (WEEKDAYS.index(name) - held.weekday() - 1) % 7 + 1
    if said.startswith("next ") and held.weekday() + ahead < 7:
        ahead += 7
    return held + timedelta(days=ahead)


def _span(said: str, held: date) -> date | None:
    match = re.fullmatch(r"(?:with)?in (\w+) (day|week|month)s?", said)
    if not match:
        return None
    number = COUNTS.get(match[1]) or (int(match[1]) if match[1].isdigit() else 0)
    if match[2] == "month":
        month = held.month - 1 + number
        year, month = held.year + month // 12, month % 12 + 1
        return date(year, month, min(held.day, monthrange(year, month)[1])) if year <= date.max.year else None
    return held + timedelta(days=number * (7 if match[2] == "week" else 1))


def _end_of(said: str, held: date) -> date | None:
    match = re.fullmatch(r"(?:the )?end of (?:the |this )?(day|week|month|year)", said)
    if not match:
        return None
    if match[1] == "day":
        return held
    if match[1] == "week":
        return held + timedelta(days=(4 - held.weekday()) % 7)
    if match[1] == "month":
        return held.replace(day=monthrange(held.year, held.month)[1])
    return date(held.year, 12, 31)


def _month_day(said: str, held: date) -> date | None:
    """A day and a month; without a year, the first such day on or after the meeting."""
    match = re.fullmatch(
        rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH}),?(?: (\d{{4}}))?", said
    ) or re.fullmatch(rf"({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,?(?: (\d{{4}}))?", said)
    if not match:
        return None
    number, name = (match[1], match[2]) if match[1].isdigit() else (match[2], match[1])
    month = next(n for n, each in enumerate(MONTHS, 1) if each.startswith(name[:3]))
    try:
        found = date(int(match[3]) if match[3] else held.year, month, int(number))
        return found.replace(year=held.year + 1) if not match[3] and found < held else found
    except ValueError:
        return None
