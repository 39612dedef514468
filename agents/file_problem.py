"""What is wrong with a file that a user wrote, and on which line."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a role file or a meeting type file.

    Attributes:
        file: the file.
        line: the line, counted from 1; 0 for the file as a whole.
        cause: what is wrong.
        remedy: what to do.
        fatal: whether the file was left out for it.
    """

    file: Path
    line: int
    cause: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        place = f"{self.file.name}:{self.line}" if self.line else self.file.name
        return f"{place}: {self.cause} {self.remedy}"
