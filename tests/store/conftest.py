"""A store of this test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.store import Store


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[], Store]:
    """Opens a store in this test's folder, the same one at each call."""
    return lambda: Store(tmp_path / "data")


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Iterator[Store]:
    """An empty store."""
    with reopen() as opened:
        yield opened
