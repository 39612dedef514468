"""Numbers of this process for Prometheus. They are counted without its client, which is imported when they are read."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents.api.service import Service

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""The upper ends of the classes of times, in seconds: from an answer by code to a meeting on a slow machine."""

STATES = ("queued", "running", "interrupted", "closed", "abandoned")
"""The states of meetings that are counted; those that another process holds count as running."""


class Counts:
    """What has happened in this process so far.

    Attributes:
        requests: answers, by interface and HTTP status.
        times: answers by interface, in the classes of SECONDS and one for those that took longer.
        seconds: all seconds of answers, by interface.
        streams: answers that are sent piece by piece now.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str]] = Counter()
        self.streams = 0
        self.times: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}

    def answered(self, interface: str, status: int, seconds: float) -> None:
        """Count an answer of an interface, which took so many seconds until its last byte."""
        self.requests[interface, str(status)] += 1
        self.times.setdefault(interface, [0] * (len(SECONDS) + 1))[bisect_left(SECONDS, seconds)] += 1
        self.seconds[interface] = self.seconds.get(interface, 0.0) + seconds


def text(counts: Counts, service: "Service") -> tuple[bytes, str]:
    """All numbers in the form that Prometheus reads, and the Content-Type of that form."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(counts, service))
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


class _Collector:
    """Gives Prometheus' client the numbers when they are read."""

    def __init__(self, counts: Counts, service: "Service") -> None:
        self._counts = counts
        self._service = service

    def collect(self) -> Iterator[Any]:
        """All families of numbers."""
        yield from _of_requests(self._counts)
        yield from _of_models()
        yield from _of_meetings(self._service)
        yield from _of_process(self._service)


def _of_requests(counts: Counts) -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    answers = CounterMetricFamily("orchestrator_requests", "Answered requests.", labels=["interface", "status"])
    for (interface, status), number in sorted(counts.requests.items()):
        answers.add_metric([interface, status], number)
    yield answers
    about = "Seconds from the head of a request to the last byte of its answer."
    times = HistogramMetricFamily("orchestrator_request_seconds", about, labels=["interface"])
    for interface, classes in sorted(counts.times.items()):
        sums = [sum(classes[: end + 1]) for end in range(len(classes))]
        ends = [*(str(end) for end in SECONDS), "+Inf"]
        times.add_metric([interface], list(zip(ends, sums, strict=True)), counts.seconds[interface])
    yield times
    yield GaugeMetricFamily("orchestrator_streams_open", "Answers that are sent piece by piece now.", counts.streams)


def _of_models() -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily

    from agents.model.logged import TOKENS

    tokens = CounterMetricFamily("orchestrator_model_tokens", "Tokens of all calls to models.", labels=["kind"])
    for kind in ("read", "written"):
        tokens.add_metric([kind], TOKENS[kind])
    yield tokens


def _of_meetings(service: "Service") -> Iterator[Any]:
    from prometheus_client.core import GaugeMetricFamily

    states: Counter[str] = Counter()
    for owner in service.owners.opened():
        for row in owner.orchestrator.list_meetings():
            status = row.status if row.status in STATES else "interrupted"
            if held := owner.meetings.held(row.id):
                status = "queued" if held.waits else "running"
            states[status] += 1
    meetings = GaugeMetricFamily("orchestrator_meetings", "Meetings, by state.", labels=["state"])
    for state in STATES:
        meetings.add_metric([state], states[state])
    yield meetings
    waiting = service.owners.queue.waiting
    yield GaugeMetricFamily("orchestrator_queue_length", "Meetings that wait for their turn.", waiting)


def _of_process(service: "Service") -> Iterator[Any]:
    import psutil
    from prometheus_client.core import GaugeMetricFamily

    from agents import __version__

    yield GaugeMetricFamily("process_resident_memory_bytes", "Memory.", psutil.Process().memory_info().rss)
    uptime = time.monotonic() - service.began
    yield GaugeMetricFamily("orchestrator_uptime_seconds", "Seconds since the start.", uptime)
    version = GaugeMetricFamily("orchestrator_info", "The version.", labels=["version"])
    version.add_metric([__version__], 1)
    yield version
