"""One image for all container tests, and a stack for each of their files, so that files run side by side."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.containers.stack import Stack, built_image, composes, engine_missing
from tests.drill import DRILL
from tests.required import missing_engine

HERE = Path(__file__).parent
SAMPLE = (
    "test_calls.py::test_a_signal_ends_the_meeting_inside",
    "test_calls.py::test_a_closed_terminal_ends_what_waits_for_a_person",
    "test_calls.py::test_documents_and_minutes_are_the_callers",
    "test_calls.py::test_an_existing_file_is_replaced",
    "test_calls.py::test_own_roles_go_along",
    "test_compose_file.py::test_it_builds_and_starts",
    "test_image.py::test_it_adds_little_to_its_base",
    "test_image.py::test_it_contains_no_tools",
    "test_image.py::test_it_says_what_it_is",
    "test_image.py::test_it_runs_without_the_project_beside_it",
    "test_isolation.py::test_nothing_leaves_the_orchestrator",
    "test_isolation.py::test_nothing_leaves_open_webui",
    "test_isolation.py::test_the_outside_reaches_nothing",
    "test_project.py::test_what_the_script_starts_compose_stops",
    "test_service.py::test_limits_are_in_force",
    "test_service.py::test_it_has_no_rights",
    "test_service.py::test_its_names_are_as_documented",
    "test_service.py::test_nothing_listens_beyond_loopback",
    "test_service.py::test_it_answers_on_its_port",
    "test_service.py::test_programs_reach_it",
    "test_service.py::test_a_coding_assistant_reaches_it",
    "test_service.py::test_open_webui_reaches_it",
    "test_service.py::test_the_model_server_answers_questions",
    "test_service.py::test_its_health_check_is_true",
    "test_service.py::test_it_starts_again_after_a_crash",
    "test_service.py::test_it_ends_on_sigterm",
    "test_settings.py::test_every_setting_arrives",
)
"""The tests of a test run, by the beginnings of their names; a drill runs all. One more of a stack that no other test of
the run starts takes half a minute.
"""
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
    """Whether it is not in the sample: its name, one set of its parameters, one version of Compose."""
    if not item.nodeid.rpartition("/")[2].startswith(SAMPLE):
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
