"""``orchestrator models bench --quality``, and what commands say of control ballots before a meeting."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble
from tests.ollama_double.answers import default_answer

BENCH = ("models", "bench", "--quality")
MEETING = ("meeting", "run", "decision", "-t", "Buy or build?")


def votes_first(body: Mapping[str, Any]) -> str:
    """Takes the first option of every vote, and answers everything else as the double does."""
    wanted = body.get("format")
    votes = wanted.get("properties", {}).get("vote", {}).get("enum", []) if isinstance(wanted, dict) else []
    return json.dumps({"vote": votes[0]}) if votes else default_answer(body)


def test_a_report_card_is_printed_and_stored(ollama: OllamaDouble, run: Run) -> None:
    """The page has each proposal with both votes, the counts and the verdict; progress is told on stderr."""
    ollama.answer = votes_first
    ran = run(*BENCH)
    assert ran.status == 0
    assert "support, abstain" in ran.out
    assert "told 0 of 8 control proposals apart" in " ".join(ran.out.split())
    assert "of 30" in ran.out
    assert "16 votes" in ran.err
    assert "16 votes" not in ran.out


def test_a_report_card_as_json_has_all_figures(ollama: OllamaDouble, run: Run) -> None:
    """Votes, counts, bar, fields, copies and costs are numbers, and nothing else is on standard output."""
    ollama.answer = votes_first
    found = json.loads(run(*BENCH, "llama3.2", "--json").out)
    assert (found["model"], found["machine"]) == ("ollama:llama3.2", ollama.url)
    assert found["jury"] == {"told": 0, "controls": 8, "steady": 0, "bar": 7 / 8, "passes": False}
    assert {tuple(one["votes"]) for one in found["controls"]} == {("support", "abstain")}
    assert found["statements"]["asked"] == 30
    assert found["costs"]["controls"]["calls"] == 16


def test_the_rehearsal_has_no_report_card(rehearse: Run) -> None:
    """A model that answers by rule is refused with a cause, a remedy and status 2."""
    ran = rehearse(*BENCH)
    assert ran.status == 2
    assert "by rule" in ran.err
    assert "Choose a language model" in ran.err


def test_any_provider_can_be_measured(run: Run, tmp_path: Any) -> None:
    """A model of another provider is opened and asked; what goes wrong is its own error, with status 3."""
    script = tmp_path / "script.json"
    script.write_text(json.dumps(['{"vote": "object"}'] * 16))
    ran = run(*BENCH, f"scripted:{script}")
    assert ran.status == 3
    assert "has only 16 answers" in ran.err


def test_ctrl_c_ends_a_measurement_at_once(ollama: OllamaDouble) -> None:
    """Ctrl-C ends it with status 130, whatever the model is doing."""
    ollama.pace = 0.1
    command = [sys.executable, "-m", "agents", *BENCH]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert ollama.requests.wait_until(lambda log: len(log.chats()) > 2)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


def test_a_plan_says_what_the_test_of_votes_costs(
    ollama: OllamaDouble, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan has the control ballots with their cost while the model is new; afterwards it has none."""
    monkeypatch.setenv("CONTROL_BALLOTS", "auto")
    controls = json.loads(run(*MEETING, "--plan", "--json").out)["controls"]
    page = " ".join(run(*MEETING, "--plan").out.split())
    assert (controls["models"], controls["calls"]) == (["llama3.2"], 16)
    assert "16 control ballots" in page
    assert ("orchestrator models bench --quality llama3.2" in page) is not controls["due"]
    assert ollama.requests.chats() == []
    assert run(*BENCH).status == 0
    assert json.loads(run(*MEETING, "--plan", "--json").out)["controls"] is None


def test_a_meeting_says_that_it_tests_the_votes(
    ollama: OllamaDouble, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the meeting, a line says what is tested and what it costs; while it runs, another says so; then never."""
    monkeypatch.setenv("CONTROL_BALLOTS", "auto")
    ollama.answer = votes_first
    all_seats = (*MEETING, "--agents", "all")
    assert json.loads(run(*all_seats, "--plan", "--json").out)["controls"]["due"]
    ran = run(*all_seats, "--plain")
    assert ran.status == 0
    told = [line for line in ran.err.splitlines() if "16 control ballots" in line]
    assert len(told) == 2
    assert "told 0 of 8 control proposals apart" in ran.err
    again = run(*MEETING, "--agents", "cto,qa_engineer", "--plain")
    assert "16 control ballots" not in again.err
