"""Search in memories."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory import Remembered
from agents.store import Store
from tests.store.histories import ANY_TEXT, MANY, MESSAGES, QUICK


@MANY
@given(terms=ANY_TEXT)
def test_any_text_is_a_valid_search(store: Store, terms: str) -> None:
    """Quotes, operators, brackets, control characters and empty text never make a search fail."""
    store.memories.add("cto", "default", "user", f"The failover takes thirty seconds. {terms}")
    for found in (store.memories.search(terms, "cto"), store.memories.search(terms)):
        assert all(message.agent == "cto" for message in found)
    store.memories.snippets(terms)


@pytest.mark.parametrize(
    "terms",
    [
        '"', '""', "'", '"unbalanced', "AND", "OR", "NOT", "NEAR(", "NEAR(a b, 2)", "a*", "^a", "text:a", "-a", "(",
        ")", "{text agent} : x", "", " ", "\x00", "\ud800", "%", "; DROP TABLE messages", "a" * 10_000, "日本語", "🚀",
    ],
)  # fmt: skip
def test_the_query_language_of_the_index_is_not_used(store: Store, terms: str) -> None:
    """Text with a meaning in the query language is searched like any other."""
    store.memories.add("cto", "default", "user", "an innocent message")
    assert store.memories.search(terms) == []
    assert store.memories.snippets(terms) == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Die Größe der Façade", "facade"),
        ("NAÏVE users", "naive"),
        ("naive users", "NAÏVE"),
        ("Привет, мир", "ПРИВЕТ"),
        ("東京 は 首都", "東京"),
        ("use O'Reilly's book", "o'reilly"),
        ("port 8080", "8080?"),
        ("NOT a test", "NOT test"),
    ],
)
def test_a_word_is_found_with_any_case_and_accents(store: Store, said: str, asked: str) -> None:
    """Case, accents and punctuation make no difference to a search."""
    store.memories.add("cto", "default", "user", said)
    assert [message.text for message in store.memories.search(asked)] == [said]


@QUICK
@given(messages=MESSAGES, words=st.lists(st.sampled_from(["redis", "plan", "über", "42"]), min_size=1, max_size=3))
def test_all_messages_with_the_words_are_found_and_none_of_others(messages: list[Remembered], words: list[str]) -> None:
    """A search in one agent's memory finds all its messages with the words, and never another agent's."""
    said = " ".join(words)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.memories.load(messages)
        wanted = [store.memories.add(agent, "s", "user", f"so {said} it is") for agent in ("cto", "cto_2")]
        found = store.memories.search(said, "cto", limit=100)
        assert wanted[0] in [message.number for message in found]
        assert {message.agent for message in found} == {"cto"}


def test_the_best_match_comes_first(store: Store) -> None:
    """A message with the rare word comes before those with the common one."""
    for number in range(30):
        store.memories.add("cto", "s", "user", f"the plan number {number}")
    wanted = store.memories.add("cto", "s", "user", "the plan names a zebra")
    store.memories.add("cto", "s", "user", "the plan goes on")
    assert store.memories.search("zebra plan")[0].number == wanted


def test_a_message_with_all_the_words_comes_first(store: Store) -> None:
    """Of a few words, a message with all of them stands before those with fewer, however rare and short these are, and
    also where one of the words is in most messages.
    """
    everything = "The cable was flaky, " + "and so on and so forth, " * 20 + "until somebody changed the password"
    said = [
        "flaky", "flaky cable", everything, "flaky flaky flaky", "cable cable password", "flaky, with no cable",
        *(f"password {number}" for number in range(700)),
    ]  # fmt: skip
    for text in said:
        store.memories.add("cto", "default", "user", text)
    found = [message.text for message in store.memories.search("flaky cable password", limit=5)]
    assert found[0] == everything
    assert set(found[1:4]) == {"flaky cable", "cable cable password", "flaky, with no cable"}
    assert [message.text for message in store.memories.search("flaky cable password", limit=2)] == found[:2]


def test_snippets_show_the_words_in_brackets(store: Store) -> None:
    """A snippet is a short piece of a long message, around the words that were found."""
    store.memories.add("cto", "s", "user", "so " * 400 + "a Rollback plan " + "on " * 400)
    [(message, piece)] = store.memories.snippets("rollback")
    assert "[Rollback] plan" in piece
    assert len(piece) < 200 < len(message.text)


def test_common_words_together_find_an_old_message(store: Store) -> None:
    """A message is found by words that are each in thousands of others, if only it contains them all."""
    words = ("ledger", "harbor", "copper", "violet")

    def history() -> list[Remembered]:
        said = [f"the {words[number % 4]} of {number}" for number in range(5000)]
        said[40] = "the copper ledger in the violet harbor"
        return [Remembered(0, "cto", "s", "user", text, "2026-01-01T00:00:00.000Z") for text in said]

    store.memories.load(history())
    assert store.memories.search("Which harbor has the copper, violet ledger?")[0].number == 41
