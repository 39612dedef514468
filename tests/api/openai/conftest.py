"""One served interface for the tests of a file, on the double of Ollama."""

from collections.abc import Iterator

import pytest

from tests.api.openai.live import Live, live
from tests.ollama_double import OllamaDouble


@pytest.fixture(scope="module")
def model() -> Iterator[OllamaDouble]:
    """A model server that all tests of a file share."""
    with OllamaDouble(parallel=4) as double:
        yield double


@pytest.fixture(scope="module")
def interface(model: OllamaDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """An interface that all tests of a file share."""
    with live(tmp_path_factory.mktemp("interface") / "data", ollama_base_url=model.url, parallel=4) as served:
        yield served


@pytest.fixture(autouse=True)
def without_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test breaks is whole for the next."""
    double = request.getfixturevalue("model") if "model" in request.fixturenames else None
    yield
    if isinstance(double, OllamaDouble):
        double.faults.clear()
        double.up()
        double.answer = None
