"""Every error this program raises on purpose, grouped by who can act on it.

::

    OrchestratorError                 1   something failed
    ├── UsageError                    2   the user: a wrong word, value or file
    │   ├── SettingError                  a setting's value is out of range
    │   ├── UnknownName                   no such agent, type, meeting, skill ... ("did you mean")
    │   ├── RoleFileError                 a file in Role/ cannot be read as a role
    │   ├── TypeFileError                 a file in types/ cannot be read as a meeting type
    │   ├── DocumentError                 an attachment cannot be read
    │   └── MaterialMissing               a meeting about a document has none
    ├── ModelUnavailable              3   who runs the model server: it cannot be reached, or refuses
    │   └── ModelMissing                  the server answers but does not have the model
    ├── ModelError                    3   one call failed; in a meeting the agent is absent and the meeting continues
    │   └── ContextOverflow               the prompt does not fit the model's context
    ├── StoreError                    1   the database: corrupt, or made by a newer version
    │   ├── SpaceError                6   no space, or no permission, where histories are kept
    │   ├── BackupInvalid             5   a backup is damaged, incomplete, not ours, or from a newer version
    │   └── Locked                    75  another process has locked this meeting or this backup
    ├── Busy                          75  the queue is full; ``retry_after`` says when to try again
    ├── MeetingError                  1   a meeting cannot continue as requested
    └── BrokenChain                   1   an exported meeting is not as it was exported

Each error is one line of cause and one line of remedy; the command line prints both and exits with ``exit_code``.
"""

from collections.abc import Iterable
from typing import ClassVar

INTERRUPTED = 130
"""The exit status after Ctrl-C."""


class OrchestratorError(Exception):
    """Any error this package raises on purpose.

    Args:
        cause: one line that says what is wrong and names the thing.
        remedy: one line that says what to do next, with the names of arguments and methods; empty if there is nothing
            to do.
        about: a word for this case, such as "topics", with which a front end finds a remedy in its own terms: the
            command line has flags where the library has arguments.
        subject: the id, name or path that such a remedy names.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, cause: str, remedy: str = "", *, about: str = "", subject: str = "") -> None:
        super().__init__(cause, remedy)
        self.cause = cause
        self.remedy = remedy
        self.about = about
        self.subject = subject

    def __str__(self) -> str:
        return f"{self.cause}\n{self.remedy}" if self.remedy else self.cause


class StopMeeting(Exception):
    """Raised by a listener to end the meeting that it listens to; the meeting can be resumed. Any other exception of a
    listener is reported once, and the meeting goes on.
    """


class UsageError(OrchestratorError):
    """The caller asked for something that does not exist or is not allowed."""

    exit_code = 2


class SettingError(UsageError):
    """A setting has a value that it does not accept."""


class UnknownName(UsageError):
    """There is nothing of this name; the remedy offers the most similar names.

    Args:
        kind: what was searched for, such as "agent".
        name: the name that was given.
        known: every existing name.
        listing: what lists them, such as "list_agents()".
        near: the most similar names, where not only the existing ones were compared.
        about: a word for what was searched for, if ``kind`` varies.
        subject: the id of the thing that was searched, if there is one.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        known: list[str],
        listing: str = "",
        *,
        near: list[str] | None = None,
        about: str = "",
        subject: str = "",
    ) -> None:
        near = similar_names(name, known) if near is None else near
        self.hint = f"Did you mean {', '.join(near)}?" if near else ""
        remedy = f"{self.hint} `{listing}` lists them all.".strip() if listing else self.hint
        super().__init__(f"There is no {kind} {name!r}.", remedy, about=about or kind, subject=subject)
        self.kind = kind
        self.name = name
        self.known = tuple(known)

    def near(self, how_close: float) -> list[str]:
        """The names that are that similar to the one that was given, from 0 to 1."""
        from difflib import get_close_matches

        return get_close_matches(self.name.lower(), self.known, n=3, cutoff=how_close)


def similar_names(name: str, known: Iterable[str]) -> list[str]:
    """The names that someone may have meant, most similar first; upper case, blanks and hyphens make no difference."""
    from difflib import get_close_matches

    spelt = {one.lower(): one for one in known}
    near = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), spelt, n=3, cutoff=0.5)
    return [spelt[one] for one in near]


class RoleFileError(UsageError):
    """A role file that cannot be read as a role; the cause names file and line."""


class TypeFileError(UsageError):
    """A meeting type file that cannot be read; the cause names file and line."""


class DocumentError(UsageError):
    """An attachment that is missing, unreadable or not text.

    Args:
        cause, remedy, about: as for every error.
        short: in a word or two, why a file is left out that is only one of many, such as "binary".
    """

    def __init__(self, cause: str, remedy: str = "", *, about: str = "", short: str = "") -> None:
        super().__init__(cause, remedy, about=about)
        self.short = short


class MaterialMissing(UsageError):
    """A meeting of this type is about a document, and none is attached.

    Args:
        cause, remedy, about, subject: as for every error.
        example: a file of the kind that is missing, or a command followed by "|" that prints it.
    """

    def __init__(self, cause: str, remedy: str, *, about: str = "", subject: str = "", example: str = "") -> None:
        super().__init__(cause, remedy, about=about, subject=subject)
        self.example = example


class ModelUnavailable(OrchestratorError):
    """The model cannot be used: its server does not answer, refuses, or cannot load it."""

    exit_code = 3


class ModelMissing(ModelUnavailable):
    """The server can be reached, but does not have this model."""


class ModelError(OrchestratorError):
    """One call to the model failed, after the retries that are safe.

    Args:
        cause: one line.
        remedy: one line.
        partial: the text that had arrived before the failure.
    """

    exit_code = 3

    def __init__(self, cause: str, remedy: str = "", partial: str = "", *, about: str = "", subject: str = "") -> None:
        super().__init__(cause, remedy, about=about, subject=subject)
        self.partial = partial


class ContextOverflow(ModelError):
    """The prompt does not fit the model's context; prompts are never cut silently."""


class StoreError(OrchestratorError):
    """The database cannot be used: it is damaged, or a newer version wrote it."""


class SpaceError(StoreError):
    """There is no space or no permission where histories are kept."""

    exit_code = 6


class BackupInvalid(StoreError):
    """A backup that must not be restored: damaged, incomplete, not ours, or from a newer version."""

    exit_code = 5


class Locked(StoreError):
    """Another process has locked what this one wants to change."""

    exit_code = 75


class Busy(OrchestratorError):
    """There is no place left where work waits for the model.

    Args:
        cause, remedy: as for every error.
        retry_after: seconds after which it is worth to try again.
    """

    exit_code = 75

    def __init__(self, cause: str, remedy: str = "", *, retry_after: int) -> None:
        super().__init__(cause, remedy)
        self.retry_after = retry_after


class MeetingError(OrchestratorError):
    """A meeting cannot continue as requested."""


class BrokenChain(OrchestratorError):
    """An exported meeting is not as it was exported; the cause names the first line that is not."""
