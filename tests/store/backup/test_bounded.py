"""Archives that would take memory or time without end: each is refused for little of both."""

import gzip
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.errors import BackupInvalid
from agents.store import backup
from agents.store.backup import archive, manifest, restore
from agents.store.backup.tar_stream import TarStream
from tests.store.backup.scene import filled, made, tree

MEGABYTE = 1_000_000

CHECK = """
import resource, sys
from pathlib import Path
from agents.errors import BackupInvalid
from agents.store import backup
from agents.store.backup import restore
data, folder, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    if how == "stream":
        with (folder / "stream.tar").open("rb") as stream:
            restore.restore(data, stream)
    elif how == "verify":
        backup.verify(folder)
    else:
        restore.restore(data, folder)
except BackupInvalid as error:
    print(error.cause, file=sys.stderr)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def header(kind: bytes, size: int, name: str = "x") -> bytes:
    """The block of a header that claims a size."""
    member = tarfile.TarInfo(name)
    member.type, member.size = kind, size
    return member.tobuf(tarfile.GNU_FORMAT)


def zeros(size: int) -> Iterator[bytes]:
    """So many zeros, in pieces."""
    piece = bytes(MEGABYTE)
    for _ in range(size // MEGABYTE):
        yield piece


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the memory of a process to set")
@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (tarfile.XHDTYPE, "pair"),
        (tarfile.XGLTYPE, "pair"),
        (tarfile.GNUTYPE_LONGNAME, "manifest"),
        (tarfile.XHDTYPE, "verify"),
        (tarfile.XHDTYPE, "stream"),
        (tarfile.GNUTYPE_LONGLINK, "stream"),
    ],
)
def test_a_header_of_gigabytes_takes_no_memory(tmp_path: Path, kind: bytes, how: str) -> None:
    """However an archive with a header of 1.5 GB of zeros is read, it is refused with less than 60 MB more of memory."""
    data, folder = filled(tmp_path / "data"), tmp_path / "bomb"
    folder.mkdir()
    size = 1500 * MEGABYTE
    if how == "stream":
        with (folder / "stream.tar").open("wb") as plain:
            plain.write(header(kind, size))
            plain.truncate(size)
    else:
        packed = gzip.compress(header(kind, size)) + gzip.compress(bytes(MEGABYTE)) * 1500
        (folder / backup.HISTORIES).write_bytes(packed)
    if how in {"manifest", "verify"}:
        good = made(data, tmp_path / "backups")
        listed = manifest.read(good / manifest.NAME)
        (folder / backup.LOGS).write_bytes((good / backup.LOGS).read_bytes())
        archives = tuple(archive.hashed(folder / name) for name in (backup.HISTORIES, backup.LOGS))
        forged = manifest.Manifest(
            listed.version, listed.created, listed.layout, listed.digest, listed.rows, archives, listed.files
        )
        (folder / manifest.NAME).write_bytes(forged.rendered())
    command = [sys.executable, "-c", CHECK, str(data), str(folder), how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "header in it is far larger" in done.stderr
    assert int(done.stdout) < 60


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (lambda: [header(b"0", 0, f"n{number}") for number in range(20_001)], "too many members"),
        (lambda: [header(tarfile.XHDTYPE, 512) + b"16 comment=abcd\n".ljust(512, b" ")], "damaged"),
        (lambda: [header(tarfile.XHDTYPE, 16_000) + bytes(16_384)] * 1_001, "damaged|far larger"),
        (lambda: [header(tarfile.GNUTYPE_LONGNAME, 16_000) + b"n" * 16_000 + bytes(384)] * 1_001, "far larger"),
        (lambda: [header(tarfile.XHDTYPE, 32) + b"32 GNU.sparse.map=0,1,2,3,4,5,67\n"[:32].ljust(512, b"\0")], "."),
        (lambda: [header(tarfile.GNUTYPE_SPARSE, 512) + bytes(512)], "neither a file nor a folder"),
        (lambda: [header(tarfile.CONTTYPE, 0)], "neither a file nor a folder"),
        (lambda: [header(b"0", 0), *zeros(3 * MEGABYTE)], "after its end"),
        (lambda: [header(b"0", 600)], "cut off"),
        (lambda: [header(b"0", 0)[:300]], "cut off"),
        (lambda: [header(b"0", 0)], "cut off"),
        (lambda: [b"\x01" * 512], "damaged"),
    ],
    ids=[
        "empty members", "a record of a wrong length", "many headers", "many long names", "a file with holes",
        "a sparse file", "another kind", "zeros behind the end", "a short file", "a short header", "no end", "no tar",
    ],
)  # fmt: skip
def test_what_our_archives_never_have_is_refused(tmp_path: Path, blocks: "object", words: str) -> None:
    """Too much of anything, and whatever would have to be read in another way, is refused with a reason."""
    data, folder = filled(tmp_path / "data"), tmp_path / "odd"
    folder.mkdir()
    with gzip.open(folder / backup.HISTORIES, "wb", compresslevel=1) as packing:
        for block in blocks():  # type: ignore[operator]
            packing.write(block)
    before = tree(data)
    with pytest.raises(BackupInvalid, match=words):
        restore.restore(data, folder)
    assert tree(data) == before


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_what_tar_writes_is_read(tmp_path: Path, form: int) -> None:
    """Long names, folders, sizes and contents are those that were packed, in each format that ``tarfile`` writes."""
    source, out = tmp_path / "in", tmp_path / "out.tar"
    long = "d" * 60 + "/" + ("e" * 80 if form == tarfile.USTAR_FORMAT else "é" * 70)
    (source / long).mkdir(parents=True)
    contents = {f"{long}/file": b"x" * 1000, "a": b"", "b": b"y" * 512}
    for name, content in contents.items():
        (source / name).write_bytes(content)
    with tarfile.open(out, "w", format=form) as tar:
        tar.add(source, ".")
    found = {}
    with out.open("rb") as stream:
        reading = TarStream(stream, 100)
        for member in reading:
            if member.kind == b"0":
                found[member.name.removeprefix("./")] = reading.read(10_000)
    assert found == contents
