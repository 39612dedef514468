"""The histories of owners are backed up and restored together with the others: all of them, or none."""

import io
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from agents.errors import BackupInvalid, Locked, StoreError
from agents.orchestrator.background import owners
from agents.store import Store, backup, folder_lock, locks, replace
from agents.store.backup import archive, manifest, restore
from agents.store.backup.content_hash import contents_in
from agents.store.backup.emptiness import is_empty
from agents.store.database import NAME
from agents.store.migrations import VERSION
from tests.drill import rounds
from tests.store.backup.scene import filled, killed, made, tree

MIXTURES = rounds(4, drill=60)
"""The number of random sets of histories that are backed up and restored."""


def said(folder: Path) -> dict[str, list[str]]:
    """What is remembered in each database of a data folder, after a complete check of it."""
    found = {}
    for path in replace.databases(folder):
        with Store((folder / path).parent) as store:
            store.check()
            found[path.parent.name] = [one.text for one in store.memories.recent("cto", limit=1000)]
    return found


def written(folder: Path, *texts: str) -> None:
    """Add messages to the histories in a data folder."""
    with Store(folder) as store:
        for text in texts:
            store.memories.add("cto", "default", "user", text)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories, and those of two owners."""
    folder = filled(tmp_path / "data")
    written(folder / "owners" / "ada", "Of Ada.")
    written(folder / "owners" / "bob", "Of Bob.")
    return folder


def test_all_come_back_and_an_undo_returns_what_was_replaced(tmp_path: Path, data: Path) -> None:
    """A restore brings each owner's histories back, and takes out what was stored since; an undo reverses both."""
    before, digest = said(data), contents_in(data).digest
    source = made(data, tmp_path / "backups")
    listed = backup.verify(source)
    assert (listed.format, listed.layout, listed.digest) == (manifest.FORMAT, VERSION, digest)
    assert listed.rows["messages"] == 8
    written(data / "owners" / "ada", "Later.")
    written(data / "owners" / "eve", "Came later.")
    shutil.rmtree(data / "owners" / "bob")
    since = said(data)
    done = restore.restore(data, source)
    assert done
    assert done.checked.digest == digest == contents_in(data).digest
    assert said(data) == before
    assert restore.check_undo(data)
    restore.undo(data)
    assert said(data) == since
    restore.undo(data)
    assert said(data) == before
    restore.restore(data, source)
    assert len(replace.safety_copies(data)) == 1
    assert said(replace.safety_copies(data)[0]) == before


@pytest.mark.parametrize("seed", range(MIXTURES))
def test_what_was_backed_up_is_what_comes_back(tmp_path: Path, seed: int) -> None:
    """Whatever histories there are, in a folder or in a stream, they replace whatever others there are."""
    random = Random(seed)  # noqa: S311 - a test that repeats itself
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        for place in random.sample(["", "owners/a", "owners/b-1", "owners/c_2"], random.randint(1, 4)):
            written(folder / place, *(f"{seed} {number} in {place}" for number in range(random.randint(1, 3))))
    first, second = folders
    before, others = said(first), said(second)
    tar = io.BytesIO()
    backup.stream(first, tmp_path / "logs", tar)
    source = made(first, tmp_path / "backups") if random.random() < 0.5 else io.BytesIO(tar.getvalue())
    restore.restore(second, source)
    assert said(second) == before
    restore.undo(second)
    assert said(second) == others


@pytest.mark.timeout(300)
def test_killed_at_each_step_of_a_restore(tmp_path: Path, data: Path) -> None:
    """After a kill at any step of a restore, all histories are the old ones, or all are the new ones."""
    source = made(data, tmp_path / "backups")
    new = said(data)
    old = filled(tmp_path / "old", "Only old.")
    written(old / "owners" / "bob", "Old Bob.")
    written(old / "owners" / "old", "Only there.")
    was, found = said(old), []
    for step in range(1, 1000):
        place = tmp_path / f"data{step}"
        shutil.copytree(old, place)
        status = killed(place, step, str(source))
        opened = place / "owners" / "bob"
        Store(opened).close()  # whoever comes first finishes it or undoes it, an owner too
        assert not replace.pending(place)
        found.append(said(place))
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert found == [was] * found.count(was) + [new] * found.count(new)
    assert found.count(was) > 5
    assert found.count(new) > 2


def test_histories_in_use_are_not_replaced(tmp_path: Path, data: Path) -> None:
    """A restore refuses while an owner's histories are open, and an owner who comes during one waits."""
    source = made(data, tmp_path / "backups")
    with Store(data / "owners" / "ada"), pytest.raises(Locked, match=r"in use|held"):
        restore.restore(data, source)
    with folder_lock.locked_exclusively(data), pytest.raises(Locked):
        folder_lock.lock_shared(data / "owners" / "new", 0.1)
    script = (
        "import sys; from pathlib import Path; from agents.store import Store\n"
        "store = Store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(data / "owners" / "new")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdin
        other.stdout.readline()
        with pytest.raises(Locked, match="in use"):
            restore.restore(data, source)
        other.stdin.close()
    assert restore.restore(data, source)


def test_an_owner_s_meeting_that_is_held_is_named(tmp_path: Path, data: Path) -> None:
    """A restore refuses while a meeting of an owner is held."""
    source = made(data, tmp_path / "backups")
    with (
        locks.acquired(data / "owners" / "ada" / "locks" / "m1.lock", "The meeting m1"),
        pytest.raises(Locked, match="m1"),
    ):
        restore.restore(data, source)


def test_a_backup_without_owners_takes_them_out(tmp_path: Path, data: Path) -> None:
    """One of histories without owners keeps the earlier format, and restores the moment at which there were none."""
    alone = filled(tmp_path / "alone")
    source = made(alone, tmp_path / "backups")
    assert manifest.read(source / manifest.NAME).format == manifest.WITHOUT_OWNERS
    before = said(data)
    restore.restore(data, source)
    assert said(data) == said(alone)
    restore.undo(data)
    assert said(data) == before


@pytest.mark.parametrize("name", ["owners/x.db", "owners/ada/deeper/orchestrator.db", "owners/.ada/orchestrator.db"])
def test_a_forged_archive_is_refused(tmp_path: Path, data: Path, name: str) -> None:
    """Only files of owners' histories may be in the folder of owners; nothing is changed."""
    good, folder, inside = made(data, tmp_path / "backups"), tmp_path / "forged", tmp_path / "inside"
    listed = manifest.read(good / manifest.NAME)
    folder.mkdir()
    inside.mkdir()
    archive.unpack(good / backup.HISTORIES, inside)
    (inside / name).parent.mkdir(parents=True, exist_ok=True)
    (inside / name).write_bytes((data / NAME).read_bytes())
    files = {backup.HISTORIES: archive.pack(inside, folder / backup.HISTORIES), backup.LOGS: listed.files[backup.LOGS]}
    (folder / backup.LOGS).write_bytes((good / backup.LOGS).read_bytes())
    archives = tuple(archive.hashed(folder / one) for one in (backup.HISTORIES, backup.LOGS))
    for form in (manifest.FORMAT, manifest.WITHOUT_OWNERS):
        forged = manifest.Manifest("1", "", VERSION, listed.digest, listed.rows, archives, files, format=form)
        (folder / manifest.NAME).write_bytes(forged.rendered())
        before = tree(data)
        with pytest.raises(BackupInvalid):
            restore.restore(data, folder)
        assert tree(data) == before


def test_a_damaged_owner_s_history_is_found(tmp_path: Path, data: Path) -> None:
    """No backup is made of damaged histories, and one whose rows were exchanged between owners is refused."""
    source = made(data, tmp_path / "backups")
    ada, bob = (data / "owners" / name for name in ("ada", "bob"))
    digest = contents_in(data).digest
    ada.rename(tmp_path / "ada")
    bob.rename(ada)
    (tmp_path / "ada").rename(bob)
    assert contents_in(data).digest != digest
    (bob / NAME).write_bytes(b"not a database")
    with pytest.raises(StoreError, match="bob"):
        made(data, tmp_path / "backups")
    assert len(backup.list_backups(tmp_path / "backups")) == 1
    restore.restore(data, source)
    assert contents_in(data).digest == digest


def test_histories_of_an_owner_alone_are_not_nothing(tmp_path: Path) -> None:
    """Where only an owner has histories, they are backed up, and a folder in which none wrote counts as empty."""
    data = tmp_path / "data"
    assert replace.OWNERS == owners.FOLDER
    Store(data / owners.FOLDER / "ada").close()
    assert is_empty(data)
    with pytest.raises(StoreError, match="nothing to back up"):
        made(data, tmp_path / "backups")
    written(data / "owners" / "ada", "Of Ada.")
    assert not is_empty(data)
    restore.restore(tmp_path / "other", made(data, tmp_path / "backups"))
    assert said(tmp_path / "other") == said(data) == {"ada": ["Of Ada."]}
