"""Words that users of other programs write first, and the commands of this program that they mean."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.cli.command_group import CommandGroup

_MEETING = ('meeting run "Buy or build?"', "holds a meeting")
_TALK = ("interactive", "starts a conversation")
_SETTING = ("config set NAME VALUE", "changes a setting")
_READY = ("doctor", "says what is missing; nothing else has to be set up")

HABITS: dict[str, tuple[str, str]] = {
    "chat": _TALK,
    "talk": _TALK,
    "repl": _TALK,
    "shell": _TALK,
    "console": _TALK,
    "run": _MEETING,
    "start": _MEETING,
    "hold": _MEETING,
    "meet": _MEETING,
    "meetings": ("meeting list", "lists the meetings"),
    "discuss": _MEETING,
    "decide": _MEETING,
    "council": _MEETING,
    "list": ("meeting list", "lists the meetings, `orchestrator agents list` the agents"),
    "ls": ("meeting list", "lists the meetings, `orchestrator agents list` the agents"),
    "history": ("meeting list", "lists the meetings"),
    "show": ("meeting show", "shows the newest meeting, `orchestrator agents show AGENT` an agent"),
    "summary": ("meeting minutes", "prints the minutes of the newest meeting"),
    "new": ("agents new ID", "writes a role file, `orchestrator types new ID` a meeting type"),
    "create": ("agents new ID", "writes a role file, `orchestrator types new ID` a meeting type"),
    "add": ("agents new ID", "writes a role file, `orchestrator types new ID` a meeting type"),
    "stop": ("meeting stop ID", "stops a meeting, as Ctrl-C does; `meeting resume` continues it"),
    "cancel": ("meeting cancel ID", "ends a meeting for good; Ctrl-C only stops it, and `meeting resume` continues it"),
    "init": _READY,
    "setup": _READY,
    "install": _READY,
    "check": _READY,
    "test": _READY,
    "set": _SETTING,
    "configure": _SETTING,
    "settings": ("config show", "shows the settings, `orchestrator config set NAME VALUE` changes one"),
    "model": ("models list", "lists the models on the server; -m MODEL chooses one for a command"),
    "agent": ("agents list", "lists the agents"),
    "role": ("agents list", "lists the roles"),
    "roles": ("agents list", "lists the roles"),
    "type": ("types list", "lists the meeting types"),
    "todo": ("actions list", "lists the open actions"),
    "todos": ("actions list", "lists the open actions"),
    "tasks": ("actions list", "lists the open actions"),
    "board": ("actions board", "draws the open actions"),
    "info": ("status", "shows what is there"),
    "log": ("help files", "says where the logs are"),
    "logs": ("help files", "says where the logs are"),
    "question": ('ask AGENT "..."', "asks one agent"),
    "prompt": ('ask AGENT "..."', "asks one agent"),
    "pr": ("review FILE", "reviews a diff or a document"),
    "diff": ("review FILE", "reviews a diff or a document"),
}
"""For a word: the command that is meant, without the program's name, and what it does."""

OPTIONS = {"-v": "--version", "-V": "--version", "--verbose": "--debug", "-d": "--debug", "-y": "--yes"}
"""Options that users of other programs write, and those that are meant; only where the command has them."""

_CLOSE = 0.8


def meant_at_root(root: "CommandGroup", args: Sequence[str]) -> str:
    """A sentence that names the command which an unknown first word probably means; "" if there is none.

    Args:
        root: the group of all commands.
        args: the unknown word, and what follows it.
    """
    word = args[0].lower()
    if word in HABITS:
        command, does = HABITS[word]
        return f"`orchestrator {command}` {does}."
    if not args[0].replace("-", "").replace("_", "").isalnum():
        return f'To ask somebody: orchestrator ask "{args[0]}"' if " " in args[0].strip() else ""
    below = [(name, under) for name in root.visible() for under in _visible(root.commands[name])]
    exact = [f"{name} {under}" for name, under in below if under == word]
    if not exact and not get_close_matches(word, root.visible(), n=1, cutoff=_CLOSE):
        near = get_close_matches(word, [under for _, under in below], n=1, cutoff=_CLOSE)
        exact = [f"{name} {under}" for name, under in below if under in near]
    return f"Did you mean {' or '.join(f'`orchestrator {one}`' for one in exact[:3])}?" if exact else ""


def _visible(command: object) -> list[str]:
    """The names of the commands below a command, if it is a group."""
    found = getattr(command, "commands", {})
    return [name for name, one in found.items() if not one.hidden]
