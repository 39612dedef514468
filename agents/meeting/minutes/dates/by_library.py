"""What words of other languages mean: asked of the library ``dateparser``, one word or one short group at a time.

The library is asked for the meaning of a word and never looks for dates in a sentence: which words belong together, the
year and the week are decided by our own rules (docs/decisions/0020). It is loaded when the first such word is met.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

Kind = Literal["weekday", "month", "days"]

_BASE = datetime(2001, 1, 15, 12)  # noqa: DTZ001 - a Monday; only differences to it are used
_SETTINGS = {"RELATIVE_BASE": _BASE, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}


class Meaning(NamedTuple):
    """What a word means.

    Attributes:
        kind: "weekday", "month", or "days" for a number of days from today.
        number: the weekday from Monday 0, the month from January 1, or the number of days.
    """

    kind: Kind
    number: int


@lru_cache(maxsize=512)
def meaning_of(words: str, language: str) -> Meaning | None:
    """What a word or a short group means, such as "Freitag", "demain" or "2週間後"; None if the library does not know.

    Args:
        words: the words, in lower case.
        language: such as "de"; only this one is tried, so that nothing is taken for a word of another language.
    """
    try:
        data = _reader(language)(words)
    except (ValueError, OverflowError):
        return None
    found: datetime | None = data.date_obj
    if found is None:
        return None
    if data.period == "month":
        return Meaning("month", found.month) if found.time() != _BASE.time() else None
    if found.time() == _BASE.time():
        return Meaning("days", (found.date() - _BASE.date()).days)
    ahead = (found.date() - _BASE.date()).days
    return Meaning("weekday", found.weekday()) if 0 <= ahead <= 7 else None


@lru_cache(maxsize=16)
def _reader(language: str) -> Callable[[str], Any]:
    """The library's reader for one language."""
    from dateparser.date import DateDataParser

    reader = DateDataParser(languages=[language], settings=_SETTINGS, try_previous_locales=False)
    return reader.get_date_data  # type: ignore[no-any-return]
