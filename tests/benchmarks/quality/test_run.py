"""The benchmark as a whole: runs are made once, stored, and scored without the model."""

import json
import sys
from pathlib import Path

import pytest

from agents.errors import UsageError
from agents.log import Log
from benchmarks.quality import run, tables
from benchmarks.quality.claim import Spent, keep, read_run, read_runs
from benchmarks.quality.meeting import findings, logged
from tests.benchmarks.quality.small import case_in, claim, folder_with, run_of
from tests.ollama_double import OllamaDouble


def call(monkeypatch: pytest.MonkeyPatch, program: object, *arguments: str | Path) -> None:
    """Call the main function of a module with arguments."""
    monkeypatch.setattr(sys, "argv", ["program", *map(str, arguments)])
    program.main()  # type: ignore[attr-defined]


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    """Claims, costs and all."""
    kept = run_of(claim(4, quote="§ words"), seed=3)
    keep(tmp_path, kept)
    assert read_runs(tmp_path, ["meeting", "once"]) == [kept]


def test_arms_are_run_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ollama: OllamaDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command asks every arm; a stored run is not asked again; another prints the tables."""
    folder, out = folder_with(tmp_path / "documents"), tmp_path / "out"
    given = ("--out", out, "--folder", folder, "--seeds", "1,2", "--budget", "3000")
    call(monkeypatch, run, *given, "--arms", "once,repeated,checklists,search")
    runs = read_runs(out, run.ARMS)
    assert [(one.arm, one.seed) for one in runs] == [(arm, seed) for arm in run.ARMS[1:] for seed in (1, 2)]
    assert all(one.spent.tokens >= 3000 for one in runs if one.arm in run.WITH_BUDGET)
    assert all(one.spent.calls == (one.arm == "once") for one in runs if one.arm not in run.WITH_BUDGET)
    asked = len(ollama.requests.chats())
    call(monkeypatch, run, *given, "--arms", "once,search")
    assert len(ollama.requests.chats()) == asked
    capsys.readouterr()
    call(monkeypatch, tables, "--out", out, "--folder", folder)
    printed = capsys.readouterr().out
    assert all(head in printed for head in tables.HEADS.values())
    assert all(f"| {arm} |" in printed for arm in run.ARMS[1:])


def test_the_budget_is_what_the_stored_meeting_cost(tmp_path: Path) -> None:
    """Without one, and without a number, the arm cannot be run."""
    from agents.role.file import roles_in
    from agents.settings import Settings

    settings = Settings.load()
    bench = run.Bench(settings, roles_in(settings.role_places), tmp_path / "out")
    case = case_in(tmp_path)
    with pytest.raises(UsageError, match="which gives the budget"):
        bench.budget_for(case, 1)
    keep(tmp_path / "out", run_of(arm="meeting"))
    assert bench.budget_for(case, 1) == 15


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--arms", "once,jury"), "There is no arm jury.\nThere are meeting, once,"),
        (("--documents", "ship"), "There is no document ship.\nThere are shop."),
    ],
)
def test_an_unknown_arm_or_document_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: tuple[str], said: str
) -> None:
    """One line says what is wrong and one which there are; nothing is asked."""
    with pytest.raises(SystemExit) as ended:
        call(monkeypatch, run, "--out", tmp_path / "out", "--folder", folder_with(tmp_path), *option)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(said)
    assert not (tmp_path / "out").exists()


def test_a_meeting_costs_what_its_log_counts(tmp_path: Path) -> None:
    """Every call counts; a prompt of which nobody knows what was cached counts as a whole."""
    log = Log(tmp_path)
    log.line("INFO", "model ready", model="x")
    log.line("INFO", "turn", prompt_tokens=100, reply_tokens=20)
    log.line("INFO", "turn", prompt_tokens=110, evaluated_tokens=10, reply_tokens=5)
    assert logged(tmp_path, 1.5) == Spent(110, 25, 2, 1.5)


def test_the_findings_of_minutes_are_claims(tmp_path: Path) -> None:
    """In their order, with lines, words, reason and change; findings in other documents are left out."""
    case = case_in(tmp_path)
    one = {"file": "shop.md", "first": 4, "last": 4, "quote": "The old host", "why": "No way back.", "change": None}
    minutes = {"topics": [{"findings": [one, one | {"file": "other.md"}, one | {"first": 9, "last": 9}]}]}
    found = findings(json.loads(json.dumps(minutes)), case.document, "meeting")
    assert [(each.first, each.rank, each.problem, each.change) for each in found] == [
        (4, 1, "No way back.", ""),
        (9, 2, "No way back.", ""),
    ]


def test_each_seed_of_an_arm_is_a_file_of_its_own(tmp_path: Path) -> None:
    """So that a stopped benchmark goes on where it was."""
    for seed in (1, 2):
        keep(tmp_path, run_of(seed=seed))
    assert [read_run(file).seed for file in sorted((tmp_path / "once").iterdir())] == [1, 2]
