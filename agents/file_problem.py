"""A problem of a file that the user wrote, with its line."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a role file or a meeting type file.

    Attributes:
        file: the file.
        line: the line, counted from 1; 0 for the file as a whole.
        cause: what is wrong.
        remedy: what to do about it.
        fatal: whether the file was left out because of it.
    """

    file: Path
    line: int
    cause: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        place = f"{self.file.name}:{self.line}" if self.line else self.file.name
        return f"{place}: {self.cause} {self.remedy}"
