"""The service under load: 200 listeners to one meeting and 50 questions at the same time, on the double of Ollama.

Run it on an idle machine: python benchmarks/service.py [--listeners N] [--asks N] [--seconds S]. It starts the service
and the double as processes of their own, so that the numbers are those of the service. It prints:

- events that listeners lost or got twice;
- the memory of the service before the load, at most, and after it;
- the first byte: the time from a question until the first words of its answer, minus the time that the model needed for
  its first words. Once for questions that come one after the other from each client, once for all at the same moment.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import psutil

PACE = 0.2
"""How slow the double is: 1 is a small model on two cores, 0.2 answers a question within some seconds."""
LIMIT_MS = 50
SLOTS = 64
OK = 200

Asked = tuple[str, float, float]
"""A question of a client: its mark, when it was sent and when the first words of its answer came, since the epoch."""


def _double(pipe: Connection) -> None:
    """The model server, in a process of its own; what it is sent says what it does."""
    from tests.ollama_double import OllamaDouble

    with OllamaDouble(parallel=SLOTS, pace=PACE, default_num_ctx=8192) as double:
        pipe.send(double.url)
        while pipe.recv():
            found = {}
            for record in double.requests.chats():
                marks = re.findall(r"Q\d+-\d+", record.last_message)
                if marks and record.answered:
                    found[marks[-1]] = record.answered - record.received
            pipe.send(found)


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
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "AGENTS_DATA_FOLDER": folder, "OLLAMA_BASE_URL": model_url, "CONTROL_BALLOTS": "never",
            "PARALLEL": str(SLOTS), "AGENTS_LOG_FOLDER": folder, "API_RATE": "1000000",
        }  # fmt: skip
        command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **own}) as process:
            try:
                for line in process.stderr or ():
                    if found := re.search(r"Listening on http://\S+?:(\d+)[:,\s]", line):
                        break
                else:
                    raise SystemExit("The service does not start.")
                yield psutil.Process(process.pid), int(found[1])
            finally:
                process.terminate()


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
    """How questions are asked: through the OpenAI door where it is, else through the native one."""

    def __init__(self, port: int, door: str, *, remember: bool) -> None:
        self.port = port
        self.door = door
        self.remember = remember

    async def ask(self, client: int, number: int) -> Asked:
        """One question, to the end of its answer."""
        mark = f"Q{client}-{number}"
        question = f"{mark}: What breaks first when the load is ten times as high?"
        if self.door == "openai":
            message = {"role": "user", "content": question}
            path, body = "/v1/chat/completions", {"model": "cto", "stream": True, "messages": [message]}
            words: bytes = b'"content":'
        else:
            path, words = "/api/agents/cto/ask", b"event: text"
            body = {"question": question, "stream": True, "session": f"client {client}", "remember": self.remember}
        sent, first = time.time(), 0.0
        status, pieces = await _request(self.port, "POST", path, body)
        if status != OK:
            raise SystemExit(f"{path} was answered with {status}.")
        async for piece in pieces:
            if not first and words in piece.replace(b'"content": ""', b"").replace(b'"content":""', b""):
                first = time.time()
        return mark, sent, first


async def _steadily(asking: Asking, clients: int, until: asyncio.Event) -> list[Asked]:
    """Questions of clients who ask again when they are answered."""

    async def one(client: int) -> list[Asked]:
        found = []
        await asyncio.sleep(client * 2.0 / clients)  # people do not begin in the same millisecond
        while not until.is_set():
            found.append(await asking.ask(client, len(found)))
        return found

    return [asked for found in await asyncio.gather(*map(one, range(clients))) for asked in found]


def _above(asked: list[Asked], model: dict[str, float]) -> list[float]:
    """By how many milliseconds the first words came later than the model's own."""
    return [1000 * (first - sent - model[mark]) for mark, sent, first in asked if mark in model and first]


def _told(name: str, above: list[float]) -> None:
    ordered = sorted(above)
    p95 = ordered[int(len(ordered) * 0.95) - 1] if ordered else 0.0
    middle = statistics.median(ordered) if ordered else 0.0
    verdict = "within" if p95 <= LIMIT_MS else "above"
    print(
        f"first byte above the model's, {name}: {len(ordered)} asks, median {middle:.1f} ms, p95 {p95:.1f} ms", end=""
    )
    print(f" ({verdict} {LIMIT_MS} ms)")


async def _measure(given: argparse.Namespace, process: psutil.Process, port: int, model: Connection) -> None:
    asking = Asking(port, given.door, remember=given.remember)
    await asking.ask(999, 0)  # imports, the model and the histories are not what is measured
    _, raw = await _whole(port, "POST", "/api/meetings", {"topics": ["Shall we build it?"], "start": False})
    meeting = json.loads(raw)["id"]
    await _whole(port, "POST", "/api/plan", {"topics": ["Shall we build it?"]})
    before, most, began = process.memory_info().rss, 0, time.process_time()
    cpu = sum(process.cpu_times()[:2])
    await _whole(port, "POST", f"/api/meetings/{meeting}/start")
    listeners = [asyncio.create_task(_listen(port, meeting, live=bool(n % 2))) for n in range(given.listeners)]
    until = asyncio.Event()
    asks = asyncio.create_task(_steadily(asking, given.asks, until))
    started = time.monotonic()
    while (listeners and not all(task.done() for task in listeners)) or time.monotonic() - started < given.seconds:
        most = max(most, process.memory_info().rss)
        await asyncio.sleep(0.1)
    until.set()
    steady = await asks
    seen = [task.result() for task in listeners]
    took, cpu = time.monotonic() - started, sum(process.cpu_times()[:2]) - cpu
    burst = [await asyncio.gather(*(asking.ask(n, 10_000 + turn) for n in range(given.asks))) for turn in range(3)]
    _, raw = await _whole(port, "GET", f"/api/meetings/{meeting}/events")
    every = [int(number) for number in re.findall(rb"(?m)^id: (\d+)$", raw)]
    lost = sum(len(set(every) - set(numbers)) for numbers, _ in seen)
    doubled = sum(len(numbers) - len(set(numbers)) for numbers, _ in seen)
    model.send(True)
    first = model.recv()
    mb = 1_000_000
    print(f"listeners {len(seen)}, told the end {sum(ended for _, ended in seen)}; events {len(every)} each")
    print(f"events lost {lost}, doubled {doubled}")
    print(
        f"memory: before {before / mb:.1f} MB, most {most / mb:.1f} MB, after {process.memory_info().rss / mb:.1f} MB"
    )
    print(f"processor of the service: {cpu:.1f} s in {took:.1f} s; of the clients {time.process_time() - began:.1f} s")
    _told("steadily", _above(steady, first))
    _told("all at once", _above([one for each in burst for one in each], first))


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python benchmarks/service.py")
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--asks", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0, help="the shortest time of the load")
    parser.add_argument("--door", choices=("openai", "native"), default="openai")
    parser.add_argument("--remember", action="store_true", help="agents read and keep memories, at the native door")
    given = parser.parse_args()
    with _model() as (url, model), _service(url) as (process, port):
        asyncio.run(_measure(given, process, port, model))


if __name__ == "__main__":
    main()
