"""Archives: packed the same way every time, and unpacked as if they could be malicious: every member is checked."""

import gzip
import os
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from agents.errors import BackupInvalid
from agents.store.backup.manifest import FileEntry
from agents.store.backup.tar_stream import FILE, FOLDER, Member, Source, TarStream

MARK = "multi-agent-orchestrator backup"
"""A comment in the header of each of our archives: without its manifest, such a backup is incomplete."""

PIECE = 1 << 20

_MOST_MEMBERS = 20_000
_FOLDERS = 100
"""Members that may be in an archive beside the files that its manifest names."""

_LONGEST_NAME = 1024
_DEEPEST = 32
_DENSEST = 500
"""Bytes out per byte in, beyond which an archive without a manifest is refused as a bomb."""

_BOMB_BYTES = 64_000_000
_LONGEST_END = 1 << 20
"""Bytes of zeros with which an archive may end; ``tar`` fills up its last record."""

_UNREADABLE = (gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError)


def pack(folder: Path, archive: Path) -> tuple[FileEntry, ...]:
    """Pack all files below a folder into a compressed archive; returns them, by name.

    The same files always make the same bytes.

    Raises:
        OSError: no space, or no permission.
    """
    packed = []
    with (
        archive.open("xb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packing,
        tarfile.open(fileobj=packing, mode="w|", format=tarfile.PAX_FORMAT, pax_headers={"comment": MARK}) as tar,
    ):
        top = tarfile.TarInfo(".")
        top.type, top.mode = tarfile.DIRTYPE, 0o700
        tar.addfile(top)  # an archive with a mark but without any member could not be read
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            name = path.relative_to(folder).as_posix()
            member = tarfile.TarInfo(name)
            status = path.stat()
            member.size, member.mtime, member.mode = status.st_size, int(status.st_mtime), 0o600
            with path.open("rb") as file:
                hashed_file = _HashedFile(file)
                tar.addfile(member, hashed_file)
            packed.append(FileEntry(name, member.size, hashed_file.total.hexdigest()))
    archive.chmod(0o600)
    with archive.open("r+b") as file:
        os.fsync(file.fileno())
    return tuple(packed)


def hashed(path: Path) -> FileEntry:
    """A file's name, size and SHA-256."""
    with path.open("rb") as file:
        hashed_file = _HashedFile(file)
        size = sum(map(len, iter(lambda: hashed_file.read(PIECE), b"")))
    return FileEntry(path.name, size, hashed_file.total.hexdigest())


def unpack(
    archive: Path,
    into: Path | None,
    expected: tuple[FileEntry, ...] | None = None,
    only: Collection[str] | None = None,
) -> tuple[FileEntry, ...]:
    """Unpack a compressed archive, or only read it, and check everything in it.

    Args:
        archive: the file.
        into: an empty folder for the files; None only reads.
        expected: exactly the files that must be in it; None accepts any files, up to a generous size.
        only: the names of files, in any folder, that are written; the others are only read. None writes all.

    Returns:
        The files that were in it.

    Raises:
        BackupInvalid: it is damaged, or has a member that our archives never have; ``into`` may contain a part of it.
        OSError: no space, or no permission.
    """
    sizes = {entry.path: entry.size for entry in expected} if expected is not None else None
    most = None if sizes is not None else max(_BOMB_BYTES, archive.stat().st_size * _DENSEST)
    with _reading(archive.name), gzip.open(archive, "rb") as plain:
        members = _MOST_MEMBERS if sizes is None else 2 * len(sizes) + _FOLDERS
        found = read_tar(plain, archive.name, into, sizes, most, members, only)
        _check_end(plain, archive.name)
    if expected is not None and set(found) != set(expected):
        raise refused(archive.name, "its files are not those in the manifest")
    return found


def read_tar(
    stream: Source, name: str, into: Path | None, sizes: dict[str, int] | None, most: int | None,
    members: int = _MOST_MEMBERS, only: Collection[str] | None = None,
) -> tuple[FileEntry, ...]:  # fmt: skip
    """Read a tar stream, and write its files below a folder.

    Args:
        stream: the tar, not compressed.
        name: its name for error messages.
        into: the folder for the files; None only reads.
        sizes: the names that are allowed and the size each must have; None allows any.
        most: the maximum number of bytes of all files; None for no limit.
        members: the maximum number of members.
        only: the names of files, in any folder, that are written; None writes all.

    Raises:
        BackupInvalid: it is damaged, or has a member that is not allowed.
    """
    found: dict[str, FileEntry] = {}
    left = most
    tar = TarStream(stream, members)
    with _reading(name):
        for member in tar:
            path = _allowed(member, name)
            if path is None:
                continue
            if path in found:
                raise refused(name, f"{path!r} is in it twice")
            if sizes is not None and sizes.get(path) != member.size:
                raise refused(name, f"the size of {path!r} is not the one in the manifest")
            if left is not None:
                left -= member.size
                if left < 0:
                    raise refused(name, "its files are far larger than those of a backup")
            try:
                written = only is None or PurePosixPath(path).name in only
                found[path] = _extracted(tar, member, path, into if written else None)
            except (FileExistsError, IsADirectoryError, NotADirectoryError):
                raise refused(name, f"{path!r} is in it twice") from None
    for path in found:
        if any(parent.as_posix() in found for parent in PurePosixPath(path).parents):
            raise refused(name, f"{path!r} is in a folder that is a file in it")
    return tuple(found.values())


def is_marked(archive: Path) -> bool:
    """Whether the header of an archive says that it belongs to a backup with a manifest."""
    with suppress(*_UNREADABLE), gzip.open(archive, "rb") as plain:
        tar = TarStream(plain, 2)
        next(iter(tar), None)
        return tar.comment == MARK
    return False


def refused(name: str, detail: str) -> BackupInvalid:
    """The error for an archive that is not restored."""
    return BackupInvalid(f"{name} cannot be trusted: {detail}.", "Nothing was changed. Use another backup.")


class _HashedFile:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.total = sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.total.update(piece)
        return piece


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise refused(name, " ".join(str(error).split()) or "it is cut off") from None


def _allowed(member: Member, name: str) -> str | None:
    """The path of a member within its archive; None for a folder.

    Raises:
        BackupInvalid: it is a link or a device, or its path leads outside of the archive.
    """
    shown = repr(member.name[:80])
    if not member.name or len(member.name) > _LONGEST_NAME or "\0" in member.name:
        raise refused(name, f"{shown} is not a valid file name")
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or (os.name == "nt" and set(":\\") & set(member.name)):
        raise refused(name, f"{shown} leads outside of it")
    if member.kind == FOLDER and not member.size:
        return None
    if member.kind != FILE:
        raise refused(name, f"{shown} is neither a file nor a folder")
    if not 0 < len(path.parts) <= _DEEPEST or member.name.endswith("/"):
        raise refused(name, f"{shown} is not a valid file name")
    return path.as_posix()


def _extracted(tar: TarStream, member: Member, path: str, into: Path | None) -> FileEntry:
    total = sha256()
    size = 0
    with _target(into, path) as write:
        while piece := tar.read(PIECE):
            total.update(piece)
            size += len(piece)
            write(piece)
    if size != member.size:
        raise EOFError("it is cut off")
    return FileEntry(path, size, total.hexdigest())


@contextmanager
def _target(into: Path | None, path: str) -> Iterator[Callable[[bytes], object]]:
    if into is None:
        yield len
        return
    target = into / path
    place = into
    for part in PurePosixPath(path).parts[:-1]:
        place /= part
        place.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file.write  # what is used of it is synced when it is checked


def _check_end(stream: gzip.GzipFile, name: str) -> None:
    """Read to the very end, where the checksum is; only zeros may follow the archive, and not many."""
    left = _LONGEST_END
    while piece := stream.read(PIECE):
        left -= len(piece)
        if piece.count(0) != len(piece) or left < 0:
            raise refused(name, "there is data after its end")
