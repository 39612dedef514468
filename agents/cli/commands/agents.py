"""``orchestrator agents``: list and show agents, check role files, write a new one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.commands import agents_import
from agents.cli.context import FLAGS, AsJson, opened
from agents.cli.own_files import ForUser, Here, Replace, folder_for, refuse_taken, write_own
from agents.cli.terminal import org_chart, tables
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.file_problems import print_findings
from agents.cli.terminal.manner import is_plain
from agents.cli.terminal.origins import origins
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.pager import say_long
from agents.errors import UsageError
from agents.role import standing
from agents.role.file import roles_in
from agents.role.values import line_values, role_values
from agents.settings import Settings
from agents.settings.folders import ROLES

app = typer.Typer(
    cls=CommandGroup,
    help="The agents: list, show, chart, validate, new, import.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SKELETON = """---
id: {id}
title: {title}
department: other
level: senior
reports_to: cto
expertise: [first keyword, second keyword]
decides: [what it decides alone]
consulted_on: [what it must be asked about]
---

# {title}

## Mission
What this job is for, in one or two sentences of at most 40 words.

## How I think
How this job weighs things, and what it does first.

## Questions I ask
- Which question does only this job ask? <!-- word, phrase that calls for it -->
- Which number would change its mind? <!-- number, threshold -->

## Red flags
- What in a document makes this job object? <!-- word, phrase -->
- What has gone wrong before in this field? <!-- incident, failure -->

## Definition of done
- What can be checked when this job is content? <!-- check, evidence -->

## Skills
### review
Judge a document from this job's point of view.
Input: the document.
Answer: findings by severity, each with its place; then a verdict.
"""


@app.command("list", epilog="Example: orchestrator agents list --json")
def list_agents(as_json: AsJson = False) -> None:
    """List the agents by department."""
    with opened() as orchestrator:
        roles = list(orchestrator.roles.values())
        if as_json:
            say_json([{**line_values(role), "file": str(role.source or "")} for role in roles])
            return
        own = origins([(role.id, role.source) for role in roles], orchestrator.settings.role_places)
        say_long("\n".join([tables.role_list(roles), *([tables.wrapped(f"{own}.")] if own else [])]))


@app.command("show", epilog="Example: orchestrator agents show security_engineer")
def show(
    agent: Annotated[str, typer.Argument(help="An agent, such as security_engineer.")], as_json: AsJson = False
) -> None:
    """Show one agent: its questions, red flags and skills."""
    with opened() as orchestrator:
        role = orchestrator.get_agent_info(agent)
        if as_json:
            say(json.dumps({**role_values(role), "file": str(role.source or "")}, indent=2))
        else:
            say_long(tables.role_page(role))


@app.command("validate", epilog="Example: orchestrator agents validate Role/my_role.md")
def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Role files or folders; default: all of your roles and the built-in ones.", metavar="PATH"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check role files and list every problem. Exit 1 if a file cannot be used."""
    from agents.role.lint import check

    places = [place for place in _settings().role_places if place.folder.is_dir() or not place.may_be_missing]
    checked, problems = check(
        [fetched_path(path) for path in paths or ()] or [place.folder for place in places], roles_in(places)
    )
    print_findings(checked, problems, as_json=as_json)


@app.command("new", epilog="Example: orchestrator agents new release_manager --title 'Release Manager'")
def new(
    agent_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits and underscores.")],
    title: Annotated[str | None, typer.Option(help="The title; if not given, the words of the id.")] = None,
    here: Here = False,
    user: ForUser = False,
    replace: Replace = False,
) -> None:
    """Write a role file to start from; it is already an agent."""
    import re

    if not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", agent_id):
        raise UsageError(
            f"Can't read {agent_id!r} as an id.",
            "Use lower-case letters, digits and underscores, such as release_manager.",
        )
    settings = _settings()
    file = folder_for(ROLES, settings, here=here, user=user) / f"{agent_id}.md"
    if not replace:
        refuse_taken(agent_id, file, settings)
    write_own(file, SKELETON.format(id=agent_id, title=title or agent_id.replace("_", " ").title()))
    say(str(file))
    tell(f"Edit it, then check it: orchestrator agents validate {file}")


agents_import.register(app)


def _settings() -> Settings:
    return Settings.load(**FLAGS)


@app.command("chart", epilog="Example: orchestrator agents chart")
def chart(
    plain: Annotated[bool, typer.Option("--plain", help="Draw with ASCII characters only.")] = False,
) -> None:
    """Draw the organisation: who reports to whom, by department."""
    import sys

    from agents.cli.terminal.size import terminal_width

    with opened() as orchestrator:
        roles = list(standing(orchestrator.roles).values())
    plain = plain or is_plain() or not (sys.stdout.encoding or "").lower().startswith("utf")
    say_long(org_chart.drawn(roles, terminal_width(), plain=plain))
