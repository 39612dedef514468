"""Prints the problems found in files, in the same way for roles and for meeting types."""

from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.output import say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.file_problem import Problem


def print_findings(checked: int, problems: "Sequence[Problem]", *, as_json: bool) -> None:
    """Print every problem, then the counts.

    Raises:
        typer.Exit: with status 1, if a file cannot be used.
    """
    fatal = sum(problem.fatal for problem in problems)
    if as_json:
        rows = [
            {"file": str(one.file), "line": one.line, "cause": one.cause, "remedy": one.remedy, "fatal": one.fatal}
            for one in problems
        ]
        say_json({"checked": checked, "problems": rows})
    else:
        for problem in problems:
            say(("error: " if problem.fatal else "advice: ") + str(problem))
        say(f"Files checked: {checked}. Errors: {fatal}. Advice: {len(problems) - fatal}.")
    if fatal:
        raise typer.Exit(1)
