"""The rules that keep the code readable: layers of imports, sizes of files and functions, no code that nobody uses."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import vulture

from agents.api.interfaces import PLACES
from agents.cli.app import COMMANDS
from agents.export import FORMATS
from agents.model import PROVIDERS
from agents.orchestrator import AgentOrchestrator
from tests.inputs import ROOT

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 600, 60, 25
FILES = sorted((ROOT / "agents").rglob("*.py"))
NO_NAMES = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}
ALLOWED_NAMES = {"agents/model/langchain/base.py"}  # what LangChain's models have in common
CALLED_BY_OTHERS = {
    "__getattr__": "Python calls it for a lazy name of the package",
    "unraisablehook": "Python calls it",
    "send_400_response": "uvicorn calls it",
    "disconnected": "uvicorn reads it",
    "default_headers": "uvicorn reads it",
    "collect": "Prometheus' client calls it",
    "model_config": "pydantic reads it",
    "measured_calls": "pydantic writes it",
    "forgotten": "pydantic writes it",
    "in_settings": "pydantic writes it",
    "default_map": "click reads it",
    "format_commands": "click calls it",
    "format_help": "click calls it",
    "get_completions": "prompt_toolkit calls it",
    "no_wrap": "rich reads it",
    "mtime": "tarfile reads it",
    "isolation_level": "sqlite3 reads it",
    "ScriptedModel": "programs and tests that need a model with fixed answers",
    "Recorder": "programs that record a model's answers",
    "painted": "tests count the repaints",
    "trim": "programs that shorten a memory by hand",
    "to_dict": "programs that read minutes as plain values",
    "_repr_markdown_": "notebooks call it",
}
"""What no code of ours reaches by name, and who does."""


def test_every_import_contract_is_kept() -> None:
    """The layers of each package hold, and no module is outside its package's layers."""
    code = "from importlinter.cli import lint_imports_command as check; check()"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[ran.stdout.find("Broken contracts") :]


def test_every_package_has_its_layers() -> None:
    """Each package with two modules or more has layers of its own, or its modules do not know each other; no contract
    has more than 14 layers.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = {one["containers"][0]: one["layers"] for one in contracts if one["type"] == "layers"}
    packages = {".".join(file.relative_to(ROOT).parent.parts): file.parent for file in FILES if file.stem == "__init__"}
    several = {name for name, folder in packages.items() if len(list(folder.glob("*.py"))) > 2}
    alike = {one["modules"][0].removesuffix(".*") for one in contracts if one["type"] == "independence"}
    exhaustive = {one["containers"][0] for one in contracts if one.get("exhaustive")}
    assert several <= exhaustive | alike
    assert set(layers) <= exhaustive | alike
    assert max(len(each) for each in layers.values()) <= 14


def test_files_and_functions_are_short() -> None:
    """No file has more than 600 lines, no function more than 60, and nine of ten functions at most 25."""
    assert {file.name for file in FILES if len(file.read_text().splitlines()) > LONGEST_FILE} == set()
    sizes = {
        f"{file.relative_to(ROOT)}:{each.name}": (each.end_lineno or 0) - each.lineno + 1
        for file in FILES
        for each in ast.walk(ast.parse(file.read_text()))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert sorted(sizes.values())[len(sizes) * 9 // 10] <= USUAL_FUNCTION


def test_no_file_is_a_drawer() -> None:
    """No file is called utils, helpers, base, manager or common."""
    found = {file.relative_to(ROOT).as_posix() for file in FILES if file.stem in NO_NAMES}
    assert found <= ALLOWED_NAMES


def test_every_digit_that_is_asked_for_can_be_read_as_a_number() -> None:
    """Text is asked for decimal digits: "\u00b3".isdigit() is true, and int("\u00b3") an error. Only bytes are asked otherwise."""
    found = {file.relative_to(ROOT).as_posix() for file in FILES if ".isdigit()" in file.read_text(encoding="utf-8")}
    assert found == {"agents/store/backup/tar_stream.py"}


def test_no_code_is_unused() -> None:
    """Every function, class, method and variable of the program is used by the program, a table of it, or the public
    class; what libraries call is listed here with the reason, and nothing else is.
    """
    routes = ["@router.get", "@router.post", "@router.put", "@router.patch", "@router.delete"]
    search = vulture.Vulture(
        ignore_decorators=[
            "@app.*",
            "@*.command",
            "@*.callback",
            "@keys.*",
            "@model_validator",
            "@field_validator",
            *routes,
        ]
    )
    search.scavenge([str(ROOT / "agents"), str(ROOT / "examples")])
    tables = (
        *(home for home, _ in COMMANDS.values()),
        *(home for one in PROVIDERS.values() for home in (one.model, one.state, one.check)),
        *FORMATS.values(),
        *(place.home for place in PLACES),
    )
    known = {home.rpartition(":")[2] for home in tables} | set(dir(AgentOrchestrator))
    unused = {one.name: f"{Path(one.filename).name}:{one.first_lineno}" for one in search.get_unused_code(60)}
    assert {name: place for name, place in unused.items() if name not in known | CALLED_BY_OTHERS.keys()} == {}
    assert CALLED_BY_OTHERS.keys() - unused.keys() == set()
