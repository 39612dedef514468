"""The event loop that a blocking method runs its coroutine in."""

from __future__ import annotations

from contextlib import contextmanager

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Runner, Task
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType
    from typing import Any


GRACE_SECONDS = 0.1
"""How long each task has after Ctrl-C until the next one has its turn; what takes longer is stopped where it is."""


def _interruptible(stopped: list[Task[Any]]) -> Runner:
    """A runner whose tasks Ctrl-C stops also while one of them works and lets no other have its turn.

    A runner answers Ctrl-C by cancelling its task, which waits for the loop; at the second Ctrl-C it raises
    KeyboardInterrupt at once. It has no public place for this, and one around it would be on the way of every question.

    Args:
        stopped: gets the task that Ctrl-C stops.
    """
    import asyncio

    class Interruptible(asyncio.Runner):  # type: ignore[misc]  # "final" is only in its type hints
        """See ``_interruptible``."""

        def _on_sigint(self, signum: int, frame: FrameType | None, main_task: Task[Any]) -> None:
            if not main_task.done() and not main_task.cancelling():
                stopped.append(main_task)
                _press_again_where_busy(self.get_loop(), main_task)
            super()._on_sigint(signum, frame, main_task)  # type: ignore[misc]

    return Interruptible()


def _press_again_where_busy(loop: AbstractEventLoop, stopped: Task[Any]) -> None:
    """Press Ctrl-C once more if any task holds the loop for ``GRACE_SECONDS`` before the stopped one has ended: tasks
    that were due already begin their work before they hear that they are cancelled.
    """
    from _thread import interrupt_main
    from contextlib import suppress
    from threading import Event, Thread
    from time import sleep

    def press_again() -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            while loop.is_running() and not stopped.done():
                had_its_turn = Event()
                loop.call_soon_threadsafe(had_its_turn.set)
                if not had_its_turn.wait(GRACE_SECONDS) and loop.is_running():
                    interrupt_main()
                    return
                sleep(GRACE_SECONDS / 10)

    Thread(target=press_again, name="agents-interrupt", daemon=True).start()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait for the end: Python would report the parts of a loop that was stopped while it was made."""
    import signal
    from threading import current_thread, main_thread

    before = signal.getsignal(signal.SIGINT)
    if before is None or current_thread() is not main_thread():  # then Ctrl-C does not arrive here
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        signal.raise_signal(signal.SIGINT)


class Loop:
    """One runner, made at first use, for as long as the orchestrator is open.

    Args:
        check: raises a UsageError where the runner may not be used.
    """

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._runner: Runner | None = None
        self._stopped: list[Task[Any]] = []

    def runner(self) -> Runner:
        """The runner. Ask for it before the coroutine is made: a refused call then leaves none that was never awaited.

        Raises:
            UsageError: an event loop is running in this thread already; or the orchestrator is closed, or another
                thread's.
        """
        self._check()
        return self._free()

    def _free(self) -> Runner:
        import asyncio

        from agents.errors import UsageError

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            if self._runner is None:
                with _undisturbed():
                    self._runner = _interruptible(self._stopped)
                    self._runner.get_loop()
            return self._runner
        raise UsageError(
            "This method blocks, and an event loop is running here.", "Await its twin that starts with 'a'."
        )

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Close the loop, if there is one, after something that has to be done in it; a second call does nothing.

        Raises:
            UsageError: an event loop is running in this thread.
        """
        if self._runner is None:
            return
        runner, self._runner = self._free(), None
        if self._stopped:
            _let_go(runner, self._stopped)
        runner.run(last())
        runner.close()


def _let_go(runner: Runner, stopped: list[Task[Any]]) -> None:
    """End what Ctrl-C has left: tasks that were due would do all their work first, and a task that waited for one that
    was stopped where it was ends the loop once more.
    """
    import asyncio
    from contextlib import suppress

    loop = runner.get_loop()
    left = [*stopped, *asyncio.all_tasks(loop)]
    for task in left:
        task.cancel()
    rounds = 0
    while rounds < 3:  # one for a task, one for what waits for it, one for what waits for that
        with suppress(KeyboardInterrupt):
            loop.call_soon(loop.stop)
            loop.run_forever()
            rounds += 1
    for task in left:
        if task.done() and not task.cancelled():
            task.exception()  # so that Python does not report it as lost
