"""A backup with a changed byte or a missing end is refused, and nothing is changed."""

import io
import random
import shutil
from pathlib import Path

import pytest

from agents.errors import BackupInvalid
from agents.store import backup
from agents.store.backup import manifest, restore
from tests.store.backup.scene import POSITIONS, filled, made, tree

FILES = (backup.HISTORIES, backup.LOGS, manifest.NAME)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories that must not be changed."""
    return filled(tmp_path / "data")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A backup with logs."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "orchestrator.log").write_text("".join(f'{{"event": "turn", "n": {n}}}\n' for n in range(200)))
    return made(filled(tmp_path / "first", "Only in the backup."), tmp_path / "backups")


def _refused(data: Path, source: Path | io.BytesIO, untouched: dict[str, str]) -> None:
    with pytest.raises(BackupInvalid):
        restore.restore(data, source)
    assert tree(data) == untouched


def test_every_changed_byte_is_found(tmp_path: Path, data: Path, good: Path) -> None:
    """With one changed byte anywhere in a file, restore and verify refuse the backup."""
    chance = random.Random(6)  # noqa: S311 - a sample, the same every time
    untouched = tree(data)
    bad = tmp_path / "bad"
    shutil.copytree(good, bad)
    for number in range(POSITIONS):
        name = FILES[number % 3]
        raw = bytearray((good / name).read_bytes())
        position = {0: 0, 1: len(raw) - 1}.get(number // 3, chance.randrange(len(raw)))
        raw[position] ^= chance.randrange(1, 256)
        (bad / name).write_bytes(raw)
        _refused(data, bad, untouched)
        with pytest.raises(BackupInvalid):
            backup.verify(bad)
        shutil.copy(good / name, bad / name)
    assert restore.restore(data, bad)


def test_every_byte_of_the_header_is_checked(tmp_path: Path, data: Path, good: Path) -> None:
    """A change in the header of an archive, which decompressing would not notice, is found, too."""
    untouched = tree(data)
    bad = tmp_path / "bad"
    shutil.copytree(good, bad)
    for name in (backup.HISTORIES, backup.LOGS):
        for position in range(10):
            raw = bytearray((good / name).read_bytes())
            raw[position] ^= 0x40
            (bad / name).write_bytes(raw)
            _refused(data, bad, untouched)
        shutil.copy(good / name, bad / name)


def test_every_truncation_is_found(tmp_path: Path, data: Path, good: Path) -> None:
    """Each file cut at every tenth of its length, or one byte short, is refused."""
    untouched = tree(data)
    bad = tmp_path / "bad"
    shutil.copytree(good, bad)
    for name in FILES:
        raw = (good / name).read_bytes()
        for length in sorted({len(raw) * tenth // 10 for tenth in range(10)} | {len(raw) - 1}):
            (bad / name).write_bytes(raw[:length])
            _refused(data, bad, untouched)
        (bad / name).write_bytes(raw + b"\0")
        _refused(data, bad, untouched)
        shutil.copy(good / name, bad / name)
    assert restore.restore(data, bad)


def test_stream_that_is_cut_off_is_refused(tmp_path: Path, data: Path) -> None:
    """A stream cut off before the end of its manifest is refused; a complete one is restored."""
    out = io.BytesIO()
    backup.stream(data, tmp_path / "logs", out)
    raw = out.getvalue()
    whole = len(raw.rstrip(b"\0"))
    untouched = tree(data)
    chance = random.Random(6)  # noqa: S311 - a sample, the same every time
    for length in (0, 1, 511, 512, whole - 1, *(chance.randrange(whole) for _ in range(POSITIONS // 3))):
        _refused(data, io.BytesIO(raw[:length]), untouched)
    assert restore.restore(data, io.BytesIO(raw))


def test_older_pair_is_checked_by_its_own_checksum(tmp_path: Path, data: Path) -> None:
    """Without a manifest, a changed byte in the compressed data is found by the checksum of the archive."""
    import tarfile

    untouched = tree(data)
    pair = tmp_path / "pair"
    pair.mkdir()
    with tarfile.open(pair / backup.HISTORIES, "w:gz") as tar:
        tar.add(data, ".")
    good = (pair / backup.HISTORIES).read_bytes()
    chance = random.Random(6)  # noqa: S311 - a sample, the same every time
    for _ in range(POSITIONS // 3):
        raw = bytearray(good)
        raw[chance.randrange(30, len(raw))] ^= chance.randrange(1, 256)
        (pair / backup.HISTORIES).write_bytes(raw)
        _refused(data, pair, untouched)
    for tenth in range(10):
        (pair / backup.HISTORIES).write_bytes(good[: len(good) * tenth // 10])
        _refused(data, pair, untouched)
    (pair / backup.HISTORIES).write_bytes(good)
    assert restore.restore(data, pair)
