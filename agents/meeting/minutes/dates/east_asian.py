"""The days that Japanese and Chinese texts name. They have no spaces, so signs are looked for instead of words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agents.meeting.minutes.dates import by_library, days

_NUMBERS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "兩": 2}
_SIGNS = "".join(_NUMBERS)
_NEXT = "来週|來週|翌週|下周|下星期|下个星期|下個星期|下週|下礼拜"
_THIS = "今週|本周|这周|這週|这个星期|本週|这星期"
_WHICH = r"(?P<next>(?:来週|來週|翌週)の?|(?<!下)下[个個]?)|(?P<this>今週の?|本|[这這][个個]?)"
_DATE = (
    rf"(?:(?P<year>\d{{4}})年)?\s{{0,2}}(?P<month>\d{{1,2}}|[{_SIGNS}]{{1,3}})\s{{0,2}}月"
    rf"\s{{0,2}}(?P<number>\d{{1,2}}|[{_SIGNS}]{{1,3}})\s{{0,2}}[日号號](?!間)"
    r"|(?<![\d/.])(?:(?P<slashed_year>\d{4})[/.-])?(?P<slashed_month>\d{1,2})[/.-](?P<slashed_number>\d{1,2})(?![\d/.-])"
    r"(?=\s{0,2}(?:迄|まで|前|之前|以前|[(（]))"
)
"""Also with slashes, which in these languages always have the month first, but only before a word such as "until"."""
_NAME = r"(?P<name>[月火水木金土日]曜日?|(?:星期|礼拜|周|週)[一二三四五六日天])"
_NEAR = r"(?P<near>明後日|明日|今日|本日|あさって|明天|后天|後天|今天|大后天)"
_SPAN = (
    rf"(?P<count>\d{{1,4}}|[{_SIGNS}])\s{{0,2}}(?:个|個)?(?P<unit>日間?|天|週間?|周|星期|[ヶか个個ケカ]?月間?)"
    r"(?P<side>以内|之内|以內|内|內|後|后|以後|之后)"
)
_VAGUE = (
    rf"(?P<vague>月末|月底|年末|年底|週末|周末|来月|下个?月|今月|本月|来年|明年|{_NEXT}|{_THIS}|\d{{1,2}}月(?!\d)"
    "|春节|正月|休み|假期)"
)
_LATER = r"(?P<later>再来週(?:の?[月火水木金土日]曜日?)?|下下[周週个個](?:星期)?[一二三四五六日天]?)"
_END_OF_MONTH = r"(?P<last>(?:今月末|本月末|本月底|这个月底|月末|月底))"
_WHEN = re.compile(
    rf"(?:{_DATE})(?:\s{{0,2}}[(（](?P<extra>[月火水木金土日]|周[一二三四五六日]|星期[一二三四五六日])[曜日]{{0,2}}[)）])?"
    rf"|{_LATER}|(?:{_WHICH})?{_NAME}|{_NEAR}|{_SPAN}|{_END_OF_MONTH}|{_VAGUE}"
)
_AFTER = re.compile(r"\s{0,2}(?:中|迄|まで(?:に)?|前(?:に)?|之前|以前|截止|内|以内)")
_BEFORE = re.compile(r"(?:期限|締切|締め切り|〆切|截止(?:日期)?|截至|最晚|不晚于|最迟)[はが:：为是]{0,2}\s{0,2}\Z")
_CLOSES = re.compile(r"\s{0,2}(?:[、。，；！？,.;!?)）\n|-]|に|\Z)")
_PAST = re.compile(r"(?:先週|上[个個]?|去年|昨|下下|毎週|毎|每[个個]?)の?\Z")
_WEEKDAYS = {sign: number for number, sign in enumerate("月火水木金土日")} | {
    sign: number for number, sign in enumerate("一二三四五六日")
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What a part of a text says about time.

    Attributes:
        start, end: where it begins and ends, with the words that make it the latest time.
        day: the day; None if it gives no single day.
        bound: whether such words stand beside it.
    """

    start: int
    end: int
    day: date | None
    bound: bool


def east_asian(said: str, held: date) -> Iterator[Piece]:
    """Every time that a Japanese or Chinese text names as one by which something is due, in order."""
    for match in _WHEN.finditer(said):
        if _PAST.search(said[max(0, match.start() - 4) : match.start()]):
            continue
        before = _BEFORE.search(said[max(0, match.start() - 8) : match.start()])
        after = _AFTER.match(said, match.end())
        within = (match["side"] or "") in {"以内", "之内", "以內", "内", "內"}
        bound = bool(before or after or within)
        if not bound and (match["vague"] or match["later"] or not _CLOSES.match(said, match.end())):
            continue
        start = match.start() - (len(before[0]) if before else 0)
        yield Piece(start, after.end() if after else match.end(), _day(match, held), bound)


def _day(match: re.Match[str], held: date) -> date | None:
    if match["month"]:
        return _dated(match, held, "")
    if match["slashed_month"]:
        return _dated(match, held, "slashed_")
    if match["name"]:
        return _weekday(match, held)
    if match["near"]:
        found = _meaning(match["near"], "days")
        return None if found is None else days.shifted(held, found)
    if match["count"]:
        return _span(match, held)
    return days.last_of_month(held.year, held.month) if match["last"] else None


def _dated(match: re.Match[str], held: date, form: str) -> date | None:
    year, month, number = match[f"{form}year"], _number(match[f"{form}month"]), _number(match[f"{form}number"])
    found = days.day_of(int(year), month, number) if year else days.nearest(month, number, held)
    if found and match["extra"] and found.weekday() != _WEEKDAYS.get(match["extra"][-1]):
        return None
    return found


def _number(said: str) -> int:
    """A number up to 99 in digits or in signs, such as 十二."""
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    return (_NUMBERS.get(tens, 1) * 10 if ten else 0) + _NUMBERS.get(ones or tens * (not ten), 0)


def _weekday(match: re.Match[str], held: date) -> date | None:
    name = match["name"].replace("週", "周")
    weekday = _meaning(name if name[-1] != "曜" else f"{name}日", "weekday")
    if weekday is None:
        return None
    if match["next"] or match["this"]:
        return days.weekday_of_week(weekday, held, int(bool(match["next"])))
    return days.coming_weekday(weekday, held)


def _meaning(name: str, kind: str) -> int | None:
    """The number that a word means, if it is of this kind: asked of the library in Japanese, then in Chinese."""
    own = {"本日": 0, "後天": 2, "あさって": 2, "大后天": 3} if kind == "days" else {}
    if name in own:
        return own[name]
    for language in ("ja", "zh"):
        found = by_library.meaning_of(name, language)
        if found and found.kind == kind:
            return found.number
    return None


def _span(match: re.Match[str], held: date) -> date | None:
    count = _number(match["count"])
    unit = match["unit"]
    if "月" in unit:
        return days.months_later(held, count)
    return days.shifted(held, count * (7 if unit[0] in "週周星" else 1))
