"""Fifty mistakes, and thirty things that newcomers type: each ends with its status, a cause and a remedy, or its result."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agents.cli.app import run_app
from tests.cli.conftest import Ran, Run
from tests.inputs import PROPOSAL

if TYPE_CHECKING:
    import io

Put = Callable[[str | None], None]

PIPED = "There is no way back.\n"

MISTAKES: list[tuple[str, str | None, int, str, str]] = [
    # arguments, standard input (None for a terminal's silence), status, a word of the cause, a word of the remedy
    ("chat", None, 2, "no command 'chat'", "orchestrator interactive"),
    ("run", None, 2, "no command 'run'", "orchestrator meeting run"),
    ("list", None, 2, "no command 'list'", "orchestrator meeting list"),
    ("init", None, 2, "no command 'init'", "orchestrator doctor"),
    ("-v", None, 2, "No such option: -v", "--version"),
    ("meting list", None, 2, "no command 'meting'", "orchestrator meeting"),
    ("minutes last", None, 2, "no command 'last'", "orchestrator meeting minutes last"),
    ("meeting rum decision", None, 2, "no command 'rum'", "orchestrator meeting run"),
    ("meeting ls", None, 2, "no command 'ls'", "orchestrator meeting list"),
    ("agents delete cto", None, 2, "no command 'delete'", "--help"),
    ("config get model_name", None, 2, "no command 'get'", "orchestrator config show"),
    ("config set model x", None, 2, "no setting 'model'", "model_name"),
    ("config set num_ctx many", None, 2, "NUM_CTX must be a whole number", "Nothing was written"),
    ("--num-ctx many status", None, 2, "NUM_CTX must be a whole number", ""),
    ("--temperature hot status", None, 2, "TEMPERATURE must be a number from 0 to 2", ""),
    ("--profile fast status", None, 2, "no profile 'fast'", "[profile.fast]"),
    ("status --data-folder x", None, 2, "No such option", "before the command"),
    ("meeting run --topik x", None, 2, "--topik", "--topic"),
    ("meeting run decision 'Buy?' --plan=yes", None, 2, "--plan", "--help"),
    ("ask", None, 2, "no question", "orchestrator ask"),
    ("ask cto", None, 2, "no question", "orchestrator ask"),
    ("ask secuity_engineer 'Safe?'", None, 2, "no agent 'secuity_engineer'", "security_engineer"),
    ("ask nobody_here 'Safe?'", None, 2, "no agent 'nobody_here'", "agents list"),
    ("ask cto 'Safe?' --skill reviw", None, 2, "no skill", "agents show cto"),
    ("ask cto 'Safe?' -a gone.md", None, 2, "no file gone.md", "--attach"),
    ("ask cto 'Safe?' -a {here}/binary.bin", None, 2, "binary.bin", "text"),
    ("ask cto 'Safe?' -a {here}/empty.md", None, 2, "empty", "contains text"),
    ("ask cto 'Safe?' -a {here}/hollow", None, 2, "hollow", ""),
    ("ask cto 'Safe?' -a -", "", 2, "nothing on standard input", "Pipe a document in"),
    ("ask cto -", "", 2, "no question", "orchestrator ask"),
    ("consult", None, 2, "no question", "orchestrator consult"),
    ("consult 'Safe?' --agents ,", None, 2, "names nobody", "--agents"),
    ("consult 'Safe?' --agents auto,cto", None, 2, "auto chooses", "auto alone"),
    ("workflow 'A page'", None, 2, "step", "--step"),
    ("meeting run", None, 2, "no topic", "orchestrator meeting run"),
    ("meeting run decision", None, 2, "no topic for decision", "orchestrator meeting run decision"),
    ("meeting run decision ''", None, 2, "no topic", "orchestrator meeting run"),
    ("meeting run decison 'Buy?'", None, 2, "no meeting type 'decison'", "decision"),
    ("meeting run vendor_choise 'Buy?'", None, 2, "no meeting type 'vendor_choise'", "types list"),
    ("meeting run decision 'Buy?' --agents cto,sr", None, 2, "no agent 'sr'", "site_reliability_engineer"),
    ("meeting run decision 'Buy?' --without al", None, 2, "no agent 'al'", "agents list"),
    ("meeting run decision 'Buy?' --time-box soon", None, 2, "'soon' as a length of time", "1h30m"),
    ("meeting run decision 'Buy?' -o x.docx", None, 2, "ending .docx", ".html"),
    ("meeting run decision 'Buy?' -f pdf", None, 2, "no format 'pdf'", "markdown, html"),
    ("meeting run decision 'Buy?' -o {here}/none/x.md", None, 6, "no folder", "existing folder"),
    ("meeting run decision 'Buy?' --me cto", None, 2, "no meeting to take a seat in", "--model"),
    ("meeting minutes", None, 2, "no meeting yet", "orchestrator meeting run"),
    ("meeting minutes 2025", None, 2, "no meeting '2025'", "meeting list"),
    ("meeting cancel", None, 2, "ID", "--help"),
    ("meeting delete last", None, 2, "no meeting yet", "orchestrator meeting run"),
    ("types show decison", None, 2, "no meeting type 'decison'", "decision"),
    ("types new 'My Type'", None, 2, "'My Type' as an id", "underscores"),
    ("agents show sr", None, 2, "no agent 'sr'", "site_reliability_engineer"),
    ("agents new 'Release Manager'", None, 2, "'Release Manager' as an id", "underscores"),
    ("actions due A1 tomorow", None, 2, "", ""),
    ("actions done A99", None, 2, "no action 'A99'", "actions list"),
    ("actions export -f xls", None, 2, "no format 'xls'", "csv"),
    ("memory show", None, 2, "AGENT", "--help"),
    ("memory prune", None, 2, "", "--older-than"),
    ("review", "", 2, "nothing", ""),
    ("review gone.diff", None, 2, "no file gone.diff", "path"),
    ("help meetngs", None, 2, "'meetngs'", "meetings"),
    ("examples run hold", None, 2, "no example 'hold'", "examples list"),
    ("restore {here}/none --yes", None, 2, "none", ""),
    ("completion tcsh", None, 2, "tcsh", "--help"),
]
"""What is typed with the rehearsal model, where nothing is stored."""

MODELS: list[tuple[str, int, str, str]] = [
    ("-m rehersal ask cto hi", 2, "'rehersal' is not the name", "rehearsal"),
    ("-m openai:gpt-4o ask cto hi", 2, "openai:gpt-4o", "langchain:openai:gpt-4o"),
    ("-m gpt-4o ask cto hi", 2, "gpt-4o", "langchain:openai:gpt-4o"),
    ("-m claude-sonnet-4 ask cto hi", 2, "claude-sonnet-4", "langchain:anthropic:"),
    ("ask cto hi", 3, "Ollama is not reachable", "ollama serve"),
    ("-m langchain: ask cto hi", 2, "incomplete", "PROVIDER:MODEL"),
]
"""What is typed where no server answers."""

NEWCOMERS: list[tuple[str, str | None, str]] = [
    # arguments, standard input, what the output has
    ("--help", None, "Start here"),
    ("--version", None, "orchestrator "),
    ("help", None, "exit-codes"),
    ("help meetings", None, "orchestrator meeting run"),
    ("help options", None, "--data-folder"),
    ("agents list", None, "security_engineer"),
    ("agents show sre", None, "Site Reliability Engineer"),
    ("agents show 'QA engineer'", None, "QA Engineer"),
    ("types list", None, "incident_postmortem"),
    ("types show 'architecture review'", None, "solutions_architect"),
    ("meeting types", None, "incident_postmortem"),
    ("ask 'Is a JWT in a cookie safe?'", None, "Rehearsal"),
    ("ask Is a JWT in a cookie safe?", None, "Rehearsal"),
    ("ask security_engineer Is this safe?", PIPED, "Rehearsal"),
    ("ask qa 'What do you test?'", None, "Rehearsal"),
    ("ask cto -", "What worries you?\n", "Rehearsal"),
    ("consult 'Is the backup safe?' --agents dba,sre", None, "Database Administrator"),
    ("meeting run 'Buy or build?'", None, "Decision, "),
    ("meeting run Should we buy or build?", None, "Decision, "),
    ("meeting run decision Buy or build?", None, "Decision, "),
    ("meeting run 'architecture review' 'May we?' -a {proposal}", None, "session_store_proposal.md:"),
    ("meeting run decision -t 'Buy?' -t 'Build?' --plan", None, "Planned:"),
    ("meeting run 'Is it safe?' -f json", None, '"schema"'),
    ("meeting run 'Is it safe?'", PIPED, "stdin"),
    ("review {proposal}", None, "session_store_proposal.md:"),
    ("review -", PIPED, "stdin"),
    ("status", None, "agents"),
    ("doctor", None, "rehearsal"),
    ("config show", None, "MODEL_NAME"),
    ("completion bash", None, "complete_bash"),
    ("actions list", None, ""),
    ("meeting list", None, ""),
]
"""What works at once with the rehearsal model."""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with files that cannot be read as documents."""
    (tmp_path / "binary.bin").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "empty.md").write_text("\n")
    (tmp_path / "hollow").mkdir()
    return tmp_path


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Put]:
    """Puts a text on standard input; None is an empty one that nobody piped in."""
    opened: list[io.TextIOWrapper] = []

    def put(text: str | None) -> None:
        file = tmp_path / "stdin"
        file.write_text(text or "")
        stream = (file if text is not None else Path("/dev/null")).open(encoding="utf-8")
        opened.append(stream)
        monkeypatch.setattr(sys, "stdin", stream)

    yield put
    for stream in opened:
        stream.close()


def typed(line: str, here: Path) -> list[str]:
    """A line as a shell would split it."""
    return [word.replace("{here}", str(here)).replace("{proposal}", str(PROPOSAL)) for word in shlex.split(line)]


def said(ran: Ran, cause: str, remedy: str) -> None:
    """The error has one line of cause and one of remedy, with these words; nothing went to standard output."""
    assert ran.out == ""
    lines = [line for line in ran.err.splitlines() if line.strip()]
    [first] = [number for number, line in enumerate(lines) if line.startswith("Error: ")]
    assert cause.lower() in lines[first].lower()
    assert remedy in " ".join(lines[first:])
    assert len(lines) - first == 2, lines
    assert "Unexpected" not in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("line", "piped", "status", "cause", "remedy"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_gets_a_cause_and_a_remedy(
    run: Run, stdin: Put, here: Path, line: str, piped: str | None, status: int, cause: str, remedy: str
) -> None:
    """Status, one line of cause, one of remedy, no output, and nothing stored."""
    stdin(piped)
    ran = run("--model", "rehearsal", *typed(line, here)) if not line.startswith("-") else run(*typed(line, here))
    assert ran.status == status
    said(ran, cause, remedy)
    assert run("meeting", "list").out == ""


@pytest.mark.parametrize(("line", "status", "cause", "remedy"), MODELS, ids=[row[0] for row in MODELS])
def test_a_model_that_is_not_there_gets_a_cause_and_a_remedy(
    run: Run, stdin: Put, here: Path, line: str, status: int, cause: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with a mistake, a model of another provider, a server that does not answer."""
    stdin(None)
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    ran = run(*typed(line, here))
    assert ran.status == status
    said(ran, cause, remedy)


@pytest.mark.parametrize(("line", "piped", "shown"), NEWCOMERS, ids=[row[0] for row in NEWCOMERS])
def test_what_a_newcomer_types_works(
    run: Run, stdin: Put, here: Path, line: str, piped: str | None, shown: str
) -> None:
    """Status 0 at the first try, with a result."""
    stdin(piped)
    ran = run("--model", "rehearsal", *typed(line, here)) if not line.startswith("-") else run(*typed(line, here))
    assert ran.status == 0, ran.err
    assert shown in ran.out
    assert ran.out or ran.err


def test_several_meetings_of_one_beginning_are_listed(run: Run, stdin: Put) -> None:
    """An id that is not unique names the meetings, the newest first."""
    stdin(None)
    for topic in ("Buy?", "Build?", "Wait?"):
        assert run("--model", "rehearsal", "meeting", "run", topic, "-q").status == 0
    ids = [line.split()[0] for line in run("meeting", "list").out.splitlines()[1:]]
    ran = run("meeting", "minutes", ids[0][:4])
    assert ran.status == 2
    assert f"newest first: {', '.join(ids)}." in ran.err
    assert run("meeting", "minutes").out.startswith("# Wait?")


def test_there_are_fifty_mistakes_and_thirty_beginnings() -> None:
    """The tables are as long as they say."""
    assert len(MISTAKES) + len(MODELS) >= 50
    assert len(NEWCOMERS) >= 30
    assert run_app(["health"]) == 0
