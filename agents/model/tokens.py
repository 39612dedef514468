"""Estimates how many tokens a prompt has, from the server's counts of earlier prompts.

The prompts of a meeting have the same start and different ends. So a new prompt is compared with the most similar
earlier one: the server's count, minus that prompt's end, plus the new end. Only the ends are estimated.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.errors import ContextOverflow
from agents.model import RESERVE_TOKENS, Prompt, Reply
from agents.model.odds import margin
from agents.model.prompt import UNENDED
from agents.model.reply_text import read_answer, read_json
from agents.model.streaming import Call

_MESSAGE_TOKENS = 5
_TEMPLATE_TOKENS = 30
_KEPT = 16
_MARGIN = 1.1
_WORD = re.compile(r"[^\W\d_]+")

Said = Sequence[tuple[str, str]]
"""A prompt as it is sent: author and text of each message."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated length of a prompt.

    Attributes:
        tokens: the most likely number of tokens.
        most: the highest likely number.
        least: the lowest possible number; a smaller count by the server means that something was cut.
        shared: how many of its first tokens were sent before, so that the server may have cached them; None if
            nothing was counted yet.
    """

    tokens: int
    most: int
    least: int
    shared: int | None


@dataclass(frozen=True, slots=True)
class _Counted:
    said: tuple[tuple[str, str], ...]
    tokens: int


class TokenCounter:
    """Counts tokens for one model; every answer makes it more exact.

    Attributes:
        factor: number of the model's tokens for each token of the rough count.
    """

    def __init__(self) -> None:
        self.factor = 1.0
        self._weight = 0.0
        self._counted: deque[_Counted] = deque(maxlen=_KEPT)

    def count(self, text: str) -> int:
        """About how many tokens a text has; rather too many than too few."""
        margin = (
            _MARGIN if self._weight else 1.0
        )  # before anything was counted, one token for three bytes is high enough
        return round(rough(text) * self.factor * margin + 0.5) if text else 0

    def estimate(self, said: Said) -> Estimate:
        """Estimate the length of a prompt."""
        said = tuple(said)
        words = sum(_words(text) for _, text in said)
        nearest = max(self._counted, key=lambda counted: _common(counted.said, said), default=None)
        if nearest is None:
            whole = sum(rough(text) for _, text in said)  # high enough to include the template
            return Estimate(round(whole), round(whole), words, None)
        head = _common(nearest.said, said)
        if not head:
            whole = _TEMPLATE_TOKENS + sum(_MESSAGE_TOKENS + rough(text) * self.factor for _, text in said)
            return Estimate(round(whole), round(whole * _MARGIN), words, 0)
        old, new = self._after(nearest.said, head), self._after(said, head)
        tokens = nearest.tokens - old + new
        # The ends are guesses, so the worst case is used for each, with one token less for the border of each message.
        least = max(words, round(0.9 * (nearest.tokens - 1.3 * old + new / 1.6)) - len(said))
        shared = max(0, min(round(nearest.tokens - old), nearest.tokens))
        return Estimate(round(tokens), round(tokens + (_MARGIN - 1) * (old + new)), least, shared)

    def learn(self, said: Said, tokens: int) -> None:
        """Learn from the server's count of a prompt."""
        said = tuple(said)
        rough_tokens = _TEMPLATE_TOKENS + sum(_MESSAGE_TOKENS + rough(text) for _, text in said)
        if tokens <= 0:
            return
        # Long prompts say more about a model than short ones. With the limit, many old ones do not outweigh new ones.
        self._weight = min(self._weight, 20_000) + rough_tokens
        self.factor += (tokens / rough_tokens - self.factor) * rough_tokens / self._weight
        self.factor = min(max(self.factor, 0.3), 3.0)
        self._counted.appendleft(_Counted(said, tokens))

    def _after(self, said: Said, head: int) -> float:
        """About how many tokens are after the first ``head`` characters."""
        tokens = 0.0
        for _, text in said:
            if head < len(text):
                tokens += _MESSAGE_TOKENS * (head == 0) + rough(text[head:]) * self.factor
            head = max(0, head - len(text))
        return tokens


@lru_cache(maxsize=512)
def _words(text: str) -> int:
    """The number of words of a text in ASCII, else 0; cached, because prompts have the same start."""
    return len(_WORD.findall(text)) if text.isascii() else 0


def rough(text: str) -> float:
    """One token for three bytes: too many for English, about right for scripts with two or three bytes for a letter."""
    return (len(text) if text.isascii() else len(text.encode("utf-8", "replace"))) / 3


def _common(one: Said, other: Said) -> int:
    """The number of characters that two prompts have in common at their start."""
    length = 0
    for (author, text), (other_author, other_text) in zip(one, other, strict=False):
        if author == other_author and text == other_text:
            length += len(text)
            continue
        if author == other_author:
            length += _common_start(text, other_text)
        break
    return length


def _common_start(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


_RELOADED = 1.0
"""If loading took longer, in seconds, the server has loaded the model again and lost its cache."""


class Budget:
    """Checks that prompts and answers fit the context of one model.

    Args:
        label: the model's name in errors and replies.
        context_tokens: the most tokens that a prompt and its answer may have together.
        remedy: what to do about a prompt that does not fit.
        keeps_prefix: whether the server caches prompts without saying how much of the cache a call used.

    Attributes:
        counter: counts tokens; every answer makes it more exact.
        trusts_counts: whether the server counts whole prompts, not only the part that it evaluated.
    """

    def __init__(self, label: str, context_tokens: int, remedy: str, *, keeps_prefix: bool = False) -> None:
        self.label = label
        self.context_tokens = context_tokens
        self.counter = TokenCounter()
        self.trusts_counts = True
        self._remedy = remedy
        self._keeps_prefix = keeps_prefix

    def check(self, prompt: Prompt) -> tuple[list[tuple[str, str]], Estimate]:
        """Check that a prompt fits.

        Returns:
            Author and text of each message, ready to send; and the estimate of their length.

        Raises:
            ContextOverflow: it does not fit together with its answer.
        """
        said = [(str(message.author), _sendable(message.text)) for message in prompt.messages()]
        expected = self.counter.estimate(said)
        if expected.most + prompt.answer_tokens + RESERVE_TOKENS > self.context_tokens:
            sizes = f"about {expected.most} tokens and {prompt.answer_tokens} for the answer, of {self.context_tokens}"
            raise ContextOverflow(f"The prompt does not fit the context of {self.label}: {sizes}.", self._remedy)
        return said, expected

    def settle(self, said: list[tuple[str, str]], expected: Estimate, call: Call) -> None:
        """Compare the estimate with the server's count, and learn from it.

        Raises:
            ContextOverflow: the server read less than was sent, or the context was full before the answer ended.
        """
        counted, answer = call.last.prompt_tokens, call.last.reply_tokens
        if not counted or not self.trusts_counts:
            return
        if counted < expected.least:
            sizes = f"{counted} tokens of at least {expected.least} were read"
            raise ContextOverflow(f"The prompt for {self.label} was cut silently: {sizes}.", self._remedy)
        if counted + answer > self.context_tokens:
            sizes = f"{counted} tokens and {answer} of the answer, of {self.context_tokens}"
            raise ContextOverflow(f"The context of {self.label} is full: {sizes}.", self._remedy)
        self.counter.learn(said, counted)

    def reply(self, prompt: Prompt, expected: Estimate, call: Call, notes: tuple[str, ...] = ()) -> Reply:
        """The reply of a finished call, with its measurements."""
        last = call.last
        stopped_here = last.ended == "loop" or (last.ended == "length" and not last.reply_tokens)
        return Reply(
            call.text,
            ended="stop" if prompt.between else last.ended or "stop",
            parsed=read_answer(call.text, prompt.schema),
            model=self.label,
            prompt_tokens=last.prompt_tokens,
            evaluated_tokens=self._evaluated(expected, call),
            reply_tokens=self.counter.count(call.text) if stopped_here else last.reply_tokens,
            queue_seconds=call.queue_seconds,
            first_token_seconds=call.first_token_seconds,
            total_seconds=call.total_seconds,
            load_seconds=last.load_seconds,
            prompt_seconds=last.prompt_seconds,
            reply_seconds=last.reply_seconds,
            retries=call.retries,
            notes=(*notes, UNENDED) if call.unended else notes,
            margin=margin(call.candidates, prompt.between),
        )

    def _evaluated(self, expected: Estimate, call: Call) -> int | None:
        """The number of tokens that were not in the server's cache: the server's count, or what was not sent before."""
        last = call.last
        if last.evaluated_tokens is not None or not self._keeps_prefix:
            return last.evaluated_tokens
        if not last.prompt_tokens or not self.trusts_counts:
            return None
        if last.load_seconds > _RELOADED:
            return last.prompt_tokens
        return None if expected.shared is None else max(1, last.prompt_tokens - expected.shared)


def whole_json(text: str) -> bool:
    """Whether a text contains a complete JSON value."""
    return read_json(text) is not None


def _sendable(text: str) -> str:
    """Text without half surrogates, which UTF-8 cannot encode."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
