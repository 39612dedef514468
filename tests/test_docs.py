"""The commands in the documents work: every command line parses, the cheap ones run, every command explains itself."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from agents.cli.app import COMMANDS, app
from tests.inputs import ROOT

PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "agents").rglob("topics/*.txt"),
    ]
)
TREE: Any = typer.main.get_command(app)
CHEAP = (
    "--help",
    "--version",
    "agents list",
    "types list",
    "examples list",
    "config show",
    "config path",
    "help ",
    "health",
)
STOPS = {"|", "||", "&&", ";", ">", ">>", "<", "2>", "#", "&"}
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*=\S*\s+")
GIVEN = {
    "ID": "last",
    "TYPE": "decision",
    "AGENT": "cto",
    "FILE": "file.md",
    "DIR": "folder",
    "NAME": "hold_a_meeting",
    "N": "5",
    "TOPIC": "json",
}


def lines_of(page: Path) -> Iterator[str]:
    """Every command line in a page: in a block of code, or between backquotes."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for block in re.findall(r"```(?:sh|bash|text|console)?\n(.*?)```", text, re.DOTALL):
        for line in block.split("\n"):
            yield from found_in(line)
    if page.suffix == ".txt":
        for line in text.split("\n"):
            if line.startswith("  orchestrator "):
                yield line.strip()
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if quoted.startswith("orchestrator "):
            yield quoted


def found_in(line: str) -> Iterator[str]:
    """The commands of this program in a line of a shell."""
    line = line.strip().removeprefix("$ ")
    for part in re.split(r"\s(?:\||&&|;)\s", line):
        part = VARIABLE.sub("", f"{part} ").strip()
        if re.match(r"orchestrator \S", part):
            yield part
        elif part.startswith("./orchestrator.sh run "):
            yield "orchestrator " + part.removeprefix("./orchestrator.sh run ")


def words_of(line: str) -> list[str]:
    """The arguments of a command line, up to a redirection or a remark."""
    words = []
    for word in shlex.split(line.replace("…", " "), comments=True)[1:]:
        if word in STOPS or word.startswith((">", "<")):
            break
        words.append(word)
    return [GIVEN.get(word, word) for word in words if word not in {"...", "[...]"}]


SHOWN = sorted({(page.relative_to(ROOT).as_posix(), line) for page in PAGES for line in lines_of(page)})


def parse(words: list[str]) -> None:
    """Walk the tree as the parser would, without running anything; raises what it raises."""
    with TREE.make_context("orchestrator", list(words), resilient_parsing=False) as context:
        below = context
        while hasattr(below.command, "commands"):
            rest = [*below._protected_args, *below.args]
            if not rest:
                return
            name, command, rest = below.command.resolve_command(below, rest)
            below = command.make_context(name, rest, parent=below)


def test_the_documents_show_commands() -> None:
    """The search finds more than sixty commands, on every page that has some."""
    assert len(SHOWN) > 60
    assert {"README.md", "docs/backup.md", "docs/meeting-types.md"} <= {page for page, _ in SHOWN}


@pytest.mark.parametrize("page", sorted({page for page, _ in SHOWN}))
def test_every_command_line_in_a_page_parses(page: str) -> None:
    """Commands, options and the number of arguments are those of the program."""
    wrong = {}
    for line in [line for where, line in SHOWN if where == page]:
        words = words_of(line)
        if not words or "--help" in words or "--version" in words:
            continue
        try:
            parse(words)
        except typer.Exit:
            pass
        except Exception as error:  # noqa: BLE001 - every fault of a page is reported
            if " ".join(words) in ALL and type(error).__name__ == "MissingParameter":
                continue  # the text names the command without an example
            wrong[line] = getattr(error, "message", "") or repr(error)
    assert not wrong, wrong


@pytest.mark.parametrize(
    "line",
    sorted({line for _, line in SHOWN if line.removeprefix("orchestrator ").startswith(CHEAP) and "{" not in line}),
)
def test_a_cheap_command_line_runs(line: str) -> None:
    """A command that only shows something ends with status 0."""
    ran = subprocess.run([sys.executable, "-m", "agents", *words_of(line)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def everything(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command of the tree with its path, but for old names."""
    yield " ".join(path), command
    for name, below in getattr(command, "commands", {}).items():
        if below.hidden:
            continue
        yield from everything(below, (*path, name))


ALL = dict(everything(TREE))


@pytest.mark.parametrize("path", sorted(ALL))
def test_every_command_explains_itself(path: str) -> None:
    """It says what it is for, what each argument and option is, and a command to type shows how it is used."""
    command = ALL[path]
    assert command.help
    assert [one.name for one in command.params if not getattr(one, "help", None)] == []
    if not hasattr(command, "commands"):
        text = f"{command.help}\n{command.epilog or ''}"
        [example] = re.findall(r"Example: (.*)", text)
        line = " ".join(example.split())
        [ours] = list(found_in(line)) or [line]
        parse(words_of(ours))
        assert path.rpartition(" ")[2] in ours


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The root's help has a command's own first sentence, though it does not import it."""
    assert COMMANDS[name][1] == TREE.commands[name].get_short_help_str(200)
