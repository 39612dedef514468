"""The live view of a meeting on a terminal, and what takes its place elsewhere."""

import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.meeting.codec import entry_of
from agents.meeting.journal import Event, Kind, live_event
from agents.meeting.progress import Board
from agents.meeting.record import Absence
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator
from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C, CTRL_Z
from tests.cli.pty.terminals import SERVED as OLLAMA
from tests.ollama_double import OllamaDouble, faults

LIVELY = Path(__file__).with_name("lively.py")
RUN = ("meeting", "run", "decision", "--agents", "cto,qa_engineer,data_engineer")
FRAME = b"\x1b[?2026h"
MOST_A_SECOND = 12


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    """A server that needs some time for each word, and answers two at once."""
    with OllamaDouble(parallel=2, pace=0.05) as double:
        monkeypatch.setenv("OLLAMA_BASE_URL", double.url)
        monkeypatch.setenv("PARALLEL", "2")
        yield double


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_it_shows_floor_streams_positions_and_ballots_and_is_gone_at_the_end(start: Start, columns: int) -> None:
    """While the meeting is held each is seen in its place; afterwards only lines that stay and the minutes are left."""
    terminal = start(*RUN, "-t", "Buy it?", program=OLLAMA, columns=columns, rows=30)
    terminal.wait(r"(?m)^> (Chief Te|QA|Data)\S*.*  .*\w+ \w+")
    terminal.wait("(?m)^Positions: ")
    terminal.wait(r"(?m)^[ .>+] QA Engineer")
    terminal.wait(lambda: b"Ballots: " in terminal.raw)
    assert terminal.status() == 0
    left = terminal.everything()
    assert "Positions: for" not in left.split("Decision: ")[0]
    assert not re.search(r"(?m)^[.>+x] (QA|Data)", left)
    assert terminal.mode() == terminal.before
    assert not terminal.screen.cursor.hidden
    assert b"\x1b[?1049h" not in terminal.raw
    assert len(re.findall(r"(?m)^    (?:T\d+ )?(Chief Te|QA|Data)", left)) >= 3


@pytest.mark.usefixtures("slow")
def test_it_repaints_at_most_twelve_times_a_second(start: Start) -> None:
    """However fast words come, the frames stay within the budget; and there are some."""
    terminal = start(*RUN, "-t", "Buy it?", program=OLLAMA)
    terminal.wait("step 1")
    first, began = terminal.raw.count(FRAME), time.monotonic()
    terminal.wait("Minutes: ", terminal.everything)
    frames, seconds = terminal.raw.count(FRAME) - first, time.monotonic() - began
    assert 3 < frames <= MOST_A_SECOND * (seconds + 1)


def test_painting_takes_at_most_a_twentieth_of_a_core(start: Start) -> None:
    """Fed as fast as words may come for some seconds, the view's process works at most 5 % of the time."""
    terminal = start(program=[sys.executable, str(LIVELY)], columns=200)
    terminal.wait("share=", terminal.everything)
    found = re.search(r"share=(\S+) frames=(\d+) seconds=(\S+)", terminal.everything())
    assert found
    assert float(found[1]) <= 0.05
    assert 10 < int(found[2]) <= MOST_A_SECOND * float(found[3]) + 2


@pytest.mark.usefixtures("slow")
def test_without_streams_whole_statements_are_shown(start: Start) -> None:
    """--no-stream shows who has the floor and what was said, and no word before its statement is whole."""
    terminal = start(*RUN, "-t", "Buy it?", "--no-stream", program=OLLAMA)
    terminal.wait(r"(?m)^\. QA Engineer")
    terminal.wait(r"(?m)^    (Chief Te|QA|Data|Product|Engineering)", terminal.everything)
    terminal.wait("Decision: ", terminal.everything)
    assert b"\n> " not in terminal.raw


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("how", [["--plain"], ["TERM=dumb"]])
def test_plain_meetings_write_lines_and_no_escape_sequences(start: Start, how: list[str]) -> None:
    """With --plain, or on a dumb terminal, a meeting is lines only: not one escape character."""
    env = {"TERM": "dumb"} if how == ["TERM=dumb"] else {}
    terminal = start(*RUN, "-t", "Buy it?", *[word for word in how if word == "--plain"], env=env, program=OLLAMA)
    assert terminal.status() == 0
    terminal.wait("Minutes: ", terminal.everything)
    assert b"\x1b" not in terminal.raw


@pytest.mark.usefixtures("ollama")
def test_no_color_means_no_color(start: Start) -> None:
    """With NO_COLOR no color is set, neither in the view nor in the minutes."""
    terminal = start(*RUN, "-t", "Buy it?", env={"NO_COLOR": "1"}, program=OLLAMA)
    assert terminal.status() == 0
    codes = [code for sgr in re.findall(rb"\x1b\[([\d;]*)m", terminal.raw) for code in sgr.split(b";") if code]
    assert all(int(code) < 30 for code in codes)


@pytest.mark.parametrize("where", ["meeting", "interactive"])
def test_what_a_model_says_cannot_command_the_terminal(start: Start, ollama: OllamaDouble, where: str) -> None:
    """Escape sequences, 8-bit controls and markup in an answer are letters on the screen, streamed or not."""
    evil = "Risk: \x1b]0;owned\x07 \x1b[2J\x9b31m [bold red]see[/] [link=http://x]y[/link] :boom: \u202egnp.exe\nPosition: for\nProposal: Buy \x1b[41mit."
    ollama.inject(faults.answers(evil, times=None))
    if where == "meeting":
        terminal = start(*RUN, "-t", "Buy it?", program=OLLAMA)
        assert terminal.status() == 0
    else:
        terminal = start("interactive", program=OLLAMA)
        terminal.wait("room>")
        for line in ("@cto hello", "@cto,qa_engineer hello", "/memory", "/actions"):
            terminal.line(line)
            terminal.wait(rf"{line}\n(.*\n)+\w+>", terminal.everything)
    assert "[bold red]see[/]" in terminal.everything()
    assert b"\x1b]0;" not in terminal.raw
    assert b"\x1b[2J" not in terminal.raw
    assert b"\x1b[41m" not in terminal.raw
    for bad in ("\x9b", "\u202e", "\x07"):
        assert bad.encode() not in terminal.raw


def test_ctrl_c_in_a_meeting_gives_the_prompt_back_and_resume_goes_on(
    talk: Start, slow: OllamaDouble, store: Store
) -> None:
    """In the interactive mode Ctrl-C stops the meeting, keeps its turns, and /resume finishes it."""
    terminal = talk(program=OLLAMA, rows=40)
    terminal.line("/meeting decision Buy it?")
    terminal.wait(r"(?m)^    (Chief Te|QA|Data|Product|Engineering)", terminal.everything)
    terminal.send(CTRL_C)
    terminal.wait("(?m)^room>$")
    assert not re.search(r"(?m)^[.>+x] (QA|Product|Engin)", terminal.shown())
    [row] = store.meetings.list()
    assert row.status == "running"
    assert row.turns >= 1
    slow.pace = 0
    terminal.line("/resume")
    terminal.wait("Minutes: ", terminal.everything)
    terminal.wait(f"meeting {row.id} closed")
    assert store.meetings.row(row.id).status == "closed"


def test_ctrl_z_hands_the_terminal_back_as_it_was(start: Start, slow: OllamaDouble) -> None:
    """Suspended, the view is gone, the cursor is there and what is typed is shown; fg brings the view back."""
    terminal = start(program=["/bin/bash", "--norc", "-i"], env={"PS1": "shell$ "}, rows=30)
    terminal.wait(r"shell\$")
    terminal.line(" ".join([*OLLAMA, *RUN, "-t", "'Buy it?'"]))
    terminal.wait(r"(?m)^[.>] QA Engineer")
    terminal.send(CTRL_Z)
    terminal.wait(r"Stopped(.|\n)*shell\$")
    assert not terminal.screen.cursor.hidden
    terminal.line("echo it is $((40 + 2))")
    terminal.wait("(?m)^it is 42")
    assert not re.search(r"(?m)^[.>+x] QA", terminal.shown().split("Stopped")[1])
    slow.pace = 0
    terminal.line("fg")
    terminal.wait("Minutes: ", terminal.everything)


@pytest.mark.usefixtures("ollama")
def test_off_a_terminal_each_event_is_a_line() -> None:
    """With stderr in a pipe there is a line an event and no escape character; --quiet says nothing."""
    ran = subprocess.run([*OLLAMA, *RUN, "-t", "Buy it?"], capture_output=True, text=True, check=True)
    assert re.search(r"(?m)^  independent views$", ran.stderr)
    assert len(re.findall(r"(?m)^    (?:T\d+ )?(Chief Te|QA|Data)[^:]* \[for.*\]: \w+: \w+", ran.stderr)) >= 2
    assert "\x1b" not in ran.stderr + ran.stdout
    quiet = subprocess.run([*OLLAMA, *RUN, "-t", "Buy it?", "-q"], capture_output=True, text=True, check=True)
    assert quiet.stderr == ""


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("stream", [True, False])
def test_events_as_json_are_a_line_each_and_the_minutes_come_last(stream: bool) -> None:
    """--json prints an object a line on stdout, the last with the minutes; --no-stream leaves out pieces of text."""
    command = [*OLLAMA, *RUN, "-t", "Buy it?", "--json", *([] if stream else ["--no-stream"])]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds[0] == "topic"
    assert kinds[-1] == "minutes"
    assert {"phase", "floor", "turn", "ballot"} <= set(kinds)
    assert ("text" in kinds) is stream
    turns = [event["turn"]["id"] for event in events if event["event"] == "turn"]
    assert sorted(turn["id"] for turn in events[-1]["minutes"]["turns"]) == sorted(turns)
    assert "Topic 1" not in ran.stderr


@pytest.mark.usefixtures("ollama")
def test_json_lines_that_nobody_reads_to_the_end_lose_nothing(store: Store) -> None:
    """Cut short by `| head -1`, the command prints no traceback, and the meeting is stored to be resumed."""
    line = " ".join([*OLLAMA, *RUN, "-t", "x", "--json", "|", "head", "-1"])
    ran = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True)
    assert len(ran.stdout.splitlines()) == 1
    assert "Traceback" not in ran.stderr
    assert "unexpected" not in ran.stderr
    assert len(store.meetings.list()) == 1


def test_progress_counts_what_a_former_run_did_and_guesses_the_rest_from_this_one() -> None:
    """After a resume the bar starts where the meeting is; the time left follows the pace of this run's calls."""
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy it?", agents=["cto", "qa_engineer", "data_engineer"])
        call = spec_from(orchestrator.meetings.spec(meeting))
    clock = itertools.count(0.0, 10.0)
    board = Board(call, lambda: next(clock))
    board.update(live_event(Kind.TOPIC, 1))
    for phase in ("silent_round", "digest", "exchange"):
        board.update(live_event(Kind.PHASE, 1, phase))
    assert board.done == 3
    assert board.left is None
    for name in call.speakers:
        board.update(live_event(Kind.ASKED, 1, "exchange", name))
        kind, data = entry_of(Absence(name, 1, "exchange", "gone"))
        board.update(Event(1, "", kind, "", data))
    assert board.done == 6
    assert board.expected == 13
    assert board.left == pytest.approx((board.expected - 6) * 10.0 / 3)
    assert {row.state for row in board.rows.values()} == {"absent"}
