"""The parts of the measurement of a live page."""

import pytest

pytest.importorskip("playwright")

from benchmarks.live_page import Sample, Steady, growth, memory


def test_growth_is_a_slope() -> None:
    """The growth of a value is that of the line through its samples: by the minute, and by the turn."""
    samples = [Sample(minute, 1000 + 20 * minute, 500, 7, 10**6, 4 * minute) for minute in range(10)]
    assert growth(samples, "heap") == pytest.approx(20)
    assert growth(samples, "heap", "turns") == pytest.approx(5)
    assert growth(samples, "listeners") == 0
    assert growth(samples[:1], "heap") == 0
    assert memory(samples)[1] == "heap of the script: 1 to 1 kB, +0.0 a minute, +0.01 a turn"
    assert memory(samples[:1]) == ["Too few samples of the memory."]


def test_all_speakers_share_the_rate() -> None:
    """A token takes as long as all who speak now together need for one each."""
    double = Steady(30)
    assert double.reply_token_ns == 10**9 // 30
    with double.in_flight(), double.in_flight(), double.in_flight():
        assert double.reply_token_ns == 10**8
