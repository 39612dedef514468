"""Words that no line can hold, such as the addresses that models write: no page is wider than its window for them."""

from typing import Any

from agents.orchestrator import AgentOrchestrator
from tests.api.pages.browser import rules
from tests.api.pages.browser.chromium import LAPTOP, WIDTHS, Chromium
from tests.api.pages.site import keep, site
from tests.export.meetings import TOPICS, rich_journal

WORD = "W" * 180
SAID = (*TOPICS, "the log-in under load", "one server fails and everybody", "two servers are enough", "Redis server")
"""Words of topics, actions, risks, reasons and the document."""
IDS = ("20261124-long-0001", "20261124-long-0002")


def changed(value: Any) -> Any:
    """Values of a journal with a long word in many places."""
    if isinstance(value, dict):
        return {name: changed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [changed(each) for each in value]
    if isinstance(value, str):
        for words in SAID:
            value = value.replace(words, WORD)
    return value


def test_words_without_end_fit_into_every_window(chromium: Chromium) -> None:
    """Neither a page nor a pane scrolls sideways, at any width, for a meeting that has ended and one that is parked."""
    events = [(event.kind, event.key, changed(dict(event.data))) for event in rich_journal().events()]
    journal = rich_journal().__class__()
    for kind, key, data in events:
        journal.append(kind, key, data)
    with AgentOrchestrator() as orchestrator:
        for meeting, status in zip(IDS, ("closed", "running"), strict=True):
            keep(orchestrator, journal.events(), meeting, status)
    own, parked = (f"/meetings/{meeting}" for meeting in IDS)
    parts = ("", "/documents/1", "/share", "/entries", "/entries/1.AC1")
    wrong = {}
    with site() as pages, chromium.window(pages.url, LAPTOP) as window:
        for path in ("/", *(f"{own}{part}" for part in parts), parked, "/compare?a={}&b={}".format(*IDS)):
            window.open(path)
            for width in WIDTHS:
                window.resize(width)
                if found := rules.fitting(window.page):
                    wrong[f"{path} {width}"] = found
    assert wrong == {}, rules.told(wrong)
