"""A group of commands: listed in sections, with whole summaries; an unknown word gets a cause and a remedy."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar

from typer.core import TyperGroup

from agents.errors import UsageError

SYNONYMS = (
    ("list", "ls", "all", "index"),
    ("show", "view", "get", "info", "describe", "open", "cat", "print"),
    ("delete", "rm", "remove", "del", "clear"),
    ("run", "start", "hold", "begin", "create", "new", "add"),
    ("new", "create", "add", "init", "make", "write"),
    ("cancel", "stop", "abort", "abandon", "kill", "end"),
    ("resume", "continue", "restart"),
    ("minutes", "summary", "result", "results", "protocol", "report"),
    ("pull", "download", "install", "get"),
    ("ensure", "wait"),
    ("done", "close", "finish", "complete", "check"),
    ("validate", "check", "lint", "test"),
    ("export", "save", "dump", "write"),
    ("set", "change", "edit", "add"),
)
"""Words that users write for one another: of the words in a row, the first one that the group has is meant."""


class CommandGroup(TyperGroup):
    """A group of commands.

    Attributes:
        sections: for each heading of the help, the names of the commands below it; others follow under "Commands".
    """

    sections: ClassVar[Mapping[str, Sequence[str]]] = {}

    def about(self, name: str) -> str:
        """The first sentence of a command's help, whole."""
        return str(self.commands[name].get_short_help_str(200))

    def visible(self) -> list[str]:
        """The names of the commands that help lists, in its order."""
        found = [name for name in self.commands if self.listed(name)]
        order = [name for names in self.sections.values() for name in names if name in found]
        return order + [name for name in found if name not in order]

    def listed(self, name: str) -> bool:
        """Whether help lists a command."""
        return not self.commands[name].hidden

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's own signature
        """List the commands by section."""
        wide = max((len(name) for name in self.visible()), default=0)
        for heading, names in self._by_section():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(wide), self.about(name)) for name in names])

    def _by_section(self) -> Iterator[tuple[str, list[str]]]:
        left = self.visible()
        for heading, names in self.sections.items():
            found = [name for name in names if name in left]
            left = [name for name in left if name not in found]
            if found:
                yield heading, found
        if left:
            yield "Commands", left

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the names of commands that help lists, in its order."""
        from typer.core import CompletionItem, TyperCommand  # type: ignore[attr-defined]  # there in every version

        found = [CompletionItem(name, help=self.about(name)) for name in self.visible() if name.startswith(incomplete)]
        return found + TyperCommand.shell_complete(self, ctx, incomplete)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first word names.

        Raises:
            UsageError: there is none; the remedy names the one that is probably meant.
        """
        if args and args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            path = ctx.command_path
            cause = f"`{path}` has no command {args[0]!r}." if ctx.parent else f"There is no command {args[0]!r}."
            raise UsageError(cause, self.meant(path, args) or f"`{path} --help` lists the commands.")
        return super().resolve_command(ctx, args)

    def meant(self, path: str, args: Sequence[str]) -> str:
        """A sentence that names the command which an unknown word probably means; "" if there is none.

        Args:
            path: the words that lead to this group, such as "orchestrator meeting".
            args: the unknown word, and what follows it.
        """
        word = args[0].lower()
        same = [row[0] for row in SYNONYMS if word in row] + [one for row in SYNONYMS if word in row for one in row]
        found = [name for name in dict.fromkeys(same) if name in self.commands][:1]
        found = found or get_close_matches(word, self.visible(), n=2, cutoff=0.6)
        return f"Did you mean {' or '.join(f'`{path} {name}`' for name in found)}?" if found else ""
