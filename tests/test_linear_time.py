"""Every regular expression of the package takes time in proportion to the text, whatever the text.

A model, a file or a person may send any text; one on which a pattern takes quadratic time makes the program hang.
"""

import ast
import importlib
import itertools
import random
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined, unused-ignore]
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]
from typing import Any

import pytest

import agents
from tests.drill import rounds
from tests.growth import grows_too_fast

ROOT = Path(agents.__file__).parent
USES: dict[str, Callable[[Any, Any], Any]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
}
EVERYWHERE = {"sub", "subn", "split", "findall", "finditer"}


@dataclass(frozen=True)
class Used:
    """A pattern of the package.

    Attributes:
        where: the module, and the name or line.
        pattern: the pattern.
        uses: the methods with which it is used; "finditer" stands for all that go through a text.
    """

    where: str
    pattern: "re.Pattern[Any]"
    uses: frozenset[str]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package, parsed."""
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), ast.parse(file.read_text(encoding="utf-8"))


def plainly(uses: set[str]) -> frozenset[str]:
    """The uses to try; where none is known, all text is gone through."""
    return frozenset("finditer" if use in EVERYWHERE else use for use in uses & {*USES, *EVERYWHERE}) or frozenset(
        {"finditer"}
    )


@cache
def patterns() -> tuple[Used, ...]:
    """Every pattern that is a constant of a module or a text in a call."""
    uses, found, seen = defaultdict[str, set[str]](set), list[Used](), set[tuple[Any, int, frozenset[str]]]()
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = (
                    owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
                )
                uses[f"{module}.{name}" if name.startswith("_") else name].add(node.attr)
    for module, tree in modules():
        for name, value in vars(importlib.import_module(module)).items() if has_patterns(tree) else ():
            for pattern in compiled(value):
                found.append(
                    Used(
                        f"{module}.{name}", pattern, plainly(uses[f"{module}.{name}" if name.startswith("_") else name])
                    )
                )
        for node in ast.walk(tree):
            if written := literal(node):
                found.append(Used(f"{module}:{getattr(node, 'lineno', 0)}", *written))
    unique = []
    for each in found:
        key = (each.pattern.pattern, each.pattern.flags, each.uses)
        if key not in seen:
            seen.add(key)
            unique.append(each)
    return tuple(unique)


def has_patterns(tree: ast.Module) -> bool:
    """Whether a module has patterns: only then is it worth importing."""
    return any(alias.name == "re" for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names)


def compiled(value: Any) -> Iterator["re.Pattern[Any]"]:
    """The patterns in a constant."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from compiled(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from compiled(inner)


def literal(node: ast.AST) -> tuple["re.Pattern[Any]", frozenset[str]] | None:
    """The pattern that is written in a call such as ``re.sub("...", ...)``, and its use."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
        return None
    given = node.args[0]
    if not (isinstance(given, ast.Constant) and isinstance(given.value, str | bytes)) or node.func.attr in {
        "escape",
        "compile",
    }:
        return None
    names = {part.attr for arg in [*node.args[1:], *(word.value for word in node.keywords)] for part in ast.walk(arg)
             if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "re"}  # fmt: skip
    flags = re.RegexFlag(0)
    for name in names & {"IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII", "I", "M", "S", "X"}:
        flags |= getattr(re, name)
    return re.compile(given.value, flags), plainly({node.func.attr})


def sample(part: Any) -> str:
    """A short text that a part of a parsed pattern matches."""
    out = ""
    for kind, value in part:
        if kind is code.LITERAL:
            out += chr(value)
        elif kind is code.NOT_LITERAL:
            out += "a" if value != ord("a") else "b"
        elif kind is code.ANY:
            out += "a"
        elif kind is code.IN:
            out += members(value)[0]
        elif kind is code.BRANCH:
            out += sample(value[1][0])
        elif kind is code.SUBPATTERN:
            out += sample(value[3])
        elif kind in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            out += sample(value[2]) * max(value[0], 1)
        elif kind is code.ATOMIC_GROUP:
            out += sample(value)
    return out


IN_CATEGORY = {
    code.CATEGORY_DIGIT: "1", code.CATEGORY_NOT_DIGIT: "a ", code.CATEGORY_SPACE: " \n", code.CATEGORY_NOT_SPACE: "a.",
    code.CATEGORY_WORD: "a1", code.CATEGORY_NOT_WORD: ". ",
}  # fmt: skip


def members(listed: Any) -> str:
    """Some characters of a class."""
    chars, negated = "", False
    for kind, value in listed:
        if kind is code.NEGATE:
            negated = True
        elif kind is code.LITERAL:
            chars += chr(value)
        elif kind is code.RANGE:
            chars += chr(value[0])
        elif kind is code.CATEGORY:
            chars += IN_CATEGORY[value]
    return "".join(char for char in 'a1 .,"-(\n' if char not in chars) or "\u4e00" if negated else chars or "a"


def pumps(part: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What may come before each part that repeats without a limit, and what each of its rounds may be."""
    for kind, value in part:
        if kind in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            if value[1] is code.MAXREPEAT or value[1] > 50:
                for item in value[2]:
                    for char in members(item[1])[:4] if item[0] is code.IN else (sample([item]),):
                        yield before, char
                yield before, sample(value[2])
            yield from pumps(value[2], before)
        elif kind is code.SUBPATTERN:
            yield from pumps(value[3], before)
        elif kind is code.BRANCH:
            for branch in value[1]:
                yield from pumps(branch, before)
        elif kind in (code.ASSERT, code.ASSERT_NOT):
            yield from pumps(value[1], before)
        before += sample([(kind, value)])


COMMON = ("a.", '"', "(", "[", "://", "a://", " ", "\n", "- ", "* ", "1", "1.", "a ", " \t", "|", "`", "*", "_", "a, ",
          "\u201c", "\u300c", "<", "a: ", "1 May ", "**", "\\", "#", "a", ".", "-", "a-", "e.g. ")  # fmt: skip
ENDS = ("", "\x00", "\n\x00", "!")[: rounds(2, drill=4)]


@cache
def units(pattern: "re.Pattern[Any]") -> tuple[tuple[str, str], ...]:
    """What to begin a text with, and what to repeat in it, to make a pattern slow."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    made = [(before, pump) for before, pump in pumps(parsed) if pump]
    chance = random.Random(repr(source))  # noqa: S311 - texts to try, no secret
    letters = sorted({pump for _, pump in made})
    pairs = [("", chance.choice(letters) + chance.choice(letters)) for _ in range(6 * (len(letters) > 1))]
    again = [("", before + pump) for before, pump in made if before]
    return tuple(dict.fromkeys([*made, *again, *pairs, ("", sample(parsed) or "a"), *(("", each) for each in COMMON)]))


def is_slow(pattern: "re.Pattern[Any]", use: str, before: str, unit: str, end: str) -> bool:
    """Whether a pattern takes far more than four times the time for four times the text."""

    def work(length: int) -> None:
        text = before + unit * (length // len(unit)) + end
        given: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
        if use in USES:
            USES[use](pattern, given)
        else:
            deque(pattern.finditer(given), 0)

    return grows_too_fast(work)


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.where)
def test_patterns_take_linear_time(used: Used) -> None:
    """No text that a pattern's own parts suggest makes it slow."""
    tried = itertools.product(sorted(used.uses), units(used.pattern), ENDS)
    slow = ((use, *unit, end) for use, unit, end in tried if is_slow(used.pattern, use, *unit, end))
    assert next(slow, None) is None, used.pattern.pattern


def test_the_test_finds_slow_patterns() -> None:
    """Patterns that are known to be slow are found with the texts that are tried."""
    for written, use in ((r"\S*://\S*", "finditer"), (r"\s+$", "search"), (r".*,.*;", "match")):
        pattern = re.compile(written)
        found = (is_slow(pattern, use, *each, end) for each in units(pattern) for end in ENDS)
        assert any(found), written
