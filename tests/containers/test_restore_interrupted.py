"""A restore or a migration that is interrupted at any moment: the service is on again, with the old or the new histories."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.containers.stack import TAG, Stack, composes, docker
from tests.inputs import ROOT

COPY_OF = f"{TAG}-interrupted-older"


def words_in_group(group: int) -> list[str]:
    """The command lines of the processes in a process group."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(") ")[2].split()
            if int(fields[2]) == group:
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def state(stack: Stack) -> str:
    """The state of the service's container."""
    return docker("inspect", "--format", "{{.State.Status}}", stack.container).strip()


def runs(words: str) -> Callable[[Stack, int], bool]:
    """The moment at which the script runs a command that begins with these words."""
    return lambda _stack, group: any(words in line for line in words_in_group(group))


MOMENTS: dict[str, Callable[[Stack, int], bool]] = {
    "the check": runs("restore --stdin --check"),
    "the stop": runs("docker stop"),
    "stopped": lambda stack, _group: state(stack) == "exited",
    "the restore": runs("restore --stdin --yes"),
    "in the helper": lambda stack, _group: bool(docker("ps", "-q", "--filter", f"name={stack.container}_histories")),
    "the start": runs("docker start"),
}
"""When a restore is interrupted."""


def begun(stack: Stack, *words: str, compose: str = "") -> "subprocess.Popen[bytes]":
    """The script, running in a process group of its own, as in a terminal."""
    settings = {**stack.settings, "ORCHESTRATOR_COMPOSE": compose}
    return subprocess.Popen(
        [str(ROOT / "orchestrator.sh"), *words],
        env={**os.environ, **settings},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell keeps an ignored one ignored
    )


def interrupt(process: "subprocess.Popen[bytes]", sent: signal.Signals, *, again: bool) -> tuple[int, str]:
    """Send a signal to a whole process group, and again while it cleans up; gives its status and standard error."""
    os.killpg(process.pid, sent)
    if again:
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            if any("docker st" in line for line in words_in_group(process.pid)):
                os.killpg(process.pid, sent)
                break
    _, said = process.communicate(timeout=120)
    return process.returncode, said.decode(errors="replace")


def reached(process: "subprocess.Popen[bytes]", stack: Stack, moment: Callable[[Stack, int], bool]) -> bool:
    """Wait for a moment; whether it came before the script ended."""
    while process.poll() is None:
        if moment(stack, process.pid):
            return True
    return False


def assert_whole(stack: Stack, either: set[str]) -> None:
    """The service answers, the histories are one of these, and nothing is left over."""
    assert stack.run("status").returncode == 0
    assert stack.digest() in either
    assert docker("ps", "--all", "--quiet", "--filter", f"name={stack.container}_histories") == ""
    assert not Path(f"/tmp/orchestrator-{stack.container}.lock").exists()  # noqa: S108
    stack.must("run", "backup", "digest")


@pytest.fixture(scope="module")
def two(built: Stack) -> tuple[str, str, str]:
    """A running stack: the digest of a backup, its folder, and the digest of the histories that it would replace."""
    built.must("start", "--no-pull")
    first = built.fill()
    made = built.must("backup").strip()
    return first, made, built.fill()


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        *((moment, signal.SIGINT) for moment in MOMENTS),
        *((moment, sent) for moment in ("the stop", "the restore") for sent in (signal.SIGTERM, signal.SIGHUP)),
    ],
)
def test_the_service_is_on_again(built: Stack, two: tuple[str, str, str], moment: str, sent: signal.Signals) -> None:
    """Ctrl-C, SIGTERM or a closed terminal at any moment, once or twice, leaves the service on and the histories whole."""
    first, made, second = two
    process = begun(built, "restore", made, "--yes")
    assert reached(process, built, MOMENTS[moment])
    code, said = interrupt(process, sent, again=sent == signal.SIGINT)
    assert code in (128 + sent, 0), said
    assert_whole(built, {first, second})


@pytest.mark.parametrize("compose", composes())
def test_each_compose_ends_what_it_began(built: Stack, two: tuple[str, str, str], compose: str) -> None:
    """With each Compose, a Ctrl-C while the restore itself runs leaves the service on and no other container."""
    first, made, second = two
    process = begun(built, "restore", made, "--yes", compose=compose)
    assert reached(process, built, MOMENTS["in the helper"])
    code, said = interrupt(process, signal.SIGINT, again=False)
    assert code in (130, 0), said
    assert_whole(built, {first, second})


def test_one_restore_at_a_time(built: Stack, two: tuple[str, str, str]) -> None:
    """Beside a restore, another restore and a backup end with 75 and one line of cause and one of remedy."""
    first, made, _ = two
    process = begun(built, "restore", made, "--yes")
    assert reached(process, built, lambda *_: Path(f"/tmp/orchestrator-{built.container}.lock/process").exists())  # noqa: S108
    for words in (("restore", made, "--yes"), ("backup",)):
        done = built.run(*words)
        assert (done.returncode, len(done.stderr.splitlines())) == (75, 2), done.stderr
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert_whole(built, {first})


def test_the_lock_of_a_killed_script_is_removed(built: Stack, two: tuple[str, str, str]) -> None:
    """A script that was killed without a chance to clean up does not stop the next one."""
    lock = Path(f"/tmp/orchestrator-{built.container}.lock")  # noqa: S108
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    lock.mkdir()
    (lock / "process").write_text(f"{gone.pid}\n")
    built.must("backup", "verify", two[1])
    built.must("backup")
    assert not lock.exists()


def test_a_migration_leaves_the_service_on(built: Stack) -> None:
    """Ctrl-C at any moment of migrate-volume leaves the service on, and the volume empty or with all histories."""
    built.must("start", "--no-pull")
    was = built.fill()
    docker("volume", "create", COPY_OF)
    try:
        copy = ("run", "--rm", "--user", "0", "-v", f"{built.data_volume}:/from:ro", "-v", f"{COPY_OF}:/to")
        docker(*copy, "--entrypoint", "cp", built.image, "-a", "/from/.", "/to/")
        built.must("cleanup", "--volumes", "--yes")
        built.must("start", "--no-pull")
        empty = built.digest()
        for moment in (MOMENTS["the stop"], runs("docker run --rm --init --name")):
            process = begun(built, "migrate-volume", COPY_OF, "--yes")
            assert reached(process, built, moment)
            code, said = interrupt(process, signal.SIGINT, again=True)
            assert code in (130, 0), said
            assert_whole(built, {was, empty})
            if built.digest() == was:
                return
        built.must("migrate-volume", COPY_OF, "--yes")
        assert_whole(built, {was})
    finally:
        docker("volume", "rm", COPY_OF)
