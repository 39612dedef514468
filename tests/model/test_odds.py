"""How much likelier one first word of an answer is than another: what is computed, and what servers are asked."""

import asyncio
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agents.model import Model, Prompt, Reply
from agents.model.odds import first_token, margin
from agents.model.recorded import RecordedModel, Recorder
from agents.model.scripted import ScriptedModel
from tests.model.talking import QUICK, VOTE, ask, settings_for, spoken, with_model
from tests.ollama_double import Answer, OllamaDouble, faults
from tests.openai_double import Fault, OpenAIDouble

YES_NO = ("yes", "no")
SERVED = "langchain:openai:qwen3"

logs = st.floats(-30, 0)
tokens = st.sampled_from(["yes", " Yes", "YES", "y", " Ye", "no", " No", "n", "none", "yesterday", "maybe", "", " "])
listed = st.lists(st.tuples(tokens, logs), min_size=2, max_size=20).map(tuple)


def question(**more: Any) -> Prompt:
    """A question to answer with yes or no."""
    return spoken("It is slow.", question="Is it slow? Answer yes or no.", between=YES_NO, **more)


def entry(token: Any, log: Any, *others: tuple[Any, Any]) -> dict[str, Any]:
    """What servers write for a token."""
    return {"token": token, "logprob": log, "top_logprobs": [{"token": one, "logprob": two} for one, two in others]}


@given(listed)
def test_the_order_of_the_words_is_only_the_sign(candidates: tuple[tuple[str, float], ...]) -> None:
    """With the two words exchanged, the margin is the same with the other sign."""
    one, other = margin(candidates, YES_NO), margin(candidates, ("no", "yes"))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one == pytest.approx(-other)


@given(listed, st.floats(-5, 0))
def test_only_the_proportion_counts(candidates: tuple[tuple[str, float], ...], less: float) -> None:
    """All candidates made less likely by the same factor have the same margin."""
    one, other = margin(candidates, YES_NO), margin(tuple((token, log + less) for token, log in candidates), YES_NO)
    assert (one is None) == (other is None)
    if one is not None:
        assert other == pytest.approx(one, abs=1e-6)


@given(listed, logs)
def test_one_more_token_of_a_word_speaks_for_it(candidates: tuple[tuple[str, float], ...], log: float) -> None:
    """Another token of the first word, no less likely than the others, never makes the margin smaller."""
    before = margin(candidates, YES_NO)
    assume(before is not None and log >= min(one for _, one in candidates))
    after = margin((*candidates, ("yes ", log)), YES_NO)
    assert before is not None
    assert after is not None
    assert after >= before - 1e-9


@given(logs, logs, logs, logs)
def test_all_tokens_of_a_word_are_added(one: float, two: float, three: float, four: float) -> None:
    """Case and blanks do not matter, and a beginning counts for its word: their probabilities are added."""
    found = margin(((" Yes", one), ("y", two), ("NO", three), ("perhaps", four)), YES_NO)
    assert found == pytest.approx(math.log(math.exp(one) + math.exp(two)) - three)


@pytest.mark.parametrize(
    ("candidates", "between", "expected"),
    [
        ([("yes", -0.5), ("maybe", -2.0), ("so", -4.0)], YES_NO, 3.5),  # "no" is at most as likely as the last one
        ([("maybe", -2.0), (" no", -4.0)], YES_NO, 0.0),
        ([("maybe", -0.1), ("so", -4.0)], YES_NO, None),
        ([("yes", -0.1)], YES_NO, None),
        ([("yes", -0.1), ("no", -2.0)], (), None),
        ([], YES_NO, None),
        ([("yesterday", -0.1), ("none", -1.0), ("", -1.0), (" ", -1.0)], YES_NO, None),
        ([("re", -0.1), ("reject", -1.0), ("refer", -3.0)], ("reject", "refer"), 2.0),  # "re" may begin either
        ([("support", -1.0), ("supports", -3.0), ("s", -0.1)], ("support", "supports"), 2.0),
    ],
)
def test_words_that_are_there_or_not(
    candidates: list[tuple[str, float]], between: tuple[str, ...], expected: float | None
) -> None:
    """A word that is not there has the least likely candidate as its bound; without either word nothing is known."""
    assert margin(tuple(candidates), between) == expected


@given(st.recursive(st.none() | st.floats() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner) | (
    st.dictionaries(st.sampled_from(["token", "logprob", "top_logprobs"]), inner)
)))  # fmt: skip
def test_what_a_server_gives_is_not_trusted(given_by_server: Any) -> None:
    """Whatever a server writes in the place of log-probabilities, the margin is a finite number or nothing."""
    for given_list in (given_by_server, [entry("yes", given_by_server, ("no", given_by_server), ("yes", -1.0))]):
        found = margin(first_token(given_list), YES_NO)
        assert found is None or math.isfinite(found)


def test_only_the_first_token_counts() -> None:
    """The written token is a candidate too, once; entries of later tokens and entries without numbers are not."""
    first = entry("maybe", -3.0, ("yes", -1.0), ("no", float("nan")), ("on", True), (None, -1.0), ("so", -(10**400)))
    assert first_token([first, entry("no", -0.1, ("no", -0.1))]) == (("yes", -1.0), ("so", -100.0), ("maybe", -3.0))
    assert first_token([entry("yes", -1.0, ("yes", -1.0))]) == (("yes", -1.0),)


def test_a_schema_and_two_words_are_not_asked_for_together() -> None:
    """A schema would allow other first tokens."""
    with pytest.raises(ValueError, match="schema"):
        question(schema=VOTE)


@pytest.fixture
def openai(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIDouble]:
    """A server of OpenAI's protocol that LLM_BASE_URL points to."""
    with OpenAIDouble() as double:
        monkeypatch.setenv("LLM_BASE_URL", double.url)
        yield double


ODDS = {" No": -0.3, "Yes": -1.5, " yes": -3.0, "Maybe": -5.0}
MARGIN = math.log(math.exp(-1.5) + math.exp(-3.0)) + 0.3


def test_ollama_is_asked_for_one_token(ollama: OllamaDouble) -> None:
    """The call asks for one token at temperature 0 and its candidates; the margin is that of the words' tokens."""
    ollama.answer = lambda _body: Answer(" No, it is not.", odds=ODDS)
    heard = list[str]()
    (reply,) = ask(question(temperature=0.9), on_text=heard.append)
    (chat,) = ollama.requests.chats()
    assert (chat.body["logprobs"], chat.body["top_logprobs"]) == (True, 20)
    assert (chat.body["options"]["num_predict"], chat.body["options"]["temperature"]) == (1, 0.0)
    assert (reply.text, reply.ended, reply.reply_tokens, heard) == ("No", "stop", 1, ["No"])
    assert reply.prompt_tokens == chat.prompt_tokens
    assert reply.margin == pytest.approx(MARGIN)


def test_a_server_of_openais_protocol_is_asked_for_one_token(openai: OpenAIDouble) -> None:
    """The same, in its own fields."""
    openai.odds = ODDS
    (reply,) = ask(question(temperature=0.9), SERVED)
    (body,) = openai.requests
    assert (body["logprobs"], body["top_logprobs"]) == (True, 20)
    assert (body["max_tokens"], body["max_completion_tokens"], body["temperature"]) == (1, 1, 0.0)
    assert (reply.text, reply.ended, reply.reply_tokens) == ("No", "stop", 1)
    assert reply.margin == pytest.approx(MARGIN)


def test_other_questions_do_not_ask_for_odds(ollama: OllamaDouble, openai: OpenAIDouble) -> None:
    """Without two words to tell apart, no log-probabilities are asked for, and there is no margin."""
    replies = [*ask(spoken("It is slow.")), *ask(spoken("It is slow."), SERVED)]
    assert [reply.margin for reply in replies] == [None, None]
    assert not any("logprobs" in body for body in (*(chat.body for chat in ollama.requests.chats()), *openai.requests))


def test_a_server_that_does_not_know_them(ollama: OllamaDouble, openai: OpenAIDouble) -> None:
    """A server that ignores the fields answers with its word, and there is no margin."""
    ollama.gives_odds = openai.gives_odds = False
    for reply in (*ask(question()), *ask(question(), SERVED)):
        assert reply.text in YES_NO
        assert (reply.margin, reply.retries, reply.reply_tokens) == (None, 0, 1)


@pytest.mark.parametrize("name", ["llama3.2", SERVED])
def test_a_server_that_refuses_them(name: str, ollama: OllamaDouble, openai: OpenAIDouble) -> None:
    """A refusal is remembered: the same calls are repeated without asking, at the same time too, and later ones do not ask."""
    openai.refuses_odds, openai.pause = "logprobs is not supported by this model", 0.05
    ollama.inject(faults.status(400, "unknown field logprobs", contains='"logprobs"', times=None))

    async def use(model: Model) -> list[Reply]:
        first = await asyncio.gather(*(model.reply(question()) for _ in range(3)))
        return [*first, await model.reply(question())]

    replies = with_model(use, name, pauses=QUICK, parallel=3)
    assert {reply.margin for reply in replies} == {None}
    assert {reply.text for reply in replies} <= set(YES_NO)
    assert replies[-1].retries == 0
    bodies = openai.requests if name == SERVED else [chat.body for chat in ollama.requests.chats()]
    assert "logprobs" not in bodies[-1]
    assert len(bodies) == 4 + sum("logprobs" in body for body in bodies)


def test_another_refusal_is_no_refusal_of_odds(ollama: OllamaDouble) -> None:
    """After a 400 for another reason, log-probabilities are asked for again."""
    ollama.inject(faults.status(400, "the temperature is out of range"))

    async def use(model: Model) -> Reply:
        with pytest.raises(Exception, match="temperature"):
            await model.reply(question())
        return await model.reply(question())

    assert with_model(use).margin is not None


@pytest.mark.parametrize("name", ["llama3.2", SERVED])
def test_a_repeated_call_has_a_margin(name: str, ollama: OllamaDouble, openai: OpenAIDouble) -> None:
    """A call that broke before its word is repeated, and asks for the same."""
    ollama.inject(faults.reset(after=0))
    openai.faults.append(Fault("reset"))
    repeated, once = ask([question(), question()], name)
    assert (repeated.retries, once.retries) == (1, 0)
    assert repeated.margin == pytest.approx(once.margin)


@pytest.mark.usefixtures("ollama", "openai")
def test_one_question_has_the_same_margin_on_both_servers() -> None:
    """Another provider of the same probabilities gives the same number, and the written word is the likelier one."""
    ours, theirs = ask(question())[0], ask(question(), SERVED)[0]
    assert ours.margin == pytest.approx(theirs.margin)
    assert ours.margin is not None
    assert ours.text == theirs.text == ("yes" if ours.margin > 0 else "no")


def test_a_script_may_give_a_margin(tmp_path: Path) -> None:
    """A whole reply of a script is given as it is, and a recording plays its margin back."""

    async def run() -> list[Reply]:
        scripted = ScriptedModel.of([Reply("yes", margin=1.5), "no"])
        recorder = Recorder(scripted, tmp_path / "recording")
        first = [await recorder.reply(question()), await scripted.reply(question())]
        recorded = RecordedModel(str(tmp_path / "recording"), settings_for())
        return [*first, await recorded.reply(question())]

    replies = asyncio.run(run())
    assert [(reply.text, reply.margin, reply.model) for reply in replies] == [
        ("yes", 1.5, "scripted"), ("no", None, "scripted"), ("yes", 1.5, "scripted")
    ]  # fmt: skip
    assert json.loads((tmp_path / "recording").read_text())["reply"]["margin"] == 1.5
