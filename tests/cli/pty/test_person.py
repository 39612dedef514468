"""A person who takes part in a meeting at a terminal of 80 columns and 24 rows."""

import re
import subprocess

import pytest

from agents.meeting.journal import Event
from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C, CTRL_D, ENTER, SERVED, UP, Terminal
from tests.ollama_double import OllamaDouble

RUN = ("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer,data_engineer", "--me")
MODEL_WORDS = ("JSON", '{"', "You have the floor", "at most 14 words", "support_with_concern", "null")
ANSWERS = {
    r"Your position\?": "a",
    r"Why\?": "Nobody has restored the backup",
    r"Anything to do": "I will try the restore by Friday",
    r"Which one do you answer\? \[(\d+)": "T{}",
    r"Your reply\?": "You forget the restore",
    r"Your position now\?": "",
    r"Your choice\?": "1",
    r"Which of these\?": "1",
    r"Which of it": "",
    r"Your vote\?": "n",
    r"What would change": "a restore that was tried",
    r"Your decision\?": "r",
}
"""What is typed when a question is asked; {} is what stands in the brackets of its pattern."""


def question(terminal: Terminal) -> str:
    """The question that waits for an answer: the last line that is not empty; "" if there is none."""
    rows = [row for row in terminal.display() if row]
    return rows[-1] if rows and re.match("|".join(ANSWERS), rows[-1]) else ""


def next_question(terminal: Terminal, answered: str) -> str:
    """The next question after one that was answered; "" if the program has ended."""
    terminal.wait(lambda: question(terminal) not in {"", answered} or terminal.process.poll() is not None)
    return question(terminal) if terminal.process.poll() is None else ""


def take_part(terminal: Terminal, until: str = "(?!)") -> None:
    """Answer every question, to the end of the meeting or up to a question."""
    answered = ""
    while (asked := next_question(terminal, answered)) and not re.match(until, asked):
        found = next((match, said) for start, said in ANSWERS.items() if (match := re.match(start, asked)))
        typed = found[1].format(*found[0].groups())
        terminal.line(typed)
        answered = f"{asked} {typed}".rstrip()
        next_question(terminal, asked)


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("role", ["cto", "qa_engineer"])
def test_a_person_takes_part_and_objects(start: Start, store: Store, role: str, plain: bool) -> None:
    """Short questions only, no colleague before the person spoke; the objection and the action are in the minutes."""
    terminal = start(*RUN, role, *(["--plain"] if plain else []), program=SERVED)
    terminal.wait(r"Your position\? \[f\]or")
    assert not re.search(r"(?m)^ {4}(Chief|Data)", terminal.everything())
    take_part(terminal, r"What would change")
    shown = terminal.everything()
    assert not re.search(r"(?m)^ +\w.*: (support|object|abstain)", shown)
    for words in MODEL_WORDS:
        assert words not in shown
    take_part(terminal)
    assert terminal.status() == 0
    [row] = store.meetings.list()
    left = subprocess.run([*SERVED, "meeting", "export", row.id, "-f", "json"], capture_output=True, text=True).stdout
    assert "Nobody has restored the backup" in left
    assert "a restore that was tried" in left
    assert "will try the restore" in left


@pytest.mark.usefixtures("ollama")
def test_ctrl_c_at_a_question_pauses_and_resume_asks_it_again(start: Start, store: Store) -> None:
    """Ctrl-C and /stop end the program with the command to go on; resumed at a terminal, the question is asked again."""
    terminal = start(*RUN, "qa_engineer", program=SERVED)
    terminal.wait(r"Your position\?")
    terminal.send(CTRL_C)
    assert terminal.status() == 130
    assert terminal.mode() == terminal.before
    [row] = store.meetings.list()
    assert f"orchestrator meeting resume {row.id}" in " ".join(terminal.everything().split())
    assert not re.search(r"(?m)^ {4}(Chief|Data)", terminal.everything())
    again = start("meeting", "resume", "last", program=SERVED)
    again.wait(r"Your position\?")
    again.line("/stop")
    assert again.status() == 130
    third = start("meeting", "resume", "last", program=SERVED)
    take_part(third)
    assert third.status() == 0
    assert store.meetings.row(row.id).status == "closed"


@pytest.mark.usefixtures("ollama")
def test_the_line_can_be_edited_recalled_and_pasted(start: Start, store: Store) -> None:
    """Arrow keys edit what is typed and bring it back, a pasted text of two lines is one answer, Ctrl-D leaves the rest."""
    terminal = start(*RUN, "qa_engineer", program=SERVED)
    terminal.wait(r"Your position\?")
    terminal.line("a")
    terminal.wait(r"(?m)^Why\?$")
    terminal.send("the bakup" + 3 * "\x1b[D" + "c")
    terminal.wait(r"(?m)^Why\? the backup$")
    terminal.send("\x1b[F")  # to the end of the line
    terminal.paste(" of March\nand April")
    terminal.send(ENTER)
    terminal.wait(r"(?m)^Anything to do")
    terminal.send(UP)
    terminal.wait("of March")
    terminal.send(CTRL_C)  # empties the line
    terminal.wait(r"(?m)^Anything to do, by whom, by when\?$")
    terminal.send(CTRL_D)
    terminal.wait("Skipped", terminal.everything)
    terminal.wait(lambda: any("of March and April" in str(event.data) for event in events(store)))


def events(store: Store) -> list[Event]:
    """The journal of the only meeting."""
    [row] = store.meetings.list()
    return store.meetings.journal(row.id).events()


def test_others_lines_wait_while_a_person_types(start: Start, ollama: OllamaDouble) -> None:
    """While a question is open, no line of another is printed; all of them come after the last answer."""
    terminal = start(*RUN, "qa_engineer", "--plain", program=SERVED)
    terminal.wait(r"Your position\?")
    assert ollama.requests.wait_until(lambda log: sum(one.finished is not None for one in log) > 2)
    terminal.line("a")
    terminal.wait(r"Why\?")
    assert not re.search(r"(?m)^ {4}(Chief|Data)", terminal.everything())
    terminal.line("Nobody has tried it")
    terminal.wait("Anything to do")
    terminal.line("")
    terminal.wait(r"(?m)^ {4}(?:T\d+ )?Chief", terminal.everything)


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("seat", [("--me", "qa_engineer"), ()])
def test_the_person_decides_against_the_room(start: Start, seat: tuple[str, ...]) -> None:
    """With --decide the vote is advice: the person rejects it, and every export says who decided and what was advised."""
    terminal = start(*RUN[:-1], *seat, "--decide", program=SERVED)
    take_part(terminal, r"Your decision\?")
    shown = " ".join(terminal.shown().split())
    assert "The room advises: " in shown
    assert "Your decision? [a]ccept [r]eject [p]ostpone" in shown
    assert "Your vote?" not in terminal.everything()
    take_part(terminal)
    assert terminal.status() == 0
    title = "QA Engineer" if seat else "Decision maker"
    for form in ("markdown", "html", "json", "adr"):
        command = [*SERVED, "meeting", "export", "last", "-f", form]
        left = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert f"decided by the {title}; the room advised: " in " ".join(left.split()).replace("\\", ""), form
        assert "rejected" in left.lower(), form


@pytest.mark.usefixtures("ollama")
def test_a_decision_that_was_not_made_is_asked_for_again(start: Start, store: Store) -> None:
    """Stopped at the question for the decision, the meeting asks for it again when it is resumed, and for nothing else."""
    terminal = start(*RUN[:-1], "--decide", program=SERVED)
    take_part(terminal, r"Your decision\?")
    terminal.send(CTRL_C)
    assert terminal.status() == 130
    [row] = store.meetings.list()
    again = start("meeting", "resume", row.id, program=SERVED)
    again.wait(r"Your decision\?")
    assert "Your position" not in again.everything()
    again.line("a")
    again.wait(r"Why\?")
    again.line("it is time")
    assert again.status() == 0
    assert [event.kind for event in store.meetings.journal(row.id).events()].count("decided") == 1


def test_words_typed_while_others_speak_reach_them(start: Start, ollama: OllamaDouble) -> None:
    """A line typed under the live view is confirmed at once, and later speakers hear it."""
    ollama.pace = 0.05
    terminal = start(*RUN, "qa_engineer", program=SERVED)
    terminal.wait(r"Your position\?")
    for answer in ("a", "Nobody has tried it", ""):
        terminal.line(answer)
        terminal.wait(r"(?m)^(Why\?|Anything to do.*)$" if answer != "" else r"(?m)^[ .>+] (QA|Data|Chief)")
    terminal.line("The supplier has cancelled")
    terminal.wait("Noted for the next pause: The supplier has cancelled", terminal.everything)
    assert ollama.requests.wait_until(lambda log: any("supplier has cancelled" in str(one.body) for one in log))


@pytest.mark.usefixtures("ollama")
def test_a_narrow_terminal_shows_the_whole_question(start: Start) -> None:
    """At 40 columns the question stands above the line on which it is answered."""
    terminal = start(*RUN, "qa_engineer", program=SERVED, columns=40, rows=20)
    terminal.wait(r"Your position\? \[f\]or \[c\]onditions\n +\[a\]gainst \[s\]kip\n>")
    terminal.line("a")
    terminal.wait(r"(?m)^Why\?$")
