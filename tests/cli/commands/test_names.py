"""Agents and people in options: every name of a role, repeated options, and what contradicts itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.settings import Settings
from agents.store import Store
from agents.store.actions import NewAction
from tests.cli.conftest import Run

M = ("meeting", "run", "decision", "-t", "Move?")


@pytest.fixture
def store() -> Iterator[Store]:
    """The register that the commands see."""
    with Store(Settings.load().data_folder) as opened:
        yield opened


WORDS = """Position: for
Action: backend_developer will fix the query by 2026-12-04.
Action: Backend Developer has to fix the cache by 2026-12-04.
Action: SRE will add the alert by 2026-12-04.
Action: Assigned to Backend Developer: the index.
Action: Backend Developer and QA Engineer will rerun the suite.
Action: Write the runbook - QA Engineer - 2026-12-04
Action: Ada will tell the customers by Friday.
Action: QA Engineer refuses to delete the logs.
Action: Grace will book a room.
"""


def seats(run: Run, *options: str) -> list[str]:
    """The seats of a planned meeting."""
    ran = run(*M, *options, "--plan", "--json")
    assert ran.status == 0, ran.err
    return [seat["role"] for seat in json.loads(ran.out)["seats"]]


def test_repeated_options_join(serve: Run) -> None:
    """--agents, --invite and --without add up, whether with commas or repeated, and take every name of a role."""
    both = ["cto", "security_engineer"]
    assert seats(serve, "--agents", "cto", "--agents", "security_engineer") == both
    assert seats(serve, "--agents", "cto,Security Engineer") == both
    assert seats(serve, "--agents", "cto", "--invite", "qa", "--invite", "dba,sre")[1:] == [
        "qa_engineer", "database_administrator", "site_reliability_engineer",
    ]  # fmt: skip
    everybody = seats(serve, "--agents", "all")
    left = seats(serve, "--agents", "all", "--without", "qa", "--without", "dba,ux")
    assert set(everybody) - set(left) == {"qa_engineer", "database_administrator", "ui_ux_designer"}


@pytest.mark.parametrize(
    ("options", "cause", "remedy"),
    [
        (["--agents", ""], "--agents names nobody", "leave --agents out"),
        (["--agents", ","], "--agents names nobody", "leave --agents out"),
        (["--invite", " "], "--invite names nobody", "leave --invite out"),
        (["--without", ""], "--without names nobody", "leave --without out"),
        (["--people", ","], "--people names nobody", "leave --people out"),
        (["--chair", ""], "--chair names nobody", "leave --chair out"),
        (
            ["--agents", "cto,qa", "--without", "QA Engineer"],
            "qa_engineer is to take part, and is left out",
            "--without",
        ),
        (["--invite", "dba", "--without", "dba"], "database_administrator is to take part, and is left", "--invite"),
        (["--chair", "cto", "--without", "cto"], "cto is to lead, and is left out", "--chair"),
        (["--me", "cto", "--without", "cto"], "cto is the person's seat, and is left out", "--me"),
        (["--agents", "qa", "--chair", "cto"], "cto is to lead, but is not one of those", "--agents"),
        (["--agents", "qa", "--me", "cto"], "cto is the person's seat, but is not one", "--agents"),
        (["--agents", "dbba"], "no agent 'dbba'", "database_administrator"),
        (["--people", "QA Engineer"], "is a name of the role qa_engineer", "--people"),
        (["--people", "12"], "'12' is not a name", "--people"),
    ],
)
def test_what_contradicts_itself_is_refused(serve: Run, options: list[str], cause: str, remedy: str) -> None:
    """Empty lists, somebody who is both in and out, unknown and impossible names: one line of cause, one of remedy."""
    ran = serve(*M, *options, "--plan")
    assert ran.status == 2
    assert cause in ran.err
    assert remedy in ran.err
    assert len([line for line in ran.err.splitlines() if line.strip()]) == 2


def test_a_question_takes_every_name(rehearse: Run) -> None:
    """ask, consult, memory and actions take titles and aliases; consult joins its agents."""
    assert "Database Administrator" in rehearse("ask", "dba", "Is the backup safe?").err
    said = rehearse("consult", "Is it safe?", "--agents", "qa", "--agents", "sre,cto", "--json")
    assert [one["agent"] for one in json.loads(said.out)] == ["qa_engineer", "site_reliability_engineer", "cto"]
    assert rehearse("consult", "Is it safe?", "--agents", "").status == 2
    assert rehearse("consult", "Is it safe?", "--agents", "auto,cto").status == 2
    assert "backup" in rehearse("memory", "show", "DBA").out
    assert rehearse("memory", "show", "Database Administrator").status == 0


def test_an_action_can_have_several_owners(run: Run, store: Store) -> None:
    """Assign takes several owners by any name; each of them finds the action, and nobody else does."""
    store.actions.add(
        NewAction(
            meeting="m", key="1", series="", topic="t", task="test it", owner=None, due=None, due_text="", turn="T1",
            quote="test it", verified=True,
        )
    )  # fmt: skip
    assert "A1 is QA Engineer and Ada's: test it" in run("actions", "assign", "A1", "qa, Ada").err
    assert store.actions.get("A1").owners == ("qa_engineer", "Ada")
    for owner, found in (("qa", 1), ("QA Engineer", 1), ("Ada", 1), ("engineer", 0), ("dba", 0)):
        assert len(json.loads(run("actions", "list", "--owner", owner, "--json").out)) == found
    assert "QA Engineer and Ada" in run("actions", "list").out


def test_owners_and_people_reach_minutes_and_register(serve: Run, tmp_path: Path) -> None:
    """Who is named in one of the forms owns the task, also without a seat, and people of --people as they are written;
    who is not known, and who refuses, does not.
    """
    words = tmp_path / "words.txt"
    words.write_text(WORDS, encoding="utf-8")
    ran = serve(
        "meeting", "run", "daily_standup", "-t", "Move?", "--agents", "cto,database_administrator", "--me", "cto",
        "--words", words, "--people", "Ada, Herr M.", "-q",
    )  # fmt: skip
    assert ran.status == 0
    minutes = json.loads(serve("meeting", "export", "last", "--format", "json").out)
    mine = [
        one for topic in minutes["topics"] for one in topic["actions"] if one["evidence"]["speaker"]["role"] == "cto"
    ]
    owners = {one["task"].split(" by ")[0].rstrip("."): [each["title"] for each in one["owners"]] for one in mine}
    assert owners == {
        "Fix the query": ["Backend Developer"],
        "Fix the cache": ["Backend Developer"],
        "Add the alert": ["Site Reliability Engineer"],
        "The index": ["Backend Developer"],
        "Rerun the suite": ["Backend Developer", "QA Engineer"],
        "Write the runbook": ["QA Engineer"],
        "Tell the customers": ["Ada"],
        "QA Engineer refuses to delete the logs": [],
        "Grace will book a room": [],
    }
    rows = {
        row["task"].split(" by ")[0].rstrip("."): row["owner"]
        for row in json.loads(serve("actions", "list", "--json").out)
    }
    assert rows["Rerun the suite"] == "backend_developer, qa_engineer"
    assert rows["Tell the customers"] == "Ada"
    assert "| Backend Developer and QA Engineer |" in serve("meeting", "minutes", "last").out


def test_people_are_in_the_plan(serve: Run) -> None:
    """The plan names the people who can own tasks, as text and as JSON."""
    assert "Ada, Herr M." in serve(*M, "--people", "Ada, Herr M.", "--plan").out
    planned = serve(*M, "--people", "Ada", "--people", "Herr M.", "--plan", "--json")
    assert json.loads(planned.out)["people"] == ["Ada", "Herr M."]
