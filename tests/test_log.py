"""The log: lines for machines, never what was said."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import ModelError, ModelUnavailable
from agents.log import SILENT, Log
from agents.model import Prompt, Task
from agents.model.logged import LoggedModel
from agents.model.scripted import ScriptedModel
from agents.role import Role

WORD = "xylophone"


def entries(folder: Path) -> list[dict[str, Any]]:
    """Every line of a log, the oldest file first."""
    files = [*sorted(folder.glob("orchestrator.*.log")), folder / "orchestrator.log"]
    return [json.loads(line) for file in files if file.exists() for line in file.read_bytes().splitlines()]


def test_a_line_says_when_how_serious_what_and_who(tmp_path: Path) -> None:
    """Each line is one JSON object; what is None is left out."""
    Log(tmp_path).line("INFO", "turn", agent="cto", total_ms=1.5, cause=None)
    [entry] = entries(tmp_path)
    assert entry.keys() == {"at", "level", "event", "process", "agent", "total_ms"}
    assert (entry["level"], entry["event"], entry["agent"], entry["total_ms"]) == ("INFO", "turn", "cto", 1.5)
    assert entry["at"].endswith("Z")


def test_less_serious_lines_than_asked_for_are_left_out(tmp_path: Path) -> None:
    """The level bounds what is noted."""
    log = Log(tmp_path, "WARNING")
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        log.line(level, "event")
    assert [entry["level"] for entry in entries(tmp_path)] == ["WARNING", "ERROR"]


def test_what_was_said_is_noted_only_when_asked_for(tmp_path: Path) -> None:
    """Without content the words are nowhere in the folder; with it they are."""
    Log(tmp_path / "a").line("INFO", "turn", said={"question": WORD})
    assert WORD not in (tmp_path / "a" / "orchestrator.log").read_text()
    Log(tmp_path / "b", content=True).line("INFO", "turn", said={"question": WORD})
    assert entries(tmp_path / "b")[0]["said"] == {"question": WORD}


@given(text=st.text(st.characters(exclude_categories=[]), max_size=50))
def test_any_text_stays_on_one_line(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Line breaks and odd characters do not make a second line."""
    folder = tmp_path_factory.mktemp("log")
    Log(folder, content=True).line("INFO", "event", said={"t": text}, name=text)
    [entry] = entries(folder)
    assert entry["name"] == entry["said"]["t"] == text


def test_only_this_user_reads_the_log(tmp_path: Path) -> None:
    """Folder and files are private, the set-aside ones too."""
    log = Log(tmp_path / "logs", file_bytes=200)
    for _ in range(5):
        log.line("INFO", "event")
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "logs").iterdir()} == {0o600}


def test_files_are_set_aside_and_the_oldest_go(tmp_path: Path) -> None:
    """No file is larger than it may be, no more are kept than asked for, and those are the newest lines in order."""
    logs = tmp_path / "logs"
    log = Log(logs, file_bytes=1000, files_kept=3)
    for number in range(200):
        log.line("INFO", "event", number=number)
    files = list(logs.iterdir())
    assert len(files) == 4
    assert all(file.stat().st_size <= 1000 for file in files)
    numbers = [entry["number"] for entry in entries(logs)]
    assert numbers == list(range(200 - len(numbers), 200))


def test_many_processes_lose_no_line(tmp_path: Path) -> None:
    """Processes that write and rename files at the same time leave every line complete."""
    code = (
        "import sys; from pathlib import Path; from agents.log import Log\n"
        "log = Log(Path(sys.argv[1]), file_bytes=4000, files_kept=1000)\n"
        "for number in range(300): log.line('INFO', 'event', who=sys.argv[2], number=number)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(who)]) for who in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    found = {(entry["who"], entry["number"]) for entry in entries(tmp_path)}
    assert found == {(str(who), number) for who in range(4) for number in range(300)}


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """A file where the folder should be, or no folder at all, is passed over."""
    (tmp_path / "file").write_text("")
    Log(tmp_path / "file").line("ERROR", "event")
    SILENT.line("ERROR", "event")
    assert (tmp_path / "file").read_text() == ""


def ask(model: LoggedModel, question: str = f"Is this a {WORD}?") -> None:
    """Ask a model something as the CTO."""
    prompt = Prompt(question, task=Task.CHAT, role=Role("cto", "CTO", mission="You decide."))
    asyncio.run(model.reply(prompt))


def test_each_turn_leaves_one_line_with_its_numbers_and_not_its_words(tmp_path: Path) -> None:
    """Agent, task, model, tokens and times of a turn are noted; neither question nor answer is."""
    model = LoggedModel(ScriptedModel.of(lambda _: f"A {WORD} it is."), Log(tmp_path))
    ask(model)
    [entry] = entries(tmp_path)
    assert (entry["event"], entry["agent"], entry["task"], entry["ended"]) == ("turn", "cto", "chat", "stop")
    assert entry["total_ms"] >= 0
    assert entry["model"] == model.label
    assert {"prompt_tokens", "reply_tokens", "queue_ms", "first_token_ms", "retries"} <= entry.keys()
    assert WORD not in (tmp_path / "orchestrator.log").read_text()


@pytest.mark.parametrize("error", [ModelError(f"It said {WORD}.", partial=WORD), ModelUnavailable("No server.")])
def test_a_turn_that_fails_is_noted_and_fails_as_before(error: ModelError | ModelUnavailable, tmp_path: Path) -> None:
    """The kind of error is noted, its words only where they cannot be anybody's; the caller gets the same error."""

    def fail(_: Prompt) -> str:
        raise error

    with pytest.raises(type(error)):
        ask(LoggedModel(ScriptedModel.of(fail), Log(tmp_path)))
    [entry] = entries(tmp_path)
    assert (entry["level"], entry["event"], entry["error"]) == ("WARNING", "turn failed", type(error).__name__)
    assert ("cause" in entry) == isinstance(error, ModelUnavailable)
    assert WORD not in (tmp_path / "orchestrator.log").read_text()


def test_with_content_question_and_answer_are_noted(tmp_path: Path) -> None:
    """LOG_CONTENT=1 is for those who want to read along."""
    ask(LoggedModel(ScriptedModel.of(lambda _: "Yes."), Log(tmp_path, content=True)), "Well?")
    assert entries(tmp_path)[0]["said"] == {"question": "Well?", "answer": "Yes."}
