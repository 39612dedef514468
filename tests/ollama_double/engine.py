"""The loaded models with their contexts, and the queue for them: load, reload, wait, unload."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.ollama_double.cache import Slot, Slots
from tests.ollama_double.exchange import GLANCE
from tests.ollama_double.library import LocalModel
from tests.ollama_double.wire import FOREVER_NS, Refusal

BUSY = "server busy, please try again.  maximum pending requests exceeded"
KEEP_ALIVE_NS = 5 * 60 * 10**9
KV_BYTES = 112 * 1024
"""Cache bytes a token takes in llama3.2 at f16: 28 layers, 2 x 8 heads of 128, 2 bytes."""
COMPUTE_BYTES = 320 * 1024 * 1024

_WHOLE = ("num_keep", "seed", "num_predict", "top_k", "repeat_last_n", "num_ctx", "num_batch", "num_gpu", "main_gpu")
_INTEGERS = {*_WHOLE, "num_thread", "draft_num_predict"}
_FLOATS = {"top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty"}
_RELOADING = ("num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread", "draft_num_predict")

Check = Callable[[], None]
"""Raises when the waiting client has disconnected."""


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse options of a wrong type, with status 500 as Ollama does; unknown ones are ignored.

    Raises:
        Refusal: 500.
    """
    for name, value in options.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is None:
            continue
        if name in _INTEGERS and not number:
            raise Refusal(500, f'option "{name}" must be of type integer')
        if name in _FLOATS and not number:
            raise Refusal(500, f'option "{name}" must be of type float32')
        if name == "use_mmap" and not isinstance(value, bool):
            raise Refusal(500, f'option "{name}" must be of type boolean')
        if name == "stop" and not isinstance(value, list):
            raise Refusal(500, f'option "{name}" must be of type array')


@dataclass(slots=True)
class Runner:
    """A loaded model.

    Attributes:
        model: which.
        num_ctx: tokens of context of each slot.
        given: the ``num_ctx`` asked for; None when the server chose.
        launch: the other values that cannot change without loading again.
        slots: its slots.
        keep_ns: how long it stays after its last use, in nanoseconds.
        expires: when it is unloaded, in seconds since the epoch.
        users: the number of requests that use it.
        queue: tickets of the requests that wait for a slot, in order.
    """

    model: LocalModel
    num_ctx: int
    given: int | None
    launch: tuple[Any, ...]
    slots: Slots
    keep_ns: int = KEEP_ALIVE_NS
    expires: float = 0.0
    users: int = 0
    queue: list[object] = field(default_factory=list)

    def touch(self) -> None:
        """Start its time to live again."""
        self.expires = time.time() + self.keep_ns / 10**9

    def listed(self) -> tuple[int, datetime]:
        """Its bytes in memory, and when it will be unloaded."""
        size = self.model.size + KV_BYTES * self.num_ctx * len(self.slots.slots) + COMPUTE_BYTES
        return size, datetime.fromtimestamp(min(self.expires, time.time() + FOREVER_NS / 10**9), UTC)


class Engine:
    """Loads models and gives out their slots.

    Attributes:
        parallel: slots of each loaded model (OLLAMA_NUM_PARALLEL).
        max_queue: how many may wait for a load (OLLAMA_MAX_QUEUE).
        max_loaded: how many models are loaded at once (OLLAMA_MAX_LOADED_MODELS).
        default_num_ctx: the context where a request names none (OLLAMA_CONTEXT_LENGTH).
        host_tokens: the number of tokens saved when a slot loses them; 0 saves none.
        loads: every load so far: the model's name and its context.
        most_working: the largest number of slots that worked at the same time.
    """

    def __init__(self, parallel: int, max_queue: int, max_loaded: int, default_num_ctx: int, host_tokens: int) -> None:
        self.parallel = parallel
        self.max_queue = max_queue
        self.max_loaded = max_loaded
        self.default_num_ctx = default_num_ctx
        self.host_tokens = host_tokens
        self.loads: list[tuple[str, int]] = []
        self.most_working = 0
        self._working = 0
        self._changed = threading.Condition()
        self._runners: dict[str, Runner] = {}
        self._waiting: list[object] = []
        self._loading: object | None = None

    def loaded(self) -> list[Runner]:
        """The loaded models, those last to expire first, as /api/ps lists them."""
        with self._changed:
            self._expire()
            return sorted(self._runners.values(), key=lambda runner: runner.expires, reverse=True)

    def unload(self, name: str) -> None:
        """Unload a model as soon as no request uses it."""
        with self._changed:
            runner = self._runners.get(name)
            if runner:
                runner.keep_ns, runner.expires = 0, 0.0
                self._expire()
            self._changed.notify_all()

    def forget(self) -> None:
        """Unload everything, as after a restart."""
        with self._changed:
            self._runners.clear()

    @contextmanager
    def using(
        self, model: LocalModel, body: Mapping[str, Any], keep_ns: int | None, load: Callable[[], None], check: Check
    ) -> Iterator[tuple[Runner, bool]]:
        """Keep a model loaded for one request.

        Args:
            model: which.
            body: the request, with its ``options`` and ``shift``.
            keep_ns: its ``keep_alive`` in nanoseconds, or None.
            load: takes as long as loading takes, and raises when it fails.
            check: raises when the client has gone, which aborts a load.

        Yields:
            The loaded model, and whether it had to be loaded for this request.

        Raises:
            Refusal: 503 when too many requests wait for a load.
        """
        runner, fresh = self._acquire(model, body, load, check)
        try:
            if keep_ns is not None:
                runner.keep_ns = keep_ns
            yield runner, fresh
        finally:
            with self._changed:
                runner.users -= 1
                runner.touch()
                self._expire()
                self._changed.notify_all()

    def _acquire(
        self, model: LocalModel, body: Mapping[str, Any], load: Callable[[], None], check: Check
    ) -> tuple[Runner, bool]:
        ticket = object()
        with self._changed:
            self._expire()
            if runner := self._fitting(model, body):
                return runner, False
            if len(self._waiting) > self.max_queue:  # the first of them is the one that loads
                raise Refusal(503, BUSY)
            self._waiting.append(ticket)
        try:
            self._await_turn(ticket, model, body, check)
            with self._changed:
                if runner := self._fitting(model, body):
                    return runner, False
            load()
            return self._start(model, body), True
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                if self._loading is ticket:
                    self._loading = None
                self._changed.notify_all()

    def _await_turn(self, ticket: object, model: LocalModel, body: Mapping[str, Any], check: Check) -> None:
        """Wait until this request may load and there is memory for it; models are loaded one after another."""
        while True:
            with self._changed:
                self._expire()
                if self._loading is None and self._waiting[0] is ticket:
                    self._loading = ticket
                if self._loading is ticket and (self._match(model, body) or self._make_room(model)):
                    return
                self._changed.wait(GLANCE)
            check()

    def _make_room(self, model: LocalModel) -> bool:
        """Unload what prevents the load: the same model with other options, or the model that was idle longest."""
        old = self._runners.get(model.name)
        if old is None and len(self._runners) >= self.max_loaded:
            idle = [runner for runner in self._runners.values() if not runner.users]
            old = min(idle or self._runners.values(), key=lambda runner: runner.expires)
        if old is None:
            return True
        if old.users:
            return False
        del self._runners[old.model.name]
        return len(self._runners) < self.max_loaded

    def _start(self, model: LocalModel, body: Mapping[str, Any]) -> Runner:
        given = self._options(body).get("num_ctx")
        runner = Runner(
            model, self._context(model, body), given, self._launch(body), Slots(self.parallel, self.host_tokens)
        )
        with self._changed:
            self._runners[model.name] = runner
            self.loads.append((model.name, runner.num_ctx))
            runner.users += 1
            runner.touch()
            return runner

    def _match(self, model: LocalModel, body: Mapping[str, Any]) -> Runner | None:
        runner = self._runners.get(model.name)
        if runner is None:
            return None
        both_auto = runner.given is None and self._options(body).get("num_ctx") is None
        same_context = both_auto or runner.num_ctx == self._context(model, body)
        return runner if same_context and runner.launch == self._launch(body) else None

    def _fitting(self, model: LocalModel, body: Mapping[str, Any]) -> Runner | None:
        """The loaded model, if this request can use it with its options; it counts as used."""
        runner = self._match(model, body)
        if runner:
            runner.users += 1
            runner.touch()
        return runner

    def _context(self, model: LocalModel, body: Mapping[str, Any]) -> int:
        asked = self._options(body).get("num_ctx") or self.default_num_ctx
        return max(4, min(int(asked), model.context_length))

    @staticmethod
    def _options(body: Mapping[str, Any]) -> Mapping[str, Any]:
        options = body.get("options")
        return options if isinstance(options, dict) else {}

    def _launch(self, body: Mapping[str, Any]) -> tuple[Any, ...]:
        options = self._options(body)
        chosen = [options.get(name) for name in _RELOADING]
        return (*(None if value == -1 else value for value in chosen), body.get("shift") is not False)

    def _expire(self) -> None:
        now = time.time()
        for name, runner in list(self._runners.items()):
            if not runner.users and runner.expires <= now:
                del self._runners[name]

    @contextmanager
    def working(self, runner: Runner, prompt: list[str], check: Check) -> Iterator[tuple[Slot, int, list[str]]]:
        """Use a slot, in the order of the requests; any number of requests may wait.

        Yields:
            The slot, how many prompt tokens must be evaluated, and a list to put the tokens in that the slot's cache
            holds afterwards.
        """
        ticket = object()
        with self._changed:
            runner.queue.append(ticket)
        try:
            while True:
                with self._changed:
                    if runner.queue[0] is ticket and runner.slots.free():
                        slot, evaluated = runner.slots.take(prompt)
                        self._working += 1
                        self.most_working = max(self.most_working, self._working)
                        break
                    self._changed.wait(GLANCE)
                check()
        finally:
            with self._changed:
                runner.queue.remove(ticket)
                self._changed.notify_all()
        held = list(prompt)
        try:
            yield slot, evaluated, held
        finally:
            with self._changed:
                self._working -= 1
                runner.slots.give_back(slot, held)
                self._changed.notify_all()
