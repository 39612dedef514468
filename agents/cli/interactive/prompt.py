"""The input line on a terminal: editing, history, completion, status line."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

from agents.cli.interactive.completion import candidates
from agents.cli.interactive.session import Conversation, Status
from agents.cli.terminal.line_editor import KeptHistory, editing_keys
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.stopping import is_asked_to_end
from agents.errors import OrchestratorError

MENU_ROWS = 6


class Suggestions(Completer):
    """Candidates in the form of prompt_toolkit."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What can come next: names and commands while the user types, files when Tab is pressed."""
        line = document.text_before_cursor
        if complete_event.completion_requested or line.lstrip().startswith(("@", "/")):
            for one in candidates(self.conversation, line):
                yield Completion(one.text, -one.typed, display_meta=one.about)


class InputPrompt:
    """Reads lines from a terminal.

    Args:
        conversation: gives the prompt, the completions and the status line.
        history: the file for the lines.
        vi: use vi's keys, otherwise those of Emacs.
    """

    def __init__(self, conversation: Conversation, history: Path, *, vi: bool) -> None:
        self.conversation = conversation
        self._status = Status("", conversation.label, 0, 0, 0.0, "", 0)
        self._session: PromptSession[str] = PromptSession(
            history=KeptHistory(history),
            completer=Suggestions(conversation),
            complete_while_typing=True,
            reserve_space_for_menu=MENU_ROWS,
            # The line keeps to its own height until it has a second one; then the window grows.
            multiline=Condition(lambda: "\n" in self._session.default_buffer.text),
            prompt_continuation=lambda width, _number, _soft: "... ".rjust(width),
            key_bindings=_keys(conversation),
            bottom_toolbar=lambda: FormattedText([("", status_line(self._status, terminal_width()))]),
            style=Style.from_dict({"bottom-toolbar": "noreverse", "prompt": "bold"}),
            editing_mode=EditingMode.VI if vi else EditingMode.EMACS,
            enable_suspend=True,
            enable_open_in_editor=True,
        )

    def read(self) -> str:
        """One line, or several that belong together; "" when Ctrl-C emptied it.

        Raises:
            EOFError: Ctrl-D on an empty line.
            KeyboardInterrupt: Ctrl-C on an empty line, or the session is asked to end.
        """
        with suppress(OrchestratorError):  # whatever is wrong is said when something is asked
            self._status = self.conversation.status()
        typed, self.conversation.typed = self.conversation.typed, ""
        shown = FormattedText([("class:prompt", f"{self.conversation.agent or 'room'}> ")])
        try:
            return self._session.prompt(shown, default=typed)
        except KeyboardInterrupt:
            if self._session.default_buffer.text and not is_asked_to_end():
                return ""
            raise


def status_line(status: Status, width: int) -> str:
    """Agent, model, context, speed, meeting: as much as fits, the most important first."""
    parts = [status.agent or "no agent chosen", status.model]
    if status.agent and status.context:
        parts.append(f"context {100 * status.used // status.context}% of {status.context}")
    if status.speed:
        parts.append(f"{status.speed:.0f} tokens/s")
    if status.attached:
        parts.append(f"{status.attached} attached")
    if status.meeting:
        parts.append(f"meeting {status.meeting}")
    line = parts.pop(0)
    for part in parts:
        if len(line) + len(part) + 3 < width:
            line += f" | {part}"
    return line[: max(0, width - 1)]


def _common(words: list[str]) -> str:
    """The beginning that all words have in common."""
    first, last = min(words, default=""), max(words, default="")
    return next((first[:n] for n, letter in enumerate(first) if last[n : n + 1] != letter), first)


def _keys(conversation: Conversation) -> KeyBindings:
    """Enter sends; Alt-Enter, or a backslash before Enter, starts a new line; Tab completes as far as it is clear."""
    keys = editing_keys()

    @keys.add("tab", filter=has_focus(DEFAULT_BUFFER))
    def _complete(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        # Not left to the menu: if it is still being prepared, the key has no effect.
        found = candidates(conversation, buffer.document.text_before_cursor)
        common = _common([one.text for one in found])
        if found and len(common) > found[0].typed:
            buffer.delete_before_cursor(found[0].typed)
            buffer.insert_text(common)
        elif buffer.complete_state:
            buffer.complete_next()
        elif found:
            buffer.start_completion()

    return keys
