"""Backups: everything that is kept, as it is at one moment, in a folder that exists only when it is whole."""

import os
import re
import shutil
import tarfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from agents import __version__
from agents.clock import utc_now
from agents.errors import BackupInvalid, StoreError, UnknownName
from agents.store import database, replace
from agents.store.backup import archive, manifest
from agents.store.backup.manifest import Manifest
from agents.store.backup.workspace import check_database, copy_files, copy_histories, in_words, look, workshop
from agents.store.folder_lock import upkeep_lock

HISTORIES = "agent_memories.tar.gz"
LOGS = "logs.tar.gz"

_NAME = re.compile(r"\d{8}_\d{6}")
_SAID = ("messages", "summaries", "meetings", "actions")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup.

    Attributes:
        name: when it was made, in UTC: "20240115_120000".
        path: its folder; None for one that was streamed out.
        size: bytes of its files.
        manifest: what it holds; None when that cannot be read.
        problem: what is wrong with it; "" for nothing that a glance shows.
        warnings: what was left out when it was made.
    """

    name: str
    path: Path | None
    size: int
    manifest: Manifest | None
    problem: str = ""
    warnings: tuple[str, ...] = ()


def create(data: Path, logs: Path, target: Path, *, keep: int | None = None, allow_empty: bool = False) -> Backup:
    """Back up a data folder and its logs into a new folder within ``target``; others may go on writing.

    Args:
        data: the data folder.
        logs: the log folder; it may not be there.
        target: where backups are; made, for this user only, when it is not there.
        keep: after success, remove all but so many of the newest backups, at least 1; None removes none.
        allow_empty: back up histories in which nothing was ever said, too.

    Raises:
        Locked: another backup or restore is at work.
        SpaceError: no space, or no permission; nothing is left of the attempt.
        StoreError: there is nothing to back up, or it is damaged.
    """
    _refuse_nothing(data)
    with upkeep_lock(data), in_words(target, "a backup"):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        with workshop(target) as work:
            made, warnings = _make(data, logs, work, allow_empty=allow_empty)
            size = _size(work / "backup")
            path = _put_in_place(work / "backup", target)
        if keep is not None:
            _prune(target, path, keep)
    return Backup(path.name, path, size, made, "", tuple(warnings))


def stream(data: Path, logs: Path, out: IO[bytes], *, allow_empty: bool = False) -> Backup:
    """Back up a data folder and its logs into a stream: one tar of the folder that ``create`` would have made.

    The manifest comes last, so that a stream that was cut off is no backup.

    Raises:
        Locked: another backup or restore is at work.
        SpaceError: no space to prepare it in the data folder.
        StoreError: there is nothing to back up, or it is damaged.
        OSError: nobody takes the stream.
    """
    _refuse_nothing(data)
    with upkeep_lock(data), ExitStack() as stack:
        with in_words(data, "preparing a backup"):
            work = stack.enter_context(workshop(data))
            made, warnings = _make(data, logs, work, allow_empty=allow_empty)
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
    """Read a whole backup and see that every byte is as it was written; writes nothing anywhere.

    Raises:
        BackupInvalid: it is not, or it has no manifest.
    """
    path = folder / manifest.NAME
    if not path.exists():
        raise BackupInvalid(
            f"{folder} has no {manifest.NAME}, so nothing says what should be in it.",
            f"For a pair of archives from an older layout: `orchestrator restore --check {folder}`.",
        )
    held = manifest.read(path)
    if {entry.path for entry in held.archives} != {HISTORIES, LOGS} or set(held.files) != {HISTORIES, LOGS}:
        raise archive.refused(str(path), "it names other archives than a backup has")
    for entry in held.archives:
        check_archive(folder, entry)
    for name, files in held.files.items():
        archive.unpack(folder / name, None, files)
    return held


def check_archive(folder: Path, entry: manifest.Entry) -> None:
    """See that an archive is to the byte what its manifest says.

    Raises:
        BackupInvalid: it is not.
    """
    path = folder / entry.path
    try:
        # The size first: a wrong one need not be read.
        same = path.is_file() and path.stat().st_size == entry.size and archive.hashed(path) == entry
    except OSError as error:
        raise archive.refused(str(path), error.strerror or "it cannot be read") from None
    if not same:
        raise archive.refused(str(path), "it is not what the manifest says" if path.exists() else "it is missing")


def kept(target: Path) -> list[Backup]:
    """The backups in a folder, oldest first; with a glance at each manifest only.

    Raises:
        SpaceError: the folder cannot be read.
    """
    if not target.is_dir():
        return []
    with in_words(target, "a list of backups"):
        folders = sorted(path for path in target.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())
        return [_glance(path) for path in folders]


def find(name: str, target: Path) -> Path:
    """The folder of a backup, by its path or by its name within ``target``.

    Raises:
        UnknownName: there is no such backup.
    """
    for path in (Path(name).expanduser(), target / name):
        if path.is_dir():
            return path
    raise UnknownName("backup", name, [backup.name for backup in kept(target)], "orchestrator backup list")


def _refuse_nothing(data: Path) -> None:
    """Refuse a folder without a database before anything, even a lock, is made in it."""
    if not replace.pending(data) and not database.exists(data / database.NAME):
        raise _nothing(data)


def _nothing(data: Path) -> StoreError:
    return StoreError(
        f"There is nothing to back up in {data}.",
        "Is it the right folder or volume? `orchestrator config show` says where histories are.",
    )


def _make(data: Path, logs: Path, work: Path, *, allow_empty: bool) -> tuple[Manifest, list[str]]:
    """Make the files of a backup in ``work/backup``, and read them back."""
    if not database.exists(data / database.NAME):
        raise _nothing(data)
    out, copy, log_copy = work / "backup", work / "copy", work / "logs"
    for folder in (out, copy, log_copy):
        folder.mkdir(mode=0o700)
    warnings = copy_histories(data, copy)
    _check_copy(copy, data)
    layout, rows, digest = look(copy / database.NAME)
    if not allow_empty and not any(rows.get(table) for table in _SAID):
        raise _nothing(data)
    files = {HISTORIES: archive.pack(copy, out / HISTORIES)}
    shutil.rmtree(copy)
    for path in sorted(logs.iterdir()) if logs.is_dir() else []:
        if path.resolve() not in (data.resolve(), work.parent.resolve()):
            warnings += copy_files(path, log_copy / path.name)
    files[LOGS] = archive.pack(log_copy, out / LOGS)
    shutil.rmtree(log_copy)
    created = utc_now("seconds")
    archives = tuple(archive.hashed(out / name) for name in (HISTORIES, LOGS))
    made = Manifest(__version__, created, layout, digest, rows, archives, files)
    handle = os.open(out / manifest.NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made.rendered())
        file.flush()
        os.fsync(file.fileno())
    replace.sync(out)
    if verify(out) != made:
        raise archive.refused(str(out), "it does not read as it was written")
    return made, warnings


def _check_copy(copy: Path, data: Path) -> None:
    try:
        check_database(copy)
    except BackupInvalid as error:
        cause = error.cause.replace(str(copy), str(data))
        raise StoreError(cause, "No backup was made. `orchestrator restore` brings back an earlier one.") from None


def _put_in_place(made: Path, target: Path) -> Path:
    """Give a finished backup its name: the moment, or the next second that is free."""
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


def _prune(target: Path, newest: Path, keep: int) -> None:
    """Remove all but ``keep`` backups; never the one just made, and nothing that is not a backup of ours."""
    others = [backup.path for backup in kept(target) if backup.manifest and backup.path and backup.path != newest]
    for path in others[: max(0, len(others) - max(0, keep - 1))]:
        # Hidden first: what is half removed must not look like a backup.
        doomed = path.with_name(f".work-gone-{path.name}")
        path.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def _glance(path: Path) -> Backup:
    held: Manifest | None = None
    problem = ""
    try:
        held = manifest.read(path / manifest.NAME)
        if not all((path / entry.path).is_file() for entry in held.archives):
            problem = "incomplete"
    except BackupInvalid:
        older = (path / HISTORIES).is_file() and not (path / manifest.NAME).exists()
        problem = "no manifest" if older else "damaged"
    return Backup(path.name, path, _size(path), held, problem)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d_%H%M%S")
