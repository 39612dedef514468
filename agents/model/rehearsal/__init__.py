"""The rehearsal model, which is not a language model: it names the lines that a role's own questions, red flags and
done-criteria call for, and the questions that the role would ask. It holds no meeting and judges nothing. Every output
says that no model was used.

Import from here: ``RehearsalModel``.
Never knows: ``agents.model.ollama``, ``agents.model.http``, ``agents.meeting``.
"""

from collections.abc import Callable

from agents.model import Notice, OnText, Prompt, Reply, Task, rough_tokens
from agents.model.prompt import reply_without_server
from agents.model.rehearsal.checklist import LABEL, checklist, for_meeting, summary
from agents.settings import Settings


class RehearsalModel:
    """Answers from the role itself; the same prompt always gets the same answer.

    Args:
        name: ignored; ``rehearsal`` needs none.
        settings: ignored; reading takes no time, so its context is always large.
    """

    label = LABEL
    parallel = 8
    context_tokens = 131_072

    def __init__(self, name: str, settings: Settings) -> None:
        """Take a name and the settings, as every provider does."""

    async def start(self, *, notice: Notice | None = None) -> None:
        """There is nothing to load."""

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer from the role's lists; never fails. Beside models in a meeting, it passes."""
        answer = _ANSWERS.get(prompt.task)
        text = answer(prompt) if answer else PASS
        if on_text:
            for line in text.splitlines(keepends=True):
                on_text(line)
        return reply_without_server(prompt, text, self.label)

    def count_tokens(self, text: str) -> int:
        """One token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """There is nothing to close."""


PASS = "PASS"  # noqa: S105 - no password
"""The answer to everything for which one needs a model."""

_ANSWERS: dict[Task, Callable[[Prompt], str]] = {
    Task.CHAT: checklist,
    Task.STEP: checklist,
    Task.SUMMARY: summary,
    Task.CHECKLIST: for_meeting,
}
