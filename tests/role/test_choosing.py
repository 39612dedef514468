"""Which roles a question is for, by its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.role import Role
from agents.role.choosing import clearly_best, matching_roles, root
from agents.role.file import read_roles
from tests.inputs import ROOT

ROLES = read_roles(ROOT / "Role")
SHORT = {
    "sre": "site_reliability_engineer", "dba": "database_administrator", "sec": "security_engineer",
    "pm": "product_manager", "em": "engineering_manager", "ux": "ui_ux_designer", "qa": "qa_engineer",
    "bi": "business_intelligence_analyst", "fe": "frontend_developer", "be": "backend_developer",
    "full": "fullstack_developer", "sa": "solutions_architect", "ca": "cloud_architect", "ops": "devops_engineer",
    "opsm": "devops_manager", "net": "network_engineer", "sys": "system_administrator", "itm": "it_manager",
    "l1": "it_support_l1", "l2": "it_support_l2", "l3": "it_support_l3", "de": "data_engineer", "da": "data_analyst",
    "pjm": "project_manager", "sm": "scrum_master", "tw": "technical_writer", "ios": "mobile_developer_ios",
    "and": "mobile_developer_android", "cto": "cto", "plat": "platform_engineer", "fin": "finops_analyst",
    "ai": "ai_ml_engineer", "dpo": "privacy_officer", "tl": "tech_lead", "sup": "support_lead",
    "cust": "sceptical_customer",
}  # fmt: skip
TABLE = [
    ("What breaks first at ten times the load?", "sre be de dba sa ca"),
    ("Is one shared password for three services fine?", "sec l1 sys itm"),
    ("How do we restore the database after a crash?", "dba l2 be sys de"),
    ("Why is the checkout page slow on phones?", "fe ux ios and sre"),
    ("Our build takes forty minutes, what can we do?", "plat ops and"),
    ("May we store birthdays of our users?", "pm dpo ux ios dba sec"),
    ("Should we buy or build the billing system?", "cto sa fin itm pm plat"),
    ("Which tests are missing before the release?", "qa full ops pm"),
    ("Is this button readable for blind users?", "ux fe full"),
    ("How do we hire two more developers?", "em opsm plat"),
    ("The VPN drops every hour in the branch office", "net l1 l2"),
    ("The printer on the second floor does not print", "l1 net sup l2"),
    ("Which index does this query need?", "dba de be"),
    ("How do we get rid of technical debt?", "tl em cto full"),
    ("Should we move to Kubernetes?", "ops plat ca sre"),
    ("What does this cost at a million users?", "fin itm ca pm"),
    ("Can an attacker make our chatbot send data?", "sec ai dpo"),
    ("How should we write the upgrade guide?", "tw"),
    ("When will the project be finished, and what is late?", "pjm sm opsm"),
    ("What should the retrospective be about?", "sm"),
    ("Did the A/B test show a real difference?", "da qa pm full"),
    ("Our nightly data pipeline doubles rows when it is run twice", "de dba"),
    ("Which number should be on the sales dashboard?", "bi da pm"),
    ("Can the app work offline on Android?", "and"),
    ("Will Apple reject our app?", "ios and"),
    ("Who is on call at night and which alert wakes them?", "em sre opsm"),
    ("Is the contract with the vendor worth renewing?", "itm cust fin opsm"),
    ("How do we roll back if the deployment fails?", "ops sa be sre"),
    ("What would customers say about the price increase?", "cust pm fin"),
    ("Should this be a microservice or a module?", "be sa tl"),
]


@pytest.mark.parametrize(("question", "fitting"), TABLE)
def test_a_question_goes_to_those_whose_field_it_is(question: str, fitting: str) -> None:
    """The first role fits, and so do at least half of those that are asked; each has words of the question."""
    chosen = clearly_best(matching_roles(ROLES, question), 4)
    expected = {SHORT[short] for short in fitting.split()}
    assert chosen[0].role in expected
    assert 2 * sum(one.role in expected for one in chosen) >= len(chosen)
    assert all(one.words for one in chosen)


@pytest.mark.parametrize("text", ["", "clear", "hello", "ok", "?!", "What should we do next week?", "zzz qqq"])
def test_words_without_a_field_match_nobody(text: str) -> None:
    """Greetings, orders and words of everyday questions are no field of work."""
    assert matching_roles(ROLES, text) == []


def test_whole_words_and_their_forms_match_and_parts_do_not() -> None:
    """A role that watches "port" is not asked about a portal or a report; "deployments" is "deploy"."""
    roles = {"x": Role("x", "X", expertise=("port", "deploy"))}
    assert matching_roles(roles, "The portal shows a report") == []
    assert matching_roles(roles, "Two deployments failed")[0].words == ("deployments",)
    assert [root(word) for word in ("stories", "caching", "caches", "cache")] == ["story", "cach", "cach", "cach"]


def test_a_word_of_few_roles_says_more_than_one_of_many() -> None:
    """Of two roles with one word each, the one whose word the others do not have is first."""
    roles = {str(n): Role(str(n), f"R{n}", expertise=("server",)) for n in range(5)}
    roles["rare"] = Role("rare", "Rare", expertise=("mainframe",))
    assert matching_roles(roles, "the server and the mainframe")[0].role == "rare"


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever is asked, roles are ranked by score without an error."""
    found = matching_roles(ROLES, text)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
