"""A new store for each test."""

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
