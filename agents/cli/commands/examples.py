"""``orchestrator examples``: list, show and run small programs that use the library."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import AsJson
from agents.cli.terminal import tables
from agents.cli.terminal.output import say, say_file, say_json, tell
from agents.errors import UnknownName

app = typer.Typer(
    cls=CommandGroup,
    help="Small programs that use the library: list, show, run.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ExampleName = Annotated[str, typer.Argument(help="Its name; `orchestrator examples list` lists them.")]


def scripts() -> dict[str, Path]:
    """The shipped example programs by name."""
    from agents.settings.folders import example_folder

    return {file.stem: file for file in sorted(example_folder().glob("*.py"))}


def find(name: str) -> Path:
    """The example called ``name``.

    Raises:
        UnknownName: there is no such example.
    """
    found = scripts()
    if name not in found:
        raise UnknownName("example", name, list(found), "orchestrator examples list")
    return found[name]


@app.command("list", epilog="Example: orchestrator examples list --json")
def list_examples(as_json: AsJson = False) -> None:
    """List the examples."""
    import ast

    rows = []
    for name, file in scripts().items():
        about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows.append({"name": name, "about": about.split("\n")[0], "file": str(file)})
    if as_json:
        say_json(rows)
    else:
        say(tables.table(["example", "what it shows"], [[row["name"], row["about"]] for row in rows]))


@app.command("show", epilog="Example: orchestrator examples show hold_a_meeting")
def show(name: ExampleName) -> None:
    """Print an example's source."""
    say_file(find(name).read_text(encoding="utf-8"))


@app.command("run", epilog="Example: orchestrator --model rehearsal examples run hold_a_meeting")
def run(
    name: ExampleName, arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to the example.")] = None
) -> None:
    """Run an example; without a model server it uses the rehearsal model and says so."""
    import os
    import runpy

    from agents.cli.context import FLAGS, answering_model
    from agents.settings import Settings

    file = find(name)
    # An example loads its own settings, in this process or in one that it starts.
    os.environ["MODEL_NAME"] = answering_model(Settings.load(**FLAGS))
    tell(f"Running {file}")
    before = sys.argv
    sys.argv = [os.fspath(file), *(arguments or [])]
    try:
        runpy.run_path(os.fspath(file), run_name="__main__")
    finally:
        sys.argv = before
