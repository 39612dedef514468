"""Backups with the script and the engine: a backup is restored completely, and a damaged one changes nothing."""

import os
import shutil
from pathlib import Path

import pytest

from tests.containers.stack import Stack, composes, docker, small_disk

HOLD = """
import sys, pathlib
from agents.store.folder_lock import backup_lock
with backup_lock(pathlib.Path('/app/agent_memories')):
    print('held', flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("compose", composes())
def test_everything_destroyed_comes_back(built: Stack, compose: str) -> None:
    """After backup, deletion of all volumes and restore, all conversations, meetings and actions are the same."""
    built.must("cleanup", "--volumes", "--yes", ORCHESTRATOR_COMPOSE=compose)
    built.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    before = built.fill()
    made = Path(built.must("backup", ORCHESTRATOR_COMPOSE=compose).strip())
    assert {path.name for path in made.iterdir()} == {"manifest.json", "agent_memories.tar.gz", "logs.tar.gz"}
    built.must("cleanup", "--volumes", "--models", "--yes", ORCHESTRATOR_COMPOSE=compose)
    assert built.data_volume not in docker("volume", "ls", "--quiet").split()
    built.must("restore", made.name, "--yes", ORCHESTRATOR_COMPOSE=compose)
    built.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    assert built.digest() == before


def test_a_restore_leaves_the_service_as_it_was(stack: Stack) -> None:
    """A running service runs again after a restore, and --undo puts back what the restore replaced."""
    first = stack.fill()
    made = stack.must("backup").strip()
    second = stack.fill()
    stack.must("restore", made, "--yes")
    assert stack.run("status").returncode == 0
    assert stack.digest() == first
    stack.must("restore", "--undo", "--yes")
    assert stack.digest() == second


def test_a_stopped_service_is_backed_up_and_stays_stopped(stack: Stack) -> None:
    """Backup, verification and restore do not need a running service and do not start one."""
    stack.fill()
    stack.must("stop")
    made = stack.must("backup").strip()
    stack.must("backup", "verify", made)
    stack.must("restore", made, "--yes")
    assert stack.run("status").returncode == 3


def test_a_damaged_backup_changes_nothing(stack: Stack, tmp_path: Path) -> None:
    """A changed byte or a missing end in any file is refused with 5, and the service keeps running."""
    before = stack.fill()
    made = Path(stack.must("backup").strip())
    started = docker("inspect", "--format", "{{.State.StartedAt}}", stack.container)
    for name in ("manifest.json", "agent_memories.tar.gz", "logs.tar.gz"):
        for harm in ("flipped", "cut"):
            bad = tmp_path / f"{name} {harm}"
            shutil.copytree(made, bad)
            raw = bytearray((bad / name).read_bytes())
            raw[len(raw) // 2] ^= 1
            (bad / name).write_bytes(raw if harm == "flipped" else raw[: len(raw) // 2])
            assert stack.run("restore", str(bad), "--yes").returncode == 5, bad.name
            assert stack.run("backup", "verify", str(bad)).returncode == 5, bad.name
    assert stack.digest() == before
    assert docker("inspect", "--format", "{{.State.StartedAt}}", stack.container) == started


def test_a_restore_asks_first(stack: Stack) -> None:
    """Without a terminal, a restore without --yes is refused with 2; --check needs no agreement."""
    before = stack.fill()
    made = stack.must("backup").strip()
    refused = stack.run("restore", made)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    stack.must("restore", made, "--check")
    assert stack.digest() == before


def test_one_backup_at_a_time(stack: Stack) -> None:
    """While another backup or restore is running, a backup is refused with 75 and leaves no folder."""
    import subprocess

    stack.fill()
    before = stack.made()
    with subprocess.Popen(
        ["docker", "exec", "-i", stack.container, "python", "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        assert stack.run("backup").returncode == 75
        holder.stdin.close()
    assert stack.made() == before
    stack.must("backup")


def test_an_empty_volume_is_not_backed_up(built: Stack) -> None:
    """An empty volume is refused instead of being saved, and leaves no folder."""
    built.must("cleanup", "--volumes", "--yes")
    built.must("start", "--no-pull")
    before = built.made()
    refused = built.run("backup")
    assert refused.returncode == 1
    assert "nothing to back up" in refused.stderr
    assert built.made() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own needs root")
def test_a_full_disk_leaves_no_backup(stack: Stack, tmp_path: Path) -> None:
    """A backup that does not fit on the disk ends with 6 and leaves no folder."""
    stack.fill()
    full = tmp_path / "full"
    with small_disk(full, "16k"):
        assert stack.run("backup", ORCHESTRATOR_BACKUPS=str(full)).returncode == 6
        assert list(full.iterdir()) == []


def test_only_the_newest_are_kept(stack: Stack, tmp_path: Path) -> None:
    """--keep 2 keeps the two newest backups, and all other files and folders."""
    stack.fill()
    place = tmp_path / "kept"
    (place / "notes").mkdir(parents=True)
    (place / "20200101_000000").mkdir()
    made = [Path(stack.must("backup", "--keep", "2", ORCHESTRATOR_BACKUPS=str(place)).strip()).name for _ in range(3)]
    assert sorted(path.name for path in place.iterdir()) == ["20200101_000000", *sorted(made)[1:], "notes"]


def test_an_older_stacks_volume_is_found(built: Stack) -> None:
    """A volume with a project's name in front is named at the start, copied by migrate-volume, and not changed."""
    older = "was-here_orchestrator_data"
    built.must("start", "--no-pull")
    built.fill()
    docker("volume", "create", older)
    try:
        copy = ("run", "--rm", "--user", "0", "-v", f"{built.data_volume}:/from:ro", "-v", f"{older}:/to")
        docker(*copy, "--entrypoint", "cp", built.image, "-a", "/from/.", "/to/")
        assert built.run("migrate-volume", older, "--yes").returncode == 1
        before = built.digest()
        built.must("cleanup", "--volumes", "--yes")
        assert f"migrate-volume {older}" in built.run("start", "--no-pull").stderr
        built.must("cleanup", "--volumes", "--yes")
        built.must("migrate-volume", older, "--yes")
        built.must("start", "--no-pull")
        assert built.digest() == before
        assert "orchestrator.db" in docker(
            "run", "--rm", "-v", f"{older}:/v:ro", "--user", "0", "--entrypoint", "ls", built.image, "/v"
        )
    finally:
        docker("volume", "rm", older)
