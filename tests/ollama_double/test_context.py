import json
from itertools import count as counted

import pytest

from tests.model.over_http import ask, user
from tests.ollama_double import OllamaDouble
from tests.ollama_double.cache import Slots


def test_another_num_ctx_loads_the_model_again_and_loses_the_cache(ollama: OllamaDouble) -> None:
    """The same num_ctx keeps the model and its cache; another one, or another shift, loads it again."""
    for fields in ({"num_ctx": 8192}, {"num_ctx": 8192, "seed": 1}, {"num_ctx": 4096}):
        ask(ollama, options=fields)
    assert ollama.engine.loads == [("llama3.2:latest", 8192), ("llama3.2:latest", 4096)]
    first, cached, again = ollama.requests.evaluated()
    assert (first, cached) == (again, 1)
    ask(ollama, options={"num_ctx": 4096}, shift=False)
    assert len(ollama.engine.loads) == 3
    assert ollama.requests.num_ctxs() == {8192, 4096}


def test_only_what_follows_the_common_prefix_is_evaluated(ollama: OllamaDouble) -> None:
    """A chat that only grows evaluates only its new words; the count covers all words, the time only the new ones."""
    said = "Yes, and more. " * 40
    ollama.answer = lambda _: said
    talk = [{"role": "system", "content": "Rules. " * 100}, *user("First point. " * 50)]
    first = ask(ollama, messages=talk)[1]
    talk += [{"role": "assistant", "content": said}, *user("Second point.")]
    second = ask(ollama, messages=talk)[1]
    evaluated = ollama.requests.evaluated()
    assert evaluated[0] == first["prompt_eval_count"]
    assert evaluated[1] < 20 < first["prompt_eval_count"] < second["prompt_eval_count"]
    assert second["prompt_eval_duration"] == evaluated[1] * ollama.prompt_token_ns
    talk[0] = {"role": "system", "content": "Other rules. " * 100}
    third = ask(ollama, messages=talk)[1]
    assert ollama.requests.evaluated()[2] > 0.9 * third["prompt_eval_count"]


def test_a_system_message_anywhere_is_moved_to_the_head(ollama: OllamaDouble) -> None:
    """All system messages are joined at the start of the prompt, so a late one changes the whole prefix."""
    late = [*user("one"), {"role": "system", "content": "late"}, *user("two")]
    ask(ollama, messages=[{"role": "system", "content": "early"}, *late])
    prompt = ollama.requests.prompts()[0]
    assert "early\n\nlate<|eot_id|>" in prompt
    assert "one\n\ntwo<|eot_id|>" in prompt


def test_a_long_chat_silently_loses_its_oldest_messages(ollama: OllamaDouble) -> None:
    """By default the oldest messages are dropped until the rest fits; system and last message stay; status is 200."""
    talk = [{"role": "system", "content": "Keep me."}]
    for number in range(40):
        talk += [{"role": "user" if number % 2 else "assistant", "content": f"turn {number} " + "word " * 60}]
    status, answer = ask(ollama, messages=[*talk, *user("Last.")], options={"num_ctx": 1000})
    record = ollama.requests.chats()[0]
    assert status == 200
    assert answer["prompt_eval_count"] == record.prompt_tokens <= 1000 < record.prompt_tokens + 100
    assert record.dropped > 20
    assert "Keep me." in record.prompt
    assert "Last." in record.prompt
    assert "turn 0 " not in record.prompt
    assert "turn 39 " in record.prompt


def test_one_message_that_is_too_long_is_cut_to_half_the_context(ollama: OllamaDouble) -> None:
    """A single huge message at 4096 is cut to 2051 tokens, as the real server does; with shift off it is 400."""
    huge = user("word " * 9000)
    assert ask(ollama, messages=huge, options={"num_ctx": 4096})[1]["prompt_eval_count"] == 2051
    status, answer = ask(ollama, messages=huge, shift=False)
    assert status == 400
    assert answer["error"].startswith("the prompt is longer than the context length currently available")


def test_truncate_false_refuses_what_does_not_fit(ollama: OllamaDouble) -> None:
    """With truncate off a prompt of the context's size or more is 400, with llama-server's own JSON as the text."""
    status, answer = ask(ollama, messages=user("word " * 9000), truncate=False, options={"num_ctx": 8192})
    inner = json.loads(answer["error"])["error"]
    assert status == 400
    assert inner["type"] == "exceed_context_size_error"
    assert (inner["code"], inner["n_ctx"]) == (400, 8192)
    needed = inner["n_prompt_tokens"]
    said = f"request ({needed} tokens) exceeds the available context size (8192 tokens), try increasing it"
    assert needed > 9000
    assert inner["message"] == said
    assert ask(ollama, truncate=False)[0] == 200


CARD, ASKED, SAID, NAME, BRIEF, HEAD, FOREIGN = 400, 60, 250, 8, 320, 40, 600
"""Tokens of the meeting whose evaluation was measured on a real llama-server: 8 agents, 4 topics, 2 rounds."""


class Meeting:
    """That meeting in the order brief, transcript, card; counts the evaluated tokens."""

    def __init__(self, parallel: int = 1, host_tokens: int = 0) -> None:
        self.slots = Slots(parallel, host_tokens)
        self.unused = counted()
        self.talk = self.new(BRIEF)
        self.evaluated = 0

    def new(self, tokens: int) -> list[str]:
        """Tokens that occur nowhere else."""
        return [f"{next(self.unused)}" for _ in range(tokens)]

    def ask(self, prompts: list[list[str]]) -> list[list[str]]:
        """Give each prompt to a slot at the same time; returns the answers."""
        at_work = [(self.slots.take(prompt), prompt, self.new(SAID)) for prompt in prompts]
        for (slot, evaluated), prompt, answer in at_work:
            self.evaluated += evaluated
            self.slots.give_back(slot, [*prompt, *answer])
        return [answer for _, _, answer in at_work]

    def hold(self, *, fan_out: bool, foreign: bool = False) -> int:
        """Hold the meeting, one speaker after another or a round at once; returns the evaluated tokens."""
        size, turn = len(self.slots.slots), 0
        for number in range(8):
            self.talk += self.new(HEAD) if number % 2 == 0 else []
            heard: list[str] = []
            for _ in range(0, 8, size if fan_out else 1):
                asked = [[*self.talk, *self.new(CARD + ASKED)] for _ in range(size if fan_out else 1)]
                for answer in self.ask(asked):
                    turn += 1
                    heard += [*self.new(NAME), *answer]
                    if foreign and turn % 4 == 0:
                        self.ask([self.new(FOREIGN)])
                if not fan_out:
                    self.talk, heard = self.talk + heard, []
            self.talk += heard
        return self.evaluated


@pytest.mark.parametrize(
    ("meeting", "fan_out", "foreign", "measured"),
    [
        (Meeting(), False, False, 46_174),
        (Meeting(), True, False, 44_368),
        (Meeting(parallel=2), True, False, 59_296),
        (Meeting(parallel=4), True, False, 89_152),
        (Meeting(host_tokens=75_000), False, True, 55_774),
        (Meeting(parallel=2), False, True, 55_774),
        (Meeting(), False, True, 181_984),
    ],
)
def test_the_cache_evaluates_what_the_real_engine_was_measured_to(
    meeting: Meeting, fan_out: bool, foreign: bool, measured: int
) -> None:
    """The reference meeting evaluates exactly as many tokens as a real llama-server."""
    assert meeting.hold(fan_out=fan_out, foreign=foreign) == measured
