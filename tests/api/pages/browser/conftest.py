"""One Chromium for the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.api.pages.browser.chromium import Chromium, program, running
from tests.required import missing


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Chromium for the tests of one file, which is over before the next file begins: while Playwright runs, no other
    test of this process could run an event loop of its own.
    """
    if program() is None:
        missing("chromium is not installed")
    with running(tmp_path_factory.mktemp("chromium")) as found:
        yield found
