"""What a newcomer adds: each extension in a copy of the checkout, used there, and the files it took counted."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.inputs import ROOT

COPIED = ("agents", "Role", "pyproject.toml")

ROLE = """# Purchasing Lead

You buy what the others need and answer for what it costs. You ask who signs when a contract is extended.
"""
PHASE = """
    Phase(
        "appeal", one_by_one, speakers_question, Instruction("You have the floor.", "What was overlooked?"),
        asks_lines=True, at_once=False,
    ),
"""
PROVIDER = '''"""A model that repeats the question."""

from agents.model import Notice, OnText, Prompt, Reply, rough_tokens
from agents.settings import Settings


class EchoModel:
    """Repeats the question."""

    parallel = 1
    context_tokens = 8192

    def __init__(self, name: str, settings: Settings) -> None:
        self.label = f"echo:{name}"

    async def start(self, *, notice: Notice | None = None) -> None:
        """There is nothing to load."""

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Repeat the question."""
        text = f"Echo: {prompt.question}"
        if on_text:
            on_text(text)
        return Reply(text, model=self.label)

    def count_tokens(self, text: str) -> int:
        """About one token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """Nothing is open."""
'''
FORMAT = '''"""The outcome of each topic, one line each."""

from agents.meeting.record import Minutes


def to_outcomes(minutes: Minutes) -> str:
    """Write each topic with its outcome."""
    return "".join(f"{topic.topic.text} -> {topic.decision.outcome}\\n" for topic in minutes.topics)
'''
COMMAND = '''"""``orchestrator titles``: the titles of all roles."""

from agents.cli.context import opened
from agents.cli.terminal.output import say


def titles() -> None:
    """Print the titles of all roles.

    Example: orchestrator titles
    """
    with opened() as orchestrator:
        say("\\n".join(role.title for role in orchestrator.roles.values()))
'''


class Copy(NamedTuple):
    """A copy of what the program consists of."""

    root: Path

    def run(self, *words: str) -> str:
        """What a command of the copy prints."""
        done = subprocess.run(
            [sys.executable, "-m", "agents", *words], cwd=self.root, capture_output=True,
            text=True, env={**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, path: str, text: str) -> None:
        """Add a file."""
        assert not (self.root / path).exists()
        (self.root / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, before: str, added: str) -> None:
        """Add text after the only place where ``before`` is."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (self.root / path).write_text(text.replace(before, before + added), encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file with its bytes."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A fresh copy of the checkout."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return Copy(tmp_path / "copy")


def vendor_review(copy: Copy, phases: str) -> str:
    """A meeting type with other phases than the built-in type it is made of."""
    text = (copy.root / "agents/meeting/types/decision.toml").read_text(encoding="utf-8")
    text = text.replace('id = "decision"', 'id = "vendor_review"').replace(
        'title = "Decision"', 'title = "Vendor review"'
    )
    return re.sub(r"(?m)^phases = .*$", f"phases = {phases}", text)


def role(copy: Copy) -> None:
    """A role that answers."""
    copy.write("Role/purchasing_lead.md", ROLE)


def meeting_type(copy: Copy) -> None:
    """A type that can be held."""
    copy.write("agents/meeting/types/vendor_review.toml", vendor_review(copy, '["silent_round", "proposal", "ballot"]'))


def phase(copy: Copy) -> None:
    """A phase that types can name."""
    copy.edit("agents/meeting/phases.py", "\n_ALL = (", PHASE.rstrip())


def provider(copy: Copy) -> None:
    """A provider of models."""
    copy.write("agents/model/echo.py", PROVIDER)
    copy.edit("agents/model/__init__.py", "\nPROVIDERS = {", '\n    "echo": Provider("agents.model.echo:EchoModel"),')


def export_format(copy: Copy) -> None:
    """A format that minutes can be exported in."""
    copy.write("agents/export/outcomes.py", FORMAT)
    copy.edit("agents/export/__init__.py", "\nFORMATS = {", '\n    "outcomes": "agents.export.outcomes:to_outcomes",')


def command(copy: Copy) -> None:
    """A command of the command line."""
    copy.write("agents/cli/commands/titles.py", COMMAND)
    row = '\n    "titles": ("agents.cli.commands.titles:titles", "Print the titles of all roles."),'
    copy.edit("agents/cli/app.py", "\nCOMMANDS = {", row)


ADDED: dict[str, Callable[[Copy], None]] = {
    "role": role,
    "meeting type": meeting_type,
    "phase": phase,
    "provider": provider,
    "export format": export_format,
    "command": command,
}
WITH = ("--agents", "cto,qa_engineer", "-q")


def used(copy: Copy, what: str) -> str:
    """What the program prints where it uses an extension."""
    if what == "role":
        return copy.run("ask", "purchasing_lead", "Who signs?") + copy.run("agents", "show", "purchasing_lead")
    if what == "meeting type":
        return copy.run("meeting", "run", "vendor_review", "-t", "Which mail provider?", *WITH)
    if what == "phase":
        types = copy.root.parent / "types"
        types.mkdir()
        (types / "vendor_review.toml").write_text(
            vendor_review(copy, '["silent_round", "appeal", "proposal", "ballot"]')
        )
        where = ("--types-dir", str(types))
        copy.run(*where, "meeting", "run", "vendor_review", "-t", "Which mail provider?", *WITH)
        return copy.run(*where, "meeting", "transcript", "last")
    if what == "provider":
        return copy.run("--model", "echo:one", "ask", "cto", "Who signs?")
    if what == "export format":
        copy.run("meeting", "run", "decision", "-t", "Buy or build?", *WITH)
        return copy.run("meeting", "export", "last", "--format", "outcomes")
    return copy.run("titles")


SHOWN = {
    "role": "Purchasing Lead",
    "meeting type": "Vendor review, ",
    "phase": "### Appeal\n",
    "provider": "Echo: Who signs?",
    "export format": "Buy or build? -> ",
    "command": "Site Reliability Engineer\n",
}


def table() -> dict[str, tuple[int, int]]:
    """How many new and edited files docs/architecture.md names for each extension."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([a-z ]+) \| (\d) \| (\d) \|", text)
    return {what: (int(new), int(edited)) for what, new, edited in rows}


def test_the_table_names_every_extension() -> None:
    """docs/architecture.md says what each of the six extensions costs."""
    assert list(table()) == list(ADDED)


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("what", ADDED)
def test_an_extension_costs_the_files_that_the_table_says(copy: Copy, what: str) -> None:
    """One is added to a copy of the checkout and works there; the new and the edited files are as many as the table says."""
    before = copy.files()
    ADDED[what](copy)
    after = copy.files()
    new = [name for name in after if name not in before]
    edited = [name for name in before if after[name] != before[name]]
    assert (len(new), len(edited)) == table()[what], (new, edited)
    assert SHOWN[what] in used(copy, what)


def test_the_import_contracts_hold_with_every_extension(copy: Copy) -> None:
    """Nothing has to be added to the contracts: with all extensions in a copy of the checkout, each of them is kept."""
    for add in ADDED.values():
        add(copy)
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=copy.root, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(copy.root)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
