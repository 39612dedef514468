"""What of attached documents reaches a model, through the command line: what does not is said."""

import json
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from agents.documents import converting, document_from_bytes
from tests.cli.conftest import Run
from tests.documents import specimens
from tests.ollama_double import OllamaDouble, faults

AGENTS = "cto,database_administrator"
DOCUMENTS: dict[str, Callable[[], str]] = {
    "minutes_zh.txt": lambda: "".join(f"第{n}项决定把会话的备份移到第{n}号机器上。" for n in range(140)),
    "min.json": lambda: "{" + ",".join(f'"service{n}":{{"replicas":{n},"backup":false}}' for n in range(450)) + "}",
    "values.yaml": lambda: "\n".join(f"# replicas of {n}\nservice{n}:\n  replicas: {n}" for n in range(450)),
    "app.log": lambda: "\n".join(f"10:{n % 60:02} ERROR shard {n} lost its backup" for n in range(400)),
    "plan.pdf": lambda: "\n".join(f"Night {n}: shard {n} moves, and its backup is deleted." for n in range(400)),
    "plan.docx": lambda: "\n".join(f"Night {n}: shard {n} moves, and its backup is deleted." for n in range(400)),
}
"""The words of documents that do not fit a context of 4096 tokens, by name."""
A_PASSAGE = 1000
"""Letters of the passages into which documents are cut, at most."""
CONVERTED = {"plan.pdf", "plan.docx"}


def written(name: str) -> bytes:
    """The file of one of the documents. The log is written in UTF-16, the PDF has 40 lines on a page."""
    text = DOCUMENTS[name]()
    lines = tuple(text.split("\n"))
    if name == "plan.pdf":
        return specimens.pdf(*(lines[start : start + 40] for start in range(0, len(lines), 40)))
    if name == "plan.docx":
        return specimens.docx(*lines)
    return text.encode("utf-16" if name == "app.log" else "utf-8")


def sorted_names() -> list[Any]:
    """The names of the documents; those of other formats need the converter."""
    here = pytest.mark.skipif(find_spec(converting.CONVERTER) is None, reason="the extra [documents] is not installed")
    return [pytest.param(name, marks=here if name in CONVERTED else ()) for name in sorted(DOCUMENTS)]


@pytest.fixture
def attached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes one of the documents, with a context that is too small for it."""
    monkeypatch.setenv("NUM_CTX", "4096")
    monkeypatch.chdir(tmp_path)

    def write(name: str) -> Path:
        (tmp_path / name).write_bytes(written(name))
        return tmp_path / name

    return write


def prompts(ollama: OllamaDouble) -> list[str]:
    """The words of all prompts that were sent."""
    chats = (request for request in ollama.requests if request.path == "/api/chat")
    return ["\n".join(message["content"] for message in request.messages) for request in chats]


def flat(words: str) -> str:
    """Words on one line."""
    return " ".join(words.split())


def shown(document: Path, sent: list[str]) -> dict[int, str]:
    """The text of each line of a document that stands in a prompt, by the line's number."""
    found: dict[int, list[str]] = {}
    for prompt in sent:
        within = False
        for row in prompt.split("\n"):
            within = row.startswith(f"<passage {document.name}:") if row.startswith("<passage ") else within
            number, colon, words = row.partition(": ")
            if within and colon and number.isdecimal() and words not in found.setdefault(int(number), []):
                found[int(number)].append(words)
    return {number: "".join(texts) for number, texts in found.items()}


def letters_of(named: list[dict[str, Any]], lines: list[str]) -> int:
    """The number of letters in ranges of these lines."""
    whole = sum(sum(map(len, lines[one["first"] - 1 : one["last"]])) for one in named if not one["end"])
    return whole + sum(int(one["end"]) - int(one["begin"]) + 1 for one in named if one["end"])


@pytest.mark.parametrize("name", sorted_names())
def test_ask_shows_what_fits_and_names_the_rest(
    serve: Run, ollama: OllamaDouble, attached: Callable[[str], Path], name: str
) -> None:
    """One agent is shown a part of any kind of document, and standard error names the rest and the setting for it."""
    document = attached(name)
    ran = serve("ask", "cto", "Is the backup safe?", "-a", document, "--forget")
    assert ran.status == 0
    seen = shown(document, prompts(ollama))
    assert sum(map(len, seen.values())) > 1000
    words = flat(ran.err)
    assert re.search(rf"was not shown (line|lines|letters) .* of {name}", words)
    assert re.search(r"NUM_CTX=\d+ would include them", words)


@pytest.mark.parametrize("name", sorted_names())
def test_the_plan_names_how_much_of_each_document_is_shown(
    serve: Run, ollama: OllamaDouble, attached: Callable[[str], Path], name: str
) -> None:
    """Before anything is asked, a table says how much is shown, to how many, and what is not; the meeting counts with the
    server's own tokens and differs by a passage at most, and every letter stands in a prompt or is named.
    """
    document = attached(name)
    meeting = ("meeting", "run", "decision", "-t", "Move?", "--agents", AGENTS, "-a", document)
    page = serve(*meeting, "--plan").out
    assert re.search(rf"^{name} +\S.*(dealt out to 2|each of 2)", page, re.M)
    [row] = json.loads(serve(*meeting, "--plan", "--json").out)["documents"]
    assert not prompts(ollama)
    ran = serve(*meeting)
    assert (f"{name}: {row['shown']}" in ran.err or f"{name}: all" in ran.err or "letters" in ran.err) is bool(
        row["left"] or row["dealt"]
    )
    unread = json.loads(serve("meeting", "export", "last", "-f", "json").out)["topics"][0]["unread"]
    lines = document_from_bytes(name, document.read_bytes()).lines
    assert bool(unread) is bool(row["left"])
    assert abs(letters_of(unread, lines) - letters_of(row["left"], lines)) <= A_PASSAGE
    seen = shown(document, prompts(ollama))
    for line in DOCUMENTS[name]().split("\n"):
        assert line in lines
    named: dict[int, int] = {}
    for one in unread:
        for number in range(one["first"], one["last"] + 1):
            part = one["end"] - one["begin"] + 1 if one["end"] else len(lines[number - 1])
            named[number] = named.get(number, 0) + part
    for number, line in enumerate(lines, 1):
        assert len(seen.get(number, "")) + named.get(number, 0) >= len(line), (number, line)


def test_consult_says_for_each_agent_what_it_was_not_shown(serve: Run, attached: Callable[[str], Path]) -> None:
    """What nobody was shown is said once; what an agent was not shown although another was, beside its answer."""
    document = attached("app.log")
    asked = ("consult", "Is the backup safe?", "--agents", AGENTS, "-a", document, "--forget")
    ran = serve(*asked)
    assert "Nobody was shown lines" in flat(ran.err)
    assert "The Chief Technology Officer was not shown lines" in flat(ran.err)
    assert "The Database Administrator was not shown lines" in flat(ran.err)
    answers = json.loads(serve(*asked, "--json").out)
    for answer in answers:
        assert answer["unread"]["lines"]
        assert answer["unread"]["enough"]["NUM_CTX"] > 4096
        assert "was not shown lines" in answer["notes"][0]
    assert answers[0]["unread"] != answers[1]["unread"]
    [alone] = json.loads(serve("consult", "Safe?", "--agents", "cto", "--forget", "--json").out)
    assert alone["unread"] == {}


def test_consult_names_what_only_an_agent_without_an_answer_was_shown(
    serve: Run, ollama: OllamaDouble, attached: Callable[[str], Path]
) -> None:
    """Where one of two agents gives no answer, the lines that only it was shown are named."""
    ollama.inject(faults.answers("", times=None, contains="Database Administrator"))
    ran = serve("consult", "Is the backup safe?", "--agents", AGENTS, "-a", attached("app.log"), "--forget")
    assert "Only agents who gave no answer were shown lines" in flat(ran.err)


def test_workflow_says_for_each_step_what_it_was_not_shown(
    serve: Run, ollama: OllamaDouble, attached: Callable[[str], Path]
) -> None:
    """Documents are named for each step, and so is the answer of an earlier step that was cut for the next."""
    long = "\n".join(f"Step {n}: move shard {n} to the new machine in night {n}." for n in range(60))
    ollama.inject(faults.answers(long, times=1))
    document = attached("values.yaml")
    steps = ("-s", "Stories=cto:Write", "-s", "Tests=database_administrator:Plan the tests")
    ran = serve("workflow", "Move", *steps, "-a", document)
    words = flat(ran.err)
    assert re.search(r"Stories: The Chief Technology Officer was not shown lines .* of values\.yaml", words)
    assert re.search(r"Tests: The Database Administrator was not shown lines .* of values\.yaml", words)
    assert re.search(
        r"beginning of the answer of the step 'Stories': \d+ of \d+ letters\. NUM_CTX=\d+ would include all\.", words
    )
    assert "Nobody was shown lines" in words
    ollama.inject(faults.answers(long, times=1))
    results: list[dict[str, Any]] = json.loads(serve("workflow", "Move", *steps, "-a", document, "--json").out)
    assert all(result["unread"]["lines"] for result in results)
    assert any("of the step 'Stories'" in note for note in results[1]["notes"])


def test_a_question_that_does_not_fit_is_refused_and_not_cut(serve: Run) -> None:
    """A question of 200 kB is never shown in part: the command fails and says how long it may be."""
    ran = serve("ask", "cto", "Is this safe? " + "word " * 40_000, "--forget")
    assert ran.status == 3
    assert "does not fit the context" in flat(ran.err)


def test_a_document_that_fits_is_all_in_the_plan(serve: Run, tmp_path: Path) -> None:
    """A short document is shown to each whole, and nothing is said to be missing."""
    (tmp_path / "short.txt").write_text("# Plan\n\nMove the sessions tonight.\n")
    page = serve(
        "meeting", "run", "decision", "-t", "Move?", "--agents", AGENTS, "-a", tmp_path / "short.txt", "--plan"
    ).out
    assert re.search(r"^short\.txt +all 3 lines +each of 2 +-$", page, re.M)
    assert "Nobody" not in page
