"""Answers that repeat themselves are found, and repetition that people write is left alone."""

import json
import time
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.model.loops import Loops, first_time

LOOPS = [
    ("The store has no owner. ", "One server holds all the sessions. ", 6),
    ("Position: for\n", "Risk: one server holds all sessions and nobody watches it.\n", 6),
    ('{"facts": [', '"The cache is never emptied by anybody.", ', 6),
    ('{"facts": [', '{"text": "It is down.", "impact": "high"}, ', 6),
    ("", "no ", 60),
    ("Well, ", "aha", 60),
    ("Done.", "\n", 40),
    ('{"text": "It is down"', " ", 400),
    ("Then:", "\n\n \n", 20),
    ("Rule: ", "-", 1300),
    ("See ", "the same thing again and ", 20),
    ("", "数据库没有备份也没有人负责恢复它的工作这是一个很大的风险。", 6),
]
"""A beginning, and what follows it without end: unit and number."""

WRITTEN = [
    "| a | b | c |\n|---|---|---|\n" + "|  |  |  |\n" * 12,
    "| done | yes |\n" * 3 + "-" * 400 + "\n" + "=" * 400,
    "    await page.keyboard.press('Tab')\n" * 4 + "    await page.click('Save')\n",
    json.dumps([["none"] * 12, [0] * 100, ["high", "low"] * 9, [""] * 40]),
    json.dumps({"risks": [{"text": "", "owner": "", "due": "", "impact": ""}] * 3}, indent=2),
    "\n".join(f"{number}. Add an index on column_{number} of orders." for number in range(40)),
    "Q1 brought 10 million. Q2 brought 12 million. Q3 brought 14 million. Q4 brought 15 million.",
    "assert f(1) == 1\nassert f(2) == 4\nassert f(3) == 9\nassert f(4) == 16\nassert f(5) == 25\n" * 2,
    "ha " * 12 + "\n" * 6 + " " * 100 + "* * * * * * * *",
    "x = [\n" + "    0, 0, 0, 0, 0, 0, 0, 0,\n" * 8 + "]\n",
    "It is slow. It is slow. It is slow, and nobody knows why.",
    "a\tb\tc\n" + "\t\t\n" * 15,
]
"""Texts with repetition that is meant."""

WORDS = [
    "the",
    "store",
    "has",
    "one",
    "owner",
    "and",
    "nobody",
    "watches",
    "cache",
    "disks",
    "before",
    "rollback",
    "of",
    "every",
    "release",
    "soon",
]
"""One word for each digit of a number."""


def sentence(number: int) -> str:
    """A sentence that no other number has."""
    return " ".join(WORDS[int(digit, 16)] for digit in f"{number:x}").capitalize() + ". "


sentences = st.integers(2**12, 2**44).map(sentence)


def pieces_of(text: str, sizes: Sequence[int]) -> list[str]:
    """A text in pieces of these sizes, again and again."""
    pieces, at, number = list[str](), 0, 0
    while at < len(text):
        size = sizes[number % len(sizes)]
        pieces.append(text[at : at + size])
        at, number = at + size, number + 1
    return pieces


def arrived(text: str, sizes: Sequence[int] = (4,)) -> str:
    """What has arrived when a loop is found; "" if none is."""
    loops, so_far = Loops(), ""
    for piece in pieces_of(text, sizes):
        so_far += piece
        if loops.found(piece):
            return so_far
    return ""


@pytest.mark.parametrize(("start", "unit", "times"), LOOPS)
def test_a_loop_is_found_and_its_unit_is_kept_once(start: str, unit: str, times: int) -> None:
    """Whatever the sizes of the pieces, the answer ends with the first occurrence of what is repeated."""
    for sizes in ((1,), (4,), (3, 7, 1), (50,)):
        seen = arrived(start + unit * times, sizes)
        assert seen
        assert first_time(seen).rstrip(" ,\n") == (start + unit).rstrip(" ,\n")


def test_entries_of_a_list_that_differ_in_their_number_are_a_loop() -> None:
    """A numbered list of one and the same sentence is as much a loop as the sentence without numbers."""
    seen = arrived("Risks:\n" + "".join(f"{number}. Nobody watches the disk.\n" for number in range(1, 9)))
    assert first_time(seen) == "Risks:\n1. Nobody watches the disk."


@pytest.mark.parametrize("text", WRITTEN)
def test_repetition_that_people_write_is_left_alone(text: str) -> None:
    """Tables, rules, equal lines of code, short lists of equal words and a sentence said twice are no loops."""
    for sizes in ((1,), (4,), (50,)):
        assert not arrived(text, sizes)


@settings(deadline=None, max_examples=50)
@given(st.lists(sentences, unique=True, max_size=25), st.sampled_from(["", "\n", "- ", "    "]), st.integers(1, 30))
def test_prose_and_lists_of_different_sentences_are_no_loops(said: list[str], between: str, size: int) -> None:
    """Neither as text, nor as a list in JSON, nor as a numbered list."""
    assert not arrived(between.join(said), (size,))
    assert not arrived(json.dumps({"facts": [{"text": text, "impact": "high"} for text in said]}, indent=1), (size,))
    assert not arrived("\n".join(f"{number}. {text}" for number, text in enumerate(said)), (size,))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 2**16), unique=True, max_size=60))
def test_code_of_similar_lines_is_no_loop(numbers: list[int]) -> None:
    """Lines that differ in a name or a number are not the same line."""
    assert not arrived("".join(f"    self.field_{number:x} = settings.values[{number % 9}]\n" for number in numbers))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(sentences, max_size=6),
    st.lists(sentences, min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
def test_any_repeated_sentences_are_found(before: list[str], unit: list[str], sizes: list[int]) -> None:
    """A unit of one to three sentences is found within a few repetitions, and kept once."""
    start, again = "".join(before), "".join(unit)
    assume(24 <= len(again) <= 400)
    seen = arrived(start + again * 6, sizes)
    assert seen
    assert len(seen) <= len(start) + 5 * len(again) + 80
    kept = first_time(seen)
    assert (start + again * 2).startswith(kept)
    assert len(kept) <= len(start + again)


@settings(deadline=None, max_examples=50)
@given(st.lists(sentences, unique=True, max_size=20))
def test_a_text_without_a_loop_is_not_shortened(said: list[str]) -> None:
    """No words are lost of an answer that does not repeat itself."""
    assert first_time("".join(said)) == "".join(said)


def test_a_few_repetitions_are_enough_where_the_server_has_stopped() -> None:
    """What is not yet a loop in a running answer explains why an answer has stopped without an end."""
    for text in ("Yes, " + "no " * 12, "Yes.\n" + "\n" * 12):
        loops = Loops()
        assert not loops.found(text)
        assert loops.suspected()
    loops = Loops()
    loops.found("We should keep the cache, and measure first.")
    assert not loops.suspected()


def test_watching_takes_time_in_proportion_to_the_answer() -> None:
    """A quarter of a million characters that nearly repeat are watched in a moment."""
    text = "".join(f"{number % 7}, {number}, " for number in range(25_000))
    began = time.process_time()
    assert not arrived(text)
    assert time.process_time() - began < 15
