"""One Chromium for the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.required import missing

try:
    from tests.api.pages.browser import chromium as browsers
except ModuleNotFoundError:  # a machine without the packages for development
    browsers = None  # type: ignore[assignment]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator["browsers.Chromium"]:
    """Chromium for the tests of one file, which is over before the next file begins: while Playwright runs, no other
    test of this process could run an event loop of its own.
    """
    if browsers is None:
        missing("Playwright is not installed")
    if browsers.program() is None:
        missing("chromium is not installed")
    with browsers.running(tmp_path_factory.mktemp("chromium")) as found:
        yield found
