"""The commands, the global flags, and the one place where all errors end."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.cli.context import FLAGS, wants_plain
from agents.cli.lazy_group import LazyGroup
from agents.cli.terminal import manner
from agents.cli.terminal.output import say
from agents.errors import INTERRUPTED

COMMANDS = {
    "agents": ("agents.cli.commands.agents:app", "The agents: list, show, chart, validate, new, import."),
    "ask": ("agents.cli.commands.ask:ask", "Ask one agent; it remembers."),
    "consult": (
        "agents.cli.commands.consult:consult",
        "Ask several agents the same, each on its own; each answer is shown when it is complete.",
    ),
    "workflow": (
        "agents.cli.commands.workflow:workflow",
        "Have agents work one after the other, each building on the earlier answers.",
    ),
    "meeting": ("agents.cli.commands.meeting:app", "Meetings: run one, read its minutes, resume it."),
    "minutes": ("agents.cli.commands.minutes:app", "Exported minutes: check that they are unchanged."),
    "actions": ("agents.cli.commands.actions:app", "The register of actions that meetings agreed on."),
    "memory": (
        "agents.cli.commands.memory:app",
        "What the agents remember: stats, show, search, pin, clear, prune, export.",
    ),
    "models": ("agents.cli.commands.models:app", "Models on the Ollama server: list, download, delete, measure."),
    "config": ("agents.cli.commands.config:app", "The settings."),
    "backup": (
        "agents.cli.commands.backup:app",
        "Save histories and logs: create (the default), list, verify, digest.",
    ),
    "restore": (
        "agents.cli.commands.backup:restore",
        "Restore histories from a backup; the current ones are kept, and --undo puts them back.",
    ),
    "interactive": ("agents.cli.interactive:interactive", "Talk with the agents."),
    "demo": (
        "agents.cli.commands.demo:demo",
        "Take a tour: agents, a question, a panel, a checklist, a recorded meeting, its minutes, memory.",
    ),
    "examples": ("agents.cli.commands.examples:app", "Small programs that use the library: list, show, run."),
    "doctor": (
        "agents.cli.commands.doctor:doctor",
        "Check the machine, the histories and the model; each problem comes with its remedy.",
    ),
    "help": (
        "agents.cli.commands.help:help_",
        "Explain a topic: exit-codes, environment, files, json, models, meetings, errors.",
    ),
    "status": (
        "agents.cli.commands.status:status",
        "Show agents, meetings, open actions, memory, the model and the machine in use.",
    ),
    "version": ("agents.cli.commands.version:version", "Print the version, and the commit of a checkout."),
    "health": ("agents.cli.commands.status:health", "Check that the program can be loaded, and print ok."),
    "serve": (
        "agents.serve:serve",
        "Serve /health, /ready and /status as JSON, read only, until SIGTERM or Ctrl-C.",
    ),
}
"""Every command: its location, and the first line of its help. A module is imported when it is used."""

DEBUG = {"on": False}


class Orchestrator(LazyGroup):
    """The root of all commands."""

    locations = COMMANDS


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

        say(version_words())
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
        typer.Option("--model-for", metavar="AGENT=MODEL", help="Another model for one agent; may be repeated."),
    ] = None,
    temperature: Annotated[
        str | None, typer.Option("--temperature", metavar="0..2", help="How freely the model chooses words.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="NUMBER", help="Make answers repeatable, as far as the model can.")
    ] = None,
    num_ctx: Annotated[
        str | None, typer.Option("--num-ctx", metavar="TOKENS", help="The context of every model call, in tokens.")
    ] = None,
    data_folder: Annotated[
        Path | None, typer.Option("--data-folder", metavar="FOLDER", help="Where histories are kept.")
    ] = None,
    role_folder: Annotated[
        Path | None, typer.Option("--role-folder", metavar="FOLDER", help="A folder with more roles.")
    ] = None,
    types_folder: Annotated[
        Path | None, typer.Option("--types-dir", metavar="FOLDER", help="A folder with more meeting types.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", metavar="NAME", help="Use the settings of the table [profile.NAME] in the settings file."
        ),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Print lines only, for screen readers: no repainting, pager or colour."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    _show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version, and the commit of a checkout."
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
        plain=True if plain else None,
    )
    DEBUG["on"] = debug


def run_app(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; every error is shown as a sentence."""
    FLAGS.clear()
    DEBUG["on"] = False
    manner.choose(wants_plain)
    try:
        command: Any = typer.main.get_command(app)
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
