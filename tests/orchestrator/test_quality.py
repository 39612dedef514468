"""What the votes of a model are worth is tested once, before its first meeting, where that takes little time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.errors import StopMeeting, UsageError
from agents.meeting.codec import keep
from agents.meeting.control_ballots import CONTROLS
from agents.meeting.journal import Event, Kind, MemoryJournal
from agents.meeting.journal_values import Drop, LeftOut
from agents.meeting.record import Entry, Turn
from agents.meeting.report_card import ControlVotes, Found, ReportCard, Statements
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.quality import stated
from agents.orchestrator.request import MeetingRequest
from agents.role.file import roles_in
from agents.settings import Settings
from tests.ollama_double import OllamaDouble, faults

LABEL = "ollama:llama3.2"
QUESTION = "Buy or build?"
MANY = (
    "product_manager", "backend_developer", "frontend_developer", "qa_engineer", "security_engineer", "data_engineer",
    "devops_engineer", "technical_writer",
)  # fmt: skip
"""So many take part that the votes on control proposals are less than a tenth of what the meeting writes."""


class StoppedError(StopMeeting):
    """Ends a meeting in its middle, as a crash would."""


@contextmanager
def opened(ollama: OllamaDouble, folder: Path, **flags: Any) -> Iterator[AgentOrchestrator]:
    """An orchestrator that tests new models before their first meeting, unless a flag says otherwise."""
    given = {"ollama_base_url": ollama.url, "data_folder": folder / "data", "control_ballots": "auto", **flags}
    with AgentOrchestrator(Settings.load({}, folder, **given)) as orchestrator:
        yield orchestrator


def write_slowly(orchestrator: AgentOrchestrator, label: str = LABEL) -> None:
    """Let a model have been measured as one that reads much faster than it writes: votes cost little of a meeting."""
    orchestrator.speeds.record(label, "here", 6000, 6000, 1.0, 100, 10.0)


def read_slowly(orchestrator: AgentOrchestrator) -> None:
    """Let the model have been measured as one that reads no faster than it writes: votes cost much of a meeting."""
    orchestrator.speeds.record(LABEL, "here", 100, 100, 10.0, 100, 0.1)


def hold(orchestrator: AgentOrchestrator, type_id: str = "decision", agents: Sequence[str] = MANY) -> str:
    """Hold a meeting; returns its id."""
    meeting = orchestrator.create_meeting(type_id, QUESTION, agents=agents)
    assert orchestrator.conduct_meeting(meeting).status == "closed"
    return meeting


def asked(ollama: OllamaDouble, model: str = "llama3.2") -> int:
    """The number of control ballots that a model was sent."""
    sent = [
        "\n".join(each["content"] for each in one.messages)
        for one in ollama.requests.chats()
        if one.get("model") == model
    ]
    return sum(control.proposal in text for text in sent for control in CONTROLS)


def test_a_new_model_is_tested_once(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Before its first meeting a model votes on the control proposals; the next meeting takes the stored result."""
    with opened(ollama, tmp_path) as orchestrator:
        write_slowly(orchestrator)
        first = hold(orchestrator)
        card = orchestrator.report_cards.of()
        assert asked(ollama) == 16
        assert card is not None
        assert card.jury is not None
        assert orchestrator.get_meeting(first).juries == (card.jury,)
        second = hold(orchestrator)
        assert asked(ollama) == 16
        assert orchestrator.get_meeting(second).juries == (card.jury,)


def test_what_is_going_on_is_told(ollama: OllamaDouble, tmp_path: Path) -> None:
    """The listener is told that votes are tested and what came out, before the first topic begins."""
    events: list[Event] = []
    with opened(ollama, tmp_path) as orchestrator:
        write_slowly(orchestrator)
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=MANY)
        orchestrator.conduct_meeting(meeting, listen=events.append)
        card = orchestrator.report_cards.of()
    told = [event for event in events if event.kind == Kind.NOTE and not event.seq][:2]
    assert "16 control ballots" in told[0].text
    assert card is not None
    assert card.jury is not None
    assert told[1].text == card.jury.sentence
    assert events.index(told[1]) < [event.kind for event in events].index(Kind.TOPIC)


def test_votes_that_cost_too_much_are_not_tested(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Where the test would take more than a tenth of the meeting, the plan says so and the minutes have a note."""
    with opened(ollama, tmp_path) as orchestrator:
        read_slowly(orchestrator)
        _, plan = orchestrator.plan_meeting(MeetingRequest("decision", QUESTION, agents=MANY))
        assert plan.controls is not None
        assert (plan.controls.models, plan.controls.calls, plan.controls.due) == (("llama3.2",), 16, False)
        assert plan.controls.seconds > 0.1 * 60 * plan.minutes
        minutes = orchestrator.get_minutes(hold(orchestrator))
        assert asked(ollama) == 0
        assert orchestrator.report_cards.of() is None
    [note] = [note for note in minutes.notes if "never tested" in note]
    assert "llama3.2" in note


def test_never_neither_tests_nor_offers(ollama: OllamaDouble, tmp_path: Path) -> None:
    """With CONTROL_BALLOTS=never nothing is asked before a meeting, and neither plan nor minutes speak of it."""
    with opened(ollama, tmp_path, control_ballots="never") as orchestrator:
        write_slowly(orchestrator)
        assert orchestrator.plan_meeting(MeetingRequest("decision", QUESTION, agents=MANY))[1].controls is None
        minutes = orchestrator.get_minutes(hold(orchestrator))
        assert asked(ollama) == 0
    assert not [note for note in minutes.notes if "control ballots" in note]


def test_a_type_without_votes_needs_no_test(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Sharing of knowledge takes no votes, so that nothing is tested before it."""
    with opened(ollama, tmp_path) as orchestrator:
        write_slowly(orchestrator)
        assert orchestrator.plan_meeting(MeetingRequest("knowledge_sharing", QUESTION, agents=MANY))[1].controls is None
        hold(orchestrator, "knowledge_sharing")
        assert asked(ollama) == 0


def test_each_model_with_a_seat_is_tested(ollama: OllamaDouble, tmp_path: Path) -> None:
    """With another model for one role, both are tested, and the meeting knows both; a model without a seat is not."""
    ollama.add("qwen3:4b")
    ollama.add("mistral")
    named = {"qa_engineer": "qwen3:4b", "cto": "mistral"}
    everybody = [name for name in roles_in(Settings.load({}).role_places) if name != "cto"]
    with opened(ollama, tmp_path, model_for=named) as orchestrator:
        for name in ("llama3.2", "qwen3:4b"):
            write_slowly(orchestrator, f"ollama:{name}")
        meeting = hold(orchestrator, agents=everybody)
        juries = orchestrator.get_meeting(meeting).juries
    assert [jury.model for jury in juries] == [LABEL, "ollama:qwen3:4b"]
    assert [asked(ollama, name) for name in ("llama3.2", "qwen3:4b", "mistral")] == [16, 16, 0]


def test_a_test_that_fails_does_not_stop_the_meeting(ollama: OllamaDouble, tmp_path: Path) -> None:
    """The meeting is held without it, and a note in the minutes says why."""
    ollama.inject(faults.status(400, "unknown parameter", times=1, path="/api/chat"))
    with opened(ollama, tmp_path) as orchestrator:
        write_slowly(orchestrator)
        meeting = hold(orchestrator)
        minutes, spec = orchestrator.get_minutes(meeting), orchestrator.get_meeting(meeting)
        assert orchestrator.report_cards.of() is None
    assert spec.juries == ()
    assert [note for note in minutes.notes if "could not be tested" in note]
    assert minutes.turns


def test_a_resumed_meeting_keeps_what_it_began_with(ollama: OllamaDouble, tmp_path: Path) -> None:
    """What a model's votes are worth is fixed when a meeting begins, also if the model is measured again meanwhile."""

    def stop(event: Event) -> None:
        if event.kind == Kind.TURN:
            raise StoppedError

    with opened(ollama, tmp_path) as orchestrator:
        write_slowly(orchestrator)
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=MANY)
        with pytest.raises(StoppedError):
            orchestrator.conduct_meeting(meeting, listen=stop)
        began = orchestrator.get_meeting(meeting).juries
    with opened(ollama, tmp_path) as orchestrator:
        votes = ControlVotes("x", True, "cto", ("support", "support"))
        orchestrator.resources.store.report_cards.keep(ReportCard(LABEL, ollama.url, "2026-05-04", (votes,)))
        orchestrator.conduct_meeting(meeting)
        assert orchestrator.get_meeting(meeting).juries == began != ()
        forked = orchestrator.fork_meeting(meeting, "0")
        assert [jury.controls for jury in orchestrator.get_meeting(forked).juries] == [1]
    assert asked(ollama) == 16


def test_a_report_card_has_votes_statements_and_costs(ollama: OllamaDouble, tmp_path: Path) -> None:
    """A whole measurement asks for 16 votes and the fields of five statements, and is stored for this server."""
    said: list[str] = []
    with opened(ollama, tmp_path) as orchestrator:
        card = orchestrator.report_cards.measure(on_progress=said.append)
        assert orchestrator.report_cards.of() == card
        speeds = orchestrator.speeds.measured(LABEL)
    assert (card.model, card.machine, len(card.controls)) == (LABEL, ollama.url, 8)
    assert card.statements is not None
    assert card.statements.asked == 30
    assert 0 <= card.statements.copied <= card.statements.there <= 30
    assert card.costs["controls"].calls == 16
    assert card.costs["statements"].calls >= 5
    assert card.costs["statements"].reply_tokens > 0
    assert card.found is not None
    assert card.read is not None
    for found in (card.found, card.read):
        assert 30 <= found.flaws <= 40
        assert 0 <= found.first_right <= found.first <= 10
    assert card.costs["found"].calls > 5
    assert len(said) == 3
    assert speeds is not None


def test_who_reads_better_than_chance_reads_closely(ollama: OllamaDouble, tmp_path: Path) -> None:
    """In a meeting the roles read short parts only where all models were measured to find more than chance by that."""
    ollama.add("qwen3:4b")
    good, bad = (Found("a.md", 100, 50, 30, 12, right, 10, 8, 9) for right in (12, 6))

    def reads(orchestrator: AgentOrchestrator) -> bool:
        return orchestrator.plan_meeting(MeetingRequest("decision", QUESTION, agents=MANY))[0].reads_closely

    with opened(ollama, tmp_path, model_for={"qa_engineer": "qwen3:4b"}) as orchestrator:
        cards = orchestrator.resources.store.report_cards
        assert not reads(orchestrator)
        cards.keep(ReportCard(LABEL, ollama.url, "2026-05-04", read=good))
        assert not reads(orchestrator)
        cards.keep(ReportCard("ollama:qwen3:4b", ollama.url, "2026-05-04", read=bad))
        assert not reads(orchestrator)
        cards.keep(ReportCard("ollama:qwen3:4b", ollama.url, "2026-05-04", read=good))
        assert reads(orchestrator)


def test_what_answers_by_rule_has_no_report_card(tmp_path: Path, ollama: OllamaDouble) -> None:
    """The rehearsal is refused, and nothing is stored."""
    with opened(ollama, tmp_path, model_name="rehearsal") as orchestrator:
        with pytest.raises(UsageError, match="by rule"):
            orchestrator.report_cards.measure()
        assert orchestrator.report_cards.of() is None


def test_fields_are_counted_once_with_what_was_left_out() -> None:
    """A field is there where the speaker filled it; it is a copy where nothing of it was kept."""
    journal = MemoryJournal()
    entries = (Entry("Risk", "It fails."), Entry("Fact", "It holds 2 GB."), Entry("Position", "for"))
    keep(journal, "1.x.a", Turn("T1", "1.x.a", 1, "silent_round", "a", "", entries=entries))
    keep(
        journal, "1.x.a.left_out.1", LeftOut(1, "silent_round", "a", ("Risk", "Action"), "repeats the role card", "T1")
    )
    keep(journal, "1.x.b", Turn("T2", "1.x.b", 1, "silent_round", "b", "", entries=entries))
    keep(journal, "1.x.b.dropped", Drop("T2", "repeats T1", 1, "silent_round", "b"))
    found = stated(journal.events(), ["Risk", "Fact", "Position", "Action"], 3)
    assert found == Statements(asked=12, there=7, copied=3)
