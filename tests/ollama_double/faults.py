"""Faults on request: each says what happens, to which requests, and how often.

``double.inject(faults.busy(times=2))`` answers the next two chats with 503. Every maker below takes the same rules:
``times`` (None for always), ``skip`` (matching requests to leave alone first), ``path`` ("*" for every path),
``contains`` (words that must stand in the body) and ``when`` (a predicate on the request).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from tests.ollama_double.records import Request

IN_STREAM = frozenset({"stall", "reset", "drop", "half_line", "garbage", "error", "no_done", "down"})
LOADING = frozenset({"slow_load", "load_failed", "removed"})
"""Faults that also apply to a request without a prompt, which only loads the model."""


class Rules(TypedDict, total=False):
    """The requests to which a fault applies, and how often."""

    times: int | None
    skip: int
    path: str
    contains: str
    when: Callable[[Request], bool]


@dataclass(slots=True)
class Fault:
    """One fault.

    Attributes:
        kind: what.
        after: lines of the stream that are sent first.
        seconds: how long it lasts; None until ``release`` is called or the client disconnects.
        status: HTTP status to answer with.
        text: error text, line or answer to send.
        tokens: where to cut an answer.
        rules: the requests to which it applies.
        hits: how often it was applied.
        released: set by ``release``.
    """

    kind: str
    after: int = 0
    seconds: float | None = None
    status: int = 0
    text: str = ""
    tokens: int = 0
    rules: Rules = field(default_factory=Rules)
    hits: int = 0
    seen: int = 0
    fired_for: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    act: Callable[["Fault"], None] | None = None

    @property
    def in_stream(self) -> bool:
        """Whether it applies while the answer is sent."""
        return self.kind in IN_STREAM

    def release(self) -> None:
        """End a wait that has no other end."""
        self.released.set()

    def wants(self, request: Request) -> bool:
        """Whether it applies to a request, without regard to how often it may still happen."""
        path = self.rules.get("path", "")
        if path and path not in {"*", request.path}:
            return False
        if not path:
            to_model = request.path in {"/api/chat", "/api/generate"}
            says = bool(request.messages or request.get("prompt"))
            if not to_model or not (says or self.kind in LOADING):
                return False
        if self.rules.get("contains", "") not in request.raw.decode("utf-8", "replace"):
            return False
        when = self.rules.get("when")
        return when is None or when(request)


class Faults:
    """The active faults, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Activate a fault."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults and end their waits."""
        with self._lock:
            for fault in self._faults:
                fault.release()
            self._faults.clear()

    def chosen(self, request: Request) -> list[Fault]:
        """The faults that apply to a request now; each is counted."""
        chosen = []
        with self._lock:
            for fault in self._faults:
                times = fault.rules.get("times", 1)
                if (times is not None and fault.hits >= times) or not fault.wants(request):
                    continue
                fault.seen += 1
                if fault.seen > fault.rules.get("skip", 0):
                    fault.hits += 1
                    chosen.append(fault)
        return chosen


def busy(**rules: Unpack[Rules]) -> Fault:
    """503: the queue for a loading model is full."""
    text = "server busy, please try again.  maximum pending requests exceeded"
    return Fault("status", status=503, text=text, rules=rules)


def internal_error(text: str = "", **rules: Unpack[Rules]) -> Fault:
    """500: the runner died before the answer."""
    died = (
        "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, "
        "check ollama server logs for details"
    )
    return Fault("status", status=500, text=text or died, rules=rules)


def status(code: int, text: str, **rules: Unpack[Rules]) -> Fault:
    """Any status with any error text."""
    return Fault("status", status=code, text=text, rules=rules)


def not_found(**rules: Unpack[Rules]) -> Fault:
    """404, as for a model that was never pulled; the model itself stays on the disk."""
    return Fault("status", status=404, rules=rules)


def removed(**rules: Unpack[Rules]) -> Fault:
    """The model is deleted while the request waits for it: 404 now, and it is not listed any more."""
    return Fault("removed", rules=rules)


def slow_load(seconds: float | None = None, **rules: Unpack[Rules]) -> Fault:
    """Loading takes this long; nothing happens when the model is loaded already."""
    return Fault("slow_load", seconds=seconds, rules=rules)


def load_failed(text: str = "", **rules: Unpack[Rules]) -> Fault:
    """500: the model does not load."""
    said = text or "llama-server process has terminated: exit status 1: error loading model"
    return Fault("load_failed", text=said, rules=rules)


def slow_first_token(seconds: float | None = None, **rules: Unpack[Rules]) -> Fault:
    """Nothing is sent, not even headers, for this long."""
    return Fault("slow", seconds=seconds, rules=rules)


def stall(after: int = 2, seconds: float | None = None, **rules: Unpack[Rules]) -> Fault:
    """The stream pauses after some lines, then continues."""
    return Fault("stall", after=after, seconds=seconds, rules=rules)


def reset(after: int = 2, **rules: Unpack[Rules]) -> Fault:
    """The connection is reset in the middle of a line."""
    return Fault("reset", after=after, rules=rules)


def drop(after: int = 2, **rules: Unpack[Rules]) -> Fault:
    """The connection is closed in order, but in the middle of a line."""
    return Fault("drop", after=after, rules=rules)


def half_line(after: int = 2, **rules: Unpack[Rules]) -> Fault:
    """The stream is complete as HTTP, but ends in the middle of a JSON line."""
    return Fault("half_line", after=after, rules=rules)


def garbage(after: int = 1, text: str = "<html>502 Bad Gateway</html>", **rules: Unpack[Rules]) -> Fault:
    """A line that is not JSON."""
    return Fault("garbage", after=after, text=text, rules=rules)


def error_in_stream(after: int = 2, text: str = "", **rules: Unpack[Rules]) -> Fault:
    """An error object as the last line of a stream whose status is 200."""
    said = text or "an error was encountered while running the model: unexpected EOF"
    return Fault("error", after=after, text=said, rules=rules)


def no_done(after: int = 2, **rules: Unpack[Rules]) -> Fault:
    """The stream ends cleanly without its ``done`` line, as the guard against repetition ends it."""
    return Fault("no_done", after=after, rules=rules)


def goes_down(after: int = 0, seconds: float | None = None, **rules: Unpack[Rules]) -> Fault:
    """The server stops in the middle of the answer, for some seconds or until ``up`` is called."""
    return Fault("down", after=after, seconds=seconds, rules=rules)


def empty_answer(**rules: Unpack[Rules]) -> Fault:
    """The answer of the model is empty."""
    return Fault("answer", text="", rules=rules)


def answers(text: str, **rules: Unpack[Rules]) -> Fault:
    """The answer of the model is this text."""
    return Fault("answer", text=text, rules=rules)


def wrong_json(**rules: Unpack[Rules]) -> Fault:
    """JSON that has nothing to do with the schema asked for."""
    return Fault("answer", text='{"answer": [1, 2, 3]}', rules=rules)


def cut(tokens: int = 5, **rules: Unpack[Rules]) -> Fault:
    """The answer is cut after this number of tokens: ``done_reason`` is "length"."""
    return Fault("cut", tokens=tokens, rules=rules)


def no_counts(**rules: Unpack[Rules]) -> Fault:
    """The last line has no ``prompt_eval_count``, as in servers before 0.30.1 when the whole prompt was cached."""
    return Fault("no_counts", rules=rules)
