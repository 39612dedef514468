"""``meeting run --plan``: as JSON, and in words a person understands."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agents.cli.terminal.tables import counted
from tests.cli.conftest import Run

PLAN = ("meeting", "run", "decision", "-t", "Buy or build?", "-t", "Now?", "--plan")
SUMMED = ("turns", "requests", "least", "most", "sent", "evaluated", "written")


def planned(run: Run, *flags: str, attach: Path | None = None) -> dict[str, Any]:
    """The plan as JSON."""
    ran = run(*flags, *PLAN, *(["--attach", str(attach)] if attach else []), "--json")
    assert ran.status == 0
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_a_plan_as_json_is_the_plan_in_words(run: Run) -> None:
    """Seats, steps and totals are those of the page; the totals are the sums of the steps; nothing is stored."""
    found, page = planned(run), run(*PLAN).out
    assert (found["type"], [topic["text"] for topic in found["topics"]]) == ("decision", ["Buy or build?", "Now?"])
    assert found["seats"]
    for seat in found["seats"]:
        assert re.search(rf"^{seat['title']} +{seat['reason']}$", page, re.M)
    assert {step["topic"] for step in found["steps"]} == {1, 2}
    assert [step["phase"] for step in found["steps"]][:2] == ["silent_round", "exchange"]
    for name in SUMMED:
        assert found["totals"][name] == sum(step[name] for step in found["steps"])
    total = next(line for line in page.split("\n") if line.startswith("all "))
    assert total.split()[1:5] == [str(found["totals"][name]) for name in ("turns", "requests", "evaluated", "written")]
    assert found["minutes"] == pytest.approx(sum(step["seconds"] for step in found["steps"]) / 60, abs=0.1)
    assert found["measured_calls"] == 0
    assert json.loads(run("meeting", "list", "--json").out) == []


def test_a_plan_without_a_model_takes_no_time(rehearse: Run) -> None:
    """For the rehearsal, minutes and seconds are null, not 0."""
    found = planned(rehearse)
    assert found["minutes"] is None
    assert {step["seconds"] for step in found["steps"]} == {None}


def test_what_is_read_anew_is_said_plainly(run: Run) -> None:
    """The sentence has both numbers of the totals, and the reason why they differ."""
    totals, page = planned(run)["totals"], " ".join(run(*PLAN).out.split())
    assert totals["evaluated"] < totals["sent"]
    said = f"Of {totals['sent']} tokens sent, the model server has to read {totals['evaluated']}"
    assert f"{said}: it still knows the beginning that a prompt has in common with earlier ones." in page


@pytest.mark.parametrize(("box", "said"), [("1m", "1 minute "), ("15m", "15 minutes "), ("1h30m", "90 minutes ")])
def test_a_time_box_is_counted_in_words(rehearse: Run, box: str, said: str) -> None:
    """One minute is singular."""
    assert f"The time box of {said}cuts nothing" in rehearse(*PLAN, "--time-box", box).out


def test_one_of_anything_is_singular(run: Run) -> None:
    """No plan says "1 turns", "1 requests", "1 minutes" or "1 seconds"."""
    assert [counted(number, "turn") for number in (0, 1, 2)] == ["0 turns", "1 turn", "2 turns"]
    alone = ("meeting", "run", "brainstorm", "-t", "x?", "--agents", "cto", "--plan", "--time-box", "1m")
    assert not re.search(r"\b1 (turns|requests|minutes|seconds|calls|tokens)\b", run(*alone).out)


def test_a_plan_names_the_lines_that_nobody_will_be_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines and the settings that would include them are a sentence on the page and data in the JSON; with one of these
    settings, nothing is left and the reading turns are steps of the plan.
    """
    long = tmp_path / "long.md"
    long.write_text("\n".join(f"## Part {n}\nShard {n} is moved in the night of day {n}." for n in range(1500)))
    monkeypatch.setenv("NUM_CTX", "4096")
    found, page = planned(run, attach=long), " ".join(run(*PLAN, "--attach", str(long)).out.split())
    [first, _] = found["unread"]
    assert {line["document"] for line in first["lines"]} == {"long.md"}
    assert set(first["enough"]) == {"NUM_CTX", "READING_TURNS"}
    turns, size = first["enough"]["READING_TURNS"], first["enough"]["NUM_CTX"]
    assert "By estimate, nobody will be shown lines" in page
    assert f"NUM_CTX={size} or READING_TURNS={turns} would include them." in page
    monkeypatch.setenv("READING_TURNS", str(turns))
    found = planned(run, attach=long)
    assert not found["unread"]
    phases = [step["phase"] for step in found["steps"] if step["topic"] == 1]
    assert phases[: turns - 1] == ["reading"] * (turns - 1)
