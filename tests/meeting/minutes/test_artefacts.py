"""The artefact of each type of meeting, with speakers whose words a test chooses."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.export.markdown import to_markdown
from agents.meeting.artefact import Artefact, Block
from agents.meeting.minutes.artefacts import LAYOUTS, artefact_of
from agents.meeting.record import Minutes
from agents.model import Prompt, Task
from tests.meeting.speakers import TYPES, held, saying, talkative


def left(minutes: Minutes) -> Artefact:
    """The artefact of the first topic."""
    return artefact_of(minutes, minutes.topics[0])


def block(artefact: Artefact, heading: str) -> Block:
    """The block with this heading."""
    return next(one for one in artefact.blocks if one.heading == heading)


def test_every_artefact_a_type_may_name_has_a_layout() -> None:
    """There is a layout for each artefact that a type file may name, and for no other; each has its own title."""
    assert set(LAYOUTS) == set(LAYOUTS)
    assert len({layout.title for layout in LAYOUTS.values()}) == len(LAYOUTS)


@pytest.mark.parametrize("type_id", TYPES)
def test_every_type_fills_its_artefact_and_loses_no_entry(type_id: str) -> None:
    """A whole meeting of each type fills its artefact: it contains every entry with its turn, in Markdown too."""
    minutes = held(type_id, lambda prompt: talkative(prompt, "support_with_concern"))
    artefact, kind, text = left(minutes), TYPES[type_id], to_markdown(minutes)
    shown = [proof for part in artefact.blocks for row in part.rows for proof in row.evidence]
    items = [item for item in minutes.topics[0].items if item.label in artefact.labels]
    assert {item.label for item in items} >= {line.label for line in kind.lines}
    for item in items:
        assert item.evidence in shown
        assert item.text in text
    for line in kind.lines:
        for item in items:
            assert item.label != line.label or set(item.fields) == set(line.fields)
    assert all(part.rows for part in artefact.blocks if part.columns)
    assert minutes.checks.as_said == 0


def test_a_timeline_is_sorted_by_time_not_by_speaker() -> None:
    """Events are sorted by time, those without a time last; 9:30 comes before 14:05."""
    minutes = saying(
        "incident_postmortem",
        {
            "qa_engineer": "Event: 14:05 the carts were empty\nEvent: nobody knows when the cache filled",
            "devops_engineer": "Event: 9:58 am the deploy began\nEvent: 2026-11-02 23:50 the certificate ran out",
        },
    )
    rows = [row.cells for row in block(left(minutes), "Timeline").rows]
    assert rows == [
        ("9:58 am", "the deploy began", "said in the meeting"),
        ("14:05", "the carts were empty", "said in the meeting"),
        ("2026-11-02 23:50", "the certificate ran out", "said in the meeting"),
        ("not said", "nobody knows when the cache filled", "said in the meeting"),
    ]


def test_a_postmortem_has_impact_factors_and_what_went_well() -> None:
    """The parts of a blameless postmortem are in their order, and nobody is asked who caused an event."""
    artefact = left(held("incident_postmortem"))
    assert [part.heading for part in artefact.blocks] == [
        "Timeline", "Detection and recovery times", "Impact", "Contributing factors", "Detection and recovery",
        "What went well", "What to change",
    ]  # fmt: skip
    assert any("never a person" in line.ask for line in TYPES["incident_postmortem"].lines)


@pytest.mark.parametrize(
    ("vote", "status", "decision"),
    [("support", "Accepted, 2026-11-23.", "Agreed: "), ("object", "Rejected, 2026-11-23.", "Rejected, so ")],
)
def test_an_adr_has_the_status_that_the_ballot_gave_it(vote: str, status: str, decision: str) -> None:
    """Status, context, decision and the sections of the type are there; a rejected record does not read like a decision."""
    artefact = left(held("architecture_review", lambda prompt: talkative(prompt, vote)))
    assert [part.heading for part in artefact.blocks] == [
        "Status", "Context", "Decision", *(line.heading for line in TYPES["architecture_review"].lines),
    ]  # fmt: skip
    assert block(artefact, "Status").rows[0].cells[0].startswith(status)
    assert block(artefact, "Decision").rows[0].cells[0].startswith(decision)
    assert [part.repeats for part in artefact.blocks[:4]] == [True, True, True, False]


def test_a_risk_register_numbers_the_most_serious_risk_first() -> None:
    """Risks are sorted by likelihood and impact together, those without a value last, each with its number and turn."""
    minutes = saying(
        "security_review",
        {
            "qa_engineer": "Threat: test data with real names (likelihood: low, impact: medium)",
            "network_engineer": "Threat: the port is open to all (likelihood: high, impact: high)",
            "devops_engineer": "Threat: the token stands in the log (likelihood: high, impact: low)",
            "backend_developer": "Threat: anybody can list all orders",
        },
    )
    table = block(left(minutes), "Threats")
    assert table.columns == ("no.", "risk", "likelihood", "impact")
    assert [row.cells for row in table.rows] == [
        ("R1", "the port is open to all", "high", "high"),
        ("R2", "the token stands in the log", "high", "low"),
        ("R3", "test data with real names", "low", "medium"),
        ("R4", "anybody can list all orders", "not said", "not said"),
    ]
    assert "| R1 | the port is open to all | high | high | T" in to_markdown(minutes)


def test_blockers_come_first_and_the_same_one_once() -> None:
    """What several roles read in the document is one entry, and what is blocked stands before what is done and next."""
    minutes = saying(
        "daily_standup",
        {
            "qa_engineer": "Done: the login tests\nNext: the logout tests\nBlocker: the test database is down",
            "backend_developer": "Done: the search\nNext: the sorting\nBlocker: the test database is down",
            "scrum_master": "Done: the board\nNext: the review\nBlocker: none",
        },
    )
    artefact = left(minutes)
    assert [part.heading for part in artefact.blocks] == ["Blockers", "Done", "Next"]
    assert [row.cells for row in block(artefact, "Blockers").rows] == [("the test database is down",)]
    assert sorted(row.cells for row in block(artefact, "Done").rows) == [
        ("the board",),
        ("the login tests",),
        ("the search",),
    ]


def test_a_retrospective_keeps_start_stop_and_continue_apart() -> None:
    """Each kind has its own list, after the change that was voted on."""
    minutes = saying(
        "sprint_retrospective",
        {
            "qa_engineer": "Start: pairing on tests\nContinue: the short planning",
            "devops_engineer": "Stop: Friday deploys",
        },
    )
    artefact = left(minutes)
    assert [part.heading for part in artefact.blocks] == ["The change we try", "Start", "Stop", "Continue"]
    listed = [[row.cells[0] for row in part.rows] for part in artefact.blocks[1:]]
    assert listed == [["pairing on tests"], ["Friday deploys"], ["the short planning"]]


def test_a_defect_gets_only_the_owner_that_its_own_sentence_names() -> None:
    """Severity, priority and owner come from the sentence; an owner who does not take part is not one."""
    minutes = saying(
        "defect_triage",
        {
            "qa_engineer": "Defect: carts are empty after login (severity: S1, priority: now), owner: Backend Developer",
            "scrum_master": "Defect: the logo is blurred (severity: S4) (priority: later), owner: Data Wizard",
        },
    )
    rows = [row.cells for row in block(left(minutes), "Defects").rows]
    assert [row[1:] for row in rows] == [("S1", "now", "Backend Developer"), ("S4", "later", "unassigned")]


@pytest.mark.parametrize("type_id", ["release_planning", "deployment_planning"])
@pytest.mark.parametrize(
    ("vote", "verdict"), [
        ("support", "GO ON CONDITIONS"), ("object", "NO-GO until it is decided"), ("abstain", "NO-GO until it is decided"),
    ],
)  # fmt: skip
def test_only_an_accepted_proposal_is_a_go(type_id: str, vote: str, verdict: str) -> None:
    """The verdict follows from the counted votes; without a decision it is not a go."""
    artefact = left(held(type_id, lambda prompt: talkative(prompt, vote)))
    assert artefact.blocks[0].heading == "Verdict"
    assert artefact.blocks[0].rows[0].cells[0] == verdict
    assert [part.heading for part in artefact.blocks[1:3]] == ["Objections and concerns", "Rollback"]
    assert len(artefact.blocks[1].rows) == (len(TYPES[type_id].participants) if vote == "object" else 0)


def test_a_go_without_a_rollback_contains_a_warning() -> None:
    """Where nobody names a rollback, the artefact contains a warning."""
    minutes = saying("release_planning", {"qa_engineer": "Check: the tests are green (state: ready)"})
    assert "Nobody named a rollback. Do not start without one." in to_markdown(minutes)


def test_ideas_are_sorted_by_their_dots() -> None:
    """Code counts the dots, at most one for each participant and idea, and the idea with the most dots is first."""
    minutes = saying(
        "brainstorm",
        {
            "data_analyst": "Idea: show the price before the login",
            "product_manager": "Idea: let guests pay",
            "frontend_developer": "Idea: let guests pay",
        },
    )
    rows = [row.cells for row in block(left(minutes), "Ideas by votes").rows]
    assert [row[0] for row in rows] == ["6", "0"]
    assert {row[1] for row in rows} == {"show the price before the login", "let guests pay"}


def test_a_roadmap_is_grouped_by_now_next_and_later() -> None:
    """Bets are grouped by their horizon; a bet without one is listed apart, not guessed."""
    minutes = saying(
        "product_roadmap",
        {
            "product_manager": "Bet: guests pay in one step (horizon: later)",
            "ui_ux_designer": "Bet: the form keeps its words (horizon: now)",
            "backend_developer": "Bet: search by colour",
        },
    )
    artefact = left(minutes)
    grouped = {part.heading: [row.cells[0] for row in part.rows] for part in artefact.blocks}
    assert grouped["Bets: now"] == ["the form keeps its words"]
    assert grouped["Bets: next"] == []
    assert grouped["Bets: later"] == ["guests pay in one step"]
    assert grouped["Bets: horizon not said"] == ["search by colour"]


def test_positions_are_asked_for_only_where_they_are_compared() -> None:
    """A retrospective asks nobody to be for or against; an architecture review does."""
    asked: dict[str, set[str]] = {}

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.STATEMENT:
            asked[name] = {want.label for want in prompt.wants}
        return talkative(prompt)

    for name in ("sprint_retrospective", "architecture_review"):
        held(name, say)
    assert "Position" not in asked["sprint_retrospective"]
    assert "Condition" not in asked["sprint_retrospective"]
    assert {"Position", "Condition"} <= asked["architecture_review"]
    assert not any("Proposal" in labels for labels in asked.values())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["daily_standup", "security_review", "incident_postmortem", "release_planning"]), st.data())
def test_no_words_break_out_of_their_cell(type_id: str, data: st.DataObject) -> None:
    """Whatever speakers say, every row of a table has as many cells as its heading."""
    words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40) | st.sampled_from(
        ["a | b | c", "| --- |", "\\| x", "\\\\| y", "<b>", "](x) |"]
    )
    labels = [line.label for line in TYPES[type_id].lines] + ["Event"]

    def say(prompt: Prompt) -> str:
        if prompt.schema or prompt.task is Task.PROPOSAL:
            return talkative(prompt)
        return "\n".join(f"{label}: {data.draw(words)}" for label in labels)

    text = to_markdown(held(type_id, say))
    width = 0
    for row in text.split("\n"):
        cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", row))
        if not row.startswith("|"):
            width = 0
        elif width:
            assert cells == width
        else:
            width = cells
