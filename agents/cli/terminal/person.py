"""A person in a meeting: short questions at a terminal, or paragraphs from a file or a pipe."""

import asyncio
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agents.cli.terminal import tables
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.held_back import HeldBack
from agents.cli.terminal.output import tell
from agents.cli.terminal.pages import Pages
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.standard_input import piped
from agents.documents import decoded
from agents.errors import DocumentError
from agents.file_problem import similar_files
from agents.meeting import reading
from agents.meeting.room.interjections import COMMANDS
from agents.meeting.room.interview import Skipped
from agents.meeting.room.questions import Answer, Question, WrongKey

if TYPE_CHECKING:
    from agents.meeting.spec import MeetingSpec
    from agents.model import Message

LEAST_WAIT = 0.1
LEAST_ROOM = 12
"""The fewest columns for what is typed behind a question."""
HISTORY = ".meeting_history"
"""The file for what was said at a terminal; hidden, so that a restore of histories does not move it."""
HERE = {
    "Enter": "leave out this question",
    "/skip": "leave out the rest of your turn; so does Ctrl-D",
    "/read": "the documents, page by page",
    "/read FILE:51": "a document around a line; /read 51 in the same one",
    "/read T3": "what was said in a turn that you heard",
    "/stop": "pause the meeting; so does Ctrl-C. Nothing is lost",
    "/help": "this list",
}
"""What can be typed when a question is asked."""
_COMMAND = re.compile(r"/([A-Za-z?]+)(?:\s+|\Z)")


def prepared_words(file: Path | None) -> str:
    """What a person prepared to say: the text of a file or of a pipe; "" if the person is at the terminal.

    Raises:
        DocumentError: the file cannot be read, is not text, or is empty.
    """
    if file is not None:
        return _prepared(file)
    return "" if sys.stdin.isatty() else piped()


def _prepared(file: Path) -> str:
    try:
        raw = fetched_path(file).read_bytes()
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


class Lines(Protocol):
    """Where typed lines come from."""

    async def line(self, prompt: str, *, words: bool) -> str:
        """What is typed after a prompt; ``words`` says whether an answer in own words is expected.

        Raises:
            EOFError: there are no more lines.
            KeyboardInterrupt: the meeting is to be paused.
        """

    def typed(self) -> list[str]:
        """The whole lines that were typed while nothing was asked."""

    def watch(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever a line was typed while nothing is asked, until ``unwatch``."""

    def unwatch(self) -> None:
        """Call nothing any more."""


class PlainLines:
    """Lines of standard input without an editor. A thread reads them, so that the meeting never waits for them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.append(line.rstrip("\n"))
        self._ended = True

    async def line(self, prompt: str, *, words: bool) -> str:  # noqa: ARG002 - there is no history
        """The next line."""
        tell(f"{prompt} ", end="")
        while not self._lines:
            if self._ended:
                raise EOFError
            await asyncio.sleep(LEAST_WAIT)
        return self._lines.pop(0)

    def typed(self) -> list[str]:
        """The lines typed since the last time."""
        said, self._lines = self._lines, []
        return said

    def watch(self, tell: Callable[[], None]) -> None:
        """Nothing: the terminal shows what is typed."""

    def unwatch(self) -> None:
        """Nothing."""


class AtTerminal:
    """The user at the terminal, who is asked short questions.

    Args:
        spec: the meeting.
        lines: where what is typed comes from.

    Attributes:
        role: role id of the user's seat.
        held_back: holds back what the others say while the user is asked.
    """

    def __init__(self, spec: "MeetingSpec", lines: Lines) -> None:
        self.role = spec.person
        self.held_back = HeldBack()
        self._lines = lines
        self._pages = Pages(spec.documents)
        self._heard: dict[str, str] = {}
        self._waiting: list[str] = []

    async def answer(self, question: str) -> str | None:
        """The answer to a question that is shown as it is."""
        with self.speaking("", ()):
            self.tell(question)
            try:
                return str(await self.ask(Question("Your answer?"))) or None
            except Skipped:
                return None

    def words(self) -> list[str]:
        """The lines typed since the last time, for everybody, and commands for the next pause."""
        said = [line for line in (*self._waiting, *self._typed_between()) if line]
        self._waiting = []
        self._lines.watch(self._between)
        return [line for line in said if not self._done_here(line)]

    def _between(self) -> None:
        """Take in a line that was typed while others speak, and say what becomes of it: it was not shown as it came."""
        with self.held_back.aside():
            for line in self._typed_between():
                if line and not self._done_here(line):
                    self._waiting.append(line)
                    self.tell(f"Noted for the next pause: {line}")
                elif not line:
                    self.tell("Type words to all, or a command, and Enter. /help lists the commands.")

    def _typed_between(self) -> list[str]:
        """The lines that were typed while nothing was asked, without what is no text, such as the sign of Ctrl-D."""
        return [reading.clean(line) for line in self._lines.typed()]

    def leave(self) -> None:
        """Take in no more lines: the meeting is over."""
        self._lines.unwatch()

    def _done_here(self, line: str) -> bool:
        """Do what a line typed between two turns asks for, if it is only for the user; returns whether it was."""
        command, rest = _split(line)
        if command == "stop":
            signal.raise_signal(signal.SIGINT)  # pauses the meeting, as Ctrl-C does
        elif command in {"help", "?"}:
            self.tell(help_text())
        elif command == "read":
            self.tell(self._pages.read(rest, self._heard))
        else:
            return False
        return True

    @contextmanager
    def speaking(self, topic: str, heard: "Sequence[Message]") -> Iterator[None]:
        """The time in which the user is asked; what the others say waits until its end."""
        self._lines.unwatch()
        self._waiting += self._typed_between()  # typed before the question was seen, so no answer to it
        self._heard |= {message.turn: message.text for message in heard if message.turn}
        with self.held_back.while_asked():
            tell()
            self.tell(f"Your turn: {topic}" if topic else "Your turn.")
            self._tell_news(heard)
            yield
        self._lines.watch(self._between)

    def _tell_news(self, heard: "Sequence[Message]") -> None:
        """Show what the program told all since the user spoke last; nothing before the user gave a view of its own."""
        own = [place for place, message in enumerate(heard) if message.speaker == self.role]
        if own:
            self.tell("\n".join(message.text for message in heard[own[-1] :] if not message.turn))

    def tell(self, text: str) -> None:
        """Show something that the next question is about."""
        if text:
            tell(tables.within(text, terminal_width() - 1))

    async def ask(self, question: Question) -> Answer:
        """The answer to one question, asked until it is one."""
        while True:
            typed = await self._typed(question)
            command, _ = _split(typed)
            if command:
                await self._carry_out(command, typed)
                continue
            try:
                return question.read(typed)
            except WrongKey as wrong:
                tell(str(wrong))

    async def _typed(self, question: Question) -> str:
        prompt = question.prompt
        if len(prompt) + LEAST_ROOM > terminal_width():  # an editor has no place for what is typed behind a long one
            self.tell(prompt)
            prompt = ">"
        try:
            return (await self._lines.line(prompt, words=question.free)).strip()
        except EOFError:
            tell("Skipped.")
            raise Skipped from None
        except KeyboardInterrupt:
            return await _pause()

    async def _carry_out(self, command: str, typed: str) -> None:
        """Do what a command asks for."""
        if command == "skip":
            raise Skipped
        if command == "stop":
            await _pause()
        if self._done_here(typed):
            return
        if any(name.split()[0] == f"/{command}" for name in COMMANDS):
            self._waiting.append(typed)
            tell("Noted for the next pause between two phases.")
        else:
            tell(f"There is no command /{command}. /help lists what you can type.")


HINT = "Enter leaves a question out; /help lists what you can type."


def _split(typed: str) -> tuple[str, str]:
    """The command that a line begins with, without its slash, and the rest; "" for other lines, such as a path."""
    found = _COMMAND.match(typed)
    return (found[1].lower(), typed[found.end() :].strip()) if found else ("", typed)


def help_text() -> str:
    """Everything that can be typed."""
    rows = [*HERE.items(), ("", "and for the next pause between two phases:")]
    rows += [(name, what) for name, what in COMMANDS.items() if name != "/skip"]
    return "\n".join(f"  {name.ljust(18)}{what}".rstrip() for name, what in rows)


async def _pause() -> str:
    """Pause the meeting, as Ctrl-C does anywhere else."""
    signal.raise_signal(signal.SIGINT)
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    return await never  # the signal cancels the meeting, and this with it


def at_terminal(spec: "MeetingSpec", data_folder: Path, *, plain: bool) -> AtTerminal:
    """The user at the terminal, who is told what the seat is.

    Args:
        spec: the meeting.
        data_folder: the folder for the history of what was said.
        plain: whether the lines are read without an editor.
    """
    lines: Lines
    if plain:
        lines = PlainLines()
    else:
        from agents.cli.terminal.line_editor import Editor

        lines = Editor(data_folder / HISTORY)
    person = AtTerminal(spec, lines)
    person.tell(f"Your seat: {spec.title_of(spec.person)}. You are asked short questions. {HINT}")
    person.tell("Between your turns, what you type goes to all at the next pause.")
    return person
