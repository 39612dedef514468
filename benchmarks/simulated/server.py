"""The parts of Ollama's wire format that chat clients use, on top of the machine."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.simulated.answers import answer_tokens
from benchmarks.simulated.machine import Costs, Job, Machine, least
from tests.ollama_double.fitting import fit_chat
from tests.ollama_double.library import LocalModel
from tests.ollama_double.tokens import render, tokenize
from tests.ollama_double.wire import Refusal, utc_now

PIECES = 8
"""The number of pieces of an answer; few, so that reading them is not counted as idle time of the client."""

SETTLE = 0.004
"""Seconds between the last text and the last line of an answer: a real model is slower than any client."""


class SimulatedServer:
    """The server.

    Args:
        machine: does the work.
        turn_tokens: the length of a turn in prose.

    Attributes:
        log: the requests, by path and time since the epoch.
        dropped: the number of prompts that the server cut.
        contexts: the num_ctx values of all requests.
    """

    def __init__(self, machine: Machine, turn_tokens: int) -> None:
        self.machine = machine
        self.turn_tokens = turn_tokens
        self.model = LocalModel.called("llama3.2")
        self.log: list[tuple[str, float]] = []
        self.dropped = 0
        self.contexts: set[int] = set()
        self.connections = 0
        self._context = 4096

    async def serve(self, port: int) -> None:
        """Listen, print the address, and serve until cancelled."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", port, limit=2**24)
        address = server.sockets[0].getsockname()
        print(f"listening on http://{address[0]}:{address[1]}", flush=True)
        async with server, asyncio.TaskGroup() as group:
            group.create_task(self.machine.run())
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.split("\r\n")
                path = lines[0].split(" ")[1]
                sizes = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
                raw = await reader.readexactly(sizes[0]) if sizes else b""
                self.log.append((path, time.time()))
                await self._answer(path, json.loads(raw) if raw else {}, number, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, body: dict[str, Any], number: int, writer: asyncio.StreamWriter) -> None:
        if path == "/api/chat" and body.get("messages"):
            await self._chat(body, number, writer)
            return
        answers: dict[str, Any] = {
            "/api/version": {"version": "0.32.15"},
            "/api/tags": {"models": [self.model.listed()]},
            "/api/show": self.model.shown(),
            "/api/ps": {"models": [self._loaded()]},
            "/api/generate": {"model": "llama3.2", "response": "", "done": True, "done_reason": "load"},
            "/report": self.report(),
        }
        if path == "/api/generate":
            self._take_context(body)
        await _json(writer, 200 if path in answers else 404, answers.get(path, {"error": "404 page not found"}))

    def _loaded(self) -> dict[str, Any]:
        name, size = self.model.name, self.model.size
        return {"name": name, "model": name, "size": size, "size_vram": 0, "context_length": self._context}

    def _take_context(self, body: Mapping[str, Any]) -> None:
        self._context = int((body.get("options") or {}).get("num_ctx") or 4096)
        self.contexts.add(self._context)

    async def _chat(self, body: dict[str, Any], number: int, writer: asyncio.StreamWriter) -> None:
        self._take_context(body)
        messages = body["messages"]
        arrived = time.perf_counter()
        try:
            fitted = fit_chat(messages, body, self._context)
        except Refusal as refusal:
            await _json(writer, refusal.status, {"error": refusal.text})
            return
        self.dropped += fitted.dropped > 0
        head = len(tokenize(render(messages[:-1]))) - ASSISTANT if len(messages) > 1 else 0
        if fitted.dropped:
            head = 0
        job = Job(fitted.tokens, answer_tokens(body, self.turn_tokens), head, number, arrived)
        self.machine.submit(job)
        await job.over.wait()
        try:
            await _send(writer, body, job, self.machine.costs)
        finally:
            job.sent.set()

    def report(self) -> dict[str, Any]:
        """All counts."""
        jobs = self.machine.done
        first = dict(reversed(self.log))
        slots = len(self.machine.slots.slots)
        return {
            "calls": len(jobs),
            "sent": sum(len(job.prompt) for job in jobs),
            "evaluated": sum(job.evaluated for job in jobs),
            "written": sum(len(job.answer) for job in jobs),
            "least": least(jobs, slots),
            "longest": max((len(job.prompt) + len(job.answer) for job in jobs), default=0),
            "seconds": self.machine.now,
            "busy": self.machine.busy,
            "lost": self.machine.lost,
            "slots": slots,
            "idle": [job.idle for job in jobs if job.idle is not None],
            "cut": self.dropped,
            "contexts": sorted(self.contexts),
            "connections": len({job.connection for job in jobs}),
            "first": first,
        }


ASSISTANT = len(tokenize("<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"))
"""Tokens that the template adds after the last message only."""


async def _send(writer: asyncio.StreamWriter, body: Mapping[str, Any], job: Job, costs: Costs) -> None:
    """The answer in a few pieces, then its numbers."""
    last = {
        "model": body["model"], "created_at": utc_now(), "message": {"role": "assistant", "content": ""}, "done": True,
        "done_reason": "stop", "total_duration": int((job.ended - job.began) * 1e9), "load_duration": 40_000_000,
        "prompt_eval_count": len(job.prompt), "prompt_eval_duration": int(job.evaluated / costs.reads * 1e9),
        "eval_count": len(job.answer), "eval_duration": int(len(job.answer) / costs.writes * 1e9),
    }  # fmt: skip
    if body.get("stream") is False:
        last["message"] = {"role": "assistant", "content": "".join(job.answer)}
        await _json(writer, 200, last)
        return
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
    step = max(1, -(-len(job.answer) // PIECES))
    for start in range(0, len(job.answer), step):
        text = "".join(job.answer[start : start + step])
        _chunk(writer, {**last, "message": {"role": "assistant", "content": text}, "done": False, "done_reason": None})
    await writer.drain()
    await asyncio.sleep(SETTLE)
    _chunk(writer, last)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


def _chunk(writer: asyncio.StreamWriter, line: Mapping[str, Any]) -> None:
    shown = {key: value for key, value in line.items() if value is not None}
    if not line["done"]:
        shown = {key: shown[key] for key in ("model", "created_at", "message", "done")}
    data = json.dumps(shown).encode() + b"\n"
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def _json(writer: asyncio.StreamWriter, status: int, answer: Mapping[str, Any]) -> None:
    data = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    await writer.drain()
