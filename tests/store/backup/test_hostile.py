"""Malicious archives: no file is written outside, and nothing is changed."""

import gzip
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from agents.errors import BackupInvalid
from agents.store import backup
from agents.store.backup import archive, manifest, restore
from agents.store.backup.manifest import FileEntry, Manifest
from agents.store.database import NAME
from agents.store.migrations import VERSION
from tests.store.backup.scene import filled, made, tree


def _member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", content: bytes = b"x") -> Callable[..., None]:
    def add(tar: tarfile.TarFile) -> None:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, target
        member.size = len(content) if kind == tarfile.REGTYPE else 0
        tar.addfile(member, io.BytesIO(content))

    return add


OUTSIDE = Path(tempfile.gettempdir()).absolute() / f"evil-{os.getpid()}"

HOSTILE: dict[str, list[Callable[..., None]]] = {
    "a path upwards": [_member("../evil")],
    "a path upwards within": [_member("notes/../../evil")],
    "an absolute path": [_member(str(OUTSIDE))],
    "a folder upwards": [_member("../evil", tarfile.DIRTYPE)],
    "a symbolic link": [_member("link", tarfile.SYMTYPE, "/etc/passwd")],
    "a write through a link": [_member("link", tarfile.SYMTYPE, ".."), _member("link/evil")],
    "a hard link": [_member("hard", tarfile.LNKTYPE, "/etc/passwd")],
    "a device": [_member("null", tarfile.CHRTYPE)],
    "a block device": [_member("disk", tarfile.BLKTYPE)],
    "a pipe": [_member("pipe", tarfile.FIFOTYPE)],
    "the same name twice": [_member("twice"), _member("twice", content=b"y")],
    "a file that is a folder": [_member("place"), _member("place/evil")],
    "a folder that is a file": [_member("place/evil"), _member("place")],
    "no name": [_member("")],
    "a name of 2000 letters": [_member("n" * 2000)],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories that must not be changed."""
    return filled(tmp_path / "inner" / "data")


def _pair(data: Path, folder: Path, members: list[Callable[..., None]]) -> Path:
    folder.mkdir()
    with tarfile.open(folder / backup.HISTORIES, "w:gz") as tar:
        tar.add(data / NAME, NAME)
        for add in members:
            add(tar)
    return folder


def _forged(folder: Path, good: Path) -> None:
    """Write a manifest that is correct for a malicious archive."""
    listed = manifest.read(good / manifest.NAME)
    (folder / backup.LOGS).write_bytes((good / backup.LOGS).read_bytes())
    with gzip.open(folder / backup.HISTORIES) as plain, tarfile.open(fileobj=plain) as tar:
        files = []
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            content = source.read() if source else b""
            files.append(FileEntry(member.name, len(content), sha256(content).hexdigest()))
    archives = tuple(archive.hashed(folder / name) for name in (backup.HISTORIES, backup.LOGS))
    forged = replace(listed, archives=archives, files={**listed.files, backup.HISTORIES: tuple(files)})
    (folder / manifest.NAME).write_bytes(forged.rendered())


@pytest.mark.parametrize("what", list(HOSTILE))
@pytest.mark.parametrize("forged", [False, True], ids=["older pair", "forged manifest"])
def test_hostile_members_are_refused(tmp_path: Path, data: Path, what: str, *, forged: bool) -> None:
    """A member outside, a link, a device or a duplicate is refused, even if the manifest names it."""
    good = made(data, tmp_path / "backups")
    folder = _pair(data, tmp_path / "hostile", HOSTILE[what])
    if forged:
        _forged(folder, good)
    untouched = tree(tmp_path)
    with pytest.raises(BackupInvalid):
        restore.restore(data, folder)
    assert tree(tmp_path) == untouched
    assert not OUTSIDE.exists()


@pytest.mark.parametrize("what", list(HOSTILE))
def test_hostile_streams_are_refused(tmp_path: Path, data: Path, what: str) -> None:
    """The outer tar of a stream is checked by the same rules."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for add in HOSTILE[what]:
            add(tar)
    untouched = tree(tmp_path)
    with pytest.raises(BackupInvalid):
        restore.restore(data, io.BytesIO(out.getvalue()))
    assert tree(tmp_path) == untouched


def test_bomb_is_refused(tmp_path: Path, data: Path) -> None:
    """An archive without a manifest whose files are far larger than those of a backup is not unpacked."""
    folder = tmp_path / "bomb"
    folder.mkdir()
    member = tarfile.TarInfo(NAME)
    member.size = 400_000_000
    with gzip.open(folder / backup.HISTORIES, "wb", compresslevel=9) as packing:
        packing.write(member.tobuf())
        packing.write(bytes(1_000_000))
    with pytest.raises(BackupInvalid, match="far larger"):
        restore.restore(data, folder)


@pytest.mark.parametrize("tail", [b"garbage", gzip.compress(b"a second stream", mtime=0)])
def test_data_after_the_end_is_refused(tmp_path: Path, data: Path, tail: bytes) -> None:
    """An archive with data after its end is refused."""
    folder = _pair(data, tmp_path / "tail", [])
    with (folder / backup.HISTORIES).open("ab") as file:
        file.write(tail)
    with pytest.raises(BackupInvalid):
        restore.restore(data, folder)


def test_archive_of_an_empty_volume_is_explained(tmp_path: Path, data: Path) -> None:
    """The archive of an empty volume, and one without a database, are refused with the reason."""
    for number, (members, words) in enumerate(
        [([_member("./", tarfile.DIRTYPE)], "empty"), ([_member("other.json")], NAME)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with tarfile.open(folder / backup.HISTORIES, "w:gz") as tar:
            for add in members:
                add(tar)
        with pytest.raises(BackupInvalid, match=words):
            restore.restore(data, folder)
    with pytest.raises(BackupInvalid, match="not a backup"):
        restore.restore(data, tmp_path)


def _rewritten(folder: Path, **changes: object) -> None:
    """Change a manifest and give it a correct checksum."""
    listed = manifest.read(folder / manifest.NAME)
    (folder / manifest.NAME).write_bytes(replace(listed, **changes).rendered())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layout": VERSION + 1}, "newer"),
        ({"rows": {"messages": 1}}, "rows"),
        ({"digest": "0" * 64}, "rows"),
        ({"files": {}}, "archives"),
        ({"archives": ()}, "archives"),
        ({"archives": (FileEntry("../x", 1, ""),)}, "outside"),
    ],
)
def test_wrong_manifest_is_refused(tmp_path: Path, data: Path, changes: dict[str, object], words: str) -> None:
    """A manifest with a correct checksum is compared with the rows, the layout and the archives."""
    folder = made(data, tmp_path / "backups")
    _rewritten(folder, **changes)
    untouched = tree(data)
    with pytest.raises(BackupInvalid, match=words):
        restore.restore(data, folder)
    assert tree(data) == untouched


def _doubled(raw: bytes) -> bytes:
    return raw.replace(b'"format": 1,', b'"format": 1,\n "format": 1,')


MANIFESTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _raw: b"",
    "a list": lambda _raw: b"[]\n",
    "deep": lambda _raw: b"[" * 100_000,
    "a key twice": _doubled,
    "another product": lambda raw: raw.replace(manifest.PRODUCT.encode(), b"something-else"),
    "not ASCII": lambda raw: raw.replace(b"messages", "messäges".encode()),
    "another version": lambda raw: raw.replace(b'"version": "', b'"version": "9'),
    "a blank more": lambda raw: raw + b" ",
    "huge": lambda raw: raw + b" " * 33_000_000,
}


@pytest.mark.parametrize("what", list(MANIFESTS))
def test_odd_manifests_are_refused(tmp_path: Path, data: Path, what: str) -> None:
    """A manifest that differs from what the program writes is refused."""
    folder = made(data, tmp_path / "backups")
    path = folder / manifest.NAME
    path.write_bytes(MANIFESTS[what](path.read_bytes()))
    with pytest.raises(BackupInvalid):
        restore.restore(data, folder)


def test_newer_format_is_refused(tmp_path: Path, data: Path) -> None:
    """The remedy for a backup in an unknown format is to upgrade."""
    folder = made(data, tmp_path / "backups")
    body = json.loads((folder / manifest.NAME).read_bytes())
    del body["sha256"]
    body["format"] = manifest.FORMAT + 1
    body["sha256"] = manifest._checksum(body)
    (folder / manifest.NAME).write_bytes(manifest._rendered(body))
    with pytest.raises(BackupInvalid, match="Upgrade"):
        restore.restore(data, folder)


def test_other_line_ends_are_accepted(tmp_path: Path, data: Path) -> None:
    """A manifest with the line ends of Windows is accepted."""
    folder = made(data, tmp_path / "backups")
    path = folder / manifest.NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert isinstance(backup.verify(folder), Manifest)


def test_foreign_database_is_refused(tmp_path: Path, data: Path) -> None:
    """A database of another program, and one with a newer layout, are refused."""
    other = tmp_path / "other"
    other.mkdir()
    with closing(sqlite3.connect(other / NAME)) as connection:
        connection.execute("CREATE TABLE messages (number)")
    later = filled(tmp_path / "later")
    with closing(sqlite3.connect(later / NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    untouched = tree(data)
    for number, source in enumerate((other, later)):
        with pytest.raises(BackupInvalid):
            restore.restore(data, _pair(source, tmp_path / f"pair{number}", []))
    assert tree(data) == untouched
