"""A disk without space or permission: an error message, and nothing that was stored is lost."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.errors import SpaceError
from agents.store import Store
from agents.store.actions import NewAction

TEXT = "words of a message that takes some room " * 50


@pytest.fixture
def small_disk(mount_disk: Callable[[str], Path]) -> Path:
    """A disk of four megabytes."""
    return mount_disk("4m")


def fill(disk: Path, leave: int = 0) -> Path:
    """Fill a disk except for ``leave`` bytes; returns the file that fills it."""
    ballast = disk / "ballast"
    status = os.statvfs(disk)
    with ballast.open("wb") as file:
        file.write(b"\0" * max(0, status.f_bavail * status.f_frsize - leave))
    return ballast


def contents(store: Store) -> list[object]:
    """The contents of a store."""
    journal = store.meetings.journal("m")
    return [*store.memories.export(), *journal.events(), *store.actions.list()]


def writes(store: Store) -> dict[str, Callable[[int], object]]:
    """Each way to store something."""
    particulars: dict[str, Any] = {"meeting": "m", "series": "", "topic": "", "task": TEXT, "owner": None, "due": None}
    evidence: dict[str, Any] = {"due_text": "", "turn": "", "quote": "", "verified": False}
    return {
        "message": lambda _: store.memories.add("cto", "s", "user", TEXT),
        "event": lambda n: store.meetings.journal("m").append("turn", f"t{n}", {"text": TEXT}),
        "action": lambda n: store.actions.add(NewAction(key=f"a{n}", **particulars, **evidence)),
    }


@pytest.mark.parametrize("kind", ["message", "event", "action"])
@pytest.mark.parametrize("leave", [0, 4096, 12288, 40960, 131072, 500_000])
def test_a_full_disk_stops_a_write_and_harms_nothing(kind: str, leave: int, small_disk: Path) -> None:
    """When space runs out: exit status 6, everything acknowledged is intact, and with new space it works again."""
    with Store(small_disk / "data") as store:
        store.meetings.create("m", "retrospective", "t", {})
        write = writes(store)[kind]
        for number in range(20):
            write(number)
        ballast = fill(small_disk, leave)
        number = 20
        with pytest.raises(SpaceError) as raised:  # noqa: PT012 - it is not known which of the writes fails
            while True:
                write(number)
                number += 1
        assert raised.value.exit_code == 6
        assert str(small_disk) in raised.value.cause
        assert len(contents(store)) == number
        with pytest.raises(SpaceError):  # noqa: PT012 - nor here
            for more in range(number, number + 20):
                write(more)
        kept = len(contents(store))
        ballast.unlink()
        write(1000)
        assert len(contents(store)) == kept + 1
        store.check()


def test_a_store_cannot_be_created_on_a_full_disk(small_disk: Path) -> None:
    """The first use of a full disk is refused with an error and leaves no incomplete file; with space it works."""
    ballast = fill(small_disk)
    with pytest.raises(SpaceError):
        Store(small_disk / "data")
    ballast.unlink()
    with Store(small_disk / "data") as store:
        store.memories.add("cto", "s", "user", "hello")
        store.check()
    assert [file.name for file in (small_disk / "data").iterdir()] == ["orchestrator.db"]


def test_what_is_stored_can_be_read_on_a_full_disk(small_disk: Path) -> None:
    """Stored messages can be read and searched on a full disk."""
    with Store(small_disk / "data") as store:
        store.memories.add("cto", "s", "user", "hello")
        fill(small_disk)
        assert [message.text for message in store.memories.recent("cto")] == ["hello"]
        assert len(store.memories.search("hello")) == 1


def test_compacting_without_space_changes_nothing(small_disk: Path) -> None:
    """Compacting needs space for a copy; without it, there is an error and nothing is changed."""
    with Store(small_disk / "data") as store:
        for _ in range(300):
            store.memories.add("cto", "s", "user", TEXT)
        ballast = fill(small_disk, 50_000)
        with pytest.raises(SpaceError):
            store.memories.compact()
        assert len(list(store.memories.export())) == 300
        ballast.unlink()
        store.check()


def test_the_command_line_exits_with_six(small_disk: Path) -> None:
    """The user gets one line of cause, one of remedy and exit status 6."""
    data = small_disk / "data"
    Store(data).close()
    fill(small_disk)
    command = [sys.executable, "-m", "agents", "--data-folder", str(data), "memory", "pin", "cto", TEXT * 20]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 6
    assert done.stderr.startswith("Error: There is no space left in")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.skipif(not hasattr(os, "seteuid") or os.geteuid() != 0, reason="needs root, to become somebody else")
@pytest.mark.parametrize("forbidden", ["folder", "file", "parent"])
def test_missing_permission_is_status_six(forbidden: str, tmp_path: Path) -> None:
    """The error of a folder that cannot be written names the folder and says what to do."""
    data = tmp_path / "data"
    if forbidden != "parent":
        Store(data).close()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder.name.startswith("pytest"):
            folder.chmod(0o755)
    if forbidden == "file":
        data.chmod(0o777)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from agents.errors import SpaceError; from agents.store import Store\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: Store(Path(sys.argv[1]))\n"
        "except SpaceError as error: print(error.cause); sys.exit(error.exit_code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (6, "")
    assert str(data) in done.stdout
