"""Replacing the histories in a data folder by others: all of them or none, even if the power fails.

The old entries are renamed into a safety copy beside them, the new ones are renamed into their place, and a journal on
the disk records the progress. When the process dies, the next process that uses the folder finishes the replacement or
rolls it back.
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
"""The beginning of the names of safety copies."""

MOVING_OUT = "leaving"
"""The old entries are being moved out; a replacement that stops here is rolled back."""

MOVING_IN = "coming"
"""The old entries are out; a replacement that stops here is finished."""

DATABASE = "orchestrator.db"
"""The name of the file that histories are in."""

HISTORIES = tuple(f"{DATABASE}{ending}" for ending in ("", "-wal", "-shm", "-journal"))
"""The names of all files that are replaced, backed up and restored: the database, and what SQLite keeps beside it."""

OWNERS = "owners"
"""The folder in a data folder that has the data folders of the owners whose meetings a service holds, by their names.
All are replaced, backed up and restored together with what is beside it.
"""

BACKUPS = "backups"
"""The folder in a data folder that backups may be in."""

KEPT = ("locks", BACKUPS, "own", "projects.json")
"""What else we use in a data folder and never replace; in the container ``own`` has the user's roles and types."""


@dataclass(frozen=True, slots=True)
class ReplaceJournal:
    """The progress of a replacement, as recorded on the disk.

    Attributes:
        state: MOVING_OUT or MOVING_IN.
        source: the folder, within the data folder, that the new entries come from.
        safety: the folder, within the data folder, that the old entries go to.
        old: names of the entries that are moved out.
        new: names of the entries that are moved in.
    """

    state: str
    source: str
    safety: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def entries(folder: Path) -> list[Path]:
    """The entries of a folder that are histories, sorted by name: files, and the folder of owners if one has any."""
    own = [path for name in HISTORIES if os.path.lexists(path := folder / name)]
    return sorted([*own, folder / OWNERS] if owners(folder) else own)


def owner_folders(folder: Path) -> list[Path]:
    """The data folders of all owners in a data folder, sorted by name."""
    found = folder / OWNERS
    if found.is_symlink() or not found.is_dir():
        return []
    named = (path for path in found.iterdir() if not path.name.startswith("."))
    return sorted(path for path in named if path.is_dir() and not path.is_symlink())


def owners(folder: Path) -> list[Path]:
    """The data folders of the owners that have histories, sorted by name."""
    return [path for path in owner_folders(folder) if os.path.lexists(path / DATABASE)]


def databases(folder: Path) -> list[Path]:
    """The databases of a data folder, as paths in it: its own first, if there is one, then those of its owners."""
    own = [Path(DATABASE)] if os.path.lexists(folder / DATABASE) else []
    return [*own, *(path.relative_to(folder) / DATABASE for path in owners(folder))]


def files(folder: Path) -> list[Path]:
    """All files of the histories in a data folder, those of its owners too."""
    places = (folder, *owners(folder))
    return [path for place in places for name in HISTORIES if os.path.lexists(path := place / name)]


def above(folder: Path) -> Path | None:
    """The data folder in which a folder is that of an owner; None for any other folder."""
    top = folder.parent.parent
    known = (DATABASE, JOURNAL, "locks")
    return top if folder.parent.name == OWNERS and any(os.path.lexists(top / name) for name in known) else None


def not_ours(folder: Path) -> list[Path]:
    """The entries of a data folder that are somebody else's, sorted by name. They stay where they are."""
    if not folder.is_dir():
        return []
    ours = {*HISTORIES, *KEPT, OWNERS}
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name not in ours)


def pending(folder: Path) -> bool:
    """Whether a replacement was begun in this folder and is not finished."""
    return (folder / JOURNAL).exists()


def replace_entries(folder: Path, source: Path) -> Path:
    """Replace the histories in ``folder`` by the entries of ``source``, a folder within it.

    The caller makes sure that nobody else uses the folder. After a crash at any moment, ``recover`` restores the old
    histories or completes the new ones.

    Args:
        folder: the data folder.
        source: the new entries, already synced to the disk; the folder is removed.

    Returns:
        The safety copy: a folder with everything that was there before.

    Raises:
        OSError: a rename was refused; the old histories are back.
    """
    safety = _unused_name(folder)
    old = tuple(path.name for path in entries(folder))
    new = tuple(sorted(path.name for path in source.iterdir()))
    journal = ReplaceJournal(MOVING_OUT, source.name, safety.name, old, new)
    try:
        _write(folder, journal)
        safety.mkdir(mode=0o700)
        for name in old:
            (folder / name).rename(safety / name)
        sync(safety)
        sync(folder)
        _write(folder, ReplaceJournal(MOVING_IN, source.name, safety.name, old, new))
        _move_in(folder, journal)
    except OSError:
        (folder / f"{JOURNAL}.new").unlink(missing_ok=True)
        if recover(folder) != "new":
            raise
    return safety


def recover(folder: Path) -> str:
    """Finish or roll back the replacement of a process that died.

    The caller makes sure that nobody else works on the same journal.

    Returns:
        Which histories are in place now, "new" or "old"; "" when there was no journal.

    Raises:
        StoreError: the journal cannot be read.
        OSError: a rename was refused; it is safe to try again later.
    """
    journal = _read(folder)
    if journal is None:
        return ""
    if journal.state == MOVING_IN:
        _move_in(folder, journal)
        return "new"
    for name in journal.old:
        if os.path.lexists(folder / journal.safety / name):
            _put_aside(folder, name)
            (folder / journal.safety / name).rename(folder / name)
    sync(folder)
    with suppress(FileNotFoundError):
        (folder / journal.safety).rmdir()
    _finish(folder)
    return "old"


def safety_copies(folder: Path) -> list[Path]:
    """The safety copies of earlier restores, oldest first: folders with histories, or with nothing at all."""
    found = sorted(path for path in folder.glob(f"{SAFETY}*") if path.is_dir()) if folder.is_dir() else []
    return [path for path in found if databases(path) or not any(path.iterdir())]


def remove_other_copies(folder: Path, safety: Path) -> None:
    """Remove all safety copies but this one; a copy that cannot be removed does no harm.

    Only histories are removed: what an earlier version moved into a copy with them stays there.
    """
    for path in safety_copies(folder):
        if path != safety:
            folders = owner_folders(path)
            for owner in folders:
                shutil.rmtree(owner / "locks", ignore_errors=True)
            hidden = (each for owner in folders for each in owner.glob(".*"))  # all of them are ours
            for each in (*files(path), *hidden):
                with suppress(OSError):
                    each.unlink()
            for each in (*folders, path / OWNERS, path):
                with suppress(OSError):
                    each.rmdir()


def sync(folder: Path) -> None:
    """Write the names in a folder to the disk, as far as the system supports it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move_in(folder: Path, journal: ReplaceJournal) -> None:
    source = folder / journal.source
    for name in journal.new:
        if os.path.lexists(source / name):
            _put_aside(folder, name)
            (source / name).rename(folder / name)
    sync(folder)
    with suppress(OSError):
        source.rmdir()
    _finish(folder)


def _put_aside(folder: Path, name: str) -> None:
    """Rename an entry that is in the way: an older version of the program, which ignores the journal, created it."""
    if os.path.lexists(folder / name):
        (folder / name).rename(folder / f".aside-{_stamp()}-{name}")


def _write(folder: Path, journal: ReplaceJournal) -> None:
    fresh = folder / f"{JOURNAL}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / JOURNAL)
    sync(folder)


def _read(folder: Path) -> ReplaceJournal | None:
    try:
        raw = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
        journal = ReplaceJournal(raw["state"], raw["source"], raw["safety"], tuple(raw["old"]), tuple(raw["new"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        journal = None
    names = (journal.source, journal.safety, *journal.old, *journal.new) if journal else ("",)
    if journal is None or any(not name or Path(name).name != name for name in names):
        raise StoreError(
            f"{folder / JOURNAL} is damaged, so the progress of a restore is unknown.",
            f"The histories are in {folder} or in its {SAFETY}* folder. Move the ones you want to {folder}, "
            f"then remove {JOURNAL}.",
        )
    return journal


def _finish(folder: Path) -> None:
    (folder / JOURNAL).unlink(missing_ok=True)
    sync(folder)


def _unused_name(folder: Path) -> Path:
    stamp = _stamp()
    number = 0
    newest = safety_copies(folder)
    while True:
        path = folder / f"{SAFETY}{stamp}-{number:03d}"
        # After the clock was set back, the newest copy must still be the last by name.
        if not path.exists() and (not newest or path > newest[-1]):
            return path
        number += 1
        if number > 999:
            number, stamp = 0, f"{newest[-1].name.removeprefix(SAFETY)}+"


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
