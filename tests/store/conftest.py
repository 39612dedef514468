"""Every kind of store there is; the conformance tests run once for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.store import Store
from agents.store.protocol import AnyStore

KINDS: dict[str, Callable[[Path], AnyStore]] = {"sqlite": Store}


@pytest.fixture(params=list(KINDS))
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AnyStore]:
    """Opens a store in this test's folder, the same one at each call."""
    return lambda: KINDS[request.param](tmp_path / "data")


@pytest.fixture
def store(reopen: Callable[[], AnyStore]) -> Iterator[AnyStore]:
    """An empty store."""
    with reopen() as opened:
        yield opened
