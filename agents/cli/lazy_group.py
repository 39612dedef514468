"""A group of commands whose modules are imported when they are used, so that help and health start fast."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, ClassVar

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.shell_completion import complete_names

ARGUMENTS = {
    "agent": "An agent, such as security_engineer.",
    "type_id": "A meeting type, such as incident_postmortem.",
    "terms": "Words to search for.",
    "text": "The note.",
    "number": "The note's number, as `orchestrator memory show` prints it.",
}
"""Help for arguments that have none of their own, by name."""


class Commands(MutableMapping[str, Any]):
    """Commands by name, each created at first use.

    Args:
        locations: for each name, ``module:attribute`` and the first line of its help.
        created: commands that exist already.
    """

    def __init__(self, locations: Mapping[str, tuple[str, str]], created: Mapping[str, Any]) -> None:
        self._locations = locations
        self._created = dict(created)

    def __getitem__(self, name: str) -> Any:
        if name not in self._created:
            self._created[name] = _explained(complete_names(_load(name, self._locations[name][0])))
        return self._created[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._created[name] = command

    def __delitem__(self, name: str) -> None:
        del self._created[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._locations
        yield from (name for name in self._created if name not in self._locations)

    def __len__(self) -> int:
        return len({*self._locations, *self._created})


class LazyGroup(CommandGroup):
    """A group of commands; a subclass lists them in ``locations``.

    Attributes:
        locations: for each command's name, ``module:attribute`` and the first line of its help.
        hidden_names: the names of those that help does not list.
    """

    locations: ClassVar[Mapping[str, tuple[str, str]]] = {}
    hidden_names: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(self.locations, self.commands)

    def about(self, name: str) -> str:
        """The first line of a command's help; only a command that is not in ``locations`` is imported for it."""
        return self.locations[name][1] if name in self.locations else super().about(name)

    def listed(self, name: str) -> bool:
        """Whether help lists a command; none is imported for it."""
        return name not in self.hidden_names if name in self.locations else super().listed(name)


def _load(name: str, location: str) -> Any:
    """The command at ``module:attribute``, which is a Typer or a function."""
    module, _, attribute = location.partition(":")
    found = getattr(import_module(module), attribute)
    from agents.cli.terminal.attach_option import AttachingCommand

    around = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    around.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name, cls=AttachingCommand)(found)
    group: Any = typer.main.get_command(around)
    return group.commands[name]


def _explained(command: Any) -> Any:
    """Give every argument of a command, and of those below it, a help text; returns the command."""
    for parameter in command.params:
        if not parameter.help:
            parameter.help = ARGUMENTS.get(parameter.name)
    for below in getattr(command, "commands", {}).values():
        _explained(below)
    return command
