"""Keys, completion, history, pasting and resizing in the interactive mode, on a real terminal."""

import stat
from pathlib import Path

import pytest

from agents.settings import Settings
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import BACKSPACE, CTRL_C, CTRL_D, CTRL_R, ENTER, ESCAPE, TAB, UP


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("@secur", "@security_engineer"),
        ("@cto,secur", "@cto,security_engineer"),
        ("/sw", "/switch"),
        ("/meeting archit", "/meeting architecture_review"),
        ("/switch dev", "/switch devops_"),
        ("/attach pl", "/attach plan.md"),
        ("/attach my", r"/attach my\ notes.md"),
        ("/attach docs/de", "/attach docs/design.md"),
    ],
)
def test_tab_completes_what_the_place_takes(talk: Start, tmp_path: Path, typed: str, completed: str) -> None:
    """Tab completes agents, also behind a comma, commands, meeting types, and files with blanks in their names."""
    for name in ("plan.md", "my notes.md", "docs/design.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("A plan.\n")
    terminal = talk()
    terminal.send(typed + TAB)
    terminal.wait(lambda: f"room> {completed}" in terminal.shown())


def test_an_attached_file_with_a_blank_in_its_name_is_read(talk: Start, tmp_path: Path) -> None:
    """The completed name of a file is understood by the command it was completed for."""
    (tmp_path / "my notes.md").write_text("There is no rollback.\n")
    terminal = talk()
    terminal.send(f"/attach my{TAB}{ENTER}")
    terminal.wait("my notes.md will be sent with your next question")
    terminal.wait("1 attached")


def test_skills_of_the_chosen_agent_are_completed(talk: Start) -> None:
    """After /skill come the skills of the chosen agent."""
    terminal = talk()
    terminal.line("@qa_engineer")
    terminal.wait("qa_engineer>")
    terminal.send(f"/skill create_te{TAB}")
    terminal.wait("qa_engineer> /skill create_test_plan")


def test_names_are_offered_with_their_titles_while_one_types(talk: Start) -> None:
    """The menu shows agents and who they are, before Tab is pressed."""
    terminal = talk()
    terminal.send("@data")
    terminal.wait("database_administrator +Database Administrator")


@pytest.mark.parametrize("new_line", [ESCAPE + ENTER, "\\" + ENTER])
def test_a_question_may_have_several_lines(talk: Start, new_line: str, store: object) -> None:
    """Alt-Enter, or a backslash before Enter, starts a new line; the agent is asked all of them at once."""
    terminal = talk()
    terminal.line(f"@cto Is this right?{new_line}The second line.")
    terminal.wait("Rehearsal, no model")
    terminal.wait("(?m)^cto>")
    assert _asked(store, "cto") == ["Is this right?\nThe second line."]


def test_pasted_lines_are_one_message_and_wait_for_enter(talk: Start, store: object) -> None:
    """Nothing that is pasted is carried out by itself, not even a line that says /exit."""
    terminal = talk()
    terminal.paste("@cto Look at this:\n/exit\n\tindented\n")
    terminal.wait("indented")
    assert _asked(store, "cto") == []
    assert terminal.process.poll() is None
    terminal.send(ENTER)
    terminal.wait("(?m)^cto>")
    assert _asked(store, "cto") == ["Look at this:\n/exit\n\tindented"]


def test_history_lasts_from_session_to_session(talk: Start) -> None:
    """The up arrow and Ctrl-R find what was typed in an earlier session; the file is its owner's alone."""
    first = talk()
    first.line("/types")
    first.wait("25 meeting types|meeting types\\.")
    first.line("/switch qa_engineer")
    first.wait("qa_engineer>")
    first.send(CTRL_D)
    assert first.status() == 0
    file = Settings.load().data_folder / ".interactive_history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    second = talk()
    second.send(UP)
    second.wait("room> /switch qa_engineer")
    second.send(UP)
    second.wait("room> /types")
    second.send(CTRL_C + CTRL_R + "qa_")
    second.wait("/switch qa_engineer")


def test_a_line_that_starts_with_a_blank_is_not_kept(talk: Start) -> None:
    """What begins with a blank leaves no trace in the history file, as in a shell."""
    terminal = talk()
    terminal.line(" @cto what of our secret merger?")
    terminal.wait("(?m)^cto>")
    terminal.line("/agents")
    terminal.wait("29 agents\\.\n")
    kept = (Settings.load().data_folder / ".interactive_history").read_text()
    assert "/agents" in kept
    assert "merger" not in kept


def test_a_history_that_cannot_be_kept_stops_nobody(talk: Start) -> None:
    """Where the history file is a folder, lines are taken all the same."""
    (Settings.load().data_folder / ".interactive_history").mkdir(parents=True)
    terminal = talk()
    terminal.line("@cto hello")
    terminal.wait("(?m)^cto>")


def test_emacs_keys_move_in_the_line(talk: Start) -> None:
    """Ctrl-A goes to the start, Ctrl-K cuts to the end, Ctrl-Y brings it back."""
    terminal = talk()
    terminal.send("switch cto\x01/\x0b\x19")
    terminal.wait("room> /switch cto")


@pytest.mark.parametrize("by", ["--vi", ".inputrc"])
def test_vi_keys_for_those_who_want_them(talk: Start, tmp_path: Path, by: str) -> None:
    """With --vi, or where ~/.inputrc says so, Escape leaves inserting and 0, x, i work."""
    if by == ".inputrc":
        (tmp_path / "home" / ".inputrc").write_text("set editing-mode vi\n")
    terminal = talk(*[by] if by == "--vi" else [])
    terminal.send("_switch cto")
    terminal.wait("room> _switch cto")
    terminal.send(ESCAPE)
    terminal.wait(lambda: True)
    terminal.send("0")
    terminal.send("x")
    terminal.wait("room> switch cto")
    terminal.send("i/" + ENTER)
    terminal.wait("(?m)^cto>")


@pytest.mark.parametrize("columns", [40, 200])
def test_the_line_survives_a_new_window_size(talk: Start, columns: int) -> None:
    """What was typed is still there, and continues, after the window became narrower or wider; the status line fits."""
    terminal = talk()
    terminal.send("@cto What was typed before")
    terminal.wait("typed before")
    terminal.resize(columns, 24)
    terminal.send(" goes on")
    terminal.wait(lambda: "@cto What was typed before goes on" in "".join(terminal.display()))
    terminal.line("")
    terminal.wait("(?m)^cto>$")
    assert max(len(line) for line in terminal.display()) <= columns
    terminal.wait("cto \\| rehearsal, no model")


def test_the_status_line_says_agent_model_and_context(talk: Start) -> None:
    """Agent, model and how full the context is are below the line; the context fills with each question."""
    terminal = talk()
    terminal.wait("no agent chosen \\| rehearsal, no model")
    terminal.line("@cto hello")
    terminal.wait(r"cto \| rehearsal, no model \| context \d+% of \d+")


def test_ctrl_d_on_an_empty_line_leaves_with_0(talk: Start) -> None:
    """Ctrl-D deletes in a line that has something, and leaves on one that is empty; the terminal is as it was."""
    terminal = talk()
    terminal.send("ab\x01" + CTRL_D)
    terminal.wait("room> b$|room> b\n")
    terminal.send(CTRL_D + BACKSPACE)
    terminal.wait("(?m)room>$")
    terminal.send(CTRL_D)
    assert terminal.status() == 0
    assert terminal.mode() == terminal.before


def test_ctrl_c_empties_the_line_and_twice_on_an_empty_one_leaves(talk: Start) -> None:
    """Ctrl-C gives up what is typed; on an empty line it says how to leave, and a second one leaves with 130."""
    terminal = talk()
    terminal.send("never mind")
    terminal.wait("never mind")
    terminal.send(CTRL_C)
    terminal.wait(lambda: terminal.shown().count("room>") == 2)
    assert "again leaves" not in terminal.shown()
    terminal.send(CTRL_C)
    terminal.wait("Ctrl-C again leaves")
    terminal.line("/types")
    terminal.wait("meeting types\\.")
    terminal.send(CTRL_C)
    terminal.wait(lambda: terminal.everything().count("Ctrl-C again leaves") == 2)
    terminal.wait(r"(?m)room>$")
    terminal.send(CTRL_C)
    assert terminal.status() == 130
    assert "Traceback" not in terminal.everything()
    assert terminal.mode() == terminal.before


def _asked(store: object, agent: str) -> list[str]:
    found = store.memories.recent(agent)  # type: ignore[attr-defined]
    return [message.text for message in found if message.author == "user"]


@pytest.mark.parametrize("word", ["exit", "quit", ":q", "bye", "EXIT"])
def test_words_that_leave_other_programs_leave_this_one(talk: Start, word: str) -> None:
    """They are not sent to an agent, and end the session."""
    terminal = talk()
    terminal.line(word)
    assert terminal.status() == 0


def test_a_completed_agent_is_followed_by_a_blank(talk: Start) -> None:
    """So that the question can be typed at once."""
    terminal = talk()
    terminal.send(f"@secur{TAB}is it safe?{ENTER}")
    terminal.wait("security_engineer>")
