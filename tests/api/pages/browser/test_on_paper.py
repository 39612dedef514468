"""Pages on paper: what they say, and nothing that is pressed or filled in."""

import pytest

from tests.api.pages.browser.chromium import LAPTOP, Chromium
from tests.api.pages.planning import REVIEW, sent
from tests.api.pages.site import keep_rich, site

_CONTROLS = """() => [...document.querySelectorAll('form:not(:has(.seats)), button, .button, input, select, textarea')]
  .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))"""
_BROKEN = """() => [...document.querySelectorAll('.worth')].filter((one) => {
  const range = document.createRange();
  for (const word of one.firstChild.data.matchAll(/\\w+/g)) {
    range.setStart(one.firstChild, word.index);
    range.setEnd(one.firstChild, word.index + word[0].length);
    if (range.getClientRects().length > 1) return true;
  }
  return false;
}).map((one) => one.textContent)"""
"""What was checked, where a word of it stands on two lines."""


@pytest.mark.parametrize(
    "path",
    [
        *(f"/meetings/{{meeting}}{part}" for part in ("", "/entries", "/documents/1", "/share")),
        *("/", "/actions", "/search?q=redis", "/compare"),
    ],
)
def test_nothing_to_press_is_printed(path: str, chromium: Chromium) -> None:
    """Forms, fields and buttons are left out, also those of a table; words of usual length stay whole."""
    meeting = keep_rich()
    with site() as pages, chromium.window(pages.url, LAPTOP) as window:
        window.open(path.format(meeting=meeting))
        window.page.set_viewport_size({"width": 720, "height": 1020})
        window.page.emulate_media(media="print")
        assert window.page.evaluate(_CONTROLS) == []
        assert window.page.evaluate(_BROKEN) == []


def test_the_seats_of_a_plan_are_printed(chromium: Chromium) -> None:
    """Who takes part stands on paper, too, without the boxes."""
    with site(model_name="rehearsal") as pages, chromium.window(pages.url, LAPTOP) as window:
        window.open(sent(pages, files=[("files", ("design.md", b"# Design\n\nTwo servers.\n"))], **REVIEW))
        window.page.emulate_media(media="print")
        assert window.page.locator(".seats li").first.is_visible()
        assert window.page.evaluate(_CONTROLS) == []
