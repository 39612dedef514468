"""The pages without their script: everything that a program finds in the minutes can be read."""

from collections.abc import Iterable, Iterator

import pytest

from agents.export.text import plain_lines
from agents.meeting.entry_names import entry_names
from agents.meeting.finding import Finding
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from agents.orchestrator import AgentOrchestrator
from agents.text import one_line
from tests.api.pages.browser import rules
from tests.api.pages.browser.chromium import LAPTOP, PHONE, Chromium, Window
from tests.api.pages.browser.crawl import crawl, sample
from tests.api.pages.browser.stored import RICH, keep_all
from tests.api.pages.site import site

_WORDS_OF_TURN = """(one) => {
  const copy = one.cloneNode(true);
  for (const back of copy.querySelectorAll('a.back')) back.remove();
  return copy.textContent;
}"""


def texts(minutes: Minutes) -> Iterator[str]:
    """What the minutes say, each text on one line."""
    for topic in minutes.topics:
        yield topic.topic.text
        yield topic.decision.text
        yield from (one.reason for one in topic.ballots)
        yield from (one.would_change for one in topic.dissent)
        yield from topic.notes
    yield from (one.cause for one in minutes.absent)
    for named in entry_names(minutes).values():
        if not isinstance(named.value, Finding) and not named.value.evidence:
            yield named.text


def seen(window: Window) -> str:
    """The words that can be read on a page, those of closed parts that a click opens too, in lower case."""
    window.page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    return " ".join(window.page.inner_text("body").split()).casefold()


def missing_in(shown: str, wanted: Iterable[str]) -> list[str]:
    """The texts that are not shown."""
    return [text for text in map(one_line, wanted) if text and text.casefold() not in shown]


@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_the_minutes_are_read_without_script(chromium: Chromium, width: int) -> None:
    """Decisions, reasons, causes and every word of every turn stand on the page of a meeting, and can be seen."""
    keep_all()
    with AgentOrchestrator() as orchestrator:
        minutes = build(orchestrator.meetings.journal(RICH).events())
    with site() as pages, chromium.window(pages.url, width, script=False) as window:
        window.open(f"/meetings/{RICH}")
        shown = seen(window)
        assert missing_in(shown, texts(minutes)) == []
        for turn in minutes.turns:
            place = window.page.locator(f"[id='{turn.id}']")
            said = " ".join(str(place.evaluate(_WORDS_OF_TURN)).split())
            assert missing_in(said.casefold(), plain_lines(turn.text)) == []
            assert place.is_visible()


def test_nothing_waits_for_the_script(chromium: Chromium) -> None:
    """Without the script every kind of page has a heading, no part that only a script would fill, and no control that
    does nothing: each button sends a form, and each field is part of one, or is a choice that the style heeds.
    """
    keep_all()
    wrong = {}
    with site(api_rate=10_000) as pages, chromium.window(pages.url, PHONE, script=False) as window:
        for one in sample(found for found in crawl(pages) if found.status == 200):
            window.open(one.path)
            idle = window.page.evaluate(
                """() => [...document.querySelectorAll('button, input, select, textarea')]
                  .filter((one) => one.checkVisibility() && !one.form && one.type !== 'radio' && one.type !== 'checkbox')
                  .map((one) => one.outerHTML.slice(0, 100))"""
            )
            if not window.page.locator("h1").is_visible():
                idle.append("no heading is seen")
            if idle:
                wrong[one.path] = idle
    assert wrong == {}, rules.told(wrong)
