"""Pages in the colours of a person's own, in which every border is drawn."""

from tests.api.pages.browser.chromium import LAPTOP, Chromium
from tests.api.pages.site import keep_rich, site

_CANVAS = """(selector) => {
  const ground = document.createElement('i');
  ground.style.color = 'Canvas';
  document.body.append(ground);
  const canvas = getComputedStyle(ground).color;
  ground.remove();
  return [...document.querySelectorAll(selector)].map((one) => {
    const style = getComputedStyle(one);
    return [style.borderBottomColor, style.borderLeftColor].map((each) => each === canvas);
  });
}"""
"""Whether the line below an element, and the one before it, have the colour of the page."""


def test_only_the_chosen_page_is_marked_in_own_colors(chromium: Chromium) -> None:
    """The navigation underlines the page that is open alone; a line of a document that nothing is known of has no mark,
    and a cited one has.
    """
    meeting = keep_rich()
    with site() as pages, chromium.window(pages.url, LAPTOP, forced_colors="active") as window:
        window.open("/")
        assert [below for below, _ in window.page.evaluate(_CANVAS, ".top a")] == [False, True, True, True]
        window.open(f"/meetings/{meeting}/documents/1")
        unmarked = "#L2 > .text"
        assert [before for _, before in window.page.evaluate(_CANVAS, unmarked)] == [True]
        assert [before for _, before in window.page.evaluate(_CANVAS, ".lines .cited > .text")] == [False]
