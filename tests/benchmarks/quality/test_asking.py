"""One agent that is asked for problems: what is read of its answers, and what they cost."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from agents.documents import Document
from agents.errors import UsageError
from agents.model import Prompt, Reply
from agents.model.scripted import ScriptedModel
from agents.role.file import read_roles
from agents.settings import Settings
from benchmarks.quality.asking import asked, merged
from benchmarks.quality.question import ASK, checklists, claim_of, problems, prompts
from tests.benchmarks.quality.small import NAME, TEXT, claim
from tests.inputs import ROOT

SMALL = Document(NAME, TEXT)


def answer(*words: str) -> str:
    """An answer that names a problem for each of these words."""
    return json.dumps({"problems": [{"words": one, "problem": f"{one} is bad", "change": "no"} for one in words]})


class Counted(ScriptedModel):
    """A model that counts as a server does: 100 tokens of a prompt evaluated at first, then 1; 30 written."""

    async def reply(self, prompt: Prompt, *, on_text: object = None) -> Reply:
        """Answer, with the counts."""
        del on_text
        given = await super().reply(prompt)
        first = len(self.prompts) == 1
        return replace(given, prompt_tokens=100, evaluated_tokens=None if first else 1, reply_tokens=30)


def test_a_problem_gets_the_line_of_its_words() -> None:
    """Words that are not the document's give a claim without lines."""
    first, second = problems(answer("The old host is deleted", "Nobody knows the way"))
    assert (claim_of(first, SMALL, "once", 1).first, claim_of(second, SMALL, "once", 2).first) == (4, 0)


def test_of_an_answer_that_was_cut_the_complete_problems_count() -> None:
    """The last problem is left out where the answer ended in it."""
    whole = answer("The old host is deleted", "Delete all backups")
    assert [one["words"] for one in problems(whole[:-30])] == ["The old host is deleted"]
    assert problems("no JSON") == []
    assert problems('{"problems": [{"words": 3}]}') == []


def test_an_agent_is_asked_again_until_the_budget_is_used_up() -> None:
    """The first prompt counts as a whole, because nobody knows what was cached: 130, then 31 for each further answer."""
    settings = Settings.load()
    seeds: list[int | None] = []

    def say(_prompt: Prompt) -> str:
        seeds.append(settings.seed)
        return answer("The old host is deleted")

    model = Counted.of(say)
    questions = prompts(SMALL, model, "", ASK)
    claims, spent = asyncio.run(asked(SMALL, model, settings, questions, "repeated", 7, 170))
    assert (spent.evaluated, spent.written, spent.calls, spent.tokens) == (102, 90, 3, 192)
    assert seeds == [7, 8, 9]
    assert [(one.first, one.rank) for one in claims] == [(4, 1)]


def test_without_a_budget_an_agent_is_asked_once() -> None:
    """One answer is what it costs."""
    model = Counted.of(lambda _prompt: answer("Delete all backups"))
    _, spent = asyncio.run(asked(SMALL, model, Settings.load(), prompts(SMALL, model, "", ASK), "once", 1, 0))
    assert spent.calls == 1


def test_a_model_that_answers_nothing_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a most number of passes, whatever the budget."""
    monkeypatch.setattr("benchmarks.quality.asking.MOST_PASSES", 3)
    model = Counted.of(lambda _prompt: "")
    _, spent = asyncio.run(asked(SMALL, model, Settings.load(), prompts(SMALL, model, "", ASK), "once", 1, 10**9))
    assert spent.calls == 3


def test_what_is_named_most_often_comes_first() -> None:
    """Claims about the same line are one; of equally frequent ones, that which was named earlier in its answer."""
    named = [claim(9, rank=1), claim(4, rank=2), claim(4, rank=1), claim(3, rank=3), claim(0, quote="x", rank=2)]
    assert [(one.first, one.rank) for one in merged(named)] == [(4, 1), (9, 2), (0, 3), (3, 4)]


def test_a_document_that_is_too_long_is_shown_in_parts() -> None:
    """Every line is in one of the prompts, and each prompt fits."""
    long = Document("long.md", "\n".join(f"Line {number} says that nothing is tested." for number in range(400)))
    model = ScriptedModel.of([], context_tokens=4096)
    parts = prompts(long, model, "", ASK)
    shown = "\n".join(one.transcript[0].text for one in parts)
    assert len(parts) > 1
    assert all(line in shown for line in long.lines)
    assert all(sum(model.count_tokens(said.text) for said in one.messages()) + one.max_tokens <= 4096 for one in parts)


def test_a_context_that_is_too_small_is_reported() -> None:
    """The message names the context and the document."""
    with pytest.raises(UsageError, match=r"1000 tokens is too small for shop\.md"):
        prompts(SMALL, ScriptedModel.of([], context_tokens=1000), "", ASK)


def test_the_checklists_have_each_red_flag_and_question_of_the_roles() -> None:
    """What two roles share is there once."""
    roles = read_roles(Path(ROOT / "Role"))
    chosen = [roles["cto"], roles["qa_engineer"]]
    text = checklists([*chosen, chosen[0]])
    wanted = [item.text for role in chosen for item in (*role.red_flags, *role.questions)]
    assert [text.count(f"- {one}\n") + text.endswith(f"- {one}") for one in wanted] == [1] * len(wanted)
