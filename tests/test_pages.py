"""What the pages say about the code is true: folders, paths, names, layers, and the functions that a call passes."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from agents.cli.app import run_app
from agents.model import PROVIDERS, Provider
from tests.inputs import ROOT
from tests.orchestrator.frames import WatchedModel

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
IGNORED = {
    line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line.endswith("/")
} | {".git"}
WORDS = (
    "role", "agent", "seat", "topic", "turn", "phase", "round", "proposal", "ballot", "dissent", "scribe", "evidence",
    "action", "series", "spec", "journal", "transcript", "artefact", "facilitator", "minutes",
)  # fmt: skip


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def tree() -> dict[str, str]:
    """The entries of the README's tree with what it says of each, as paths from the checkout's root."""
    (block,) = (block for block in re.findall(r"```text\n(.*?)```", page("README.md"), re.DOTALL) if "\nRole/" in block)
    found, above = {}, list[str]()
    for line in block.splitlines():
        indent, name, said = re.fullmatch(r"( *)(\S+) +(\S.*)", line).groups()  # type: ignore[union-attr]
        above[len(indent) // 2 :] = [name]
        found["".join(above)] = said
    return found


def files() -> list[Path]:
    """The files of the project: those that git knows, or where there is no git, those on disk that it would not ignore."""
    if shutil.which("git"):
        known = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout
        if known:
            return [ROOT / name for name in known.split("\0") if name]
    return [path for path in ROOT.rglob("*") if path.is_file() and not IGNORED & {*path.relative_to(ROOT).parts}]


def test_the_tree_shows_every_folder_and_nothing_else() -> None:
    """Every folder of the checkout and every folder under agents/ is in the README's tree, and nothing that is not there."""
    paths = [path.relative_to(ROOT) for path in (*files(), *(ROOT / "agents").rglob("__init__.py"))]
    top = {f"{path.parts[0]}/" for path in paths if len(path.parts) > 1}
    program = {f"{path.parent.as_posix()}/" for path in paths if path.parts[0] == "agents"}
    assert set(tree()) == top | program


def test_the_tree_says_something_short_of_each_folder() -> None:
    """A phrase of three to twenty words, without a full stop, and none twice."""
    said = tree()
    assert all(3 <= len(words.split()) <= 20 and not words.endswith(".") for words in said.values()), said
    assert len({*said.values()}) == len(said)


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_explains_a_word(word: str) -> None:
    """A row explains it in other words."""
    (said,) = re.findall(rf"(?m)^\| {word} \| (.+) \|$", page("docs/glossary.md"))
    assert len(said.split()) >= 5


@pytest.mark.parametrize(("name", "most"), [("docs/glossary.md", 50), ("docs/architecture.md", 120)])
def test_a_page_stays_short(name: str, most: int) -> None:
    """It fits into the given number of lines, of at most 150 characters where it is not a table."""
    lines = page(name).splitlines()
    assert len(lines) <= most
    assert all(len(line) <= 150 for line in lines if not line.startswith("|"))


def named(text: str) -> Iterator[str]:
    """The paths and dotted names of ours that a text names, apart from patterns such as <id>."""
    yield from re.findall(
        r"(?<![\w/.-])(?:agents|Role|tests|docs|examples|benchmarks|services)/[\w./*<>-]*[\w/>]", text
    )
    yield from re.findall(r"(?<![\w/.-])(?:agents|tests)(?:\.[A-Za-z_]\w*)+", text)


def is_there(name: str) -> bool:
    """Whether a path, or a module with what it defines, exists."""
    if "/" in name:
        return "<" in name or any(ROOT.glob(name.rstrip("/")))
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        if (ROOT / Path(*parts[:end])).is_dir() or (ROOT / Path(*parts[:end])).with_suffix(".py").is_file():
            found = import_module(".".join(parts[:end]))
            for part in parts[end:]:
                if not hasattr(found, part):
                    return False
                found = getattr(found, part)
            return True
    return False


@pytest.mark.parametrize("where", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_and_name_in_a_page_is_there(where: Path) -> None:
    """Each path of the checkout and each dotted name exists; a decision may name others in a paragraph that starts "Then:"."""
    paragraphs = where.read_text(encoding="utf-8").split("\n\n")
    now = "\n\n".join(
        text for text in paragraphs if not (where.parent.name == "decisions" and text.startswith("**Then.**"))
    )
    assert [name for name in named(now) if not is_there(name)] == []


def test_the_search_finds_paths_and_names() -> None:
    """It finds the usual forms, and tells what is there from what is not."""
    text = "`agents/errors.py`, agents/meeting/types/*.toml; agents.settings.Settings, `docs/errors.md`. agents/none.py agents.none.X"
    assert [(name, is_there(name)) for name in sorted({*named(text)})] == [
        ("agents.none.X", False),
        ("agents.settings.Settings", True),
        ("agents/errors.py", True),
        ("agents/meeting/types/*.toml", True),
        ("agents/none.py", False),
        ("docs/errors.md", True),
    ]


def test_the_layers_drawn_are_those_of_the_contract() -> None:
    """docs/architecture.md draws the layers of the program in the order in which pyproject.toml has them."""
    contracts = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each.get("containers") == ["agents"])
    (block,) = re.findall(r"```text\n(.*?)```", page("docs/architecture.md"), re.DOTALL)
    assert re.findall(r"(?m)^  (\w+(?: \| \w+)*)(?: {2}.*)?$", block) == layers


def steps(heading: str) -> list[str]:
    """The functions of a numbered list in docs/architecture.md."""
    (section,) = (part for part in page("docs/architecture.md").split("\n## ") if part.startswith(heading))
    return re.findall(r"(?m)^\d+\. `([\w.]+)`", section)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model ``watched:frames`` is a provider like any other."""
    monkeypatch.setitem(PROVIDERS, "watched", Provider("tests.orchestrator.frames:WatchedModel", takes_time=False))
    monkeypatch.setenv("MODEL_NAME", "watched:frames")


@pytest.mark.usefixtures("watched")
def test_the_way_of_a_topic_is_the_one_described() -> None:
    """The functions that docs/architecture.md lists are the longest way from the command line to the model in a meeting."""
    assert run_app(["meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer", "-q"]) == 0
    ways = [seen[seen.index("agents.cli.commands.meeting.run") :] for seen in WatchedModel.seen]
    assert steps("The way of a topic") == max(ways, key=len)


@pytest.mark.usefixtures("watched")
def test_the_way_of_a_question_is_the_one_described() -> None:
    """The functions that docs/architecture.md lists are the way from the command line to the model of a question."""
    assert run_app(["ask", "cto", "Buy or build?"]) == 0
    (seen,) = WatchedModel.seen
    assert steps("The way of a question") == seen[seen.index("agents.cli.commands.ask.ask") :]


UNCOMMON = re.compile(
    r"\b(?:anew|whoever|octets?|mend|be it|so many|(?<!there )is no [a-z]|are no [a-z]+\.|come to nothing|somebody|anybody)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("where", [ROOT / "CHANGELOG.md", *PAGES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_is_written_plainly(where: Path) -> None:
    """It has none of the words listed as uncommon, no badge and no emoji; output of the program is left out."""
    text = re.sub(r"```.*?```", "", where.read_text(encoding="utf-8"), flags=re.DOTALL)
    if where.name != "errors.md":
        assert [found[0] for found in UNCOMMON.finditer(text)] == []
    assert re.sub(r"!\[[^\]]+\]\((?:docs/)?(?:minutes|pages)\.png\)", "", text).count("![") == 0
    assert not re.search("[\U0001f000-\U0001faff\u2600-\u27bf]", text)


def test_the_documents_are_short() -> None:
    """All pages together have at most four lines for ten lines of the program."""
    source = sum(len(path.read_bytes().splitlines()) for path in (ROOT / "agents").rglob("*.py"))
    assert sum(len(path.read_bytes().splitlines()) for path in [ROOT / "CHANGELOG.md", *PAGES]) <= 0.4 * source


@pytest.mark.parametrize("where", sorted((DOCS / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_the_parts_of_one(where: Path) -> None:
    """Its number, its status, and in this order: context, decision, reason, price."""
    text = where.read_text(encoding="utf-8")
    assert text.startswith(f"# {where.name[:4]} ")
    assert "\nStatus: " in text
    parts = re.findall(r"(?m)^\*\*(Context|Decision|Why|Price)\.\*\*", text)
    assert parts == ["Context", "Decision", "Why", "Price"]
