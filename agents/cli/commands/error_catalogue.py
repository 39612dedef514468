"""The catalogue of errors, read from the program itself: wherever one is made, its cause, its remedy, its status."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents import errors

VARIES = "(said by whoever failed)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One error as the program words it.

    Attributes:
        kind: its class.
        cause: the sentence; what differs from case to case stands in {braces}.
        remedy: the same; "" where there is nothing to do.
        status: the exit status.
        file: where it is made, within the package.
    """

    kind: str
    cause: str
    remedy: str
    status: int
    file: str


def kinds() -> dict[str, type[errors.OrchestratorError]]:
    """Every class of error, by name."""
    return {
        name: kind
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.OrchestratorError)
    }


def entries() -> list[Entry]:
    """Every error that the program makes, by status, class and cause; the same sentence once."""
    package = Path(__file__).resolve().parents[2]
    found = {entry for file in sorted(package.rglob("*.py")) for entry in _in_file(file, package)}
    unique = {(entry.kind, entry.cause, entry.remedy): entry for entry in sorted(found, key=lambda one: one.file)}
    return sorted(unique.values(), key=lambda one: (one.status, one.kind, one.cause, one.remedy))


def as_text() -> str:
    """The catalogue for a terminal."""
    lines = ["What differs from case to case stands in {braces}. Every error ends with the status in front of it.", ""]
    for entry in entries():
        lines += [f"{entry.status}  {entry.cause}", *([f"  {entry.remedy}"] if entry.remedy else []), ""]
    return "\n".join(lines)


def as_markdown() -> str:
    """The catalogue as the page docs/errors.md."""
    all_kinds, found = kinds(), entries()
    lines = [
        "# Errors",
        "",
        "Every error this program makes: a line of cause, a line of remedy, an exit status. Written by",
        "`orchestrator help errors --markdown > docs/errors.md`; what differs from case to case stands in {braces}.",
        "",
    ]
    for kind in sorted({entry.kind for entry in found}, key=lambda name: (all_kinds[name].exit_code, name)):
        about = (inspect.getdoc(all_kinds[kind]) or "").split("\n")[0]
        lines += [f"## {kind}, status {all_kinds[kind].exit_code}", "", about, "", "| cause | remedy |", "|---|---|"]
        rows = [entry for entry in found if entry.kind == kind]
        lines += [f"| {_cell(entry.cause)} | {_cell(entry.remedy)} |" for entry in rows]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _in_file(file: Path, package: Path) -> Iterator[Entry]:
    names = kinds()
    place = file.relative_to(package.parent).as_posix()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in names or any(isinstance(argument, ast.Starred) for argument in node.args):
            continue
        given = [*node.args, *(word.value for word in node.keywords if word.arg == "remedy")]
        if name == "UnknownName":
            yield _unknown(node, names[name].exit_code, place, constants)
            continue
        cause = _words(given[0], constants)
        if cause == VARIES and len(given) < 2:
            continue
        remedy = _words(given[1], constants) if len(given) > 1 else ""
        yield Entry(name, cause, remedy, names[name].exit_code, place)


def _unknown(node: ast.Call, status: int, place: str, constants: dict[str, str]) -> Entry:
    kind = _words(node.args[0], constants)
    listing = _words(node.args[3], constants) if len(node.args) > 3 else ""
    remedy = "Did you mean {names}?" + (f" `{listing}` lists them all." if listing else "")
    return Entry("UnknownName", f"There is no {kind} {{name}}.", remedy, status, place)


def _constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives names to, for errors that are worded with them."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
    return found


def _words(node: ast.expr, constants: dict[str, str]) -> str:
    """An expression as the sentence it makes, with {names} for what is not known before."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
            else f"{{{_name(part.value)}}}"
            if isinstance(part, ast.FormattedValue)
            else ""
            for part in node.values
        )
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    if isinstance(node, ast.BinOp):
        return _words(node.left, constants) + _words(node.right, constants)
    if isinstance(node, ast.IfExp):
        return f"{_words(node.body, constants)} / {_words(node.orelse, constants)}"
    return VARIES


def _name(node: ast.expr) -> str:
    """A short name for a value: the last word of a dotted name, the name of a function called."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return _name(node.args[0]) if node.args else _name(node.func)
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "detail"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
