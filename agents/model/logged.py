"""A model that writes one line to the log for each turn: agent, times and token counts, but not what was said."""

import time
from collections import Counter
from typing import TYPE_CHECKING

from agents.errors import ModelUnavailable
from agents.log import Log

if TYPE_CHECKING:
    from agents.model import Model, Notice, OnText, Prompt, Reply

TOKENS: Counter[str] = Counter()
"""The tokens of all calls in this process: those "read" in prompts, and those "written" in answers."""


class LoggedModel:
    """A model that logs each of its turns; everything else it leaves to the model inside.

    Args:
        model: the model that answers.
        log: where the lines are written.

    Attributes:
        label, context_tokens, parallel: those of the model inside.
    """

    def __init__(self, model: "Model", log: Log) -> None:
        self.model = model
        self.log = log
        self._copy_attributes()

    async def start(self, *, notice: "Notice | None" = None) -> None:
        """Start the model.

        Args:
            notice: receives a few words that say what the start waits for.

        Raises:
            ModelUnavailable: the server does not answer or does not have the model.
        """
        began = time.monotonic()
        await self.model.start(notice=notice)
        self._copy_attributes()
        self.log.line("INFO", "model ready", model=self.label, total_ms=_milliseconds(time.monotonic() - began))

    async def reply(self, prompt: "Prompt", *, on_text: "OnText | None" = None) -> "Reply":
        """Let the model answer, and log times and token counts; errors of the model are logged and passed on."""
        began = time.monotonic()
        asked = {"question": prompt.question}
        agent = prompt.role.id if prompt.role else None
        try:
            reply = await self.model.reply(prompt, on_text=on_text)
        except BaseException as error:
            # The cause of most errors may quote what was said; the cause of an unreachable server does not.
            cause = error.cause if isinstance(error, ModelUnavailable) else None
            self.log.line(
                "WARNING",
                "turn failed",
                said=asked,
                agent=agent,
                task=prompt.task.value,
                model=self.label,
                error=type(error).__name__,
                cause=cause,
                total_ms=_milliseconds(time.monotonic() - began),
            )
            raise
        TOKENS.update(read=reply.prompt_tokens or 0, written=reply.reply_tokens or 0)
        self.log.line(
            "INFO",
            "turn",
            said={**asked, "answer": reply.text},
            agent=agent,
            task=prompt.task.value,
            model=reply.model or self.label,
            ended=reply.ended,
            prompt_tokens=reply.prompt_tokens,
            evaluated_tokens=reply.evaluated_tokens,
            reply_tokens=reply.reply_tokens,
            queue_ms=_milliseconds(reply.queue_seconds),
            first_token_ms=_milliseconds(reply.first_token_seconds),
            total_ms=_milliseconds(time.monotonic() - began),
            retries=reply.retries,
        )
        return reply

    def count_tokens(self, text: str) -> int:
        """About how many tokens ``text`` has for this model."""
        return self.model.count_tokens(text)

    async def close(self) -> None:
        """Close the model; a second call does nothing."""
        await self.model.close()

    def _copy_attributes(self) -> None:
        self.label = self.model.label
        self.context_tokens = self.model.context_tokens
        self.parallel = self.model.parallel


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
