"""What every page must be: rules for accessibility (axe), for its outline, and for what fits into its window."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
BAD = {"serious", "critical"}
_WANTED = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"

_OUTLINE = """() => {
  const found = [];
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  const double = ids.filter((one, at) => ids.indexOf(one) !== at);
  if (double.length) found.push('ids that are not unique: ' + [...new Set(double)].slice(0, 5));
  const known = new Set(ids);
  for (const link of document.querySelectorAll('a[href]')) {
    const to = new URL(link.href, location.href);
    if (to.origin !== location.origin) found.push('a link elsewhere: ' + link.href);
    if (to.hash && to.pathname === location.pathname && to.search === location.search) {
      if (!known.has(decodeURIComponent(to.hash.slice(1)))) found.push('no target: ' + to.hash);
    }
  }
  const naming = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'list', 'form'];
  for (const name of naming) for (const one of document.querySelectorAll('[' + name + ']')) {
    for (const id of one.getAttribute(name).split(/\\s+/)) if (!known.has(id)) found.push(name + ' of nothing: ' + id);
  }
  for (const one of document.querySelectorAll('[data-narrows]')) {
    if (!document.querySelector(one.dataset.narrows)) found.push('narrows nothing: ' + one.dataset.narrows);
  }
  let before = 0;
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((one) => one.checkVisibility());
  for (const one of headings) {
    const level = Number(one.tagName[1]);
    if (level > before + 1) found.push('a heading leaves out a level: ' + one.tagName + ' ' + one.textContent.slice(0, 60));
    before = level;
  }
  const titles = headings.filter((one) => one.tagName === 'H1');
  if (titles.length !== 1) found.push('headings of level 1: ' + titles.length);
  for (const one of document.querySelectorAll('*')) for (const own of one.attributes) {
    if (own.name === 'style' || own.name.startsWith('on')) found.push('attribute ' + own.name + ' of ' + one.tagName);
  }
  return [...new Set(found)];
}"""

_FITS = """() => {
  const found = [];
  const named = (one) => one.tagName.toLowerCase() + (one.id ? '#' + one.id : '') + (one.className && one.className.baseVal === undefined ? '.' + one.className : '');
  const sheet = document.scrollingElement;
  if (sheet.scrollWidth > innerWidth) {
    const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    found.push('the page scrolls sideways: ' + sheet.scrollWidth + ' > ' + innerWidth + ', by ' + wide.slice(0, 6).map(named));
  }
  const aside = (one) => {
    if (one.closest('.skip, svg, [hidden], input, select, textarea')) return true;
    for (let each = one; each; each = each.parentElement) if (getComputedStyle(each).clipPath !== 'none') return true;
    return false;
  };
  for (const one of document.body.querySelectorAll('*')) {
    if (aside(one) || !one.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(one);
    if (one.matches('.pane') && style.overflowX !== 'hidden' && one.scrollWidth > one.clientWidth + 1) {
      found.push('a pane scrolls sideways: ' + named(one));
    }
    if (one.matches('.live .words')) continue;  // the last words of who speaks: the transcript has all of them
    const cut = (value) => value === 'hidden' || value === 'clip';
    if (cut(style.overflowX) && one.scrollWidth > one.clientWidth + 1) found.push('cut off at the side: ' + named(one));
    if (cut(style.overflowY) && one.scrollHeight > one.clientHeight + 1) found.push('cut off below: ' + named(one));
    const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    let scrolls = false;
    for (let each = one.parentElement; each && each !== document.body; each = each.parentElement) {
      scrolls = scrolls || ['auto', 'scroll'].includes(getComputedStyle(each).overflowY);
    }
    if (!own || scrolls) continue;
    const box = one.getBoundingClientRect();
    if (box.width && (box.right + scrollX <= 0 || box.bottom + scrollY <= 0)) found.push('out of reach: ' + named(one) + ' ' + one.textContent.slice(0, 40));
  }
  return [...new Set(found)].slice(0, 12);
}"""

_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none';
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0;
  const name = one.tagName.toLowerCase() + ' ' + (one.getAttribute('aria-label') || one.textContent || one.name || '').trim().slice(0, 40);
  return {name, shown, inside, number: [...document.querySelectorAll('*')].indexOf(one)};
}"""


def accessibility(page: Page) -> list[str]:
    """What axe finds on a page that is serious or critical; what is moderate is printed."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(_WANTED)
    told = [f"{one['impact']} {one['id']}: {_where(one)}" for one in found]
    for one, words in zip(found, told, strict=True):
        if one["impact"] not in BAD:
            print(words)  # noqa: T201 - pytest shows it with a failure, or with -rP
    return [words for one, words in zip(found, told, strict=True) if one["impact"] in BAD]


def outline(page: Page) -> list[str]:
    """What is wrong with the names, links and headings of a page."""
    return list(page.evaluate(_OUTLINE))


def fitting(page: Page) -> list[str]:
    """What does not fit into the window, or cannot be reached in it."""
    return list(page.evaluate(_FITS))


def focus(page: Page, most: int = 60) -> list[str]:
    """Where the focus cannot be seen, while a person goes through the page with the key Tab.

    Args:
        page: the page.
        most: how often Tab is pressed at most.
    """
    found, seen = [], set[int]()
    for _ in range(most):
        page.keyboard.press("Tab")
        one = page.evaluate(_FOCUSED)
        if one is None or one["number"] in seen:
            break
        seen.add(one["number"])
        found += [f"the focus is not seen on {one['name']}"] if not one["shown"] else []
        found += [f"the focus is outside the window on {one['name']}"] if not one["inside"] else []
    return found if seen else ["no element takes the focus"]


def told(wrong: Mapping[str, Sequence[str]]) -> str:
    """What is wrong on which page, a line each, for the message of a test."""
    return "\n".join(f"{path}: {fault}" for path, faults in wrong.items() for fault in faults)


def _where(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    shown = "; ".join(f"{node['html'][:120]} ({' '.join(node['failureSummary'].split())[:200]})" for node in nodes[:3])
    return f"{len(nodes)} x {shown}"
