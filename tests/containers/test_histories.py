"""Backups with the script and the engine: a backup is restored completely, and a damaged one changes nothing."""

import gzip
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from agents.store.backup import manifest
from tests.containers.stack import V2, Stack, composes, docker, small_disk
from tests.store.specimen import FIXTURES

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


def test_an_undo_is_checked_before_the_service_stops(built: Stack) -> None:
    """With nothing to undo (1) or a damaged safety copy (5), --undo stops nothing; --undo --check replaces nothing."""
    built.must("cleanup", "--volumes", "--yes")
    built.must("start", "--no-pull")
    started = docker("inspect", "--format", "{{.State.StartedAt}}", built.container)
    refused = built.run("restore", "--undo", "--yes")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 2), refused.stderr
    assert "no safety copy" in refused.stderr
    assert docker("inspect", "--format", "{{.State.StartedAt}}", built.container) == started
    first = built.fill()
    made = built.must("backup").strip()
    built.fill()
    built.must("restore", made, "--yes")
    started = docker("inspect", "--format", "{{.State.StartedAt}}", built.container)
    checked = built.run("restore", "--undo", "--check")
    assert (checked.returncode, "could be put back" in checked.stderr) == (0, True), checked.stderr
    harm = "cd /app/agent_memories/.before-restore-*/ && dd if=/dev/zero of=orchestrator.db bs=4096 seek=3 count=9 conv=notrunc"
    built.inside("sh", "-c", harm)
    assert built.run("restore", "--undo", "--yes").returncode == 5
    assert docker("inspect", "--format", "{{.State.StartedAt}}", built.container) == started
    assert built.digest() == first


@pytest.mark.parametrize("compose", composes())
def test_without_a_container_nothing_else_is_made(stack: Stack, compose: str) -> None:
    """After `cleanup`, backup and restore say only their own lines and leave no network; missing volumes are Compose's."""
    use = {"ORCHESTRATOR_COMPOSE": compose}
    before = stack.fill()
    stack.must("cleanup", "--yes", **use)
    made = stack.run("backup", **use)
    name = Path(made.stdout.strip()).name
    said = made.stderr.splitlines()
    assert (made.returncode, len(said), said[-1][:8]) == (0, 2, "Verified"), made.stderr
    networks = ("network", "ls", "--quiet", "--filter", f"label=com.docker.compose.project={stack.name}")
    assert docker(*networks) == ""
    for words in (("restore", name, "--yes"), ("restore", "--undo", "--yes")):
        done = stack.run(*words, **use)
        assert done.returncode == 0, done.stderr
        assert "Network" not in done.stderr
        assert "Volume" not in done.stderr
    stack.must("cleanup", "--volumes", "--yes", **use)
    done = stack.run("restore", name, "--yes", **use)
    assert (done.returncode, [line[:4] for line in done.stderr.splitlines()]) == (0, ["Good", "Rest", "To u"]), (
        done.stderr
    )
    assert docker(*networks) == ""
    label = '{{index .Labels "com.docker.compose.project"}}'
    assert docker("volume", "inspect", "--format", label, stack.data_volume).strip() == stack.name
    stack.must("start", "--no-pull", **use)
    assert stack.digest() == before


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


def test_a_missing_image_does_not_mean_local_histories(built: Stack) -> None:
    """Where the volume exists and the image does not, a backup ends with 3 and names the build; local ones stay unsaved."""
    built.must("start", "--no-pull")
    built.must("cleanup", "--yes")
    before = built.made()
    for words in (("backup",), ("restore", "--undo", "--yes")):
        done = built.run(*words, ORCHESTRATOR_TAG="was-never-built")
        assert (done.returncode, len(done.stderr.splitlines())) == (3, 2), done.stderr
        assert "./orchestrator.sh build" in done.stderr
    assert built.made() == before


def test_a_restore_says_what_it_ends(stack: Stack) -> None:
    """What runs in the container is named before a restore ends it, with the way back; it has time to end well."""
    stack.fill()
    made = stack.must("backup").strip()
    command = ["docker", "exec", "-i", stack.container, "orchestrator", "--model", "rehearsal", "interactive"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as talk:
        assert talk.stderr is not None
        assert b"agents" in talk.stderr.readline()
        done = stack.run("restore", made, "--yes")
        assert done.returncode == 0, done.stderr
        assert "interactive" in done.stderr
        assert "./orchestrator.sh restore --undo" in done.stderr
        assert talk.wait(60) not in (137, 0)


def test_the_other_place_needs_agreement(stack: Stack, tmp_path: Path) -> None:
    """A backup of the container's histories says so, and one of local ones is refused with 2 before anything stops."""
    stack.fill()
    made = Path(stack.must("backup").strip())
    held = manifest.read(made / "manifest.json")
    assert (held.place, bool(held.store)) == ("container", True)
    local = tmp_path / made.name
    shutil.copytree(made, local)
    (local / "manifest.json").write_bytes(replace(held, place="local").rendered())
    started = docker("inspect", "--format", "{{.State.StartedAt}}", stack.container)
    for words in ((), ("--into", "local")):
        done = stack.run("restore", str(local), "--yes", *words)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 2), done.stderr
    assert docker("inspect", "--format", "{{.State.StartedAt}}", stack.container) == started
    stack.must("restore", str(local), "--yes", "--into", "container")


def test_histories_of_an_older_version_are_copied(built: Stack) -> None:
    """The start that moves histories to a new layout names the copy from before, which is in the volume; later ones do not."""
    built.must("cleanup", "--volumes", "--yes")
    old = gzip.decompress((FIXTURES / "layout-3.db.gz").read_bytes())
    put = "cat >/v/orchestrator.db; chown -R 10001:10001 /v; chmod 700 /v"
    into = ("-v", f"{built.data_volume}:/v", "--user", "0", "--entrypoint", "sh")
    docker("run", "--rm", "-i", *into, built.image, "-c", put, data=old)
    said = built.run("start", "--no-pull").stderr
    assert "in layout 3, is in /app/agent_memories/.orchestrator.db.layout-3." in said
    built.inside("test", "-s", "/app/agent_memories/.orchestrator.db.layout-3")
    built.must("stop")
    assert "layout" not in built.run("start", "--no-pull").stderr
    built.must("cleanup", "--volumes", "--yes")


@pytest.mark.skipif(V2 not in composes(), reason="docker-compose 1.29 refuses a volume with other options")
def test_a_full_data_disk_is_backed_up(built: Stack) -> None:
    """With no byte free for the histories, /ready is 503 with the reason, and a backup is made and verified."""
    built.must("cleanup", "--volumes", "--yes", ORCHESTRATOR_COMPOSE=V2)
    small = ("--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=4m,uid=10001,gid=10001,mode=0700")
    docker("volume", "create", *small, built.data_volume)
    built.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=V2)
    was = built.fill()
    built.inside("sh", "-c", "cat /dev/zero >/app/agent_memories/.ballast 2>/dev/null || true")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{built.port}/ready", timeout=30)
    assert refused.value.code == 503
    assert "no space left" in refused.value.read().decode()
    made = built.must("backup", ORCHESTRATOR_COMPOSE=V2).strip()
    assert manifest.read(Path(made) / "manifest.json").digest == was
    built.inside("rm", "/app/agent_memories/.ballast")
    built.must("cleanup", "--volumes", "--yes", ORCHESTRATOR_COMPOSE=V2)


@pytest.mark.parametrize("compose", composes())
def test_an_older_stacks_volume_is_found(built: Stack, compose: str) -> None:
    """A volume with a project's name in front is named at a start, also by later ones, and migrate-volume then copies it.

    The volume is not changed, and of what the new stack has, only a database without histories gives way.
    """
    older, with_compose = f"{built.name}_orchestrator_data", {"ORCHESTRATOR_COMPOSE": compose}
    built.must("start", "--no-pull", **with_compose)
    before = built.fill()
    docker("volume", "create", older)
    try:
        copy = ("run", "--rm", "--user", "0", "-v", f"{built.data_volume}:/from:ro", "-v", f"{older}:/to")
        more = "cp -a /from/. /to/; echo {} >/to/cto.json; mkdir -p /to/own/roles; echo old >/to/own/roles/mine.md"
        docker(*copy, "--entrypoint", "sh", built.image, "-c", more)
        refused = built.run("migrate-volume", older, "--yes", **with_compose)
        assert (refused.returncode, "already contains histories" in refused.stderr) == (1, True)
        built.must("cleanup", "--volumes", "--yes", **with_compose)
        for _ in range(2):
            assert f"migrate-volume {older}" in built.run("start", "--no-pull", **with_compose).stderr
        built.inside(
            "sh", "-c", "cd /app/agent_memories; mkdir -p own/roles; echo new | tee own/roles/mine.md >mine.txt"
        )
        done = built.run("migrate-volume", older, "--yes", **with_compose)
        assert done.returncode == 0, done.stderr
        assert "JSON files: 1" in done.stderr
        assert "stays as it is: own/roles/mine.md" in done.stderr
        assert built.digest() == before
        assert built.inside("sh", "-c", "cd /app/agent_memories; cat own/roles/mine.md mine.txt cto.json").split() == [
            "new", "new", "{}",
        ]  # fmt: skip
        held = docker("run", "--rm", "-v", f"{older}:/v:ro", "--user", "0", "--entrypoint", "ls", built.image, "/v")
        assert {"orchestrator.db", "cto.json"} <= set(held.split())
    finally:
        docker("volume", "rm", older)
