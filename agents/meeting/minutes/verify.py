"""Verifies the scribe's quotes against the turns. What fails a check is never shown as verified.

The minutes do not print the scribe's words. They print the whole sentence that contains the quoted words, because half
of a sentence can mean its opposite. The sentence must also name the owner (or say "I will") and the date.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting import reading
from agents.meeting.minutes import dates
from agents.meeting.record import ActionItem, Evidence, Item, Turn

# At least eight characters in quotes of any kind.
_QUOTED = re.compile(
    r"[\"\u201c]([^\"\u201c\u201d]{8,})[\"\u201d]|\u00ab\s*([^\u00ab\u00bb]{8,}?)\s*\u00bb"
    r"|(?<!\w)['\u2018]([^'\u2018\u2019\n]{8,})['\u2019](?!\w)"
)
_SAYS = r"\s+(?:says?|said|states?|reads?)\W{0,3}\s*"
# A place in a document, then "says" and a quote: 'plan.md:12 says "..."'. The group is the name of the document.
_QUOTED_FROM = re.compile(
    rf"(?<![\w.-])([\w-]+(?:\.[\w-]+)*\.\w{{1,8}}):\d+(?:-\d+)?{_SAYS}[\"\u201c\u2018\u00ab']", re.I
)

MOST_DIGITS = 7
"""Of a line number; no document has a line with a longer one."""
# "I will ..." makes the speaker the owner; "if I will" does not.
_OWN_PROMISE = re.compile(r"(?<!if )\b(i|we)\s*(?:will|'ll|\u2019ll|shall|take)\b", re.I)
_EXCLUDED = re.compile(r"\b(?:not|nobody|no one|except|without|instead of|other than)\b[^.;]{0,24}\Z")
"""Words before a title that show that its role is not the owner."""
_NO_OWNER = re.compile(
    r"\W*(?:\w+ed|is|was|are|were|has|had|said|says|thinks?|wants?|and|or|would|may|might|can|cannot|but)\b"
)
"""Words after a title at the start of a sentence that show that its role is not the owner."""


def check_quote(turns: Mapping[str, Turn], turn_id: str, quote: str, label: str) -> tuple[Evidence, str]:
    """Look for quoted words in the turn that is given as their source.

    Args:
        turns: the turns of the topic, by id.
        turn_id: the turn that should contain the words.
        quote: the words.
        label: the expected label; a sentence that the speaker labelled differently does not count.

    Returns:
        The evidence, and the sentence to print: the speaker's whole sentence, or the quote where it was not found.
    """
    turn = turns.get(turn_id)
    if turn is None:
        return Evidence(turn_id, "", quote, verified=False, problem=f"there is no turn {turn_id}"), quote
    sentence = reading.sentence_around(turn.text, quote)
    if sentence is None:
        return Evidence(turn_id, turn.speaker, quote, verified=False, problem=f"{turn_id} does not say this"), quote
    labels = _labels_at(turn.text, quote)
    said_as = next((each for each in labels if each), "")
    if said_as and label.lower() not in {each.lower() for each in labels}:
        problem = f"{turn_id} says this as {said_as!r}, not as {label!r}"
        return Evidence(turn_id, turn.speaker, sentence, verified=False, problem=problem), sentence
    return Evidence(turn_id, turn.speaker, sentence, verified=True), sentence


def _labels_at(text: str, quote: str) -> list[str]:
    """The labels of all lines of a turn that contain the quoted words."""
    wanted = reading.normalised(quote)
    return [reading.label_of(line) for line in text.split("\n") if wanted in reading.normalised(line)]


def check_places(documents: Sequence[Document], text: str) -> str:
    """What is wrong with the places that a sentence names, such as "design.md:31"; "" when nothing is.

    A place must be a line of an attached document. That line must contain the words in quotes after the place, up to
    the next place, or, where there are none, the words in quotes before it.
    """
    for document in documents:
        name = re.escape(document.name)
        for place in re.finditer(rf"(?<![\w.-]){name}(?::|,?\s+lines?\s+)(\d+)(?:-(\d+))?", text, re.I):
            problem = _problem_at(document, documents, place, text)
            if problem:
                return problem
    attached = {document.name.lower() for document in documents}
    other = next((name for name in _QUOTED_FROM.findall(text) if name.lower() not in attached), "")
    return f"no document {other} is attached" if other else ""


def _problem_at(document: Document, documents: Sequence[Document], place: re.Match[str], text: str) -> str:
    if len(place[1]) > MOST_DIGITS or len(place[2] or "") > MOST_DIGITS:
        return f"{document.name} has no such line"
    first, last = int(place[1]), int(place[2] or place[1])
    if not 1 <= first <= last <= len(document.lines):
        return f"{document.name} has no line {place[1]}"
    there = reading.normalised(" ".join(document.lines[max(0, first - 2) : last + 1]))
    told = re.match(_SAYS, text[place.end() :], re.I)
    for quote in _quotes_of(place, text):
        # One to three words in quotes may be the speaker's, unless the sentence says that the document says them.
        if (told or len(quote.split()) > 3) and any(part not in there for part in _parts(quote)):
            if any(reading.normalised(quote) in reading.normalised(other.text) for other in documents):
                return f"these words are not at {place[0]} but elsewhere"
            return f"{place[0]} does not say this"
    return ""


def _quotes_of(place: re.Match[str], text: str) -> list[str]:
    """The words in quotes that belong to a place."""
    after = re.split(r"\S+\.\w+:\d+", text[place.end() :])[0]
    before = re.split(r"\S+\.\w+:\d+(?:-\d+)?", text[: place.start()])[-1]
    found = _QUOTED.findall(after) or _QUOTED.findall(before)
    return ["".join(groups) for groups in found]


def _parts(quote: str) -> list[str]:
    """The parts of a quote between ellipses."""
    return [reading.normalised(part) for part in re.split(r"\.\.\.|\u2026", quote) if len(part.split()) > 2] or [
        reading.normalised(quote)
    ]


def item_from(
    label: str, fields: Mapping[str, Sequence[str]], turns: Mapping[str, Turn], turn_id: str, quote: str
) -> Item:
    """One entry of a section. A field has a value only if the sentence names it."""
    evidence, sentence = check_quote(turns, turn_id, quote, label)
    said = {
        name: found
        for name, allowed in fields.items()
        if evidence.verified and (found := field_in(sentence, name, allowed, fields))
    }
    text = without_fields(sentence, said) if said else sentence
    return Item(label, text, evidence, said)


def field_in(sentence: str, name: str, allowed: Sequence[str], fields: Mapping[str, Sequence[str]]) -> str:
    """The allowed word that a sentence gives for a field: after the field's name, or alone in brackets.

    "" if the sentence gives no word, or two. A word alone does not count if another field allows it too, or if it is
    next to the name of another field.

    Args:
        sentence: what was said.
        name: the field.
        allowed: its words.
        fields: every field of the entry, with its words.
    """
    flat = sentence.lower()
    options = "|".join(sorted((re.escape(word.lower()) for word in allowed), key=len, reverse=True))
    named = re.findall(rf"\b{re.escape(name.lower())}\b\W{{0,3}}(?:is\s+)?({options})\b", flat)
    named = named or re.findall(rf"\b({options})\b\s+{re.escape(name.lower())}\b", flat)
    if not named:
        others = [one.lower() for one in fields if one != name]
        taken = {word.lower() for one, words in fields.items() if one != name for word in words}
        parts = (part for group in re.findall(r"\(([^()]*)\)", flat) for part in re.split("[,;]", group))
        alone = (part for part in parts if not any(other in part for other in others))
        named = [hit for part in alone for hit in re.findall(rf"\b({options})\b", part) if hit not in taken]
    found = set(named)
    return next((word for word in allowed if word.lower() in found), "") if len(found) == 1 else ""


def without_fields(sentence: str, said: Mapping[str, str]) -> str:
    """The sentence without brackets at its end that contain nothing but its fields."""
    match = re.search(r"\s*\(([^()]*)\)\s*\.?\s*\Z", sentence)
    of_fields = {word for pair in said.items() for each in pair for word in reading.words(each)}
    if match and set(reading.words(match[1])) <= of_fields:
        return sentence[: match.start()].rstrip()
    return sentence


def action_from(
    key: str,
    turns: Mapping[str, Turn],
    turn_id: str,
    quote: str,
    titles: Mapping[str, str],
    held: date,
    claimed: Mapping[str, Any],
) -> ActionItem:
    """An action. It has an owner and a due date only if its sentence names them.

    Args:
        key: its name in the register.
        turns: the turns of the topic, by id.
        turn_id: the turn that should contain the words.
        quote: the words.
        titles: the titles of the participants, by role id.
        held: the day of the meeting.
        claimed: the ``owner`` that the scribe gives; only used to report that the sentence does not name it.
    """
    evidence, sentence = check_quote(turns, turn_id, quote, "Action")
    if not evidence.verified:
        return ActionItem(key, sentence, None, None, "", evidence)
    owner = owner_in(sentence, titles, evidence.speaker)
    when = dates.find_when(sentence)
    claim = str(claimed.get("owner") or "")
    if claim and claim != "unassigned" and (owner is None or titles.get(owner, "").lower() != claim.lower()):
        evidence = replace(evidence, problem=f"{turn_id} does not name {claim} as owner")
    due = dates.resolve(when, held) if when else None
    return ActionItem(key, task_of(sentence, owner, titles), owner, due, when, evidence)


def owner_in(sentence: str, titles: Mapping[str, str], speaker: str) -> str | None:
    """The role id of the participant whom a sentence makes responsible; None if it names nobody.

    A title counts at the start of the sentence or before a verb such as "will" or "should"; "I will" means the speaker.
    """
    flat = reading.normalised(sentence)
    found: list[tuple[int, int, str]] = []
    for role, title in titles.items():
        for name in {reading.normalised(title), role.replace("_", " ")}:
            hits = re.finditer(rf"(?<![\w]){re.escape(name)}s?(?![\w])", flat)
            found += [(hit.start(), -len(name), role) for hit in hits]
    found.sort()
    for start, length, role in found:
        after = flat[start - length :].removeprefix("s")
        if _EXCLUDED.search(flat[:start]):
            continue
        begins = start <= 6 and not _NO_OWNER.match(after)
        if begins or re.match(r"\W*(will|to|should|must|shall|needs? to|takes?|owns?)\b", after):
            return role
    if _OWN_PROMISE.search(sentence):
        return speaker
    named_last = re.search(r"\((?:owner|by)?\W*([^()]*)\)|\bowner\W+([\w /-]+)", flat)
    named = (named_last[1] or named_last[2] or "").strip() if named_last else ""
    return next((role for role, title in titles.items() if named and reading.normalised(title) == named), None)


def task_of(sentence: str, owner: str | None, titles: Mapping[str, str]) -> str:
    """The sentence without "The <title> will" at its start, where this names its owner."""
    if owner:
        match = re.match(
            rf"(?:the\s+)?(?:{re.escape(titles[owner])})\s+(?:will|to|should|must|shall)\s+", sentence, re.I
        )
        if match and sentence[match.end() :].strip():
            rest = sentence[match.end() :].strip()
            return rest[0].upper() + rest[1:]
    return sentence
