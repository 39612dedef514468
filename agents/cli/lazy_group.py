"""The tree of commands: a command's module is imported when it is used, so that help and health stay quick."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

from agents.cli.shell_completion import complete_names

ARGUMENTS = {
    "agent": "Who, such as security_engineer.",
    "type_id": "A meeting type, such as incident_postmortem.",
    "terms": "Words to look for.",
    "text": "What to note.",
    "number": "The note's number, as `orchestrator memory show` prints it.",
}
"""What arguments are that say nothing of themselves, by name."""


class Commands(MutableMapping[str, Any]):
    """Commands by name, each made when it is first asked for.

    Args:
        homes: where each is, as ``module:attribute``, and what it is for.
        made: commands that are there already.
    """

    def __init__(self, homes: Mapping[str, tuple[str, str]], made: Mapping[str, Any]) -> None:
        self._homes = homes
        self._made = dict(made)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _explained(complete_names(_load(name, self._homes[name][0])))
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._homes
        yield from (name for name in self._made if name not in self._homes)

    def __len__(self) -> int:
        return len({*self._homes, *self._made})


class Tree(TyperGroup):
    """The root of the commands; a subclass names them in ``homes``.

    Attributes:
        homes: each command's name, its home as ``module:attribute``, and what it is for, in the words of its own help.
    """

    homes: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(self.homes, self.commands)

    def about(self, name: str) -> str:
        """What a command is for, in one line; only one that is not in ``homes`` is imported for it."""
        if name in self.homes:
            return self.homes[name][1]
        return str(self.commands[name].get_short_help_str(200))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's own signature
        """List the commands without importing them."""
        rows = [
            (name, self.about(name)) for name in self.commands if name in self.homes or not self.commands[name].hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete a command's name without importing any."""
        from typer.core import TyperCommand

        from agents.cli.shell_completion import items

        found = items([(name, self.about(name)) for name in self.commands], incomplete)
        return found + TyperCommand.shell_complete(self, ctx, incomplete)


def _load(name: str, home: str) -> Any:
    """The command at ``module:attribute``, which is a Typer of its own or a function."""
    module, _, attribute = home.partition(":")
    found = getattr(import_module(module), attribute)
    around = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    around.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    group: Any = typer.main.get_command(around)
    return group.commands[name]


def _explained(command: Any) -> Any:
    """A command, and those below it, with a word on every argument; returns it."""
    for parameter in command.params:
        if not parameter.help:
            parameter.help = ARGUMENTS.get(parameter.name)
    for below in getattr(command, "commands", {}).values():
        _explained(below)
    return command
