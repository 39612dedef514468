"""The service as a process or in a thread, and its answers."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import ASGIApp

from agents.api import server
from agents.settings import Settings


@contextmanager
def serving(*words: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the command ``serve`` on a free port, with more variables; yields the process and the port."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if found := re.search(r"Listening on http://\S+?:(\d+)[:,\s]", line):
                    break
            else:
                pytest.fail(f"it ended with {process.wait()} instead of listening")
            yield process, int(found[1])
        finally:
            process.kill()


@dataclass
class InThread:
    """A service in a thread of this process.

    Attributes:
        ports: its ports.
        said: what its user is told.
        stop: ends it.
    """

    ports: list[int]
    said: list[str] = field(default_factory=list)
    stop: Callable[[], None] = lambda: None


@contextmanager
def served(**flags: Any) -> Iterator[InThread]:
    """Run the whole service in a thread, on two ports, with more settings."""
    said = list[str]()

    async def run(stop: asyncio.Event, listening: Callable[[list[str]], None]) -> None:
        settings = Settings.load(**flags)
        addresses = [("127.0.0.1", 0)] * 2
        await server.serve(settings, addresses, stop=stop, listening=listening, notice=said.append)

    with _in_thread(run) as found:
        found.said = said
        yield found


@contextmanager
def answering(app: ASGIApp) -> Iterator[InThread]:
    """Run the HTTP server alone, with an application of a test, in a thread."""

    async def run(stop: asyncio.Event, listening: Callable[[list[str]], None]) -> None:
        own = server.Server()
        await own.add(server.bound([("127.0.0.1", 0)])[0], app)
        listening(own.urls)
        await stop.wait()
        own.stop_listening()
        await own.close(0.1)

    with _in_thread(run) as found:
        yield found


@contextmanager
def _in_thread(
    run: Callable[[asyncio.Event, Callable[[list[str]], None]], Awaitable[None]],
) -> Iterator[InThread]:
    loop, stop, urls, ready = asyncio.new_event_loop(), asyncio.Event(), list[str](), threading.Event()
    failed = list[BaseException]()

    def listening(found: list[str]) -> None:
        urls.extend(found)
        ready.set()

    def work() -> None:
        try:
            loop.run_until_complete(run(stop, listening))
        except BaseException as error:  # noqa: BLE001 - it fails the test
            failed.append(error)
        finally:
            ready.set()
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(30)

    def end() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
            thread.join(30)
        assert not thread.is_alive()
        if failed:
            raise failed.pop()

    try:
        yield InThread([int(url.rsplit(":", 1)[1]) for url in urls], stop=end)
    finally:
        end()


def answered(
    port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, Any], Any]:
    """The answer of a path: status, body, headers."""
    code, raw, found = fetched(port, path, method, headers, body)
    return code, json.loads(raw) if raw else {}, found


def fetched(
    port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, bytes, Any]:
    """The answer of a path, which need not be JSON: status, body, headers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers
