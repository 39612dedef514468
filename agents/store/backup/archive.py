"""Archives: packed the same way every time, and unpacked as if they could be malicious.

``tarfile`` does not have a filter in every Python version we support, so this module checks every member itself.
"""

import gzip
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from agents.errors import BackupInvalid
from agents.store.backup.manifest import FileEntry

MARK = "multi-agent-orchestrator backup"
"""A comment in the header of each of our archives: without its manifest, such a backup is incomplete."""

PIECE = 1 << 20

_MOST_MEMBERS = 100_000
_LONGEST_NAME = 1024
_DENSEST = 500
"""Bytes out per byte in, beyond which an archive without a manifest is refused as a bomb."""

_BOMB_BYTES = 64_000_000
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)
_UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError)


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


def unpack(archive: Path, into: Path | None, expected: tuple[FileEntry, ...] | None = None) -> tuple[FileEntry, ...]:
    """Unpack a compressed archive, or only read it, and check everything in it.

    Args:
        archive: the file.
        into: an empty folder for the files; None only reads.
        expected: exactly the files that must be in it; None accepts any files, up to a generous size.

    Returns:
        The files that were in it.

    Raises:
        BackupInvalid: it is damaged, or has a member that our archives never have; ``into`` may contain a part of it.
        OSError: no space, or no permission.
    """
    sizes = {entry.path: entry.size for entry in expected} if expected is not None else None
    most = None if sizes is not None else max(_BOMB_BYTES, archive.stat().st_size * _DENSEST)
    with _reading(archive.name), gzip.open(archive, "rb") as plain:
        found = read_tar(plain, archive.name, into, sizes, most)
        _check_end(plain, archive.name)
    if expected is not None and set(found) != set(expected):
        raise refused(archive.name, "its files are not those in the manifest")
    return found


def read_tar(
    stream: BinaryIO | gzip.GzipFile, name: str, into: Path | None, sizes: dict[str, int] | None, most: int | None
) -> tuple[FileEntry, ...]:
    """Read a tar stream, and write its files below a folder.

    Args:
        stream: the tar, not compressed.
        name: its name for error messages.
        into: the folder for the files; None only reads.
        sizes: the names that are allowed and the size each must have; None allows any.
        most: the maximum number of bytes of all files; None for no limit.

    Raises:
        BackupInvalid: it is damaged, or has a member that is not allowed.
    """
    found: dict[str, FileEntry] = {}
    left = most
    with _reading(name), tarfile.open(fileobj=stream, mode="r|") as tar:
        for count, member in enumerate(tar):
            path = _allowed(member, name)
            if count >= _MOST_MEMBERS:
                raise refused(name, "it has too many members")
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
                found[path] = _extracted(tar, member, path, into)
            except (FileExistsError, IsADirectoryError, NotADirectoryError):
                raise refused(name, f"{path!r} is in it twice") from None
    return tuple(found.values())


def is_marked(archive: Path) -> bool:
    """Whether the header of an archive says that it belongs to a backup with a manifest."""
    with suppress(*_UNREADABLE), gzip.open(archive, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        tar.next()
        return tar.pax_headers.get("comment") == MARK
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


def _allowed(member: tarfile.TarInfo, name: str) -> str | None:
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
    if member.isdir():
        return None
    if member.type not in _REGULAR or member.issparse() or member.size < 0:
        raise refused(name, f"{shown} is neither a file nor a folder")
    if not path.parts or member.name.endswith("/"):
        raise refused(name, f"{shown} is not a valid file name")
    return path.as_posix()


def _extracted(tar: tarfile.TarFile, member: tarfile.TarInfo, path: str, into: Path | None) -> FileEntry:
    source = tar.extractfile(member)
    if source is None:
        raise tarfile.ReadError(f"{path!r} has no content")
    total = sha256()
    size = 0
    with source, _target(into, path) as write:
        while piece := source.read(PIECE):
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
        yield file.write
        file.flush()
        os.fsync(file.fileno())


def _check_end(stream: gzip.GzipFile, name: str) -> None:
    """Read to the very end, where the checksum is; only zeros may follow the archive."""
    while piece := stream.read(PIECE):
        if piece.count(0) != len(piece):
            raise refused(name, "there is data after its end")
