"""What a reader sees of each turn of a running meeting."""

import itertools

import pytest

from agents.cli.terminal.event_lines import EventLines, main_entry
from agents.meeting.codec import Recorded, entry_of
from agents.meeting.journal import Event, Kind, live_event
from agents.meeting.journal_values import Drop
from agents.meeting.progress import Board
from agents.meeting.prompts import FACT
from agents.meeting.record import Entry, Position, Turn
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator

TITLES = {"cto": "Chief Technology Officer", "qa_engineer": "QA Engineer"}
WORRY = "The table is dropped in step four, so there is no way back once the switch is done"
FIELDS = (
    Entry("Fact", "The plan has five steps"),
    Entry("Option", "Keep both"),
    Entry("Risk", WORRY),
    Entry("Position", "against"),
)


def stored(value: Recorded) -> Event:
    """An event with this value."""
    kind, data = entry_of(value)
    return Event(1, "", kind, "", data)


def turn(number: int = 7, phase: str = "silent_round", **fields: object) -> Turn:
    """A turn of the QA Engineer."""
    given: dict[str, object] = {"text": "", "position": Position.AGAINST, "entries": FIELDS, **fields}
    return Turn(f"T{number}", f"1.{phase}.qa_engineer", 1, phase, "qa_engineer", **given)  # type: ignore[arg-type]


def test_a_turn_shows_its_position_and_its_main_risk() -> None:
    """Not the first field of an answer, but what can go wrong."""
    assert EventLines(TITLES).lines(stored(turn())) == f"    T7 QA Engineer [against]: Risk: {WORRY}"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_turn_is_cut_at_the_terminals_width(width: int) -> None:
    """A wide terminal shows all of it on one line, a narrow one its speaker and as many words as fit below."""
    shown = EventLines(TITLES, width=lambda: width).lines(stored(turn())).split("\n")
    assert all(len(line) <= width for line in shown)
    assert len(shown) == (1 if width == 200 else 2)
    assert (WORRY in shown[-1]) == (width == 200)
    assert width == 200 or (shown[0] == "    QA Engineer [against]" and shown[1].endswith(" ..."))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "**Fact:** It is slow.\n**Risk:** It **breaks** at night.\nPosition: against",
            ("Risk", "It breaks at night."),
        ),
        (f"Fact: {FACT.ask}\nIt fails when the disk is full.", ("", "It fails when the disk is full.")),
        ("Fact: The plan has five steps.", ("Fact", "The plan has five steps.")),
        ("PASS", None),
    ],
)
def test_of_a_free_answer_the_same_is_shown_without_marks(text: str, said: tuple[str, str] | None) -> None:
    """No sign of Markdown, no words of the instruction; a fact only where there is nothing else."""
    with AgentOrchestrator() as orchestrator:
        spec = spec_from(orchestrator.meetings.spec(orchestrator.create_meeting("decision", "Buy it?")))
    shown = EventLines(TITLES, spec).lines(stored(turn(text=text, entries=None, position=None)))
    label, words = said or ("", "")
    expected = f": {label}: {words}" if label else f": {words}" if words else " passes"
    assert shown == f"    T7 QA Engineer{expected}"


def test_numbers_that_come_out_of_order_are_not_shown() -> None:
    """Where all speak at once a turn has no number on a terminal, and what repeats it names its speaker; one by one, and
    in a log, it has one.
    """
    assert "    T7 QA Engineer" in EventLines(TITLES).lines(stored(turn(7)))
    lines = EventLines(TITLES, width=lambda: 200)
    assert "T7" not in lines.lines(stored(turn(7)))
    drop = Drop("T9", "repeats T7", 1, "silent_round", "cto")
    assert lines.lines(stored(drop)) == "    Chief Technology Officer, not passed on: repeats QA Engineer"
    assert lines.lines(stored(turn(12, "open_round"))).startswith("    T12 QA Engineer")


def test_phases_have_plain_names() -> None:
    """The heading of a phase is its name, not its id."""
    assert EventLines(TITLES).lines(live_event(Kind.PHASE, 1, "silent_round")) == "  independent views"


def test_a_turn_of_choices_only_has_no_main_entry() -> None:
    """A position is shown beside the name, so it is not shown again."""
    assert main_entry(turn(entries=(Entry("Position", "for"),))) is None


def test_a_resumed_view_starts_where_the_meeting_is() -> None:
    """Before anything is asked, the count is that of the journal; positions come back with their phase."""
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy it?", agents=["cto", "qa_engineer", "data_engineer"])
        spec = spec_from(orchestrator.meetings.spec(meeting))
    ticks = itertools.count()
    board = Board(spec, lambda: float(next(ticks)))
    board.take_up([stored(turn(1)), stored(turn(1, "silent_round", text="PASS"))])
    assert board.done == 2
    board.update(live_event(Kind.TOPIC, 1))
    board.update(live_event(Kind.PHASE, 1, "silent_round"))
    assert board.done == 2
    assert board.live == 0
    assert board.rows["qa_engineer"].last == "against"
