"""The parts of the measurement of a live page."""

import pytest

pytest.importorskip("playwright")

from benchmarks.live_page import Sample, Steady, growth, memory, tasks


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
    """The tokens of all speakers come one after the other, each a little later than the one before."""
    double = Steady(1)
    waits = [double.reply_token_ns / 10**9 for _ in range(4)]
    assert waits == [pytest.approx(number, abs=0.5) for number in range(4)]


def test_the_longest_task_is_found() -> None:
    """Only tasks of the main thread of the page count, by the clock and by their processor time."""
    thread = {"name": "thread_name", "pid": 1, "tid": 2, "args": {"name": "CrRendererMain"}}
    run = [{"name": "RunTask", "pid": 1, "tid": 2, "dur": dur, "tdur": dur // 2} for dur in (4_000, 60_000)]
    other = {"name": "RunTask", "pid": 1, "tid": 3, "dur": 900_000, "tdur": 900_000}
    clock, processor = tasks([thread, *run, other])
    assert clock == "tasks of the page: 2, longest by the clock 60.0 ms (ABOVE 50 ms); 1 are above"
    assert processor == "tasks of the page: longest by processor time 30.0 ms (within 50 ms); all together 32 ms"
    assert tasks([thread]) == ["tasks: none was traced"]
