"""Roles have more than one name, and each name means one of them."""

from pathlib import Path

import pytest

from agents.errors import UnknownName, UsageError
from agents.role.file import read_role, read_roles
from agents.role.lint import check
from agents.role.names import joined, parted, problem_of
from tests.inputs import ROOT

ROLES = read_roles(ROOT / "Role")
HEAD = "---\nid: {}\ntitle: {}\naliases: [{}]\n---\n# X\nIt tests.\n"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("dba", "database_administrator"), ("DBA", "database_administrator"), ("sre", "site_reliability_engineer"),
        ("pm", "product_manager"), ("qa", "qa_engineer"), ("@qa", "qa_engineer"), ("ux", "ui_ux_designer"),
        ("bi", "business_intelligence_analyst"), ("sysadmin", "system_administrator"), ("l1", "it_support_l1"),
        ("L3", "it_support_l3"), ("em", "engineering_manager"), ("CTO", "cto"), ("QA Engineer", "qa_engineer"),
        ("sec", "security_engineer"), ("backend", "backend_developer"), ("frontend", "frontend_developer"),
        ("android", "mobile_developer_android"), ("iOS", "mobile_developer_ios"), ("devops engineer", "devops_engineer"),
        ("dpo", "privacy_officer"), ("ml engineer", "ai_ml_engineer"), ("Tech Lead", "tech_lead"),
        ("qa-engineer", "qa_engineer"), ("UI/UX Designer", "ui_ux_designer"), ("backend engineer", "backend_developer"),
    ],
)  # fmt: skip
def test_a_role_is_found_by_each_of_its_names(name: str, role: str) -> None:
    """Id, title and alias mean the role, in any letter case, with blanks, dashes or an at sign."""
    assert ROLES[name].id == role


@pytest.mark.parametrize(
    ("name", "near"),
    [("dbba", "database_administrator"), ("databse_admin", "database_administrator"), ("sree", "site_reliability")],
)
def test_a_wrong_name_gets_near_ones(name: str, near: str) -> None:
    """The error for an unknown name offers the ids of the roles with a similar id, title or alias."""
    with pytest.raises(UnknownName) as error:
        ROLES[name]
    assert near in error.value.hint


@pytest.mark.parametrize("name", ["data", "it", "developer", "engineer"])
def test_a_word_of_several_roles_is_the_name_of_none(name: str) -> None:
    """A first word is enough only where one role has it; a later word never is."""
    with pytest.raises(UnknownName):
        ROLES[name]


def test_the_names_of_the_roles_are_their_own() -> None:
    """No alias of a role of the program is a name of another one."""
    assert [str(one) for one in check([ROOT / "Role"])[1]] == []


def test_an_alias_of_two_is_the_name_of_neither(tmp_path: Path) -> None:
    """The check says which two roles claim an alias; a command that uses it is told both ids."""
    (tmp_path / "a.md").write_text(HEAD.format("one_tester", "One", "tst, one_other"), encoding="utf-8")
    (tmp_path / "b.md").write_text(HEAD.format("two_tester", "Two", "TST"), encoding="utf-8")
    said = [str(one) for one in check([tmp_path])[1] if "alias" in str(one)]
    assert len(said) == 2
    assert "two_tester" in said[0]
    with pytest.raises(UsageError, match="Several agents") as error:
        read_roles(tmp_path)["tst"]
    assert "one_tester, two_tester" in error.value.remedy
    (tmp_path / "b.md").write_text(HEAD.format("tst", "Two", "x y"), encoding="utf-8")
    assert read_roles(tmp_path)["tst"].id == "tst"


@pytest.mark.parametrize("alias", ["all", "auto", "nobody", "@x", "'a,b'", "'!'", f"'{'x' * 41}'"])
def test_a_bad_alias_is_reported(tmp_path: Path, alias: str) -> None:
    """An alias that options use for something else, or that is no name, is reported with its line."""
    file = tmp_path / "x.md"
    file.write_text(HEAD.format("x_1", "X", alias), encoding="utf-8")
    role, problems = read_role(file)
    assert (role, [one.line for one in problems]) == (None, [4])


def test_several_owners_are_one_text_and_back() -> None:
    """Owners in one text are read again one by one; nobody is None."""
    assert parted(joined(("cto", "Herr M."))) == ("cto", "Herr M.")
    assert (joined(()), parted(None), parted("cto, cto")) == (None, (), ("cto",))


@pytest.mark.parametrize(
    "person", ["Ada", "Herr M\u00fcller", "Herr M.", "sam_k", "\u7530\u4e2d\u3055\u3093", "Jean-Luc O'Neill"]
)
def test_people_are_named_as_the_team_does(person: str) -> None:
    """Any name that has letters is one."""
    assert problem_of(person) == ""


@pytest.mark.parametrize("person", ["", "12", "Ada, Bob", "x" * 61, "A\u202eda", "A\nB"])
def test_what_is_no_name_is_nobody(person: str) -> None:
    """No letters, several names, too long or unseen characters are no name."""
    assert problem_of(person)
