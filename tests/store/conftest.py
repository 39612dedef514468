"""A new store for each test, and small disks."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.store import Store


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[], Store]:
    """A function that opens the store in the test's folder, the same one at each call."""
    return lambda: Store(tmp_path / "data")


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Iterator[Store]:
    """An empty store."""
    with reopen() as opened:
        yield opened


@pytest.fixture
def mount_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that mounts a disk of a given size, such as "4m", in memory."""
    if sys.platform != "linux" or not shutil.which("mount"):
        pytest.skip("a small disk needs Linux and the mount command")
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / f"disk{len(mounted)}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"a small disk needs permission to mount one: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
