"""Answers that another model once gave, kept in a file and given again without it.

The file holds JSON lines: the fingerprint of what was asked, and the answer. A prompt that was never asked has no
answer, and says so; nothing is made up.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agents.errors import ModelError, ModelUnavailable
from agents.model import Model, Notice, OnText, Prompt, Reply, rough_tokens
from agents.settings import Settings


def fingerprint(prompt: Prompt) -> str:
    """What identifies a prompt: all that is rendered, and the shape and length asked for."""
    asked = [[message.author, message.text] for message in prompt.messages()]
    whole = json.dumps([asked, prompt.schema and dict(prompt.schema), prompt.max_tokens], ensure_ascii=False)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class RecordedModel:
    """Gives the answers of a recording: ``recorded:FILE``. A prompt asked twice gets its first, then its second answer,
    then the second again.
    """

    parallel = 8

    def __init__(self, name: str, settings: Settings) -> None:
        self.label = f"recorded:{Path(name).name}"
        self.context_tokens = settings.num_ctx
        self._file = Path(name)
        self._answers: dict[str, list[Reply]] | None = None

    async def start(self, *, notice: Notice | None = None) -> None:
        """Read the recording.

        Raises:
            ModelUnavailable: the file is missing or is not a recording.
        """
        del notice  # a file is read at once
        if self._answers is not None:
            return
        remedy = "Make one with agents.model.recorded.Recorder around a real model."
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise ModelUnavailable(f"The recording {self._file} cannot be read: {why}.", remedy) from None
        answers: dict[str, list[Reply]] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                reply = Reply(**{**entry["reply"], "notes": tuple(entry["reply"].get("notes", ()))})
                answers.setdefault(entry["asked"], []).append(reply)
            except (ValueError, KeyError, TypeError):
                raise ModelUnavailable(f"{self._file}, line {number}: not a recorded answer.", remedy) from None
        self._answers = answers

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Give the answer recorded for this prompt.

        Raises:
            ModelError: this was never asked while recording.
        """
        await self.start()
        found = (self._answers or {}).get(fingerprint(prompt))
        if not found:
            raise ModelError("The recording has no answer to this prompt.", "Record again: the prompt has changed.")
        reply = found.pop(0) if len(found) > 1 else found[0]
        if on_text and reply.text:
            on_text(reply.text)
        return reply

    def count_tokens(self, text: str) -> int:
        """One token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """Nothing is open."""


class Recorder:
    """A model whose answers are kept in a file while it answers.

    Args:
        model: what really answers.
        file: where the answers go; it is appended to.
    """

    def __init__(self, model: Model, file: Path) -> None:
        self._model = model
        self._file = file
        self.label = model.label
        self.context_tokens = model.context_tokens
        self.parallel = model.parallel

    async def start(self, *, notice: Notice | None = None) -> None:
        """Start the model behind it; its errors are passed on."""
        await self._model.start(notice=notice)
        self.context_tokens = self._model.context_tokens

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Ask the model and keep what it says; an error is passed on and not kept."""
        reply = await self._model.reply(prompt, on_text=on_text)
        entry: dict[str, Any] = {"asked": fingerprint(prompt), "reply": asdict(reply)}
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return reply

    def count_tokens(self, text: str) -> int:
        """As the model counts."""
        return self._model.count_tokens(text)

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()
