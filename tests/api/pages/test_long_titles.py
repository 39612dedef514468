"""Topics as long as a form takes them: every page about their meeting stays small, and the plan has their words."""

from dataclasses import replace

import pytest

from agents.orchestrator import AgentOrchestrator
from tests.api.pages.planning import sent
from tests.api.pages.site import Site, keep, site
from tests.export.meetings import rich_journal
from tests.ollama_double import OllamaDouble

LARGEST = 200_000
"""The most bytes of a page."""
LONG = "Shall we & they " + "&" * 99_000


def kept(meeting: str, status: str, topics: int = 4) -> str:
    """Store the meeting with one of everything about long topics; returns the address of its page."""
    first, *others = rich_journal().events()
    first = replace(first, data={**first.data, "topics": [LONG[: 99_000 // topics]] * topics})
    with AgentOrchestrator() as orchestrator:
        return f"/meetings/{keep(orchestrator, [first, *others], meeting, status)}"


def sizes(pages: Site, *paths: str) -> dict[str, int]:
    """The bytes of each of these pages that has too many."""
    found = {path: len(pages.client.get(path).content) for path in paths}
    return {path: size for path, size in found.items() if size > LARGEST}


def test_pages_about_a_long_topic_are_small() -> None:
    """Pages name a meeting by the beginning of what it is about, however long that is."""
    done, parked = kept("20261124-long-0001", "closed"), kept("20261124-long-0002", "running")
    parts = ("", "/minutes", "/entries", "/entries/1.R1", "/documents/1", "/documents/1?line=1", "/share")
    with site() as pages:
        own = [f"{one}{part}" for one in (done, parked) for part in parts]
        two = "&".join(f"{side}={one.rsplit('/', 1)[1]}" for side, one in (("a", done), ("b", parked)))
        assert sizes(pages, "/", f"/compare?{two}", "/search?q=redis", *own) == {}
        assert "Shall we & they" in pages.get(f"{done}/documents/1").text


@pytest.mark.parametrize("topics", [1, 20])
def test_the_plan_of_long_topics_is_small(topics: int, ollama: OllamaDouble) -> None:
    """The plan has the beginning of each of its topics."""
    del ollama
    with site() as pages:
        plan = sent(pages, topics="\n".join([LONG[: 99_000 // topics]] * topics))
        assert sizes(pages, plan) == {}
        assert pages.get(plan).text.count("Shall we & they") > topics


def test_the_plan_has_all_words_of_a_topic() -> None:
    """A topic that is too long for the heading stands below it."""
    words = " ".join(f"word{number}" for number in range(200))
    with site(model_name="rehearsal") as pages:
        assert words in pages.get(sent(pages, topics=words)).text
