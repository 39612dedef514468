"""What a line typed in the interactive mode does: a command, words to named agents, or plain words."""

import re
import shlex
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from agents.cli.interactive.session import SESSION, Conversation, Exchange
from agents.cli.terminal import run_meeting, tables
from agents.cli.terminal.caller_files import fetched, is_callers, placed, refuse_unwritable
from agents.cli.terminal.listeners import Watch
from agents.cli.terminal.output import say, tell, write_file
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.stopping import is_asked_to_end
from agents.cli.terminal.typed_ahead import typed_ahead
from agents.cli.terminal.unwritable import why_unwritable
from agents.cli.type_and_topic import type_and_topics
from agents.errors import SpaceError, UnknownName, UsageError

LEAVING = {"/exit", "/quit", "/bye", "exit", "quit", "bye", "logout", ":q", ":q!", ":wq", ":x"}
"""Lines that end the session: the words that other programs take for it are no question."""
HELPING = {"help", "?", ":h", ":help", "--help", "-h"}
"""Lines that ask for the list of commands."""
HABITS = {
    "new": "clear", "reset": "clear", "forget": "clear", "models": "model", "run": "meeting", "start": "meeting",
    "file": "attach", "add": "attach", "open": "read", "cat": "read", "show": "read", "list": "agents",
    "roles": "agents", "who": "agents", "use": "switch", "agent": "switch", "ask": "switch", "history": "memory",
    "todo": "actions", "tasks": "actions", "export": "save", "write": "save", "again": "retry", "back": "undo",
    "commands": "help", "h": "help", "q": "exit", "leave": "exit",
}  # fmt: skip
"""Commands of other programs, and those that are meant."""
MOST_LINES = 500
"""The most lines of a document that are printed."""
_COMMAND = re.compile(r"/([A-Za-z_?-]*)(?:\s+|\Z)")


@dataclass(frozen=True, slots=True)
class Command:
    """A command that starts with a slash.

    Attributes:
        do: does it, with the rest of the line.
        takes: its arguments, for the help.
        about: what it does, in a few words.
        completes: what its first argument is: "agent", "type", "skill", "file", "meeting", "model" or "".
    """

    do: Callable[[Conversation, str], None]
    takes: str
    about: str
    completes: str = ""


def take(conversation: Conversation, line: str) -> None:
    """Do what one line asks for.

    Raises:
        OrchestratorError: it cannot be done; the session continues.
    """
    command = _COMMAND.match(line)
    if line.lower() in HELPING:
        _help(conversation, "")
    elif line.lower() == "clear":
        tell("/clear forgets the conversation with the chosen agent; Ctrl-L clears the screen.")
    elif line.startswith("orchestrator "):
        raise UsageError("This is a conversation, not a shell.", "/help lists what can be done here; /exit leaves.")
    elif command:
        name = command[1].lower()
        if f"/{name}" in LEAVING:
            raise UsageError(f"/{name} has no arguments.", "Write /exit alone to leave.")
        if name not in COMMANDS:
            near = [HABITS[name]] if name in HABITS else get_close_matches(name, [*COMMANDS, "exit"], n=1)
            hint = f"Did you mean /{near[0]}? " if near else ""
            raise UsageError(f"There is no command /{command[1]}.", f"{hint}/help lists them.")
        COMMANDS[name].do(conversation, line[command.end() :].strip())
    elif line.startswith("@"):
        conversation.address(*_addressed(conversation, line[1:]))
    else:
        conversation.to_agent(line)


def help_text(width: int) -> str:
    """Everything that can be typed, at a terminal's width."""
    rows = [
        ("words", "ask the chosen agent; if none is chosen, the one whose field they are"),
        ("@agent words", "ask that agent, and choose it from then on"),
        ("@one,two words", "ask several agents at once; @all asks all agents"),
        *((f"/{name} {command.takes}".strip(), command.about) for name, command in COMMANDS.items()),
        ("/exit", "leave; so do exit, quit, Ctrl-D, and Ctrl-C twice"),
    ]
    return "\n".join(line for usage, about in rows for line in _entry(usage, about, width))


def _entry(usage: str, about: str, width: int) -> Iterator[str]:
    indent = 24 if width >= 70 else 4
    lines = textwrap.wrap(about, max(20, min(width, 110) - indent - 1))
    if indent > len(usage):
        yield f"{usage.ljust(indent)}{lines.pop(0)}"
    else:
        yield usage
    yield from (" " * indent + line for line in lines)


def _help(_conversation: Conversation, _rest: str) -> None:
    say(help_text(terminal_width()))


def _agents(conversation: Conversation, _rest: str) -> None:
    say(tables.role_list(list(conversation.orchestrator.roles.values())))


def _types(conversation: Conversation, _rest: str) -> None:
    say(tables.type_list(list(conversation.orchestrator.types.values())))


def _switch(conversation: Conversation, rest: str) -> None:
    if not rest:
        raise UsageError("Which agent?", "Write /switch AGENT; /agents lists them.")
    conversation.agent = conversation.orchestrator.get_agent_info(rest.removeprefix("@")).id
    tell(f"Now talking to {conversation.title(conversation.agent)}.")


def _skill(conversation: Conversation, rest: str) -> None:
    role = conversation.orchestrator.get_agent_info(conversation.chosen())
    if not rest:
        rows = [[skill.name, skill.summary] for skill in role.skills.values()]
        say(tables.table(["skill", "what it does"], rows))
        return
    from agents.agent import skill_of

    name, words = _first_word(rest)
    known = skill_of(role, name).name
    asked = words or "Do this with what I attached."
    conversation.ask(Exchange((role.id,), asked, known, conversation.taken()))


def _attach(conversation: Conversation, rest: str) -> None:
    from agents.documents import read_named
    from agents.errors import DocumentError

    if not rest:
        listed = ", ".join(document.name for document in conversation.attached) or "nothing"
        tell(f"Attached: {listed}. Cleared.")
        conversation.attached = []
        return
    try:
        read = {rest: read_named(fetched(rest))}  # a name with blanks, or a path of Windows
    except DocumentError:
        names = _names(rest)
        if names == [rest]:
            raise
        read = {name: read_named(fetched(name)) for name in names}
    for name, documents in read.items():
        conversation.attached += documents
        shown = documents[0].name if len(documents) == 1 else name
        tell(f"{shown} will be sent with your next question.")


def _read(_conversation: Conversation, rest: str) -> None:
    from agents.documents import read_named

    if not rest:
        raise UsageError("Which file?", "Write /read FILE.")
    for document in read_named(fetched(_names(rest)[0])):
        lines = document.text.rstrip("\n").split("\n")
        wide = len(str(len(lines)))
        say(f"{document.name}:")
        for number, line in enumerate(lines[:MOST_LINES], 1):
            say(f"{number:{wide}}  {line}")
        if len(lines) > MOST_LINES:
            tell(f"{len(lines) - MOST_LINES} more lines.")


def _meetings(conversation: Conversation, _rest: str) -> None:
    rows = conversation.orchestrator.list_meetings(20)
    if not rows:
        tell("No meetings yet. Hold one: /meeting TOPIC")
        return
    say(tables.table(["meeting", "status", "topic"], [[row.id, row.status, row.title] for row in rows]))


def _meeting(conversation: Conversation, rest: str) -> None:
    first, about = _first_word(rest)
    if not first:
        raise UsageError("Which meeting?", "Write /meeting TYPE TOPIC, or /meeting TOPIC; /types lists the types.")
    orchestrator = conversation.orchestrator
    first, *more = [rest.strip('" ')] if rest.startswith('"') else [first, about.strip('" ')]
    kind, topics = type_and_topics(orchestrator.types, first, more, (), listing="/types")
    meeting_id = orchestrator.create_meeting(kind, topics, attach=conversation.attached)
    conversation.taken()  # only now: after a mistyped type the documents are still attached
    _hold(conversation, meeting_id)


def _resume(conversation: Conversation, rest: str) -> None:
    _hold(conversation, conversation.orchestrator.meetings.find(rest or "last"))


def _hold(conversation: Conversation, meeting_id: str) -> None:
    conversation.meeting = f"{meeting_id} stopped"
    try:
        how = Watch(plain=conversation.plain, resume="/resume", read="/minutes")
        run_meeting.hold(conversation.orchestrator, meeting_id, None, how, on_stop=_paused)
    finally:
        conversation.typed = typed_ahead()
        if conversation.typed and conversation.plain:
            tell(f"Typed during the meeting, and not sent: {conversation.typed}")
    conversation.meeting = f"{meeting_id} closed"


def _paused(meeting_id: str) -> None:
    if not is_asked_to_end():  # then the session ends, which is said there
        tell(f"\nPaused. Continue: /resume {meeting_id}")


def _minutes(conversation: Conversation, rest: str) -> None:
    run_meeting.write(conversation.orchestrator.get_minutes(rest or "last"), None, plain=conversation.plain)


def _actions(conversation: Conversation, rest: str) -> None:
    owner = rest.removeprefix("@")
    with suppress(UnknownName):  # a person who is not an agent can own actions too
        owner = conversation.orchestrator.get_agent_info(owner).id if owner else ""
    rows = conversation.orchestrator.actions.list(owner=owner or None, open_only=True)
    if not rows:
        tell(f"No open actions of {rest}." if rest else "No open actions.")
        return
    from agents.meeting.minutes.dates import due_said
    from agents.orchestrator.past_dues import past_when_said

    past = past_when_said(conversation.orchestrator.meetings, rows)
    dues = [due_said(one.due, one.due_text, past=one.id in past) if one.due or one.due_text else "" for one in rows]
    owners = [_owners(conversation, one.owners) for one in rows]
    cells = [[one.id, due, who, one.task] for one, due, who in zip(rows, dues, owners, strict=True)]
    say(tables.table(["action", "due", "owner", "task"], cells))


def _owners(conversation: Conversation, owners: Sequence[str]) -> str:
    roles = conversation.orchestrator.roles
    return " and ".join(roles[one].title if one in roles else one for one in owners) or "unassigned"


def _memory(conversation: Conversation, _rest: str) -> None:
    found = conversation.orchestrator.memories.recent(conversation.chosen(), limit=10)
    for message in found:
        say(f"{message.at[:16]} {message.author}: {message.text}")
    if not found:
        tell("Nothing yet.")


def _clear(conversation: Conversation, _rest: str) -> None:
    gone = conversation.orchestrator.clear_agent_memory(conversation.chosen(), SESSION)
    tell(f"{gone} messages forgotten. Its notes from meetings stay.")


def _model(conversation: Conversation, rest: str) -> None:
    if rest:
        conversation.use_model(rest)
    tell(f"The model is {conversation.label}.")


def _retry(conversation: Conversation, _rest: str) -> None:
    conversation.retry()


def _undo(conversation: Conversation, _rest: str) -> None:
    tell(f"Taken back: {textwrap.shorten(conversation.undo().words, 80, placeholder=' ...')}")


def _save(conversation: Conversation, rest: str) -> None:
    if not rest:
        raise UsageError("Into which file?", "Write /save FILE.")
    path = placed(_paths(rest)[0])
    try:
        if _is_there(path) and path not in conversation.written:
            raise UsageError(f"There is a file {path} already.", "Choose another name; nothing is overwritten.")
        write_file(path, saved(conversation))
    except (OSError, ValueError) as error:  # ValueError: the name contains a NUL
        why = why_unwritable(path, error) if isinstance(error, OSError) else str(error)
        raise SpaceError(f"{harmless(str(path))} cannot be written: {why}.", "Choose another place.") from None
    conversation.written.add(path)
    asked = len(conversation.exchanges)
    tell(f"{'1 question and its' if asked == 1 else f'{asked} questions and their'} answers are in {path}.")


def _is_there(path: Path) -> bool:
    if not is_callers(path):
        return path.exists()
    try:
        return refuse_unwritable(path, new=True)
    except FileExistsError:
        return True


def saved(conversation: Conversation) -> str:
    """The questions and answers of this session, as Markdown."""
    parts = [f"# Conversation ({conversation.label})"]
    for exchange in conversation.exchanges:
        parts.append(f"## To {', '.join(conversation.title(name) for name in exchange.agents)}")
        if exchange.skill or exchange.attach:
            with_them = ", ".join(
                filter(None, [exchange.skill or "", *(document.name for document in exchange.attach)])
            )
            parts.append(f"With: {with_them}")
        parts.append(textwrap.indent(exchange.words, "> ", lambda _line: True))
        for name, answer in exchange.answers.items():
            parts += [f"### {conversation.title(name)}", answer.strip()]
    return "\n\n".join(parts) + "\n"


def _addressed(conversation: Conversation, text: str) -> tuple[str, str]:
    """The names and the words of a line; a blank after a comma ends the names only if no agent's name follows."""
    who, words = _first_word(text)
    while who.endswith(",") and words:
        name, rest = _first_word(words)
        if name.strip(",") not in conversation.orchestrator.roles:
            break
        who, words = who + name, rest
    return who, words


def _first_word(text: str) -> tuple[str, str]:
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0].strip() if rest else ""


def _names(text: str) -> list[str]:
    """File names as typed, one or more: quoted, or with a backslash before a blank; other backslashes stay."""
    try:
        return shlex.split(re.sub(r"\\(?! )", r"\\\\", text))
    except ValueError as error:
        raise UsageError(f"{text} is not a file name: {error}.", 'Put it in quotes: "my file.md".') from None


def _paths(text: str) -> list[Path]:
    """File names as typed: quoted, or with a backslash before a blank."""
    try:
        return [Path(word).expanduser() for word in shlex.split(text)]
    except (ValueError, RuntimeError) as error:
        raise UsageError(f"{text} is not a file name: {error}.", 'Put it in quotes: "my file.md".') from None


COMMANDS: dict[str, Command] = {
    "agents": Command(_agents, "", "list the agents"),
    "switch": Command(_switch, "AGENT", "choose this agent", "agent"),
    "skill": Command(_skill, "NAME words", "use a skill of the chosen agent; without NAME, list them", "skill"),
    "attach": Command(
        _attach,
        "FILE",
        "attach a document to your next question; without FILE, list the attached ones and clear the list",
        "file",
    ),
    "read": Command(_read, "FILE", "print a document as agents read it, with the numbers of its lines", "file"),
    "meeting": Command(
        _meeting, "TYPE TOPIC", "hold a meeting, with the attached documents; without TYPE, a decision", "type"
    ),
    "meetings": Command(_meetings, "", "list the newest meetings"),
    "resume": Command(_resume, "ID", "continue a meeting that was stopped; without ID, the last one", "meeting"),
    "types": Command(_types, "", "list the meeting types"),
    "minutes": Command(_minutes, "ID", "print the minutes of a meeting; without ID, of the last one", "meeting"),
    "actions": Command(_actions, "OWNER", "list the open actions of an owner; without OWNER, all of them", "agent"),
    "memory": Command(_memory, "", "show what the chosen agent remembers"),
    "clear": Command(_clear, "", "forget the conversation with the chosen agent"),
    "retry": Command(_retry, "", "take the last answer back and ask the question again"),
    "undo": Command(_undo, "", "take the last question and its answer back, also from memory"),
    "save": Command(_save, "FILE", "write this session's questions and answers to a file, as Markdown", "file"),
    "model": Command(_model, "NAME", "use another model; without NAME, show the current one", "model"),
    "help": Command(_help, "", "show this list"),
}
