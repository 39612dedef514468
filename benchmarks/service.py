"""The service under load: 200 listeners to one meeting and 50 questions at the same time, on the double of Ollama.

Run it on an idle machine: python benchmarks/service.py [--listeners N] [--asks N] [--seconds S]. It starts the service
and the double as processes of their own, so that the numbers are those of the service. It prints:

- events that listeners lost or got twice;
- the memory of the service before the load, at most, and after it;
- the first byte: the time from a question until the first words of its answer, minus the time that the model itself
  took for its first words. Once for clients who ask again when they are answered, once for all at the same moment; and
  the same without the service, for what the client and the double add.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from benchmarks import started

PACE = 0.2
"""How slow the double is: 1 is a small model on two cores, 0.2 answers a question within some seconds."""
LIMIT_MS = 50
SLOTS = 64
OK = 200

Timed = tuple[str, float]
"""The mark of a question, and the seconds until the first words of its answer."""


def _double(pipe: Connection) -> None:
    """The model server, in a process of its own. When it is asked, it tells the last body that it was sent, and by the
    mark of each question how long it took for its first words.
    """
    from tests.ollama_double import OllamaDouble

    with OllamaDouble(parallel=SLOTS, pace=PACE, default_num_ctx=8192) as double:
        pipe.send(double.url)
        while pipe.recv():
            found = {}
            for record in double.requests.chats():
                marks = re.findall(r"Q[a-z]+\d+-\d+", record.last_message)
                if marks and record.answered:
                    found[marks[-1]] = record.answered - record.received
            pipe.send((double.requests.chats()[-1].body, found))


@contextmanager
def _model() -> Iterator[tuple[str, Connection]]:
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_double, args=(its,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        ours.send(False)
        process.join(10)
        process.kill()


@contextmanager
def _service(model_url: str) -> Iterator[tuple[psutil.Process, int]]:
    own = {"OLLAMA_BASE_URL": model_url, "CONTROL_BALLOTS": "never", "PARALLEL": str(SLOTS)}
    with tempfile.TemporaryDirectory() as folder, started.service(Path(folder), **own) as (port, pid):
        yield psutil.Process(pid), port


async def _request(port: int, method: str, path: str, body: Any = None) -> tuple[int, AsyncIterator[bytes]]:
    """A request on a connection of its own: the status, and the body as it comes, without the frames of its chunks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    raw = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(raw)}\r\nConnection: close\r\n\r\n".encode() + raw)
    await writer.drain()
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            if "transfer-encoding: chunked" not in answer:
                yield await reader.read()
                return
            while size := int(await reader.readline() or b"0", 16):
                yield (await reader.readexactly(size + 2))[:-2]
        finally:
            writer.close()

    return int(answer.split(" ")[1]), pieces()


async def _whole(port: int, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    status, pieces = await _request(port, method, path, body)
    return status, b"".join([piece async for piece in pieces])


async def _listen(port: int, meeting: str, live: bool) -> tuple[list[int], bool]:
    """The numbers of the events that a listener gets, and whether it was told the end."""
    status, pieces = await _request(port, "GET", f"/api/meetings/{meeting}/events?live={str(live).lower()}")
    if status != OK:
        raise SystemExit(f"The listener was answered with {status}.")
    seen, rest, ended = [], b"", False
    async for piece in pieces:
        *blocks, rest = (rest + piece).split(b"\n\n")
        for block in blocks:
            ended = ended or b"event: end" in block
            if block.startswith(b"id: ") and b"event: end" not in block:
                seen.append(int(block[4 : block.index(b"\n")]))
    return seen, ended


class Asking:
    """Asks questions, one way or another.

    Args:
        name: begins the marks of its questions.
        port: of the service or of the model server.
        path: where questions are sent to.
        body: makes the body of the request for a client and its question.
        words: what stands before the first words of an answer.
    """

    def __init__(
        self, name: str, port: int, path: str, body: Callable[[int, str], Any], words: re.Pattern[bytes]
    ) -> None:
        self.name = name
        self.port = port
        self.path = path
        self.body = body
        self.words = words

    async def first_byte(self, client: int, number: int) -> Timed:
        """Ask one question; the seconds until the first words of its answer, which is read to its end."""
        mark = f"Q{self.name}{client}-{number}"
        question = f"{mark}: What breaks first when the load is ten times as high?"
        sent, first = time.monotonic(), 0.0
        status, pieces = await _request(self.port, "POST", self.path, self.body(client, question))
        if status != OK:
            raise SystemExit(f"{self.path} was answered with {status}.")
        async for piece in pieces:
            if not first and self.words.search(piece):
                first = time.monotonic()
        return mark, first - sent

    async def steadily(self, clients: int, until: asyncio.Event) -> list[Timed]:
        """Questions of clients who ask again when they are answered."""

        async def one(client: int) -> list[Timed]:
            found: list[Timed] = []
            await asyncio.sleep(client * 2.0 / clients)  # people do not begin in the same millisecond
            while not until.is_set():
                found.append(await self.first_byte(client, len(found)))
            return found

        return [timed for found in await asyncio.gather(*map(one, range(clients))) for timed in found]

    async def at_once(self, clients: int) -> list[Timed]:
        """Questions of all clients at the same moment, some times."""
        turns = [
            await asyncio.gather(*(self.first_byte(n, 10_000 + turn) for n in range(clients))) for turn in range(5)
        ]
        return [timed for turn in turns for timed in turn]


def _of_service(port: int, given: argparse.Namespace) -> Asking:
    """How the service is asked: through the OpenAI interface, or the native one."""
    if given.interface == "openai":
        return Asking(
            "service",
            port,
            "/v1/chat/completions",
            lambda _client, words: {"model": "cto", "stream": True, "messages": [{"role": "user", "content": words}]},
            re.compile(rb'"content": ?"[^"]'),
        )
    own = {"stream": True, "remember": given.remember}
    return Asking(
        "service",
        port,
        "/api/agents/cto/ask",
        lambda client, words: {"question": words, "session": f"client {client}", **own},
        re.compile(rb"event: text"),
    )


def _of_model(url: str, body: dict[str, Any]) -> Asking:
    """How the model is asked without the service: the same prompts, with another question each."""
    *before, last = body["messages"]

    def asked(_client: int, words: str) -> dict[str, Any]:
        return {**body, "messages": [*before, {**last, "content": words}]}

    return Asking("model", int(url.rpartition(":")[2]), "/api/chat", asked, re.compile(rb'"content": ?"[^"]'))


def _above(times: list[Timed], model: dict[str, float]) -> list[float]:
    """By how many milliseconds the first words came later than the model's own, in order."""
    return sorted(1000 * (seconds - model[mark]) for mark, seconds in times if mark in model)


def _told(name: str, times: list[Timed], model: dict[str, float]) -> None:
    above = _above(times, model)
    p95 = above[int(len(above) * 0.95) - 1]
    verdict = "within" if p95 <= LIMIT_MS else "above"
    print(f"first byte above the model's, {name}: median {statistics.median(above):.1f} ms, p95 {p95:.1f} ms", end="")
    print(f" of {len(above)} ({verdict} {LIMIT_MS} ms)")


async def _alone(model: Asking, given: argparse.Namespace) -> tuple[list[Timed], list[Timed]]:
    """The first bytes of the model without the service, steadily and all at once."""
    until = asyncio.Event()
    asks = asyncio.create_task(model.steadily(given.asks, until))
    await asyncio.sleep(given.seconds)
    until.set()
    return await asks, await model.at_once(given.asks)


async def _measure(given: argparse.Namespace, process: psutil.Process, port: int, url: str, pipe: Connection) -> None:
    service = _of_service(port, given)
    await service.first_byte(999, 0)  # imports, the model and the histories are not what is measured
    pipe.send(True)
    body, _ = pipe.recv()
    steady_alone, burst_alone = await _alone(_of_model(url, body), given)
    _, raw = await _whole(port, "POST", "/api/meetings", {"topics": ["Shall we build it?"], "start": False})
    meeting = json.loads(raw)["id"]
    before, most, began = process.memory_info().rss, 0, time.process_time()
    cpu = sum(process.cpu_times()[:2])
    await _whole(port, "POST", f"/api/meetings/{meeting}/start")
    listeners = [asyncio.create_task(_listen(port, meeting, live=bool(n % 2))) for n in range(given.listeners)]
    until = asyncio.Event()
    asks = asyncio.create_task(service.steadily(given.asks, until))
    started = time.monotonic()
    while not all(task.done() for task in listeners) or time.monotonic() - started < given.seconds:
        most = max(most, process.memory_info().rss)
        await asyncio.sleep(0.1)
    until.set()
    steady, seen = await asks, [task.result() for task in listeners]
    took, cpu = time.monotonic() - started, sum(process.cpu_times()[:2]) - cpu
    burst = await service.at_once(given.asks)
    _, raw = await _whole(port, "GET", f"/api/meetings/{meeting}/events")
    every = [int(number) for number in re.findall(rb"(?m)^id: (\d+)$", raw)]
    lost = sum(len(set(every) - set(numbers)) for numbers, _ in seen)
    doubled = sum(len(numbers) - len(set(numbers)) for numbers, _ in seen)
    mb = 1_000_000
    print(f"listeners {len(seen)}, told the end {sum(ended for _, ended in seen)}; events {len(every)} each")
    print(f"events lost {lost}, doubled {doubled}")
    print(
        f"memory: before {before / mb:.1f} MB, most {most / mb:.1f} MB, after {process.memory_info().rss / mb:.1f} MB"
    )
    print(f"processor of the service: {cpu:.1f} s in {took:.1f} s; of the clients {time.process_time() - began:.1f} s")
    pipe.send(True)
    _, model = pipe.recv()
    _told(f"{given.asks} clients", steady, model)
    _told(f"{given.asks} at the same moment", burst, model)
    _told(f"{given.asks} clients without the service", steady_alone, model)
    _told(f"{given.asks} at the same moment without it", burst_alone, model)


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python benchmarks/service.py")
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--asks", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0, help="the shortest time of the load")
    parser.add_argument("--interface", choices=("openai", "native"), default="openai")
    parser.add_argument(
        "--remember", action="store_true", help="agents read and keep memories, at the native interface"
    )
    given = parser.parse_args()
    with _model() as (url, model), _service(url) as (process, port):
        asyncio.run(_measure(given, process, port, url, model))


if __name__ == "__main__":
    main()
