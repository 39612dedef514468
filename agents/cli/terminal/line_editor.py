"""The line editor of a terminal: keys, history in a file, and one line or several that belong together."""

import asyncio
import os
import select
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import DummyHistory, FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output
from prompt_toolkit.styles import Style

from agents.private_folder import make_private


class KeptHistory(FileHistory):
    """Lines of this session and earlier ones, in a file that only this user can read; not kept if it cannot be written.

    As in a shell, a line that starts with a blank is not kept.
    """

    def load_history_strings(self) -> Iterable[str]:
        """Earlier lines, newest first; none if the file cannot be read."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Keep a line; if it cannot be written, the session continues."""
        if string.startswith(" "):
            return
        try:
            make_private(Path(str(self.filename)).parent)
            os.close(os.open(self.filename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
            super().store_string(string.encode("utf-8", "replace").decode())
        except OSError:
            return


def editing_keys() -> KeyBindings:
    """Enter sends; Alt-Enter, or a backslash before Enter, starts a new line."""
    keys = KeyBindings()

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def _send(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.text_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.newline()
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter", filter=has_focus(DEFAULT_BUFFER))
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline()

    return keys


class Editor:
    """Reads lines with the line editor while an event loop runs; what is shown goes to the terminal, also if standard
    output is a file.

    Args:
        history: the file for what was said.
    """

    def __init__(self, history: Path) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._words = self._session(KeptHistory(history))
        self._keys = self._session(DummyHistory())  # a single letter is not worth being found again

    def _session(self, history: "KeptHistory | DummyHistory") -> "PromptSession[str]":
        session: PromptSession[str] = PromptSession(
            history=history,
            multiline=Condition(lambda: "\n" in session.default_buffer.text),
            prompt_continuation=lambda width, _number, _soft: "... ".rjust(width),
            key_bindings=editing_keys(),
            style=Style.from_dict({"prompt": "bold"}),
            output=create_output(always_prefer_tty=True),
            reserve_space_for_menu=0,
            enable_suspend=True,
            enable_open_in_editor=True,
        )
        return session

    async def line(self, prompt: str, *, words: bool) -> str:
        """What is typed after a prompt. Ctrl-C on a line with words empties it.

        Args:
            prompt: what stands before it.
            words: whether an answer in own words is expected, which the history keeps.

        Raises:
            EOFError: Ctrl-D on an empty line.
            KeyboardInterrupt: Ctrl-C on an empty line.
        """
        session = self._words if words else self._keys
        while True:
            try:
                return await session.prompt_async(FormattedText([("class:prompt", f"{prompt} ")]), handle_sigint=False)
            except KeyboardInterrupt:
                if not session.default_buffer.text:
                    raise

    def watch(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever a line was typed while nothing is asked; without effect where that is not possible."""
        with suppress(OSError, ValueError, NotImplementedError, AttributeError):
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(sys.stdin.fileno(), tell)

    def unwatch(self) -> None:
        """Call nothing any more."""
        loop, self._loop = self._loop, None
        if loop and not loop.is_closed():
            with suppress(OSError, ValueError, NotImplementedError, AttributeError):
                loop.remove_reader(sys.stdin.fileno())

    def typed(self) -> list[str]:
        """The whole lines that were typed while nothing was asked."""
        raw = b""
        with suppress(OSError, ValueError, AttributeError):  # where a terminal cannot be asked, nothing was typed
            while select.select([sys.stdin], [], [], 0)[0] and (more := os.read(sys.stdin.fileno(), 65536)):
                raw += more
        return raw.decode(errors="replace").splitlines()
