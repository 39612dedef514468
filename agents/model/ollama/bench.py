"""How fast a model reads and writes on this server, with one call and with several at once.

Measured by the clock, because only the clock knows what several calls do to each other. Every prompt begins with words
of its own, so that nothing of it is in the server's cache.
"""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from threading import Thread
from typing import Any

from agents.errors import OrchestratorError
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import Address, HttpRequest
from agents.model.ollama import errors
from agents.model.ollama.server import keep_alive
from agents.settings import Settings

READ_TOKENS = 600
"""About how long the prompts are that show how fast the model reads."""

WRITE_TOKENS = 96
"""How long the answers are that show how fast it writes."""

_SENTENCE = "The ledger keeps every invoice until the auditor has read it, and nobody removes a line. "
_SENTENCE_TOKENS = 18

TURNS, AGENTS, TURN, LABEL, BRIEF, TOPICS, TOPIC, TAIL = 64, 8, 250, 8, 320, 4, 40, 460
"""The reference meeting: 8 agents, 4 topics, 2 rounds, with its lengths in tokens (docs/performance.md)."""

WORTH = 0.9
"""More calls at once take a context's memory each, so they must save a tenth of the time."""

CONTEXTS = (4096, 8192, 16384, 32768)
READ_SECONDS = 180.0
"""Longest that reading a full context may take."""

ANSWER_SECONDS = 60.0
"""Longest that writing one answer outside meetings should take."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What so many calls at once came to.

    Attributes:
        calls: sent at once.
        at_work: how many of them the server really worked on at once.
        reads: prompt tokens evaluated a second, all calls together.
        writes: tokens written a second, all calls together.
        seconds: how long measuring took.
    """

    calls: int
    at_work: int
    reads: float
    writes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What to set on this server.

    Attributes:
        parallel: PARALLEL, and OLLAMA_NUM_PARALLEL on the server.
        num_ctx: NUM_CTX, and OLLAMA_CONTEXT_LENGTH on the server.
        num_predict: NUM_PREDICT.
        turn_seconds: how long a statement of a meeting takes to write.
        meeting_minutes: what the reference meeting would take, by the number of calls at once.
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
        settings: where the server is, and the context of every call.
    """

    def __init__(self, model: str, settings: Settings) -> None:
        self.model = model
        self._settings = settings
        self._address = Address.of(settings.ollama_base_url)
        self._open: set[HttpRequest] = set()

    def measure(self, calls: int) -> Measured:
        """Send so many calls at once, first to be read, then to be answered.

        Raises:
            ModelUnavailable: no server, or no such model.
            ModelError: a call failed.
        """
        began = time.monotonic()
        reading = self._at_once(calls, READ_TOKENS, 1)
        writing = self._at_once(calls, _SENTENCE_TOKENS, WRITE_TOKENS)
        read = sum(one.prompt_tokens for one in reading)
        # The first token of an answer is part of its reading.
        written = sum(max(0, one.reply_tokens - 1) for one in writing)
        spans = [(one.first, one.last) for one in writing]
        return Measured(
            calls,
            overlap(spans),
            read / max(1e-9, max(one.last for one in reading) - min(one.sent for one in reading)),
            written / max(1e-9, max(last for _, last in spans) - min(first for first, _ in spans)),
            time.monotonic() - began,
        )

    def give_up(self) -> None:
        """End what is being asked, from any thread."""
        for request in list(self._open):
            request.give_up()

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
                    thread.join(0.2)  # in pieces, so that Ctrl-C is heard on every system
        except KeyboardInterrupt:
            self.give_up()
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
                step = json.loads(line) if line.strip().startswith(b"{") else {}
                if status != 200 or "error" in step:
                    text = line.decode(errors="replace")
                    raise errors.of_status(status if status != 200 else -1, text, self.model, self._address.url).error
                now = time.monotonic()
                answer.first = answer.first or now
                if not step.get("done"):
                    answer.last = now
                    continue
                ended, answer.last = True, answer.last or now
                answer.prompt_tokens = step.get("prompt_eval_count", 0)
                answer.reply_tokens = step.get("eval_count", 0)
        finally:
            request.close()
            self._open.discard(request)
        if not ended:
            raise errors.no_end(self.model, "something")


def overlap(spans: Sequence[tuple[float, float]]) -> int:
    """How many of some spans of time lie over one another, on average of the time that any covers; at least 1."""
    covered, end = 0.0, float("-inf")
    for first, last in sorted(spans):
        covered += max(0.0, last - max(first, end))
        end = max(end, last)
    return max(1, round(sum(last - first for first, last in spans) / covered)) if covered > 0 else 1


def meeting_seconds(measured: Measured) -> float:
    """What the reference meeting takes with so many calls at once.

    Slots share nothing, so each of them reads the shared part of every prompt itself (docs/performance.md).
    """
    slots = measured.at_work
    shared = BRIEF + TOPICS * TOPIC + (TURNS - AGENTS) * (LABEL + TURN)
    return (TURNS * TAIL + slots * shared) / measured.reads + TURNS * TURN / measured.writes


def advise(runs: Sequence[Measured], trained_context: int, statement_tokens: int) -> Advice:
    """What to set, from what was measured.

    Args:
        runs: measurements, the one of a single call first.
        trained_context: what the model was trained for, in tokens; 0 if unknown.
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
