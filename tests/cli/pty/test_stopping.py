"""Ctrl-C while an agent answers: the part that arrived is kept and the prompt is back; twice leaves."""

import os
import signal
import sys

from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C
from tests.ollama_double import OllamaDouble, faults

OLLAMA = [sys.executable, "-m", "agents"]


def test_ctrl_c_keeps_what_had_come_and_gives_the_prompt_back(talk: Start, ollama: OllamaDouble, store: Store) -> None:
    """The part that had come stays on the screen and in the agent's memory, marked; the call is given up."""
    ollama.inject(faults.stall(after=6, times=1))
    terminal = talk(program=OLLAMA)
    terminal.line("@cto Shall we rewrite the billing service in another language?")
    terminal.wait(lambda: len(terminal.display()[2]) > 10 and "thinking" not in terminal.shown())
    part = terminal.display()[2]
    terminal.send(CTRL_C)
    terminal.wait("(?m)^cto>")
    assert part in terminal.shown()
    assert "stopped; Ctrl-C again leaves" in terminal.shown()
    question, answer = store.memories.recent("cto")
    assert question.text == "Shall we rewrite the billing service in another language?"
    assert answer.text.startswith(part.removesuffix("^C")[:8])
    assert answer.text.endswith("[stopped here]")


def test_after_ctrl_c_the_same_question_can_be_asked_again(talk: Start, ollama: OllamaDouble, store: Store) -> None:
    """/retry takes the half answer back and puts a whole one in its place."""
    ollama.inject(faults.stall(after=6, times=1))
    terminal = talk(program=OLLAMA)
    terminal.line("@cto Shall we rewrite it?")
    terminal.wait(lambda: len(terminal.display()[2]) > 10 and "thinking" not in terminal.shown())
    terminal.send(CTRL_C)
    terminal.wait("(?m)^cto>")
    terminal.line("/retry")
    terminal.wait(lambda: len([line for line in terminal.display() if line.startswith("cto>")]) == 2)
    assert [message.author for message in store.memories.recent("cto")] == ["user", "assistant"]
    assert "[stopped here]" not in store.memories.recent("cto")[-1].text


def test_ctrl_c_before_the_first_word_leaves_no_trace(talk: Start, ollama: OllamaDouble, store: Store) -> None:
    """Stopped while the model still reads, nothing is remembered; Ctrl-C once more leaves with 130."""
    ollama.inject(faults.slow_first_token(times=1))
    terminal = talk(program=OLLAMA)
    terminal.line("@cto Shall we?")
    terminal.wait("Chief Technology Officer is thinking")
    terminal.wait(lambda: any(request.messages for request in ollama.requests.chats()))
    terminal.send(CTRL_C)
    terminal.wait("(?m)^cto>")
    assert "is thinking" not in terminal.shown()
    assert store.memories.recent("cto") == []
    terminal.send(CTRL_C)
    assert terminal.status() == 130
    assert "Traceback" not in terminal.everything()


def test_sigterm_ends_a_session_in_which_something_is_typed(talk: Start, ollama: OllamaDouble) -> None:
    """What stands on the input line does not keep a session that is asked to end."""
    assert ollama.url
    terminal = talk(program=OLLAMA)
    terminal.send("half a question")
    terminal.wait("half a question")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.status() == 143
    assert "ended from outside" in terminal.everything()


def test_of_several_the_finished_answers_and_the_parts_are_kept(
    talk: Start, ollama: OllamaDouble, store: Store
) -> None:
    """When one of two has answered and the other is stopped, both are on the screen and in their memories."""
    ollama.inject(faults.stall(after=6, times=1, skip=1))
    terminal = talk(program=OLLAMA)
    terminal.line("@cto,qa_engineer Is it ready?")
    terminal.wait("Chief Technology Officer:\n.+")
    terminal.wait(lambda: ollama.requests.chats()[-1].messages and len(ollama.requests.chats()) >= 2)
    terminal.wait(lambda: bool(store.memories.recent("cto")))
    terminal.wait(lambda: sum(bool(request.messages) for request in ollama.requests.chats()) == 2)
    terminal.send(CTRL_C)
    terminal.wait("again leaves")
    assert store.memories.recent("cto")[-1].author == "assistant"
    assert "[stopped here]" not in store.memories.recent("cto")[-1].text
    halves = store.memories.recent("qa_engineer")
    assert not halves or halves[-1].text.endswith("[stopped here]")


def test_a_signal_at_the_prompt_is_as_good_as_the_key(talk: Start) -> None:
    """SIGINT from elsewhere, while a line is edited, says how to leave and leaves the session alive."""
    terminal = talk()
    os.kill(terminal.process.pid, signal.SIGINT)
    terminal.wait("Ctrl-C again leaves")
    terminal.line("@cto hello")
    terminal.wait("(?m)^cto>")


def test_a_server_that_fails_ends_the_answer_and_not_the_session(talk: Start, ollama: OllamaDouble) -> None:
    """An error in mid-answer is a line of cause and one of remedy, below what had come; the prompt is back."""
    terminal = talk(program=OLLAMA)
    ollama.inject(faults.reset(after=6, times=None))
    terminal.line("@cto Shall we?")
    terminal.wait("Error: ")
    terminal.wait("(?m)^cto>")
    ollama.faults.clear()
    terminal.line("@cto And now?")
    terminal.wait(lambda: len([line for line in terminal.display() if line.startswith("cto>")]) == 2)
