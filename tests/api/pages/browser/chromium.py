"""Chromium, as a person has it: windows of some sizes, and everything that goes wrong while a page is shown."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    sync_playwright,
)

PHONE, LAPTOP, WALL = 390, 1280, 2560
HEIGHTS = {PHONE: 844, LAPTOP: 800, WALL: 1440}
"""The width of each window in pixels, and its height."""
WIDTHS = tuple(HEIGHTS)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE_MS = 20_000
"""How long a page may take for anything: a machine that runs other tests meanwhile is slow."""

_NOBODY_WAITS = "net::ERR_ABORTED"
"""A request that a page gave up itself, such as a stream when it is left."""


def program() -> str | None:
    """Where Chromium is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Window:
    """A page in a window of its own, and what went wrong in it.

    Attributes:
        page: Playwright's page.
        url: of the site, without a path.
        problems: errors in the console and in scripts, what the policy refused, requests that failed or left the
            site, and dialogs, in words.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.problems: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("popup", lambda popup: self.problems.append(f"popup: {popup.url}"))

    def open(self, path: str) -> None:
        """Go to a page of the site, which has to be there."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def resize(self, width: int, scheme: Literal["light", "dark"] = "light") -> None:
        """Make the window as wide as this, with these colours, and wait until it is drawn."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.page.evaluate("() => document.body.offsetWidth")

    def well(self) -> None:
        """Check that nothing went wrong."""
        assert self.problems == []

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text} {message.location.get('url', '')}")

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.problems.append(f"request elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _NOBODY_WAITS:
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


class Chromium:
    """A running Chromium.

    Attributes:
        browser: Playwright's browser.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def context(self, width: int = LAPTOP, *, script: bool = True, **options: Any) -> BrowserContext:
        """Windows that share cookies and settings.

        Args:
            width: of the windows, in pixels.
            script: whether scripts of pages run.
            **options: those of Playwright, such as ``color_scheme`` and ``reduced_motion``.
        """
        size: Any = {"width": width, "height": HEIGHTS[width]}
        return self.browser.new_context(viewport=size, java_script_enabled=script, **options)

    @contextmanager
    def window(self, url: str, width: int = LAPTOP, *, script: bool = True, **options: Any) -> Iterator[Window]:
        """A window for a site; in the end nothing must have gone wrong in it.

        Args:
            url: of the site, without a path.
            width: of the window, in pixels.
            script: whether scripts of pages run.
            **options: those of ``context``.
        """
        context = self.context(width, script=script, **options)
        try:
            window = Window(context.new_page(), url)
            yield window
            window.well()
        finally:
            context.close()


@contextmanager
def running(home: Path, flags: Sequence[str] = ()) -> Iterator[Chromium]:
    """Chromium without a display, which finds no host but this machine.

    Args:
        home: where it keeps what it writes.
        flags: more of its own flags.
    """
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program(),
            args=[*root, *own, *flags],
            env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)},
        )
        try:
            yield Chromium(browser)
        finally:
            browser.close()
