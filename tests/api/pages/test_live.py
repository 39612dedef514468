"""The page of a meeting while it is held, computed from its events."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from agents.api.pages.live.floor import Floor
from agents.api.pages.live.page import left, ordinal
from agents.api.pages.live.seats import MORE, MOST_WORDS
from agents.documents import Document
from agents.export.html_tags import lines
from agents.meeting.close_reading.pairs import MARKS, Mark, Pair
from agents.meeting.journal import Event, Kind, MemoryJournal, live_event
from agents.meeting.progress import Board
from agents.meeting.record import Seat
from agents.meeting.spec import MeetingSpec
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import Shown, keep, site
from tests.export.meetings import rich_journal
from tests.meeting.rooms import hold, sensible, spec_for

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> javascript:alert(1) \x1b[31mred\x1b[0m \u202egnp.exe"


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now


def floor_of(spec: MeetingSpec, *events: Event) -> Floor:
    """A floor that has taken in some events."""
    floor = Floor(spec, Clock())
    for event in events:
        floor.take(event)
    return floor


def all_of(floor: Floor) -> str:
    """All that the page shows of a floor."""
    parts = (*floor.regions().values(), *(piece.markup for piece in floor.said))
    return "\n".join([*parts, *(words.text for words in floor.words().values())])


def stored(number: int, kind: Kind, data: Mapping[str, Any]) -> Event:
    """A stored event."""
    return Event(number, "2026-12-01T09:00:00.000Z", kind, f"{number}", data)


def turn(number: int, speaker: str, text: str, phase: str = "silent_round", position: str | None = None) -> Event:
    """A stored turn."""
    numbers = {"reply_tokens": 120.0, "reply_seconds": 4.0}
    data = {"id": f"T{number}", "key": f"1.{phase}.{speaker}", "topic": 1, "phase": phase, "speaker": speaker,
            "text": text, "position": position, "numbers": numbers}  # fmt: skip
    return stored(number, Kind.TURN, data)


def ballot(number: int, speaker: str, vote: str, reason: str = "") -> Event:
    """A stored vote."""
    data = {"topic": 1, "speaker": speaker, "vote": vote, "reason": reason, "would_change": "", "key": f"1.ballot.{speaker}",
            "phase": "ballot", "numbers": {}}  # fmt: skip
    return stored(number, Kind.BALLOT, data)


def test_words_arrive_side_by_side_and_a_finished_turn_takes_their_place() -> None:
    """Two who speak at once have words of their own, a pace that is measured once a second, and then a turn with a
    position, its own link and what the server measured.
    """
    spec, clock = spec_for(), Clock()
    floor = Floor(spec, clock)
    one, other = spec.speakers[:2]
    for kind, who, text in (
        (Kind.ASKED, one, ""),
        (Kind.ASKED, other, ""),
        (Kind.TEXT, one, "Risk: "),
        (Kind.TEXT, other, "No."),
    ):
        floor.take(live_event(Kind.PHASE, 1, "silent_round"))
        floor.take(live_event(kind, 1, "silent_round", who, text))
    assert "Solutions Architect and Backend Developer have the floor." in floor.regions()["now"]
    clock.now = 2.0
    floor.take(live_event(Kind.TEXT, 1, "silent_round", one, "the cutover has no way back."))
    assert floor.words()[f"words-{one}"].text == "Risk: the cutover has no way back."
    assert floor.words()[f"words-{other}"].text == "No."
    assert "tokens/s" in floor.regions()[f"seat-{one}"]
    assert floor.said == []
    floor.take(turn(1, one, "Risk: the cutover has no way back.", position="against"))
    head = Shown(floor.regions()[f"seat-{one}"])
    assert head.text == "Solutions Architect leads has spoken against T1 30 tokens/s"
    assert floor.words()[f"words-{other}"].text == "No."
    shown = Shown(floor.said[-1].markup)
    assert shown.ids() == ["T1"]
    assert shown.all("a", href=f"/meetings/{spec.id}#T1")


def test_who_changes_position_has_both_in_the_card() -> None:
    """The position before and the one now are shown; a reply that only repeats a position moves nobody."""
    spec = spec_for()
    who = spec.speakers[1]
    floor = floor_of(spec, turn(1, who, "It works.", position="for"), turn(2, who, "REBUT: no.", "exchange", "against"))
    assert "moved" not in floor.regions()[f"seat-{who}"]
    floor.take(turn(3, who, "REVISE: T2 is right.", "exchange", "against"))
    assert "for against moved" in Shown(floor.regions()[f"seat-{who}"]).text


def test_a_long_answer_is_cut_while_it_arrives() -> None:
    """At most 4,000 characters of an answer that arrives are kept, with a word that there is more."""
    spec = spec_for()
    floor = floor_of(spec, *(live_event(Kind.TEXT, 1, "open_round", spec.speakers[0], "x" * 700) for _ in range(200)))
    assert floor.words()[f"words-{spec.speakers[0]}"].text == "x" * MOST_WORDS + MORE


def test_hostile_words_are_only_words() -> None:
    """Markup, escape sequences and marks that turn text around are shown as text or not at all, in turns, notes, titles
    and words that arrive.
    """
    spec = spec_for(topics=(HOSTILE, "And?"))
    spec = replace(spec, seats=(Seat("cto", HOSTILE, ""), *spec.seats))
    floor = floor_of(
        spec,
        live_event(Kind.TEXT, 1, "open_round", "cto", HOSTILE),
        turn(1, "cto", HOSTILE),
        stored(2, Kind.NOTE, {"topic": 1, "text": HOSTILE}),
        stored(3, Kind.ABSENCE, {"speaker": "cto", "topic": 1, "phase": "open_round", "cause": HOSTILE}),
        live_event(Kind.NOTE, 0, text=HOSTILE),
    )
    markup = lines(*floor.regions().values(), *(piece.markup for piece in floor.said))
    assert {name for name, _ in Shown(markup).elements} <= {"p", "strong", "span", "ol", "li", "h3", "h4", "div", "a"}
    assert not [key for _, own in Shown(markup).elements for key in own if key.startswith("on")]
    assert not re.search("[\x1b\u202e]", all_of(floor))


@pytest.mark.parametrize("end", ["last vote", "absent", "later turn", "closed"])
def test_votes_are_sealed_until_they_are_opened_together(end: str) -> None:
    """While votes come in, only who has voted is shown. They are opened when all have voted or are absent, or when
    something later happens, with counts, rule, reasons, and who gave none.
    """
    spec = spec_for()
    first, *others, last = spec.speakers
    put = stored(1, Kind.PUT_TO_VOTE, {"topic": 1, "turn": "T1", "choice": "go ahead", "text": "We move."})
    floor = floor_of(spec, put)
    other = floor_of(spec, put)
    for number, who in enumerate((first, *others), 2):
        floor.take(ballot(number, who, "object" if who == first else "support", f"secret reason of {who}"))
        other.take(ballot(number, who, "abstain"))
        floor.take(live_event(Kind.TEXT, 1, "ballot", last, "secret words"))
        assert all_of(floor) == all_of(other)
    assert "3 of 4 have voted" in floor.regions()["vote"]
    assert floor.said == []
    floor.take(stored(5, Kind.NOTE, {"topic": 0, "text": "Another model answers from here on."}))
    floor.take(
        stored(6, Kind.LEFT_OUT, {"topic": 1, "phase": "ballot", "speaker": first, "labels": ["reason"], "why": "it"})
    )
    assert "secret" not in all_of(floor)
    ending = {
        "last vote": ballot(7, last, "abstain"),
        "absent": stored(
            7, Kind.ABSENCE, {"speaker": last, "topic": 1, "phase": "ballot", "cause": "no readable vote"}
        ),
        "later turn": turn(7, first, "Well.", phase="word_1_minutes"),
        "closed": stored(7, Kind.CLOSING, {"at": "2026-12-01T10:00:00Z"}),
    }
    floor.take(ending[end])
    opened = next(piece for piece in floor.said if piece.place == "votes-1")
    shown = Shown(opened.markup).text
    assert "We move." in shown
    assert f'objects: "secret reason of {first}"' in shown
    assert "2 for" in shown
    assert "1 against" in shown
    assert ("abstains" if end == "last vote" else "gave no vote") in shown
    assert "Consent" in shown
    assert any(sentence.startswith("The votes are open: 2 for, 1 against") for _, sentence in floor.news)
    assert "vote: object" in Shown(floor.regions()[f"seat-{first}"]).text
    again = len(floor.said)
    floor.take(stored(8, Kind.CLOSING, {"at": ""}))
    assert len(floor.said) == again


def test_a_page_that_is_opened_late_shows_who_speaks() -> None:
    """What no journal has, the phase and who is asked or speaks, is taken over from the progress of the meeting."""
    spec = spec_for()
    board = Board(spec, lambda: 0.0)
    for event in (
        live_event(Kind.TOPIC, 1, text="Shall we?"),
        live_event(Kind.PHASE, 1, "exchange"),
        live_event(Kind.ASKED, 1, "exchange", spec.speakers[0]),
        live_event(Kind.TEXT, 1, "exchange", spec.speakers[1], "I see "),
    ):
        board.update(event)
    floor = floor_of(spec, turn(1, spec.speakers[0], "Before."))
    for _ in range(2):
        floor.look_at(board)
        now = floor.regions()["now"]
        assert Shown(now).all("li", aria_current="step")
        assert "Backend Developer has the floor. Solutions Architect is asked." in now
        assert floor.words()[f"words-{spec.speakers[1]}"].text == "I see "
        board.update(live_event(Kind.TEXT, 1, "exchange", spec.speakers[1], ""))


def test_a_resumed_meeting_does_not_go_back() -> None:
    """The phases that a resumed meeting goes through again change nothing on the page."""
    spec = spec_for(topics=("One?", "Two?"))
    events, _ = hold(spec)
    floor = floor_of(spec, *events)
    before = {name: str(markup) for name, markup in floor.regions().items()}
    for topic in (1, 2):
        floor.take(live_event(Kind.TOPIC, topic))
        for phase in ("silent_round", "ballot"):
            floor.take(live_event(Kind.PHASE, topic, phase))
    assert before == {name: str(markup) for name, markup in floor.regions().items()}
    assert [piece.place for piece in floor.said if piece.place.startswith("topic")] == ["topic-1", "topic-2"]
    assert len({piece.place for piece in floor.said}) == len(floor.said)


def test_what_is_not_heard_here_is_not_said() -> None:
    """Of a meeting whose live events are not heard here, the page does not say that nobody has the floor."""
    floor = floor_of(spec_for(), turn(1, "cto", "We move."))
    assert "Nobody has the floor." in floor.regions()["now"]
    floor.watch("Each turn appears here when it is done.")
    assert "Nobody has the floor." not in floor.regions()["now"]
    assert "Each turn appears here when it is done." in floor.regions()["now"]
    floor.take(live_event(Kind.ASKED, 1, "silent_round", "cto"))
    assert "Each turn appears" not in floor.regions()["now"]


def test_a_change_names_the_sentence_that_it_is_about() -> None:
    """Above what a role would change stand the line of the document, linked, its words, and why it was found; and until
    then the page says that the documents are searched.
    """
    spec = spec_for(documents=(Document("plan.md", "We go.\nThere is no time-out."),))
    mark = Mark(
        Pair("cto", "A call has no deadline.", "plan.md", 2, 2, "There is no time-out.", shown=True), 1.0, "change1"
    )
    floor = floor_of(spec, live_event(Kind.TOPIC, 1), live_event(Kind.PHASE, 1, "close_reading"))
    assert "The documents are searched for places to look at." in floor.regions()["now"]
    marks = {"topic": 1, "name": MARKS, "speaker": "scribe", "answer": [mark.as_dict()]}
    floor.take(stored(1, Kind.STRUCTURED, marks))
    said = turn(2, "cto", "Change: Add one.", phase="close_reading")
    floor.take(replace(said, data={**said.data, "key": "1.close_reading.cto.change1"}))
    shown = Shown(floor.said[-1].markup)
    assert "On plan.md:2 \u201cThere is no time-out.\u201d: A call has no deadline. Change: Add one." in shown.text
    assert shown.all("a", href=f"/meetings/{spec.id}/documents/1?from=2#L2")


@pytest.mark.parametrize(
    ("before", "between", "first"),
    [("", "", "silent_round"), ("", "answer_1_silent_round", "digest"), ("silent_round", "more_1_digest", "exchange")],
)
def test_the_next_pause_comes_after_the_one_in_which_a_question_is_answered(
    before: str, between: str, first: str
) -> None:
    """What is said while a person's question is answered is heard one phase later."""
    board = Board(spec_for(), lambda: 0.0)
    board.update(live_event(Kind.TOPIC, 1))
    for phase in filter(None, (before, between)):
        board.update(live_event(Kind.PHASE, 1, phase))
    assert board.after_pause[0] == first


def test_an_event_that_is_known_changes_nothing() -> None:
    """The same floor comes of events that are given twice, and only what changed is made anew."""
    events, _ = hold(spec_for())
    once, twice = floor_of(spec_for(), *events), floor_of(spec_for(), *(each for one in events for each in (one, one)))
    assert all_of(once) == all_of(twice)
    regions = dict(once.regions())
    once.take(live_event(Kind.ASKED, 1, "exchange", "data_engineer"))
    changed = {name for name, markup in once.regions().items() if markup is not regions[name]}
    assert changed == {"now", "seat-data_engineer"}


HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@pytest.fixture
def parked() -> str:
    """A meeting with one of everything that was interrupted."""
    with AgentOrchestrator() as orchestrator:
        return keep(orchestrator, rich_journal().events(), "20261123-parked-0001", status="running")


def test_an_interrupted_meeting_can_be_read_and_resumed(parked: str) -> None:
    """Everything that was said is there without a script, with links to its turns and to the minutes so far, and a
    button that goes on; nothing is followed, so no script loads the page again and again.
    """
    with site() as pages:
        shown = pages.get(f"/meetings/{parked}")
        assert "is parked" in shown.text
        assert {"T1", "T5", "votes-1"} <= set(shown.ids())
        assert len(shown.ids()) == len(set(shown.ids()))
        assert shown.all("form", action=f"/meetings/{parked}/start", method="post")
        assert shown.all("a", href=f"/meetings/{parked}/minutes")
        assert shown.all("a", href=f"/meetings/{parked}")
        assert not [own for _, own in shown.elements if "data-stream" in own]


def test_the_headings_of_a_vote_leave_out_no_level(parked: str) -> None:
    """Who goes through a page by its headings finds the vote below the title, and no gap above it."""
    with site() as pages:
        levels = [int(name[1]) for name, _ in pages.get(f"/meetings/{parked}").elements if name in HEADINGS]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_of_a_long_meeting_is_small() -> None:
    """With hundreds of long turns the page has the last of them, and a link to all."""
    journal, spec = MemoryJournal(), spec_for()
    journal.append(Kind.SPEC, "called", spec.as_dict())
    for number in range(1, 1500):
        one = turn(number, spec.speakers[number % 4], f"{number} " + "<b>long</b> words " * 60)
        journal.append(one.kind, f"1.open_round.{number}", one.data)
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, journal.events(), status="running")
    with site() as pages:
        answer = pages.client.get(f"/meetings/{meeting}")
        assert len(answer.content) <= 200_000
        shown = Shown(answer.text)
        assert "T1499" in shown.ids()
        assert "T1" not in shown.ids()
        assert "last part" in shown.text


def test_numbers_are_said_in_words() -> None:
    """Places in the queue and the time that is left are said as people say them."""
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd",
    ]  # fmt: skip
    assert [left(seconds) for seconds in (5, 65, 600, 4000)] == [
        "less than a minute left", "about 1 minute left", "about 10 minutes left", "about 1 h 07 min left",
    ]  # fmt: skip


def held_events() -> Iterator[Event]:
    """The events of a small meeting."""
    yield from hold(spec_for(), sensible)[0]


def test_everything_that_was_said_is_shown_once_and_in_order() -> None:
    """A whole meeting has each turn once, in the order of its events, and one heading for each phase with turns."""
    events = [*held_events()]
    floor = floor_of(spec_for(), *events)
    turns = [event.data["id"] for event in events if event.kind == Kind.TURN]
    assert [piece.place for piece in floor.said if piece.place.startswith("T")] == turns
    headings = [Shown(piece.markup).text for piece in floor.said if piece.place.startswith("phase")]
    assert headings == ["Independent views", "Replies", "Proposal"]
    assert [piece.seq for piece in floor.said] == sorted(piece.seq for piece in floor.said)


def test_who_comes_during_a_vote_hears_no_vote() -> None:
    """Words of a vote that arrive are not taken over from the progress of the meeting, which has them."""
    spec = spec_for()
    who = spec.speakers[1]
    board = Board(spec, Clock())
    for event in (
        live_event(Kind.TOPIC, 1, ""),
        live_event(Kind.PHASE, 1, "ballot"),
        live_event(Kind.ASKED, 1, "ballot", who),
        live_event(Kind.TEXT, 1, "ballot", who, "OBJECT: it has no way back."),
    ):
        board.update(event)
    assert "way back" in board.rows[who].words
    floor = Floor(spec, Clock())
    floor.look_at(board)
    assert "way back" not in all_of(floor)
    assert "is asked" in Shown(floor.regions()[f"seat-{who}"]).text


def seated(topics: tuple[str, ...] = ("Shall we?",)) -> tuple[MeetingSpec, str, list[str]]:
    """A meeting with a person's seat; the person, and the others."""
    spec = spec_for(topics=topics)
    spec = replace(spec, seats=(*spec.seats[:-1], replace(spec.seats[-1], human=True)))
    return spec, spec.person, [name for name in spec.speakers if name != spec.person]


@pytest.mark.parametrize("end", ["answer", "absent", "later phase", "closed"])
def test_views_are_sealed_until_the_person_has_answered(end: str) -> None:
    """In a phase in which each speaks alone a person sees who has spoken, and neither words nor positions; they are
    opened together by the person's turn or absence, or by a later phase, with the number of that event.
    """
    spec, me, others = seated()
    floor, other = floor_of(spec), floor_of(spec)
    for each in (floor, other):
        each.take(live_event(Kind.TOPIC, 1))
        each.take(live_event(Kind.PHASE, 1, "silent_round"))
    for number, who in enumerate(others, 1):
        floor.take(live_event(Kind.TEXT, 1, "silent_round", who, "secret words"))
        other.take(live_event(Kind.TEXT, 1, "silent_round", who, "and so on"))
        assert all_of(floor) == all_of(other)
        assert "speaks" in Shown(floor.regions()[f"seat-{who}"]).text
        floor.take(turn(number, who, "secret turn", position="for" if number == 1 else "against"))
        other.take(turn(number, who, "something else"))
        assert all_of(floor) == all_of(other)
        assert "has spoken" in Shown(floor.regions()[f"seat-{who}"]).text
    assert "Shown when you have answered." in all_of(floor)
    assert floor.after(3) == len(floor.said)
    ending = {
        "answer": turn(4, me, "My own."),
        "absent": stored(
            4, Kind.ABSENCE, {"speaker": me, "topic": 1, "phase": "silent_round", "cause": "said nothing"}
        ),
        "later phase": turn(4, others[0], "Well.", "exchange"),
        "closed": stored(4, Kind.CLOSING, {"at": ""}),
    }
    floor.take(ending[end])
    opened = [piece.place for piece in floor.said[floor.after(3) :] if piece.place in {"T1", "T2", "T3"}]
    assert opened == ["T1", "T2", "T3"]
    assert "secret turn" in all_of(floor)
    assert "against" in Shown(floor.regions()[f"seat-{others[1]}"]).text
    assert "Shown when you have answered." not in all_of(floor)
    assert len({piece.place for piece in floor.said}) == len(floor.said)


def test_a_phase_in_which_the_person_is_not_asked_is_not_sealed() -> None:
    """Where each sees the others' answers, where the person has no position to reply with, and in answers to a question
    of the person, words are shown as they come; where the person has to reply, they are sealed.
    """
    spec, me, others = seated()
    floor = floor_of(
        spec,
        turn(1, others[0], "One.", position="for"),
        turn(2, others[1], "Two.", position="against"),
        stored(3, Kind.ABSENCE, {"speaker": me, "topic": 1, "phase": "silent_round", "cause": "said nothing"}),
    )
    for number, phase in enumerate(("exchange", "open_round", "answer_1_ballot"), 4):
        floor.take(turn(number, others[0], f"In {phase}.", phase))
        assert f"In {phase}." in all_of(floor)
    floor = floor_of(
        spec,
        turn(1, others[0], "One.", position="for"),
        turn(2, me, "Two.", position="against"),
        turn(3, others[0], "The reply.", "exchange"),
    )
    assert "The reply." not in all_of(floor)
    assert "The reply." in all_of(floor_of(replace(spec, seats=spec_for().seats), turn(1, me, "The reply.")))


def test_who_comes_late_sees_no_sealed_words() -> None:
    """Words of a sealed view are not taken over from the progress of the meeting, which has them."""
    spec, _, others = seated()
    board = Board(spec, Clock())
    for event in (
        live_event(Kind.TOPIC, 1, ""),
        live_event(Kind.PHASE, 1, "silent_round"),
        live_event(Kind.TEXT, 1, "silent_round", others[0], "It has no way back."),
    ):
        board.update(event)
    floor = Floor(spec, Clock())
    floor.look_at(board)
    assert "way back" not in all_of(floor)
    assert "speaks" in Shown(floor.regions()[f"seat-{others[0]}"]).text


def test_the_open_votes_are_on_every_page_that_links_to_them() -> None:
    """Where a page has only the last part of what was said, the open votes to which it links are there, too."""
    journal, spec = MemoryJournal(), spec_for()
    journal.append(Kind.SPEC, "called", spec.as_dict())
    for who in spec.speakers:
        journal.append(Kind.BALLOT, f"1.ballot.{who}", ballot(1, who, "support").data)
    for number in range(1, 400):
        one = turn(number, spec.speakers[number % 4], f"{number} " + "long words " * 60, phase="word_1_minutes")
        journal.append(one.kind, f"1.word_1_minutes.{number}", one.data)
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, journal.events(), status="running")
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}")
        assert "T1" not in shown.ids()
        assert shown.all("a", href="#votes-1")
        assert "votes-1" in shown.ids()
