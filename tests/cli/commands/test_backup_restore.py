"""The commands ``backup`` and ``restore``: what they print, and their exit status."""

import json
import os
import pty
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from agents.store import Store, folder_lock
from tests.store.backup.scene import digest, filled, tree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories in the data folder of the settings."""
    return filled(tmp_path / "data")


def _run(
    tmp_path: Path, *words: str, stdin: bytes | int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    place = tmp_path / "work"
    place.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "agents", *words]
    if isinstance(stdin, bytes):
        return subprocess.run(command, check=False, input=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=place)
    return subprocess.run(command, check=False, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=place)


def _says(done: subprocess.CompletedProcess[bytes], status: int) -> str:
    """The messages to the user; checks that the status is the expected one."""
    said = done.stderr.decode()
    assert done.returncode == status, said
    assert "Traceback" not in said
    return said


def test_backup_and_restore_by_name(tmp_path: Path, data: Path) -> None:
    """`backup` prints its folder, `list` and `verify` find it, `restore NAME` restores the digest."""
    before = _run(tmp_path, "backup", "digest").stdout
    done = _run(tmp_path, "backup")
    assert "6 messages, 2 meetings, 2 actions" in _says(done, 0)
    folder = Path(done.stdout.decode().strip())
    assert (tmp_path / "work" / folder / "manifest.json").exists()
    [row] = json.loads(_run(tmp_path, "backup", "list", "--json").stdout)
    assert (row["name"], row["messages"], row["state"]) == (folder.name, 6, "complete")
    assert "Good" in _says(_run(tmp_path, "backup", "verify", folder.name), 0)
    with Store(data) as store:
        store.memories.clear("cto")
    assert _run(tmp_path, "backup", "digest").stdout != before
    assert "Nothing was changed" in _says(_run(tmp_path, "restore", folder.name, "--check"), 0)
    assert "--undo" in _says(_run(tmp_path, "restore", folder.name, "--yes"), 0)
    assert _run(tmp_path, "backup", "digest").stdout == before
    assert "could be put back: 4 messages" in _says(_run(tmp_path, "restore", "--undo", "--check"), 0)
    assert _run(tmp_path, "backup", "digest").stdout == before
    _says(_run(tmp_path, "restore", "--undo", "--yes"), 0)
    assert _run(tmp_path, "backup", "digest").stdout != before


def test_stream_is_written_and_restored(tmp_path: Path, data: Path) -> None:
    """`backup --stdout` is one tar that ends with its manifest; it can be verified, unpacked and restored from stdin."""
    done = _run(tmp_path, "backup", "--stdout")
    _says(done, 0)
    (tmp_path / "b.tar").write_bytes(done.stdout)
    with tarfile.open(tmp_path / "b.tar") as tar:
        names = tar.getnames()
        assert names[-1].endswith("/manifest.json")
        assert len({Path(name).parent for name in names}) == 1
        tar.extractall(tmp_path / "host")  # noqa: S202 - our own
    assert "Good" in _says(_run(tmp_path, "backup", "verify", "-", stdin=done.stdout), 0)
    [folder] = (tmp_path / "host").iterdir()
    assert "Good" in _says(_run(tmp_path, "backup", "verify", str(folder)), 0)
    before = digest(data)
    with Store(data) as store:
        store.memories.clear("cto")
    said = _says(_run(tmp_path, "restore", "--stdin", "--check", stdin=done.stdout), 0)
    assert said == "Good, and could be restored: 6 messages, 2 meetings, 2 actions.\n"
    assert "no terminal" in _says(_run(tmp_path, "restore", "--stdin", stdin=done.stdout), 2)
    _says(_run(tmp_path, "restore", "--stdin", "--yes", stdin=done.stdout), 0)
    assert digest(data) == before
    _says(_run(tmp_path, "restore", "--stdin", "--yes", stdin=done.stdout[:3000]), 5)
    assert digest(data) == before


def test_each_error_has_its_status(tmp_path: Path, data: Path) -> None:
    """Nothing to back up is 1, wrong usage 2, an invalid backup 5, a second one at the same time 75."""
    folder = _run(tmp_path, "backup").stdout.decode().strip()
    untouched = tree(data)
    assert "nothing to back up" in _says(_run(tmp_path, "--data-folder", str(tmp_path / "no"), "backup"), 1)
    for words in (("restore",), ("restore", folder, "--undo"), ("restore", "never"), ("backup", "--keep", "0")):
        _says(_run(tmp_path, *words), 2)
    assert "after `list`" in _says(_run(tmp_path, "backup", "--keep", "2", "list"), 2)
    assert "Leave out --keep" in _says(_run(tmp_path, "backup", "--stdout", "--keep", "2"), 2)
    assert "Add --yes" in _says(_run(tmp_path, "restore", folder), 2)
    for words in (("--yes",), ("--check",)):
        assert "no safety copy" in _says(_run(tmp_path, "restore", "--undo", *words), 1)
    with folder_lock.backup_lock(data):
        _says(_run(tmp_path, "backup"), 75)
        _says(_run(tmp_path, "restore", folder, "--yes"), 75)
    manifest = tmp_path / "work" / folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:-2])
    for words in (("restore", folder, "--yes"), ("restore", folder, "--check"), ("backup", "verify", folder)):
        _says(_run(tmp_path, *words), 5)
    assert tree(data) == untouched
    assert [row["state"] for row in json.loads(_run(tmp_path, "backup", "list", "--json").stdout)] == ["damaged"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system does not have /dev/full")
def test_stdout_that_cannot_be_written(tmp_path: Path, data: Path) -> None:
    """A redirection to a full disk is status 6, a closed pipe 141, both without a traceback."""
    full = os.open("/dev/full", os.O_WRONLY)
    assert "cannot be written" in _says(_run(tmp_path, "backup", "--stdout", stdout=full), 6)
    os.close(full)
    read, write = os.pipe()
    os.close(read)
    _says(_run(tmp_path, "backup", "--stdout", stdout=write), 141)
    os.close(write)
    assert sorted(path.name for path in data.iterdir()) == [".store-id", "locks", "orchestrator.db"]


@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"n\n", 1), (b"\x04", 130)])
def test_restore_asks_at_a_terminal(tmp_path: Path, data: Path, answer: bytes, status: int) -> None:
    """At a terminal the command asks after the checks, and only yes continues."""
    folder = _run(tmp_path, "backup").stdout.decode().strip()
    with Store(data) as store:
        store.memories.clear("cto")
    untouched = tree(data)
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    said = _says(_run(tmp_path, "restore", folder, stdin=theirs), status)
    os.close(ours)
    os.close(theirs)
    assert "Replace all data by 6 messages" in said
    assert (tree(data) == untouched) == (status != 0)


def test_backup_is_not_written_to_a_terminal(tmp_path: Path, data: Path) -> None:
    """A backup to standard output is refused at a terminal."""
    assert data.exists()
    ours, theirs = pty.openpty()
    assert "Redirect it" in _says(_run(tmp_path, "backup", "--stdout", stdout=theirs), 2)
    os.close(ours)
    os.close(theirs)
