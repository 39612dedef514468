"""What of a long history goes into one prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.memory import Memory, Recollection, Remembered, Summary
from agents.store import Store

FACT = "The staging cluster's kubeconfig lives in the vault under team-heron."


def count(text: str) -> int:
    """Tokens of a text, roughly."""
    return len(text) // 3 + 1


def cost(chosen: Recollection) -> int:
    """Tokens of all that was chosen."""
    return sum(count(note) for note in chosen.notes) + sum(count(message.text) for message in chosen.talk)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Ten thousand messages of one agent; one fact among them, nine thousand messages ago."""

    def history() -> Iterator[Remembered]:
        for number in range(10_000):
            at = f"2026-{number // 900 + 1:02}-{number // 40 % 28 + 1:02}T10:00:00.000Z"
            text = f"On ticket {number} the team agreed about the {number % 97} deploys of cluster {number % 13}."
            yield Remembered(0, "cto", "old", "user", FACT if number == 1000 else text, at, 1)

    with Store(tmp_path_factory.mktemp("long")) as store:
        store.memories.load(history())
        yield store


def test_a_fact_said_nine_thousand_messages_ago_is_recalled(long: Store) -> None:
    """Asked for by its words, an old fact is among the notes, with its day."""
    chosen = Memory("cto", long.memories).choose("Where is the kubeconfig of the staging cluster?", "new", 500, count)
    assert f"(2026-02-26, you were told) {FACT}" in chosen.notes
    assert cost(chosen) <= 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(-50, 3000), question=st.text(max_size=80), session=st.sampled_from(["old", "new"]))
def test_a_prompt_keeps_within_its_budget(long: Store, budget: int, question: str, session: str) -> None:
    """Whatever is asked, what is chosen has no more tokens than it may, whatever the stored counts claim."""
    chosen = Memory("cto", long.memories).choose(question + " kubeconfig", session, budget, count)
    assert cost(chosen) <= max(0, budget)


def test_the_newest_talk_comes_in_order_and_starts_with_a_question(tmp_path: Path) -> None:
    """The session's newest messages are the transcript; an answer without its question is left out."""
    with Store(tmp_path) as store:
        memory = Memory("cto", store.memories)
        for number in range(6):
            memory.keep("s", f"question {number}", f"answer {number}", count)
        chosen = memory.choose("more", "s", 64, count)
        texts = [message.text for message in chosen.talk]
        assert texts[0].startswith("question")
        assert texts[-1] == "answer 5"
        assert texts == [message.text for message in store.memories.recent("cto", "s")][-len(texts) :]


def test_everything_fits_where_there_is_room(tmp_path: Path) -> None:
    """With a large budget all of a session up to its two hundred newest messages comes back."""
    with Store(tmp_path) as store:
        memory = Memory("cto", store.memories)
        for number in range(60):
            memory.keep("s", f"question {number}", f"answer {number}", count)
        assert len(memory.choose("zebra", "s", 100_000, count).talk) == 120


def test_pinned_notes_come_first_and_once(tmp_path: Path) -> None:
    """A pinned note is in every prompt it fits into, before recalled words, and is not recalled again."""
    with Store(tmp_path) as store:
        memory = Memory("cto", store.memories)
        memory.keep("other", "the budget of last year", "was larger", count)
        store.memories.pin("cto", "The budget is frozen.")
        notes = memory.choose("What is the budget?", "s", 200, count).notes
        assert notes[0] == "The budget is frozen."
        assert sum("frozen" in note for note in notes) == 1
        assert any("last year" in note for note in notes)


def test_what_is_in_the_transcript_is_not_recalled_as_well(tmp_path: Path) -> None:
    """A message is in the prompt once."""
    with Store(tmp_path) as store:
        memory = Memory("cto", store.memories)
        memory.keep("s", "zebra one", "zebra two", count)
        chosen = memory.choose("zebra", "s", 500, count)
        assert [message.text for message in chosen.talk] == ["zebra one", "zebra two"]
        assert chosen.notes == ()


def test_an_agent_recalls_nothing_of_anothers(tmp_path: Path) -> None:
    """Two agents share a store and no memory."""
    with Store(tmp_path) as store:
        store.memories.pin("qa_engineer", "a secret zebra")
        Memory("qa_engineer", store.memories).keep("s", "the zebra", "yes", count)
        assert Memory("cto", store.memories).choose("zebra", "s", 500, count) == Recollection()


@pytest.fixture(scope="module")
def summed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Ten thousand messages of one session, with a summary of all but the newest hundred; one fact long ago."""
    with Store(tmp_path_factory.mktemp("summed")) as store:
        store.memories.load(
            Remembered(
                0, "cto", "s", ("user", "assistant")[number % 2],
                FACT if number == 1000 else f"On ticket {number} the team agreed about {number % 97} deploys.",
                f"2026-{number // 900 + 1:02}-{number // 40 % 28 + 1:02}T10:00:00.000Z",
            )
            for number in range(10_000)
        )  # fmt: skip
        last = store.memories.recent("cto", "s", limit=100)[0]
        text, made = "xylophone " + "and what it came to " * 20, "2026-12-30T00:00:00.000Z"
        assert store.summaries.add(Summary("cto", "s", 1, last.number, "2026-01-01", last.at, text, "m", made))
        yield store


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(-50, 3000), question=st.text(max_size=80))
def test_a_prompt_with_a_summary_keeps_within_its_budget(summed: Store, budget: int, question: str) -> None:
    """Notes, summary, talk and recalled words have together no more tokens than they may."""
    chosen = Memory("cto", summed.memories, summed.summaries).choose(f"{question} kubeconfig", "s", budget, count)
    assert cost(chosen) <= max(0, budget)


def test_beside_a_summary_an_old_fact_is_still_recalled(summed: Store) -> None:
    """Summary, newest talk and a fact said nine thousand messages ago stand in one prompt; of another session's talk
    there is no summary in it.
    """
    memory = Memory("cto", summed.memories, summed.summaries)
    chosen = memory.choose("Where is the kubeconfig of the staging cluster?", "s", 800, count)
    assert any("xylophone" in note for note in chosen.notes)
    assert any(FACT in note for note in chosen.notes)
    assert chosen.talk[-1].number == 10_000
    elsewhere = memory.choose("Where is the kubeconfig of the staging cluster?", "new", 800, count)
    assert not any("xylophone" in note for note in elsewhere.notes)


def test_an_older_message_is_one_line_of_the_notes(tmp_path: Path) -> None:
    """A message with line feeds cannot write lines of its own into a later prompt."""
    with Store(tmp_path) as store:
        chat = "Vote on the proposal T9:\nanswer in JSON\u2028now, about the vault"
        store.memories.add("cto", "old", "user", chat, tokens=10)
        store.memories.add("cto", "old", "note", "A pinned\nnote", tokens=3, pinned=True)
        chosen = Memory("cto", store.memories).choose("the vault", "new", 500, count)
    assert chosen.notes[0] == "A pinned note"
    assert chosen.notes[1].endswith("Vote on the proposal T9: answer in JSON now, about the vault")
