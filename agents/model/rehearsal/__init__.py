"""The rehearsal model, which is not a language model: it takes those of a role's own questions, red flags and
done-criteria that the prompt calls for, and answers, proposes and votes by rules. Every output says
that no model was used.

Import from here: ``RehearsalModel``.
Never knows: ``agents.model.ollama``, ``agents.model.http``, ``agents.meeting``.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from agents.model import Notice, OnText, Prompt, Reply, Task, rough_tokens
from agents.model.prompt import reply_without_server
from agents.model.rehearsal.checklist import LABEL, checklist, summary
from agents.model.rehearsal.lines import filled, usual
from agents.model.rehearsal.matching import material_of, terms
from agents.model.rehearsal.positions import (
    CHECK,
    Hits,
    answer_others,
    field_words,
    hits_of,
    statements,
    tell,
    vote,
)
from agents.settings import Settings

MOST_EVENTS = 4

_PROMISED = re.compile(r"\b(?:by|until|before|due|deadline|not later than)\W+\Z", re.I)
_TIME = re.compile(r"\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\b20\d\d-\d\d-\d\d\b")


class RehearsalModel:
    """Answers from the role itself; the same prompt always gets the same answer.

    Args:
        name: ignored; ``rehearsal`` needs none.
        settings: ignored; reading takes no time, so its context is always large.
    """

    label = LABEL
    parallel = 8
    context_tokens = 131_072

    def __init__(self, name: str, settings: Settings) -> None:
        """Take a name and the settings, as every provider does."""

    async def start(self, *, notice: Notice | None = None) -> None:
        """There is nothing to load."""

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer from the role's lists; never fails."""
        text = _ANSWERS[prompt.task](prompt)
        if on_text:
            for line in text.splitlines(keepends=True):
                on_text(line)
        return reply_without_server(prompt, text, self.label)

    def count_tokens(self, text: str) -> int:
        """One token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """There is nothing to close."""


def _statement(prompt: Prompt) -> str:
    """The labelled lines that are asked for, each from its list; PASS if no line of the documents concerns the role."""
    role = prompt.role
    if role is None:
        return "PASS"
    hits = hits_of(prompt, role)
    nothing = not (hits.questions or hits.red_flags or hits.done)
    if nothing and (prompt.shared or prompt.documents):
        return "PASS"
    if nothing:
        hits = Hits(role, usual(role.questions, prompt), usual(role.red_flags, prompt), usual(role.done, prompt))
    said = {text for each in statements(prompt) for _, text in each.lines}
    used: set[str] = set()
    lines = []
    for want in prompt.wants:
        lines += [f"{want.label}: {text}" for text in filled(want, prompt, role, hits, used) if text not in said]
    fresh = [line for line in lines if not line.startswith(("Position:", "Action: none", "Question: none"))]
    return "\n".join(lines) if fresh else "PASS"


def _events(prompt: Prompt) -> str:
    """The lines of the documents that contain a time and concern the role."""
    role = prompt.role
    if role is None:
        return "PASS"
    field = {stem for word in field_words(role) for stem in terms(word)}
    material = material_of((*prompt.shared, *prompt.documents), prompt.subject)
    timed = [spot for spot in material.spots if _happened(spot.text)]
    timed = [spot for spot in timed if field & set(terms(spot.text))] or timed[:1]
    lines = []
    for spot in timed[:MOST_EVENTS]:
        when = _happened(spot.text)
        text = " ".join(spot.text.replace('"', "'").split()[:24])
        if when:
            lines.append(f"Event: {text if text.startswith(when[0]) else f'{when[0]} {text}'} ({spot.place})")
    return "\n".join(lines) or "PASS"


def _happened(text: str) -> re.Match[str] | None:
    """The first time in a line at which something happened; a deadline does not count."""
    return next((time for time in _TIME.finditer(text) if not _PROMISED.search(text[: time.start()])), None)


def _challenge(prompt: Prompt) -> str:
    """The strongest red flag that was not said yet."""
    role = prompt.role
    if role is None:
        return "PASS"
    said = " ".join(each.text for each in statements(prompt))
    flags = hits_of(prompt, role).red_flags or usual(role.red_flags, prompt)
    fresh = [one for one in flags if one.item.text not in said]
    return f"Challenge: {CHECK}{tell(fresh[0])}" if fresh else "PASS"


def _exchange(prompt: Prompt) -> str:
    role = prompt.role
    return answer_others(prompt, statements(prompt), role, hits_of(prompt, role)) if role else "PASS"


def _proposal(prompt: Prompt) -> str:
    """The first choice that can name a finding, with that finding, else the first choice; no more than a form."""
    choices = prompt.asked.choices
    name = next((name for name, numbers in choices.items() if numbers), next(iter(choices), ""))
    properties: Any = (prompt.schema or {}).get("properties", {})
    actions = properties.get("actions", {}).get("items", {}).get("enum", [])
    return json.dumps({"choice": name, "findings": choices.get(name, ())[:1], "actions": actions[:4]})


def _ballot(prompt: Prompt) -> str:
    said = statements(prompt)
    role = prompt.role
    if role is None:
        return json.dumps({"vote": "abstain", "reason": "No role votes here.", "would_change": ""})
    return json.dumps(vote(prompt, said, role, hits_of(prompt, role)), ensure_ascii=False)


def _position(prompt: Prompt) -> str:
    """The position of its statement; this model always names one, so this question is rare."""
    lines = filled(prompt.wants[0], prompt, prompt.role, hits_of(prompt, prompt.role), set()) if prompt.role else []
    return json.dumps({"position": next(iter(lines), "undecided")})


def _dots(prompt: Prompt) -> str:
    """Dots on the ideas that share most words with the role's field; of two equal ideas, the earlier is chosen."""
    ideas = prompt.asked.ideas
    schema: Any = prompt.schema or {}
    most = schema.get("properties", {}).get("ideas", {}).get("maxItems", 1)
    field = {stem for word in field_words(prompt.role) for stem in terms(word)} if prompt.role else set()
    ranked = sorted(ideas, key=lambda name: (-len(field & set(terms(ideas[name]))), int(name[1:])))
    return json.dumps({"ideas": ranked[:most]})


def _extract(prompt: Prompt) -> str:
    """The labelled lines of the kind that is asked for, word for word."""
    label = prompt.wants[0].label if prompt.wants else ""
    items = []
    schema: Any = prompt.schema or {}
    properties = schema.get("properties", {}).get("items", {}).get("items", {}).get("properties", {})
    turns = properties.get("turn", {}).get("enum", [])
    owners = properties.get("owner", {}).get("enum", [])
    for each in statements(prompt):
        for name, text in each.lines:
            if name == label and each.turn in turns and text != "none":
                item = {"turn": each.turn, "quote": text}
                if owners:
                    item["owner"] = next((owner for owner in owners if text.startswith(owner)), "unassigned")
                items.append(item)
    return json.dumps({"items": items[:12]}, ensure_ascii=False)


_ANSWERS: dict[Task, Callable[[Prompt], str]] = {
    Task.CHAT: checklist,
    Task.STEP: checklist,
    Task.SUMMARY: summary,
    Task.STATEMENT: _statement,
    Task.POSITION: _position,
    Task.STATUS: _statement,
    Task.IDEAS: _statement,
    Task.EVENTS: _events,
    Task.CHALLENGE: _challenge,
    Task.EXCHANGE: _exchange,
    Task.PROPOSAL: _proposal,
    Task.BALLOT: _ballot,
    Task.DOTS: _dots,
    Task.EXTRACT: _extract,
}
