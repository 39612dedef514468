"""Terminals that are closed when the test ends."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from agents.settings import Settings
from agents.store import Store

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.cli.pty.terminals import PROGRAM, Terminal

    Start = Callable[..., Terminal]

    @pytest.fixture
    def start(tmp_path: Path) -> Iterator[Start]:
        """Starts the program with these arguments in a terminal, in the test's own folder, on the rehearsal model."""
        with ExitStack() as stack:

            def started(*arguments: str, program: list[str] | None = None, **options: Any) -> Terminal:
                command = [*(program or PROGRAM), *arguments]
                return stack.enter_context(Terminal(command, cwd=tmp_path, **options))

            yield started

    @pytest.fixture
    def talk(start: Start) -> Start:
        """Starts the interactive mode and waits for its prompt."""

        def started(*arguments: str, prompt: str = r"^room>", **options: Any) -> Terminal:
            terminal = start("interactive", *arguments, **options)
            terminal.wait(rf"(?m){prompt}")
            return terminal

        return started

    @pytest.fixture
    def store() -> Iterator[Store]:
        """What the program has kept."""
        with Store(Settings.load().data_folder) as opened:
            yield opened
