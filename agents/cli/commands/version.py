"""``orchestrator version``."""

import json

import typer

from agents import __version__
from agents.cli.checkout import commit, version_words
from agents.cli.context import AsJson
from agents.cli.terminal.output import say


def version(as_json: AsJson = False) -> None:
    """Print the version, and the commit of a checkout.

    Example: orchestrator version --json
    """
    import platform

    if as_json:
        facts = {"version": __version__, "commit": commit(), "python": platform.python_version()}
        typer.echo(json.dumps({**facts, "system": platform.platform()}, indent=2))
    else:
        say(version_words())
