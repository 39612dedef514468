"""``orchestrator backup`` and ``orchestrator restore``: save and restore histories and logs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import FLAGS, AsJson, agreed
from agents.cli.terminal.caller import copied_root
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.streams import READER_GONE, give_up_output
from agents.cli.terminal.tables import table
from agents.errors import SpaceError, UsageError

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.backups import Backups
    from agents.store.backup import Backup

app = typer.Typer(
    cls=CommandGroup,
    help="Save data and logs: create (the default), list, verify.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

PLACE = Path("backups")
TAKE_FOLDER = ("create", "list", "verify")
"""Subcommands with --to, which may also be given before them."""

Target = Annotated[Path, typer.Option("--to", metavar="FOLDER", help="The folder of backups.")]
Stdout = Annotated[bool, typer.Option("--stdout", help="Write the backup as one tar to standard output instead.")]
Keep = Annotated[
    int | None, typer.Option("--keep", min=1, metavar="N", help="Afterwards delete all but the newest N of this data.")
]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="Also if there is no data yet.")]


@app.callback(epilog="Example: orchestrator backup --keep 7")
def backup(
    context: typer.Context,
    target: Target = PLACE,
    stdout: Stdout = False,
    keep: Keep = None,
    allow_empty: AllowEmpty = False,
) -> None:
    """Save histories and logs while the program is used; without a subcommand, create a backup."""
    if context.invoked_subcommand is None:
        create(target, stdout, keep, allow_empty)
    elif (stdout, keep, allow_empty) != (False, None, False):
        raise UsageError(
            "These options belong after the subcommand.", f"Put them after `{context.invoked_subcommand}`."
        )
    elif target != PLACE and context.invoked_subcommand in TAKE_FOLDER:
        context.default_map = {context.invoked_subcommand: {"target": str(target)}}
    elif target != PLACE:
        raise UsageError(f"`{context.invoked_subcommand}` has no option --to.", "Leave it out.")


@app.command("create", epilog="Example: orchestrator backup create --to /mnt/disk/backups --keep 7")
def create(target: Target = PLACE, stdout: Stdout = False, keep: Keep = None, allow_empty: AllowEmpty = False) -> None:
    """Create a backup and print its folder."""
    backups = _orchestrator().backups
    if not stdout:
        _refuse_in_call()
        made = backups.create(target, keep=keep, allow_empty=allow_empty)
        say(str(made.path))
        _say_made(made)
        tell(f"To restore it: orchestrator restore {made.path}")
        return
    if keep is not None:
        raise UsageError("A stream is not stored, so there is nothing to keep.", "Leave out --keep, or --stdout.")
    if sys.stdout.isatty():
        raise UsageError(
            "A backup is binary and is not written to a terminal.",
            "Redirect it: orchestrator backup --stdout > FILE.tar",
        )
    try:
        made = backups.stream(sys.stdout.buffer, allow_empty=allow_empty)
    except BrokenPipeError:
        give_up_output()
        raise typer.Exit(READER_GONE) from None
    except OSError as error:
        give_up_output()
        raise SpaceError(
            f"Standard output cannot be written: {error.strerror}.", "What was written is not a complete backup."
        ) from None
    _say_made(made)


@app.command("list", epilog="Example: orchestrator backup list --to /mnt/disk/backups")
def list_(
    folder: Annotated[Path | None, typer.Argument(help="The folder of backups; the same as --to.")] = None,
    target: Target = PLACE,
    as_json: AsJson = False,
) -> None:
    """List the backups, oldest first."""
    if folder is not None and target not in {PLACE, folder}:
        raise UsageError("Two folders are given.", "Give one, as --to FOLDER.")
    folder = folder or target
    _refuse_in_call()
    facts = [_facts(each) for each in _orchestrator().backups.list(folder)]
    if as_json:
        say_json(facts)
    elif facts:
        rows = [{**each, "size": _sized(each["size"])} for each in facts]
        say(table(list(facts[0]), [list(each.values()) for each in rows]))
    else:
        tell(f"There are no backups in {folder}.")


@app.command("verify", epilog="Example: orchestrator backup verify backups/20240115_120000")
def verify(
    name: Annotated[str, typer.Argument(metavar="DIR", help="A backup's folder or name; - for a stream.")],
    target: Target = PLACE,
) -> None:
    """Check every byte of a backup against its manifest."""
    backups = _orchestrator().backups
    if name == "-":
        checked = backups.check(sys.stdin.buffer, anywhere=True)
        tell(f"Good: {_counted(checked.rows)}. Digest {checked.digest}.")
        return
    _refuse_in_call()
    held = backups.verify(backups.find(name, target))
    tell(f"Good: {_counted(held.rows)}, made {held.created} by version {held.version}. Digest {held.digest}.")


def _refuse_in_call() -> None:
    """Refuse to look for the caller's folder of backups in a container, which the script that called it can see.

    Raises:
        UsageError: a script called this in a container.
    """
    if copied_root():
        remedy = "Call `orchestrator backup` or `orchestrator restore DIR`."
        raise UsageError("Backups are outside the container, where this command cannot see them.", remedy)


@app.command("digest", epilog="Example: orchestrator backup digest")
def digest() -> None:
    """Print a SHA-256 of all conversations, meetings and actions; it is the same after a restore."""
    with _orchestrator() as orchestrator:
        say(orchestrator.histories.digest())


@app.command("empty", hidden=True, epilog="Example: orchestrator backup empty")
def empty(
    folder: Annotated[Path | None, typer.Argument(help="Another data folder.")] = None,
) -> None:
    """Print "yes" if nothing was stored yet, else "no"."""
    say("yes" if _orchestrator().backups.is_empty(folder) else "no")


def restore(
    name: Annotated[
        str | None, typer.Argument(metavar="[DIR]", help="The folder of a backup, or its name in ./backups.")
    ] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read what `backup --stdout` wrote.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check what would be restored, to the last row.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the latest restore.")] = False,
    logs: Annotated[bool, typer.Option("--logs", help="Also unpack its logs, into a folder of their own.")] = False,
    into: Annotated[
        Literal["container", "local"] | None,
        typer.Option("--into", help="Agree to a backup of the other place; must be where this runs."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Restore the data from a backup; --undo takes it back.

    Example: orchestrator restore backups/20240115_120000
    """
    if [name is not None, stdin, undo].count(True) != 1 or (undo and (logs or into)) or (check and logs):
        raise UsageError(
            "There must be exactly one source to restore from.", "Give a backup's folder, or --stdin, or --undo."
        )
    backups = _orchestrator().backups
    if undo:
        _check_undo(backups) if check else _undo(backups, yes=yes)
        return
    source: Path | BinaryIO = sys.stdin.buffer if name is None else backups.find(name, PLACE)
    if check:
        checked = backups.check(source)
        # The script, which streams the backup, goes on from here.
        tell(f"Good, and could be restored: {_counted(checked.rows)}.{'' if stdin else ' Nothing was changed.'}")
        return
    done = backups.restore(
        source,
        agreed=lambda checked: agreed(f"Replace all data by {_counted(checked.rows)} of {checked.name}?", yes),
        logs=logs,
        into=into or "",
    )
    if done is None:
        raise typer.Exit(1)
    tell(f"Restored {_counted(done.checked.rows)}. The replaced data is in {done.safety}.")
    if done.logs:
        tell(f"The logs are in {done.logs}.")
    for name in done.checked.others:
        tell(f"Not a part of the data, and not restored from the backup: {name}")
    for path in done.others:
        tell(f"Not a part of the data, and left where it is: {path}")
    tell("To undo this: orchestrator restore --undo")


app.command("restore", hidden=True)(restore)  # users may also look for it here


def _check_undo(backups: "Backups") -> None:
    rows = backups.check_undo()
    if rows is None:
        tell("There is something to put back. It was not checked, because there is no room for a copy of it.")
    else:
        tell(f"Good, and could be put back: {_counted(rows)}.")


def _undo(backups: "Backups", *, yes: bool) -> None:
    safety = backups.undo(agreed=lambda copy: agreed(f"Replace all data by that in {copy.name}?", yes))
    if safety is None:
        raise typer.Exit(1)
    tell(f"Undone. The replaced data is in {safety}.")


def _orchestrator() -> "AgentOrchestrator":
    """The orchestrator without anything opened: a restore needs closed histories, and a backup needs no roles."""
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

    return AgentOrchestrator(Settings.load(**FLAGS))


def _say_made(made: "Backup") -> None:
    for warning in made.warnings:
        tell(f"Note: {warning}")
    if made.manifest:
        tell(f"Backup {made.name}: {_counted(made.manifest.rows)}, {_sized(made.size)}, verified.")


def _facts(backup: "Backup") -> dict[str, Any]:
    rows = backup.manifest.rows if backup.manifest else {}
    return {
        "name": backup.name,
        "size": backup.size,
        "messages": rows.get("messages", "?"),
        "meetings": rows.get("meetings", "?"),
        "actions": rows.get("actions", "?"),
        "place": (backup.manifest.place if backup.manifest else "") or "?",
        "state": backup.problem or "complete",
    }


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(
        f"{rows.get(table, 0)} {table if rows.get(table) != 1 else table[:-1]}"
        for table in ("messages", "meetings", "actions")
    )


def _sized(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
