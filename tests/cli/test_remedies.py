"""The library names arguments and methods in its remedies; the command line has its own words for them."""

import ast
import re
from pathlib import Path

import pytest

from agents.api.pages import remedies
from agents.cli.remedies import LISTINGS, REMEDIES, remedy_of
from agents.errors import MaterialMissing, ModelMissing, OrchestratorError, SettingError, UnknownName, UsageError
from tests.inputs import ROOT

FRONT_END = tuple(ROOT / "agents" / name for name in ("cli", "serve.py", "serve_mcp.py"))
WORDS_OF_GIT = {
    ROOT / "agents" / name for name in ("documents/finding.py", "documents/diff.py", "api/openai/helper_tasks.py")
}
PAGES = ROOT / "agents" / "api" / "pages"
NAMES_COMMANDS = {PAGES / "share.py"}
"""The page that says which commands check a file that was passed on."""
CORE = [
    file
    for file in sorted((ROOT / "agents").rglob("*.py"))
    if not any(place == file or place in file.parents for place in FRONT_END)
]


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_library_names_no_flag_and_no_command(file: Path) -> None:
    """No text outside the command line contains a flag or a command of it, but the page that is about one."""
    assert {*CORE} >= NAMES_COMMANDS
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and file not in NAMES_COMMANDS:
            own = r"`orchestrator " if file in WORDS_OF_GIT else r"(^| )--[a-z]|`orchestrator "
            assert not re.search(own, node.value), f"{file}:{node.lineno}: {node.value}"


def test_every_remedy_belongs_to_an_error_of_the_library() -> None:
    """What an error is about has a remedy here or on the pages, and each remedy is for an error that the library raises.
    The fields of the pages' own forms are not meant.
    """
    files = [file for file in CORE if PAGES not in file.parents]
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    words = [word for call in calls for word in call.keywords if word.arg == "about"]
    raised = {word.value.value for word in words if isinstance(word.value, ast.Constant)}
    assert raised == {about for _, about in REMEDIES} | {"skill"} | (remedies.REMEDIES.keys() & {"seat", "checklist"})
    assert remedies.REMEDIES.keys() <= raised


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (
            UsageError("a", "Pass `topics`.", about="topics", subject="decision"),
            'Write what it is about: orchestrator meeting run decision "..."',
        ),
        (
            SettingError("a", "Pass `topics`.", about="topics", subject="x"),
            'Write what it is about: orchestrator meeting run x "..."',
        ),
        (UsageError("a", "A remedy with {braces}."), "A remedy with {braces}."),
        (UsageError("a", about="done", subject="A7"), "`orchestrator actions reopen A7` opens it again."),
        (
            ModelMissing("a", "Or {this}.", about="model", subject="m"),
            "Get it: `orchestrator models pull m`. Or {this}.",
        ),
        (
            MaterialMissing(
                "a", "Attach the board.", about="material", subject="daily_standup", example="gh issue list |"
            ),
            'Attach the board. For example: `gh issue list | orchestrator meeting run daily_standup "..." --attach -`',
        ),
        (
            MaterialMissing("a", "Attach it.", about="material", subject="rfc_round", example="rfc.md"),
            'Attach it. For example: `orchestrator meeting run rfc_round "..." --attach rfc.md`',
        ),
        (UnknownName("agent", "cot", ["cto"]), "Did you mean cto? `orchestrator agents list` lists them all."),
        (UnknownName("agent", "x", []), "`orchestrator agents list` lists them all."),
        (
            UnknownName("skill of CTO", "x", [], about="skill", subject="cto"),
            "`orchestrator agents show cto` lists them all.",
        ),
        (UnknownName("example", "x", [], "orchestrator examples list"), "`orchestrator examples list` lists them all."),
    ],
)
def test_a_remedy_is_chosen_by_class_and_case(error: OrchestratorError, remedy: str) -> None:
    """By what the error is about, for its class or the nearest one above; else it is the error's own."""
    assert remedy_of(error) == remedy


def test_every_listing_is_a_command() -> None:
    """Each of them names the program first."""
    assert all(command.startswith("orchestrator ") for command in LISTINGS.values())
