"""The time that minutes take grows with what was said, and not faster."""

import gc

import pytest

from agents.meeting.minutes import build
from agents.meeting.minutes.alike import Entries
from agents.meeting.minutes.surroundings import around
from tests.api.pages.long_meetings import long_events
from tests.growth import FACTOR, seconds
from tests.meeting.speakers import sentence

MEETINGS = {"long turns": ((3, 30), (3, 120)), "many turns": ((30, 3), (120, 3)), "both": ((15, 10), (30, 20))}
"""Turns, and entries of each, of a meeting and of one with four times as many entries."""


@pytest.mark.parametrize("name", MEETINGS)
def test_four_times_as_many_entries_take_about_four_times_as_long(name: str) -> None:
    """Neither long turns nor many turns make the time grow with the square of the entries."""
    short, long = (long_events(turns, risks) for turns, risks in MEETINGS[name])
    build(short)
    gc.collect()
    for _ in range(4):  # another process may have had the machine
        least = min(seconds(lambda: build(short)) for _ in range(3))
        if min(seconds(lambda: build(long)) for _ in range(2)) < FACTOR * least:
            return
    pytest.fail(f"{name}: more than {FACTOR} times the time for four times the entries")


def test_the_entries_that_say_the_same_are_those_found_one_by_one() -> None:
    """An index finds the same entries as a comparison of each with each, also after one was changed."""
    words = [sentence(n // 3, "redis" if n % 2 else "the server").split() for n in range(60)]
    texts = [" ".join(each[: 3 + n % 7]) for n, each in enumerate(words)]
    texts += ["it is not this", "it is this", "", "not this it is", "who is it"]
    index = Entries()
    for text in texts:
        index.add(text)
    index.change(4, texts[50])
    texts[4] = texts[50]
    for text in (*texts, *(f"{one} perhaps" for one in texts)):
        each = []
        for number, other in enumerate(texts):
            alone = Entries()
            alone.add(other)
            each += [number] if alone.like(text) else []
        assert index.like(text) == each


@pytest.mark.parametrize(
    ("lines", "entry", "why"),
    [
        ("Risk: it fails\nScratch that.", "it fails", "a line below it says more"),
        ("Scratch that.\nRisk: it fails", "it fails", ""),
        ("We do not take these on:\nRisk: it fails", "it fails", "the line before it says more"),
        ("We do not take these on:\nRisk: it fails\n\nRisk: it breaks", "it breaks", ""),
        ("Risk: it fails\nWe do not take these on:\nRisk: it fails", "it fails", ""),
        ("Risk: it fails", "it breaks", ""),
        ("nothing with a label", "", ""),
        ("We do not take these on:\nRisk: it fails", "", "the line before it says more"),
    ],
)
def test_the_first_line_with_the_words_is_meant(lines: str, entry: str, why: str) -> None:
    """What stands around the first labelled line with these words counts."""
    assert around(lines, entry).startswith(why)
    assert bool(around(lines, entry)) is bool(why)
