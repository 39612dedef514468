"""One image for all container tests, and a stack for each of their files, so that files run side by side."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.containers.stack import Stack, built_image, composes, engine_missing
from tests.drill import DRILL
from tests.required import missing_engine

HERE = Path(__file__).parent
OLDER = ("test_compose_file", "test_every_compose_starts_it")
"""The file and the test whose sample is docker-compose 1.29; that of all others is Compose v2."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give container tests the time that a first build takes, and leave out what only a drill has time for."""
    left_out = []
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(1200))
            if not DRILL and _only_in_a_drill(item):
                left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _only_in_a_drill(item: pytest.Item) -> bool:
    """Whether it is marked so, or is not the sample of its test: one set of parameters, with one version of Compose."""
    if item.get_closest_marker("drill"):
        return True
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    number = crc32(item.originalname.encode())
    versions = composes()
    sample = versions[-1] if item.path.stem in OLDER or item.originalname in OLDER else versions[0]
    if any(value in versions and value != sample for value in item.callspec.params.values()):
        return True
    marks = list(item.iter_markers("parametrize"))
    return any(
        mark.args[1][number % len(mark.args[1])] != _value_of(item, mark)
        for mark in marks
        if len(mark.args[1]) > 1 and mark.args[1] != versions
    )


def _value_of(item: pytest.Function, mark: pytest.Mark) -> object:
    """The value that a test has of its parameters, as the mark lists them."""
    names = mark.args[0]
    if isinstance(names, str) and "," not in names:
        return item.callspec.params[names]
    return tuple(item.callspec.params[name.strip()] for name in (names.split(",") if isinstance(names, str) else names))


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
