"""The votes of a ballot that is not over, which no page shows."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from agents.meeting.journal import Event, Kind
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import keep, keep_rich, site
from tests.meeting.rooms import hold, spec_for

PAGES = ("", "/minutes", "/entries", "/entries/D1", "/share")
SECRET = ("has reasons", "no quorum")
"""What only the votes say."""


def voting(votes: int, status: str = "running") -> tuple[str, list[Event]]:
    """Store a meeting in which some of the four have voted; its id, and the events that are missing."""
    events, _ = hold(spec_for())
    end = [place for place, event in enumerate(events) if event.kind == Kind.BALLOT][votes - 1] + 1
    with AgentOrchestrator() as orchestrator:
        return keep(orchestrator, events[:end], status=status), events[end:]


@pytest.mark.parametrize("votes", [1, 3])
def test_no_page_shows_a_vote_before_all_have_voted(votes: int) -> None:
    """Minutes, entries, comparison, search and files say that the vote is not over, and not how anybody voted."""
    meeting, _ = voting(votes)
    other = keep_rich()
    with site() as pages:
        for part in PAGES:
            told = pages.get(f"/meetings/{meeting}{part}").text
            assert not [words for words in SECRET if words in told], part
        assert "The vote is not over" in pages.get(f"/meetings/{meeting}/minutes").text
        assert "when the vote is over" in pages.get(f"/meetings/{meeting}/share").text
        compared = pages.get(f"/compare?a={meeting}&b={other}").text
        assert "has reasons" not in compared
        for form in ("html", "json", "transcript", "chained"):
            refused = pages.get(f"/meetings/{meeting}/file?form={form}", 409)
            assert "nobody may see a vote" in refused.text


def test_all_votes_are_open_when_all_have_voted() -> None:
    """After the last vote the minutes have every vote with its reason, and files are there."""
    meeting, rest = voting(3)
    with site() as pages:
        assert "has reasons" not in pages.get(f"/meetings/{meeting}/minutes").text
        with AgentOrchestrator() as orchestrator:
            last = rest[0]
            orchestrator.meetings.journal(meeting).append_all([(last.kind, last.key, last.data)])
        told = pages.get(f"/meetings/{meeting}/minutes").text
        assert told.count("has reasons") >= 4
        assert "The vote is not over" not in told
        assert pages.client.get(f"/meetings/{meeting}/file").status_code == 200


def test_a_cancelled_meeting_hides_no_vote() -> None:
    """Where nobody votes any more, the votes that were given are open."""
    meeting, _ = voting(2, "abandoned")
    with site() as pages:
        assert "has reasons" in pages.get(f"/meetings/{meeting}").text


def test_no_page_shows_a_view_before_the_person_has_given_one() -> None:
    """The minutes so far, their entries, their files and the search have what others said alone only when the person
    has answered, too.
    """
    events, _ = hold(spec_for())
    spec = spec_for()
    spec = replace(spec, seats=tuple(replace(seat, human=seat == spec.seats[-1]) for seat in spec.seats))
    turns = [place for place, event in enumerate(events) if event.kind == Kind.TURN and event.phase == "silent_round"]
    mine = next(place for place in turns if events[place].speaker == spec.person)
    others = [events[place] for place in turns if place != mine][:2]
    before = [replace(events[0], data=spec.as_dict()), *(event for event in events[1 : turns[0]]), *others]
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, before, status="running")
    secret = [event.data["text"].splitlines()[0].partition(": ")[2] for event in others]
    with site() as pages:
        for part in PAGES:
            if part == "/entries/D1":
                continue
            told = pages.get(f"/meetings/{meeting}{part}").text
            assert not [words for words in secret if words in told], part
        assert "when the person has answered" in pages.get(f"/meetings/{meeting}/share").text
        assert "before the person" in pages.get(f"/meetings/{meeting}/file?form=html", 409).text
        looked_for = "/search?q=" + quote(secret[0])
        assert "Said in meetings" not in pages.get(looked_for).text
        with AgentOrchestrator() as orchestrator:
            own = events[mine]
            orchestrator.meetings.journal(meeting).append_all([(own.kind, own.key, own.data)])
        for part in ("", "/minutes"):
            told = pages.get(f"/meetings/{meeting}{part}").text
            assert [words for words in secret if words in told] == secret, part
        assert "Said in meetings" in pages.get(looked_for).text
