"""``orchestrator minutes``: check that an exported meeting is as it was exported."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import AsJson
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.output import say, say_json
from agents.cli.terminal.tables import counted, wrapped
from agents.errors import BrokenChain, DocumentError, UsageError


class MinutesGroup(CommandGroup):
    """Commands about exported minutes; those of a stored meeting are printed by a command about meetings."""

    def meant(self, path: str, args: Sequence[str]) -> str:
        """A word that is no command is the id of a meeting whose minutes are wanted."""
        return super().meant(path, args) or f"`orchestrator meeting minutes {args[0]}` prints the minutes of a meeting."


app = typer.Typer(
    cls=MinutesGroup,
    help="Exported minutes: check that they are unchanged.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ABOUT = (
    "The file has the order and the content with which it was exported. This does not prove who exported it: compare "
    "the head hash with the one that the minutes print, or that you kept elsewhere."
)


@app.callback()
def _group() -> None:
    """Keep ``verify`` a command of its own while the group has no other."""


@app.command("verify", epilog="Example: orchestrator minutes verify meeting.jsonl --head 3f9a51c07d2e")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `meeting export -f chained` wrote.")],
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="The head hash that you kept, or its first 8 digits or more.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check a chained export: one changed byte, or a line removed, added, moved or cut, is found."""
    from agents.meeting.chain import verified

    try:
        data = fetched_path(file).read_bytes()
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.", "Give the file of a chained export.") from None
    chain = verified(data)
    event = event_of(chain.hashes, head) if head.strip() else chain.events
    if as_json:
        facts = {"meeting": chain.meeting, "events": chain.events, "head": chain.head}
        say_json({**facts, "head_given_is_event": event if head else None})
        return
    say(f"{counted(chain.events, 'event')}, unbroken; head hash {chain.head}")
    say(f"Meeting {chain.meeting}")
    if head and event < chain.events:
        later = counted(chain.events - event, "event")
        say(wrapped(f"The hash that you gave is that of event {event}; {later} came after it."))
    elif head:
        say("The head hash is the one that you gave.")
    else:
        say(wrapped(ABOUT))


def event_of(hashes: tuple[str, ...], given: str) -> int:
    """The number of the event whose hash begins as given.

    Raises:
        UsageError: it is too short to be compared.
        BrokenChain: no event has such a hash.
    """
    wanted = given.strip().lower()
    if len(wanted) < 8:
        raise UsageError("A hash of fewer than 8 digits says little.", "Give at least the first 8 digits.")
    for number, own in enumerate(hashes, 1):
        if own.startswith(wanted):
            return number
    raise BrokenChain(
        f"No event of this file has the hash {wanted}.", "It is another meeting, or the whole file was written anew."
    )
