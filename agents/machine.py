"""The memory and processors that this process may use: the limits of a container count, not the host.

Reads control groups of both versions (``memory.max`` and ``cpu.max``, ``memory.limit_in_bytes`` and
``cpu.cfs_quota_us``) of the process's own group and of every group around it, because the tightest limit applies.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_UNLIMITED = 2**60
"""Version 1 writes a huge number if there is no limit."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The resources of this process.

    Attributes:
        memory: the most bytes that this process and the others in its group may use together.
        memory_free: how many of these bytes are free or can be freed.
        memory_limit: bytes that a control group allows; 0 if there is no such limit.
        cpus: processors; a fraction if there is a quota.
        cpu_limit: processors that a quota allows; 0.0 if there is no quota.
        cpus_present: processors of the machine.
        limited_by: "cgroup v2", "cgroup v1", or "" if there is no limit.
    """

    memory: int
    memory_free: int
    memory_limit: int
    cpus: float
    cpu_limit: float
    cpus_present: int
    limited_by: str


@dataclass(frozen=True, slots=True)
class GroupLimits:
    """The limits of control groups; 0 means that there is no limit.

    Attributes:
        memory: bytes allowed.
        memory_used: bytes in use that cannot be freed immediately.
        cpus: processors allowed.
        version: 2 or 1; 0 if there are no control groups.
    """

    memory: int = 0
    memory_used: int = 0
    cpus: float = 0.0
    version: int = 0


def read_machine(process: Path = Path("/proc/self")) -> Machine:
    """Find out what this process may use now.

    Args:
        process: where the system describes this process.
    """
    import psutil

    limits = read_limits(process)
    present = psutil.virtual_memory()
    memory, free = present.total, present.available
    if 0 < limits.memory < memory:
        memory, free = limits.memory, min(free, max(0, limits.memory - limits.memory_used))
    allowed = _processors()
    cpus = min(float(allowed), limits.cpus) if limits.cpus else float(allowed)
    memory_limit = limits.memory if memory == limits.memory else 0
    by = f"cgroup v{limits.version}" if memory_limit or limits.cpus else ""
    return Machine(memory, free, memory_limit, cpus, limits.cpus, os.cpu_count() or 1, by)


def read_limits(process: Path) -> GroupLimits:
    """The tightest limits of the control groups that a process is in."""
    try:
        member = (process / "cgroup").read_text(encoding="utf-8", errors="replace").splitlines()
        mounts = (process / "mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return GroupLimits()
    parts = [line.split(":", 2) for line in member]
    groups = {names: path for _, names, path in (part for part in parts if len(part) == 3)}
    unified = _place(mounts, "cgroup2", "", groups.get("", "/"))
    found = _version_two(*unified) if unified else GroupLimits()
    if found.memory or found.cpus:
        return found
    memory, used = _version_one_memory(_controller(mounts, groups, "memory"))
    cpus = _version_one_cpus(_controller(mounts, groups, "cpu"))
    return GroupLimits(memory, used, cpus, 1) if memory or cpus else found


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _controller(mounts: list[str], groups: dict[str, str], name: str) -> tuple[Path, Path] | None:
    """The folders with a controller's files in version 1: that of this process's group, and the top of the mount."""
    for names, path in groups.items():
        if name in names.split(","):
            return _place(mounts, "cgroup", name, path)
    return None


def _place(mounts: list[str], kind: str, controller: str, group: str) -> tuple[Path, Path] | None:
    """The folder of a group, and the mount that contains it; a mount may show only a part of the hierarchy."""
    for line in mounts:
        before, _, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if len(fields) < 5 or rest[0] != kind or (controller and controller not in rest[-1].split(",")):
            continue
        root, top = fields[3], Path(fields[4].replace("\\040", " "))
        inside = group.removeprefix(root) if root != "/" and f"{group}/".startswith(f"{root}/") else group
        folder = top / inside.strip("/")
        # Inside a container, the name of the group may be the host's name for it, which does not exist here.
        return (folder if ".." not in folder.parts and folder.is_dir() else top), top
    return None


def _upwards(folder: Path, top: Path) -> Iterator[Path]:
    yield folder
    while folder != top and top in folder.parents:
        folder = folder.parent
        yield folder


def _version_two(folder: Path, top: Path) -> GroupLimits:
    memory, used, cpus = 0, 0, 0.0
    for group in _upwards(folder, top):
        limit = _number(group / "memory.max")
        if limit and (not memory or limit < memory):
            memory = limit
            used = max(0, _number(group / "memory.current") - _of_list(group / "memory.stat", "inactive_file"))
        quota, _, period = _text(group / "cpu.max").partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period):
            share = int(quota) / int(period)
            cpus = min(cpus, share) if cpus else share
    return GroupLimits(memory, used, cpus, 2)


def _version_one_memory(place: tuple[Path, Path] | None) -> tuple[int, int]:
    memory, used = 0, 0
    for group in _upwards(*place) if place else ():
        limit = _number(group / "memory.limit_in_bytes")
        if 0 < limit < _UNLIMITED and (not memory or limit < memory):
            memory = limit
            cached = _of_list(group / "memory.stat", "total_inactive_file")
            used = max(0, _number(group / "memory.usage_in_bytes") - cached)
    return memory, used


def _version_one_cpus(place: tuple[Path, Path] | None) -> float:
    cpus = 0.0
    for group in _upwards(*place) if place else ():
        quota, period = _number(group / "cpu.cfs_quota_us"), _number(group / "cpu.cfs_period_us")
        if quota > 0 and period > 0:
            cpus = min(cpus, quota / period) if cpus else quota / period
    return cpus


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(file: Path) -> int:
    text = _text(file)
    return int(text) if text.isdecimal() else 0


def _of_list(file: Path, name: str) -> int:
    found = re.search(rf"(?m)^{name} (\d+)$", _text(file))
    return int(found[1]) if found else 0
