"""Standard input and output as the world has them: closed, full, cut off, without a terminal, in odd encodings."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typer

from agents.cli.app import app
from tests.cli.documented import COMMANDS, ELSEWHERE, words
from tests.cli.place import ORCHESTRATOR, copied, prepare
from tests.drill import rounds

NO_ROOM = 6
CUT_OFF = 141
PARTS = range(4)
"""A test that tries every command tries a quarter of them at a time."""
EVERY = rounds(2, drill=1)
"""A test run tries every second command with closed streams and the others without a terminal; a drill tries all."""

CHANGES_NOTHING = ["agents list", "types list", "meeting minutes last", "help json", "memory show cto", "--help"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a meeting and memories, made once."""
    folder = tmp_path_factory.mktemp("place") / "prepared"
    prepare(folder)
    return folder


class Shell:
    """Runs commands in a shell, each in a copy of the place."""

    def __init__(self, prepared: Path, own: Path) -> None:
        self.prepared = prepared
        self.own = own
        self.number = iter(range(10_000))

    def run(
        self, line: str, around: str, *, given: bytes | None = None, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one command; ``around`` is the shell's line, in which "$@" is the command."""
        here = self.own / f"place{next(self.number)}"
        env = {**copied(self.prepared, here), **environment}
        command = ["sh", "-c", around, "sh", *ORCHESTRATOR, *words(line, here)]
        return subprocess.run(command, cwd=here, env=env, input=given or b"", capture_output=True, timeout=100)

    def each(self, lines: Iterator[str] | list[str], around: str) -> Iterator[tuple[str, int, str]]:
        """Run many, two at a time; gives line, exit status and what was said on stderr."""
        with ThreadPoolExecutor(2) as pool:
            for line, ran in zip(lines, pool.map(lambda one: self.run(one, around), lines), strict=True):
                yield line, ran.returncode, ran.stderr.decode()


@pytest.fixture
def shell(prepared: Path, tmp_path: Path) -> Shell:
    """A shell in a prepared place."""
    return Shell(prepared, tmp_path)


def orderly(said: str) -> bool:
    """Whether what was said on stderr is for people."""
    return "Traceback" not in said and "Exception ignored" not in said


def leaves(command: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that has none below it."""
    below = getattr(command, "commands", {})
    for name, one in below.items():
        yield from leaves(one, (*path, name))
    if not below:
        yield " ".join(path)


def test_every_command_is_tried_here() -> None:
    """A new command gets its line in the table."""
    known = {*COMMANDS, *ELSEWHERE}
    missing = [
        leaf for leaf in leaves(typer.main.get_command(app)) if not any(f"{k} ".startswith(f"{leaf} ") for k in known)
    ]
    assert missing == []


@pytest.mark.parametrize("part", PARTS)
def test_closed_streams_stop_only_those_who_have_something_to_say(shell: Shell, part: int) -> None:
    """With standard input and output closed, a command that prints ends with 6 and a reason; the others do their work."""
    wrong = {}
    for line, status, said in shell.each(list(COMMANDS)[part :: len(PARTS)][::EVERY], 'exec "$@" <&- >&-'):
        usual, says = COMMANDS[line]
        wanted = NO_ROOM if says and usual == 0 else usual
        if status != wanted or not orderly(said) or (wanted == NO_ROOM and "cannot be written" not in said):
            wrong[line] = (status, said)
    assert not wrong, "\n".join(f"{line}: {status}\n{said}" for line, (status, said) in wrong.items())


def test_a_full_disk_behind_standard_output_is_said(shell: Shell) -> None:
    """A command that prints into /dev/full ends with 6 and says that there is no space left."""
    wrong = {}
    saying = [line for line, (usual, says) in COMMANDS.items() if says and usual == 0][:: 3 * EVERY]
    for line, status, said in shell.each(saying, 'exec "$@" >/dev/full'):
        if status != NO_ROOM or "No space left" not in said or not orderly(said):
            wrong[line] = (status, said)
    assert not wrong, "\n".join(f"{line}: {status}\n{said}" for line, (status, said) in wrong.items())


@pytest.mark.parametrize("part", PARTS)
def test_without_a_terminal_every_command_ends_as_it_should(shell: Shell, part: int) -> None:
    """With nothing on standard input, pipes behind the others and the poorest terminal there is, statuses are the usual."""
    wrong = {}
    around = 'TERM=dumb NO_COLOR=1 LC_ALL=C COLUMNS=40 exec "$@"'
    for line, status, said in shell.each(list(COMMANDS)[part :: len(PARTS)][EVERY - 1 :: EVERY], around):
        if status != COMMANDS[line][0] or not orderly(said):
            wrong[line] = (status, said)
    assert not wrong, "\n".join(f"{line}: {status}\n{said}" for line, (status, said) in wrong.items())


@pytest.mark.parametrize("line", CHANGES_NOTHING)
def test_a_reader_that_has_enough_ends_it_quietly(shell: Shell, line: str) -> None:
    """In front of `head -1` a command ends with 141, or 0 where all was written before, and says nothing."""
    ran = shell.run(line, '{ "$@"; echo $? >status; } | head -1', PYTHONUNBUFFERED="1")
    place = max(shell.own.glob("place*"), key=lambda one: int(one.name[5:]))
    assert int((place / "status").read_text()) in {0, CUT_OFF}
    assert ran.stdout.count(b"\n") == 1
    assert ran.stderr == b""


@pytest.mark.parametrize("line", CHANGES_NOTHING)
def test_output_has_no_colour_and_no_cursor_off_a_terminal(shell: Shell, line: str) -> None:
    """What goes into a pipe contains no escape sequence, whatever the terminal is called."""
    ran = shell.run(line, 'exec "$@"', TERM="xterm-256color")
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("line", ["agents list", "types list", "config show", "help environment"])
def test_forty_columns_are_enough(shell: Shell, line: str) -> None:
    """Tables and texts at 40 columns keep every word, and what is not one long word stays within reason."""
    narrow = shell.run(line, 'exec "$@"', COLUMNS="40").stdout.decode()
    wide = shell.run(line, 'exec "$@"', COLUMNS="200").stdout.decode()
    assert max(len(each) for each in narrow.splitlines()) <= max(len(each) for each in wide.splitlines())
    letters = {word.strip(".,;:") for word in wide.split()}
    assert len(letters - {word.strip(".,;:") for word in narrow.split()}) <= len(letters) // 5


def test_a_terminal_that_knows_only_ascii_gets_ascii(shell: Shell) -> None:
    """A character that standard output cannot write becomes a question mark instead of an error."""
    ran = shell.run("ask cto 'Größe?' --forget", 'exec "$@"', PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    chart = shell.run("agents chart", 'exec "$@"', PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert b"|-- Security Engineer" in chart.stdout


@pytest.mark.parametrize(
    "line",
    [
        "ask cto",
        "ask cto 'Is it sound?'",
        "consult 'Is it sound?' --agents cto",
        "meeting run decision -t 'Sound?' --agents cto,qa_engineer -q",
    ],
)
def test_a_line_of_a_megabyte_is_taken_or_refused_in_words(shell: Shell, line: str) -> None:
    """A million letters without a line break on standard input are a document like any other, or too long; never a crash."""
    ran = shell.run(line, 'exec "$@"', given=b"rollback " * 120_000)
    said = ran.stderr.decode()
    assert ran.returncode in {0, 2, 3}, said
    assert orderly(said)
    assert ran.returncode == 0 or "Error: " in said


@pytest.mark.parametrize(
    "line", ["ask cto", "ask cto -a - 'Sound?'", "memory import -", "interactive", "backup verify -"]
)
def test_bytes_that_are_no_text_are_refused_in_words(shell: Shell, line: str) -> None:
    """Standard input that is not UTF-8 ends in an error with a remedy, or is taken with its bad letters replaced."""
    ran = shell.run(line, 'exec "$@"', given=b"caf\xe9 \xff\xfe\n")
    said = ran.stderr.decode()
    assert ran.returncode in {0, 2, 5}, said
    assert orderly(said)
    assert ran.returncode == 0 or "Error: " in said


def test_arguments_that_are_no_text_do_no_harm(shell: Shell) -> None:
    """Bytes on the command line that are not UTF-8 are asked about, kept and shown again."""
    ran = shell.run(
        "version", """"$1" "$2" "$3" ask cto "$(printf 'caf\\351?')" && exec "$1" "$2" "$3" memory show cto"""
    )
    assert ran.returncode == 0, ran.stderr
    assert orderly(ran.stderr.decode())
    assert b"caf" in ran.stdout
