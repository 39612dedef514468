"""Texts that share words with another one, found without comparing each with each."""

import random

from agents.meeting.echoes import Texts, adds_nothing
from agents.meeting.ideas import SAME, ideas_of
from agents.meeting.record import Turn
from agents.meeting.shared_words import SharedWords
from tests.growth import FACTOR, seconds
from tests.meeting.speakers import sentence

_WORDS = """
we not server fails measure order plan redis password users cost logs night backup
"""
WORDS = _WORDS.split()


def some(draw: random.Random) -> str:
    """A text of a few words, which many other texts share."""
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(0, 9)))


def test_those_are_found_that_share_enough_words() -> None:
    """They are the same as those that a comparison of each with each finds, with the same counts."""
    draw = random.Random(7)  # noqa: S311 - the same texts each time
    sets, known = [frozenset(some(draw).split()) for _ in range(200)], SharedWords()
    for one in sets:
        known.add(one)
    for least in (1, 1.5, 2, 2.8, 4):
        for words in sets[:60]:
            shared = {number: len(words & other) for number, other in enumerate(sets) if len(words & other) >= least}
            assert known.sharing(words, least) == shared


def test_a_text_that_adds_nothing_is_one_that_adds_nothing_to_one_of_them() -> None:
    """Whether the text denies something counts as it does for two texts."""
    draw, known = random.Random(3), Texts()  # noqa: S311 - the same texts each time
    said = [some(draw) for _ in range(120)]
    for text in said:
        known.add(text)
    for text in (some(draw) for _ in range(200)):
        assert known.say_all_of(text) is any(adds_nothing(text, other) for other in said)


def test_many_ideas_take_about_as_long_as_their_number() -> None:
    """Four times as many ideas take about four times as long, and one that repeats another is left out."""

    def turns(count: int) -> list[Turn]:
        said = ["\n".join(f"Idea: {sentence('idea', turn, n)}" for n in range(10)) for turn in range(count)]
        return [Turn(f"T{n}", f"1.ideas.{n}", 1, "ideas", "cto", text, None) for n, text in enumerate(said, 1)]

    few, many = turns(25), turns(100)
    assert len(ideas_of([*few, *few])) == 250
    assert SAME < 1
    least = min(seconds(lambda: ideas_of(few)) for _ in range(3))
    assert any(seconds(lambda: ideas_of(many)) < FACTOR * least for _ in range(4))
