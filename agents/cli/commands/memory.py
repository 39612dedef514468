"""``orchestrator memory``: read, search, pin, prune, export and import what agents remember."""

import sys
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import AsJson, confirm, opened, tell_traces
from agents.cli.terminal import tables
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.output import say, say_file, say_json, tell
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.safe_text import one_line
from agents.errors import DocumentError, UsageError
from agents.file_problem import similar_files
from agents.orchestrator.memory_values import (
    LARGEST,
    keep_note,
    matching,
    message_values,
    newest,
    remembering,
    stats_values,
)
from agents.orchestrator.said_times import moment as moment_of

if TYPE_CHECKING:
    from agents.memory import Summary
    from agents.orchestrator import AgentOrchestrator

app = typer.Typer(
    cls=CommandGroup,
    help="What the agents remember: show, search, pin, clear, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000_000, help="Show at most N.")]
OneAgent = Annotated[str | None, typer.Option("--agent", help="Only this agent's memory.")]


@app.command("stats", epilog="Example: orchestrator memory stats --json")
def stats(as_json: AsJson = False) -> None:
    """Show how much each agent remembers."""
    with opened() as orchestrator:
        rows = orchestrator.memories.stats()
        if as_json:
            _print_json(stats_values(rows))
        elif rows:
            cells = [[row.agent, row.messages, row.tokens, row.text_bytes, row.last_used[:16]] for row in rows]
            say(tables.table(["agent", "messages", "tokens", "bytes", "last used"], cells))
        else:
            tell("No agent remembers anything yet.")


@app.command("show", epilog="Example: orchestrator memory show cto --since 7d --limit 10")
def show(
    agent: str,
    limit: Limit = 20,
    since: Annotated[
        str | None, typer.Option("--since", metavar="WHEN", help="Only messages since 7d, 12h, 2w or 2026-05-04.")
    ] = None,
    pinned: Annotated[bool, typer.Option("--pinned", help="Only pinned notes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the newest messages of an agent, oldest first, and the summaries of older ones."""
    moment = moment_of(since) if since is not None else None
    with opened() as orchestrator:
        agent = remembering(orchestrator, agent)
        found = newest(orchestrator, agent, limit, moment, pinned=pinned)
        if as_json:
            _print_json([message_values(message) for message in found])
            return
        title = _titles(orchestrator).get(agent, agent)
        names = {"user": "you", "assistant": title}
        summed = [] if pinned else orchestrator.summaries.current(agent)
        summed = [one for one in summed if not moment or datetime.fromisoformat(one.until) >= moment][-limit:]
        parts = [f"{_summary_line(summary)}\n" for summary in summed]
        for message in found:
            who = names.get(message.author, message.author) + (", pinned" if message.pinned else "")
            parts.append(f"[{message.number}] {message.at[:16]} {who}:\n{message.text}\n")
        if parts:
            say_long("\n".join(parts) + "\n")
        if not found and not summed:
            tell(f"{title} remembers nothing {'since then' if since else 'yet'}.")


@app.command("search", epilog="Example: orchestrator memory search 'rollback plan' --agent devops_engineer")
def search(terms: list[str], agent: OneAgent = None, limit: Limit = 10, as_json: AsJson = False) -> None:
    """Search what the agents remember; matches are in [brackets]."""
    with opened() as orchestrator:
        found = matching(orchestrator, " ".join(terms), agent or "", limit)
        if as_json:
            _print_json([{**message_values(one), "snippet": snippet} for one, snippet in found])
            return
        for one, snippet in found:
            say(f"[{one.number}] {one.at[:16]} {one.agent} ({one.author}): {snippet}")
        if not found:
            tell("Nothing found.")


@app.command("pin", epilog="Example: orchestrator memory pin cto 'Our budget for 2027 is frozen.'")
def pin(agent: str, text: list[str]) -> None:
    """Pin a note: it is in every prompt of the agent and is never pruned."""
    with opened() as orchestrator:
        tell(f"Pinned as {keep_note(orchestrator, agent, ' '.join(text))}.")


@app.command("unpin", epilog="Example: orchestrator memory unpin 12")
def unpin(number: Annotated[int, typer.Argument()]) -> None:
    """Turn a pinned note into an ordinary memory."""
    with opened() as orchestrator:
        orchestrator.memories.unpin(min(number, LARGEST))
        tell(f"Unpinned {number}.")


@app.command("clear", epilog="Example: orchestrator memory clear cto --yes")
def clear(
    agent: Annotated[str | None, typer.Argument()] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Every agent's memory.")] = False,
    pinned: Annotated[bool, typer.Option("--pinned", help="Also pinned notes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Clear the memory of an agent, or of all agents; pinned notes stay."""
    if (agent is None) != everybody:
        raise UsageError("Either one agent or --all must be given.", "Give one agent, or --all.")
    with opened() as orchestrator:
        who = remembering(orchestrator, agent) if agent else ""
        confirm(f"Clear the memory of {_titles(orchestrator).get(who, who) or 'every agent'}?", yes)
        memories = orchestrator.memories
        gone = memories.clear(who, everything=pinned) if who else memories.clear_all(everything=pinned)
        tell(f"{_counted(gone)} forgotten.")
        tell_traces(orchestrator)


@app.command("prune", epilog="Example: orchestrator memory prune --older-than 90d --keep-last 200 --dry-run")
def prune(
    older_than: Annotated[
        str | None, typer.Option("--older-than", metavar="WHEN", help="Only messages older than 90d, 2w or 2026-05-04.")
    ] = None,
    keep_last: Annotated[
        int | None, typer.Option("--keep-last", min=0, help="Keep the newest N messages of each agent.")
    ] = None,
    agent: OneAgent = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how many messages it would be.")] = False,
) -> None:
    """Delete old messages, but no pinned notes."""
    moment = moment_of(older_than) if older_than is not None else None
    with opened() as orchestrator:
        who = remembering(orchestrator, agent) if agent else None
        gone = orchestrator.memories.prune(
            moment, None if keep_last is None else min(keep_last, LARGEST), who, dry_run=dry_run
        )
        tell(f"{_counted(gone)} {'would be ' if dry_run else ''}forgotten.")
        if not dry_run:
            tell_traces(orchestrator)


@app.command("compact", epilog="Example: orchestrator memory compact")
def compact() -> None:
    """Return the space of deleted messages to the disk."""
    with opened() as orchestrator:
        tell(f"{orchestrator.memories.compact()} bytes freed.")


@app.command("export", epilog="Example: orchestrator memory export cto --format md > cto.md")
def export(
    agent: Annotated[str | None, typer.Argument(help="Only this agent; default: all agents.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="jsonl (can be imported) or md.")] = "jsonl",
) -> None:
    """Print everything that one agent or all agents remember."""
    if form not in {"jsonl", "md"}:
        raise UsageError(f"There is no format {form!r}.", "It is jsonl or md.")
    with opened() as orchestrator:
        from agents.memory.file import as_lines, as_markdown

        memories = orchestrator.memories
        agents = [remembering(orchestrator, agent)] if agent else [row.agent for row in memories.stats()]
        messages = (message for one in agents for message in memories.export(one))
        # Summaries come last, so that an import finds the messages that they cover.
        summed = orchestrator.summaries.export(agents[0] if agent else None)
        pieces = as_lines(chain(messages, summed)) if form == "jsonl" else as_markdown(messages, _titles(orchestrator))
        for piece in pieces:
            say_file(f"{piece}\n")


@app.command("import", epilog="Example: orchestrator memory import memories.jsonl")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file that export wrote as jsonl; - is standard input.")
    ],
) -> None:
    """Add exported messages and summaries; existing ones are skipped."""
    from agents.memory import Remembered, Summary
    from agents.memory.file import from_lines

    try:
        raw = sys.stdin.buffer.read() if file == "-" else fetched_path(Path(file)).read_bytes()
        # Only \n ends a line of JSON; splitlines would cut at other separators inside a text.
        lines = raw.decode("utf-8-sig").split("\n")
    except OSError as error:
        raise DocumentError(
            f"{file} cannot be read: {error.strerror}.",
            similar_files(Path(file), "Give a file that memory export wrote."),
        ) from None
    except UnicodeDecodeError:
        raise DocumentError(f"{file} is not UTF-8 text.", "Give a file that memory export wrote.") from None
    read = list(from_lines(lines, "standard input" if file == "-" else file))
    messages = [one for one in read if isinstance(one, Remembered)]
    with opened() as orchestrator:
        known = set(orchestrator.list_agents())
        for stranger in sorted({one.agent for one in read} - known):
            tell(f"There is no role {stranger}; its memory is kept in case one is added.")
        added = orchestrator.memories.load(messages)
        tell(f"{_counted(added)} added, {len(messages) - added} already existed.")
        summed = orchestrator.summaries.load(one for one in read if isinstance(one, Summary))
        if summed:
            tell(f"{summed} {'summary' if summed == 1 else 'summaries'} of older messages added.")


def _titles(orchestrator: "AgentOrchestrator") -> dict[str, str]:
    return {name: role.title for name, role in orchestrator.roles.items()}


def _summary_line(summary: "Summary") -> str:
    """A summary in one line, with the messages it covers and the model that wrote it."""
    covered = f"{summary.first}-{summary.last}" if summary.last else "forgotten messages"
    where = "" if summary.session == "default" else f", {summary.session}"
    return one_line(f"summary of {covered}{where} ({summary.model}): {summary.text}")


def _counted(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"


def _print_json(value: Any) -> None:
    say_json(value)
