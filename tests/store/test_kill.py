"""Many processes that are killed at any moment."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.store import Store
from tests.drill import rounds

KILLS = rounds(4, drill=25)

WRITER = """
import os, sys
from pathlib import Path
from agents.store import Store

folder, log, who = sys.argv[1:]
acknowledged = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
with Store(Path(folder)) as store:
    while True:
        number = store.memories.add(who, "default", "user", "some words of a message " * 20)
        os.write(acknowledged, b"message %d\\n" % number)
        event = store.meetings.journal("shared").append("turn", "", {"speaker": who, "text": "a turn of the meeting"})
        os.write(acknowledged, b"event %d\\n" % event.seq)
        store.memories.search("words", who)
        store.memories.recent(who, limit=5)
"""

LOCKER = """
import sys, time
from pathlib import Path
from agents.store import Store

with Store(Path(sys.argv[1])) as store, store.meetings.locked("locked"):
    print("locked", flush=True)
    time.sleep(600)
"""

SECOND = """
import sys
from pathlib import Path
from agents.errors import Locked
from agents.store import Store

with Store(Path(sys.argv[1])) as store:
    try:
        with store.meetings.locked("locked"):
            pass
    except Locked as error:
        print(error.cause)
        sys.exit(error.exit_code)
"""


def start(code: str, *words: object, **options: object) -> "subprocess.Popen[str]":
    """Start Python on some code."""
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, text=True, **options)  # type: ignore[call-overload, no-any-return]


def wait_for_more(log: Path, writer: "subprocess.Popen[str]") -> None:
    """Wait until a writer adds to its log."""
    before = log.stat().st_size if log.exists() else 0
    while not log.exists() or log.stat().st_size == before:
        assert writer.poll() is None
        time.sleep(0.01)


@pytest.mark.timeout(120 + 10 * KILLS)
def test_no_acknowledged_row_is_lost_to_kill(tmp_path: Path) -> None:
    """With eight writers that are killed one after another, everything acknowledged is stored and no writer fails."""
    data, complaints = tmp_path / "data", tmp_path / "complaints"
    logs = [tmp_path / f"acknowledged.{number}" for number in range(8)]
    with Store(data) as store:
        store.meetings.create("shared", "retrospective", "All at once", {})

    with complaints.open("ab") as heard:
        writers = [start(WRITER, data, log, f"agent_{number}", stderr=heard) for number, log in enumerate(logs)]
        try:
            chance = random.Random(5)  # noqa: S311 - not a secret
            for number in range(1, KILLS + 1):
                victim = 3 * number % len(writers)
                wait_for_more(logs[victim], writers[victim])
                time.sleep(chance.uniform(0, 0.5))
                writers[victim].kill()
                assert writers[victim].wait() == -signal.SIGKILL
                writers[victim] = start(WRITER, data, logs[victim], f"agent_{victim}", stderr=heard)
            assert [writer.poll() for writer in writers] == [None] * len(writers)
        finally:
            for writer in writers:
                writer.kill()
                writer.wait()

    acknowledged = {line for log in logs for line in log.read_text().splitlines()}
    with Store(data) as store:
        store.check()
        kept = {f"message {message.number}" for message in store.memories.export()}
        kept |= {f"event {event.seq}" for event in store.meetings.journal("shared").events()}
    assert complaints.read_text() == ""
    assert len(acknowledged) > 100
    assert acknowledged - kept == set()


def test_a_killed_process_releases_its_meeting(tmp_path: Path) -> None:
    """While a process has a meeting locked, another exits with 75 and names it; after a kill the meeting is free."""
    locker = start(LOCKER, tmp_path, stdout=subprocess.PIPE)
    try:
        assert locker.stdout is not None
        assert locker.stdout.readline() == "locked\n"
        second = start(SECOND, tmp_path, stdout=subprocess.PIPE)
        assert str(locker.pid) in second.communicate()[0]
        assert second.returncode == 75
    finally:
        locker.kill()
        locker.communicate()
    third = start(SECOND, tmp_path, stdout=subprocess.PIPE)
    assert (third.communicate()[0], third.returncode) == ("", 0)


def test_only_one_of_many_gets_a_meeting(tmp_path: Path) -> None:
    """Of several processes that lock a meeting at the same moment, exactly one gets it."""
    Store(tmp_path).close()
    lockers = [start(LOCKER, tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(5)]
    try:
        ended = 0
        deadline = time.monotonic() + 30
        while ended < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
            ended = sum(locker.poll() is not None for locker in lockers)
        time.sleep(0.3)
        assert sorted(locker.poll() or 0 for locker in lockers) == [0, 1, 1, 1, 1]
    finally:
        for locker in lockers:
            locker.kill()
            locker.communicate()


def test_programs_that_start_together_create_one_database(tmp_path: Path) -> None:
    """Processes that open an empty folder at the same time all write into the same database."""
    code = (
        "import sys; from pathlib import Path; from agents.store import Store\n"
        "with Store(Path(sys.argv[1]) / 'data') as store: store.memories.add('cto', 's', 'user', sys.argv[2])"
    )
    started = [start(code, tmp_path, number, stderr=subprocess.PIPE) for number in range(8)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [("", 0)] * 8
    with Store(tmp_path / "data") as store:
        assert sorted(message.text for message in store.memories.export()) == [str(number) for number in range(8)]
    assert [file.name for file in (tmp_path / "data").iterdir() if file.is_file()] == ["orchestrator.db"]


def test_a_fork_leaves_both_sides_with_a_store(tmp_path: Path) -> None:
    """A process may fork while its store is open: parent and child both can write."""
    code = (
        "import os, sys; from pathlib import Path; from agents.store import Store\n"
        "store = Store(Path(sys.argv[1])); store.memories.add('cto', 's', 'user', 'before')\n"
        "child = os.fork()\n"
        "for _ in range(20): store.memories.add('cto', 's', 'user', 'after')\n"
        "store.close()\n"
        "sys.exit(os.waitpid(child, 0)[1] if child else 0)"
    )
    forking = start(code, tmp_path, stderr=subprocess.PIPE)
    assert (forking.communicate()[1], forking.returncode) == ("", 0)
    with Store(tmp_path) as store:
        assert len(store.memories.recent("cto")) == 41
        store.check()
