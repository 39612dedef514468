"""The help that one sees first, and what is said of words that are no commands."""

import pytest

from agents.cli import habits
from agents.cli.app import COMMANDS
from agents.cli.global_flags import listed
from tests.cli.conftest import Run


def test_the_first_help_fits_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 columns it has at most 24 lines, none longer; every command but those for machines is named in it."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("--help").out.rstrip("\n")
    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 80
    assert run().err.rstrip("\n") == shown
    named = {word.strip(",") for word in shown.split()}
    assert set(COMMANDS) - named == {"health"}
    for heading in ("Work:", "Look:", "Set up:"):
        assert heading in shown.splitlines()


def test_commands_for_machines_still_work(run: Run) -> None:
    """They are not listed, and they run."""
    assert run("health").out == "ok\n"
    assert run("serve", "--help").status == 0


def test_the_options_of_all_commands_are_a_topic(run: Run) -> None:
    """Each option that stands before a command is explained by `help options`."""
    shown = run("help", "options").out
    for names, metavar, about in listed():
        assert ", ".join(names) in shown
        assert metavar in shown
        assert about.split()[0] in shown


def test_no_summary_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group lists what its commands do in whole sentences, the most used commands first."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("meeting", "types", "agents", "actions", "memory", "models", "config", "backup", "examples"):
        assert "..." not in run(name, "--help").out.split("Example:")[0].split("[ARGS]...")[1]
    shown = run("meeting", "--help").out
    assert shown.index("  run ") < shown.index("  resume ") < shown.index("  minutes ") < shown.index("  delete ")


@pytest.mark.parametrize(("word", "command"), [(word, command) for word, (command, _) in habits.HABITS.items()])
def test_a_habit_leads_to_a_command_that_is_there(run: Run, word: str, command: str) -> None:
    """A word of another program is no command here; the remedy names one that there is."""
    ran = run(word)
    assert ran.status == 2
    assert f"`orchestrator {command}`" in ran.err
    known = [one for one in command.split() if one.isalpha() and one.islower()]
    assert run(*known[:2], "--help").status == 0


def test_an_option_behind_the_command_is_put_before_it(run: Run) -> None:
    """The remedy is the line as it must be written."""
    ran = run("meeting", "list", "--data-folder", "here")
    assert ran.status == 2
    assert "`orchestrator --data-folder FOLDER meeting list ...`" in ran.err
