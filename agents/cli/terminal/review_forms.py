"""A review as ten lines for a terminal, as Markdown for a comment on a code host, and as JSON."""

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict

from agents.cli.terminal.line_wrap import cut
from agents.cli.terminal.review_result import LISTED, Review, ReviewPlace, Why
from agents.cli.terminal.safe_text import json_text
from agents.cli.terminal.tables import counted
from agents.export.markdown import escape
from agents.text import one_line

NARROWEST = 36
PLACES_SHOWN = 3
"""The most places on a terminal."""
COMMENT_LETTERS = 65_000
"""The most characters of a comment; GitHub accepts 65,536."""
_WORDS_SHOWN = 160
_LINKED = re.compile(r"(?:https?://|www\.|[@#])[^\s`|\\]+")
"""What a code host would turn into a link, a mention or a reference."""


def as_text(review: Review, width: int, named: Callable[[str], str] = str) -> str:
    """About ten lines: the verdict, where to look, what is contested, what nobody read.

    Args:
        review: the review.
        width: the most characters of a line.
        named: names a command as the user calls it.
    """
    width = max(width, NARROWEST)
    lines = [*_wrapped(_head(review), width)]
    for place in review.places[:PLACES_SHOWN]:
        weight = f"  {place.weight}" if place.weight else ""
        head = f"  {place.where}{weight}  "
        lines.append(head + cut(one_line(place.words), max(width, len(place.where) + 20) - len(head)))
        lines.append(cut(f"      {_plainly(place.reasons[0])}", width))
    if review.contested:
        first, *more = review.contested
        others = f" ({counted(len(more), 'other')} in the minutes)" if more else ""
        lines.append(cut(one_line(f'Contested{others}: {first.who} {first.vote}: "{first.reason}"'), width))
    lines += _wrapped(f"Not read: {_unread(review)}", width) if review.unread else ["Every line was read."]
    more_places = len(review.places) - PLACES_SHOWN
    rest = f"{counted(more_places, 'more place')}, and all reasons" if more_places > 0 else "All reasons"
    lines.append(named(f"{rest}: orchestrator meeting minutes {review.meeting}"))
    return "\n".join(lines)


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False)


def _head(review: Review) -> str:
    """The verdict in a line."""
    if review.verdict == LISTED:
        return f"Checklist: {counted(len(review.places), 'place')} to look at. {review.outcome}"
    votes = f" ({review.tally})" if review.tally else ""
    outcome = "" if review.outcome == review.verdict else f": {review.outcome}"
    return f"{review.verdict.capitalize()}{outcome}{votes}, {counted(len(review.places), 'place')} to look at"


def _unread(review: Review) -> str:
    enough = " or ".join(f"{name}={value}" for name, value in review.enough.items())
    return ", ".join(review.unread) + (f"; {enough} would include them" if enough else "")


def _plainly(why: Why) -> str:
    return one_line(f"{why.who}: {why.why}{f' Change: {why.change}' if why.change else ''}")


def as_github(review: Review) -> str:
    """Markdown for a comment on a pull request: at most ``COMMENT_LETTERS`` characters, whole rows only."""
    rows = [_row(place, review) for place in review.places]
    kept = len(rows)
    text = _comment(review, rows)
    while len(text) > COMMENT_LETTERS and kept:
        kept = kept * COMMENT_LETTERS // (len(text) + 1)
        text = _comment(review, rows[:kept])
    return text


def _comment(review: Review, rows: Sequence[str]) -> str:
    parts = [f"**{_text(_short(_head(review), 400))}**"]
    if rows:
        weight = "" if review.verdict == LISTED else " weight |"
        rule = "" if review.verdict == LISTED else " --- |"
        parts.append("\n".join([f"| where |{weight} what, and why |", f"| --- |{rule} --- |", *rows]))
    if len(rows) < len(review.places):
        parts.append(f"{counted(len(review.places) - len(rows), 'further place')} in the minutes.")
    if review.contested:
        listed = review.contested[:20]
        votes = (
            f'- {_text(_short(one.who, 60))} {one.vote}: "{_text(_short(one.reason))}"'
            + (f' Would change the vote: "{_text(_short(one.would_change))}"' if one.would_change else "")
            for one in listed
        )
        parts.append("\n".join(["**Contested**", "", *votes]))
    if review.unread:
        parts.append(f"**Not read:** {_text(_short(_unread(review), 2000))}")
    made = "a rule; no model took part" if review.verdict == LISTED else f"{review.model}; check before you rely on it"
    names = ", ".join(_text(_short(title, 60)) for title in review.seats[:40])
    who = f"{counted(len(review.seats), 'role')} ({names})"
    parts.append(f"<sub>Reviewed by {who}, by {_text(_short(made))}. Meeting {_text(review.meeting)}.</sub>")
    return "\n\n".join(parts) + "\n"


def _row(place: ReviewPlace, review: Review) -> str:
    weight = "" if review.verdict == LISTED else f" {place.weight} |"
    words = f"{_code(_short(place.words))}<br>" if place.words.strip() else ""
    reasons = "<br>".join(_text(_short(_plainly(why), 600)) for why in place.reasons[:4])
    return f"| {_code(_short(place.where, 300))} |{weight} {words}{reasons} |"


def _short(text: str, most: int = _WORDS_SHOWN) -> str:
    return cut(one_line(text), most)


def _text(text: str) -> str:
    """Text of a model, in which nothing becomes markup, a link, a mention of a person or a reference to an issue."""
    out, end = [], 0
    text = one_line(text)
    for found in _LINKED.finditer(text):
        out += [escape(text[end : found.start()]) if end < found.start() else "", _code(found[0])]
        end = found.end()
    return "".join([*out, escape(text[end:]) if end < len(text) else ""]) if out else escape(text)


def _code(text: str) -> str:
    """Text as code in a cell of a table, whatever signs it has."""
    text = one_line(text).replace("\\|", "\\ |").replace("|", "\\|")  # "\\|" would be a backslash and the end of a cell
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def as_json(review: Review) -> str:
    """The review as a JSON object; docs/review.md explains its fields."""
    found = asdict(review) | {
        "places": [asdict(place) | {"where": place.where} for place in review.places],
        "holds_up": review.holds_up,
    }
    return json_text(found)
