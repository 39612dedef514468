"""``orchestrator completion``: the script that makes a shell complete commands, agents, types and ids."""

from enum import StrEnum
from typing import Annotated

import typer

from agents.cli.terminal.output import say_file

VARIABLE = "_ORCHESTRATOR_COMPLETE"
"""The variable with which a shell asks this program what to offer."""


Shell = StrEnum("Shell", ["bash", "zsh", "fish", "powershell"])
"""The shells that there is a script for."""


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")]) -> None:
    """Print the completion script of a shell, whichever shell runs now.

    Load it at each start: in bash, add the line `eval "$(orchestrator completion bash)"` to ~/.bashrc.

    Example: orchestrator completion zsh >~/.zfunc/_orchestrator
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # there in every version

    script = get_completion_script(prog_name="orchestrator", complete_var=VARIABLE, shell=shell.value)
    say_file(script.rstrip() + "\n")
