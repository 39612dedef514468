"""Links from other pages into the minutes of a long meeting, which are shown in parts."""

from urllib.parse import unquote, urldefrag

from agents.orchestrator import AgentOrchestrator
from tests.api.pages.long_meetings import long_events
from tests.api.pages.site import keep, site


def test_a_link_leads_to_the_part_that_has_its_place() -> None:
    """From the lines of a document, from what a search finds and from a comparison, one click shows the turn or the
    entry, in whichever part of the minutes and of the transcript it stands.
    """
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, long_events(turns=150, lines=30, filler="and more words of this turn. " * 20))
        other = keep(orchestrator, long_events(turns=3), "20261124-short-0001")
    own = f"/meetings/{meeting}/minutes"
    with site() as pages:
        one = pages.get(own)
        assert [nav for nav in one.all("nav") if str(nav.get("aria-label")).startswith("Parts of")]
        seen, elsewhere = set(), set()
        for path in (f"/meetings/{meeting}/documents/1", "/search?q=words", f"/compare?a={other}&b={meeting}"):
            links = {str(own_["href"]) for own_ in pages.get(path).all("a") if str(own_.get("href")).startswith(own)}
            for link in sorted(links)[:40]:
                address, anchor = urldefrag(link)
                if anchor:
                    assert unquote(anchor) in pages.get(address).ids(), link
                    seen.add(path)
                    elsewhere |= {anchor} - {*one.ids()}
        assert len(seen) == 3
        assert elsewhere


def test_a_place_that_is_nowhere_shows_the_first_part() -> None:
    """An address with a place that the minutes do not have, or with a part, is that of a page all the same."""
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, long_events(turns=150, filler="and more words of this turn. " * 20))
    with site() as pages:
        assert "T1" in pages.get(f"/meetings/{meeting}/minutes?at=nix").ids()
        assert "T1" not in pages.get(f"/meetings/{meeting}/minutes?at=T1&turns=2").ids()
