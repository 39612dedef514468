"""Fills the labelled lines of a rehearsal with sentences from the role's own lists, and with nothing it cannot know."""

import re
import zlib
from collections.abc import Sequence

from agents.model import Prompt, Wanted
from agents.model.rehearsal.matching import Hit, material_of, quote_of, terms
from agents.model.rehearsal.positions import CHECK, Hits, condition, field_words, inside, quoted, suggestion, tell
from agents.role import Role, RoleItem

MOST_LINES = 2
WEIGHTS = {"impact", "severity", "harm", "danger"}
"""Fields for how bad something would be."""

_OTHER_WAY = re.compile(r"\b(?:alternative\w*|rather than|another (?:way|option)|options?|considered)\b", re.I)
_BACK = re.compile(
    r"\b(?:roll\w*.back|rollback|undo\w*|undone|revert\w*|restor\w+|back out|way back|turn\w* off|old version)\b", re.I
)
ABOUT = {"Rollback": _BACK, "Restore": _BACK}
"""Lines that are filled only with matching sentences: a wrong sentence about a way back does harm."""
_CHANGED = re.compile(
    r"\b(?:deploy\w*|releas\w+|chang\w+|migrat\w+|upgrad\w+|config\w*|enabl\w+|switch\w*|merged|restarted)\b", re.I
)
_VERDICT = re.compile(r"\b(?:it|whether|no-go|one answer|which design|yes or no)\b", re.I)


def usual(items: Sequence[RoleItem], prompt: Prompt) -> list[Hit]:
    """One item for a topic that none of the role's items concerns; which one depends on the topic."""
    if not items:
        return []
    item = items[zlib.crc32(prompt.subject.encode("utf-8", "surrogatepass")) % min(3, len(items))]
    return [Hit(item, None, "", 0.0, alarming=False)]


def filled(want: Wanted, prompt: Prompt, role: Role, hits: Hits, used: set[str]) -> list[str]:
    """The texts of one kind of line, without those that another line of this turn contains already."""
    if want.label == "Report":
        asked = re.findall(r"^(A\d+): ", prompt.question, re.M)
        return [f"{name} open: a rehearsal cannot know what was done" for name in asked]
    if want.draws_on == "position":
        return [_position(want, hits)]
    if want.label == "Action":
        need = condition(hits)
        return [f"{role.title} will show that {inside(need)}"] if need else ["none"]
    if want.draws_on == "proposal" and want.label == "Proposal":
        return [suggestion(hits, judging=judging(want.ask))]
    if want.draws_on == "fact":
        return _facts(hits, MOST_LINES if want.many else 1, _CHANGED if want.label == "Trigger" else None)
    if want.draws_on == "proposal":
        return _options(prompt, role)
    # A line that says that something is missing concerns a criterion, but shows that it is not met.
    met = [one for one in hits.done if not one.alarming]
    pools = {"questions": hits.questions, "red_flags": hits.red_flags, "done": met}
    pool = [one for one in pools[want.draws_on] if one.item.text not in used]
    if want.label in ABOUT:
        pool = [one for one in pool if ABOUT[want.label].search(one.item.text)]
    chosen = pool[: MOST_LINES if want.many else 1]
    used.update(one.item.text for one in chosen)
    if not chosen:
        return ["none"] if want.label == "Question" else []
    if want.draws_on == "red_flags":
        return [CHECK + tell(one) + _fields(want, one) for one in chosen]
    mark = CHECK if want.draws_on == "done" else ""
    return [mark + _named(one) + _fields(want, one) for one in chosen]


def _named(hit: Hit) -> str:
    """A hit with the place of its line, without a quote."""
    place = hit.spot.place if hit.spot else ""
    return f"{hit.item.text} ({place})" if place else hit.item.text


def _options(prompt: Prompt, role: Role) -> list[str]:
    """An alternative that the documents mention, in the role's field."""
    field = {word for phrase_ in field_words(role) for word in terms(phrase_)}
    material = material_of((*prompt.shared, *prompt.documents), prompt.subject)
    named = material.lines_with(_OTHER_WAY, field)
    return [f"{spot.place} says {quoted(quote_of(spot.text, ''))}" for spot in named[:1]]


def _position(want: Wanted, hits: Hits) -> str:
    """The position in one of the allowed words."""
    if not want.values or hits.position in want.values:
        return hits.position
    negative = [
        value for value in want.values if re.search(r"\b(no|not|stop|against|reject)\b", value.replace("-", " "))
    ]
    positive = [value for value in want.values if value not in negative]
    chosen = negative if hits.position == "against" and negative else positive or list(want.values)
    return chosen[0]


def _facts(hits: Hits, most: int, only: re.Pattern[str] | None = None) -> list[str]:
    """The lines of the documents that concern the role most, each with its place; with ``only``, those matching it."""
    first = [found[0] for found in (hits.red_flags, hits.questions) if found]
    found = sorted((*hits.red_flags, *hits.questions, *hits.done), key=lambda one: (one in first, -one.score))
    seen: dict[str, str] = {}
    for one in found:
        if one.spot and one.spot.place and (only is None or only.search(one.spot.text)):
            seen.setdefault(one.spot.place, f"{one.spot.place} says {quoted(one.quote)}")
    return list(seen.values())[:most]


def _fields(want: Wanted, hit: Hit) -> str:
    """Values for the fields about harm that the ask names in brackets, by the strength of the hit.

    The other fields stay empty: a role's lists cannot say how likely or how large something is.
    """
    named = re.findall(r"\((\w[\w ]*): ([^()]+)\)", want.ask)
    if not named:
        return ""
    out = []
    for name, words in named:
        if name not in WEIGHTS:
            continue
        allowed = [word.strip() for word in words.split(",")]
        weight = 1.0 if hit.alarming else 0.5 if hit.spot else 0.0
        rising = allowed[0].lower() in {"low", "small", "minor", "s", "no", "none", "easy"}
        out.append(f"{name}: {allowed[round((len(allowed) - 1) * (weight if rising else 1 - weight))]}")
    return f" ({', '.join(out)})" if out else ""


def judging(wanted: str) -> bool:
    """Whether a proposal must judge a plan, from what the meeting type wants it to say."""
    return not wanted or bool(_VERDICT.search(wanted))
