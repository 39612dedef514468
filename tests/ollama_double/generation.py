"""Generates an answer to a prompt that fits: slots, tokens, pace, limits, and the numbers of the last line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.ollama_double.engine import Runner
from tests.ollama_double.exchange import Exchange
from tests.ollama_double.fitting import Fitted
from tests.ollama_double.tokens import count, tokenize
from tests.ollama_double.wire import utc_now, without_zeros
from tests.token_odds import log_probabilities

if TYPE_CHECKING:
    from tests.ollama_double.server import OllamaDouble

LOADED_NS = 41_200_345
"""The time of a request in the scheduler when its model is loaded already."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the model.

    Attributes:
        text: its words.
        thinking: its thoughts before them; sent only by models that think, if the request wants them.
        tool_calls: functions it calls, each ``{"name": ..., "arguments": {...}}``.
        odds: log-probabilities of the tokens it could have begun with; made up where there are none.
    """

    text: str
    thinking: str = ""
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    odds: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Work:
    """One thing to generate.

    Attributes:
        body: the request.
        think: whether thoughts are wanted.
        said: makes the part of a line that carries words: text, thoughts and tool calls.
        extra: fields of the last line that come before its numbers.
        begun: the beginning of the answer that the request contains; it comes back before the first token.
    """

    body: Mapping[str, Any]
    think: bool
    said: Callable[[str, str, tuple[Mapping[str, Any], ...]], dict[str, Any]]
    extra: dict[str, Any] = field(default_factory=dict)
    begun: str = ""

    @property
    def stream(self) -> bool:
        """Whether the answer is streamed; the default."""
        return self.body.get("stream") is not False

    @property
    def options(self) -> Mapping[str, Any]:
        """The request's options."""
        options = self.body.get("options")
        return options if isinstance(options, dict) else {}

    def line(self, text: str, thinking: str = "", **more: Any) -> dict[str, Any]:
        """One line of the answer."""
        calls = more.pop("calls", ())
        head = {"model": self.body["model"], "created_at": utc_now()}
        return {**head, **self.said(text, thinking, calls), "done": False, **more}


@dataclass(slots=True)
class _Numbers:
    fresh: bool
    started: float
    evaluated: int = 0
    prompt: int = 0
    generated: int = 0


def generate(
    double: "OllamaDouble", exchange: Exchange, runner: Runner, fitted: Fitted, work: Work, *, fresh: bool
) -> Callable[[], None]:
    """Generate the answer to one prompt and send all of it but the last line.

    Returns:
        Sends the end. It is called when the slot and the model have been given back, so that a client that has seen
        the last line also sees that the server is idle.
    """
    record = exchange.record
    record.prompt, record.dropped = "".join(fitted.tokens), fitted.dropped
    numbers = _Numbers(fresh, time.monotonic(), prompt=len(fitted.tokens))
    with double.engine.working(runner, fitted.tokens, exchange.check) as (slot, evaluated, held):
        record.slot, record.evaluated, record.prompt_tokens = slot.number, evaluated, numbers.prompt
        numbers.evaluated = evaluated
        if fault := exchange.fault("slow"):
            exchange.wait(fault.seconds, fault)
        exchange.wait(double.pace * evaluated * double.prompt_token_ns / 10**9)
        answer = double.answer_to(exchange, work.body)
        thoughts = tokenize(answer.thinking) if work.think else []
        words = tokenize(_until_stop(answer.text, work.options.get("stop")))
        limit = _limit(exchange, work, runner.num_ctx, numbers.prompt)
        ended = "length" if len(thoughts) + len(words) >= limit else "stop"
        thoughts, words = thoughts[:limit], words[: max(0, limit - len(thoughts))]
        numbers.generated = len(thoughts) + len(words) + (ended == "stop")
        wanted = double.gives_odds and bool(work.body.get("logprobs"))
        odds = log_probabilities(work.body, [*thoughts, *words], answer.odds) if wanted else []
        for number, piece in enumerate([*thoughts, *words]):
            exchange.wait(double.pace * double.reply_token_ns / 10**9)
            held.append(piece)
            record.reply_tokens += 1
            if work.stream:
                thought = number < len(thoughts)
                more = {"logprobs": odds[number : number + 1]} if odds else {}
                text = work.begun + piece if number == len(thoughts) else piece
                exchange.line(work.line("" if thought else text, piece if thought else "", **more))
        if len(held) > runner.num_ctx:
            held.clear()  # the context was shifted, so no part of it is a prefix now
    record.text, record.ended = work.begun + "".join(words), ended
    calls = answer.tool_calls if ended == "stop" else ()
    whole = ("", "") if work.stream else (record.text, "".join(thoughts))
    metrics = _metrics(double, exchange, numbers)

    def finish() -> None:
        if not work.stream and exchange.fault("no_done"):
            exchange.json(200, work.line(*whole))
            return
        if work.stream and calls:
            exchange.line(work.line("", calls=calls))
        last = work.line(*whole, calls=() if work.stream else calls)
        last |= {"done": True, "done_reason": ended, **work.extra}
        last |= {"logprobs": odds, **metrics} if odds and not work.stream else metrics
        if work.stream:
            exchange.line(last, last=True)
            exchange.end()
        else:
            exchange.json(200, last)

    return finish


def _limit(exchange: Exchange, work: Work, num_ctx: int, prompt: int) -> int:
    asked = int(work.options.get("num_predict", -1))
    limit = asked if asked >= 0 else 10 * num_ctx
    if work.body.get("shift") is False:
        limit = min(limit, max(0, num_ctx - prompt))
    fault = exchange.fault("cut")
    return min(limit, fault.tokens) if fault else limit


def _until_stop(text: str, stops: Any) -> str:
    for stop in stops or ():
        text = text.split(stop, 1)[0] if stop else text
    return text


def _metrics(double: "OllamaDouble", exchange: Exchange, numbers: _Numbers) -> dict[str, Any]:
    """The numbers of the last line. The times are computed, not measured."""
    load = double.load_ns if numbers.fresh else LOADED_NS
    prompt_time = numbers.evaluated * double.prompt_token_ns
    reply_time = numbers.generated * double.reply_token_ns
    waited = int((time.monotonic() - numbers.started) * 10**9)
    counts = {} if exchange.fault("no_counts") else {"prompt_eval_count": numbers.prompt}
    return without_zeros(
        {
            "total_duration": load + max(prompt_time + reply_time, waited),
            "load_duration": load,
            **counts,
            "prompt_eval_duration": prompt_time,
            "eval_count": numbers.generated,
            "eval_duration": reply_time,
        }
    )


def context_numbers(text: str) -> list[int]:
    """The ``context`` that /api/generate returns: one number for each token."""
    return [128006, *range(9125, 9125 + min(count(text), 64)), 128007]
