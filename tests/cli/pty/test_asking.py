"""What `meeting run` asks at a terminal, and what is typed while a meeting is held."""

from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import ENTER
from tests.inputs import PROPOSAL


def test_a_terminal_is_asked_for_the_kind_of_meeting(start: Start, store: Store) -> None:
    """A short list with what each is for; a number, an id or Enter chooses; a word that is none is asked again."""
    terminal = start("meeting", "run", "Buy or build?", "-a", str(PROPOSAL), columns=80)
    terminal.wait("Which kind of meeting")
    assert "architecture_review" in terminal.shown()
    terminal.line("nonsense")
    terminal.wait("There is no meeting type 'nonsense'")
    terminal.line("2")
    terminal.wait("Architecture review, ")
    assert terminal.status() == 0
    assert [row.type for row in store.meetings.list()] == ["architecture_review"]


def test_enter_takes_a_decision(start: Start, store: Store) -> None:
    """The usual type needs no word."""
    terminal = start("meeting", "run", "Buy or build?")
    terminal.wait("Which kind of meeting")
    terminal.send(ENTER)
    assert terminal.status() == 0
    assert [row.type for row in store.meetings.list()] == ["decision"]


def test_a_terminal_is_asked_for_the_topic(start: Start, store: Store) -> None:
    """Where only the type is given."""
    terminal = start("meeting", "run", "decision")
    terminal.wait("What is it about")
    terminal.line("Buy or build?")
    assert terminal.status() == 0
    assert [row.title for row in store.meetings.list()] == ["Buy or build?"]
