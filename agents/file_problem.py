"""A problem of a file that the user wrote, with its line, and the files that a wrong name may mean."""

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


def similar_files(path: Path, otherwise: str) -> str:
    """What to do about a name that is no file: the names in its folder that may be meant, else ``otherwise``."""
    from difflib import get_close_matches

    try:
        folded = {one.name.casefold(): one.name for one in path.parent.iterdir() if one.is_file()}
    except (OSError, ValueError):
        return otherwise
    near = get_close_matches(path.name.casefold(), folded, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(str(path.with_name(folded[name])) for name in near)}?" if near else otherwise
