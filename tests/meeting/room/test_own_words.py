"""Meetings with models that repeat what they were given, loop, are cut, or say one thing under every label."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from agents.export.markdown import to_markdown
from agents.meeting.echoes import copies, sentences
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Status
from agents.model import Model, OnText, Prompt, Reply, Task
from agents.model.scripted import ScriptedModel
from agents.role.file import read_roles
from tests.inputs import ROOT
from tests.meeting.rooms import hold, spec_for

LOOP = "The server fails and everybody waits. "
ROLES = read_roles(ROOT / "Role")


def filled(schema: Any, say: Callable[[str], str], key: str = "") -> Any:
    """A value of the schema in which each text is what ``say`` says for its key."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], say, key)
    if schema["type"] == "object":
        return {name: filled(part, say, name) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [filled(schema["items"], say, key)]
    return say(key)


def prompt_words(prompt: Prompt) -> str:
    """The prompt's own words for what it asks."""
    asks = [want.ask for want in prompt.wants if len(want.ask.split()) > 3]
    return asks[len(prompt.question) % len(asks)] if asks else "I agree, but one thing worries me."


def flag_words(prompt: Prompt) -> str:
    """The words of a role's red flag or mission."""
    role = prompt.role
    return (role.red_flags[0].text if role and role.red_flags else role.mission) if role else "none"


def same_words(_prompt: Prompt) -> str:
    """One sentence for everything."""
    return "The only server holds all sessions of all customers and nobody rehearsed its restart."


WAYS = {"the prompt": prompt_words, "the card": flag_words, "one sentence": same_words}


def answering(words: Callable[[Prompt], str]) -> Callable[[Prompt], str]:
    """A model that fills each text of a schema with these words."""
    return lambda prompt: (
        json.dumps(filled(prompt.schema, lambda _key: words(prompt))) if prompt.schema else words(prompt)
    )


def minutes_of(say: Callable[[Prompt], str], type_id: str = "architecture_review") -> tuple[Minutes, list[Prompt]]:
    """The minutes of a meeting with such a model, and its prompts."""
    events, prompts = hold(spec_for(type_id), say)
    return build(events), prompts


def said_in(minutes: Minutes) -> list[str]:
    """Every text in the minutes that a model wrote."""
    topic = minutes.topics[0]
    said = [item.text for item in topic.items] + [action.task for action in topic.actions]
    return said + [text for one in topic.ballots for text in (one.reason, one.would_change) if text]


@pytest.mark.parametrize(
    "type_id", ["architecture_review", "decision", "premortem", "sprint_planning", "daily_standup"]
)
@pytest.mark.parametrize("way", ["the prompt", "the card"])
def test_nothing_that_a_speaker_was_given_is_in_the_minutes(way: str, type_id: str) -> None:
    """Whatever repeats the prompt or the role card is left out, and a note says so; speakers are asked twice at most."""
    minutes, prompts = minutes_of(answering(WAYS[way]), type_id)
    given = [
        sentence for prompt in prompts for message in prompt.messages()[-1:] for sentence in sentences(message.text)
    ]
    assert not [text for text in said_in(minutes) if any(copies(text, sentence) for sentence in given)]
    assert any("repeats" in note for note in minutes.topics[0].left_out) or minutes.absent
    questions = [(prompt.role and prompt.role.id, prompt.task, prompt.question.split("\n\n")[-1]) for prompt in prompts]
    assert max(questions.count(one) for one in questions) <= 2


def test_one_sentence_under_every_label_stands_once_in_the_minutes() -> None:
    """Of one sentence that all speakers write under each label, one entry is left, and notes name the others."""
    minutes, _ = minutes_of(answering(same_words))
    said = [item.text for item in minutes.topics[0].items]
    assert said.count(same_words(Prompt("?"))) == 1
    assert len({one.reason for one in minutes.topics[0].ballots if one.reason}) <= 1
    notes = "\n".join(minutes.topics[0].left_out)
    assert "says the same twice" in notes
    assert "an earlier turn says the same" in notes


class Stopping:
    """A model whose answers are stopped before their end."""

    label, context_tokens, parallel = "stopping", 8192, 4

    def __init__(self, ended: str, tail: str) -> None:
        self.ended, self.tail = ended, tail

    async def start(self, **_: object) -> None:
        """There is nothing to load."""

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """The beginning of an answer."""
        del on_text
        if not prompt.wants:
            return Reply('{"reason": "' + self.tail, ended=self.ended)
        who = prompt.role.id if prompt.role else ""
        first = f'{{"risk": {{"text": "{who.title()} sees that {who} has no way back.", "impact": "high"}}, "option": "'
        return Reply(first + self.tail, ended=self.ended)

    def count_tokens(self, text: str) -> int:
        """The rough count."""
        return len(text) // 3

    async def close(self) -> None:
        """There is nothing to close."""


@pytest.mark.parametrize("ended", ["length", "loop"])
def test_the_end_of_a_stopped_answer_is_left_out(ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a cut or looping answer the whole sentences stay, each once; no JSON gets into the minutes, and a note says it."""
    model: Model = Stopping(ended, LOOP * 30 + "The server fai")
    monkeypatch.setattr(ScriptedModel, "of", classmethod(lambda *_a, **_k: _with_prompts(model)))
    events, _ = hold(spec_for())
    minutes = build(events)
    said = said_in(minutes)
    assert said.count(LOOP.strip()) == 1
    assert not any(re.search(r'[{}]|"\w+":', text) for text in said)
    assert not any(text.endswith("fai") for text in said)
    words = {"length": "cut at the longest length", "loop": "repeated itself"}
    assert any(words[ended] in note for note in minutes.topics[0].notes)


def _with_prompts(model: Any) -> Any:
    model.prompts = []
    return model


def test_a_room_that_proposes_nothing_decides_nothing() -> None:
    """Where the facilitator names no choice in two answers, there is no decision, and the minutes say why."""

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.PROPOSAL:
            return "Position: against Proposal: none"
        return json.dumps(filled(prompt.schema, lambda key: f"{prompt.role and prompt.role.id} {key} moves slowly"))

    minutes, _ = minutes_of(say)
    decision = minutes.topics[0].decision
    assert decision.status is Status.NONE
    assert "against" not in decision.text
    assert "no decision" in to_markdown(minutes).lower()
