"""Answers from a script, for tests and trials that need known answers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from agents.errors import ModelError, ModelUnavailable
from agents.model import Notice, OnText, Prompt, Reply, rough_tokens
from agents.model.prompt import reply_without_server
from agents.settings import Settings

Answers = Sequence[str | Reply] | Callable[[Prompt], str | Reply]


class ScriptedModel:
    """Gives the answers of a script in order, one for each call: ``scripted:FILE`` with a JSON list of texts.

    ``ScriptedModel.of`` accepts the answers themselves, or a function of the prompt. An answer may be a whole reply
    there, with a margin.

    Attributes:
        prompts: every prompt that it received, oldest first.
    """

    label = "scripted"
    parallel = 8

    def __init__(self, name: str, settings: Settings | None = None, answers: Answers | None = None) -> None:
        self.context_tokens = settings.num_ctx if settings else 8192
        self.prompts: list[Prompt] = []
        self._file = Path(name) if answers is None else None
        self._answers: Answers = answers or ()
        self._next = 0

    @classmethod
    def of(cls, answers: Answers, context_tokens: int = 8192) -> Self:
        """A model that gives these answers, or what a function returns for each prompt."""
        model = cls("", answers=answers)
        model.context_tokens = context_tokens
        return model

    async def start(self, *, notice: Notice | None = None) -> None:
        """Read the script.

        Raises:
            ModelUnavailable: the file is missing or is not a JSON list of texts.
        """
        del notice  # reading a file takes no time
        if self._file is None:
            return
        remedy = 'A script is a JSON list of texts: ["first answer", "second answer"].'
        try:
            answers = json.loads(self._file.read_text(encoding="utf-8"))
        except OSError as error:
            raise ModelUnavailable(f"The script {self._file} cannot be read: {error.strerror}.", remedy) from None
        except ValueError:
            raise ModelUnavailable(f"The script {self._file} is not JSON.", remedy) from None
        if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
            raise ModelUnavailable(f"The script {self._file} is not a list of texts.", remedy)
        self._answers, self._file = answers, None

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Give the next answer.

        Raises:
            ModelError: the script has no more answers.
        """
        await self.start()
        self.prompts.append(prompt)
        if callable(self._answers):
            answer = self._answers(prompt)
        elif self._next < len(self._answers):
            answer = self._answers[self._next]
            self._next += 1
        else:
            raise ModelError(f"The script has only {self._next} answers.", "Add answers to it.")
        text = answer.text if isinstance(answer, Reply) else answer
        if on_text and text:
            on_text(text)
        if isinstance(answer, Reply):
            return replace(answer, model=self.label)
        return reply_without_server(prompt, text, self.label)

    def count_tokens(self, text: str) -> int:
        """One token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """There is nothing to close."""
