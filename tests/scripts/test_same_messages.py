"""Both scripts say the same, each in the words of its system."""

import re

from tests.inputs import ROOT

SERVICE = ROOT / "services" / "multi_agent_orchestrator"
SH = [ROOT / "orchestrator.sh", *sorted((SERVICE / "sh").glob("*.sh"))]
BAT = [ROOT / "orchestrator.bat", *sorted((SERVICE / "bat").glob("*.bat"))]

ONLY_WINDOWS = {
    "<> is larger than <> MB.",  # the other script serves files while the program runs, and the program says these
    "<> cannot be written: <>.",
    "The backup could not be packed into <>.",  # the other script packs it into a pipe
}
"""Causes that only orchestrator.bat has."""


def form(text: str) -> str:
    """A message with <> for each variable and for each number."""
    text = re.sub(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+|%~?\w+%?", "<>", text.replace("\\", ""))
    return re.sub(r"\d+", "<>", text).replace("./orchestrator.sh", "SCRIPT").replace("orchestrator.bat", "SCRIPT")


def causes_of_sh() -> set[str]:
    """The first lines of the errors of orchestrator.sh."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SH)
    text = re.sub(r'\$\(echo "(\$\w+)"[^)]*\)', r"\1", text)  # a list on one line
    said = re.findall(r'\bfail \d+ (?:\\\n\s*)?"((?:[^"\\]|\\.)*)"', text) + re.findall(r'why="([^"]*)"', text)
    return {form(one) for one in said}


def causes_of_bat() -> set[str]:
    """The first lines of the errors of orchestrator.bat."""
    text = "\n".join(path.read_text(encoding="ascii") for path in BAT)
    said = re.findall(r'call :fail \d+ "([^"]*)"', text) + re.findall(r'set "(?:cause=|why=(?=[A-Z]))([^"]*)"', text)
    return {form(one) for one in said}


def test_the_errors_of_both_scripts_have_the_same_causes() -> None:
    """Each error of orchestrator.bat is one of orchestrator.sh, with the same cause word for word."""
    assert len(causes_of_bat()) > 50
    assert sorted(causes_of_bat() - causes_of_sh() - ONLY_WINDOWS) == []
