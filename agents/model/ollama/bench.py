"""Measures how fast a model reads and writes on this server, with one call and with several at the same time.

Times are measured here and not taken from the server, because calls at the same time slow each other down. Every prompt
starts with different words, so that nothing of it is in the server's cache.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from threading import Thread
from typing import Any

from agents.errors import OrchestratorError
from agents.model import given
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import Address, HttpRequest
from agents.model.ollama import errors
from agents.model.ollama.server import keep_alive
from agents.settings import Settings

READ_TOKENS = 600
"""Tokens of the prompts that measure how fast the model reads."""

WRITE_TOKENS = 96
"""Tokens of the answers that measure how fast it writes."""

_SENTENCE = "The ledger keeps every invoice until the auditor has read it, and nobody removes a line. "
_SENTENCE_TOKENS = 18

TURNS, AGENTS, TURN, LABEL, BRIEF, TOPICS, TOPIC, TAIL = 64, 8, 250, 8, 320, 4, 40, 460
"""The reference meeting: 8 agents, 4 topics, 2 rounds, and its lengths in tokens (docs/performance.md)."""

WORTH = 0.9
"""Each additional call needs memory for its context, so it must save a tenth of the time."""

CONTEXTS = (4096, 8192, 16384, 32768)
READ_SECONDS = 180.0
"""Longest time to read a full context."""

ANSWER_SECONDS = 60.0
"""Longest time to write one answer outside meetings."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurement with a certain number of calls at the same time.

    Attributes:
        calls: number of calls that were sent.
        at_work: how many of them the server really worked on at the same time.
        reads: prompt tokens read per second, all calls together.
        writes: tokens written per second, all calls together.
        seconds: how long the measurement took.
    """

    calls: int
    at_work: int
    reads: float
    writes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Recommended settings.

    Attributes:
        parallel: PARALLEL, and OLLAMA_NUM_PARALLEL on the server.
        num_ctx: NUM_CTX, and OLLAMA_CONTEXT_LENGTH on the server.
        num_predict: NUM_PREDICT.
        turn_seconds: time to write one statement of a meeting.
        meeting_minutes: length of the reference meeting, by the number of calls at the same time.
    """

    parallel: int
    num_ctx: int
    num_predict: int
    turn_seconds: float
    meeting_minutes: dict[int, float]


@dataclass(slots=True)
class _Answer:
    prompt_tokens: int = 0
    reply_tokens: int = 0
    sent: float = 0.0
    first: float = 0.0
    last: float = 0.0
    error: BaseException | None = None


class Bench:
    """Measures one model.

    Args:
        model: its name on the server.
        settings: the address of the server, and the context of every call.
    """

    def __init__(self, model: str, settings: Settings) -> None:
        self.model = model
        self._settings = settings
        self._address = Address.of(settings.ollama_base_url)
        self._open: set[HttpRequest] = set()

    def measure(self, calls: int) -> Measured:
        """Send this many calls at the same time, first to measure reading, then to measure writing.

        Raises:
            ModelUnavailable: the server does not answer or does not have the model.
            ModelError: a call failed.
        """
        began = time.monotonic()
        reading = self._at_once(calls, READ_TOKENS, 1)
        writing = self._at_once(calls, _SENTENCE_TOKENS, WRITE_TOKENS)
        read = sum(one.prompt_tokens for one in reading)
        # The first token of an answer is part of its reading.
        written = sum(max(0, one.reply_tokens - 1) for one in writing)
        spans = [(one.first, one.last) for one in writing]
        if not read or not written:
            raise errors.no_counts(self.model)
        return Measured(
            calls,
            overlap(spans),
            read / max(1e-9, max(one.last for one in reading) - min(one.sent for one in reading)),
            written / max(1e-9, max(last for _, last in spans) - min(first for first, _ in spans)),
            time.monotonic() - began,
        )

    def cancel(self) -> None:
        """End all calls immediately; may be called from any thread."""
        for request in list(self._open):
            request.cancel()

    def _at_once(self, calls: int, prompt_tokens: int, answer_tokens: int) -> list[_Answer]:
        answers = [_Answer() for _ in range(calls)]
        threads = [
            Thread(target=self._ask, args=(answer, prompt_tokens, answer_tokens), daemon=True) for answer in answers
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)  # in short waits, so that Ctrl-C works on every system
        except KeyboardInterrupt:
            self.cancel()
            raise
        for answer in answers:
            if answer.error is not None:
                raise answer.error
        return answers

    def _ask(self, answer: _Answer, prompt_tokens: int, answer_tokens: int) -> None:
        try:
            self._stream(answer, self._body(prompt_tokens, answer_tokens))
        except OrchestratorError as error:
            answer.error = error
        except (OSError, HTTPException) as error:
            answer.error = errors.unreachable(self._address.url, network_problem(error))

    def _body(self, prompt_tokens: int, answer_tokens: int) -> dict[str, Any]:
        own = secrets.token_hex(8)
        text = f"{own} " + _SENTENCE * max(1, prompt_tokens // _SENTENCE_TOKENS)
        return {
            "model": self.model,
            "messages": [{"role": "user", "content": f"{text}\nWrite a long story about this ledger."}],
            "stream": True,
            "think": False,
            "truncate": False,
            "keep_alive": keep_alive(self._settings.keep_alive),
            "options": {"num_ctx": self._settings.num_ctx, "num_predict": answer_tokens, "temperature": 0.8},
        }

    def _stream(self, answer: _Answer, body: dict[str, Any]) -> None:
        request = HttpRequest(
            self._address,
            connect_timeout=self._settings.connect_timeout,
            read_timeout=self._settings.first_token_timeout,
        )
        self._open.add(request)
        answer.sent, ended = time.monotonic(), False
        try:
            for status, line in request.lines("POST", "/api/chat", body):
                step = _step(line)
                if status != 200 or "error" in step:
                    text = line.decode(errors="replace")
                    raise errors.of_status(status if status != 200 else -1, text, self.model, self._address.url).error
                now = time.monotonic()
                answer.first = answer.first or now
                if not step.get("done"):
                    answer.last = now
                    continue
                ended, answer.last = True, answer.last or now
                answer.prompt_tokens = given.count(step.get("prompt_eval_count"))
                answer.reply_tokens = given.count(step.get("eval_count"))
        finally:
            request.close()
            self._open.discard(request)
        if not ended:
            raise errors.no_end(self.model, "something")


def _step(line: bytes) -> Mapping[str, Any]:
    """What a line of an answer says; nothing if it is not a JSON object."""
    try:
        return given.mapping(given.parsed(line))
    except ValueError:
        return {}


def overlap(spans: Sequence[tuple[float, float]]) -> int:
    """How many spans of time overlap, as an average over the time that any of them covers; at least 1."""
    covered, end = 0.0, float("-inf")
    for first, last in sorted(spans):
        covered += max(0.0, last - max(first, end))
        end = max(end, last)
    return max(1, round(sum(last - first for first, last in spans) / covered)) if covered > 0 else 1


def meeting_seconds(measured: Measured) -> float:
    """Length of the reference meeting with the speeds of a measurement.

    Slots do not share a cache, so each of them reads the common start of the prompts itself (docs/performance.md).
    """
    slots = measured.at_work
    shared = BRIEF + TOPICS * TOPIC + (TURNS - AGENTS) * (LABEL + TURN)
    return (TURNS * TAIL + slots * shared) / measured.reads + TURNS * TURN / measured.writes


def advise(runs: Sequence[Measured], trained_context: int, statement_tokens: int) -> Advice:
    """Recommend settings from measurements.

    Args:
        runs: measurements; that of a single call is first.
        trained_context: the context that the model was trained for, in tokens; 0 if unknown.
        statement_tokens: the longest statement of a meeting.
    """
    single = runs[0]
    minutes = {run.calls: meeting_seconds(run) / 60 for run in runs if run.at_work == run.calls}
    best = 1
    for calls in sorted(minutes):
        if minutes[calls] < WORTH * minutes.get(best, float("inf")):
            best = calls
    fitting = [size for size in CONTEXTS if not trained_context or size <= trained_context]
    quick = [size for size in fitting if size / single.reads <= READ_SECONDS]
    answer = int(single.writes * ANSWER_SECONDS) // 64 * 64
    return Advice(
        best,
        max(quick) if quick else min(fitting or [trained_context]),
        min(2048, max(256, answer)),
        statement_tokens / single.writes,
        minutes,
    )
