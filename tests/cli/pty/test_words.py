"""What the commands of the interactive mode do, also without a real terminal."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C, CTRL_D, PROGRAM, SERVED

INTERACTIVE = [*PROGRAM, "interactive"]


def piped(
    *lines: str, cwd: Path | None = None, env: dict[str, str] | None = None, program: Sequence[str] = PROGRAM
) -> "subprocess.CompletedProcess[str]":
    """The interactive mode, given these lines through a pipe."""
    text = "".join(f"{line}\n" for line in lines)
    ran = subprocess.run(
        [*program, "interactive"],
        input=text,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
    )
    assert ran.returncode == 0, ran.stderr
    assert "\x1b" not in ran.stdout + ran.stderr
    return ran


def test_plain_words_go_to_the_best_match_and_it_says_why() -> None:
    """If no agent is chosen, the agent whose field it is answers, and the words that chose it are shown."""
    ran = piped("Our database migration has no rollback.")
    assert "To Database Administrator (" in ran.stderr
    assert "database" in ran.stderr
    assert ran.stdout.startswith("Rehearsal, no model: what the Database Administrator's")


def test_several_answer_in_the_order_asked(store: Store) -> None:
    """@one,two asks both, each answers under its title, and plain words still go to the agent chosen before."""
    ran = piped("@cto hello", "@qa_engineer,data_engineer Is it tested?", "and you?")
    titles = re.findall(r"(?m)^([A-Z][\w ]+):$", ran.stdout)
    assert [title for title in titles if title in {"QA Engineer", "Data Engineer"}] == ["QA Engineer", "Data Engineer"]
    assert [one.text for one in store.memories.recent("cto") if one.author == "user"] == ["hello", "and you?"]


def test_all_asks_everybody(store: Store) -> None:
    """@all asks each of the 29."""
    ran = piped("@all Are you there?")
    assert ran.stdout.count("Rehearsal, no model: what the ") == 29
    assert store.memories.recent("it_support_l1")


@pytest.mark.usefixtures("ollama")
def test_a_meeting_leaves_minutes_and_actions(tmp_path: Path) -> None:
    """/meeting holds one with the attached document; /minutes prints it again; /actions lists what is to be done."""
    (tmp_path / "plan.md").write_text("There is no rollback of the database migration.\n")
    lines = ("/attach plan.md", "/meeting decision Migrate on Friday?", "/actions", "/minutes")
    ran = piped(*lines, cwd=tmp_path, program=SERVED)
    assert "plan.md will be sent with your next question." in ran.stderr
    assert len(re.findall("(?m)^# Migrate on Friday", ran.stdout)) == 2
    assert " \u00b7 plan.md\n" in ran.stdout
    assert re.search(r"(?m)^A1 ", ran.stdout)


def test_a_skill_is_used_and_alone_lists_them() -> None:
    """/skill lists the skills of the chosen agent, or uses one."""
    ran = piped("@qa_engineer", "/skill", "/skill create_test_plan Test the login", "/skill nonsense x")
    assert "create_test_plan  " in ran.stdout
    assert ran.stdout.count("Rehearsal, no model") == 1
    assert "There is no skill" in ran.stderr


def test_undo_takes_the_last_exchange_back_from_every_memory(store: Store) -> None:
    """After /undo no agent remembers the last question; earlier questions stay."""
    ran = piped("@cto first", "@cto,qa_engineer second", "/undo", "/memory")
    assert "Taken back: second" in ran.stderr
    assert [one.text for one in store.memories.recent("cto") if one.author == "user"] == ["first"]
    assert store.memories.recent("qa_engineer") == []
    assert "second" not in ran.stdout.split("user: ")[-1]


def test_undo_spares_what_was_said_since_elsewhere(store: Store) -> None:
    """What another program asked an agent after the exchange is not taken back with it."""
    with subprocess.Popen(
        INTERACTIVE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    ) as session:
        assert session.stdin
        assert session.stdout
        session.stdin.write("@cto first\n/skill\n")
        while "skill  " not in session.stdout.readline():
            pass
        store.memories.add("cto", "default", "user", "said elsewhere")
        _, err = session.communicate("/undo\n")
    assert "was asked something else since then" in err
    assert [one.text for one in store.memories.recent("cto") if one.author == "user"] == ["first", "said elsewhere"]


def test_retry_replaces_the_answer(store: Store) -> None:
    """/retry asks the same again, and memory holds the question once."""
    ran = piped("@cto Is it safe?", "/retry")
    assert ran.stdout.count("Rehearsal, no model") == 2
    assert [one.author for one in store.memories.recent("cto")] == ["user", "assistant"]


def test_save_writes_the_conversation_and_overwrites_nothing_foreign(tmp_path: Path) -> None:
    """/save writes questions and answers as Markdown, again to its own file, never over another one."""
    (tmp_path / "other.md").write_text("mine\n")
    again = ("/save talk.md", "/save other.md", "/save", "/save no/t.md")
    ran = piped("@cto Is it safe?", "/save talk.md", *again, cwd=tmp_path)
    text = (tmp_path / "talk.md").read_text()
    assert "## To Chief Technology Officer\n\n> Is it safe?\n\n### Chief Technology Officer" in text
    assert (tmp_path / "other.md").read_text() == "mine\n"
    assert "nothing is overwritten" in ran.stderr
    assert "Into which file?" in ran.stderr
    assert "1 question and its answers are in talk.md." in ran.stderr
    assert "no/t.md cannot be written: there is no folder no." in ran.stderr


def test_a_model_that_is_not_there_leaves_the_one_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """/model says which answers; a wrong one is refused, and the session continues with the old one."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    ran = piped("/model", "/model llama3.2", "@cto hello")
    assert "The model is rehearsal, no model." in ran.stderr
    assert "Error: Ollama is not reachable" in ran.stderr
    assert ran.stdout.startswith("Rehearsal, no model")


def test_clear_forgets_the_conversation(store: Store) -> None:
    """/clear forgets what was said to the chosen agent, and nothing that it noted elsewhere."""
    store.memories.add("cto", "meeting:m", "note", "you voted against it")
    ran = piped("@cto hello", "/clear")
    assert "2 messages forgotten." in ran.stderr
    assert [message.text for message in store.memories.recent("cto")] == ["you voted against it"]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("/actoins", "Did you mean /actions?"),
        ("@security_enginer hello", "Did you mean security_engineer"),
        ("/meeting", "Which meeting?"),
        ("/meeting decisoin x", "Did you mean decision"),
        ("/attach gone.md", "There is no file gone.md"),
        ('/attach "half', "is not a file name"),
        ("/switch", "Which agent?"),
        ("/memory", "No agent is chosen"),
        ("@, hello", "no name behind the @"),
        ("@cto,qa_engineer", "There is no question"),
        ("/undo", "There is nothing to take back"),
        ("/minutes nothing", "There is no meeting 'nothing'"),
        ("/resume", "Error: "),
        ("/meeting daily_standup", "Attach the board or your notes. Write /attach FILE, then /meeting daily_standup"),
    ],
)
def test_a_wrong_line_is_explained_and_the_session_goes_on(line: str, cause: str) -> None:
    """A line that cannot be done says why and what to do; the next line is taken."""
    ran = piped(line, "@cto hello")
    assert cause in ran.stderr
    assert "Rehearsal, no model" in ran.stdout


@pytest.mark.parametrize("width", [40, 80, 200])
def test_help_names_every_command_and_fits(width: int) -> None:
    """/help lists each command, and no line is wider than the terminal."""
    ran = piped("/help", env={"COLUMNS": str(width)})
    words = "agents switch skill attach meeting resume minutes actions memory clear retry undo save model help exit"
    for word in words.split():
        assert f"/{word}" in ran.stdout
    assert max(len(line) for line in ran.stdout.splitlines()) <= width


def test_a_path_is_not_a_command() -> None:
    """A line that starts with a path is a question like any other."""
    ran = piped("@cto", "/etc/passwd is readable by all, is that fine?")
    assert "Rehearsal, no model" in ran.stdout


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"@cto \xff\xfe hello\n", b"@cto " + b"word " * 200_000])
def test_any_bytes_may_be_piped_in(data: bytes) -> None:
    """No input, empty lines, bytes that are not text, a line of a megabyte: status 0 and no traceback."""
    ran = subprocess.run(INTERACTIVE, input=data, capture_output=True)
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr


def test_a_closed_stdin_is_the_end_of_input() -> None:
    """With standard input closed, the session ends at once with status 0."""
    line = " ".join(INTERACTIVE) + " <&-"
    ran = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr


def test_sigint_while_piped_twice_leaves() -> None:
    """Where lines come from a pipe, the first SIGINT is said to be one, and the second leaves with 130."""
    reset = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", reset, *INTERACTIVE], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as session:
        assert session.stderr
        assert session.stdin
        session.stdin.write("@cto\n")
        session.stdin.flush()
        while "Now talking to" not in (said := session.stderr.readline()):
            assert said
        session.send_signal(signal.SIGINT)
        while "again leaves" not in (said := session.stderr.readline()):
            assert said
        session.send_signal(signal.SIGINT)
        assert session.wait(30) == 130


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("how", ["--plain", "TERM=dumb"])
def test_plain_terminals_get_lines_only(start: Start, how: str) -> None:
    """On a dumb terminal, or with --plain for a screen reader, talk and meetings are lines without repainting."""
    env = {"TERM": "dumb"}
    terminal = start("interactive", *(["--plain"] if how == "--plain" else []), env=env, program=SERVED)
    terminal.wait("(?m)^room>")
    terminal.line("@cto hello")
    terminal.wait("(?m)^cto>")
    terminal.line("/meeting decision Buy it?")
    terminal.wait("Minutes: (.|\n)*cto>", terminal.everything)
    assert b"\x1b" not in terminal.raw
    terminal.send(CTRL_C)
    terminal.wait("again leaves")
    terminal.send(CTRL_D)
    assert terminal.status() == 0


def test_no_color_in_the_interactive_mode(start: Start) -> None:
    """With NO_COLOR the line editor, the menu and the status line set no color."""
    terminal = start("interactive", env={"NO_COLOR": "1"})
    terminal.wait("(?m)^room>")
    terminal.send("@data")
    terminal.wait("Data Engineer")
    codes = [code for sgr in re.findall(rb"\x1b\[([\d;]*)m", terminal.raw) for code in sgr.split(b";") if code]
    assert all(int(code) < 30 for code in codes), codes


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_session_fits_narrow_and_wide_terminals(start: Start, columns: int) -> None:
    """Prompt, answer and status line are on a terminal of any width, the status line on one line."""
    terminal = start("interactive", columns=columns)
    terminal.wait("(?m)^room>")
    terminal.line("@security_engineer One shared password?")
    terminal.wait("(?m)^security_engineer>")
    terminal.wait("(?m)^security_engineer( \\| rehearsal, no model.*)?$")
    assert (
        sum(line.startswith("security_engineer |") or line == "security_engineer" for line in terminal.display()) == 1
    )


def test_attach_takes_a_name_as_it_is_typed(tmp_path: Path) -> None:
    """Blanks without quotes, several names, a path of Windows, a pattern; a missing name suggests one that is like it."""
    (tmp_path / "docs").mkdir()
    for name in ("my plan.md", "b.md", "docs/c.md"):
        (tmp_path / name).write_text("The backup was never restored.\n")
    ran = piped(
        "/attach my plan.md", '/attach b.md "my plan.md"', "/attach docs\\c.md", "/attach *.md", "/attach my\\ plan.md",
        "/attach", "/attach my_plan.md", cwd=tmp_path,
    )  # fmt: skip
    assert "Attached: my plan.md, b.md, my plan.md, c.md, b.md, my plan.md, my plan.md. Cleared." in ran.stderr
    assert "Did you mean my plan.md?" in ran.stderr
