"""A list that becomes shorter while one types."""

from tests.api.pages.browser.chromium import LAPTOP, Chromium
from tests.api.pages.site import site

_SHOWN = "() => [...document.querySelectorAll('#types > li:not([hidden]) input')].map((one) => one.value)"
"""The types that are listed, in order."""


def test_types_are_found_by_their_names_before_those_by_their_seats(chromium: Chromium) -> None:
    """What is typed is looked for in names and purposes first, then in the usual seats; the chosen type stays where it
    is, and without words the list is as it was.
    """
    with site() as pages, chromium.window(pages.url, LAPTOP) as window:
        window.open("/new")
        whole = window.page.evaluate(_SHOWN)
        field = window.page.get_by_label("Find a type")
        field.press_sequentially("security")
        few = window.page.evaluate(_SHOWN)
        assert 2 < len(few) < len(whole)
        assert few[:2] == ["decision", "security_review"]
        assert window.page.locator("#types input:checked").get_attribute("value") == "decision"
        field.fill("")
        assert window.page.evaluate(_SHOWN) == whole
