"""Putting other histories in the place of the present ones: all of them or none, whenever the power goes.

What is there is renamed into a safety copy beside it, what comes is renamed into its place, and a journal on the disk
says how far that got. A journal without its process is finished, or rolled back, by whoever comes next.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from agents.errors import StoreError

JOURNAL = ".restore.json"

SAFETY = ".before-restore-"
"""What the names of safety copies begin with."""

LEAVING = "leaving"
"""The old is being moved out; dying here brings the old back."""

COMING = "coming"
"""The old is out; dying here completes the new."""

_STAY = ("locks", "backups")


@dataclass(frozen=True, slots=True)
class Journal:
    """How far a swap got, as it stands on the disk.

    Attributes:
        state: LEAVING or COMING.
        source: the folder, within the data folder, that the new entries come from.
        safety: the folder, within the data folder, that the old entries go to.
        old: names of the entries that leave.
        new: names of the entries that come.
    """

    state: str
    source: str
    safety: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def entries(folder: Path) -> list[Path]:
    """What of a data folder is histories: everything but locks, backups and what is hidden, by name."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name not in _STAY)


def pending(folder: Path) -> bool:
    """Whether a swap was begun here and is not over."""
    return (folder / JOURNAL).exists()


def swap(folder: Path, source: Path) -> Path:
    """Put what is in ``source``, a folder within ``folder``, in the place of the histories there.

    The caller keeps everybody else out of the folder. Dying at any moment leaves what ``recover`` turns into the old
    histories or the new ones.

    Args:
        folder: the data folder.
        source: what comes; already on the disk, and gone afterwards.

    Returns:
        The safety copy: a folder with everything that was there.

    Raises:
        OSError: a rename was refused; the old histories are back.
    """
    safety = _unused(folder)
    old = tuple(path.name for path in entries(folder))
    new = tuple(sorted(path.name for path in source.iterdir()))
    journal = Journal(LEAVING, source.name, safety.name, old, new)
    try:
        _write(folder, journal)
        safety.mkdir(mode=0o700)
        for name in old:
            (folder / name).rename(safety / name)
        sync(safety)
        sync(folder)
        _write(folder, Journal(COMING, source.name, safety.name, old, new))
        _come(folder, journal)
    except OSError:
        (folder / f"{JOURNAL}.new").unlink(missing_ok=True)
        if recover(folder) != "new":
            raise
    return safety


def recover(folder: Path) -> str:
    """Finish or roll back what a killed swap left; returns "new" or "old" for what is there now, "" for no journal.

    The caller makes sure that nobody is at work on the same journal.

    Raises:
        StoreError: the journal cannot be read.
        OSError: a rename was refused; trying again later is safe.
    """
    journal = _read(folder)
    if journal is None:
        return ""
    if journal.state == COMING:
        _come(folder, journal)
        return "new"
    for name in journal.old:
        if os.path.lexists(folder / journal.safety / name):
            _make_way(folder, name)
            (folder / journal.safety / name).rename(folder / name)
    sync(folder)
    with suppress(FileNotFoundError):
        (folder / journal.safety).rmdir()
    _done(folder)
    return "old"


def safety_copies(folder: Path) -> list[Path]:
    """What earlier restores put aside, oldest first."""
    return sorted(path for path in folder.glob(f"{SAFETY}*") if path.is_dir()) if folder.is_dir() else []


def keep_only(folder: Path, safety: Path) -> None:
    """Remove the safety copies of earlier restores; one that cannot be removed does no harm."""
    for path in safety_copies(folder):
        if path != safety:
            shutil.rmtree(path, ignore_errors=True)


def sync(folder: Path) -> None:
    """Have the disk know which names are in a folder, as far as the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _come(folder: Path, journal: Journal) -> None:
    source = folder / journal.source
    for name in journal.new:
        if os.path.lexists(source / name):
            _make_way(folder, name)
            (source / name).rename(folder / name)
    sync(folder)
    with suppress(OSError):
        source.rmdir()
    _done(folder)


def _make_way(folder: Path, name: str) -> None:
    """Put aside what an older version of the program, which knows no journal, made in the middle of a swap."""
    if os.path.lexists(folder / name):
        (folder / name).rename(folder / f".aside-{_stamp()}-{name}")


def _write(folder: Path, journal: Journal) -> None:
    fresh = folder / f"{JOURNAL}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / JOURNAL)
    sync(folder)


def _read(folder: Path) -> Journal | None:
    try:
        raw = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
        journal = Journal(raw["state"], raw["source"], raw["safety"], tuple(raw["old"]), tuple(raw["new"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        journal = None
    names = (journal.source, journal.safety, *journal.old, *journal.new) if journal else ("",)
    if journal is None or any(not name or Path(name).name != name for name in names):
        raise StoreError(
            f"{folder / JOURNAL} is damaged; it says how far a restore got.",
            f"The histories are in {folder} and in the {SAFETY}* folder there: move the right ones up, then remove it.",
        )
    return journal


def _done(folder: Path) -> None:
    (folder / JOURNAL).unlink(missing_ok=True)
    sync(folder)


def _unused(folder: Path) -> Path:
    stamp = _stamp()
    number = 0
    newest = safety_copies(folder)
    while True:
        path = folder / f"{SAFETY}{stamp}-{number:03d}"
        # A clock that was set back must not make the newest copy look like an old one.
        if not path.exists() and (not newest or path > newest[-1]):
            return path
        number += 1
        if number > 999:
            number, stamp = 0, f"{newest[-1].name.removeprefix(SAFETY)}+"


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
