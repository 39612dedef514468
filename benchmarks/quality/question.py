"""What one agent is asked about a document, and how its answer is read."""

import json
from collections.abc import Sequence
from typing import Any

from agents.documents import Document
from agents.errors import UsageError
from agents.model import RESERVE_TOKENS, Message, Model, Prompt
from agents.role import Role
from benchmarks.quality.cases import Lines
from benchmarks.quality.claim import Claim
from benchmarks.quality.locate import locate

MOST_PROBLEMS = 12
ANSWER_TOKENS = 1400
"""Enough for twelve problems of about 110 tokens; of a longer answer, the problems that are complete count."""
SLACK = 1.2
"""How many times larger a prompt may be than it is counted: later parts are estimated from earlier ones."""
BRIEF = "You review documents. You judge only what the document says, and you copy its words exactly."
_FORM = (
    'Answer with JSON: {"problems": [{"words": the words of the document that show it, copied, 20 words at most, '
    '"problem": what is wrong and what it leads to, in one sentence, "change": what should be changed, in one '
    "sentence}]}"
)
ASK = f"What is wrong in this document? Name up to {MOST_PROBLEMS} problems, the most dangerous first. {_FORM}"
ASK_CHECKLISTS = (
    "Which lines of this document show one of the red flags, or raise one of the questions and leave it open? Name up "
    f"to {MOST_PROBLEMS} such lines, the most dangerous first. {_FORM}"
)
FIELDS = ("words", "problem", "change")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "problems": {
            "type": "array",
            "maxItems": MOST_PROBLEMS,
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in FIELDS},
                "required": list(FIELDS),
            },
        }
    },
    "required": ["problems"],
}


def checklists(roles: Sequence[Role]) -> str:
    """The red flags and the questions of several roles, each sentence once."""
    parts = []
    for title, items in (
        ("Red flags:", [item.text for role in roles for item in role.red_flags]),
        ("Questions:", [item.text for role in roles for item in role.questions]),
    ):
        parts.append("\n".join([title, *(f"- {text}" for text in dict.fromkeys(items))]))
    return "\n\n".join(parts)


def prompts(document: Document, model: Model, card: str, ask: str) -> list[Prompt]:
    """The prompts that show a whole document, in as few parts as fit the model's context.

    Raises:
        UsageError: not even one line would fit.
    """
    free = (model.context_tokens - ANSWER_TOKENS - 2 * RESERVE_TOKENS) / SLACK
    free -= model.count_tokens(f"{BRIEF}\n{card}\n{ask}")
    for number in range(1, len(document.lines) + 1):
        size = -(-len(document.lines) // number)
        parts = ["\n".join(document.lines[at : at + size]) for at in range(0, len(document.lines), size)]
        if all(model.count_tokens(part) <= free for part in parts):
            return [
                Prompt(
                    ask,
                    brief=BRIEF,
                    transcript=(Message("user", f"The document {document.name}:\n\n{part}"),),
                    card=card,
                    schema=SCHEMA,
                    max_tokens=ANSWER_TOKENS,
                )
                for part in parts
                if part.strip()
            ]
    raise UsageError(f"A context of {model.context_tokens} tokens is too small for {document.name}.", "Raise NUM_CTX.")


def problems(answer: str) -> list[dict[str, str]]:
    """The problems of an answer that are complete, also where the answer was cut."""
    found, at, decoder = [], answer.find("{", answer.find("[")), json.JSONDecoder()
    while at >= 0:
        try:
            one, end = decoder.raw_decode(answer, at)
        except (ValueError, RecursionError):
            break
        if isinstance(one, dict) and all(isinstance(one.get(name), str) for name in FIELDS):
            found.append({name: one[name] for name in FIELDS})
        at = answer.find("{", end)
    return found


def claim_of(problem: dict[str, str], document: Document, arm: str, rank: int) -> Claim:
    """A claim, with the lines from which its words were copied."""
    lines = locate(problem["words"], document) or Lines(0, 0)
    return Claim(
        document.name, lines.first, lines.last, problem["problem"], problem["words"], problem["change"], rank, arm, arm
    )
