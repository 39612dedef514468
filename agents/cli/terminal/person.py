"""A person in a meeting: lines typed at a terminal, or paragraphs from a file or a pipe."""

import asyncio
import sys
import threading
from pathlib import Path

from agents.cli.terminal.output import tell
from agents.cli.terminal.standard_input import piped
from agents.documents import decoded
from agents.errors import DocumentError
from agents.file_problem import similar_files
from agents.meeting.room.interjections import COMMANDS
from agents.meeting.room.person import Person

LEAST_WAIT = 0.1


def prepared_words(file: Path | None) -> str:
    """What a person prepared to say: the text of a file or of a pipe; "" if the person is at the terminal.

    Raises:
        DocumentError: the file cannot be read, is not text, or is empty.
    """
    if file is not None:
        return _prepared(file)
    return "" if sys.stdin.isatty() else piped()


def at_terminal(role: str, title: str) -> Person:
    """The user at the terminal, who is told how to speak."""
    tell(f"Your seat is {title}. When you are asked, end your answer with an empty line.")
    tell(
        "Between your turns, type words to all, or: " + ", ".join(f"{name} ({what})" for name, what in COMMANDS.items())
    )
    return AtTerminal(role)


def _prepared(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{file} cannot be read: {error.strerror}.", similar_files(file, "Check the path given to --words.")
        ) from None
    text, note = decoded(str(file), raw)
    if not text.strip():
        raise DocumentError(f"{file} is empty.", "Write one paragraph for each time you are asked.")
    if note:
        tell(note)
    return text


class AtTerminal:
    """The user who types. A thread reads the lines, so that the meeting never waits between its turns."""

    def __init__(self, role: str) -> None:
        self.role = role
        self._lines: list[str] = []
        self._waiting: list[str] = []
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.append(line.rstrip("\n"))
        self._ended = True

    async def answer(self, question: str) -> str | None:
        """The lines up to an empty one; None if standard input has ended.

        Commands are not part of the answer: they wait for the next pause. An answer of only commands is a pass.
        """
        tell(f"\nIt is your turn to speak:\n{question}\n")
        said: list[str] = []
        while not (self._ended and not self._lines):
            if not self._lines:
                await asyncio.sleep(LEAST_WAIT)
                continue
            line = self._lines.pop(0)
            if line.startswith("/"):
                self._waiting.append(line)
            elif line.strip():
                said.append(line)
            elif said or self._waiting:
                break
        return "\n".join(said) or ("PASS" if self._waiting else None)

    def words(self) -> list[str]:
        """The lines typed since the last time."""
        said = [line for line in (*self._waiting, *self._lines) if line.strip()]
        self._waiting, self._lines = [], []
        return said
