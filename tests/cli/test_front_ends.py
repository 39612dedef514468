"""The command line and the service use the orchestrator's public methods, and not what is behind them."""

import ast
from pathlib import Path

import pytest

from tests.inputs import ROOT

FRONT_ENDS = [
    *sorted((ROOT / "agents" / "cli").rglob("*.py")),
    *sorted((ROOT / "agents" / "api").glob("*.py")),
    ROOT / "agents" / "serve.py",
]
BEHIND = {"store", "resources"}


@pytest.mark.parametrize("file", FRONT_ENDS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_front_end_does_not_reach_behind_the_orchestrator(file: Path) -> None:
    """No attribute called ``store`` or ``resources`` is read."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in BEHIND]
    assert not found, f"{file} reaches behind the orchestrator in lines {found}"
