"""No sentence is data: the program never finds out what happened by searching words that it wrote itself.

Whether a proposal was voted on, which error this is, which provider this is: fields, enum members and classes say it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import agents

OURS = Path(agents.__file__).parent
SHOWN = ("cli/", "export/")
"""Packages that put words together for people; what they compare is not looked at."""
FOREIGN = (
    "model/ollama/errors.py",
    "model/langchain/errors.py",
    "store/sqlite_errors.py",
    "api/openai/helper_tasks.py",
    "api/openai/documents.py",
    "api/openai/commands.py",
    "api/mcp/http.py",
    "api/request_log.py",
)
"""Files that read what others wrote: a model server, LangChain, SQLite, chat programs and people in them, ASGI."""
COMPARING = {"startswith", "endswith", "find", "rfind", "index", "count", "partition", "rpartition", "split"}
COMPARING |= {"removeprefix", "removesuffix"}
PATTERNS = {"match", "search", "fullmatch", "compile", "sub", "split", "findall", "finditer"}


def test_no_code_searches_for_words_that_the_program_wrote() -> None:
    """No text of two words or more that code compares, searches or matches is part of a text that code writes."""
    compared, written = [], []
    for file in sorted(OURS.rglob("*.py")):
        name = file.relative_to(OURS).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        read = list(_compared(tree))
        if not name.startswith(SHOWN) and name not in FOREIGN:
            compared += [(f"{name}:{each.lineno}", _plain(str(each.value))) for each in read]
        skip = {id(each) for each in read} | _docstrings(tree)
        written += [(f"{name}:{each.lineno}", _plain(str(each.value))) for each in _texts(tree) if id(each) not in skip]
    assert len(compared) > 300
    assert len(written) > 1000
    found = [
        f"{place} looks for {text!r}, which {other} writes"
        for place, text in compared
        if len(text.split()) > 1
        for other, sentence in written
        if text in sentence
    ]
    assert found == []


def test_the_search_finds_a_sentence_used_as_data() -> None:
    """A sentence that one function writes and another greps is found, also behind a name of its own and in a pattern."""
    code = 'def a(): return "T5 was put to the vote."\ndef b(x):\n    mark = "put to the vote"\n    return mark in x\n'
    read = [each.value for each in _compared(ast.parse(code))]
    assert read == ["put to the vote"]
    pattern = ast.parse('import re\nre.search(r"^It must say: (.+)$", question)')
    assert [_plain(str(each.value)) for each in _compared(pattern)] == ["It must say:"]


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    yield from (each for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _compared(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every text that code compares something with; a name that is local to a function stands for its text.

    A constant of the module may be both read and written, because it is one text in one place.
    """
    for side in (side for each in ast.walk(tree) for side in _sides(each)):
        if isinstance(side, ast.Constant | ast.Tuple | ast.Set | ast.List | ast.JoinedStr | ast.pattern):
            yield from _texts(side)
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)):
        literals = {
            target.id: each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant | ast.Tuple)
            for target in each.targets
            if isinstance(target, ast.Name)
        }
        for side in (side for each in ast.walk(function) for side in _sides(each)):
            if isinstance(side, ast.Name) and side.id in literals:
                yield from _texts(literals[side.id])


def _sides(node: ast.AST) -> Iterator[ast.AST]:
    """What a node compares with what."""
    if isinstance(node, ast.Compare) and all(
        isinstance(each, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for each in node.ops
    ):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        pattern = node.func.attr in PATTERNS and ast.unparse(node.func.value) == "re"
        if node.func.attr in COMPARING or pattern:
            yield from node.args[:1]
    elif isinstance(node, ast.match_case):
        yield node.pattern


def _docstrings(tree: ast.Module) -> set[int]:
    blocks = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (each.body for each in ast.walk(tree) if isinstance(each, blocks))
    alone = (each.value for body in bodies for each in body if isinstance(each, ast.Expr))
    return {id(each) for each in alone}


def _plain(text: str) -> str:
    """A text, or the words of a pattern, with single blanks."""
    return " ".join(re.sub(r"\\[a-zA-Z]|[\\^$.*+?()\[\]{}|]", " ", text).split())
