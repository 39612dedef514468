"""Backups: all histories at one moment, in a folder that exists only when the backup is complete, and their restore.

Import from here: ``create``, ``stream``, ``verify``, ``list_backups``; ``restore``, ``manifest``, ``content_hash``,
``emptiness``.
Never knows: ``agents.store.meetings``, ``agents.store.memories``, ``agents.orchestrator``.
"""

import os
import re
import shutil
import tarfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from agents import __version__
from agents.clock import utc_now
from agents.errors import BackupInvalid, StoreError, UnknownName, UsageError
from agents.private_folder import make_private
from agents.store import database, replace
from agents.store.backup import archive, manifest
from agents.store.backup.content_hash import contents_in
from agents.store.backup.copies import check_copies, copy_files, copy_histories
from agents.store.backup.emptiness import CONTENT_TABLES
from agents.store.backup.manifest import Manifest
from agents.store.backup.origin import origin_of
from agents.store.backup.workspace import explaining_work, folder_with_room, work_folder
from agents.store.folder_lock import backup_lock

HISTORIES = "agent_memories.tar.gz"
LOGS = "logs.tar.gz"

_NAME = re.compile(r"\d{8}_\d{6}")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup.

    Attributes:
        name: when it was created, in UTC: "20240115_120000".
        path: its folder; None for one that was streamed.
        size: bytes of its files.
        manifest: what it contains; None when that cannot be read.
        problem: what is wrong with it, as far as its manifest shows; "" for nothing.
        warnings: what was left out when it was created.
    """

    name: str
    path: Path | None
    size: int
    manifest: Manifest | None
    problem: str = ""
    warnings: tuple[str, ...] = ()


def create(data: Path, logs: Path, target: Path, *, keep: int | None = None, allow_empty: bool = False) -> Backup:
    """Back up a data folder and its logs into a new folder in ``target``, while other processes may write to them.

    Args:
        data: the data folder.
        logs: the log folder, if it exists.
        target: the folder of backups; created, for this user only, when it does not exist.
        keep: after success, remove all but this many of the newest good backups of this data folder, at least 1; None
            removes none.
        allow_empty: also back up histories that contain nothing.

    Raises:
        Locked: another backup or restore is running.
        SpaceError: no space, or no permission; nothing is left of the attempt.
        StoreError: there is nothing to back up, or it is damaged.
        UsageError: the target is within the data folder, among what is backed up there.
    """
    _check_not_missing(data)
    _check_outside(data, target)
    with backup_lock(data), explaining_work(target, "a backup"):
        make_private(target)
        with work_folder(target) as work:
            made, warnings = _write_backup(data, logs, work, allow_empty=allow_empty)
            size = _size(work / "backup")
            path = _put_in_place(work / "backup", target)
        if keep is not None:
            warnings += _prune(target, path, made, keep)
    return Backup(path.name, path, size, made, "", tuple(warnings))


def stream(data: Path, logs: Path, out: IO[bytes], *, allow_empty: bool = False) -> Backup:
    """Back up a data folder and its logs into a stream: one tar of the folder that ``create`` would create.

    The manifest is the last member, so that a stream that was cut off is not a complete backup. It is prepared in the
    data folder, or in the system's folder for temporary files if only that has room.

    Raises:
        Locked: another backup or restore is running.
        SpaceError: no space to prepare it.
        StoreError: there is nothing to back up, or it is damaged.
        OSError: the stream cannot be written.
    """
    _check_not_missing(data)
    with backup_lock(data), ExitStack() as stack:
        place = folder_with_room(data, _room_for(data, logs))
        with explaining_work(place, "preparing a backup"):
            work = stack.enter_context(work_folder(place))
            made, warnings = _write_backup(data, logs, work, allow_empty=allow_empty)
        name = _stamp(datetime.now(UTC))
        size = _size(work / "backup")
        with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for file in (HISTORIES, LOGS, manifest.NAME):
                member = tarfile.TarInfo(f"{name}/{file}")
                status = (work / "backup" / file).stat()
                member.size, member.mtime, member.mode = status.st_size, int(status.st_mtime), 0o600
                with (work / "backup" / file).open("rb") as source:
                    tar.addfile(member, source)
        out.flush()
    return Backup(name, None, size, made, "", tuple(warnings))


def verify(folder: Path) -> Manifest:
    """Read a whole backup and check that every byte is as it was written; nothing is written to the disk.

    Raises:
        BackupInvalid: it is not, or it has no manifest.
    """
    path = folder / manifest.NAME
    if not path.exists():
        raise BackupInvalid(
            f"{folder} has no {manifest.NAME}, so it is not known what should be in it.",
            "`backups.check` checks a pair of archives from an older version.",
            about="no manifest",
            subject=str(folder),
        )
    expected = manifest.read(path)
    if {entry.path for entry in expected.archives} != {HISTORIES, LOGS} or set(expected.files) != {HISTORIES, LOGS}:
        raise archive.refused(str(path), "its archives are not those of a backup")
    for entry in expected.archives:
        check_archive(folder, entry)
    for name, files in expected.files.items():
        archive.unpack(folder / name, None, files)
    return expected


def check_archive(folder: Path, entry: manifest.FileEntry) -> None:
    """Check that every byte of an archive is as its manifest says.

    Raises:
        BackupInvalid: it is not.
    """
    path = folder / entry.path
    try:
        # The size first, because a file with a wrong size need not be read.
        same = path.is_file() and path.stat().st_size == entry.size and archive.hashed(path) == entry
    except OSError as error:
        raise archive.refused(str(path), error.strerror or "it cannot be read") from None
    if not same:
        raise archive.refused(str(path), "it is not the one in the manifest" if path.exists() else "it is missing")


def list_backups(target: Path) -> list[Backup]:
    """The backups in a folder, oldest first, as described by their manifests.

    Raises:
        SpaceError: the folder cannot be read.
    """
    if not target.is_dir():
        return []
    with explaining_work(target, "a list of backups"):
        folders = sorted(path for path in target.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())
        return [_described(path) for path in folders]


def find(name: str, target: Path) -> Path:
    """The folder of a backup, by its path or by its name in ``target``.

    Raises:
        UnknownName: there is no such backup.
    """
    for path in (Path(name).expanduser(), target / name):
        if path.is_dir():
            return path
    raise UnknownName("backup", name, [backup.name for backup in list_backups(target)], "backups.list(target)")


def _check_not_missing(data: Path) -> None:
    """Refuse a folder without a database before anything, even a lock, is created in it."""
    if not replace.pending(data) and not _has_histories(data):
        raise _nothing_to_back_up(data)


def _has_histories(data: Path) -> bool:
    """Whether there is a database, its own or an owner's.

    Raises:
        StoreError: one is empty, so it was cut off.
    """
    return any([database.exists(data / path) for path in replace.databases(data)])  # noqa: C419 - all are checked


def _check_outside(data: Path, target: Path) -> None:
    """Refuse a folder of backups among the histories; only a folder named for backups may be beside them."""
    inner, own = target.resolve(), data.resolve()
    if inner.is_relative_to(own) and not inner.is_relative_to(own / replace.BACKUPS):
        raise UsageError(
            f"{target} is in the data folder {data}, which is what a backup is made of.",
            f"Choose a folder outside of it, or {data / replace.BACKUPS}.",
        )


def _nothing_to_back_up(data: Path) -> StoreError:
    return StoreError(
        f"There is nothing to back up in {data}.",
        "Is it the right folder or volume? The setting data_folder says where histories are.",
        about="nothing to back up",
    )


def _write_backup(data: Path, logs: Path, work: Path, *, allow_empty: bool) -> tuple[Manifest, list[str]]:
    """Write the files of a backup into ``work/backup``, and read them back."""
    if not _has_histories(data):
        raise _nothing_to_back_up(data)
    out, copy, log_copy = work / "backup", work / "copy", work / "logs"
    for folder in (out, copy, log_copy):
        folder.mkdir(mode=0o700)
    copy_histories(data, copy)
    warnings = [
        f"{path} is not a part of the histories, and was left out."
        for path in replace.not_ours(data)
        if path.resolve() not in (logs.resolve(), work.parent.resolve())
    ]
    _check_source(copy, data)
    contents = contents_in(copy)
    has_owners = bool(replace.owners(copy))
    if not allow_empty and not any(contents.rows.get(table) for table in CONTENT_TABLES):
        raise _nothing_to_back_up(data)
    files = {HISTORIES: archive.pack(copy, out / HISTORIES)}
    shutil.rmtree(copy)
    for path in sorted(logs.iterdir()) if logs.is_dir() else []:
        warnings += copy_files(path, log_copy / path.name, (data.resolve(), work.parent.resolve()))
    files[LOGS] = archive.pack(log_copy, out / LOGS)
    shutil.rmtree(log_copy)
    created = utc_now("seconds")
    archives = tuple(archive.hashed(out / name) for name in (HISTORIES, LOGS))
    said = (__version__, created, contents.layout, contents.digest, contents.rows)
    origin = origin_of(data)
    form = manifest.FORMAT if has_owners else manifest.WITHOUT_OWNERS
    made = Manifest(*said, archives, files, origin.place, origin.store, form)
    handle = os.open(out / manifest.NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made.rendered())
        file.flush()
        os.fsync(file.fileno())
    replace.sync(out)
    if verify(out) != made:
        raise archive.refused(str(out), "it cannot be read back as it was written")
    return made, warnings


def _room_for(data: Path, logs: Path) -> int:
    """Bytes that a backup takes while it is prepared: the copies, and the archives, which may be as large."""
    total = 0
    for path in (*replace.files(data), *logs.rglob("*")):
        with suppress(OSError):  # a log file that was rotated away meanwhile
            total += path.lstat().st_size
    return 2 * total + 1_000_000


def _check_source(copy: Path, data: Path) -> None:
    try:
        check_copies(copy)
    except BackupInvalid as error:
        cause = error.cause.replace(str(copy), str(data))
        remedy = "No backup was made. `backups.restore` brings back an earlier one."
        raise StoreError(cause, remedy, about="source damaged") from None


def _put_in_place(made: Path, target: Path) -> Path:
    """Rename a finished backup to the present moment, or to the next second that is not taken."""
    moment = datetime.now(UTC)
    while True:
        path = target / _stamp(moment)
        if not path.exists():
            try:
                made.rename(path)
            except FileExistsError:
                pass
            except OSError:
                if not path.exists():
                    raise
            else:
                replace.sync(target)
                return path
        moment += timedelta(seconds=1)


def _prune(target: Path, newest: Path, made: Manifest, keep: int) -> list[str]:
    """Remove all but ``keep`` good backups of these histories; never the one just created, and nothing that is not our
    backup.

    Only good backups count, and only good ones are removed: one that is broken may have to be looked at. Of those that
    stay, every byte is checked. Those of other histories, and those of earlier versions, which do not say of which
    histories they are, are neither counted nor removed.

    Returns:
        One line for each broken backup, and one for those of other histories.
    """
    left, others, warnings = max(0, keep - 1), 0, list[str]()
    for one in reversed(list_backups(target)):
        if one.path is None or one.path == newest:
            continue
        if one.manifest and not one.manifest.origin.is_same(made.origin):
            others += 1
            continue
        problem = one.problem or (_broken(one.path, one.manifest) if one.manifest and left else "")
        if problem:
            warnings.append(f"{one.path} is broken ({problem}). It is not counted, and stays.")
        elif left:
            left -= 1
        else:
            # Hidden first, because a partly removed backup must not look like a backup.
            hidden = one.path.with_name(f".work-gone-{one.path.name}")
            one.path.rename(hidden)
            shutil.rmtree(hidden, ignore_errors=True)
    if others:
        warnings.append(
            f"{others} in {target} are of other histories, or do not say of which. They are not counted, and stay."
        )
    return warnings


def _broken(path: Path, expected: Manifest) -> str:
    """What is wrong with the archives of a backup; "" if every byte is as its manifest says."""
    try:
        for entry in expected.archives:
            check_archive(path, entry)
    except BackupInvalid as error:
        return error.cause
    return ""


def _described(path: Path) -> Backup:
    found: Manifest | None = None
    problem = ""
    try:
        found = manifest.read(path / manifest.NAME)
        if not all((path / entry.path).is_file() for entry in found.archives) or not found.archives:
            problem = "incomplete"
        elif any((path / entry.path).stat().st_size != entry.size for entry in found.archives):
            problem = "damaged"
    except BackupInvalid:
        older = (path / HISTORIES).is_file() and not (path / manifest.NAME).exists()
        problem = "no manifest" if older else "damaged"
    return Backup(path.name, path, _size(path), found, problem)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d_%H%M%S")
