"""``meeting``: from a topic to minutes that can be checked."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.meeting.reading import normalised
from agents.settings import Settings
from agents.store import Store
from tests.cli.conftest import Run
from tests.inputs import PROPOSAL

PLACE = re.compile(r"(?m)^\| (?P<file>[\w.-]+\.md):(?P<line>\d+) \| (?P<words>.*?) \| .* \|$")


@pytest.fixture
def store() -> Iterator[Store]:
    """What the program has kept."""
    with Store(Settings.load().data_folder) as opened:
        yield opened


def places(checklist: str, name: str) -> list[tuple[int, str]]:
    """Every line number of a document, and its words, in a checklist."""
    return [(int(m["line"]), m["words"]) for m in PLACE.finditer(checklist) if m["file"] == name]


def test_minutes_go_to_stdout_and_the_running_account_to_stderr(serve: Run) -> None:
    """The minutes are data; what happens while it happens is talk."""
    ran = serve("meeting", "run", "architecture_review", "--topic", "May we build this?", "--attach", PROPOSAL)
    assert ran.status == 0
    assert ran.out.startswith("# May we build this?\n\nArchitecture review, ")
    for part in (
        "ollama:llama3.2",
        "**Decision:** ",
        "## What this meeting may have missed",
        "Unanswered: ",
        "## Risks",
    ):
        assert part in ran.out
    assert "independent views" in ran.err
    assert "independent views" not in ran.out


def test_without_a_model_it_is_a_checklist(rehearse: Run, store: Store) -> None:
    """Each line stands where the checklist says, once and in order; nobody spoke, and nothing was decided or kept."""
    ran = rehearse("meeting", "run", "architecture_review", "-t", "May we build this?", "-a", PROPOSAL, "--control")
    lines = PROPOSAL.read_text().split("\n")
    found = places(ran.out, PROPOSAL.name)
    assert len(found) > 10
    assert sorted({number for number, _ in found}) == [number for number, _ in found]
    for number, words in found:
        assert normalised(words.replace("\\", "")) in normalised(lines[number - 1])
    assert "rehearsal, no model" in ran.out
    assert "## Questions to answer" in ran.out
    for absent in ("**Decision", "Position", "Votes", "## Transcript", "No action", "entries match"):
        assert absent not in ran.out
    assert store.actions.list() == []
    assert not any(store.memories.recent(role) for role in ("solutions_architect", "security_engineer"))


def test_the_words_of_the_topic_change_nothing(rehearse: Run) -> None:
    """Topics with other words, or several of them, get the same checklist from the same seats."""
    run = ("meeting", "run", "architecture_review", "-a", PROPOSAL, "-q", "-t")
    one = rehearse(*run, "Is the password for the database encrypted in Kubernetes?").out
    other = rehearse(*run, "Lunch?", "-t", "And the mobile app for Android?").out
    one, other = (re.sub(r"sha256 \w+", "", text) for text in (one, other))
    assert one.split("\n")[1:] == other.split("\n")[1:]
    assert " lists of 8 roles " in one


def test_without_a_model_and_a_document_the_first_questions_are_asked(rehearse: Run) -> None:
    """Each role asks what it asks about anything; there is no place to look at."""
    out = rehearse("meeting", "run", "decision", "-t", "Buy or build?", "-q").out
    assert places(out, PROPOSAL.name) == []
    assert out.split("## Questions to answer")[1].count("\n| ") > 6


def test_a_person_takes_no_seat_in_a_checklist(rehearse: Run) -> None:
    """Without a model there is nobody to talk to, and the user is told so."""
    ran = rehearse("meeting", "run", "decision", "-t", "Buy or build?", "--me", "cto")
    assert (ran.status, ran.out) == (2, "")
    assert "Choose a model" in ran.err


def test_a_meeting_of_models_is_not_continued_without_one(serve: Run, rehearse: Run, store: Store) -> None:
    """A meeting that a model began, or its fork, is not finished by rule."""
    serve("meeting", "run", "decision", "-t", "Buy or build?", "-q")
    [row] = store.meetings.list()
    assert rehearse("meeting", "fork", "last", "--at", "T1", "-q").status == 1
    store.meetings.set_status(row.id, "running")
    ran = rehearse("meeting", "resume", "last")
    assert ran.status == 1
    assert "needs a language model" in ran.err


def test_the_flaws_of_the_example_are_found(rehearse: Run) -> None:
    """The review of the example points at most of the flaws that were put into it."""
    flaws = {
        "one server": (42, 43, 44),
        "eviction": (45, 46),
        "no persistence": (47, 48, 54),
        "guessable ids": (77, 78),
        "lost updates": (79, 80),
        "shared password": (83, 84),
        "no encryption": (85,),
        "no audit": (86, 87),
        "no timeout, retries for ever": (92, 93, 94, 95),
        "all at once": (99, 102, 103),
        "no flag": (108,),
        "no rollback": (112, 113, 114),
        "tests after the fact": (118, 119, 120),
        "nobody watches": (125, 126, 127, 128),
        "privacy not asked": (133, 134, 135),
        "analytics job": (139, 140, 141),
        "costs left out": (148,),
    }
    agents = "all"
    ran = rehearse(
        "meeting", "run", "architecture_review", "-t", "May we build this?", "-a", PROPOSAL, "--agents", agents
    )
    looked_at = {number for number, _ in places(ran.out, PROPOSAL.name)}
    found = {name for name, lines in flaws.items() if looked_at & set(lines)}
    assert len(found) >= 12, sorted(set(flaws) - found)


def test_other_documents_give_other_minutes(rehearse: Run, tmp_path: Path) -> None:
    """The same question about two documents is answered from the one at hand."""
    other = tmp_path / "other.md"
    other.write_text("# Pricing page\n\nThe pricing page gets a new colour.\nScreen readers cannot read the table.\n")
    first = rehearse("meeting", "run", "architecture_review", "-t", "Good?", "-a", PROPOSAL).out
    second = rehearse("meeting", "run", "architecture_review", "-t", "Good?", "-a", other).out
    assert places(second, "other.md")
    assert not places(second, PROPOSAL.name)
    assert not places(first, "other.md")


def test_two_rehearsals_say_the_same(rehearse: Run) -> None:
    """The rehearsal is deterministic: apart from the meeting's id and the memories read, two runs are one text."""
    arguments = ("meeting", "run", "decision", "-t", "Rewrite it in one quarter?", "-a", PROPOSAL, "-q")
    first, second = (
        re.sub(r"- Meeting: .*|\d+ tokens read|Journal: .*", "", rehearse(*arguments).out) for _ in range(2)
    )
    assert first == second


def test_minutes_can_be_read_again_and_written_to_a_file(serve: Run, run: Run, tmp_path: Path) -> None:
    """What was printed is what `minutes last` prints later, without a model, and what -o writes."""
    printed = serve("meeting", "run", "decision", "-t", "Buy or build?", "-q").out
    assert run("meeting", "minutes", "last").out == printed
    file = tmp_path / "minutes.md"
    ran = run("meeting", "minutes", "last", "-o", file)
    assert (ran.out, file.read_text()) == ("", printed)
    listed = json.loads(run("meeting", "list", "--json").out)
    assert [row["status"] for row in listed] == ["closed"]
    assert listed[0]["id"] in run("meeting", "list").out


def test_several_topics_are_talked_about_in_turn(serve: Run) -> None:
    """Each --topic has its own part of the minutes, numbered."""
    out = serve("meeting", "run", "decision", "-t", "Which database?", "-t", "Which region?", "-q").out
    assert "## 1. Which database?" in out
    assert "## 2. Which region?" in out


def test_seats_follow_the_flags(serve: Run) -> None:
    """--agents, --invite, --without and --chair decide who comes."""
    out = serve(
        "meeting", "run", "decision", "-t", "X or Y?", "--agents", "cto,qa_engineer", "--chair", "cto", "-q"
    ).out
    assert " 2 roles, chair Chief Technology Officer " in out
    assert "QA Engineer" in out.split("Who said what: ")[1].split("\n")[0]
    out = serve(
        "meeting",
        "run",
        "decision",
        "-t",
        "Is the SLA of support fine?",
        "--invite",
        "it_support_l1",
        "--without",
        "cto",
        "-q",
    ).out
    present = out.split("Who said what: ")[1].split("\n")[0]
    assert "IT Support" in present
    assert "Chief Technology Officer" not in present


def test_a_model_that_fails_half_way_leaves_minutes(run: Run, tmp_path: Path) -> None:
    """Who cannot be asked is absent; the meeting ends in minutes all the same."""
    slow = tmp_path / "answers.json"
    slow.write_text(json.dumps(["Risk: it breaks.\nPosition: against\nProposal: Not now."] * 3))
    ran = run(
        "--model",
        f"scripted:{slow}",
        "meeting",
        "run",
        "decision",
        "-t",
        "Now?",
        "--agents",
        "cto,qa_engineer,data_engineer",
    )
    assert ran.status == 0
    assert "is absent: The script has only" in ran.err
    assert "Decision, " in ran.out.split("\n")[2]


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["run", "architecture_revue", "-t", "x"], "Did you mean architecture_review"),
        (["run", "architecture_review"], "There is no topic"),
        (["run", "decision", "-t", "x", "--agents", "nobody"], "There is no agent 'nobody'"),
        (["run", "decision", "-t", "x", "-a", "gone.md"], "There is no file gone.md"),
        (["minutes", "nothing"], "There is no meeting 'nothing'"),
        (["resume", "last"], "meeting"),
        (["show-type", "nope"], "There is no meeting type 'nope'"),
        (["delete", "nothing", "--yes"], "There is no meeting 'nothing'"),
    ],
)
def test_wrong_words_are_refused_with_status_2(serve: Run, arguments: list[str], cause: str) -> None:
    """Cause and remedy on stderr, nothing on stdout, no meeting stored."""
    ran = serve("meeting", *arguments)
    assert ran.status == 2
    assert cause in ran.err
    assert ran.out == ""
    assert json.loads(serve("meeting", "list", "--json").out) == []


def test_deleting_asks_and_without_a_terminal_needs_yes(serve: Run) -> None:
    """Off a terminal, `delete` without --yes is refused and keeps the meeting; with it the meeting is gone."""
    serve("meeting", "run", "decision", "-t", "x or y?", "-q")
    refused = subprocess.run(
        [sys.executable, "-m", "agents", "meeting", "delete", "last"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert serve("meeting", "delete", "last", "--yes").status == 0
    assert json.loads(serve("meeting", "list", "--json").out) == []


@pytest.mark.skipif(not os.access("/proc", os.W_OK), reason="needs a folder whose rights allow what it refuses")
def test_minutes_that_cannot_be_written_are_not_lost(serve: Run) -> None:
    """A file that turns out not to be writable is status 6, with the command that prints the minutes again."""
    ran = serve("meeting", "run", "decision", "-t", "x or y?", "-q", "-o", "/proc/minutes")
    assert ran.status == 6
    assert "/proc/minutes cannot be written: no file can be made in that folder." in ran.err
    assert "orchestrator meeting minutes" in ran.err
    assert serve("meeting", "minutes", "last").status == 0


@pytest.mark.parametrize("where", [".", "no/such/m.md", "m" * 300])
def test_a_wrong_place_for_minutes_is_said_before_the_meeting(serve: Run, tmp_path: Path, where: str) -> None:
    """A folder, or a file in one that is not there, is refused before anybody is asked or anything stored."""
    ran = serve("meeting", "run", "decision", "-t", "x or y?", "-q", "-o", tmp_path / where)
    assert (ran.status, "cannot be written" in ran.err) == (6, True)
    assert json.loads(serve("meeting", "list", "--json").out) == []


def test_a_person_speaks_from_a_file(serve: Run, tmp_path: Path) -> None:
    """With --me and --words, the seat says what the file says, paragraph by paragraph, pauses included."""
    words = tmp_path / "words.txt"
    words.write_text(
        "Risk: the licence costs double next year.\nPosition: against\n\n!The auditor comes on Monday.\n\n"
        "/park the colour of the logo\n\nPASS\n\nobject: nobody asked the vendor\n"
    )
    ran = serve("meeting", "run", "decision", "-t", "Buy or build?", "--me", "cto", "--words", words, "-q")
    assert ran.status == 0
    for said in (
        "the licence costs double next year",
        "The auditor comes on Monday",
        "the colour of the logo",
        "nobody asked the vendor",
    ):
        assert said in ran.out + serve("meeting", "transcript", "last").out
    assert "## Parking lot" in ran.out


@pytest.mark.usefixtures("ollama")
def test_a_person_speaks_through_a_pipe_and_nobody_waits_for_more(tmp_path: Path) -> None:
    """Piped lines are the person's; when they are used up the meeting continues without waiting."""
    command = [
        sys.executable,
        "-m",
        "agents",
        "meeting",
        "run",
        "decision",
        "-t",
        "Now?",
        "--me",
        "cto",
    ]
    ran = subprocess.run(
        command,
        input="Stake: too early.\nPosition: against\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert "too early" in ran.stdout
    assert "is absent: said nothing" in ran.stderr
