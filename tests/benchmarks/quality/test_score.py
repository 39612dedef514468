"""Scores of runs by lines and by pairs, and their intervals."""

import json
from pathlib import Path

import pytest

from agents.errors import UsageError
from benchmarks.quality.bootstrap import difference, interval, share
from benchmarks.quality.label import unlabelled
from benchmarks.quality.pairs import Labels, Pair, pair_of, read_pairs
from benchmarks.quality.score import Part, score
from tests.benchmarks.quality.small import NAME, case_in, claim, run_of

NOTHING = Labels([])
YES, NO = Part(counts=True), Part(counts=False)


def counts(parts: list[Part] | tuple[Part, ...]) -> list[bool | None]:
    """Which parts count."""
    return [part.counts for part in parts]


def test_a_claim_hits_a_flaw_if_its_lines_touch(tmp_path: Path) -> None:
    """Lines 3 to 4 touch the flaw in 4; a claim without lines touches nothing and is a miss."""
    scores = score(run_of(claim(3, 4), claim(3), claim(17), claim(0)), case_in(tmp_path), NOTHING)
    assert counts([*scores.precision]) == [True, False, False, False]
    assert counts([*scores.traps]) == [False, False, True, False]
    assert counts([*scores.recall]) == [True, False]
    assert [round(part.chance, 3) for part in scores.precision] == [0.5, 0.222, 0.222, 0.222]


def test_only_ten_claims_are_the_first_ten(tmp_path: Path) -> None:
    """What comes later counts for all, not for the first."""
    scores = score(run_of(*[claim(3)] * 10, claim(4)), case_in(tmp_path), NOTHING)
    assert share(scores.first) == 0
    assert share(scores.precision) == pytest.approx(1 / 11)
    assert (share(scores.recall_first), share(scores.recall)) == (0, 0.5)


def test_the_chance_of_a_flaw_grows_with_the_claims(tmp_path: Path) -> None:
    """Two lines drawn at random find one of nine content lines with 1 - (8/9)²."""
    scores = score(run_of(claim(3), claim(6)), case_in(tmp_path), NOTHING)
    assert scores.recall[0].chance == pytest.approx(1 - (8 / 9) ** 2)


def test_quoted_words_must_stand_in_the_lines(tmp_path: Path) -> None:
    """Right words beside a wrong line do not count."""
    claims = claim(4, quote="The old host is deleted"), claim(3, quote="The old host is deleted"), claim(0, quote="no")
    assert counts([*score(run_of(*claims), case_in(tmp_path), NOTHING).words]) == [True, False, False]


def test_pairs_are_true_false_or_not_judged(tmp_path: Path) -> None:
    """Marks and case of the claim do not matter, its line does; without a line no sentence can show it."""
    labels = Labels(
        [Pair(NAME, 4, "", "No way back!", "once", true=True), Pair(NAME, 9, "", "Odd", "once", true=False)]
    )
    claims = claim(4, problem="no way back"), claim(9, problem="Odd."), claim(3, problem="no way back"), claim(0)
    scores = score(run_of(*claims), case_in(tmp_path), labels)
    assert counts([*scores.pairs]) == [True, False, None, False]
    assert share(scores.pairs) == pytest.approx(1 / 3)


def test_what_nobody_has_judged_is_listed_once() -> None:
    """Claims without a line are no pairs."""
    judged = claim(4, problem="Known")
    labels = Labels([Pair(NAME, 4, "", "known", "once", true=False)])
    listed = list(unlabelled([judged, claim(9, quote="q"), claim(9), claim(0)], labels))
    assert [one.line_of_json() for one in listed] == [
        json.dumps({"document": NAME, "line": 9, "quote": "q", "claim": "It is bad.", "source": "once"})
    ]


def test_a_key_of_pairs_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A line for each pair."""
    pair = Pair(NAME, 4, "words", "claim", "card:cto/red_flags", true=True)
    (tmp_path / "pairs.jsonl").write_text(pair.line_of_json() + "\n")
    assert read_pairs([tmp_path / "pairs.jsonl"]).pairs == (pair,)
    assert read_pairs([tmp_path / "none.jsonl"]).pairs == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [({"true": "yes"}, "line 2 is not"), ({"other": 1}, "line 2 is not"), ({"true": False}, "line 2: the same pair")],
)
def test_a_wrong_key_of_pairs_is_reported(tmp_path: Path, change: dict[str, object], message: str) -> None:
    """An unknown label, an unknown field, and two labels for one pair are named with their line."""
    pair = json.loads(Pair(NAME, 4, "words", "claim", "once", true=True).line_of_json())
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair) + "\n" + json.dumps(pair | change) + "\n")
    with pytest.raises(UsageError, match=message):
        read_pairs([tmp_path / "pairs.jsonl"])


def test_an_interval_is_the_same_each_time_and_holds_the_share() -> None:
    """Half of the claims count; the interval lies around that and is not the whole range."""
    sample = {"a": [[YES, NO] * 10], "b": [[YES] * 10 + [NO] * 10]}
    found = interval(sample)
    assert found == interval(sample)
    assert found.low is not None
    assert found.high is not None
    assert found.value == 0.5
    assert 0.2 < found.low < 0.5 < found.high < 0.8


def test_documents_that_differ_make_an_interval_wider() -> None:
    """With the same claims, one good and one bad document leave open what the next one gives."""
    alike, unlike = {"a": [[YES, NO] * 10], "b": [[YES, NO] * 10]}, {"a": [[YES] * 20], "b": [[NO] * 20]}
    assert interval(unlike)[1:] == (0.0, 1.0)
    assert interval(alike)[1:] != (0.0, 1.0)


def test_nothing_to_count_has_no_share() -> None:
    """Without claims, or with none that was judged, there is no number."""
    assert interval({"a": [[]]}).value is None
    assert interval({}).value is None
    assert share([Part(counts=None)]) is None


def test_a_difference_is_taken_on_the_same_documents() -> None:
    """An arm that is better on every document is better whichever documents are drawn, also where they differ."""
    good, bad = {"a": [[YES] * 20], "b": [[YES, NO] * 10]}, {"a": [[YES, NO] * 10], "b": [[NO] * 20]}
    found = difference(good, bad)
    assert found.value == 0.5
    assert found.low is not None
    assert found.low > 0.2
    assert difference({"a": [[YES]]}, {"b": [[NO]]}).value is None


def test_a_pair_of_a_claim_has_its_first_line() -> None:
    """The sentence begins there."""
    assert pair_of(claim(16, 17, quote="move")).key == (NAME, 16, "it is bad")
