"""The event loop that a blocking method runs its coroutine in."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from threading import Event
    from types import FrameType
    from typing import Any, TypeVar

    T = TypeVar("T")


GRACE_SECONDS = 0.1
"""How long a running loop has after Ctrl-C to come to its next task; work that takes longer is stopped where it is."""


class Interruptible:
    """An ``asyncio.Runner`` whose tasks Ctrl-C stops also while one of them works and lets no other have its turn."""

    def __init__(self) -> None:
        import asyncio

        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end; see ``asyncio.Runner.run``."""
        import asyncio
        import signal
        from contextlib import suppress
        from threading import Event, current_thread, main_thread

        usual, had_its_turn = signal.getsignal(signal.SIGINT), Event()
        if current_thread() is not main_thread():
            return self._runner.run(work)
        try:
            return self._runner.run(_with_grace(work, had_its_turn))
        except KeyboardInterrupt:
            had_its_turn.set()
            for _ in range(3):  # tasks that wait for the one that was stopped end the loop once more
                with suppress(KeyboardInterrupt):
                    self._runner.run(asyncio.sleep(0))
            raise
        finally:
            had_its_turn.set()
            signal.signal(signal.SIGINT, usual)

    def close(self) -> None:
        """Close the loop; see ``asyncio.Runner.close``."""
        self._runner.close()


async def _with_grace(work: Coroutine[Any, Any, T], had_its_turn: Event) -> T:
    """Await ``work``. The runner answers Ctrl-C by cancelling its task, which waits for the loop; if the loop does not
    come to it, Ctrl-C is pressed once more, and the runner then raises KeyboardInterrupt at once.

    Args:
        work: what is awaited.
        had_its_turn: set when the loop has come to its next task after Ctrl-C, or is no longer running.
    """
    import asyncio
    import signal
    from _thread import interrupt_main
    from threading import Thread

    loop, usual = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    if not callable(usual):
        return await work
    waiting: list[Thread] = []

    def press_again() -> None:
        if not had_its_turn.wait(GRACE_SECONDS):
            interrupt_main()

    def pressed(number: int, frame: FrameType | None) -> None:
        if not waiting:
            loop.call_soon_threadsafe(had_its_turn.set)
            waiting.append(Thread(target=press_again, name="agents-interrupt", daemon=True))
            waiting[0].start()
        usual(number, frame)

    signal.signal(signal.SIGINT, pressed)
    return await work


class Loop:
    """One runner, made at first use, for as long as the orchestrator is open."""

    def __init__(self) -> None:
        self._runner: Interruptible | None = None

    def runner(self) -> Interruptible:
        """The runner. Ask for it before the coroutine is made: a refused call then leaves none that was never awaited.

        Raises:
            UsageError: an event loop is running in this thread already.
        """
        import asyncio

        from agents.errors import UsageError

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._runner = self._runner or Interruptible()
            return self._runner
        raise UsageError(
            "This method blocks, and an event loop is running here.", "Await its twin that starts with 'a'."
        )

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Close the loop, if there is one, after something that has to be done in it; a second call does nothing.

        Raises:
            UsageError: an event loop is running in this thread.
        """
        if self._runner is not None:
            self.runner().run(last())
            self._runner.close()
            self._runner = None
