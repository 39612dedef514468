"""What is not loaded: a health check runs every 30 seconds and has no time for it."""

import subprocess
import sys

import pytest

HEAVY = (
    "asyncio",
    "pydantic",
    "rich",
    "requests",
    "httpx",
    "langchain",
    "langchain_core",
    "langchain_ollama",
    "ollama",
)


def loaded_after(code: str) -> set[str]:
    """The top-level names of all modules loaded by a fresh interpreter that ran this."""
    program = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_importing_the_orchestrator_loads_the_standard_library_only() -> None:
    """No third-party package, and not asyncio or sqlite3 either, comes with AgentOrchestrator."""
    loaded = loaded_after("from agents.orchestrator import AgentOrchestrator")
    assert not loaded & {*HEAVY, "typer", "yaml", "dotenv", "psutil", "sqlite3"}
    foreign = {name for name in loaded if name not in sys.stdlib_module_names and not name.startswith("_")}
    assert foreign <= {"agents", "sitecustomize", "usercustomize", "editable_finder"}


@pytest.mark.parametrize("arguments", [["--help"], ["health"], ["meeting", "--help"], ["--version"]])
def test_help_and_health_load_nothing_heavy(arguments: list[str]) -> None:
    """Help, version and health come without LangChain, pydantic, rich, asyncio or an HTTP client."""
    loaded = loaded_after(
        f"from agents.cli import run\nimport io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    run({arguments!r})"
    )
    assert not loaded & set(HEAVY)


def test_a_rehearsed_meeting_loads_no_langchain() -> None:
    """Rehearsing needs no provider's packages."""
    loaded = loaded_after(
        "from agents.orchestrator import AgentOrchestrator\n"
        "with AgentOrchestrator(model='rehearsal') as o:\n    o.conduct_meeting(o.create_meeting('decision', 'Rewrite it?'))"
    )
    assert not loaded & {"langchain", "langchain_core", "langchain_ollama", "httpx", "ollama", "pydantic", "requests"}
