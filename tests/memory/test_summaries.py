"""Old stretches of talk are summed up once, and the summary goes with every later question."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.agent import Agent
from agents.errors import ModelError
from agents.log import Log
from agents.memory import LEAST_MESSAGES, LEAST_TOKENS, Memory, Summary
from agents.model import Prompt, Task
from agents.model.logged import LoggedModel
from agents.model.rehearsal.checklist import LISTED
from agents.model.scripted import ScriptedModel
from agents.orchestrator import AgentOrchestrator
from agents.role.file import roles_in
from agents.store import Store
from tests.memory.test_memory import count
from tests.model.talking import settings_for
from tests.ollama_double import OllamaDouble

WORD = "xylophone"


def talk(number: int) -> tuple[str, str]:
    """A question and its answer, about 60 tokens each."""
    about = "the deploys of this cluster, its alarms and who looks after them " * 2
    return f"Question {number} about {about}", f"Answer {number} about {about}"


@dataclass
class Scene:
    """An agent of the store with a model that was scripted, whose calls are counted."""

    store: Store
    model: ScriptedModel
    agent: Agent

    def ask(self, question: str = "And now?", **more: int) -> str:
        """Ask; a short answer leaves room, as a server's settings do."""
        return asyncio.run(self.agent.chat(question, session="s", max_tokens=400, **more)).text  # type: ignore[arg-type]

    def tasks(self) -> list[str]:
        """What the model was called for, in order."""
        return [prompt.task.value for prompt in self.model.prompts]

    def remember(self, first: int, upto: int) -> None:
        """Exchanges that were had before."""
        assert self.agent.memory
        for number in range(first, upto):
            self.agent.memory.keep("s", *talk(number), count)


def say(prompt: Prompt) -> str:
    """What a model might: a summary that names how many messages it read."""
    return f"{WORD} {len(prompt.transcript)}" if prompt.task is Task.SUMMARY else "Yes."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A CTO with a context of 4096 tokens, of which about 1300 are for memory."""
    with Store(tmp_path / "data") as store:
        model = ScriptedModel.of(say, 4096)
        log = Log(tmp_path / "logs")
        role = roles_in(settings_for().role_places)["cto"]
        yield Scene(
            store, model, Agent(role, LoggedModel(model, log), Memory("cto", store.memories, store.summaries), log)
        )


def test_what_fell_out_is_summed_up_once(scene: Scene) -> None:
    """One call for a stretch, before the answer; none again until another stretch has fallen out; each takes in the one
    before and reads only what is new.
    """
    scene.remember(0, 40)
    scene.ask()
    assert scene.tasks() == ["summary", "chat"]
    first = scene.store.summaries.latest("cto", "s")
    assert first
    assert first.first == 1
    for _ in range(5):
        scene.ask("And then?")
    assert scene.tasks() == ["summary", "chat"] + ["chat"] * 5
    scene.remember(40, 60)
    scene.ask()
    assert scene.tasks()[-2:] == ["summary", "chat"]
    second = scene.store.summaries.latest("cto", "s")
    assert second
    assert (second.first, second.since) == (1, first.since)
    assert second.last > first.last
    call = scene.model.prompts[-2]
    assert call.memory == (first.text,)
    assert call.transcript[0].text == scene.store.memories.recent("cto", "s", after=first.last, limit=200)[0].text
    assert call.messages()[-1].text.endswith("?")


def test_the_summary_goes_with_the_question_and_nowhere_else(scene: Scene) -> None:
    """It is in the last message, after pinned notes and before older messages; it is not in the rest of the prompt."""
    scene.store.memories.pin("cto", "The budget is frozen.")
    scene.remember(0, 40)
    scene.ask("What of the alarms of question 3?")
    *before, last = scene.model.prompts[-1].messages()
    assert WORD in last.text
    assert not any(WORD in message.text for message in before)
    lines = last.text.splitlines()
    places = [next(at for at, line in enumerate(lines) if words in line) for words in ("frozen", WORD, "Question 3 ")]
    assert places == sorted(places)
    assert last.text.endswith("What of the alarms of question 3?")


def test_a_short_stretch_is_left_alone(scene: Scene) -> None:
    """If too few messages or tokens have dropped out, there is no summary."""
    scene.remember(0, 20)
    scene.ask()
    for number in range(150):
        scene.store.memories.add("cto", "t", "user", f"{number}")
    for number in range(14):
        scene.store.memories.add("cto", "u", "user", f"{number} " + "long words " * 90)
    for session in ("t", "u"):
        asyncio.run(scene.agent.chat("Well?", session=session, max_tokens=400))
    assert scene.tasks() == ["chat"] * 3


def test_the_stretch_has_what_it_takes(scene: Scene) -> None:
    """The messages to summarise are those that dropped out, at least a minimum of messages and tokens, cut to fit the call."""
    memory = scene.agent.memory
    assert memory
    scene.remember(0, 60)
    due = memory.stretch("s", 1300, 5000, count)
    assert due
    assert not due.gap
    shown = memory.choose("zebra", "s", 1300, count).talk
    assert due.messages[-1].number < shown[0].number
    assert len(due.messages) >= LEAST_MESSAGES
    assert sum(count(message.text) for message in due.messages) >= LEAST_TOKENS
    tight = memory.stretch("s", 1300, 600, count)
    assert tight
    assert tight.gap
    assert tight.messages[-1].number == due.messages[-1].number
    assert sum(count(message.text) + 4 for message in tight.messages) <= 600
    assert memory.stretch("s", 1300, 3, count) is None


@pytest.mark.parametrize("wrong", ["error", "empty"])
def test_without_a_summary_the_question_is_answered_all_the_same(wrong: str, scene: Scene, tmp_path: Path) -> None:
    """A model that fails to sum up, or says nothing, costs a line in the log that has no word of the talk."""

    def fail(prompt: Prompt) -> str:
        if prompt.task is not Task.SUMMARY:
            return "Yes."
        if wrong == "error":
            raise ModelError(f"It said {talk(1)[0]}.", "Ask again.")
        return " \n"

    scene.agent.model = ScriptedModel.of(fail, 4096)
    scene.remember(0, 40)
    assert scene.ask() == "Yes."
    assert scene.store.summaries.export() == []
    text = (tmp_path / "logs" / "orchestrator.log").read_text()
    [line] = [json.loads(line) for line in text.splitlines()]
    assert (line["event"], line["agent"], line["error"]) == ("no summary", "cto", "ModelError")
    assert "Question" not in text


def test_a_summary_that_cannot_be_kept_fails_nothing(scene: Scene) -> None:
    """Cleared in the middle of the call, the talk stays cleared, and the question is answered."""

    def clear(prompt: Prompt) -> str:
        if prompt.task is Task.SUMMARY:
            scene.store.memories.clear("cto")
        return "Yes."

    scene.agent.model = ScriptedModel.of(clear, 4096)
    scene.remember(0, 40)
    assert scene.ask() == "Yes."
    assert scene.store.summaries.export() == []
    assert [message.text for message in scene.store.memories.recent("cto")] == ["And now?", "Yes."]


def test_asking_without_a_trace_sums_up_nothing(scene: Scene) -> None:
    """A question that is not to be remembered reads no memory and leaves no summary."""
    scene.remember(0, 40)
    scene.ask(remember=False)
    assert scene.tasks() == ["chat"]
    assert scene.store.summaries.export() == []


def test_taking_back_drops_the_summary_that_covers_it(scene: Scene) -> None:
    """A summary that knows of what is taken back goes; the one before it is in force again."""
    scene.remember(0, 30)
    messages = scene.store.memories.recent("cto", "s")
    for upto in (40, 60):
        last = messages[upto - 1]
        made = "2026-03-01T00:00:00.000Z"
        assert scene.store.summaries.add(Summary("cto", "s", 1, last.number, messages[0].at, last.at, "x", "m", made))
    assert scene.store.memories.forget_newest("cto", "s", talk(29)) == 2
    assert [summary.last for summary in scene.store.summaries.export()] == [messages[39].number]
    assert scene.store.memories.forget_newest("cto", "s", talk(28)) == 2
    assert len(scene.store.summaries.export()) == 1


def test_forgetting_covered_messages_sums_up_nothing_again(scene: Scene) -> None:
    """Pruned messages stay deleted, their summary is still used, and no second call is made for them."""
    scene.remember(0, 40)
    scene.ask()
    kept = scene.store.summaries.latest("cto", "s")
    scene.store.memories.prune(keep_last=10)
    scene.ask("What of question 3?")
    assert scene.tasks() == ["summary", "chat", "chat"]
    assert scene.store.summaries.latest("cto", "s") == kept
    shown = "\n".join(message.text for message in scene.model.prompts[-1].messages())
    assert WORD in shown
    assert "Question 3 about" not in shown


def load(data: Path, how_many: int, say: Callable[[int], tuple[str, str]] = talk) -> None:
    """So many exchanges with the CTO, in the session that ``ask`` uses."""
    with Store(data) as store:
        memory = Memory("cto", store.memories)
        for number in range(how_many):
            memory.keep("default", *say(number), count)


def test_ollama_is_given_the_summary_in_the_last_message_only(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Over the wire: one call sums up, and of the next chat request only the last message has the summary."""
    load(tmp_path / "data", 90)
    ollama.answer = [f"They talked of a {WORD}.", "Yes.", "No."]
    with AgentOrchestrator() as orchestrator:
        assert orchestrator.chat_with_agent("cto", "And now?") == "Yes."
        assert orchestrator.chat_with_agent("cto", "Really?") == "No."
    summing, *chats = ollama.requests.chats()
    assert summing.last_message.endswith("still open?")
    assert len(chats) == 2
    for chat in chats:
        assert WORD in chat.last_message
        assert not any(WORD in str(message["content"]) for message in chat.messages[:-1])
    assert chats[0].messages[0] == chats[1].messages[0] == summing.messages[0]
    with Store(tmp_path / "data") as store:
        [kept] = store.summaries.export()
        assert (kept.text, kept.model) == (f"They talked of a {WORD}.", "ollama:llama3.2")


def test_rehearsing_lists_questions_and_says_so(tmp_path: Path) -> None:
    """Without a model the summary is a list of how the newest questions began, the same each time, labelled as no
    model's; what a model wrote before stays.
    """
    load(tmp_path / "data", 120, lambda number: (f'Is "cluster {number}" safe to deploy?', "Perhaps."))
    with Store(tmp_path / "data") as store:
        for _ in range(30):
            Memory("cto", store.memories).keep("default", "Why? " * 900, "Because.", count)
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        orchestrator.chat_with_agent("cto", "And now?")
        [kept] = orchestrator.summaries.export()
    assert kept.model == "rehearsal, no model"
    assert kept.text.startswith(LISTED)
    assert '"Is \'cluster 119\' safe to deploy?"; "Why? Why?' in kept.text
    assert "cluster 3'" not in kept.text
    role = roles_in(settings_for().role_places)["cto"]
    again = Prompt("?", Task.SUMMARY, memory=(f"A model wrote this. {kept.text}",), role=role)

    async def rehearsed() -> str:
        async with AgentOrchestrator(model="rehearsal") as orchestrator:
            return (await (await orchestrator.resources.model()).reply(again)).text

    assert asyncio.run(rehearsed()) == f"A model wrote this. {kept.text}"


def test_a_mistake_of_ours_is_not_taken_for_a_failed_summary(scene: Scene) -> None:
    """Only errors that have a cause in words are passed over; a bug is seen."""

    def crash(prompt: Prompt) -> str:
        raise ZeroDivisionError(prompt.task)

    scene.agent.model = ScriptedModel.of(crash, 4096)
    scene.remember(0, 40)
    with pytest.raises(ZeroDivisionError, match="summary"):
        scene.ask()
