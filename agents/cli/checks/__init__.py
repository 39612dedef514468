"""The checks of ``orchestrator doctor``: functions that examine one thing each and return what they found. None of them
prints, changes anything or takes long.

Import from here: ``examine``, ``Check``, ``Subject``; the checks in ``model``, ``place`` and ``program``.
Never knows: ``agents.cli.commands``, ``typer``, ``rich``.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agents.cli.remedies import remedy_of
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.settings import Settings

Verdict = Literal["ok", "warn", "fail"]

PATIENCE_SECONDS = 8.0
"""How long one check may take before it counts as not answered."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        verdict: "ok"; "warn" if something should be better; "fail" if the program cannot work like this.
        words: what was found, in one line.
        remedy: what to do about it; "" if there is nothing to do.
    """

    verdict: Verdict
    words: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check, done.

    Attributes:
        number: its place in the list, the same in every version.
        name: what was checked.
        verdict: as in ``Finding``.
        words: as in ``Finding``.
        remedy: as in ``Finding``.
    """

    number: int
    name: str
    verdict: Verdict
    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked.

    Attributes:
        settings: the settings in force.
        deep: also read everything that is stored, and ask the model for a few words.
    """

    settings: "Settings"
    deep: bool = False


def examine(
    number: int, name: str, look: Callable[[Subject], Finding], subject: Subject, seconds: float = PATIENCE_SECONDS
) -> Check:
    """Do one check within a number of seconds; an error of ours becomes a failure with its remedy."""
    found: list[Finding] = []

    def work() -> None:
        try:
            found.append(look(subject))
        except OrchestratorError as error:
            found.append(Finding("fail", error.cause, remedy_of(error)))
        except Exception as error:  # noqa: BLE001 - an error in one check must not hide the others
            found.append(Finding("warn", f"This could not be checked: {type(error).__name__}: {error}"))

    # If the check hangs, its thread is left behind and ends with the process.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    late = Finding("warn", f"No answer within {seconds:g} s.", "Try again when the machine has less to do.")
    finding = found[0] if found else late
    return Check(number, name, finding.verdict, finding.words, finding.remedy)
