"""Chooses whom a question is for: code finds candidates by its words, and a language model chooses among them.

The candidates that fit best by words are asked in any case: for "What breaks first at ten times the load?" a model of
1.5 billion parameters chose the Network Engineer alone.
"""

from collections.abc import Mapping
from typing import Any

from agents.errors import ModelError, UsageError
from agents.model import Prompt, Task, provider_of
from agents.orchestrator.resources import Resources
from agents.role import Role
from agents.role.choosing import clearly_best, matching_roles

Why = tuple[str, ...]
"""Why an agent was chosen: the words of the question that its field has, or what the model says, as one text."""

MOST_CANDIDATES, FEWEST_CANDIDATES = 8, 4
USUAL = ("solutions_architect", "engineering_manager", "product_manager")
"""Who is asked where the words of a question say nothing about a field."""
NO_FIELD = "no agent's field is in the question"
SURE = 2
"""The number of candidates, the best by words, that are asked whatever the model chooses."""
WHY_LETTERS, WHY_WORDS = 60, 6
ANSWER_TOKENS = 40
"""Of the choice, for each agent that may be chosen."""


async def choose(resources: Resources, question: str, limit: int = 4) -> Mapping[str, Why]:
    """The agents that a question is for, the best first, each with why.

    Args:
        resources: the roles and the model.
        question: what is to be asked.
        limit: the most agents.

    Raises:
        UsageError: there are no agents.
        ModelUnavailable: the model cannot be reached or is not there.
    """
    roles = resources.roles
    found = matching_roles(roles, question)
    by_words = {one.role: one.words[:4] for one in clearly_best(found, limit)} if found else _usual(roles, limit)
    if not by_words:
        raise UsageError("There are no agents to ask.", "Pass ids as `agents`.", about="auto")
    if not found or limit <= SURE or provider_of(resources.settings.model_name).by_rule:
        return by_words
    names = [one.role for one in found[:MOST_CANDIDATES]]
    others = [name for name in _usual(roles, len(USUAL)) if name not in names]
    names += others[: max(0, FEWEST_CANDIDATES - len(names))]
    chosen = await _by_model(resources, question, {name: roles[name] for name in names}, limit)
    if not chosen:
        return by_words
    asked = {name: chosen.get(name) or by_words[name] for name in list(by_words)[:SURE]} | chosen
    return dict(list(asked.items())[:limit])


def _usual(roles: Mapping[str, Role], limit: int) -> dict[str, Why]:
    named = [name for name in USUAL if roles.get(name)] or list(roles)
    return dict.fromkeys(named[:limit], (NO_FIELD,))


async def _by_model(resources: Resources, question: str, candidates: Mapping[str, Role], limit: int) -> dict[str, Why]:
    """What the model chooses among candidates; nothing where it gives no answer that can be used."""
    model = await resources.model()
    try:
        reply = await model.reply(
            Prompt(
                question_about(question, candidates, limit),
                Task.CHOOSE,
                schema=schema_of(list(candidates), limit),
                max_tokens=ANSWER_TOKENS * (limit + 1),
                temperature=0.0,
                subject=question,
            )
        )
    except ModelError:
        return {}
    return chosen_in(reply.parsed, candidates, limit)


def question_about(question: str, candidates: Mapping[str, Role], limit: int) -> str:
    """The request to choose among candidates."""
    listed = "\n".join(f"{name}: {role.title}. {role.mission}" for name, role in candidates.items())
    number = "the one" if limit == 1 else f"1 to {limit}"
    return (
        f"These colleagues can be asked:\n{listed}\n\n"
        f"Choose {number} whose job the question below is, the best first. Leave out whose job it is not.\n"
        f'Answer in JSON: {{"agents": [{{"agent": a name before a colon, "why": at most {WHY_WORDS} words}}]}}\n\n'
        f"The question: {question}"
    )


def schema_of(names: list[str], limit: int) -> Mapping[str, Any]:
    """The JSON schema of a choice."""
    one = {
        "type": "object",
        "properties": {
            "agent": {"type": "string", "enum": names},
            "why": {"type": "string", "maxLength": WHY_LETTERS},
        },
        "required": ["agent", "why"],
        "additionalProperties": False,
    }
    listed = {"type": "array", "items": one, "minItems": 1, "maxItems": limit}
    return {"type": "object", "properties": {"agents": listed}, "required": ["agents"], "additionalProperties": False}


def chosen_in(answer: Any, candidates: Mapping[str, Role], limit: int) -> dict[str, Why]:
    """The agents that an answer names, each once; nothing for an answer of another form."""
    listed = answer.get("agents") if isinstance(answer, Mapping) else None
    chosen: dict[str, Why] = {}
    for one in listed if isinstance(listed, list) else []:
        name, why = (one.get("agent"), one.get("why")) if isinstance(one, Mapping) else (None, None)
        if isinstance(name, str) and name in candidates and len(chosen) < limit:
            said = " ".join(why.split()).rstrip(".") if isinstance(why, str) else ""
            chosen.setdefault(name, (said[:WHY_LETTERS],) if said else ())
    return chosen
