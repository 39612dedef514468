"""A meeting like one that is stored: the same request, and the same with other seats."""

from dataclasses import replace
from datetime import date

import pytest

from agents.documents import Document
from agents.errors import UsageError
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from agents.orchestrator.request_again import request_of, with_seats
from tests.ollama_double import OllamaDouble

DESIGN = Document("design.md", "# Sessions\n\nSessions live in Redis and PostgreSQL.\n")
WISHED = MeetingRequest(
    "architecture_review",
    ["May we build this?", "How do we leave again?"],
    (DESIGN, Document("2-design.md", "# Costs\n\nIt costs 10 a month.\n")),
    invited=["qa_engineer"],
    without=["data_engineer"],
    chair="cloud_architect",
    me="security_engineer",
    control=True,
    series="Sessions",
    held=date(2026, 11, 23),
    time_box=600,
    people=["Ada", "Herr M."],
    words="We need it.\n\nI am for it.",
    council=["llama3.2"],
    decide=True,
)


def test_a_request_is_known_from_what_came_of_it(ollama: OllamaDouble) -> None:
    """Everything that was asked for is in the stored meeting, also after it was written and read; the same again makes
    the same meeting.
    """
    del ollama
    with AgentOrchestrator() as orchestrator:
        spec = orchestrator.get_meeting(orchestrator.convene(WISHED))
        again = request_of(spec)
        assert [getattr(again, name) and list(getattr(again, name)) for name in ("topics", "invited", "without")] == [
            WISHED.topics, WISHED.invited, WISHED.without,
        ]  # fmt: skip
        for name in ("type_id", "chair", "me", "control", "series", "held", "time_box", "words", "decide"):
            assert getattr(again, name) == getattr(WISHED, name), name
        assert (list(again.people), list(again.council), again.attach) == (WISHED.people, WISHED.council, WISHED.attach)
        assert spec_from(spec.as_dict()) == spec
        assert replace(orchestrator.get_meeting(orchestrator.convene(again)), id=spec.id) == spec


def test_other_seats_change_nothing_else(ollama: OllamaDouble) -> None:
    """A seat is removed and one is added; who takes part anyway keeps the reason, and the rest is as it was."""
    del ollama
    with AgentOrchestrator() as orchestrator:
        wished = replace(WISHED, time_box=None)
        spec = orchestrator.get_meeting(orchestrator.convene(wished))
        chosen = [*(name for name in spec.speakers if name != "devops_engineer"), "cto"]
        request = with_seats(orchestrator.roles, orchestrator.types, spec, chosen, chair="cto", me="qa_engineer")
        made = orchestrator.get_meeting(orchestrator.convene(request))
        assert set(made.speakers) == set(chosen)
        assert (made.facilitator, made.person, made.decider) == ("cto", "qa_engineer", "")
        reasons = {seat.role: seat.reason for seat in made.seats}
        assert reasons["cloud_architect"] == "takes part in every architecture review"
        same = ("topics", "documents", "held", "series", "control", "words", "names")
        assert all(getattr(made, name) == getattr(spec, name) for name in same)
        assert made.wishes.council == ("llama3.2",)


def test_a_time_box_leaves_out_nobody_who_was_chosen(ollama: OllamaDouble) -> None:
    """With a time box that is too short, exactly the chosen roles take part all the same."""
    del ollama
    with AgentOrchestrator() as orchestrator:
        spec = orchestrator.get_meeting(orchestrator.convene(replace(WISHED, time_box=1, decide=False, me="")))
        chosen = [*spec.speakers, "database_administrator"]
        request = with_seats(orchestrator.roles, orchestrator.types, spec, chosen)
        assert set(orchestrator.get_meeting(orchestrator.convene(request)).speakers) == set(chosen)


@pytest.mark.parametrize(
    ("chair", "me", "chosen"), [("cto", "", ["qa_engineer"]), ("", "cto", ["qa_engineer"]), ("", "", [])]
)
def test_who_leads_and_the_person_must_be_among_the_chosen(
    ollama: OllamaDouble, chair: str, me: str, chosen: list[str]
) -> None:
    """A chair or a person's seat that is not chosen is refused, and so is a meeting of nobody."""
    del ollama
    with AgentOrchestrator() as orchestrator:
        spec = orchestrator.get_meeting(orchestrator.convene(MeetingRequest("decision", "Buy or build?")))
        with pytest.raises(UsageError):
            with_seats(orchestrator.roles, orchestrator.types, spec, chosen, chair=chair, me=me)
