"""Pages of a meeting in which everybody says words that would be markup: they stay words."""

from collections.abc import Iterable

import pytest

from agents.api.pages import paths
from tests.api.pages.browser import rules
from tests.api.pages.browser.chromium import PHONE, Chromium, Window
from tests.api.pages.browser.crawl import Found, crawl, sample
from tests.api.pages.browser.hostile import LONG, harmless, hostile, keep, said
from tests.api.pages.site import Shown, Site, site
from tests.drill import rounds

MEETING, SECOND = "20261123-said-0001", "20261123-said-0002"
EVERY = 10_000
LARGEST = 200_000
SEEDS = (
    paths.HOME,
    paths.meeting(MEETING),
    paths.search("word1"),
    paths.search("<script>alert(1)</script> word1 \u202e \x00 {{7*7}}"),
    paths.compare(MEETING, SECOND),
)

_SEEN = "() => [...document.querySelectorAll('*')].map((one) => [one.localName, one.getAttributeNames().sort().join()])"


def elements(shown: Shown) -> set[str]:
    """The elements of a page, each with the names of its attributes."""
    return {f"{name}[{','.join(sorted(own))}]" for name, own in shown.elements}


def elements_of(pages: Site, found: Iterable[Found]) -> set[str]:
    """The elements of some pages."""
    return {each for one in found for each in elements(_read(pages, one))}


def stored(hostilely: bool) -> None:
    """Store two meetings."""
    word = hostile() if hostilely else harmless()
    for meeting in (MEETING, SECOND):
        keep(word, meeting)


def test_words_never_become_elements(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No page has an element, or one with other attributes, that pages have not with harmless words of the same kind; no
    address in them is a script or leads elsewhere.
    """
    seen: list[set[str]] = []
    for hostilely in (False, True):
        monkeypatch.setenv("AGENTS_DATA_FOLDER", str(tmp_path_factory.mktemp("data")))
        stored(hostilely)
        with site(api_rate=EVERY) as pages:
            found = crawl(pages, SEEDS)
            seen.append(elements_of(pages, found))
            assert {one.path: _addresses(pages, one) for one in found if _addresses(pages, one)} == {}
    plain, nasty = seen
    assert nasty - plain == set()


def test_words_never_do_anything(chromium: Chromium) -> None:
    """In a browser, words open no dialog, load nothing and break no page on a phone; without the script of the pages,
    the browser finds the elements that the server wrote.
    """
    stored(hostilely=True)
    wrong: dict[str, list[str]] = {}
    with (
        site(api_rate=EVERY) as pages,
        chromium.window(pages.url, PHONE) as window,
        chromium.window(pages.url, PHONE, script=False) as still,
    ):
        for one in sample((found for found in crawl(pages, SEEDS) if found.status == 200), rounds(2, 30)):
            window.open(one.path)
            still.open(one.path)
            if faults := [*_read_otherwise(pages, still, one), *rules.fitting(window.page), *window.problems]:
                wrong[one.path] = faults
            window.problems.clear()
    assert wrong == {}, rules.told(wrong)


def test_a_line_of_100_kb_changes_nothing(chromium: Chromium) -> None:
    """A line of 100 kB without a blank, said in a turn and stored in a document, is cut or wrapped: no page is larger
    than 200 kB, and none scrolls sideways.
    """
    word = harmless()
    texts = iter([word() for _ in range(500)])
    long_at = {40, 60}  # a line of the document, and a risk
    numbers = iter(range(500))
    keep(word, MEETING, said(lambda: next(texts) + (LONG if next(numbers) in long_at else ""), MEETING))
    keep(harmless(), SECOND)
    wrong: dict[str, list[str]] = {}
    with site(api_rate=EVERY) as pages, chromium.window(pages.url, PHONE) as window:
        found = [one for one in crawl(pages, SEEDS) if one.status == 200]
        assert any("w" * 1000 in pages.client.get(one.path).text for one in found)
        for one in found:
            if one.size > LARGEST:
                wrong[one.path] = [f"{one.size} bytes"]
        for one in sample(sorted(found, key=lambda each: -each.size)):
            window.open(one.path)
            if faults := rules.fitting(window.page):
                wrong.setdefault(one.path, []).extend(faults)
    assert wrong == {}, rules.told(wrong)


def _read_otherwise(pages: Site, window: Window, one: Found) -> list[str]:
    """The elements that a browser finds on a page besides those that the server wrote."""
    written = elements(_read(pages, one))
    seen = {f"{name}[{own.lower()}]" for name, own in window.page.evaluate(_SEEN)}
    return [f"an element that was not written: {each}" for each in sorted(seen - written)]


def _addresses(pages: Site, one: Found) -> list[str]:
    """Addresses on a page that lead elsewhere."""
    given = [own for _, own in _read(pages, one).elements]
    every = [own.get(name) or "" for own in given for name in ("href", "src", "action", "formaction") if name in own]
    return [address for address in every if not address.startswith(("/", "#")) or address.startswith("//")]


def _read(pages: Site, one: Found) -> Shown:
    return Shown(pages.client.get(one.path, headers={"Accept": "text/html"}).text)
