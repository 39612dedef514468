"""Restoring a backup: a copy of it is checked to the last row before any of the current histories are replaced."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from agents.errors import BackupInvalid, SpaceError, StoreError, UsageError
from agents.private_folder import make_private
from agents.store import backup, database, replace
from agents.store.backup import archive, manifest
from agents.store.backup.content_hash import Contents, contents_in
from agents.store.backup.copies import check_copies, remove_shared_memory
from agents.store.backup.manifest import Manifest
from agents.store.backup.origin import CONTAINER, LOCAL, place_of
from agents.store.backup.workspace import explaining_work, folder_with_room, has_space, work_folder
from agents.store.folder_lock import backup_lock, locked_exclusively
from agents.store.migrations import VERSION

_INCOMING = ".incoming-"
_STREAMED = {manifest.NAME, backup.HISTORIES, backup.LOGS}
_STREAMED_MEMBERS = 16
"""The most members of a stream: its three files, and what a copy of it may have added."""

_LITTLE = 64_000_000
"""Bytes of free space below which a stream, whose size is not known, may be checked elsewhere."""

_SPARE = 1_000_000
"""Bytes that must stay free in addition to the unpacked files."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was checked.

    Attributes:
        name: the name of its folder.
        manifest: its manifest; None for a pair of archives from an older version.
        rows: rows per table.
        digest: a SHA-256 of all conversations, meetings and actions in it.
        others: what an earlier version packed with the histories and is not a part of them; it is not restored.
    """

    name: str
    manifest: Manifest | None
    rows: dict[str, int]
    digest: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore.

    Attributes:
        checked: what was restored.
        safety: the folder with everything that was replaced.
        logs: the folder of the restored logs; None when they were not restored.
        others: what is in the data folder and not a part of the histories; it is where it was.
    """

    checked: Checked
    safety: Path
    logs: Path | None
    others: tuple[Path, ...] = ()


def check(data: Path, source: Path | BinaryIO, *, anywhere: bool = False) -> Checked:
    """Check a backup as ``restore`` does, on a copy, and change nothing.

    Args:
        data: the data folder, where the copy is made; the system's folder for temporary files when it does not exist.
        source: a backup's folder, or the stream that ``backup.stream`` wrote.
        anywhere: whether the copy may also be in the system's folder for temporary files if the data folder has little
            room; then it is not known whether a restore has enough.

    Raises:
        BackupInvalid: it cannot be restored.
        SpaceError: no space for the copy.
    """
    place = data if data.is_dir() else Path(tempfile.gettempdir())
    place = folder_with_room(place, _LITTLE) if anywhere else place
    with explaining_work(place, "checking a backup"), work_folder(place) as work:
        copy = work / "copy"
        copy.mkdir(mode=0o700)
        return _examine(_received(source, work), copy)


def restore(
    data: Path,
    source: Path | BinaryIO,
    *,
    agreed: Callable[[Checked], bool] = lambda _checked: True,
    logs: Path | None = None,
    into: str = "",
) -> Restored | None:
    """Replace the current histories by those of a backup; the current ones are moved into a safety copy beside them.

    Args:
        data: the data folder; created, for this user only, when it does not exist.
        source: a backup's folder, or the stream that ``backup.stream`` wrote.
        agreed: called after all checks, when there are histories to replace; False stops the restore.
        logs: a log folder for the backup's logs, which get a folder of their own in it; None leaves them out.
        into: "container" or "local", which must be the place of ``data``: agrees to a backup of the other place.

    Returns:
        What was done; None when ``agreed`` returned False.

    Raises:
        BackupInvalid: the backup is damaged, incomplete, not ours, or from a newer version.
        Locked: a meeting is being held, another process has the histories open, or a backup is being made.
        SpaceError: no space, or no permission.
        UsageError: the backup is of histories in the other place, or ``into`` is the other place.
    """
    place = place_of(data)
    if into and into != place:
        raise UsageError(f"The histories here are {_NAMED[place]}.", f"`into` has to be {place!r}.", about="into")
    with explaining_work(data, "restoring a backup"):
        make_private(data)
    with backup_lock(data), ExitStack() as stack:
        with locked_exclusively(data):
            pass  # report what is in the way before minutes are spent on checks
        stack.enter_context(explaining_work(data, "restoring a backup"))
        work = stack.enter_context(work_folder(data))
        incoming = stack.enter_context(work_folder(data, _INCOMING))
        folder = _received(source, work)
        checked = _examine(folder, incoming)
        _check_place(checked, place, into)
        if replace.entries(data) and not agreed(checked):
            return None
        with locked_exclusively(data):
            safety = replace.replace_entries(data, incoming)
        replace.remove_other_copies(data, safety)
        kept = tuple(path for path in replace.not_ours(data) if path != logs)
        return Restored(checked, safety, _put_logs(folder, checked, logs) if logs else None, kept)


def undo(data: Path, *, agreed: Callable[[Path], bool] = lambda _safety: True) -> Path | None:
    """Replace the current histories by the safety copy of the latest restore; undoing twice changes nothing.

    Args:
        data: the data folder.
        agreed: called with the safety copy, before anything is changed; False stops it.

    Returns:
        The folder with what was replaced now; None when ``agreed`` returned False.

    Raises:
        Locked: a meeting is being held, another process has the histories open, or a backup is being made.
        StoreError: there is no safety copy.
    """
    with _latest_copy(data) as latest, explaining_work(data, "undoing a restore"):
        if not agreed(latest):
            return None
        with locked_exclusively(data):
            safety = replace.replace_entries(data, latest)
        replace.remove_other_copies(data, safety)
        return safety


def check_undo(data: Path) -> dict[str, int] | None:
    """Check the safety copy of the latest restore, on a copy, and change nothing.

    Args:
        data: the data folder.

    Returns:
        Rows per table; none where the restore replaced nothing. None when no disk has room for the copy: to undo a
        restore needs no room, so that is no reason against it.

    Raises:
        BackupInvalid: it is damaged, or from a newer version.
        Locked: a backup is being made, or another restore is running.
        StoreError: there is no safety copy.
    """
    with _latest_copy(data) as safety, explaining_work(data, "checking a safety copy"):
        kept = replace.files(safety)
        needed = sum(path.stat().st_size for path in kept) + _SPARE
        place = folder_with_room(data, needed)
        if not kept:
            return {}
        if not has_space(place, needed):
            return None
        with work_folder(place) as work:
            for path in kept:
                target = work / path.relative_to(safety)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            try:
                contents = _contents(work, ())
                check_copies(work)
            except SpaceError:
                return None
            except BackupInvalid as error:
                cause = error.cause.replace(str(work), str(safety))
                raise BackupInvalid(cause, "Nothing was changed. The safety copy stays as it is.") from None
            return contents.rows


@contextmanager
def _latest_copy(data: Path) -> Iterator[Path]:
    """The safety copy of the latest restore, while no other backup or restore is running.

    Raises:
        Locked: one is.
        StoreError: there is no safety copy.
    """
    if not replace.pending(data) and not replace.safety_copies(data):
        raise _no_safety(data)
    with backup_lock(data):
        copies = replace.safety_copies(data)
        if not copies:
            raise _no_safety(data)
        yield copies[-1]


_NAMED = {CONTAINER: "those in the container", LOCAL: "local ones"}


def _check_place(checked: Checked, place: str, into: str) -> None:
    of = checked.manifest.place if checked.manifest else ""
    if of in _NAMED and place not in {of, into}:
        raise UsageError(
            f"The histories here are {_NAMED[place]}, and the backup {checked.name} is of {_NAMED[of]}.",
            f"Nothing was changed. To restore it here, `into` has to be {place!r}.",
            about="other place",
            subject=place,
        )


def _no_safety(data: Path) -> StoreError:
    return StoreError(f"There is no safety copy of an earlier restore in {data}.", "There is nothing to undo.")


def _received(source: Path | BinaryIO, work: Path) -> Path:
    """The folder of a backup; a stream is unpacked into ``work`` first."""
    if isinstance(source, Path):
        return source
    into = work / "received"
    into.mkdir(mode=0o700)
    found = archive.read_tar(source, "Standard input", into, None, None, _STREAMED_MEMBERS)
    places = {Path(entry.path).parent for entry in found}
    if len(places) != 1 or not {Path(entry.path).name for entry in found} <= _STREAMED:
        raise archive.refused("Standard input", "it does not contain exactly one backup")
    return into / places.pop()


def _examine(folder: Path, into: Path) -> Checked:
    """Check a backup, and leave its histories in ``into``, in the current layout and ready to use."""
    if not (folder / manifest.NAME).exists():
        return _examine_older(folder, into)
    expected = manifest.read(folder / manifest.NAME)
    if expected.layout > VERSION:
        raise BackupInvalid(
            f"{folder.name} has a newer layout ({expected.layout}; this one supports up to {VERSION}).",
            "Upgrade first, then try again.",
        )
    needed = expected.unpacked_bytes(backup.HISTORIES) + _SPARE
    if not has_space(into, needed):
        megabytes = needed // 1_000_000 + 1
        raise SpaceError(f"{into.parent} has no room for a copy of {megabytes} MB.", "Free some space there.")
    backup.verify(folder)
    found = archive.unpack(folder / backup.HISTORIES, into, expected.files[backup.HISTORIES], replace.HISTORIES)
    with_owners = expected.format != manifest.WITHOUT_OWNERS
    others = _keep_histories(into, [entry.path for entry in found], with_owners=with_owners)
    contents = _contents(into, others)
    if contents != expected.contents:
        raise archive.refused(backup.HISTORIES, "its rows are not those in the manifest")
    check_copies(into)
    return Checked(folder.name, expected, contents.rows, contents.digest, others)


def _examine_older(folder: Path, into: Path) -> Checked:
    """Check a pair of archives without a manifest, from before backups had one."""
    packed = folder / backup.HISTORIES
    if not packed.is_file():
        raise BackupInvalid(
            f"{folder} is not a backup: it has neither {manifest.NAME} nor {backup.HISTORIES}.",
            "`backups.list` lists the backups of a folder.",
            about="not a backup",
        )
    if archive.is_marked(packed):
        raise BackupInvalid(
            f"{folder} is incomplete: its {manifest.NAME}, which is written last, is missing.",
            "Nothing was changed. Use another backup.",
        )
    found = archive.unpack(packed, into, None, replace.HISTORIES)
    if (folder / backup.LOGS).is_file():
        archive.unpack(folder / backup.LOGS, None)
    others = _move_up(into, [entry.path for entry in found])
    contents = _contents(into, others)
    check_copies(into)
    return Checked(folder.name, None, contents.rows, contents.digest, others)


def _move_up(into: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Move the database to the top of the folder, and remove what is beside it; returns the names of files that are not
    what a running program leaves there.

    Args:
        into: the folder.
        paths: what was in the archive.
    """
    within = PurePosixPath()
    if not (into / database.NAME).exists():
        for inner in [path for path in into.iterdir() if (path / database.NAME).is_file()][:1]:
            within = PurePosixPath(inner.name)
            aside = into.with_name(f"{into.name}-inner")
            inner.rename(aside)
            shutil.rmtree(into)
            aside.rename(into)
    beside = [PurePosixPath(path).relative_to(within) for path in paths if PurePosixPath(path).is_relative_to(within)]
    left = {path.parts[0] for path in beside if path.parts[0] in replace.KEPT or path.parts[0].startswith(".")}
    return _keep_histories(into, [str(path) for path in beside if path.parts[0] not in left])


def _keep_histories(into: Path, paths: Sequence[str], *, with_owners: bool = False) -> tuple[str, ...]:
    """Keep only the histories of an unpacked backup; returns the names of what earlier versions packed with them.

    Args:
        into: the folder, in which only files with the names of histories are.
        paths: what was in the archive.
        with_owners: whether it has histories of owners; what an earlier version packed in a folder with that name is
            somebody else's.

    Raises:
        BackupInvalid: it names a folder of ours that no version ever packed, or a hidden file.
    """
    kept = {*replace.HISTORIES, replace.OWNERS} if with_owners else {*replace.HISTORIES}
    others = set[str]()
    for first, *rest in (PurePosixPath(path).parts for path in paths):
        if first in replace.KEPT or first.startswith("."):
            raise archive.refused(backup.HISTORIES, f"{first!r} is in it, which is never a part of a backup")
        if first in replace.HISTORIES and rest:
            raise archive.refused(backup.HISTORIES, f"{first!r} is a folder in it")
        if first in kept and first == replace.OWNERS and not _is_of_owner(rest):
            raise archive.refused(
                backup.HISTORIES, f"{'/'.join((first, *rest))!r} is not a file of an owner's histories"
            )
        others |= {first} - kept
    for path in into.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return tuple(sorted(others))


def _is_of_owner(parts: Sequence[str]) -> bool:
    """Whether the path of a member, without its first part, is that of a file of an owner's histories."""
    return len(parts) == 2 and not parts[0].startswith(".") and parts[1] in replace.HISTORIES


def _contents(into: Path, others: Sequence[str]) -> Contents:
    found = replace.databases(into)
    if not found or not all((into / path).is_file() for path in found):
        empty = not others and not any(into.iterdir())
        detail = "it is empty: perhaps the backup of another volume" if empty else f"there is no {database.NAME} in it"
        raise archive.refused(backup.HISTORIES, detail)
    for path in found:
        remove_shared_memory(into / path)
    try:
        return contents_in(into)
    except SpaceError:
        raise
    except StoreError as error:
        raise BackupInvalid(error.cause, "Nothing was changed. Use another backup.") from None


def _put_logs(folder: Path, checked: Checked, logs: Path) -> Path | None:
    packed = folder / backup.LOGS
    if not packed.is_file():
        return None
    into = logs / f"restored-{checked.name}"
    with explaining_work(logs, "the logs of a backup"):
        shutil.rmtree(into, ignore_errors=True)
        make_private(into)
        archive.unpack(packed, into, checked.manifest.files[backup.LOGS] if checked.manifest else None)
    return into
