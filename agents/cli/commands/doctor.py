"""``orchestrator doctor``: checks everything that must be right, each problem with its remedy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.checks import PATIENCE_SECONDS, Check, Subject, examine, model, place, program
from agents.cli.context import FLAGS, AsJson, ModelName
from agents.cli.remedies import remedy_of
from agents.cli.terminal.output import say, say_json, say_painted
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.styles import STATES, paint
from agents.cli.terminal.tables import wrapped

if TYPE_CHECKING:
    from agents.settings import Settings

CHECKS = (
    ("python", program.python),
    ("packages", program.packages),
    ("settings", program.settings),
    ("roles", program.roles),
    ("meeting types", program.types),
    ("store", place.histories),
    ("disk", place.disk),
    ("file system", place.file_system),
    ("clock", place.clock),
    ("memory", place.memory),
    ("processors", place.processors),
    ("ollama", model.reachable),
    ("ollama version", model.version),
    ("model", model.present),
    ("model loaded", model.loaded),
    ("context", model.context),
    ("speed", model.speed),
    ("egress", model.egress),
    ("terminal", place.terminal),
)
"""Every check by its name, in the order of its number. Scripts may rely on the numbers: new checks go to the end."""

NEED_SERVER = {"ollama version", "model", "model loaded", "context"}
"""Checks that are useless if Ollama does not answer."""

DEEP_SECONDS = 600.0


def doctor(
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also read all data and ask the model a short question; may take minutes."),
    ] = False,
    as_json: AsJson = False,
    model_name: ModelName = None,
) -> None:
    """Check machine, data and model; each problem has its remedy. Exit 1 when one is found.

    Example: orchestrator doctor --json
    """
    from agents.errors import SettingError
    from agents.settings import Settings

    try:
        settings = Settings.load(**FLAGS).with_flags(model_name=model_name)
    except SettingError as error:
        # Nothing else can be checked without settings.
        checks = iter([Check(3, "settings", "fail", error.cause, remedy_of(error))])
    else:
        checks = look(settings, deep=deep)
    done: list[Check] = []
    for check in checks:
        done.append(check)
        if not as_json:
            say_painted(line(check))
    failed = sum(check.verdict == "fail" for check in done)
    warned = sum(check.verdict == "warn" for check in done)
    if as_json:
        rows = [{name: getattr(check, name) for name in Check.__slots__} for check in done]
        say_json({"ok": not failed, "failed": failed, "warned": warned, "checks": rows})
    else:
        say(wrapped(f"{len(done)} checks, {failed} failed, {warned} with a warning."))
    if failed:
        raise typer.Exit(1)


def look(settings: "Settings", *, deep: bool = False) -> Iterator[Check]:
    """Do every check, one after the other.

    Args:
        settings: the settings to check with.
        deep: also do what takes long.
    """
    subject = Subject(settings, deep)
    silent = False
    for number, (name, check) in enumerate(CHECKS, 1):
        if silent and name in NEED_SERVER:
            yield Check(number, name, "warn", "Not checked: Ollama does not answer", "")
            continue
        done = examine(number, name, check, subject, DEEP_SECONDS if deep else PATIENCE_SECONDS)
        silent = silent or (name == "ollama" and done.verdict != "ok")
        yield done


def line(check: Check) -> str:
    """A check in words: number, verdict, name, what was found, and the remedy below."""
    verdict = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}[check.verdict]
    text = harmless(wrapped(f"{check.name}: {check.words}", f"{check.number:>2} {verdict}  ", " " * 9))
    text = text.replace(verdict, paint(verdict, STATES.get(verdict)), 1)
    return f"{text}\n{harmless(wrapped(check.remedy, ' ' * 9))}" if check.remedy else text
