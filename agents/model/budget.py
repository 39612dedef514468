"""What fits a model's context: checked before a prompt is sent, and again by the server's own count afterwards."""

from agents.errors import ContextOverflow
from agents.model import Prompt, Reply
from agents.model.answers import read_json
from agents.model.calling import Call
from agents.model.tokens import RESERVE_TOKENS, Estimate, TokenCounter

_RELOADED = 1.0
"""Seconds of loading from which on the server must have read the model anew, and lost what it had evaluated."""


class Budget:
    """The context of one model.

    Args:
        label: the model's name in errors and replies.
        context_tokens: the most tokens a prompt and its answer may have together.
        remedy: what to do about a prompt that does not fit.
        keeps_prefix: whether the server keeps what it evaluated without saying how much of it a call could use.

    Attributes:
        counter: counts tokens, better with every answer.
        trusts_counts: whether the server counts whole prompts, not only what it evaluated of them.
    """

    def __init__(self, label: str, context_tokens: int, remedy: str, *, keeps_prefix: bool = False) -> None:
        self.label = label
        self.context_tokens = context_tokens
        self.counter = TokenCounter()
        self.trusts_counts = True
        self._remedy = remedy
        self._keeps_prefix = keeps_prefix

    def check(self, prompt: Prompt) -> tuple[list[tuple[str, str]], Estimate]:
        """See that a prompt fits.

        Returns:
            Author and text of each message, as they are to be sent; and what is expected of their length.

        Raises:
            ContextOverflow: it does not fit together with its answer.
        """
        said = [(str(message.author), _sendable(message.text)) for message in prompt.messages()]
        expected = self.counter.estimate(said)
        if expected.most + prompt.max_tokens + RESERVE_TOKENS > self.context_tokens:
            sizes = f"about {expected.most} tokens and {prompt.max_tokens} for the answer, of {self.context_tokens}"
            raise ContextOverflow(f"The prompt does not fit the context of {self.label}: {sizes}.", self._remedy)
        return said, expected

    def settle(self, said: list[tuple[str, str]], expected: Estimate, call: Call) -> None:
        """Compare with what the server counted, and learn from it.

        Raises:
            ContextOverflow: the server read less than was sent, or the context ran over while it answered.
        """
        counted, answer = call.last.prompt_tokens, call.last.reply_tokens
        if not counted or not self.trusts_counts:
            return
        if counted < expected.least:
            sizes = f"{counted} tokens of at least {expected.least} were read"
            raise ContextOverflow(f"The prompt for {self.label} was cut silently: {sizes}.", self._remedy)
        if counted + answer > self.context_tokens:
            sizes = f"{counted} tokens and {answer} of the answer, of {self.context_tokens}"
            raise ContextOverflow(f"The context of {self.label} ran over: {sizes}.", self._remedy)
        self.counter.learn(said, counted)

    def reply(self, prompt: Prompt, expected: Estimate, call: Call, notes: tuple[str, ...] = ()) -> Reply:
        """The reply that a call came to, with its numbers."""
        last = call.last
        return Reply(
            call.text,
            ended=last.ended or "stop",
            parsed=read_json(call.text) if prompt.schema else None,
            model=self.label,
            prompt_tokens=last.prompt_tokens,
            evaluated_tokens=self._evaluated(expected, call),
            reply_tokens=last.reply_tokens,
            queue_seconds=call.queue_seconds,
            first_token_seconds=call.first_token_seconds,
            total_seconds=call.total_seconds,
            load_seconds=last.load_seconds,
            prompt_seconds=last.prompt_seconds,
            reply_seconds=last.reply_seconds,
            retries=call.retries,
            notes=notes,
        )

    def _evaluated(self, expected: Estimate, call: Call) -> int | None:
        """The tokens that were not in the server's cache: as it says, or what was never sent before."""
        last = call.last
        if last.evaluated_tokens is not None or not self._keeps_prefix:
            return last.evaluated_tokens
        if not last.prompt_tokens or not self.trusts_counts:
            return None
        if last.load_seconds > _RELOADED:
            return last.prompt_tokens
        return None if expected.shared is None else max(1, last.prompt_tokens - expected.shared)


def whole_json(text: str) -> bool:
    """Whether a text holds a whole JSON value."""
    return read_json(text) is not None


def _sendable(text: str) -> str:
    """Text without halves of letters, which no UTF-8 can carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
