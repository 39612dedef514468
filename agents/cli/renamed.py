"""Old names of commands: they still work, and say the new name."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from agents.cli.terminal.output import tell


def renamed(command: Callable[..., None], now: str) -> Callable[..., None]:
    """A command under an old name.

    Args:
        command: the function of the command.
        now: its name now, such as "types list".
    """

    @wraps(command)
    def told(*given: Any, **named: Any) -> None:
        tell(f"This command is called `orchestrator {now}` now.")
        command(*given, **named)

    return told
