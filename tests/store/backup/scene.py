"""Data folders with histories, backups of them, and processes that write, restore and are killed."""

import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from agents.store import Store, backup
from agents.store.backup.content_hash import contents_of
from agents.store.database import NAME
from tests.drill import rounds
from tests.store import specimen

ROUNDS = rounds(4, drill=50)
"""The number of backups made while another process writes."""

POSITIONS = rounds(40, drill=300)
"""The number of bytes of a backup that are damaged, one at a time."""

WRITER = """
import sys
from pathlib import Path
from agents.store import Store
with Store(Path(sys.argv[1])) as store:
    store.meetings.create("busy", "brainstorm", "Busy", {})
    number = 0
    while True:
        number += 1
        store.memories.add("cto", "default", "user", f"{number}: " + "words " * 50, tokens=50)
        store.meetings.journal("busy").append("turn", f"t{number}", {"speaker": "cto", "text": f"turn {number}"})
        if number == 1:
            print("writing", flush=True)
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from agents.store import folder_lock
from agents.store.backup import restore
data, step, source, state = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
journal = data / ".restore.json"
count = 0
def watch(event, args):
    global count
    changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")
    if event == "open":
        changes = bool(args[2] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR))
    if changes and (not state or (journal.exists() and f'"{state}"' in journal.read_text())):
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
if source == "--undo":
    restore.undo(data)
elif source == "--open":
    folder_lock.lock_shared(data).close()
else:
    restore.restore(data, Path(source))
"""
"""A script that is killed before its n-th change to the file system, or before the n-th in a state of the journal."""


def filled(folder: Path, *extra: str) -> Path:
    """A data folder that contains one of everything, and these additional messages."""
    with Store(folder) as store:
        specimen.fill(store)
        for text in extra:
            store.memories.add("cto", "default", "user", text)
    return folder


def left_by_a_crash(folder: Path) -> Path:
    """A data folder whose last messages are only in the write-ahead log, as after kill -9."""
    filled(folder)
    script = (
        "import os, sys; from pathlib import Path; from agents.store import Store\n"
        "store = Store(Path(sys.argv[1])); store.memories.add('cto', 'default', 'user', 'The last words.')\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode == -signal.SIGKILL
    assert (folder / f"{NAME}-wal").stat().st_size
    return folder


def digest(folder: Path) -> str:
    """The digest of the histories in a data folder, after a complete check."""
    with Store(folder) as store:
        store.check()
        return contents_of(store.database.path).digest


def made(data: Path, target: Path) -> Path:
    """The folder of a new backup."""
    path = backup.create(data, data.parent / "logs", target).path
    assert path is not None
    return path


def tree(folder: Path) -> dict[str, str]:
    """The hash of each file in a folder, except locks."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if "locks" not in path.relative_to(folder).parts
    }


def killed(data: Path, step: int, source: str, state: str = "") -> int:
    """Restore, undo or open, and be killed before the n-th change; returns the status, which is 0 without a kill.

    Args:
        data: the data folder.
        step: the number of the change before which the process is killed.
        source: a backup's folder, "--undo" or "--open".
        state: count only changes in this state of the journal.
    """
    command = [sys.executable, "-c", KILLED, str(data), str(step), source, state]
    return subprocess.run(command, check=False).returncode
