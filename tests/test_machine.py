"""What a container allows, read from control groups of either version, laid out as the systems lay them out."""

from pathlib import Path

import pytest

from agents.machine import GroupLimits, read_limits, read_machine

MIB = 2**20


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """An empty system: a process's folder, and one for control groups."""
    (tmp_path / "proc").mkdir()
    (tmp_path / "groups").mkdir()
    return tmp_path


def write(folder: Path, **files: object) -> None:
    """Write the files of one control group."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".", 1)).write_text(f"{text}\n")


def limits(system: Path, member: str, *mounts: str) -> GroupLimits:
    """What is read for a process with this membership and these mounts; {groups} is the folder of the groups."""
    (system / "proc" / "cgroup").write_text(member)
    (system / "proc" / "mountinfo").write_text("\n".join(mounts).replace("{groups}", str(system / "groups")) + "\n")
    return read_limits(system / "proc")


UNIFIED = "29 23 0:26 / {groups} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
FIRST_MEMORY = "35 31 0:32 {root} {groups}/memory rw,relatime - cgroup cgroup rw,memory"
FIRST_CPU = "32 31 0:29 {root} {groups}/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct"


def test_version_two_inside_a_container(system: Path) -> None:
    """Limits at the root of the mount apply; memory that is only cache counts as free."""
    stat = f"anon 1\ninactive_file {50 * MIB}\nactive_file 7"
    write(
        system / "groups", memory__max=512 * MIB, memory__current=200 * MIB, memory__stat=stat, cpu__max="150000 100000"
    )
    assert limits(system, "0::/\n", UNIFIED) == GroupLimits(512 * MIB, 150 * MIB, 1.5, 2)


def test_version_two_takes_the_tightest_group_on_the_way_up(system: Path) -> None:
    """A group without limits inherits those of the groups around it."""
    write(system / "groups" / "user.slice", memory__max=256 * MIB, memory__current=MIB, cpu__max="max 100000")
    write(system / "groups" / "user.slice" / "app", memory__max="max", memory__current=MIB, cpu__max="50000 100000")
    assert limits(system, "0::/user.slice/app\n", UNIFIED) == GroupLimits(256 * MIB, MIB, 0.5, 2)


def test_version_two_without_limits(system: Path) -> None:
    """The word max means no limit."""
    write(system / "groups", memory__max="max", memory__current=5, cpu__max="max 100000")
    assert limits(system, "0::/\n", UNIFIED) == GroupLimits(0, 0, 0.0, 2)


def test_version_one_inside_a_container(system: Path) -> None:
    """The group's name is the host's and the mount shows only that part of the hierarchy."""
    write(
        system / "groups" / "memory",
        memory__limit_in_bytes=300 * MIB,
        memory__usage_in_bytes=90 * MIB,
        memory__stat=f"cache 5\ntotal_inactive_file {10 * MIB}",
    )
    write(system / "groups" / "cpu", cpu__cfs_quota_us=200000, cpu__cfs_period_us=100000)
    mounts = [line.replace("{root}", "/docker/0a1b") for line in (FIRST_MEMORY, FIRST_CPU)]
    member = "4:memory:/docker/0a1b\n1:cpu,cpuacct:/docker/0a1b\n"
    assert limits(system, member, *mounts) == GroupLimits(300 * MIB, 80 * MIB, 2.0, 1)


def test_version_one_without_limits(system: Path) -> None:
    """Its huge number and its -1 mean no limit."""
    write(system / "groups" / "memory", memory__limit_in_bytes=9223372036854771712, memory__usage_in_bytes=1)
    write(system / "groups" / "cpu", cpu__cfs_quota_us=-1, cpu__cfs_period_us=100000)
    mounts = [line.replace("{root}", "/") for line in (FIRST_MEMORY, FIRST_CPU)]
    assert limits(system, "4:memory:/\n1:cpu:/\n", *mounts) == GroupLimits()


def test_both_versions_at_once_use_whichever_limits(system: Path) -> None:
    """Where version 2 is mounted without controllers, version 1 is read."""
    write(system / "groups" / "memory", memory__limit_in_bytes=64 * MIB, memory__usage_in_bytes=MIB)
    member = "4:memory:/\n0::/\n"
    unified = UNIFIED.replace("{groups}", "{groups}/unified")
    (system / "groups" / "unified").mkdir()
    assert limits(system, member, FIRST_MEMORY.replace("{root}", "/"), unified) == GroupLimits(64 * MIB, MIB, 0.0, 1)


def test_a_group_that_is_not_here_is_the_mount_itself(system: Path) -> None:
    """A name that means nothing inside, or leads out, falls back to the top of the mount."""
    write(system / "groups", memory__max=100 * MIB, memory__current=0, cpu__max="max 100000")
    for name in ("/not/here", "/../../etc"):
        assert limits(system, f"0::{name}\n", UNIFIED).memory == 100 * MIB


@pytest.mark.parametrize("member", ["", "nonsense\n", "0::\n", "x:y:z:/a:b\n"])
def test_nonsense_is_no_limit(system: Path, member: str) -> None:
    """For any content of the system's files, nothing fails."""
    assert limits(system, member, "rubbish", "1 2 - cgroup2") == GroupLimits()


def test_a_limit_is_what_the_machine_has(system: Path) -> None:
    """Under a limit, memory, free memory and processors are the limit's; without one they are the machine's."""
    write(system / "groups", memory__max=64 * MIB, memory__current=16 * MIB, cpu__max="25000 100000")
    limits(system, "0::/\n", UNIFIED)
    machine = read_machine(system / "proc")
    assert (machine.memory, machine.memory_free, machine.memory_limit) == (64 * MIB, 48 * MIB, 64 * MIB)
    assert (machine.cpus, machine.cpu_limit, machine.limited_by) == (0.25, 0.25, "cgroup v2")
    free = read_machine(system / "nowhere")
    assert free.memory > 64 * MIB
    assert free.cpus >= 1
    assert free.limited_by == ""
