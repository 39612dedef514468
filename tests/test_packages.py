"""The docstring of each package says what it contains, what to import from it, and what it never imports."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.inputs import ROOT

PACKAGES = sorted(".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "agents").rglob("__init__.py"))
PARTS = re.compile(r"(?P<contains>.+)\n\nImport from here: (?P<open>.+)\nNever knows: (?P<closed>.+)", re.DOTALL)
QUOTED = re.compile(r"``([\w.]+)``")


def parts(package: str) -> dict[str, str]:
    """The three parts of a package's docstring."""
    source = (ROOT / Path(*package.split(".")) / "__init__.py").read_text(encoding="utf-8")
    found = PARTS.fullmatch(ast.get_docstring(ast.parse(source)) or "")
    assert found, package
    return found.groupdict()


def for_types_only(tree: ast.Module) -> set[ast.AST]:
    """What is below ``if TYPE_CHECKING``."""
    blocks = (node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {node for block in blocks for part in block.body for node in ast.walk(part)}


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports when it runs, and the names it takes from packages."""
    only_types = for_types_only(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node not in only_types:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import) and node not in only_types:
            yield from (each.name for each in node.names)


def modules() -> dict[str, set[str]]:
    """Every module of the program by its name, with what it imports."""
    found = {}
    for path in (ROOT / "agents").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
    return found


MODULES = modules()


def below(name: str, package: str) -> bool:
    """Whether a name is a package or something in it."""
    return f"{name}.".startswith(f"{package}.")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_three_things_in_few_words(package: str) -> None:
    """Its docstring has three parts: what it contains, what to import, what it never knows; each has at most four lines."""
    assert all(len(part.splitlines()) <= 4 and part.rstrip().endswith(".") for part in parts(package).values())


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_offers_is_there(package: str) -> None:
    """Each name after "Import from here" is a name in the package, or one of its modules with something it defines."""
    named = QUOTED.findall(parts(package)["open"])
    assert named
    for name in named:
        whole = name if below(name, "agents") else f"{package}.{name}"
        module = max((each for each in MODULES if below(whole, each)), key=len)
        found = import_module(module)
        for attribute in whole.removeprefix(module).strip(".").split("."):
            found = getattr(found, attribute) if attribute else found


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_from_a_package_is_what_it_offers(package: str) -> None:
    """Other packages import only from the modules that it names, and from itself."""
    offered = {f"{package}.{name.split('.')[0]}" for name in QUOTED.findall(parts(package)["open"])}
    if "any module" in parts(package)["open"]:
        return
    depth = package.count(".") + 2
    inner = {".".join(name.split(".")[:depth]) for name in MODULES if below(name, package) and name != package}
    closed = inner - offered
    wrong = {
        (name, taken)
        for name, all_taken in MODULES.items()
        if not below(name, package)
        for taken in all_taken
        if ".".join(taken.split(".")[:depth]) in closed
    }
    assert not wrong


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_never_knows_is_not_imported_in_it(package: str) -> None:
    """No module of the package imports what is named after "Never knows", which exists."""
    forbidden = QUOTED.findall(parts(package)["closed"])
    assert all(find_spec(name) for name in forbidden)
    inside = {name: all_taken for name, all_taken in MODULES.items() if below(name, package)}
    taken = {(name, each) for name, all_taken in inside.items() for each in all_taken}
    assert {(name, each) for name, each in taken if any(below(each, no) for no in forbidden)} == set()
    assert forbidden or package == "agents"
