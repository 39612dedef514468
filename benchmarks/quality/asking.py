"""One agent without a meeting: asked once, or again and again until a budget of tokens is used up."""

import time
from collections.abc import Sequence
from dataclasses import replace

from agents.documents import Document
from agents.model import Model, Prompt
from agents.settings import Settings
from benchmarks.quality.claim import Claim, Spent
from benchmarks.quality.question import claim_of, problems

MOST_PASSES = 100
"""Times that a document is read at most, whatever the budget: a model may answer nothing."""


async def asked(
    document: Document, model: Model, settings: Settings, questions: Sequence[Prompt], arm: str, seed: int, budget: int
) -> tuple[tuple[Claim, ...], Spent]:
    """Ask until a budget is used up, each time with another seed, and merge what is named.

    Args:
        document: the document.
        model: the model, started.
        settings: the settings that the model was opened with; their seed is set for every call.
        questions: the prompts that show the whole document.
        arm: the arm.
        seed: the first seed.
        budget: tokens; another pass is begun while fewer are spent. 0 asks once.
    """
    named: list[Claim] = []
    spent = Spent()
    for number in range(MOST_PASSES):
        settings.seed = seed + number
        for question in questions:
            answer, cost = await _answer(model, question)
            spent += cost
            named += [claim_of(one, document, arm, rank) for rank, one in enumerate(problems(answer), 1)]
        if spent.tokens >= budget:
            break
    return merged(named), spent


async def _answer(model: Model, question: Prompt) -> tuple[str, Spent]:
    """An answer and what it cost; a prompt of which nobody knows what was cached counts as a whole."""
    began = time.monotonic()
    reply = await model.reply(question)
    evaluated = reply.prompt_tokens if reply.evaluated_tokens is None else reply.evaluated_tokens
    return reply.text, Spent(evaluated, reply.reply_tokens, 1, time.monotonic() - began)


def merged(named: Sequence[Claim]) -> tuple[Claim, ...]:
    """Claims about the same lines as one, the most frequent first, then those that were named earlier in an answer.

    Of several, the one that was named first in an answer stands for all. Claims without lines are never merged unless
    they have the same words.
    """
    groups: dict[object, list[Claim]] = {}
    for one in named:
        groups.setdefault(one.first or one.quote, []).append(one)
    best = [(len(group), min(group, key=lambda one: one.rank)) for group in groups.values()]
    best.sort(key=lambda pair: (-pair[0], pair[1].rank))
    return ranked([one for _, one in best])


def ranked(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims with their places as ranks."""
    return tuple(replace(one, rank=number) for number, one in enumerate(claims, 1))
