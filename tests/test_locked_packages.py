"""The image's locked packages are those that the project asks for."""

import re
import tomllib

import pytest

from tests.inputs import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MCP = PROJECT["optional-dependencies"]["mcp"]
LOCKS = {"requirements.txt": MCP, "requirements-scale-out.txt": [*MCP, *PROJECT["optional-dependencies"]["openai"]]}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_with_its_hashes(lock: str) -> None:
    """Each package of the project, and of the extras a lock is for, stands in it; each entry has a hash, and no address."""
    text = (ROOT / "services" / "multi_agent_orchestrator" / lock).read_text()
    entries = re.split(r"\n(?=\w)", text)[1:]
    locked = {entry.partition("==")[0] for entry in entries}
    wanted = {re.split(r"[<>=\[ ]", one)[0] for one in [*PROJECT["dependencies"], *LOCKS[lock]]}
    assert wanted - locked == set()
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
