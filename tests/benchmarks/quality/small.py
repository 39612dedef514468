"""A small document with a key, and claims about it."""

from pathlib import Path

from benchmarks.quality.cases import Case, read_cases
from benchmarks.quality.claim import Claim, Run, Spent

TEXT = """# Move the shop

The shop moves on Friday evening.
The old host is deleted before the move.

| Step | Who |
|---|---|
| Copy the data | Ada |
| Delete all backups | Ben |

```sh
# the next line runs twice
rsync --delete old new
```

Ada has moved three shops like this one, and the move was
tested twice with the full data.
"""
KEY = """[[flaw]]
lines = [4]
what = "There is no way back."
fields = ["operations"]
severity = "high"

[[flaw]]
lines = [9]
what = "The backups are lost."
fields = ["operations", "security"]
severity = "high"

[[trap]]
lines = [16, 17]
why = "It was tested."
"""
NAME = "shop.md"


def folder_with(place: Path, text: str = TEXT, key: str = KEY) -> Path:
    """A folder with one document and its key."""
    place.mkdir(exist_ok=True)
    (place / NAME).write_text(text)
    (place / "shop.key.toml").write_text(key)
    return place


def case_in(place: Path) -> Case:
    """The small document."""
    return read_cases(folder_with(place))[0]


def claim(first: int, last: int = 0, *, problem: str = "It is bad.", quote: str = "", rank: int = 1) -> Claim:
    """A claim of the arm "once"."""
    return Claim(NAME, first, last or first, problem, quote, "", rank, "once", "once")


def run_of(*claims: Claim, arm: str = "once", seed: int = 1) -> Run:
    """A run that made these claims."""
    return Run(arm, NAME, seed, "scripted", 0, Spent(10, 5, 1, 2.0), claims)
