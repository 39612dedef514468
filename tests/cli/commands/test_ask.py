"""``ask``, ``consult`` and ``workflow``."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.inputs import PLAN
from tests.ollama_double import OllamaDouble, faults


def test_ask_says_on_stdout_what_the_agent_says_and_on_stderr_who_it_is(rehearse: Run) -> None:
    """The answer is data; the agent's name and the model behind it are talk."""
    ran = rehearse("ask", "security_engineer", "One shared password for all services, is that fine?")
    assert ran.status == 0
    assert "Security Engineer (rehearsal, no model)" in ran.err
    assert ran.out.startswith("Rehearsal, no model")
    assert "password" in ran.out


def test_an_agent_remembers_across_processes(tmp_path: Path) -> None:
    """What one process was told, the next one's agent recalls by its words."""
    ask = [sys.executable, "-m", "agents", "--model", "rehearsal", "ask", "cto"]
    subprocess.run([*ask, "Our vendor for invoices is called Quillfeather."], check=True, capture_output=True)
    answer = subprocess.run([*ask, "Who is our vendor for invoices?"], check=True, capture_output=True, text=True)
    assert "Quillfeather" in answer.stdout
    assert (tmp_path / "data").is_dir()


def test_forget_leaves_no_trace(rehearse: Run) -> None:
    """A question asked with --forget is not in the agent's memory."""
    rehearse("ask", "cto", "Is the moon made of basalt?", "--forget")
    assert "basalt" not in rehearse("memory", "show", "cto").out


def test_attached_lines_are_quoted_with_their_numbers(rehearse: Run, tmp_path: Path) -> None:
    """A quote names file and line, and that line has these words."""
    plan = tmp_path / "plan.md"
    plan.write_text(PLAN)
    ran = rehearse("ask", "devops_engineer", "Can we go back?", "--attach", plan)
    assert 'plan.md:6 says "There is no rollback' in ran.out
    assert "There is no rollback" in PLAN.split("\n")[5]


def test_piped_text_is_judged_without_being_named(tmp_path: Path) -> None:
    """Text on standard input is a document called stdin."""
    command = [sys.executable, "-m", "agents", "--model", "rehearsal", "ask", "devops_engineer", "Can we go back?"]
    ran = subprocess.run(command, input=PLAN, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "stdin:6 says" in ran.stdout


def test_consult_auto_chooses_and_says_why(rehearse: Run) -> None:
    """Code chooses agents whose field the question is, and names the words that chose them."""
    ran = rehearse("consult", "Our database migration has no rollback. What first?", "--agents", "auto")
    assert ran.status == 0
    assert "## Database Administrator\n" in ran.out
    assert "Asked: Database Administrator (" in ran.err
    assert ran.out.count("\n## ") + ran.out.startswith("## ") >= 2


def test_consult_asks_exactly_the_named_ones(rehearse: Run) -> None:
    """Named agents answer, each under its title, and nobody else does."""
    ran = rehearse("consult", "Twice the traffic tomorrow?", "--agents", "cto,network_engineer")
    titles = [line for line in ran.out.splitlines() if line.startswith("## ")]
    assert sorted(titles) == ["## Chief Technology Officer", "## Network Engineer"]


def test_a_workflow_hands_each_step_on(rehearse: Run, tmp_path: Path) -> None:
    """A workflow file's steps run in order, and a later step quotes an earlier one."""
    flow = tmp_path / "flow.toml"
    flow.write_text(
        'task = "Replace the database rollback script"\n[[steps]]\nname = "plan"\nagent = "database_administrator"\n'
        'task = "Plan the migration and its rollback"\n[[steps]]\nname = "test"\nagent = "qa_engineer"\n'
        'skill = "create_test_plan"\ntask = "Plan its tests"\n'
    )
    ran = rehearse("workflow", "--file", flow)
    assert ran.status == 0
    assert ran.out.index("## plan") < ran.out.index("## test")
    assert "S1:" in ran.out.split("## test")[1]


@pytest.mark.parametrize(
    ("command", "whose"),
    [
        (["ask", "cto", "Why?"], ""),
        (["consult", "Why?", "--agents", "cto"], "Chief Technology Officer: "),
        (["workflow", "Decide", "--step", "why=cto:Why?"], "why: "),
    ],
)
def test_a_cut_answer_is_printed_as_it_came_and_named_on_stderr(
    serve: Run, ollama: OllamaDouble, command: list[str], whose: str
) -> None:
    """The answer is data; that it was cut, and the setting that allows more, is said in one line beside it."""
    ollama.answer = ["We should keep the cache, and measure first."]
    ollama.inject(faults.cut(6))
    ran = serve(*command)
    assert ran.status == 0
    assert "We should keep the" in ran.out
    assert "first." not in ran.out
    [line] = [line for line in ran.err.splitlines() if "NUM_PREDICT" in line]
    assert line.startswith(f"{whose}The answer was cut")


def test_an_answer_in_a_loop_is_stopped_and_named_on_stderr(serve: Run, ollama: OllamaDouble) -> None:
    """The server need not write the rest, and what is kept has the repeated sentence once."""
    ollama.answer = ["Keep the cache. " + "One server holds all the sessions. " * 400]
    ran = serve("ask", "cto", "Why?")
    assert ran.status == 0
    assert "repeated itself" in ran.err
    assert ran.out.count("One server") < 10
    assert ollama.requests.wait_until(lambda log: log.cancelled())
    assert serve("memory", "show", "cto").out.count("One server holds") == 1


def test_notes_are_data_for_programs(serve: Run, ollama: OllamaDouble) -> None:
    """The JSON of a consultation has the notes of each answer."""
    ollama.inject(faults.cut(6))
    [answer] = json.loads(serve("consult", "Why?", "--agents", "cto", "--json").out)
    assert "NUM_PREDICT" in answer["notes"][0]


@pytest.mark.parametrize(
    ("arguments", "status", "cause"),
    [
        (["ask", "security_enginer", "x"], 2, "Did you mean security_engineer"),
        (["ask", "cto"], 2, "There is no question"),
        (["ask", "cto", "x", "--skill", "review_cod"], 2, "There is no skill"),
        (["ask", "cto", "x", "--attach", "gone.md"], 2, "There is no file gone.md"),
        (["ask", "cto", "x", "--attach", "."], 2, "at most 100 can be attached"),
        (["consult", "x", "--agents", "cto,nobody"], 2, "There is no agent 'nobody'"),
        (["workflow", "x"], 2, "needs either --step flags or a --file"),
        (["workflow", "x", "--step", "nobody:do"], 2, "There is no agent 'nobody'"),
    ],
)
def test_wrong_words_get_a_cause_a_remedy_and_status_2(
    rehearse: Run, arguments: list[str], status: int, cause: str
) -> None:
    """A wrong name, file or value is one line of cause, one of remedy, and nothing on stdout."""
    ran = rehearse(*arguments)
    assert ran.status == status
    assert cause in ran.err
    assert ran.out == ""
    lines = ran.err.strip().splitlines()
    assert any(line.startswith("Error: ") for line in lines)
    assert lines[-1].startswith("  ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "cto", "x"],
        ["consult", "rollback of the database", "--agents", "cto"],
        ["workflow", "x", "--step", "cto:do"],
        ["meeting", "run", "decision", "--topic", "x"],
    ],
)
def test_without_a_server_every_command_stops_with_both_remedies(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Where Ollama does not answer, nothing is rehearsed silently: status 3, start it or rehearse."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    ran = run(*arguments)
    assert ran.status == 3
    assert ran.out == ""
    assert "127.0.0.1:9" in ran.err
    assert "ollama serve" in ran.err
    assert "--model rehearsal" in ran.err


def test_agents_as_json_hold_every_role(run: Run) -> None:
    """The listing as JSON has one object for each of the 29 roles and of the extra ones, which it marks."""
    rows = json.loads(run("agents", "list", "--json").out)
    assert len({row["id"] for row in rows if not row["extra"]}) == 29
    assert {row["id"] for row in rows if row["extra"]} >= {"privacy_officer", "sceptical_customer"}
    assert next(row["aliases"] for row in rows if row["id"] == "database_administrator")[0] == "dba"


@pytest.mark.parametrize("command", [("ask", "cto", "Is it safe?"), ("consult", "Is it safe?", "--agents", "cto")])
def test_lines_that_an_agent_was_not_shown_are_named_on_stderr(
    serve: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """A document that does not fit: the lines and the context that would do are on stderr; with it, nothing is said."""
    long = tmp_path / "long.md"
    long.write_text("\n".join(f"## Part {n}\nShard {n} is moved in the night of day {n}." for n in range(400)))
    monkeypatch.setenv("NUM_CTX", "4096")
    ran = serve(*command, "--attach", long)
    assert ran.status == 0
    found = re.search(r"shown lines? [\d, -]+ of long\.md .*NUM_CTX=(\d+) would include them\.", ran.err)
    assert found
    monkeypatch.setenv("NUM_CTX", found[1])
    ran = serve(*command, "--attach", long)
    assert ran.status == 0
    assert "long.md" not in ran.err


@pytest.mark.parametrize(
    ("words", "agent"),
    [
        (["Is a JWT in a cookie safe?"], "Security Engineer"),
        (["Is", "a", "JWT", "safe?"], "Security Engineer"),
        (["dba", "Is the index useful?"], "Database Administrator"),
    ],
)
def test_the_agent_may_be_left_out(rehearse: Run, words: list[str], agent: str) -> None:
    """The one whose field the question is answers, and the user is told which and why; a name still chooses."""
    ran = rehearse("ask", *words)
    assert ran.status == 0
    assert f"{agent} (rehearsal, no model)" in ran.err
    assert (f"To {agent} (" in ran.err) == (words[0] != "dba")


def test_nothing_is_said_before_an_attachment_is_read(rehearse: Run) -> None:
    """The title of the agent does not stand before the error."""
    ran = rehearse("ask", "cto", "Is it safe?", "-a", "gone.md")
    assert ran.err.startswith("Error: There is no file gone.md.")


@pytest.mark.parametrize("option", ["--no-memory", "--forget"])
def test_a_question_without_memory_leaves_none(rehearse: Run, option: str) -> None:
    """Under its name and its old one, for one agent and for several."""
    rehearse("ask", "cto", "Is the moon made of basalt?", option)
    rehearse("consult", "Is the moon made of basalt?", "--agents", "cto,qa", option)
    assert "basalt" not in rehearse("memory", "search", "basalt").out
