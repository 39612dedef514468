"""The catalogue of errors, read from the program itself: wherever one is made, its cause, its remedy, its status."""

import ast
import inspect
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agents import errors
from agents.cli.remedies import LISTINGS, template_of

VARIES = "(depends on the case)"
"""Stands for a sentence that cannot be read from the program."""

MOST_STEPS = 3
"""Longest way from a name to the sentence it was given."""

PLAIN = {
    "strerror": "reason",
    "why": "reason",
    "error": "reason",
    "said": "its own words",
    "getpid": "process",
    "words": "reason",
    "next": "number",
}
"""Words for names of the code that a user would not understand."""

Constants = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the names in an expression.

    Attributes:
        constants: the program's constants.
        assigned: what the function around the expression may have assigned to each of its names.
    """

    constants: Constants
    assigned: Mapping[str, list[ast.expr]]

    def choices(self, node: ast.expr) -> list[ast.expr]:
        """The expressions that a name, ``table[key]`` or ``table.get(key, default)`` may stand for."""
        if isinstance(node, ast.Name):
            return self.assigned.get(node.id, [])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            tables = [one for one in self.choices(node.func.value) if isinstance(one, ast.Dict)]
            return [*(value for table in tables for value in table.values), *node.args[1:]] if tables else []
        if isinstance(node, ast.Subscript):
            return [value for one in self.choices(node.value) if isinstance(one, ast.Dict) for value in one.values]
        if isinstance(node, ast.Subscript):
            return [value for one in self.choices(node.value) if isinstance(one, ast.Dict) for value in one.values]
        return []


@dataclass(frozen=True, slots=True)
class Entry:
    """One error as the program words it.

    Attributes:
        kind: its class.
        cause: the sentence; what differs from case to case is in {braces}.
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


@cache
def entries() -> tuple[Entry, ...]:
    """Every error that the program makes, by status, class and cause; the same sentence once."""
    package = Path(__file__).resolve().parents[2]
    found = {entry for file in sorted(package.rglob("*.py")) for entry in _in_file(file, package)}
    unique = {(entry.kind, entry.cause, entry.remedy): entry for entry in sorted(found, key=lambda one: one.file)}
    return tuple(sorted(unique.values(), key=lambda one: (one.status, one.kind, one.cause, one.remedy)))


def as_text() -> str:
    """The catalogue for a terminal."""
    lines = ["What differs from case to case is in {braces}. Every error ends with the status in front of it.", ""]
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
        "`orchestrator help errors --markdown > docs/errors.md`; what differs from case to case is in {braces}.",
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
    for name, node, known in _made(_tree(file), package, names):
        given = [*node.args, *(word.value for word in node.keywords if word.arg == "remedy")]
        status = names[name].exit_code
        if name == "UnknownName":
            yield _unknown(node, status, place, known)
            continue
        about, subject = _case(node, known)
        remedy = " / ".join(_sentences(given[1], known)) if len(given) > 1 else ""
        remedy = template_of(names[name], about, remedy).format(subject=subject, remedy=remedy, example="{command}")
        for cause in _sentences(given[0], known):
            if cause != VARIES or re.search(r"\w", re.sub(r"\{[^{}]*\}", "", remedy)):
                yield Entry(name, cause, remedy, status, place)


def _unknown(node: ast.Call, status: int, place: str, known: Known) -> Entry:
    [kind] = _sentences(node.args[0], known)[:1]
    about, subject = _case(node, known)
    listing = _sentences(node.args[3], known)[0] if len(node.args) > 3 else ""
    listing = LISTINGS.get(about or kind, listing).format(subject=subject)
    remedy = "Did you mean {names}?" + (f" `{listing}` lists them all." if listing else "")
    return Entry("UnknownName", f"There is no {kind} {{name}}.", remedy, status, place)


def _case(node: ast.Call, known: Known) -> tuple[str, str]:
    """What an error is about, and the {name} of its subject."""
    named = {word.arg: word.value for word in node.keywords}
    about = _sentences(named["about"], known)[0] if "about" in named else ""
    return about, f"{{{_name(named['subject'])}}}" if "subject" in named else ""


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _made(tree: ast.Module, package: Path, names: Container[str]) -> Iterator[tuple[str, ast.Call, Known]]:
    """Every call that makes an error of these names, and what is known of the names it uses."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = [(one.func.id if isinstance(one.func, ast.Name) else getattr(one.func, "attr", ""), one) for one in calls]
    named = [(name, one) for name, one in named if name in names]
    if not named:
        return
    constants = _constants(tree, package)
    around = {id(child): parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for name, node in named:
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            continue
        statement: ast.AST = node
        while not isinstance(statement, ast.stmt):
            statement = around[id(statement)]
        function = around.get(id(statement))
        while function and not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            function = around.get(id(function))
        yield name, node, Known(constants, _assigned(function, statement) if function else {})


def _assigned(function: ast.AST, statement: ast.stmt) -> dict[str, list[ast.expr]]:
    """What the names of a function may be at a statement: the last value that each certainly got before it, and those
    that it may have got since.
    """
    found: dict[str, list[ast.expr]] = {}
    before = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.lineno < statement.lineno]
    for node in sorted(before, key=lambda one: one.lineno):
        for target in node.targets:
            if isinstance(target, ast.Name) and node.col_offset <= statement.col_offset:
                found[target.id] = [node.value]
            elif isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
    return found


def _constants(tree: ast.Module, package: Path) -> dict[str, str | int]:
    """The texts and numbers that a module gives names to, and those of our other modules that it imports."""
    found = _own_constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package.name}."):
            place = package.parent / str(node.module).replace(".", "/")
            file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            theirs = _own_constants(_tree(file))
            for one in node.names:
                name, module = one.asname or one.name, place / f"{one.name}.py"
                if one.name in theirs:
                    found[name] = theirs[one.name]
                elif module.is_file():
                    found |= {f"{name}.{key}": value for key, value in _own_constants(_tree(module)).items()}
    return found


def _own_constants(tree: ast.Module) -> dict[str, str | int]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str | int)
    }


def _sentences(node: ast.expr, known: Known, depth: int = 0) -> list[str]:
    """The sentences that an expression may make, with {names} for what is not known before."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(_part(part, known.constants) for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*_sentences(node.body, known, depth), *_sentences(node.orelse, known, depth)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        starts, ends = (_sentences(side, known, depth) for side in (node.left, node.right))
        return [start + end for start in starts for end in ends]
    if isinstance(node, ast.Name) and isinstance(known.constants.get(node.id), str):
        return [str(known.constants[node.id])]
    if depth < MOST_STEPS:
        choices = known.choices(node)
        found = dict.fromkeys(one for choice in choices for one in _sentences(choice, known, depth + 1))
        return list(found) or [VARIES]
    return [VARIES]


def _part(part: ast.expr, constants: Constants) -> str:
    """A part of an f-string: its words, a constant's value, or a {name}."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    if not isinstance(part, ast.FormattedValue):
        return ""
    if (dotted := ast.unparse(part.value)) in constants:
        value = constants[dotted]
        return f"{value:,}" if isinstance(value, int) else value
    name = _name(part.value).strip("_").replace("_", " ")
    return f"{{{PLAIN.get(name, name.lower())}}}"


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
    return "..."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
