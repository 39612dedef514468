"""One image for all container tests, and a stack for each of their files, so that files run side by side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.stack import Stack, built_image, engine_missing
from tests.required import missing_engine

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give container tests the time that a first build takes."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Go on only where a container engine answers."""
    if reason := engine_missing():
        missing_engine(reason)


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory, engine: None) -> Iterator[str]:
    """The image, built by the worker that needs it first and removed by the last."""
    del engine
    own = tmp_path_factory.getbasetemp()
    with built_image(own.parent if own.name.startswith("popen-") else own) as name:
        yield name


@pytest.fixture(scope="module")
def built(image: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """This file's stack with nothing started."""
    stack = Stack(tmp_path_factory.mktemp("kept") / "my backups", f"orchestrator_{request.path.stem}")
    assert stack.image == image
    stack.sweep()
    yield stack
    stack.sweep()


@pytest.fixture
def stack(built: Stack) -> Stack:
    """This file's stack, running."""
    if not built.is_running():
        built.must("start", "--no-pull")
    return built
