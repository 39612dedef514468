"""The page of a meeting of all agents while it is held: how smoothly it is drawn, and whether its memory grows.

    python benchmarks/live_page.py [--seconds 60] [--minutes 5] [--rate 60] [--topics 20]

The service runs as a process, the double of Ollama as another one. The double gives all who speak together ``rate``
tokens a second, of which one or two are an event of the meeting; Chromium shows the page of the meeting. It prints:

- events: how many the meeting had a second, as another listener counts them;
- frames: the time between two of them in ``seconds``, and the longest one, against 50 ms;
- tasks of the page: the longest one by the clock, and by the processor time that it took, which other work of the
  machine hardly changes;
- memory: in the ``minutes`` after that, after a forced collection of garbage each time, the heap of the page's script,
  its elements and listeners, and the memory of the service; and by how much each grows in a minute.

What is said stays on the page, so that its elements grow with the meeting: the growth for each turn is given, too.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import CDPSession, Page

from agents.api.pages import paths
from benchmarks.started import service
from tests.api.pages.browser.chromium import LAPTOP, running
from tests.ollama_double import OllamaDouble

LIMIT_MS = 50.0
AGENTS = 29
TYPE = "decision"
WARM_SECONDS = 3.0
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
"""What is traced: tasks of the threads of the page, with their times."""
TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}
WATCH = """
window.measured = {frames: []};
let before = performance.now();
const frame = (now) => { window.measured.frames.push(now - before); before = now; requestAnimationFrame(frame); };
requestAnimationFrame((now) => { before = now; requestAnimationFrame(frame); });
"""
TAKE = "() => { const taken = window.measured; window.measured = {frames: []}; return taken; }"


class Steady(OllamaDouble):
    """A double whose speakers share a number of tokens a second.

    Args:
        rate: tokens a second of all together.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._next = 0.0
        self._turn = threading.Lock()
        super().__init__(parallel=AGENTS, pace=1.0, default_num_ctx=8192)
        self.prompt_token_ns = self.load_ns = 0

    @property
    def reply_token_ns(self) -> int:
        """How long the token takes that is generated now, in nanoseconds: until its turn comes among all of them."""
        with self._turn:
            now = time.monotonic()
            self._next = max(now, self._next + 1 / self.rate)
            return int((self._next - now) * 10**9)

    @reply_token_ns.setter
    def reply_token_ns(self, value: int) -> None:
        """The rate decides."""


@dataclass(frozen=True)
class Sample:
    """The memory of the page and the service at one time.

    Attributes:
        minute: since the first sample.
        heap: bytes of the heap of the page's script.
        nodes, listeners: of the page.
        memory: bytes of the service.
        turns: on the page.
    """

    minute: float
    heap: float
    nodes: float
    listeners: float
    memory: float
    turns: float


def growth(samples: Sequence[Sample], name: str, over: str = "minute") -> float:
    """By how much a value grows, as the slope of the line that fits the samples best.

    Args:
        samples: the samples.
        name: of the value.
        over: of the value by which it grows, such as "minute" or "turns".
    """
    along = [float(getattr(one, over)) for one in samples]
    if len(set(along)) < 2:
        return 0.0
    return statistics.linear_regression(along, [float(getattr(one, name)) for one in samples]).slope


@contextmanager
def model(rate: float) -> Iterator[str]:
    """The double in a process of its own; yields its address."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_double, args=(its, rate), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join(10)


def _double(pipe: Connection, rate: float) -> None:
    with Steady(rate) as double:
        pipe.send(double.url)
        time.sleep(10**6)


def begun(port: int, topics: int) -> str:
    """Begin a meeting of all agents; returns its id."""
    words = [f"Shall we build part {number} of it?" for number in range(1, topics + 1)]
    made = _sent(port, "/api/meetings", {"type": TYPE, "topics": words, "agents": ["all"], "start": True})
    return str(made["id"])


def _sent(port: int, path: str, body: Any) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - see there
        return json.load(answer)


class Counted:
    """How many messages a page got over its stream, and their size."""

    def __init__(self, session: CDPSession) -> None:
        self.messages = 0
        self.bytes = 0
        session.on("Network.eventSourceMessageReceived", self._take)

    def _take(self, told: Any) -> None:
        self.messages += 1
        self.bytes += len(told.get("data", ""))


class Listened:
    """Counts the events of a meeting, as a listener of its own.

    Args:
        port: of the service.
        meeting: its id.
    """

    def __init__(self, port: int, meeting: str) -> None:
        self.events = 0
        self._address = f"http://127.0.0.1:{port}/api/meetings/{meeting}/events?live=true"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError), urllib.request.urlopen(self._address, timeout=60) as answer:  # noqa: S310 - our own service
            for line in answer:
                self.events += line.startswith(b"event:")


def frames(page: Page, seconds: float, counted: Counted) -> list[str]:
    """How smoothly the page is drawn."""
    browser = page.context.browser
    if browser is None:
        return ["There is no browser to trace."]
    page.evaluate(TAKE)
    counted.messages = counted.bytes = 0
    browser.start_tracing(page=page, categories=TRACED)
    page.wait_for_timeout(seconds * 1000)
    traced = browser.stop_tracing()
    times = sorted(page.evaluate(TAKE)["frames"])
    if not times:
        return ["The page drew no frame."]
    late, most = sum(one > LIMIT_MS for one in times), times[int(len(times) * 0.99) - 1]
    return [
        f"messages: {counted.messages / seconds:.1f} a second, {counted.bytes / seconds / 1000:.1f} kB a second",
        f"frames: {len(times) / seconds:.1f} a second, median {statistics.median(times):.1f} ms, 99 % in {most:.1f} ms",
        f"longest frame: {_judged(times[-1])}; {late} of {len(times)} are above",
        *tasks(json.loads(traced)["traceEvents"]),
    ]


def tasks(events: Sequence[dict[str, Any]]) -> list[str]:
    """The longest tasks of the main thread of the page, as a trace of Chromium has them."""
    names = [one for one in events if one.get("name") == "thread_name"]
    main = {(one["pid"], one["tid"]) for one in names if one["args"]["name"] == "CrRendererMain"}
    run = [one for one in events if one.get("name") in TASKS and (one["pid"], one["tid"]) in main and "dur" in one]
    if not run:
        return ["tasks: none was traced"]
    clock, processor = (sorted(one.get(name, 0) / 1000 for one in run) for name in ("dur", "tdur"))
    long = sum(one > LIMIT_MS for one in clock)
    return [
        f"tasks of the page: {len(run)}, longest by the clock {_judged(clock[-1])}; {long} are above",
        f"tasks of the page: longest by processor time {_judged(processor[-1])}; all together {sum(processor):.0f} ms",
    ]


def _judged(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms ({'within' if milliseconds <= LIMIT_MS else 'ABOVE'} {LIMIT_MS:.0f} ms)"


def sampled(page: Page, session: CDPSession, process: psutil.Process, minutes: float) -> Iterator[Sample]:
    """Samples of the memory, at most one each ten seconds."""
    began = time.monotonic()
    pause = min(10.0, minutes * 60 / 12)
    while time.monotonic() - began < minutes * 60:
        session.send("HeapProfiler.collectGarbage")
        now = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        turns = page.locator("#transcript > *").count()
        minute = (time.monotonic() - began) / 60
        heap, nodes, listeners = now["JSHeapUsedSize"], now["Nodes"], now["JSEventListeners"]
        yield Sample(minute, heap, nodes, listeners, process.memory_info().rss, turns)
        page.wait_for_timeout(pause * 1000)


def memory(samples: Sequence[Sample]) -> list[str]:
    """How the memory grows."""
    if len(samples) < 2:
        return ["Too few samples of the memory."]
    first, last = samples[0], samples[-1]
    lines = [
        f"memory: {len(samples)} samples in {last.minute:.1f} minutes, turns {first.turns:.0f} to {last.turns:.0f}"
    ]
    units = (("heap of the script", "heap", 1000, "kB"), ("elements and texts", "nodes", 1, ""),
             ("listeners", "listeners", 1, ""), ("memory of the service", "memory", 1000, "kB"))  # fmt: skip
    for words, name, unit, sign in units:
        a, b = getattr(first, name) / unit, getattr(last, name) / unit
        minute, turn = growth(samples, name) / unit, growth(samples, name, "turns") / unit
        lines.append(
            f"{words}: {a:.0f} to {b:.0f} {sign}, {minute:+.1f} a minute, {turn:+.2f} a turn".replace(" ,", ",")
        )
    return lines


def watched(port: int, pid: int, meeting: str, given: argparse.Namespace) -> Iterator[str]:
    """What is measured while Chromium shows the meeting."""
    process = psutil.Process(pid)
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as chromium:
        context = chromium.context(LAPTOP)
        page = context.new_page()
        session = context.new_cdp_session(page)
        for domain in ("Network", "Performance", "HeapProfiler"):
            session.send(f"{domain}.enable")
        counted = Counted(session)
        page.add_init_script(WATCH)
        page.goto(f"http://127.0.0.1:{port}{paths.meeting(meeting)}")
        if not page.locator("[data-stream]").count():
            yield "The page has no stream: nothing is measured."
            return
        listened = Listened(port, meeting)
        page.wait_for_timeout(WARM_SECONDS * 1000)
        before, began = listened.events, time.monotonic()
        lines = frames(page, given.seconds, counted)
        yield f"events: {(listened.events - before) / (time.monotonic() - began):.1f} a second"
        yield from lines
        if given.minutes:
            yield from memory([*sampled(page, session, process, given.minutes)])
        if given.picture:
            page.screenshot(path=given.picture)
        ended = page.locator("[data-stream]").count() == 0
        yield "The meeting ended before the measurement did." if ended else "The meeting goes on."
        context.close()


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="for how long frames are measured")
    parser.add_argument("--minutes", type=float, default=5, help="for how long the memory is sampled after that")
    parser.add_argument("--rate", type=float, default=60, help="tokens a second")
    parser.add_argument("--topics", type=int, default=20, help="of the meeting, which has to last long enough")
    parser.add_argument("--picture", type=Path, help="a file for a picture of the page at the end")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, model(given.rate) as url:
        own = {"OLLAMA_BASE_URL": url, "CONTROL_BALLOTS": "never", "PARALLEL": str(AGENTS), "MODEL_NAME": "llama3.2"}
        with service(Path(folder), **own) as (port, pid):
            for line in watched(port, pid, begun(port, given.topics), given):
                print(line, flush=True)


if __name__ == "__main__":
    main()
