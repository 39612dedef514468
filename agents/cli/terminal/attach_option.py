"""The option --attach on the command line: a shell puts several names behind it, where it replaces a pattern."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.core import TyperCommand

from agents.cli.terminal.caller_files import bring, is_callers
from agents.cli.terminal.output import tell

FLAGS = ("-a", "--attach")


class AttachingCommand(TyperCommand):
    """A command with --attach: ``-a a.md b.md`` attaches both files."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        words, more = with_files(args)
        if more:
            tell(f"Attached too, because they are files: {', '.join(more)}.")
        return super().parse_args(ctx, words)


def with_files(args: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of a command line, each file behind the value of --attach with a flag of its own.

    A word without a dot and a slash is a file only behind another argument, so that ``-a plan.md cto`` asks the cto.

    Returns:
        The words, and the files that were given a flag.
    """
    words: list[str] = []
    more: list[str] = []
    behind, others = False, 0
    left = list(args)
    while left:
        word = left.pop(0)
        if word == "--":
            words += [word, *left]
            break
        if word in FLAGS and left:
            words += [word, left.pop(0)]
            behind = True
            continue
        if word.startswith("--attach=") or (word.startswith("-a") and word not in FLAGS):
            words.append(word)
            behind = True
            continue
        if behind and _is_file(word, plain=bool(others)):
            words += [FLAGS[0], word]
            more.append(word)
            continue
        behind = False
        others += not word.startswith("-")
        words.append(word)
    return words, more


def _is_file(word: str, *, plain: bool) -> bool:
    if word.startswith("-") or not (plain or "." in word or "/" in word):
        return False
    try:
        path = Path(word)
        if is_callers(path):
            return bring(path) == "ok"
        return path.is_file()
    except (OSError, ValueError):
        return False
