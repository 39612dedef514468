"""The event loop that a blocking method runs its coroutine in."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from typing import Any


class Loop:
    """One ``asyncio.Runner``, made at first use, for as long as the orchestrator is open."""

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None

    def runner(self) -> asyncio.Runner:
        """The runner. Ask for it before the coroutine is made: a refused call then leaves none that was never awaited.

        Raises:
            UsageError: an event loop is running in this thread already.
        """
        import asyncio

        from agents.errors import UsageError

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._runner = self._runner or asyncio.Runner()
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
