"""The 29 shipped roles, and the extra ones."""

import re

import pytest

from agents.role import CARD_WORDS, PROMPT_WORDS, Role, standing
from agents.role.card import MOST_QUESTIONS, card_for
from agents.role.file import read_roles
from agents.role.lint import check, sentences
from tests.inputs import ROOT

FOLDER = ROOT / "Role"
ROLES = read_roles(FOLDER)
IDS = [
    "backend_developer",
    "frontend_developer",
    "fullstack_developer",
    "mobile_developer_android",
    "mobile_developer_ios",
    "qa_engineer",
    "ui_ux_designer",
    "technical_writer",
    "security_engineer",
    "devops_engineer",
    "site_reliability_engineer",
    "network_engineer",
    "system_administrator",
    "cloud_architect",
    "solutions_architect",
    "devops_manager",
    "data_engineer",
    "data_analyst",
    "business_intelligence_analyst",
    "database_administrator",
    "product_manager",
    "project_manager",
    "scrum_master",
    "engineering_manager",
    "it_manager",
    "cto",
    "it_support_l1",
    "it_support_l2",
    "it_support_l3",
]
EXTRA = {
    "ai_ml_engineer", "finops_analyst", "platform_engineer", "privacy_officer", "sceptical_customer", "support_lead",
    "tech_lead",
}  # fmt: skip
SKILLS = {
    "backend_developer": {"review_code", "design_api", "suggest_architecture"},
    "devops_engineer": {"create_ci_cd_pipeline", "design_monitoring"},
    "data_engineer": {"design_pipeline"},
    "product_manager": {"write_user_stories", "prioritize_features"},
    "qa_engineer": {"create_test_plan", "create_automation_strategy"},
}
each_role = pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))


def test_the_29_roles_are_there_and_every_file_reads() -> None:
    """Exactly the 29 ids where all are meant, the extra ones besides them, and nothing wrong with any file."""
    assert sorted(standing(ROLES)) == sorted(IDS)
    assert {name for name, role in ROLES.items() if role.extra} == EXTRA
    assert ROLES.problems == []


@pytest.mark.parametrize("name", sorted(EXTRA))
def test_an_extra_role_is_found_by_its_names_and_has_patterns(name: str) -> None:
    """It is asked by id, title and alias like any other, and its red flags have patterns."""
    role = ROLES[name]
    assert all(ROLES[one] is role for one in (role.title, *role.aliases))
    assert all(flag.shows for flag in role.red_flags)


def test_the_lint_has_no_advice() -> None:
    """`agents validate` finds nothing to say about the shipped roles."""
    files, problems = check([FOLDER])
    assert files == 36
    assert [str(problem) for problem in problems] == []


@each_role
def test_both_lengths_hold_without_cutting(role: Role) -> None:
    """The card has at most 150 words with any two questions in it, the whole prompt at most 600."""
    longest = sorted(role.questions, key=lambda item: len(item.text.split()))[-MOST_QUESTIONS:]
    card = role.card(longest)
    assert len(card.split()) <= CARD_WORDS
    assert all(item.text in card for item in longest)
    assert len(role.prompt(10**6).split()) <= PROMPT_WORDS


@each_role
def test_no_red_flag_is_in_a_prompt(role: Role) -> None:
    """Neither the card about a text with every word of the role nor the whole prompt has a red flag in it."""
    every = " ".join(
        word for item in (*role.questions, *role.red_flags, *role.done) for word in (*item.watch, item.text)
    )
    for text in (card_for(role, every), role.prompt()):
        assert role.mission in text
        assert not any(item.text in text for item in role.red_flags)


@each_role
def test_each_role_is_complete(role: Role) -> None:
    """Front matter, all sections, two skills at least, and words that call for every item."""
    assert role.title
    assert role.department in {"development", "operations", "data", "management", "support", "other"}
    assert role.reports_to in ROLES or role.id == "cto"
    assert len(role.expertise) >= 6
    assert role.decides
    assert role.consulted_on
    assert len(role.questions) >= 6
    assert len(role.red_flags) >= 5
    assert len(role.done) >= 4
    assert len(role.skills) >= 2
    assert all(item.watch for item in (*role.questions, *role.red_flags, *role.done))
    assert all(item.text.endswith("?") for item in role.questions)


def test_no_sentence_stands_in_two_roles_or_twice_in_one() -> None:
    """Each sentence, whatever its letter case and punctuation, belongs to one place."""
    seen: dict[str, str] = {}
    for role in ROLES.values():
        for sentence in sentences(role):
            key = " ".join(re.findall(r"\w+", sentence.lower()))
            if len(key.split()) > 2:
                assert key not in seen, f"{role.id} and {seen[key]}: {sentence}"
                seen[key] = role.id


@pytest.mark.parametrize("role_id", sorted(SKILLS))
def test_the_well_known_skills_are_there(role_id: str) -> None:
    """The skills people know by name exist, each with its input and the shape of its answer."""
    skills = ROLES[role_id].skills
    assert set(skills) >= SKILLS[role_id]
    assert all(skill.input and skill.answer and skill.summary for skill in skills.values())
