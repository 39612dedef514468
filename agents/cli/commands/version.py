"""``orchestrator version``."""

from agents import __version__
from agents.cli.checkout import commit, version_words
from agents.cli.context import AsJson
from agents.cli.terminal.output import say, say_json


def version(as_json: AsJson = False) -> None:
    """Print the version, and the commit of a checkout.

    Example: orchestrator version --json
    """
    import platform

    if as_json:
        facts = {"version": __version__, "commit": commit(), "python": platform.python_version()}
        say_json({**facts, "system": platform.platform()})
    else:
        say(version_words())
