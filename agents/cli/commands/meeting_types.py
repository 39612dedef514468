"""``orchestrator types list | show | new | validate``: meeting types, shipped and your own."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import FLAGS, AsJson, opened
from agents.cli.own_files import ForUser, Here, folder_for, write_own
from agents.cli.renamed import renamed
from agents.cli.terminal import tables
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.file_problems import print_findings
from agents.cli.terminal.origins import origins
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.pager import say_long
from agents.errors import UsageError
from agents.settings.folders import TYPES

if TYPE_CHECKING:
    from agents.settings import Settings

app = typer.Typer(
    cls=CommandGroup,
    help="The meeting types: list, show, new, validate.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SKELETON = """# Edit this file, then check it: orchestrator types validate {id}.toml
id = "{id}"
title = {title}
# What this kind of meeting is for, in one sentence.
purpose = "Answer one question about {words}, and say who does what next."
facilitator = "project_manager"
participants = ["project_manager", "product_manager", "backend_developer", "qa_engineer"]
# Invited when the topic or a document contains words of their expertise.
optional = ["security_engineer", "database_administrator"]
minutes = 45
# Two to five short questions whose answers can be checked.
agenda = [
  "What do we know about {words}, and where is it written?",
  "What about {words} goes wrong first, and who notices?",
]
# Others: status_round, open_round, timeline, brainstorm, dot_vote, challenge.
phases = ["silent_round", "digest", "exchange", "proposal", "ballot"]
# majority, consent, chair or none.
rule = "majority"
# An objection of one of these roles rejects the proposal.
veto = []
artefact = "notes"

# Each [[lines]] table is a section of the minutes, and a line that every speaker is asked for.
[[lines]]
label = "Risk"
heading = "Risks"
ask = "one thing that can go wrong, and its first sign"
draws_on = "red_flags"
# Labels of an entry besides its text, the most urgent first.
fields = {{ impact = ["high", "medium", "low"] }}

[[lines]]
label = "Need"
heading = "What is needed"
ask = "one thing you need from another participant"
draws_on = "questions"

# Each [[choices]] table is an outcome that the vote may have. It names as many findings as "picks" says (none, one,
# some or any), out of the lines that it takes. A line "Condition" is asked for wherever a choice takes it.
[[choices]]
name = "go ahead"
sentence = "Go ahead"

[[choices]]
name = "go ahead on conditions"
sentence = "Go ahead on these conditions"
picks = "some"
takes = ["Condition", "Need"]

[[choices]]
name = "do not go ahead"
sentence = "Do not go ahead"
course = "stop"
"""


def _use_types(folder: Path | None) -> Path | None:
    if folder is not None:
        FLAGS["types_folder"] = fetched_path(folder)
    return folder


TypesDir = Annotated[
    Path | None,
    typer.Option("--types-dir", metavar="FOLDER", callback=_use_types, help="A folder with more meeting types."),
]


@app.command("list", epilog="Example: orchestrator types list --json")
def types(as_json: AsJson = False, _types_dir: TypesDir = None) -> None:
    """List the meeting types."""
    with opened() as orchestrator:
        found = list(orchestrator.types.values())
        for problem in orchestrator.types.problems:
            tell(f"Meeting type ignored: {problem}")
        if as_json:
            say_json([kind.as_dict() for kind in found])
        else:
            own = origins([(kind.id, kind.source) for kind in found], orchestrator.settings.type_places)
            say_long("\n".join([tables.type_list(found), *([tables.wrapped(f"{own}.")] if own else [])]))


@app.command("show", epilog="Example: orchestrator types show incident_postmortem")
def show_type(
    type_id: Annotated[str, typer.Argument(metavar="TYPE")], as_json: AsJson = False, _types_dir: TypesDir = None
) -> None:
    """Show one meeting type: participants, questions, phases, decision rule."""
    with opened() as orchestrator:
        kind = orchestrator.types[type_id]
        if as_json:
            say(json.dumps(kind.as_dict(), indent=2))
        else:
            say_long(tables.type_page(kind))


@app.command("validate", epilog="Example: orchestrator types validate my-types/")
def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Type files or folders; default: yours and the built-in ones.", metavar="PATH"),
    ] = None,
    as_json: AsJson = False,
    _types_dir: TypesDir = None,
) -> None:
    """Check meeting type files and list every problem. Exit 1 if a file cannot be used."""
    from agents.meeting.types.lint import check
    from agents.role.file import roles_in

    settings = _settings()
    folders = [one.folder for one in settings.type_places if one.folder.is_dir() or not one.may_be_missing]
    checked, problems = check(
        [fetched_path(path) for path in paths or ()] or folders, list(roles_in(settings.role_places))
    )
    print_findings(checked, problems, as_json=as_json)


@app.command("new", epilog="Example: orchestrator types new vendor_review --types-dir my-types")
def new_type(
    type_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits and underscores.")],
    like: Annotated[str, typer.Option("--like", metavar="TYPE", help="Start from a copy of this type.")] = "",
    title: Annotated[str, typer.Option("--title", help="The title; if not given, the words of the id.")] = "",
    here: Here = False,
    user: ForUser = False,
    _types_dir: TypesDir = None,
) -> None:
    """Write a meeting type file to start from; it can already be used."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", type_id):
        raise UsageError(
            f"Can't read {type_id!r} as an id.",
            "Use lower-case letters, digits and underscores, such as vendor_review.",
        )
    words = type_id.replace("_", " ")
    named = json.dumps(title or words.capitalize(), ensure_ascii=False)
    text = _copy(like, type_id, named) if like else SKELETON.format(id=type_id, title=named, words=words)
    file = folder_for(TYPES, _settings(), here=here, user=user) / f"{type_id}.toml"
    write_own(file, text)
    say(str(file))
    tell(f"Edit it, then check it: orchestrator types validate {file}")


def _settings() -> "Settings":
    from agents.settings import Settings

    return Settings.load(**FLAGS)


def _copy(like: str, type_id: str, title: str) -> str:
    """The text of the type file ``like`` with another id and title; the title is already in quotes."""
    from agents.meeting.types.file import types_in

    source = types_in([place for place in _settings().type_places if place.folder.is_dir()])[like].source
    text = source.read_text(encoding="utf-8-sig") if source else ""
    text = re.sub(r"(?m)^[ \t]*id[ \t]*=.*$", f'id = "{type_id}"', text, count=1)
    return re.sub(r"(?m)^[ \t]*title[ \t]*=.*$", lambda _: f"title = {title}", text, count=1)


old_names = typer.Typer(rich_markup_mode=None)
"""The names that these commands had as commands of ``orchestrator meeting``."""

for _old, _command, _now in (
    ("types", types, "types list"),
    ("show-type", show_type, "types show"),
    ("validate", validate, "types validate"),
    ("new-type", new_type, "types new"),
):
    old_names.command(_old, hidden=True)(renamed(_command, _now))
