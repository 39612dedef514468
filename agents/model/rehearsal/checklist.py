"""The answers of the rehearsal model: checklists from a role's own lists. They say where to look and what to ask."""

import json
import re
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from agents.documents import Passage
from agents.model import PROVIDERS, Prompt
from agents.role import Role
from agents.role.matching import Hit, Hits, hits_of, terms
from agents.role.patterns import phrase

LABEL = PROVIDERS["rehearsal"].label

LISTED = "Not written by a model, only listed; the newest questions were:"
TASK, REMEMBERED, NONE = "The task: ", "I remember: ", "Nothing in it matches"
"""The starts of lines in which a checklist describes itself; a later step leaves them out."""
LOOK, ASK = "Places to look at:", "Questions to answer:"
MOST_PLACES = 6
MOST_QUESTIONS = 3
_MOST_HEADS = 12
_HEAD_CHARACTERS = 60
_MOST_KEPT = 900


def for_meeting(prompt: Prompt) -> str:
    """The places and questions of a role in the documents of a meeting, as JSON. The topic makes no difference."""
    role, passages = prompt.role, prompt.asked.passages
    if role is None:
        return json.dumps({"places": [], "questions": []})
    hits = hits_of(role, passages)
    places = [_place(name, hit) for name, hit in hits.places(_most(prompt.schema, "places", MOST_PLACES))]
    return json.dumps({"places": places, "questions": _questions(role, hits, anyway=not passages)}, ensure_ascii=False)


def _most(schema: Mapping[str, Any] | None, name: str, otherwise: int) -> int:
    """How many entries the form of the answer allows."""
    most: int = (schema or {}).get("properties", {}).get(name, {}).get("maxItems", otherwise)
    return most


def _place(name: str, hit: Hit) -> dict[str, Any]:
    spot = hit.spot
    return {
        "document": spot.document if spot else "", "line": spot.line if spot else 0, "list": name, "item": hit.item.text
    }  # fmt: skip


def _questions(role: Role, hits: Hits, *, anyway: bool) -> list[str]:
    """The role's questions that the documents call for; the first ones of its list where there is nothing to read."""
    called_for = [hit.item.text for hit in hits.questions]
    return (called_for or ([item.text for item in role.questions] if anyway else []))[:MOST_QUESTIONS]


def checklist(prompt: Prompt) -> str:
    """A checklist for a question: the lines that concern the role, and the questions it would ask."""
    role = prompt.role
    if role is None:
        return f"{LABEL.capitalize()}."
    earlier = [message for message in prompt.transcript if message.turn]
    extra = [Passage("", 1, 1, "", prompt.subject)]
    extra += [Passage(message.turn, 1, 1, "", _own_words(message.text)) for message in earlier]
    hits = hits_of(role, (*prompt.shared, *prompt.documents, *extra), prompt.subject)
    lines = [f"{LABEL.capitalize()}: what the {role.title}'s own lists say about this."]
    lines += _remembered(prompt)
    skill = prompt.asked.skill
    if skill:
        lines.append(f"{TASK}{skill.summary} A model would answer with: {skill.answer}")
    places, questions = hits.places(MOST_PLACES), _questions(role, hits, anyway=False)
    if places:
        lines += ["", LOOK, *(f"- {_tell(hit)}" for _, hit in places)]
    if questions:
        lines += ["", ASK, *(f"- {text}" for text in questions)]
    if not (places or questions):
        always = [f"- {text}" for text in _questions(role, hits, anyway=True)]
        lines += ["", f"{NONE} my watch words. {'I always ask:' if always else 'My mission:'}"]
        lines += always or [f"- {role.mission}"]
    return "\n".join(lines)


def _tell(hit: Hit) -> str:
    """The words of a line, and the item that leads there."""
    where = f"{hit.spot.place} says" if hit.spot and hit.spot.place else "You say"
    return f'{where} "{hit.quote}": {hit.item.text}'


def _own_words(text: str) -> str:
    """What an earlier step found, without the rehearsal's lines about itself and its task."""
    lines = text.partition("\n")[2].split("\n")
    own = (LABEL.capitalize(), TASK, REMEMBERED, NONE, LOOK, ASK)
    return "\n".join("" if line.startswith(own) else line for line in lines)


def summary(prompt: Prompt) -> str:
    """A summary of old messages: the starts of their questions, after the summary that a model wrote before."""
    written, _, listed = " ".join(prompt.memory).partition(LISTED)
    heads = re.findall(r'"([^"]*)"', listed)
    heads += [_head(message.text) for message in prompt.transcript if message.author == "user"]
    said = "; ".join(f'"{head}"' for head in heads[-_MOST_HEADS:])
    return f"{written.strip()[:_MOST_KEPT]} {LISTED} {said or 'none'}.".strip()


def _head(text: str) -> str:
    line = " ".join(text.replace('"', "'").split())
    return line if len(line) <= _HEAD_CHARACTERS else f"{line[:_HEAD_CHARACTERS].rsplit(' ', 1)[0]} ..."


def _remembered(prompt: Prompt) -> list[str]:
    """The memories that share words with the question."""
    asked = set(terms(prompt.subject))
    talk = [message.text for message in prompt.transcript if not message.turn and message.author == "user"]
    lines = [
        line for line in (*prompt.memory, *talk) if asked & set(terms(line)) and phrase(line) != phrase(prompt.subject)
    ]
    different = dict.fromkeys(shorten(line, 160, placeholder=" ...") for line in lines)
    return [f"{REMEMBERED}{line}" for line in list(different)[:3]]
