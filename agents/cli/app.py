"""The commands, the global flags, and the one place where all errors end."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import typer

from agents.cli import habits
from agents.cli.context import FLAGS, wants_plain
from agents.cli.global_flags import DEBUG, flags
from agents.cli.lazy_group import LazyGroup
from agents.cli.shell_completion import complete_values
from agents.cli.terminal import manner
from agents.cli.terminal.caller import as_called
from agents.errors import INTERRUPTED

COMMANDS = {
    "ask": ("agents.cli.commands.ask:ask", "Ask one agent; it remembers."),
    "consult": ("agents.cli.commands.consult:consult", "Ask several agents the same question, each on its own."),
    "review": ("agents.cli.commands.review:review", "Review a document or a diff: places to look at, by line."),
    "meeting": ("agents.cli.commands.meeting:app", "Meetings: run one, read its minutes, resume it."),
    "minutes": ("agents.cli.commands.minutes:app", "Exported minutes: check that they are unchanged."),
    "actions": ("agents.cli.commands.actions:app", "The register of actions that are agreed or taken on."),
    "interactive": ("agents.cli.interactive:interactive", "Talk with the agents."),
    "agents": ("agents.cli.commands.agents:app", "The agents: list, show, chart, validate, new, import."),
    "types": ("agents.cli.commands.meeting_types:app", "The meeting types: list, show, new, validate."),
    "memory": ("agents.cli.commands.memory:app", "What the agents remember: show, search, pin, clear, export."),
    "status": ("agents.cli.commands.status:status", "Show meetings, open actions, memory, model and machine."),
    "demo": ("agents.cli.commands.demo:demo", "Take a tour; no model is needed."),
    "doctor": ("agents.cli.commands.doctor:doctor", "Check machine, data and model; each problem has its remedy."),
    "models": ("agents.cli.commands.models:app", "Models on the Ollama server: list, pull, rm, bench."),
    "config": ("agents.cli.commands.config:app", "The settings: show, set, unset, path."),
    "backup": ("agents.cli.commands.backup:app", "Save data and logs: create (the default), list, verify."),
    "workflow": ("agents.cli.commands.workflow:workflow", "Have agents work one after the other on one task."),
    "restore": ("agents.cli.commands.backup:restore", "Restore the data from a backup; --undo takes it back."),
    "examples": ("agents.cli.commands.examples:app", "Small programs that use the library: list, show, run."),
    "completion": (
        "agents.cli.commands.completion:completion",
        "Print the completion script of a shell, whichever shell runs now.",
    ),
    "help": ("agents.cli.commands.help:help_", "Explain a topic, or a command."),
    "version": ("agents.cli.commands.version:version", "Print the version, and the commit of a checkout."),
    "health": ("agents.cli.commands.status:health", "Check that the program can be loaded, and print ok."),
    "mcp": ("agents.serve_mcp:mcp", "Serve the tools of the meeting room by MCP, on standard input and output."),
    "serve": ("agents.serve:serve", "Serve agents and meetings over HTTP, until SIGTERM or Ctrl-C."),
}
"""Every command: its location, and the first line of its help. A module is imported when it is used."""


class Orchestrator(LazyGroup):
    """The root of all commands. Its help fits a terminal of 24 rows, so it lists no options."""

    locations = COMMANDS
    hidden_names = frozenset({"health"})
    sections: ClassVar[Mapping[str, Sequence[str]]] = {
        "Work": ("ask", "consult", "review", "meeting", "actions", "interactive"),
        "Look": ("agents", "types", "memory", "status"),
        "Set up": ("demo", "doctor", "models", "config", "backup"),
    }

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage, the commands by section, and where everything else is explained."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] COMMAND [ARGS]...")
        with formatter.indentation():
            formatter.write_text(self.help)
        listed = {name for names in self.sections.values() for name in names}
        for heading, names in self.sections.items():
            formatter.write(f"{heading}:\n")
            with formatter.indentation():
                formatter.write_dl([(name.ljust(11), self.about(name)) for name in names if name in self.commands])
        formatter.write_text(f"More: {', '.join(name for name in self.visible() if name not in listed)}")
        formatter.write_text(as_called("Options: -m MODEL, --version, -h and others: orchestrator help options"))
        start = 'Start here: orchestrator demo, then: orchestrator meeting run "Buy or build?"'
        formatter.write_text(as_called(start))

    def meant(self, path: str, args: Sequence[str]) -> str:
        """What an unknown word probably means: a habit from other programs, or the command of a group."""
        return habits.meant_at_root(self, args) or super().meant(path, args)


app = typer.Typer(
    cls=Orchestrator,
    name="orchestrator",
    help="Meetings of role agents on your own machine, with minutes you can check.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.callback()(flags)


def run_app(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; every error is shown as a sentence."""
    FLAGS.clear()
    DEBUG["on"] = False
    manner.choose(wants_plain)
    try:
        command: Any = typer.main.get_command(app)
        complete_values(command)
        status = command.main(args=list(arguments), prog_name="orchestrator", standalone_mode=False)
        sys.stdout.flush()  # a full disk is noticed here, where it can still be reported
    except BaseException as error:  # noqa: BLE001 - the one place where all errors end
        return _failed(error)
    if status == INTERRUPTED:  # what Typer returns after Ctrl-C, without a message
        return _failed(KeyboardInterrupt())
    return status if isinstance(status, int) else 0


def _failed(error: BaseException) -> int:
    """Say what went wrong and return the status, after what was printed before is written or known to be lost."""
    from agents.cli.errors import status_of

    status = status_of(error, debug=DEBUG["on"])
    try:
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - it failed already
        from agents.cli.terminal.streams import give_up_output

        give_up_output()
    return status
