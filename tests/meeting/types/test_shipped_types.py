"""The shipped meeting types, and the advice on types."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from agents.errors import TypeFileError, UnknownName
from agents.meeting.meeting_type import FIELDS, RULES, TAKEN_LABELS, USUAL_CHOICES, Course, MeetingType
from agents.meeting.minutes.artefacts import LAYOUTS
from agents.meeting.phases import PHASES
from agents.meeting.phases import PHASES as HELD_PHASES
from agents.meeting.types.file import SHIPPED, read_types, type_from
from agents.meeting.types.lint import ASK_WORDS, COMPARED, MOST_LINES, check, compared
from tests.inputs import ROOT

TYPES = read_types()
EXTRA = (
    "ai_ml_engineer", "finops_analyst", "platform_engineer", "privacy_officer", "sceptical_customer", "support_lead",
    "tech_lead",
)  # fmt: skip
ROLES = EXTRA + tuple(
    """
    backend_developer frontend_developer fullstack_developer mobile_developer_android mobile_developer_ios qa_engineer
    ui_ux_designer technical_writer security_engineer devops_engineer site_reliability_engineer network_engineer
    system_administrator cloud_architect solutions_architect devops_manager data_engineer data_analyst
    business_intelligence_analyst database_administrator product_manager project_manager scrum_master
    engineering_manager it_manager cto it_support_l1 it_support_l2 it_support_l3
    """.split()  # noqa: SIM905 - reads better than thirty quoted words
)
TABLE = """
defect_triage 60:
    qa_engineer backend_developer frontend_developer product_manager scrum_master
steerco 90:
    cto engineering_manager product_manager devops_manager it_manager
weekly_status 45:
    scrum_master product_manager backend_developer frontend_developer devops_engineer qa_engineer data_engineer
sprint_planning 120:
    scrum_master product_manager backend_developer frontend_developer fullstack_developer qa_engineer
    devops_engineer ui_ux_designer
sprint_retrospective 90:
    scrum_master product_manager backend_developer frontend_developer fullstack_developer qa_engineer
    devops_engineer data_engineer
sprint_review 60:
    scrum_master product_manager backend_developer frontend_developer fullstack_developer qa_engineer
    ui_ux_designer
daily_standup 15:
    scrum_master backend_developer frontend_developer fullstack_developer qa_engineer devops_engineer
architecture_review 90:
    solutions_architect cloud_architect site_reliability_engineer backend_developer devops_engineer data_engineer
    security_engineer
code_review 45:
    backend_developer frontend_developer fullstack_developer qa_engineer security_engineer
technical_design 120:
    solutions_architect backend_developer frontend_developer fullstack_developer devops_engineer data_engineer
    database_administrator
product_roadmap 90:
    product_manager project_manager engineering_manager backend_developer frontend_developer ui_ux_designer
release_planning 120:
    project_manager product_manager backend_developer frontend_developer devops_engineer devops_manager
    qa_engineer
incident_postmortem 60:
    site_reliability_engineer devops_engineer backend_developer security_engineer qa_engineer devops_manager
performance_review 60:
    engineering_manager product_manager backend_developer frontend_developer devops_engineer
onboarding 60:
    engineering_manager product_manager backend_developer frontend_developer technical_writer
knowledge_sharing 45:
    backend_developer frontend_developer fullstack_developer devops_engineer qa_engineer data_engineer
    data_analyst technical_writer
security_review 60:
    security_engineer devops_engineer backend_developer network_engineer qa_engineer cloud_architect
database_review 60:
    database_administrator data_engineer backend_developer devops_engineer data_analyst
deployment_planning 90:
    devops_engineer devops_manager site_reliability_engineer backend_developer frontend_developer qa_engineer
    cloud_architect
capacity_planning 90:
    engineering_manager devops_manager product_manager devops_engineer site_reliability_engineer
    backend_developer data_engineer cloud_architect
"""
KNOWN = {
    head.split()[0]: (int(head.split()[1]), tuple(seats.split()))
    for head, seats in re.findall(r"^(\w+ \d+):\n((?: .*\n)+)", TABLE, re.M)
}
"""The types that users of this system know: minutes and default participants."""
ADDED = {
    "backlog_refinement", "quarterly_planning", "premortem", "brainstorm", "decision", "pull_request_review", "rfc_round",
    "vendor_choice", "explain_to_the_board",
}  # fmt: skip
LEFT = {
    "architecture_review": "adr",
    "technical_design": "adr",
    "incident_postmortem": "timeline",
    "security_review": "risk_register",
    "premortem": "risk_register",
    "sprint_planning": "sprint_goal",
    "sprint_retrospective": "retrospective",
    "defect_triage": "triage",
    "daily_standup": "blockers",
    "release_planning": "go_no_go",
    "deployment_planning": "go_no_go",
}
NEEDING = {
    "daily_standup", "weekly_status", "sprint_retrospective", "sprint_review", "incident_postmortem", "code_review",
    "technical_design", "architecture_review", "security_review", "database_review", "performance_review",
}  # fmt: skip
WHOLE = (SHIPPED / "decision.toml").read_text(encoding="utf-8")


def test_every_shipped_file_is_a_meeting_type_of_the_29_roles() -> None:
    """All shipped files can be read, extra roles are invited only where they fit, and there is no advice on any."""
    assert not [kind.id for kind in TYPES.values() if set(EXTRA) & {kind.facilitator, *kind.participants, *kind.veto}]
    assert read_types(roles=ROLES).problems == []
    assert check([SHIPPED], ROLES) == (len(TYPES), [])
    assert len(list(SHIPPED.glob("*.toml"))) == len(TYPES)
    assert set(TYPES) == set(KNOWN) | ADDED


@pytest.mark.parametrize("name", KNOWN)
def test_known_types_keep_their_minutes_and_participants(name: str) -> None:
    """Minutes and participants are those that users know, in their order."""
    assert (TYPES[name].minutes, TYPES[name].participants) == KNOWN[name]


@pytest.mark.parametrize("name", LEFT)
def test_types_produce_the_artefact_of_their_trade(name: str) -> None:
    """Each type produces the artefact for which it is held."""
    assert TYPES[name].artefact == LEFT[name]


@pytest.mark.parametrize(("one", "other"), list(combinations(TYPES, 2)))
def test_no_two_types_differ_only_in_their_names(one: str, other: str) -> None:
    """Any two types have different purposes, seats, questions and lines, and no question in common."""
    mine, theirs = compared(TYPES[one]), compared(TYPES[other])
    same = {name for name in COMPARED if mine[name] == theirs[name]}
    assert same <= {"phases", "artefact"}
    assert not set(TYPES[one].agenda) & set(TYPES[other].agenda)
    asks = [{line.ask for line in TYPES[name].lines} for name in (one, other)]
    assert not asks[0] & asks[1]


@pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.id)
def test_what_a_speaker_reads_is_short(kind: MeetingType) -> None:
    """Questions end in a question mark, lines ask in at most 15 words, and there are at most five kinds of lines."""
    assert all(question.endswith("?") for question in kind.agenda)
    assert all(len(line.ask.split()) <= ASK_WORDS for line in kind.lines)
    assert len(kind.lines) <= MOST_LINES
    assert 3 <= len(kind.agenda) <= 4


@pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.id)
def test_a_type_is_read_back_as_it_was_stored(kind: MeetingType) -> None:
    """A type that is stored and read back is the same, except for its file."""
    assert type_from(kind.as_dict(), ROLES) == replace(kind, source=None)
    assert tuple(kind.as_dict()) == FIELDS


@pytest.mark.parametrize("kind", [kind for kind in TYPES.values() if kind.rule != "none"], ids=lambda kind: kind.id)
def test_every_type_with_a_vote_has_choices_of_its_own(kind: MeetingType) -> None:
    """A type with a vote names two to four outcomes, one of which needs no finding and one of which is not to go on."""
    assert 2 <= len(kind.choices) <= 4
    assert kind.choices != USUAL_CHOICES
    assert any(choice.picks.bounds[0] == 0 for choice in kind.choices)
    assert any(choice.course is not Course.GO for choice in kind.choices)


def test_lint_finds_choices_that_cannot_be_taken(tmp_path: Path) -> None:
    """A choice that takes lines nobody is asked for, and choices without a way to say no, get advice by line."""
    text = WHOLE.replace('"decision"', '"mine"', 1).replace('takes = ["Unknown"]', 'takes = ["Idea"]')
    text = text.replace('course = "wait"\n', "")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    said = "\n".join(map(str, check([tmp_path / "mine.toml"], ROLES)[1]))
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "Idea" in row)
    assert f"mine.toml:{line}: 'postpone' takes 'Idea', but no phase asks for such lines." in said
    assert "Every choice means to go ahead." in said


def test_types_that_report_or_review_need_a_document() -> None:
    """What would be invented without a document is not asked for without one; ideas and opinions are."""
    assert {name for name, kind in TYPES.items() if kind.needs} >= NEEDING
    assert not {name for name in ("decision", "brainstorm", "premortem", "onboarding") if TYPES[name].needs}
    assert all(kind.material and kind.example for kind in TYPES.values() if kind.needs)


@pytest.mark.parametrize("name", ["daily_standup", "weekly_status", "sprint_retrospective"])
def test_nobody_is_asked_what_it_finished(name: str) -> None:
    """A role has done no work: it is asked what the document says of it."""
    kind = TYPES[name]
    assert any(line.draws_on == "document" for line in kind.lines)
    asked = " ".join([*kind.agenda, *(line.ask for line in kind.lines)])
    assert not re.search(r"you (?:have )?(?:finish|did|done|do\b)|blocks you|your work", asked)


def test_lint_asks_which_document(tmp_path: Path) -> None:
    """A need without a word on the document, and a report on documents without a need, get advice by line."""
    text = WHOLE.replace('"decision"', '"mine"', 1)
    (tmp_path / "mine.toml").write_text(text.replace("agenda = [", 'needs = "document"\nagenda = ['), encoding="utf-8")
    assert "mine.toml:32: It needs a document, and does not say which." in "\n".join(
        map(str, check([tmp_path], ROLES)[1])
    )
    (tmp_path / "mine.toml").write_text(text.replace('"questions"', '"document"'), encoding="utf-8")
    assert any("A line reports what documents say" in str(one) for one in check([tmp_path], ROLES)[1])


def test_phases_of_type_files_are_the_phases_that_exist() -> None:
    """A type file may name every phase that exists, and no other."""
    assert set(PHASES) == set(HELD_PHASES)


def test_types_are_found_by_their_words() -> None:
    """A type is found by its id in other forms; for a wrong name, similar ones are offered."""
    assert TYPES["Incident Postmortem"].id == "incident_postmortem"
    with pytest.raises(UnknownName, match="premortem"):
        TYPES["pre_mortem"]


def test_lint_finds_parts_without_effect(tmp_path: Path) -> None:
    """A type without an effect in some part gets advice by line: a long ask, an exchange without positions, a veto of an absent role."""
    text = WHOLE.replace('"silent_round", "digest", ', '"open_round", ').replace('"decision"', '"mine"', 1)
    text = text.replace('rule = "majority"', 'rule = "majority"\nveto = ["cto"]')
    text = text.replace("what we lose when this is wrong", "what we lose " + "really " * 20)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    files, problems = check([tmp_path], ROLES)
    said = "\n".join(map(str, problems))
    assert files == 1
    assert not any(problem.fatal for problem in problems)
    rows = text.split("\n")
    exchange, ask = (next(n for n, row in enumerate(rows, 1) if word in row) for word in ("exchange", "really"))
    assert f"mine.toml:{exchange}: 'exchange' compares positions, but no earlier phase asks for them." in said
    assert f"mine.toml:{ask}: The 'ask' of 'Stake' has more than 15 words." in said
    assert "'cto' has a veto but is never invited" in said


def test_lint_finds_a_copy(tmp_path: Path) -> None:
    """A copy of a shipped type under another name is reported."""
    (tmp_path / "verdict.toml").write_text(WHOLE.replace('"decision"', '"verdict"', 1), encoding="utf-8")
    _, problems = check([tmp_path / "verdict.toml"], ROLES)
    assert [problem.cause for problem in problems] == ["It differs from 'decision' only in its name."]
    with pytest.raises(TypeFileError, match="There is no file"):
        check([tmp_path / "nothing.toml"])


def test_the_documentation_lists_every_type_phase_rule_and_artefact() -> None:
    """The tables of docs/meeting-types.md match the files and the code."""
    text = (ROOT / "docs" / "meeting-types.md").read_text(encoding="utf-8")
    rows = {row.split(" | ")[0][2:]: row for row in text.split("\n") if row.startswith("| ")}
    for kind in TYPES.values():
        rule = f"{kind.rule}; veto {', '.join(kind.veto)}" if kind.veto else kind.rule
        facts = (kind.id, str(kind.minutes), kind.facilitator, ", ".join(kind.phases), rule, kind.artefact)
        cells = (*facts, kind.material or "if you like")
        assert rows[kind.id] == f"| {' | '.join(cells)} |"
    assert {*PHASES, *RULES, *LAYOUTS} <= set(rows)
    assert f"{len(TYPES)} are built in" in text
    assert all(label in text for label in TAKEN_LABELS)
    fields = {word for name in rows for word in name.replace("[[", "").replace("]]", "").split(", ")}
    assert set(FIELDS) <= fields
