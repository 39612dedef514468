"""Ctrl-C in the loop that blocking methods run their work in."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from agents.orchestrator.loop import Loop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.kill does not press Ctrl-C on Windows")

LONG = 20.0
"""Seconds that nobody waits for."""


async def nothing() -> None:
    """Nothing to do before the loop is closed."""


def pressed(work: Callable[[], Coroutine[Any, Any, None]]) -> float:
    """Run something and press Ctrl-C meanwhile; returns the seconds until it ended with KeyboardInterrupt."""
    loop, began = Loop(), time.monotonic()
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            loop.runner().run(work())
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        loop.close(nothing)
        took = time.monotonic() - began
        time.sleep(0.3)  # nothing more is pressed
    finally:
        timer.join()
        signal.signal(signal.SIGINT, usual)
    return took


async def busy() -> None:
    """Work that lets nothing else have its turn."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        sum(range(100))


def test_work_that_does_not_wait_is_stopped_where_it_is() -> None:
    """Ctrl-C does not wait for the end of a long computation in the loop."""
    assert pressed(busy) < LONG / 4


def test_what_waits_can_clean_up() -> None:
    """A task that waits is cancelled, and has all the time it needs to close what it has opened."""
    cleaned = []

    async def careful() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            await asyncio.sleep(0.4)
            cleaned.append(True)

    assert pressed(careful) < LONG / 4
    assert cleaned == [True]


def test_a_task_beside_others_is_stopped_too() -> None:
    """Where agents answer side by side, one that does not wait is stopped, and the others end with it."""

    async def beside() -> None:
        await asyncio.gather(busy(), asyncio.sleep(LONG))

    assert pressed(beside) < LONG / 4


def test_what_is_due_at_the_same_time_is_not_begun_any_more() -> None:
    """Where several tasks are due when Ctrl-C comes, one is stopped where it is and the others do not start to work."""
    go = asyncio.Event()

    async def due() -> None:
        await go.wait()
        await busy()

    async def all_due() -> None:
        tasks = [asyncio.create_task(due()) for _ in range(3)]
        asyncio.get_running_loop().call_later(0.05, go.set)
        await asyncio.wait(tasks)  # cancels them only when it has its turn

    assert pressed(all_due) < LONG / 4


def test_what_begins_after_ctrl_c_is_stopped_too() -> None:
    """A task that works when Ctrl-C comes, and lets others begin before it hears of it, ends with them."""

    async def begins() -> None:
        end = time.monotonic() + 0.15  # Ctrl-C comes after 0.1 s
        while time.monotonic() < end:
            sum(range(100))
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(busy())

    assert pressed(begins) < LONG / 4


def test_in_another_thread_signals_are_left_alone() -> None:
    """Signals belong to the main thread; work in others runs as ever."""
    found = []

    async def value() -> int:
        return 1

    def run() -> None:
        loop = Loop()
        found.append(loop.runner().run(value()))
        loop.close(nothing)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [1]
