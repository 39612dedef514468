"""The default answers of the double: plain sentences with words of the prompt.

The same prompt always gets the same answer. Labelled lines are written where they are asked for, positions and votes
differ from card to card, quotes really stand where they are said to stand, and JSON follows its schema: so a meeting
held on the double has something to decide, to quote and to disagree about.
"""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.ollama_double.scene import Scene, clip, read
from tests.ollama_double.schema import follow

LEANING = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3)
"""The allowed words in the order of preference: the first is chosen most often, but never by all speakers."""

WATCH = (
    "Somebody has to own this after it is done.",
    "Nobody has measured what this costs in a month.",
    "The way back is longer than the way there.",
    "A user sees this before we do.",
    "It was not tried with the real data.",
)
"""The answer of a speaker whose card names nothing to watch."""
WATCH_WORDS = 14

_ASKED = re.compile(r"^Write(?: these lines[^\n]*)?:\n((?:[A-Z][A-Za-z ]{1,23}: [^\n]*\n?)+)", re.M)
_ROW = re.compile(r"^([A-Z][A-Za-z ]{1,23}): (.*)$", re.M)
_FIELD = re.compile(r"\((\w+): ([^()]+)\)")
_OTHERS = re.compile(r"^These statements differ from yours: ([^.]+)\.", re.M)
_WAS = re.compile(r"you were ([a-z ]+)\.")
_LOOKED_FOR = re.compile(r"You look for one thing only: ([^(\n]+?) \(")
_POSITIONS = ("for", "for with conditions", "against", "undecided")


def default_answer(body: Mapping[str, Any]) -> str:
    """An answer to a chat or generate request."""
    scene = read(body)
    wanted = body.get("format")
    if isinstance(wanted, dict):
        return _pointing(scene, wanted) or follow(wanted, partial(_field, scene), partial(_leaning, scene))
    if wanted == "json":
        return json.dumps({"answer": _prose(scene)}, ensure_ascii=False)
    if "REBUT:" in scene.last and "REVISE:" in scene.last:
        return _exchange(scene)
    if asked := _ASKED.search(scene.last):
        rows = enumerate(_ROW.findall(asked[1]))
        return "\n".join(f"{label}: {_line(scene, label, ask, number)}" for number, (label, ask) in rows)
    return _prose(scene)


def _leaning(scene: Scene, count: int, more: int = 0) -> int:
    return min(int(scene.pick(LEANING, more)), count - 1)


def _watched(scene: Scene, more: int = 0) -> str:
    sentence = str(scene.pick(scene.watch or WATCH, more))
    return sentence if len(sentence.split()) <= WATCH_WORDS else f"{clip(sentence, WATCH_WORDS)}."


def _line(scene: Scene, label: str, ask: str, number: int) -> str:
    """The text after one label."""
    one_of = re.match(r"one of: (.+)", ask)
    if one_of:
        allowed = one_of[1].split(", ")
        return allowed[_leaning(scene, len(allowed))]
    if "or: none" in ask and (scene.seed >> number) % 4 == 0:
        return "none"
    quote, title = scene.quote(number), scene.title or "colleague"
    about = clip(scene.topic).rstrip("?")
    if label in {"Fact", "Event"} and scene.places:
        place, words = scene.pick(scene.places, number)
        text = f'the documents say "{clip(words)}" ({place})'
    elif ask.startswith("<job title> will"):
        text = f"{title} will check {about} against what was said by {scene.pick(('Friday', '2026-12-04'), number)}"
    elif "question" in ask:
        text = f'who has checked "{quote}"? {_watched(scene, number)}'
    elif label == "Proposal":
        named = f", as {scene.pick(tuple(turn for turn, _ in scene.said))} asks" if scene.said else ""
        text = f'go on with "{about}" under one condition{named}, which is "{quote}".'
    else:
        text = f'{_watched(scene, number)} See "{quote}".'
    fields = [
        f"{name}: {allowed.split(', ')[_leaning(scene, allowed.count(',') + 1, number)]}"
        for name, allowed in _FIELD.findall(ask)
        if "," in allowed
    ]
    return f"{text} ({'; '.join(fields)})" if fields else text


def _exchange(scene: Scene) -> str:
    """REBUT, REVISE or PASS, chosen by the speaker, with words from the turn that it names."""
    others = _OTHERS.search(scene.last)
    named = set(others[1].split(", ")) if others else set()
    turns = tuple((turn, text) for turn, text in scene.said if turn in named)
    if not turns or scene.seed % 3 == 0:
        return "PASS"
    turn, text = scene.pick(turns)
    quote = clip(max(text.split("\n"), key=lambda row: len(row.split())))
    if scene.seed % 3 == 1:
        return f'REBUT: {turn} says "{quote}", and that leaves out my work. {_watched(scene)}'
    was = _WAS.search(scene.last)
    moved = next(position for position in _POSITIONS[1:] if not was or position != was[1])
    return f'REVISE: {turn} says "{quote}", and I had not weighed that. {_watched(scene)}\nPosition: {moved}'


def _prose(scene: Scene) -> str:
    who = f"As {scene.title} I" if scene.title else "I"
    return (
        f'{who} read: "{clip(scene.last.strip().rsplit(chr(10), 1)[-1], 20)}". '
        f'What weighs most here is "{scene.quote()}". {_watched(scene)}'
    )


def _field(scene: Scene, name: str) -> str:
    """The words of a text field."""
    return f'{_watched(scene, len(name))} See "{scene.quote(len(name))}".'


def _pointing(scene: Scene, schema: Mapping[str, Any]) -> str:
    """An answer that names turns and copies their words, if the schema asks for that; otherwise ""."""
    listed = schema.get("properties", {}).get("items", {})
    item = listed.get("items", {}) if isinstance(listed, dict) else {}
    fields = item.get("properties", {}) if isinstance(item, dict) else {}
    if not {"turn", "quote"} <= fields.keys():
        return ""
    label = _LOOKED_FOR.search(scene.last)
    found = []
    for turn, text in scene.said:
        rows = [row for row in text.split("\n") if label and row.startswith(f"{label[1]}: ")]
        quote = clip(rows[0]) if rows else ""
        if turn not in fields["turn"].get("enum", (turn,)) or len(quote.split()) < 2:
            continue
        owners = [owner for owner in fields.get("owner", {}).get("enum", ()) if quote.startswith(owner)]
        owner = {"owner": (*owners, "unassigned")[0]} if "owner" in fields else {}
        found.append({"turn": turn, "quote": quote, **owner})
    return json.dumps({"items": found[: listed.get("maxItems", 12)]}, ensure_ascii=False)
