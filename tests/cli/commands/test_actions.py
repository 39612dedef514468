"""``actions``: what meetings left to do, and what became of it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.errors import MeetingError
from agents.settings import Settings
from agents.store import Store
from agents.store.actions import NewAction
from tests.api.pages.site import keep_rich
from tests.cli.conftest import Run
from tests.export.calendar_reader import read_calendar
from tests.inputs import PROPOSAL

TODAY = datetime.now().astimezone().date()
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    """The register that the commands see."""
    with Store(Settings.load().data_folder) as opened:
        yield opened


def enter(store: Store, task: str, **more: Any) -> str:
    """Put an action into the register; its id."""
    values: dict[str, Any] = {
        "meeting": "20261101-weekly-0001", "key": task, "series": "", "topic": "Shall we?", "task": task,
        "owner": None, "due": None, "due_text": "", "turn": "T3", "quote": f"We will {task}.", "verified": True,
    }  # fmt: skip
    return store.actions.add(NewAction(**values | more))


def listed(run: Run, *arguments: object) -> list[str]:
    """The ids that ``actions list`` gives."""
    return [row["id"] for row in json.loads(run("actions", "list", "--json", *arguments).out)]


def test_a_meeting_leaves_its_agreed_actions_in_the_register(serve: Run) -> None:
    """What the minutes list as agreed is in the register, with owner, turn and words."""
    serve("meeting", "run", "database_review", "-t", "May we build this?", "-a", PROPOSAL, "-q")
    rows = json.loads(serve("actions", "list", "--json").out)
    minutes = json.loads(serve("meeting", "export", "last", "--format", "json").out)
    agreed = [one for topic in minutes["topics"] for one in topic["actions"] if one["agreed"]]
    assert [row["task"] for row in rows] == [one["task"] for one in agreed] != []
    assert {row["status"] for row in rows} == {"open"}
    known = serve("agents", "list").out
    # A task that quotes a document is nobody's promise.
    assert all(row["owner"] in known if row["owner"] else '"' in row["quote"] for row in rows)
    table = serve("actions", "list").out
    assert table.startswith("action  due")
    assert re.search(rf"(?m)^{len(rows)} actions?\.$", table)


def test_filters_choose_what_is_listed(run: Run, store: Store) -> None:
    """--owner, --overdue, --meeting, --series and --open/--all each narrow the list, and together too."""
    late = enter(store, "mend the fence", owner="cto", due=TODAY - DAY, series="weekly")
    soon = enter(store, "paint the door", owner="cto", due=TODAY)
    nobody = enter(store, "sweep the yard", meeting="20261102-weekly-0002", series="weekly")
    gone = enter(store, "shut the gate", owner="Anna", due=TODAY - DAY)
    store.actions.done(gone)
    assert listed(run) == [late, soon, nobody]
    assert listed(run, "--all") == [late, soon, nobody, gone]
    assert listed(run, "--owner", "cto") == listed(run, "--owner", "Chief Technology Officer") == [late, soon]
    assert listed(run, "--owner", "unassigned") == [nobody]
    assert listed(run, "--owner", "Anna") == []
    assert listed(run, "--owner", "Anna", "--all") == [gone]
    assert listed(run, "--overdue") == listed(run, "--overdue", "--all") == [late]
    assert listed(run, "--series", "weekly") == [late, nobody]
    assert listed(run, "--series", "weekly", "--overdue") == [late]
    assert listed(run, "--meeting", "20261102-weekly-0002") == [nobody]


def test_overdue_is_said_in_the_table(run: Run, store: Store) -> None:
    """The table marks what is late and counts it; --all adds each one's status."""
    enter(store, "mend the fence", owner="cto", due=TODAY - DAY)
    done = enter(store, "paint the door", due=TODAY - DAY)
    store.actions.done(done)
    out = run("actions", "list", "--all").out
    assert f"{(TODAY - DAY).isoformat()} (overdue)" in out
    assert out.count("(overdue)") == 1
    assert "2 actions, 1 overdue." in out
    assert "Chief Technology Officer" in out
    assert "done" in out
    assert "done" not in run("actions", "list").out


def test_an_action_shows_where_it_comes_from_and_what_happened(run: Run, store: Store) -> None:
    """`show` has the words it rests on, says when they were not verified, and every change with who made it."""
    name = enter(store, "mend the fence", owner="cto", verified=False, series="weekly")
    run("actions", "assign", name, "Anna", "--by", "Ben")
    run("actions", "done", name, "--note", "with new boards", "--by", "Anna")
    out = run("actions", "show", name.lower()).out
    for part in (
        "A1: mend the fence",
        "We will mend the fence.",
        "T3 (as said)",
        "weekly",
        "Shall we?",
        "done: with new boards",
    ):
        assert part in out
    history = json.loads(run("actions", "show", "1", "--json").out)["history"]
    assert [(one["by"], one["what"]) for one in history] == [
        ("", "entered"), ("Ben", "owner: cto -> Anna"), ("Anna", "done: with new boards"),
    ]  # fmt: skip


def test_done_and_reopen_take_several(run: Run, store: Store) -> None:
    """Several ids are closed and opened in one call; with a wrong one among them nothing is changed."""
    one, two = enter(store, "mend the fence"), enter(store, "paint the door")
    wrong = run("actions", "done", one, "A99", two)
    assert wrong.status == 2
    assert "There is no action 'A99'" in wrong.err
    assert listed(run) == [one, two]
    assert run("actions", "done", one, two).status == 0
    assert listed(run) == []
    assert run("actions", "reopen", one, two).status == 0
    assert listed(run) == [one, two]


def test_an_owner_may_be_an_agent_a_person_or_nobody(run: Run, store: Store) -> None:
    """A title or id is kept as the agent's id; another name as a person's, which is said; nobody takes it away."""
    name = enter(store, "mend the fence")
    assert run("actions", "assign", name, "DevOps Engineer").status == 0
    assert store.actions.get(name).owner == "devops_engineer"
    ran = run("actions", "assign", name, "Anna")
    assert store.actions.get(name).owner == "Anna"
    assert "No agent is called Anna" in ran.err
    run("actions", "assign", name, "nobody")
    assert store.actions.get(name).owner is None


@pytest.mark.parametrize(
    ("words", "day"),
    [("2026-12-01", date(2026, 12, 1)), ("tomorrow", TODAY + DAY), ("in two weeks", TODAY + 14 * DAY), ("none", None)],
)
def test_a_day_may_be_said_in_words(run: Run, store: Store, words: str, day: date | None) -> None:
    """`due` takes a date or words counted from today; none takes the day away."""
    name = enter(store, "mend the fence", due=TODAY)
    assert run("actions", "due", name, words).status == 0
    assert store.actions.get(name).due == day


def test_actions_are_exported_for_spreadsheets_and_programs(run: Run, store: Store, tmp_path: Path) -> None:
    """CSV and JSON contain every action unless filtered; no cell is one that a spreadsheet would run."""
    enter(store, '=HYPERLINK("http://x")', owner="cto", due=TODAY - DAY)
    store.actions.done(enter(store, "mend, the\nfence"))
    out = run("actions", "export").out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [row["task"] for row in rows] == ['\'=HYPERLINK("http://x")', "mend, the\nfence"]
    assert [(row["status"], row["overdue"], row["verified"]) for row in rows] == [
        ("open", "yes", "yes"),
        ("done", "no", "yes"),
    ]
    file = tmp_path / "actions.json"
    assert run("actions", "export", "--format", "json", "--open", "-o", file).out == ""
    assert [(one["id"], one["due"], one["overdue"]) for one in json.loads(file.read_text())] == [
        ("A1", (TODAY - DAY).isoformat(), True)
    ]


def test_open_actions_are_exported_for_a_calendar(run: Run, store: Store, tmp_path: Path) -> None:
    """Events are the open actions with an owner and a due date; to-dos are the same; those without an owner on request."""
    enter(store, "Order the trial", owner="cto", due=TODAY)
    enter(store, "Nobody's", due=TODAY)
    enter(store, "Some day", owner="cto")
    store.actions.done(enter(store, "Done", owner="cto", due=TODAY))

    def entries(form: str) -> list[tuple[str, str]]:
        assert run("actions", "export", "-f", form, "-o", tmp_path / "actions.ics").status == 0
        found = read_calendar((tmp_path / "actions.ics").read_bytes()).components
        return [(one.name, one.text("SUMMARY")) for one in found]

    assert entries("ics") == [("VEVENT", "Order the trial")]
    assert entries("ics-todo") == [("VTODO", "Order the trial")]
    assert entries("ics_all") == [("VEVENT", "Order the trial"), ("VEVENT", "Nobody's")]
    assert "Did you mean json?" in run("actions", "export", "-f", "jsno").err


def test_actions_of_a_deleted_meeting_are_still_found(serve: Run) -> None:
    """Deleting a meeting keeps its actions; the whole id still names them, and `last` is another meeting then."""
    serve("meeting", "run", "database_review", "-t", "May we build this?", "-a", PROPOSAL, "-q")
    [row] = json.loads(serve("meeting", "list", "--json").out)
    before = listed(serve, "--meeting", "last")
    serve("meeting", "delete", row["id"], "--yes")
    assert listed(serve, "--meeting", row["id"]) == before != []
    assert serve("actions", "list", "--meeting", "nothing").status == 2


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["show", "A7"], 2, "There is no action 'A7'"),
        (["reopen", "A1"], 2, "A1 is already open"),
        (["due", "A1", "someday"], 2, "Can't read 'someday' as a date"),
        (["export", "--format", "xls"], 2, "There is no format 'xls'"),
        (["export", "-o", "no/such/folder/a.csv"], 6, "cannot be written"),
    ],
)
def test_wrong_words_are_refused(run: Run, store: Store, arguments: list[str], status: int, cause: str) -> None:
    """Cause and remedy on stderr, nothing on stdout."""
    enter(store, "mend the fence")
    ran = run("actions", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert cause in ran.err


def test_an_empty_register_says_so_on_stderr(run: Run) -> None:
    """Without actions, stdout stays empty and --json is an empty list."""
    ran = run("actions", "list")
    assert (ran.status, ran.out) == (0, "")
    assert "No open actions" in ran.err
    assert listed(run) == []


def test_no_action_reaches_the_terminal_with_commands_for_it(run: Run, store: Store) -> None:
    """Escape sequences and direction overrides in a task or an owner's name are not printed."""
    name = enter(store, "mend\x1b[2J the \u202efence", owner="An\x1b]0;x\x07na")
    ran = [run("actions", "list"), run("actions", "show", name), run("actions", "done", name)]
    for one in ran:
        assert "mend[2J the fence" in one.out + one.err
        assert not {"\x1b", "\x07", "\u202e"} & set(one.out + one.err)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--owner", "qa_enginer"], "Did you mean qa_engineer, "),
        (["--owner", "grta"], "Did you mean Greta?"),
        (["--series", "weekley"], "Did you mean weekly?"),
        (["--owner", "xyzzy"], "no action has this owner.\n"),
    ],
)
def test_a_filter_by_a_name_nobody_has_says_so(run: Run, store: Store, flags: list[str], said: str) -> None:
    """The nearest names are offered on stderr; there are no rows, JSON is an empty array, and the status is 0."""
    enter(store, "mend the fence", owner="Greta", series="weekly")
    for more, out in ([], ""), (["--json"], "[]\n"):
        ran = run("actions", "list", *flags, *more)
        assert (ran.status, ran.out) == (0, out)
        assert repr(flags[1]) in ran.err
        assert said in ran.err


def test_a_known_name_without_actions_is_no_slip(run: Run, serve: Run, store: Store) -> None:
    """An agent without actions, a person whose actions are done and a series without actions are known names."""
    store.actions.done(enter(store, "mend the fence", owner="Greta"))
    serve("meeting", "run", "decision", "-t", "x?", "--series", "monthly", "-q")
    for row in store.actions.list(series="monthly"):
        store.actions.done(row.id)
    for flags in (["--owner", "it_manager"], ["--owner", "Greta"], ["--series", "monthly"], ["--owner", "nobody"]):
        ran = run("actions", "list", *flags)
        assert (ran.status, ran.out) == (0, "")
        assert ran.err == "No open actions like that; --all lists done ones too.\n"


def test_several_are_closed_or_none_is(serve: Run, store: Store) -> None:
    """An id given twice counts once; where one is closed already, the others stay as they were."""
    first, second = enter(store, "write it"), enter(store, "test it")
    assert serve("actions", "done", first, first).status == 0
    ran = serve("actions", "done", second, first)
    assert (ran.status, f"{first} is already done" in ran.err) == (2, True)
    assert store.actions.get(second).open
    assert serve("actions", "due", second, "not friday").status == 2


def test_what_is_agreed_again_brings_its_day(serve: Run, tmp_path: Path) -> None:
    """An action that is open already takes the day that a later meeting names for it, and its history says so."""
    task = "Action: Chief Technology Officer will write the detailed migration plan for the session database"
    for number, day in enumerate(("", " by 2026-12-01")):
        words = tmp_path / f"words{number}.txt"
        words.write_text(f"Done: nothing\n{task}{day}.\n")
        run = ["meeting", "run", "daily_standup", "-t", "x", "-a", PROPOSAL, "--series", "w", "--me", "cto", "-q"]
        assert serve(*run, "--agents", "cto,qa_engineer", "--words", str(words)).status == 0
    [row] = [one for one in json.loads(serve("actions", "list", "--json").out) if "migration plan" in one["task"]]
    assert row["due"] == "2026-12-01"


def test_a_day_with_a_mistake_gets_a_suggestion(run: Run, store: Store) -> None:
    """The nearest word for a day is offered."""
    enter(store, "mend the fence")
    assert "Did you mean tomorrow?" in run("actions", "due", "A1", "tomorow").err


def test_a_proposed_action_is_taken_on(run: Run, store: Store) -> None:
    """The command says which action it became, for whom and when; again, that it is there; and what shows it says that
    its meeting did not agree on it.
    """
    meeting = keep_rich()
    ran = run("actions", "take", meeting, "2.ac1", "--owner", "cto, Ada", "--due", "2027-01-15", "--by", "Ada")
    assert (ran.status, ran.out) == (0, "")
    assert "No agent is called Ada; it is stored as a person's name." in ran.err
    assert (
        "2.AC1 is A1 of the register now, Chief Technology Officer and Ada's, due 2027-01-15: @SUM(1+1) will be checked"
        in ran.err
    )
    ran = run("actions", "take", "last", "2.AC1", "--owner", "nobody")
    assert ran.status == 0
    assert "2.AC1 is A1 of the register already, open: " in ran.err
    assert "Its owner and its day stay as they are" in ran.err
    assert store.actions.get("A1").owner == "cto, Ada"
    shown = run("actions", "show", "A1").out
    assert "no, taken on by Ada after the meeting" in shown
    assert "taken on after the meeting, which did not agree on it" in " ".join(shown.split())
    store.actions.note("A1", "agreed", who="m2")
    assert re.search(r"(?m)^agreed in +m2$", run("actions", "show", "A1").out)
    [row] = json.loads(run("actions", "list", "--json").out)
    assert row["agreed"] is False
    assert "CATEGORIES:taken on" in run("actions", "export", "--format", "ics").out


def test_what_cannot_be_taken_on_is_refused_in_two_lines(run: Run, store: Store) -> None:
    """A wrong entry or day, a rejected action and a parked meeting each have a cause, a remedy and a status."""
    meeting = keep_rich()
    assert run("meeting", "reject", meeting, "2.AC1", "--by", "Ada").status == 0
    for arguments, cause, remedy in (
        (("1.R1",), "1.R1 of the minutes is not an action.", "Its actions: 1.AC1-1.AC6, 2.AC1."),
        (("2.AC1",), "2.AC1 was rejected by Ada, ", "Confirm it first, which takes that back."),
        (("1.AC3", "--due", "soonish"), "Can't read 'soonish' as a date.", "Write 2026-12-01"),
    ):
        ran = run("actions", "take", meeting, *arguments)
        assert ran.status == 2
        assert cause in ran.err
        assert remedy in ran.err
    store.meetings.set_status(meeting, "running")
    ran = run("actions", "take", meeting, "1.AC3")
    assert ran.status == MeetingError.exit_code
    assert "`orchestrator meeting resume` holds it to its end." in ran.err
    assert store.actions.list() == []
