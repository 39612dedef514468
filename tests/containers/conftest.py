"""One stack for all container tests: built once, started once, removed at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.stack import Stack, docker, engine_missing

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give container tests the time that a first build takes; skip them, and say so, where there is no engine."""
    ours = [item for item in items if HERE in item.path.parents]
    reason = engine_missing() if ours else ""
    for item in ours:
        item.add_marker(pytest.mark.timeout(1200))
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack with its image built and nothing started."""
    stack = Stack(tmp_path_factory.mktemp("kept") / "my backups")
    stack.sweep()
    stack.must("build", "--quiet")
    yield stack
    stack.sweep()
    docker("image", "rm", "-f", stack.image)


@pytest.fixture
def stack(built: Stack) -> Stack:
    """The stack, running."""
    if built.run("status").returncode != 0:
        built.must("start", "--no-pull")
    return built
