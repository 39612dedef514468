"""Every page of the site in a real browser: nothing fails, everybody can use it, and it fits into the window."""

import pytest

from tests.api.pages.browser import rules
from tests.api.pages.browser.chromium import LAPTOP, PHONE, SCHEMES, WALL, WIDTHS, Chromium, Window
from tests.api.pages.browser.crawl import Found, crawl, sample
from tests.api.pages.browser.stored import BROKEN, CANCELLED, OTHER, PLANNED, RICH, keep_all
from tests.api.pages.site import Site, site
from tests.drill import DRILL, rounds
from tests.meeting.speakers import TYPES

LARGEST = 200_000
"""The most bytes of a page."""
EVERY = 10_000
SEEDS = (
    "/",
    *(f"/meetings/{one}" for one in (RICH, OTHER, BROKEN, CANCELLED, PLANNED)),
    "/search?q=redis",
    f"/compare?a={RICH}&b={OTHER}",
)
"""Where a search and a comparison begin no link leads: a person types words, and chooses meetings."""
FEW = ("decision", "brainstorm", "sprint_retrospective")


def found_in(pages: Site) -> list[Found]:
    """A page of each kind that is there, of meetings each; in a drill some more."""
    return sample((one for one in crawl(pages, SEEDS) if one.status == 200), rounds(1, 3))


def test_all_kinds_of_pages_are_found() -> None:
    """Links lead to every page that the table of pages has, each is there, and none has more than 200 kB."""
    keep_all()
    with site(api_rate=EVERY) as pages:
        found = crawl(pages, SEEDS)
    assert {one.path: one.status for one in found if one.status != 200} == {}
    assert {one.path: one.size for one in found if one.size > LARGEST} == {}


def test_every_page_keeps_the_rules_at_every_size(chromium: Chromium) -> None:
    """Each kind of page, on a phone, a laptop and a wall, light and dark, has no error, nothing that axe calls serious,
    an outline without gaps, places for all its links, and nothing that is out of reach.
    """
    keep_all(list(TYPES) if DRILL else FEW)
    wrong = {}
    with site(api_rate=EVERY) as pages, chromium.window(pages.url, PHONE) as window:
        for one in found_in(pages):
            window.open(one.path)
            if faults := _faults(window) + window.problems:
                wrong[one.path] = faults
            window.problems.clear()
    assert wrong == {}, rules.told(wrong)


def _faults(window: Window) -> list[str]:
    found = rules.outline(window.page)
    for width in WIDTHS:
        for scheme in SCHEMES:
            if DRILL or (width, scheme) in {(PHONE, "dark"), (LAPTOP, "light"), (WALL, "dark")}:
                window.resize(width, scheme)
                sized = rules.fitting(window.page)
                sized += rules.accessibility(window.page) if DRILL or width != WALL else []
                found += [f"{width} {scheme}: {fault}" for fault in sized]
    return found


@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_the_focus_is_seen_on_every_page(chromium: Chromium, width: int) -> None:
    """Whoever goes through a page with the key Tab sees on every element where the focus is."""
    keep_all()
    wrong = {}
    with site(api_rate=EVERY) as pages, chromium.window(pages.url, width, reduced_motion="reduce") as window:
        for one in found_in(pages):
            window.open(one.path)
            if faults := rules.focus(window.page, rounds(25, 400)):
                wrong[one.path] = faults
    assert wrong == {}, rules.told(wrong)
