"""Turns errors into a cause, a remedy and an exit status; a traceback is shown only with --debug."""

from pathlib import Path
from typing import Any

import typer

from agents.cli import global_flags, habits
from agents.cli.context import FLAGS
from agents.cli.remedies import remedy_of
from agents.cli.terminal.caller import copied_root, in_container, is_called_by_script
from agents.cli.terminal.output import tell, tell_fault
from agents.cli.terminal.stopping import was_said
from agents.cli.terminal.streams import READER_GONE, OutputLost, give_up_output
from agents.errors import INTERRUPTED, DocumentError, OrchestratorError

FAILED = 1
NO_SPACE = 6

USAGE_ERRORS: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What Typer raises for wrong arguments: since 0.26 a class of its own copy of click, not click's class."""


def status_of(error: BaseException, *, debug: bool) -> int:
    """Say what went wrong, and return the exit status for it.

    Args:
        error: the error that ended the command.
        debug: also show the traceback.
    """
    error = _foremost(error)
    if debug and not isinstance(error, (KeyboardInterrupt, typer.Abort, SystemExit)):
        import traceback

        tell("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, SystemExit):
        return _exited(error)
    if isinstance(error, OrchestratorError):
        return _say(error.cause, _beyond(error) or remedy_of(error), error.exit_code)
    if isinstance(error, USAGE_ERRORS):
        return _usage(error)
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        if was_said():
            return INTERRUPTED
        return _say("Interrupted. What was finished is kept.", "", INTERRUPTED, prefix="")
    if isinstance(error, OutputLost):
        return _lost(error.why)
    if isinstance(error, BrokenPipeError):
        return _lost("")
    return _crashed(error)


def _beyond(error: OrchestratorError) -> str:
    """The remedy for a file that is not in a container where nothing hands over files; "" elsewhere."""
    if not (isinstance(error, DocumentError) and error.about == "attach" and in_container()) or copied_root():
        return ""
    call = "" if is_called_by_script() else "Call `./orchestrator.sh run ...`, or pipe it in"
    return f"This container sees only its own files. {call or 'Pipe it in'}: --attach - <FILE"


def _say(cause: str, remedy: str, status: int, prefix: str = "Error: ") -> int:
    tell_fault(cause, prefix=prefix)
    if remedy:
        tell(f"  {remedy}")
    return status


def _lost(why: str) -> int:
    """Standard output cannot be written: its reader has gone, or there is another reason."""
    give_up_output()
    if not why:
        return READER_GONE
    return _say(f"The output cannot be written: {why}.", "Free some space there, or write to another place.", NO_SPACE)


def _usage(error: Exception) -> int:
    """A wrong command or option: what is wrong, and where the valid ones are listed."""
    message = getattr(error, "format_message", error.__str__)()
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(message)
        return 2
    path = context.command_path if context else "orchestrator"
    return _say(message, f"{_meant(error, path)} `{path} --help` shows all commands and options.".strip(), 2)


def _meant(error: Exception, path: str) -> str:
    """A sentence about an option that a command does not have; "" where nothing is known."""
    name = getattr(error, "option_name", "")
    metavar = global_flags.value_of(name)
    program, _, command = path.partition(" ")
    if metavar is not None and command:
        return f"It stands before the command: `{' '.join(filter(None, [program, name, metavar, command]))} ...`."
    known = habits.OPTIONS.get(name, "")
    return f"Did you mean {known}?" if known and not getattr(error, "possibilities", None) else ""


def _exited(end: SystemExit) -> int:
    """A library or an example ended the process; Typer does so when the reader of our output has gone."""
    if isinstance(end.__context__, BrokenPipeError):
        return _lost("")
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    return _say(str(end.code), "", FAILED, prefix="")


def _crashed(error: BaseException) -> int:
    """An unexpected error: where it happened, and a report that contains no conversations."""
    from agents.cli.crash_report import place_of, write_report

    file = write_report(error, _log_folder())
    remedy = "--debug in front of the command shows more."
    if file:
        remedy = f"A report is in {file}; it contains no conversations. {remedy}"
    return _say(f"Unexpected error: {type(error).__name__} in {place_of(error)}.", remedy, FAILED)


def _log_folder() -> Path | None:
    from agents.settings import Settings

    try:
        return Settings.load(**FLAGS).log_folder
    except OrchestratorError:
        return None


def _foremost(error: BaseException) -> BaseException:
    """The most important error of a group: an interruption, then a lost output, then one of ours, then any other."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    found = _single(error)
    for kind in (KeyboardInterrupt, OutputLost, OrchestratorError, BaseException):
        for each in found:
            if isinstance(each, kind):
                return each
    return error


def _single(group: "BaseExceptionGroup[BaseException]") -> list[BaseException]:
    found: list[BaseException] = []
    for each in group.exceptions:
        found += _single(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found
