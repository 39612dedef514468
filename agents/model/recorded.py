"""Answers of another model, recorded in a file and replayed without that model.

The file contains JSON lines: the fingerprint of a prompt, and the answer. A prompt that was not recorded is an error.
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
    """A hash of a prompt: of its messages, its schema, its length limit and the words it tells apart."""
    asked = [[message.author, message.text] for message in prompt.messages()]
    between = [prompt.between] if prompt.between else []  # nothing otherwise, as in recordings before there were any
    schema = prompt.schema and dict(prompt.schema)
    whole = json.dumps([asked, schema, prompt.max_tokens, *between], ensure_ascii=False)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class RecordedModel:
    """Replays the answers of a recording: ``recorded:FILE``. If a prompt was recorded several times, its answers are
    given in order, and the last one is repeated.
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
        del notice  # reading a file takes no time
        if self._answers is not None:
            return
        remedy = "Record one with agents.model.recorded.Recorder and a real model."
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
                raise ModelUnavailable(f"{self._file}, line {number}: this is not a recorded answer.", remedy) from None
        self._answers = answers

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Give the recorded answer to this prompt.

        Raises:
            ModelError: this prompt was not recorded.
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
        """There is nothing to close."""


class Recorder:
    """A model that records its answers in a file.

    Args:
        model: the model that answers.
        file: the file to append the answers to.
    """

    def __init__(self, model: Model, file: Path) -> None:
        self._model = model
        self._file = file
        self.label = model.label
        self.context_tokens = model.context_tokens
        self.parallel = model.parallel

    async def start(self, *, notice: Notice | None = None) -> None:
        """Start the model; its errors are passed on."""
        await self._model.start(notice=notice)
        self.context_tokens = self._model.context_tokens

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Ask the model and record its answer; errors are passed on and not recorded."""
        reply = await self._model.reply(prompt, on_text=on_text)
        entry: dict[str, Any] = {"asked": fingerprint(prompt), "reply": asdict(reply)}
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return reply

    def count_tokens(self, text: str) -> int:
        """About how many tokens ``text`` has for the model."""
        return self._model.count_tokens(text)

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()
