"""The tree of commands, the global flags, and the one place where errors become words and exit statuses."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.cli.context import FLAGS
from agents.cli.lazy_group import Tree
from agents.errors import INTERRUPTED

COMMANDS = {
    "agents": ("agents.cli.commands.agents:app", "The agents: list, show, chart, validate, new."),
    "ask": ("agents.cli.commands.ask:ask", "Ask one agent; it remembers."),
    "consult": (
        "agents.cli.commands.consult:consult",
        "Ask several agents the same, each on its own; each answer is shown when it is complete.",
    ),
    "workflow": (
        "agents.cli.commands.workflow:workflow",
        "Have agents work one after the other, each building on what the earlier ones said.",
    ),
    "meeting": ("agents.cli.commands.meeting:app", "Meetings: run one, read its minutes, resume it."),
    "actions": ("agents.cli.commands.actions:app", "The register of actions: what meetings left to do."),
    "memory": (
        "agents.cli.commands.memory:app",
        "What the agents remember: stats, show, search, pin, clear, prune, export.",
    ),
    "models": ("agents.cli.commands.models:app", "Models on the Ollama server: list, fetch, remove, measure."),
    "config": ("agents.cli.commands.config:app", "The settings."),
    "backup": (
        "agents.cli.commands.backup:app",
        "Save histories and logs: create (the default), list, verify, digest.",
    ),
    "restore": (
        "agents.cli.commands.backup:restore",
        "Bring histories back from a backup; what is there now is kept aside, and --undo puts it back.",
    ),
    "interactive": ("agents.cli.interactive:interactive", "Talk with the agents."),
    "demo": (
        "agents.cli.commands.demo:demo",
        "Take a tour: agents, a question, a panel, a meeting on the example document, minutes, actions, memory.",
    ),
    "examples": ("agents.cli.commands.examples:app", "Small programs that use the library: list, show, run."),
    "doctor": (
        "agents.cli.commands.doctor:doctor",
        "Check the machine, the histories and the model; each fault comes with its remedy.",
    ),
    "help": (
        "agents.cli.commands.help:help_",
        "Explain a topic: exit-codes, environment, files, json, models, meetings, errors.",
    ),
    "status": (
        "agents.cli.commands.status:status",
        "Show agents, meetings, open actions, memory, the model and the machine in use.",
    ),
    "version": ("agents.cli.commands.version:version", "Print the version, and of a checkout the commit."),
    "health": ("agents.cli.commands.status:health", "Check that the program can be loaded; prints ok."),
    "serve": (
        "agents.serve:serve",
        "Serve /health, /ready and /status as JSON, read only, until SIGTERM or Ctrl-C.",
    ),
}
"""Every command: where it is, and what it is for in the words of its own help. A module is imported when it is used."""

DEBUG = {"on": False}


class Orchestrator(Tree):
    """The commands below the root."""

    homes = COMMANDS


app = typer.Typer(
    cls=Orchestrator,
    name="orchestrator",
    help="A meeting room of 29 role agents on your own machine, with minutes you can check.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Start here: orchestrator demo. Example: orchestrator ask security_engineer "Is a JWT in a cookie safe?"',
)


def _version(wanted: bool) -> None:
    if wanted:
        from agents.cli.checkout import version_words

        typer.echo(version_words())
        raise typer.Exit


@app.callback()
def _flags(
    model: Annotated[
        str | None,
        typer.Option(
            "--model", "-m", metavar="MODEL", help="The model: llama3.2, rehearsal, langchain:openai:NAME ..."
        ),
    ] = None,
    model_for: Annotated[
        list[str] | None,
        typer.Option("--model-for", metavar="AGENT=MODEL", help="Another model for one agent; repeat it for more."),
    ] = None,
    temperature: Annotated[
        str | None, typer.Option("--temperature", metavar="0..2", help="How freely the model chooses words.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="NUMBER", help="Make answers repeatable, as far as the model can.")
    ] = None,
    num_ctx: Annotated[
        str | None, typer.Option("--num-ctx", metavar="TOKENS", help="The context of every call.")
    ] = None,
    data_folder: Annotated[
        Path | None, typer.Option("--data-folder", metavar="FOLDER", help="Where histories are kept.")
    ] = None,
    role_folder: Annotated[
        Path | None, typer.Option("--role-folder", metavar="FOLDER", help="Where role files are read from.")
    ] = None,
    types_folder: Annotated[
        Path | None, typer.Option("--types-dir", metavar="FOLDER", help="More meeting types, beside the built-in ones.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", metavar="NAME", help="Settings that a table [profile.NAME] of the settings file names."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    _show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version; of a checkout, the commit too."
        ),
    ] = False,
) -> None:
    FLAGS.update(
        model_name=model,
        model_for=",".join(model_for) if model_for else None,
        temperature=temperature,
        seed=seed,
        num_ctx=num_ctx,
        data_folder=data_folder,
        role_folder=role_folder,
        types_folder=types_folder,
        profile=profile,
    )
    DEBUG["on"] = debug


def run_app(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status. Every error is told in words."""
    FLAGS.clear()
    DEBUG["on"] = False
    try:
        command: Any = typer.main.get_command(app)
        status = command.main(args=list(arguments), prog_name="orchestrator", standalone_mode=False)
        sys.stdout.flush()  # a full disk is noticed here, while it can be told
    except BaseException as error:  # noqa: BLE001 - the one place where all errors end
        return _failed(error)
    if status == INTERRUPTED:  # Typer makes this of Ctrl-C, and says nothing
        return _failed(KeyboardInterrupt())
    return status if isinstance(status, int) else 0


def _failed(error: BaseException) -> int:
    """Say what went wrong; returns the status, once what was printed before is written, or known to be lost."""
    from agents.cli.errors import status_of

    status = status_of(error, debug=DEBUG["on"])
    try:
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - it failed already
        from agents.cli.terminal.streams import give_up_output

        give_up_output()
    return status
