"""Counting tokens before a server does."""

from hypothesis import example, given
from hypothesis import strategies as st

from agents.model.tokens import TokenCounter
from tests.ollama_double import count
from tests.ollama_double.tokens import render

PROSE = "We keep sessions in memory; a restart loses them, and nobody has measured how often that happens. "

words = st.lists(
    st.sampled_from(
        ["we", "keep", "the", "cache", "because", "nobody", "measured", "restarts,", "and", "sessions", "go."]
    ),
    min_size=1,
)
talks = st.lists(words.map(" ".join), min_size=1, max_size=12)


def counted(said: list[tuple[str, str]]) -> int:
    """The server's own count."""
    return count(render([{"role": author, "content": text} for author, text in said]))


def said_of(talk: list[str], tail: str) -> list[tuple[str, str]]:
    """A meeting's prompt."""
    return [("system", PROSE), *(("user", text) for text in talk), ("user", tail)]


def test_empty_text() -> None:
    """An empty text has no tokens, any other at least one."""
    counter = TokenCounter()
    assert counter.count("") == 0
    assert counter.count("a") >= 1


@given(st.text(max_size=300))
def test_count_is_not_below_words(text: str) -> None:
    """A text is never counted shorter than a third of its bytes, before anything was learned."""
    assert TokenCounter().count(text) >= len(text.encode("utf-8", "replace")) / 3


def test_nothing_known() -> None:
    """Before the first answer, nothing is known about the server's cache."""
    estimate = TokenCounter().estimate([("user", PROSE)])
    assert estimate.shared is None
    assert estimate.least <= counted([("user", PROSE)]) <= estimate.most + 64


@example(["we"], ["we"] * 6, ["we"], ["we"])
@given(talks, talks, words, words)
def test_estimate_brackets_the_count(talk: list[str], more: list[str], tail: list[str], other: list[str]) -> None:
    """What the server counts lies between the least and the most that were expected, reserve included."""
    counter = TokenCounter()
    first = said_of(talk, " ".join(tail))
    counter.learn(first, counted(first))
    second = said_of([*talk, *more], " ".join(other))
    estimate = counter.estimate(second)
    assert estimate.least <= counted(second) <= estimate.most + 64


def test_shared_head() -> None:
    """Of a prompt that continues another one, all but the ends is shared."""
    counter = TokenCounter()
    talk = [f"{number}: {PROSE}" for number in range(20)]
    first, second = said_of(talk, "You are the tester. Speak."), said_of([*talk, PROSE], "You are the writer. Speak.")
    counter.learn(said_of(["something else"], "entirely"), 60)
    counter.learn(first, counted(first))
    shared = counter.estimate(second).shared
    assert shared is not None
    assert abs(shared - counted(first[:-1])) < 15


def test_other_prompts_share_nothing() -> None:
    """A prompt with another start shares nothing, and is estimated from what was learned about the model."""
    counter = TokenCounter()
    first = said_of([PROSE] * 40, "Speak.")
    counter.learn(first, counted(first))
    other = [("system", f"Quite another brief. {PROSE}"), ("user", PROSE * 30)]
    estimate = counter.estimate(other)
    assert estimate.shared == 0
    assert abs(estimate.tokens - counted(other)) < 0.1 * counted(other)


def test_a_cut_is_below_the_least() -> None:
    """A server that read half of a long prompt read less than the least."""
    counter = TokenCounter()
    talk = [f"{number}: {PROSE}" for number in range(40)]
    first = said_of(talk, "Speak.")
    whole = said_of([*talk, PROSE], "Speak.")
    assert counted(whole) // 2 < TokenCounter().estimate(whole).least
    counter.learn(first, counted(first))
    assert 0.85 * counted(whole) < counter.estimate(whole).least <= counted(whole)
