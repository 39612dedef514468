"""``meeting show``, ``replay``, ``fork``, ``abandon``, ``--series``, ``--plan`` and ``--time-box``."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.settings import Settings
from agents.store import Store
from agents.store.actions import NewAction
from tests.cli.conftest import Ran, Run
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble

REVIEW = ("meeting", "run", "architecture_review", "-t", "May we build this?", "-a", PROPOSAL)


@pytest.fixture
def store() -> Iterator[Store]:
    """The histories that the commands see."""
    with Store(Settings.load().data_folder) as opened:
        yield opened


def shown(run: Run, meeting: str = "last") -> dict[str, Any]:
    """What ``meeting show --json`` says."""
    table: dict[str, Any] = json.loads(run("meeting", "show", meeting, "--json").out)
    return table


def open_action(store: Store, task: str, owner: str | None, **more: Any) -> str:
    """An open action of the series weekly; its id."""
    values: dict[str, Any] = {
        "meeting": "20261101-weekly-0001", "key": f"{task}/{owner}", "series": "weekly", "topic": "x", "task": task,
        "owner": owner, "due": None, "due_text": "", "turn": "T1", "quote": task, "verified": True,
    }  # fmt: skip
    return store.actions.add(NewAction(**values | more))


def body(minutes: str) -> str:
    """Minutes without what differs between two meetings on the same: id, notes of the fork, memories."""
    return re.sub(r"- Forked from .*\n|\d+ tokens read|meeting transcript \S+|Journal: .*", "", minutes).replace(
        "\n\n\n", "\n\n"
    )


def test_a_meeting_is_shown_with_seats_topics_and_turns(serve: Run, run: Run) -> None:
    """`show` names status, every seat with its reason, who leads, each topic with its turns, and every turn."""
    minutes = serve(*REVIEW, "-q", "--invite", "qa_engineer").out
    page, table = run("meeting", "show", "last").out, shown(run)
    assert table["status"] == "closed"
    assert {seat["role"]: seat["reason"] for seat in table["seats"]}["qa_engineer"] == "invited by name"
    assert [(one["number"], one["text"]) for one in table["topics"]] == [(1, "May we build this?")]
    assert table["topics"][0]["turns"] == len(table["turns"]) > 10
    assert [turn["id"] for turn in table["turns"]] == [f"T{n}" for n in range(1, len(table["turns"]) + 1)]
    words = " ".join(page.split())
    assert all(turn["id"] in words.split() for turn in table["turns"])
    assert [
        line
        for turn in table["turns"]
        for line in turn["text"].split("\n")
        if line.startswith("Risk: ") and line[:20] in page
    ]
    for part in (table["id"], "Solutions Architect (leads)", "takes part in every architecture review", PROPOSAL.name):
        assert part in page
    assert table["id"] in minutes
    assert "resume" not in page


def test_a_meeting_that_is_not_finished_says_how_to_go_on(run: Run, store: Store) -> None:
    """A meeting that was only created can be shown; it has no turns, and the command that continues it is named."""
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(model="rehearsal") as orchestrator:
        called = orchestrator.create_meeting("decision", "Buy or build?")
    page = run("meeting", "show", called).out
    assert "No turns yet." in page
    assert f"orchestrator meeting resume {called}" in page
    assert "Nobody has spoken" in run("meeting", "replay", called).err
    assert store.meetings.row(called).status == "called"


def test_a_replay_prints_every_turn_and_asks_no_model(run: Run, serve: Run) -> None:
    """The replay has all turns, votes and notes in the order of the journal; no model is needed."""
    serve(*REVIEW, "-q")
    ran = run("--model", "ollama:gone", "meeting", "replay", "last", "--speed", "100000")
    assert ran.status == 0
    turns = shown(run)["turns"]
    assert all(f"[{turn['id']}] " in ran.out and turn["text"] in ran.out for turn in turns)
    places = [
        ran.out.index(part)
        for part in (
            "Topic 1: May we",
            "  close reading",
            "  independent views",
            "  replies",
            "  proposal",
            " votes ",
            "Closed.",
        )
    ]
    assert places == sorted(places)
    assert ran.out == run("meeting", "replay", "last").out


def test_a_fork_after_the_last_turn_ends_like_the_meeting_it_came_from(serve: Run, run: Run) -> None:
    """A fork keeps what was said up to the turn, word for word, asks the rest, and says where it comes from."""
    minutes = serve(*REVIEW, "-q").out
    origin = shown(run)
    forked = serve("meeting", "fork", "last", "--at", "T10", "-q").out
    fork = shown(run)
    assert fork["id"] != origin["id"]
    assert (fork["forked_from"], fork["status"]) == (origin["id"], "closed")
    assert fork["turns"] == origin["turns"]
    assert f"Forked from the meeting {origin['id']} after T10." in " ".join(forked.replace("\\", "").split())
    assert body(forked) == body(minutes)
    assert shown(run, origin["id"]) == origin


def test_a_fork_lets_another_model_speak_from_there(serve: Run, run: Run, tmp_path: Path) -> None:
    """What the first model said up to the turn stays; everything on the journal after it is the other model's."""
    serve(*REVIEW, "-q")
    origin = shown(run)
    script = tmp_path / "answers.json"
    script.write_text(json.dumps(["REBUT: T1 is wrong, because the other model says so."] * 60))
    run("meeting", "fork", "last", "--at", "8", "-q", "--model", f"scripted:{script}")
    fork = shown(run)
    before = {turn["id"]: turn["text"] for turn in origin["turns"]}
    same = {turn["id"] for turn in fork["turns"] if before.get(turn["id"]) == turn["text"]}
    others = [turn for turn in fork["turns"] if turn["id"] not in same]
    assert "T8" in same
    assert others
    assert all("the other model says so" in turn["text"] for turn in others)
    assert fork["model"] == "scripted"
    assert any("until there: ollama:llama3.2; from there: scripted." in note for note in fork["notes"])


def test_a_fork_enters_no_action_twice(serve: Run, store: Store) -> None:
    """Actions that the first meeting put into the register are not entered again by its fork."""
    serve("meeting", "run", "database_review", "-t", "May we build this?", "-a", PROPOSAL, "-q")
    before = [row.id for row in store.actions.list()]
    serve("meeting", "fork", "last", "--at", "0", "-q")
    assert [row.id for row in store.actions.list()] == before != []


def test_an_abandoned_meeting_is_kept_and_cannot_be_resumed(run: Run, serve: Run, store: Store) -> None:
    """`abandon` ends an unfinished meeting; what was said can be read and forked; a closed one cannot be abandoned."""
    serve(*REVIEW, "-q")
    done = store.meetings.list()[0].id
    refused = run("meeting", "abandon", "last")
    assert refused.status == 1
    assert "is closed already" in refused.err
    store.meetings.set_status(done, "running")
    assert run("meeting", "abandon", done).status == 0
    assert shown(run)["status"] == "abandoned"
    assert serve("meeting", "resume", done).status == 1
    assert run("meeting", "minutes", done).out.startswith("# May we build this?")
    assert serve("meeting", "fork", done, "--at", "T1", "-q").status == 0


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["show", "nothing"], "There is no meeting 'nothing'"),
        (["replay", "nothing"], "There is no meeting 'nothing'"),
        (["abandon", "nothing"], "There is no meeting 'nothing'"),
        (["fork", "nothing", "--at", "1"], "There is no meeting 'nothing'"),
        (["fork", "last", "--at", "T999"], "has no turn T999"),
        (["fork", "last", "--at", "soon"], "Can't read 'soon' as a turn"),
        (["run", "decision", "-t", "x", "--time-box", "soon"], "Can't read 'soon' as a length of time"),
        (["run", "decision", "-t", "x", "--time-box", "0m"], "Can't read '0m' as a length of time"),
    ],
)
def test_wrong_words_are_refused(serve: Run, arguments: list[str], cause: str) -> None:
    """Cause and remedy on stderr with status 2, nothing on stdout, and no further meeting stored."""
    serve("meeting", "run", "decision", "-t", "x or y?", "-q")
    ran = serve("meeting", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert cause in ran.err
    assert len(json.loads(serve("meeting", "list", "--json").out)) == 1


def test_a_series_asks_for_what_the_last_meeting_left(serve: Run, run: Run, store: Store) -> None:
    """The second meeting of a series begins with the open actions of the first; their owners join it, with reason."""
    serve("meeting", "run", "weekly_status", "--series", "weekly", "-a", PROPOSAL, "-q")
    left = store.actions.list(series="weekly", open_only=True)
    store.actions.done(left[0].id)
    minutes = serve(*REVIEW, "--series", "weekly", "-q").out
    table = shown(run)
    assert [topic["text"] for topic in table["topics"]] == ["Open actions of the series weekly", "May we build this?"]
    reported = [line for line in minutes.replace("\\", "").split("\n") if re.match(r"- A\d+: ", line)]
    assert [line.split(":")[0].strip("- ") for line in reported] == [row.id for row in left[1:]]
    asked = {turn["speaker"] for turn in table["turns"] if turn["topic"] == 1}
    assert asked == {row.owner for row in left[1:]}
    joined = {seat["role"] for seat in table["seats"] if "open action" in seat["reason"]}
    assert joined
    assert joined <= asked
    assert {row.id for row in store.actions.list(series="weekly", open_only=True)} >= {row.id for row in left[1:]}


def test_owners_stay_away_when_told_so(serve: Run, run: Run, store: Store) -> None:
    """--without keeps an owner out, --agents seats exactly whom it names; the minutes say who was not asked."""
    open_action(store, "Write the runbook", "technical_writer")
    for flags in (("--without", "technical_writer"), ("--agents", "cto,qa_engineer")):
        out = serve("meeting", "run", "decision", "-t", "x or y?", "--series", "weekly", "-q", *flags).out
        assert "technical_writer" not in {seat["role"] for seat in shown(run)["seats"]}
        assert "Its owner does not take part." in out


def test_the_same_action_twice_is_merged_in_the_register(serve: Run, run: Run, store: Store) -> None:
    """Two open actions that say the same become one: the later is closed with a note, the first takes its day, and the
    minutes say so.
    """
    first = open_action(store, "Write the runbook for the session store", None)
    second = open_action(store, "write the runbook for the session store", "cto", due=date(2026, 12, 1))
    planned = serve("meeting", "run", "decision", "-t", "x?", "--series", "weekly", "--plan")
    assert f"{second} has the same task as {first}" in " ".join(planned.out.split())
    assert [row.id for row in store.actions.list(open_only=True)] == [first, second]
    out = serve("meeting", "run", "decision", "-t", "x?", "--series", "weekly", "-q").out
    assert f"- {second} has the same task as {first} and was merged into it." in out
    kept, gone = store.actions.get(first), store.actions.get(second)
    assert (kept.open, kept.owner, kept.due) == (True, "cto", date(2026, 12, 1))
    assert gone.status == "done"
    assert store.actions.changes(second)[-1].what == f"done: merged into {first}"
    assert store.actions.changes(second)[-1].who == shown(run)["id"]


def test_a_series_without_open_actions_begins_with_its_topic(serve: Run, run: Run) -> None:
    """The first meeting of a series says that nothing is open, and has only its own topics."""
    ran = serve("meeting", "run", "decision", "-t", "x?", "--series", "weekly")
    assert "The series weekly has no open actions." in ran.err
    assert [topic["text"] for topic in shown(run)["topics"]] == ["x?"]
    assert shown(run)["series"] == "weekly"


def test_a_plan_stops_there(run: Run) -> None:
    """--plan prints seats, phases, tokens and time on stdout; no model is reached and nothing is stored."""
    ran = run("--model", "ollama:gone", *REVIEW, "--plan")
    assert ran.status == 0
    for part in (
        "independent views",
        "replies",
        "vote",
        "tokens read",
        "takes part in every",
        "a guess, because this model was never measured",
    ):
        assert part in " ".join(ran.out.split())
    assert json.loads(run("meeting", "list", "--json").out) == []


def test_a_plan_is_announced_and_kept(serve: Run, run: Run) -> None:
    """A meeting says on stderr what it will take, and then takes a number of requests that the plan allows for."""
    ran = serve(*REVIEW)
    match = re.search(r"Planned: (\d+) turns, (\d+) requests \(from (\d+) to (\d+)\)", ran.err)
    assert match
    taken = json.loads(run("meeting", "export", "last", "-f", "json").out)["numbers"]["calls"]
    assert int(match[3]) <= taken <= int(match[4])


def test_measured_speeds_replace_the_guess(run: Run, ollama: OllamaDouble) -> None:
    """After a meeting on a server, a plan for that model rests on what was measured, and comes out as its speeds say."""
    short = ("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer")
    guessed = run("--model", "llama3.2", *short, "--plan").out
    assert "guess" in guessed
    assert run("--model", "llama3.2", *short, "-q").status == 0
    measured = run("--model", "llama3.2", *short, "--plan").out
    assert re.search(r"based on \d+ calls on this machine", " ".join(measured.split()))
    total = next(line for line in measured.split("\n") if line.startswith("all "))
    read, written = (int(number) for number in total.split()[3:5])
    # The double says it reads a token in 16 ms and writes one in 80 ms.
    seconds = read * ollama.prompt_token_ns / 1e9 + written * ollama.reply_token_ns / 1e9
    shown_time = re.search(r"about\s(\d+)\s(minutes|seconds)", measured)
    assert shown_time
    assert int(shown_time[1]) * (60 if shown_time[2] == "minutes" else 1) == pytest.approx(seconds, rel=0.25)
    assert "guess" in run("--model", "qwen3:4b", *short, "--plan").out


def cut_to(run: Run, box: str) -> Ran:
    """A plan cut to a time box."""
    topic = "Move the postgresql database and redis to kubernetes?"
    flags = ("--time-box", box, "--plan")
    return run("--model", "llama3.2", "meeting", "run", "architecture_review", "-t", topic, "-a", PROPOSAL, *flags)


def test_a_time_box_says_what_it_cuts(run: Run) -> None:
    """The tighter the box, the more is cut and said; a box that cannot be met says what is expected all the same."""
    wide, tight = cut_to(run, "3h").out, cut_to(run, "1m").out
    assert "Cut to fit" not in wide
    assert "replies" in wide
    said = " ".join(tight.split())
    for part in (
        "is not invited (knows about",
        "The replies are left out",
        "without those chosen for one role",
        "Even so, about",
    ):
        assert part in said
    assert not re.search(r"^1 +exchange", tight, re.M)
    one_line = r"Planned: (\d+) turns"
    assert int(re.findall(one_line, tight)[0]) < int(re.findall(one_line, wide)[0])


def test_what_a_time_box_cut_stands_in_the_minutes(run: Run, ollama: OllamaDouble) -> None:
    """A meeting held under a box has no exchange, and its minutes say so."""
    ran = run("--model", "llama3.2", *REVIEW, "--time-box", "1m")
    assert ran.status == 0
    assert "Cut to fit 1 minute: The replies are left out" in ran.err
    assert "- Cut to fit 1 minute: The replies are left out" in ran.out
    assert {turn["phase"] for turn in shown(run)["turns"]} == {"close_reading", "silent_round", "proposal"}
    assert ollama.requests.chats()
