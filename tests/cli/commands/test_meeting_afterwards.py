"""``meeting run --council``, ``meeting repeat``, ``meeting outcome`` and ``minutes verify``, as they are typed."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from agents.clock import today
from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble


@pytest.fixture(autouse=True)
def untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No votes are tested before a meeting."""
    monkeypatch.setenv("CONTROL_BALLOTS", "never")


@pytest.fixture
def meeting(serve: Run) -> str:
    """The id of a decision that was held."""
    assert serve("meeting", "run", "decision", "--topic", "Buy or build?", "--quiet").status == 0
    [row] = json.loads(serve("meeting", "list", "--json").out)
    return str(row["id"])


def test_a_council_is_planned_and_held(serve: Run, ollama: OllamaDouble) -> None:
    """The plan shows the dealing and the cost of each model and asks none; the minutes say who spoke with which."""
    ollama.add("qwen3:4b")
    words = ("meeting", "run", "decision", "--topic", "Buy or build?", "--council", "llama3.2, qwen3:4b")
    plan = serve(*words, "--plan")
    assert plan.status == 0
    assert "Product Manager      qwen3:4b" in plan.out
    assert "also answers for the scribe" in plan.out
    found = json.loads(serve(*words, "--plan", "--json").out)
    assert [one["model"] for one in found["models"]] == ["llama3.2", "qwen3:4b"]
    assert found["council"]["product_manager"] == "qwen3:4b"
    assert not [request for request in ollama.requests if request.path == "/api/chat"]
    held = serve(*words)
    assert held.status == 0
    assert "(llama3.2, qwen3:4b)" in held.err
    exported = json.loads(serve("meeting", "export", "last", "-f", "json").out)
    assert set(exported["spoke_with"].values()) == {"ollama:llama3.2", "ollama:qwen3:4b"}
    forked = serve("--model", "qwen3:4b", "meeting", "fork", "last", "--at", "0")
    assert forked.status == 0
    assert "The council of this meeting answers: llama3.2, qwen3:4b." in forked.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--council", "llama3.2,nope"), 3, "models pull nope"),
        (("--council", ","), 2, "--council names nobody"),
        (("--council", "rehearsal"), 2, "Name language models only"),
        (("--council", "llama3.2", "--model", "llama3.2"), 2, "--model names one model for all seats"),
    ],
)
def test_a_wrong_council_stores_nothing(serve: Run, words: tuple[str, ...], status: int, said: str) -> None:
    """Each has a cause, a remedy and a status, and no meeting is in the list."""
    ran = serve("meeting", "run", "decision", "--topic", "Buy or build?", *words)
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err
    assert json.loads(serve("meeting", "list", "--json").out) == []


def test_a_meeting_is_repeated_until_there_are_so_many_runs(serve: Run, meeting: str) -> None:
    """Each run is a line on standard error, the result is data; the same command again goes on, and last stays last."""
    ran = serve("meeting", "repeat", "--runs", "2")
    assert ran.status == 0
    assert "Run 1 of 2: " in ran.err
    assert "Repeated 2 times: " in ran.out
    assert "The flip rate is the share of the runs" in ran.out
    again = serve("meeting", "repeat", "last", "--runs", "3", "--json")
    assert "Run 3 of 3: " in again.err
    assert "Run 1 of 3" not in again.err
    assert f"Holding {meeting} again: 1 run to go" in again.err
    assert f"There are 3 runs of {meeting} already." in serve("meeting", "repeat", "--runs", "2").err
    [topic] = json.loads(again.out)
    assert (topic["runs"], sum(topic["counts"].values())) == (3, 3)
    assert topic["meetings"] == [f"{meeting}.run{number}" for number in (1, 2, 3)]
    assert "Repeated 3 times" in serve("meeting", "minutes", "last").out
    shown = serve("meeting", "show", "last")
    assert f"{meeting}.run3" in shown.out
    assert len(json.loads(serve("meeting", "show", "last", "--json").out)["runs"]) == 3
    assert f"run of      {meeting}" in serve("meeting", "show", f"{meeting}.run2").out
    assert serve("--model", "nope", "meeting", "repeat").status == 3
    assert serve("meeting", "repeat", "--runs", "0").status == 2


def test_an_outcome_is_recorded_and_shown(serve: Run, meeting: str) -> None:
    """Meeting and decision may be left out; minutes, the meeting, its actions and their exports show the report."""
    yesterday = today() - timedelta(days=1)
    ran = serve("meeting", "outcome", "No cart was lost", "--good", "--by", "Ada", "--on", "yesterday")
    assert ran.status == 0
    assert f"{yesterday}, good: No cart was lost (Ada)" in ran.err
    assert serve("meeting", "outcome", meeting[:-1], "d1", "Then the bill came", "--mixed").status == 0
    assert serve("meeting", "outcome", "D1", "It runs").status == 0
    minutes = serve("meeting", "minutes", "last").out
    assert f"How it turned out: {yesterday}, good: No cart was lost (Ada)" in minutes
    assert "It runs" in serve("meeting", "show", "last").out
    assert [one["how"] for one in json.loads(serve("meeting", "show", "last", "--json").out)["outcomes"]] == [
        "good",
        "mixed",
        "",
    ]
    rows = json.loads(serve("actions", "list", "--json").out)
    assert {row["outcome"] for row in rows} == {f"{date.today()}: It runs"}  # noqa: DTZ011 - the user's own day
    assert "The decision behind A1" in serve("actions", "list").out
    assert "It runs" in serve("actions", "show", "A1").out
    assert "outcome" in serve("actions", "export").out.splitlines()[0].split(",")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x", "y", "z", "more"), "between quotation marks"),
        (("last", "D9", "x"), "has no decision 'D9'"),
        (("x", "--on", "tomorrow"), "has not come yet"),
        (("x", "--on", "someday"), "is not a date"),
        (("x", "--good", "--bad"), "good and bad"),
        ((" ",), "It is not said"),
        ((), "Missing argument"),
    ],
)
def test_a_wrong_outcome_is_refused(serve: Run, meeting: str, words: tuple[str, ...], said: str) -> None:
    """Nothing is recorded, and the status is 2."""
    assert meeting
    ran = serve("meeting", "outcome", *words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert json.loads(serve("meeting", "show", "last", "--json").out)["outcomes"] == []


def test_a_chained_export_is_verified(serve: Run, meeting: str, tmp_path: Path) -> None:
    """Unchanged, it is unbroken and has the head hash of the minutes; one changed byte is found, with its line."""
    file = tmp_path / "meeting.jsonl"
    assert serve("meeting", "export", "last", "-f", "chained", "-o", file).status == 0
    ran = serve("minutes", "verify", file)
    assert ran.status == 0
    found = json.loads(serve("minutes", "verify", file, "--json").out)
    head = found["head"]
    assert ran.out.startswith(f"{found['events']} events, unbroken; head hash {head}\nMeeting {meeting}\n")
    assert "does not prove who exported it" in " ".join(ran.out.split())
    assert f"Journal: {found['events']} events, sha256 {head}" in serve("meeting", "minutes", "last").out
    assert (
        "The head hash is the one that you gave." in serve("minutes", "verify", file, "--head", head[:12].upper()).out
    )
    serve("meeting", "outcome", "It runs")
    serve("meeting", "export", "last", "-f", "chained", "-o", tmp_path / "later.jsonl")
    later = serve("minutes", "verify", tmp_path / "later.jsonl", "--head", head)
    assert f"The hash that you gave is that of event {found['events']}; 1 event came after it." in " ".join(
        later.out.split()
    )
    other = serve("minutes", "verify", file, "--head", "0" * 12)
    assert (other.status, other.out) == (1, "")
    assert "has the hash 000000000000" in other.err
    assert serve("minutes", "verify", file, "--head", "abc").status == 2
    data = file.read_bytes()
    place = data.index(b"Buy or build")
    file.write_bytes(data[:place] + b"b" + data[place + 1 :])
    changed = serve("minutes", "verify", file)
    assert (changed.status, changed.out) == (1, "")
    assert "Line 2 was changed." in changed.err
    assert serve("minutes", "verify", tmp_path / "none").status == 2
    assert serve("minutes", "verify", tmp_path).status == 2


def test_tasks_are_shown_without_the_words_that_gave_their_date(serve: Run, meeting: str) -> None:
    """Lists, cards and calendars show the date beside the task; data and the action's own page keep what was said."""
    assert meeting
    rows = [row for row in json.loads(serve("actions", "list", "--json").out) if row["due"] and row["due_text"]]
    assert rows
    for row in rows:
        assert row["task"].endswith(row["due_text"])
        shown = row["task"].removesuffix(row["due_text"]).strip()
        for text in (serve("actions", "list").out, serve("actions", "export", "-f", "ics").out.replace("\r\n ", "")):
            assert shown in " ".join(text.split())
            assert row["task"] not in " ".join(line for line in text.splitlines() if not line.startswith("DESCRIPTION"))
