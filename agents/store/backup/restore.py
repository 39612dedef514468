"""Restoring: a backup is checked to the last row on a copy before anything of the present histories is touched."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agents.errors import BackupInvalid, SpaceError, StoreError
from agents.store import backup, database, replace
from agents.store.backup import archive, manifest
from agents.store.backup.manifest import Manifest
from agents.store.backup.workspace import check_database, fits, in_words, look, total, workshop
from agents.store.folder_lock import alone, upkeep_lock
from agents.store.migrations import VERSION

_INCOMING = ".incoming-"
_STREAMED = {manifest.NAME, backup.HISTORIES, backup.LOGS}
_SPARE = 1_000_000
"""Bytes that must stay free beside what is unpacked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was checked.

    Attributes:
        name: where it came from.
        manifest: what it said it holds; None for a pair of archives from an older layout.
        rows: rows per table.
        digest: what its histories add up to.
    """

    name: str
    manifest: Manifest | None
    rows: dict[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        checked: what was restored.
        safety: the folder with everything that was there before.
        logs: the folder the logs were put in; None when they were not.
    """

    checked: Checked
    safety: Path
    logs: Path | None


def check(data: Path, source: Path | BinaryIO) -> Checked:
    """Check a backup as ``restore`` does, on a copy, and change nothing.

    Args:
        data: the data folder, for room to work in; without one the system's own place for such things is taken.
        source: a backup's folder, or the stream that ``backup.stream`` wrote.

    Raises:
        BackupInvalid: it would not be restored.
        SpaceError: no space for the copy.
    """
    place = data if data.is_dir() else Path(tempfile.gettempdir())
    with in_words(place, "checking a backup"), workshop(place) as work:
        copy = work / "copy"
        copy.mkdir(mode=0o700)
        return _examine(_received(source, work), copy)


def restore(
    data: Path,
    source: Path | BinaryIO,
    *,
    agreed: Callable[[Checked], bool] = lambda _checked: True,
    logs: Path | None = None,
) -> Restored | None:
    """Put the histories of a backup in the place of the present ones, which go into a safety copy beside them.

    Args:
        data: the data folder; made, for this user only, when it is not there.
        source: a backup's folder, or the stream that ``backup.stream`` wrote.
        agreed: asked after all checks, when there are histories that would be replaced.
        logs: a log folder to put the backup's logs in, in a folder of their own; None leaves them out.

    Returns:
        What was done; None when it was not agreed to.

    Raises:
        BackupInvalid: the backup is damaged, incomplete, not ours, or from a newer version.
        Locked: a meeting is being held, another process has the histories open, or a backup is being made.
        SpaceError: no space, or no permission.
    """
    with in_words(data, "restoring a backup"):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with upkeep_lock(data), ExitStack() as stack:
        with alone(data):
            pass  # whoever is in the way is named before minutes are spent on checks
        stack.enter_context(in_words(data, "restoring a backup"))
        work = stack.enter_context(workshop(data))
        incoming = stack.enter_context(workshop(data, _INCOMING))
        folder = _received(source, work)
        checked = _examine(folder, incoming)
        if replace.entries(data) and not agreed(checked):
            return None
        with alone(data):
            safety = replace.swap(data, incoming)
        replace.keep_only(data, safety)
        return Restored(checked, safety, _put_logs(folder, checked, logs) if logs else None)


def undo(data: Path, *, agreed: Callable[[Path], bool] = lambda _safety: True) -> Path | None:
    """Put the safety copy of the latest restore back, as it is; doing it twice is as if it had not been done.

    Args:
        data: the data folder.
        agreed: asked with the safety copy, before anything is touched.

    Returns:
        The folder with what was there now; None when it was not agreed to.

    Raises:
        Locked: a meeting is being held, another process has the histories open, or a backup is being made.
        StoreError: there is no safety copy.
    """
    if not replace.pending(data) and not replace.safety_copies(data):
        raise _no_safety(data)
    with upkeep_lock(data), in_words(data, "undoing a restore"):
        copies = replace.safety_copies(data)
        if not copies:
            raise _no_safety(data)
        if not agreed(copies[-1]):
            return None
        with alone(data):
            safety = replace.swap(data, copies[-1])
        replace.keep_only(data, safety)
        return safety


def _no_safety(data: Path) -> StoreError:
    return StoreError(f"There is no safety copy of an earlier restore in {data}.", "There is nothing to undo.")


def _received(source: Path | BinaryIO, work: Path) -> Path:
    """The folder of a backup; one that is streamed is put into ``work`` first."""
    if isinstance(source, Path):
        return source
    into = work / "received"
    into.mkdir(mode=0o700)
    found = archive.read_tar(source, "Standard input", into, None, None)
    places = {Path(entry.path).parent for entry in found}
    if len(places) != 1 or not {Path(entry.path).name for entry in found} <= _STREAMED:
        raise archive.refused("Standard input", "it is not the stream of one backup")
    return into / places.pop()


def _examine(folder: Path, into: Path) -> Checked:
    """Check a backup, and leave its histories in ``into``, in today's layout, ready to be used."""
    if not (folder / manifest.NAME).exists():
        return _examine_older(folder, into)
    held = manifest.read(folder / manifest.NAME)
    if held.layout > VERSION:
        raise BackupInvalid(
            f"{folder.name} holds a newer layout ({held.layout}; this version knows {VERSION}).",
            "Upgrade first, then try again.",
        )
    needed = total(held.files.get(backup.HISTORIES, ())) + _SPARE
    if not fits(into, needed):
        raise SpaceError(f"{into.parent} lacks the {needed // 1_000_000 + 1} MB for a checked copy.", "Free some.")
    backup.verify(folder)
    archive.unpack(folder / backup.HISTORIES, into, held.files[backup.HISTORIES])
    layout, rows, digest = _looked(into)
    if (layout, rows, digest) != (held.layout, held.rows, held.digest):
        raise archive.refused(backup.HISTORIES, "its rows are not those the manifest counts")
    check_database(into)
    return Checked(folder.name, held, rows, digest)


def _examine_older(folder: Path, into: Path) -> Checked:
    """Check a pair of archives that no manifest describes, from before there was one."""
    packed = folder / backup.HISTORIES
    if not packed.is_file():
        raise BackupInvalid(
            f"{folder} is no backup: it has neither {manifest.NAME} nor {backup.HISTORIES}.",
            "`orchestrator backup list` shows what there is.",
        )
    if archive.marked(packed):
        raise BackupInvalid(
            f"{folder} is incomplete: its {manifest.NAME}, which is written last, is missing.",
            "Nothing was changed. Take another backup.",
        )
    archive.unpack(packed, into)
    if (folder / backup.LOGS).is_file():
        archive.unpack(folder / backup.LOGS, None)
    _move_up(into)
    _layout, rows, digest = _looked(into)
    check_database(into)
    return Checked(folder.name, None, rows, digest)


def _move_up(into: Path) -> None:
    """Have the database at the top, and nothing of what a running program leaves beside it."""
    if not (into / database.NAME).exists():
        for inner in [path for path in into.iterdir() if (path / database.NAME).is_file()][:1]:
            aside = into.with_name(f"{into.name}-inner")
            inner.rename(aside)
            shutil.rmtree(into)
            aside.rename(into)
    wanted = replace.entries(into)
    for path in into.iterdir():
        if path not in wanted:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _looked(into: Path) -> tuple[int, dict[str, int], str]:
    path = into / database.NAME
    if not path.is_file():
        empty = not any(into.iterdir())
        detail = "it is empty: perhaps the backup of another volume" if empty else f"there is no {database.NAME} in it"
        raise archive.refused(backup.HISTORIES, detail)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    try:
        return look(path)
    except SpaceError:
        raise
    except StoreError as error:
        raise BackupInvalid(error.cause, "Nothing was changed. Take another backup.") from None


def _put_logs(folder: Path, checked: Checked, logs: Path) -> Path | None:
    packed = folder / backup.LOGS
    if not packed.is_file():
        return None
    into = logs / f"restored-{checked.name}"
    with in_words(logs, "the logs of a backup"):
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(mode=0o700, parents=True)
        archive.unpack(packed, into, checked.manifest.files[backup.LOGS] if checked.manifest else None)
    return into
