"""Documents in messages: what chat programs paste into the text of a message becomes documents again.

No program says in a field that a part of a message is a file. Each has its own way to write one into the text: tags,
fences that are named, or a line with a path above a fence.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agents.documents import MAX_BYTES, Document, decoded
from agents.errors import DocumentError
from agents.text import one_line

EXCERPT = "excerpt"
_LONGEST_INFO = 240
"""The most letters after a fence that are looked at."""
_LONG, _QUESTION = 2_000, 600
"""From how many letters on a message without a name may be a document, and how long its last paragraph may be then."""

_OPENING = re.compile(r"<source((?:\s[^<>\"]{0,80}=\"[^\"]{0,1000}\"){1,40})\s?>")
_CLOSING = re.compile(r"</source>[ \t]{0,8}(?:\n{0,8}(?:<source\s|</context>)|\n|\Z)")
_CLOSING_IN_CONTEXT = re.compile(r"</source>\s{0,8}(?:<source\s|</context>)")
_DOCUMENT = re.compile(r"^<document((?:\s[^<>\"\n]{0,80}=\"[^\"\n]{0,1000}\"){1,40})\s?>", re.MULTILINE)
_DOCUMENT_END = "</document>"
_ATTRIBUTE = re.compile(r"([\w-]{1,80})=\"([^\"]{0,1000})\"")
_FILE_TAGS = re.compile(r"<attached_files>\n(?:<file [^\n]{0,2000}/>\n){0,100}</attached_files>\s{0,8}")
_ATTACHED = "Attached document(s):\n```md"
_NEXT_ATTACHED = re.compile(r"(?:\n{1,4}---\n\n|^)# \"([^\"\n]{1,400})\"\n")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_TAG_FENCES = ("source", "code", "pre", "codeblock", "sourcecode")
_RANGE = re.compile(r"\s?(?:\(\s*(?:lines?\s*)?L?(\d+)\s*[-\u2013]\s*L?(\d+)\s*\)|[:#]L?(\d+)\s*[-\u2013:]\s*L?(\d+))$")
_NAME = re.compile(
    r"(?=.{1,200}$)[^\s`*<>|\"'=:,;{}](?:[^`*<>|\"={};\n]*[^\s`*<>|\"={};\n])?\.[A-Za-z][A-Za-z0-9]{0,9}$"
)
_PATH_LINE = re.compile(r"(?:#{1,6} +)?(?:[Ff]ile(?:name)?: *)?[*_`]{0,3}([^\n]{1,200}?)[*_`]{0,3}:?[*_`]{0,3}$")
_LANGUAGES = frozenset((
    "bash", "c", "cpp", "cs", "csharp", "css", "csv", "diff", "docker", "dockerfile", "go", "graphql", "groovy",
    "html", "http", "ini", "java", "javascript", "js", "json", "jsx", "kotlin", "latex", "lua", "make", "makefile",
    "markdown", "md", "mermaid", "none", "patch", "perl", "php", "plain", "plaintext", "powershell", "proto",
    "protobuf", "py", "python", "r", "rb", "rst", "ruby", "rust", "scala", "sh", "shell", "sql", "swift",
    "terraform", "tex", "text", "toml", "ts", "tsx", "txt", "typescript", "xml", "yaml", "yml", "zsh",
))  # fmt: skip
_PASTED, _LEAST_PASTED = "pasted.md", 200
"""The name of the one block of a message that a meeting about a document takes for it, and its fewest letters."""
_ZED = "The following items were attached by the user."
_TAG_LINE = re.compile(r"</?(?:context|files|selections|documents)>")


@dataclass(frozen=True, slots=True)
class Cut:
    """A message without the documents that were in it.

    Attributes:
        text: what the user wrote; where a document was, stands its name in brackets.
        documents: the documents, in order.
        excerpts: whether one of them is only a part of its file.
    """

    text: str
    documents: tuple[Document, ...] = ()
    excerpts: bool = False


def take_out(text: str, *, whole: bool = False, asked: bool = True) -> Cut:
    """Take the documents out of a message.

    Args:
        text: the message.
        whole: whether ``<source>`` tags hold whole files, which their sender has to say.
        asked: whether the message is the one that is answered: only of that one, a long text without a name is taken
            for a document.

    Raises:
        DocumentError: a document is not text.
    """
    text = _FILE_TAGS.sub("", text.replace("\r\n", "\n"))
    found = _sources(text, whole) or _attached(text) or _tagged(text) or _fenced(text)
    if found is None:
        found = (asked and _unnamed(text)) or Cut(text.strip())
    return found


def of_instructions(text: str, *, whole: bool = False) -> Cut:
    """Take the documents out of a message of the system: only what programs write there themselves.

    Raises:
        DocumentError: a document is not text.
    """
    text = text.replace("\r\n", "\n")
    return _sources(text, whole) or _attached(text) or Cut(text.strip())


def only_block(text: str) -> Cut | None:
    """Take the one block of a message out of it, though nothing names it; None where there is none, more than one, or
    only a short one.

    Raises:
        DocumentError: it is not text.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    blocks: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        fence = _fence_at(lines[at])
        end = _end_of(lines, at, fence, named=False, wrote=False) if fence else at
        if end is None:
            break
        if fence:
            blocks.append((at, end))
        at = end + 1
    if len(blocks) != 1:
        return None
    [(first, last)] = blocks
    body = "\n".join(lines[first + 1 : last])
    document = _document(_PASTED, body) if len(body.strip()) >= _LEAST_PASTED else None
    if document is None:
        return None
    return Cut("\n".join([*lines[:first], *lines[last + 1 :]]).strip(), (document,))


def together(cuts: Iterable[Cut]) -> tuple[Document, ...]:
    """The documents of a conversation: of two with one name, the later one counts, at the place of the earlier one,
    unless both are in the same message.

    Raises:
        DocumentError: they are too large together.
    """
    out: dict[str, list[Document]] = {}
    for cut in cuts:
        for name in {one.name for one in cut.documents}:
            out[name] = []
        for one in cut.documents:
            out[one.name].append(one)
    documents = tuple(one for same in out.values() for one in same)
    if sum(len(one.text) for one in documents) > MAX_BYTES:
        raise DocumentError(
            f"The documents of the conversation are larger than {MAX_BYTES // 1_000_000} MB together.",
            "Send the part that matters.",
        )
    return documents


def _document(name: str, text: str, note: str = "") -> Document | None:
    """A document of this text; None where there is none.

    Raises:
        DocumentError: it is not text, or too large.
    """
    if not text.strip():
        return None
    raw = text.encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise DocumentError(
            f"{one_line(name)} is larger than {MAX_BYTES // 1_000_000} MB.", "Send the part that matters."
        )
    read, how = decoded(name, raw)
    return Document(name, read, " ".join(filter(None, [how, note])))


def _named(text: str, documents: Sequence[Document]) -> str:
    """A text, and after it the names of the documents that were taken out of it and that it does not name."""
    text = text.strip()
    names = dict.fromkeys(one.name for one in documents)
    absent = " ".join(f"[{name}]" for name in names if name not in text)
    return f"{text}\n\n{absent}".strip() if absent else text


def _sources(text: str, whole: bool) -> Cut | None:
    """The ``<source>`` tags of Open WebUI: passages that it picked, in the order in which it gives them."""
    if "<source " not in text:
        return None
    found = list(_tags(text))
    if not found:
        return None
    passages: dict[str, list[str]] = {}
    for one in found:
        attributes = dict(_ATTRIBUTE.findall(one.opening))
        name = attributes.get("name") or f"source {attributes.get('id', '')}".strip()
        passages.setdefault(name, []).append(one.body.strip("\n"))
    documents = [
        document
        for name, bodies in passages.items()
        for document in ([_document(name, body) for body in bodies] if whole else [_excerpt(name, bodies)])
        if document
    ]
    question = _question_beside(text, found[0].first, found[-1].last)
    if not documents:
        return None
    return Cut(_named(question, documents), tuple(documents), excerpts=not whole)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A ``<source>`` in a text: its opening, what is in it, and where it begins and ends."""

    opening: str
    body: str
    first: int
    last: int


def _tags(text: str) -> Iterator[_Tag]:
    """The tags one after the other; each ends where another one follows, so that a text can quote such a tag."""
    closing = _CLOSING_IN_CONTEXT if "</context>" in text else _CLOSING
    ends = [one.start() for one in closing.finditer(text)]
    # The template around them explains the tags, and shows one: those that count begin after it.
    at = max(text.find("<context>\n<source "), 0)
    for opening in _OPENING.finditer(text, at):
        if opening.start() < at:
            continue
        place = bisect_left(ends, opening.end())
        if place == len(ends):
            return
        at = ends[place] + len("</source>")
        yield _Tag(opening[1], text[opening.end() : ends[place]], opening.start(), at)


def _excerpt(name: str, passages: Sequence[str]) -> Document | None:
    count = f"{len(passages)} passages" if len(passages) > 1 else "1 passage"
    note = (
        f"Only an excerpt: {count} of {name} that the chat program picked. To send whole files from Open WebUI, switch "
        "on Admin Settings > Documents > Full Context Mode, or Using Entire Document of the file, and set the header "
        "X-Documents: whole of the connection."
    )
    document = _document(name, "\n\n[...]\n\n".join(passages), note)
    return document and replace(document, name=f"{document.name} ({EXCERPT})")


def _question_beside(text: str, first: int, last: int) -> str:
    """What a user asked, without the template around the tags."""
    opened, closed = text.find("<context>"), text.rfind("</context>")
    if 0 <= opened < first and last <= closed:
        before, after = text[:opened], text[closed + len("</context>") :]
    else:
        before, after = text[:first], text[last:]
    for place in (after, before):
        _, marked, rest = place.partition("<user_query>")
        if marked and "</user_query>" in rest:
            return rest.partition("</user_query>")[0].strip()
    if before.lstrip().startswith("### Task:"):
        before = ""
    return f"{before.strip()}\n\n{after.strip()}".strip()


def _attached(text: str) -> Cut | None:
    """The files that LibreChat writes before a message: all in one fence, each under its name as a heading."""
    before, marked, rest = text.partition(_ATTACHED)
    if not marked or not _NEXT_ATTACHED.match(rest):
        return None
    ends = [found.start() for found in re.finditer(r"^```$", rest, re.M)]
    if not ends:
        return None
    end = next((one for one in reversed(ends) if rest[one + 3 :].strip()), ends[-1])
    block, after = rest[:end], rest[end + 3 :]
    parts = _NEXT_ATTACHED.split(block)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    documents = [one for name, body in pairs if (one := _document(name, body.strip("\n")))]
    return Cut(_named(f"{before.strip()}\n\n{after.strip()}", documents), tuple(documents))


def _tagged(text: str) -> Cut | None:
    """The ``<document name="...">`` tags that begin a line, and the named blocks beside them."""
    kept, documents, at = list[str](), list[Document](), 0
    for opening in _DOCUMENT.finditer(text):
        attributes = dict(_ATTRIBUTE.findall(opening[1]))
        name = next((attributes[one] for one in ("name", "title", "filename", "path") if attributes.get(one)), "")
        if opening.start() < at or not name:
            continue
        end = text.find(_DOCUMENT_END, opening.end())
        if end < 0:
            break
        document = _document(name, text[opening.end() : end].strip("\n"))
        if document:
            documents.append(document)
            kept += [text[at : opening.start()], f"[{document.name}]"]
            at = end + len(_DOCUMENT_END)
    if not documents:
        return None
    rest = "".join([*kept, text[at:]])
    beside = _fenced(rest) or Cut(_without_wrapping(rest, documents))
    return Cut(beside.text, (*documents, *beside.documents), beside.excerpts)


def _fenced(text: str) -> Cut | None:
    """The blocks whose fence has the name of a file, or stands under a line that is one."""
    lines = text.split("\n")
    kept: list[str] = []
    documents: list[Document] = []
    at, wrote = 0, False
    while at < len(lines):
        fence = _fence_at(lines[at])
        named = fence and _named_file(fence.info, kept)
        end = _end_of(lines, at, fence, named=named is not None, wrote=wrote) if fence else at
        if end is None:  # by the rules of Markdown, all that follows is in it
            kept.extend(lines[at:])
            break
        document = named and _document(named.name, "\n".join(lines[at + 1 : end]), named.note)
        if named and document:
            if named.above:
                kept.pop()
            documents.append(replace(document, name=f"{document.name} ({EXCERPT})") if named.note else document)
            kept.append(f"[{documents[-1].name}]")
        else:
            kept.extend(lines[at : end + 1])
            wrote = wrote or _says_something(lines[at : end + 1])
        at = end + 1
    if not documents:
        return None
    return Cut(
        _without_wrapping("\n".join(kept), documents), tuple(documents), any(_is_excerpt(one) for one in documents)
    )


def _without_wrapping(text: str, documents: Sequence[Document]) -> str:
    """A text without the tags that programs put around files."""
    before, marked, context = text.rpartition("<context>")
    if marked and context.lstrip().startswith(_ZED):
        return _named(f"{before.strip()}\n\n{context.partition('</context>')[2].strip()}", documents)
    return "\n".join(line for line in text.split("\n") if not _TAG_LINE.fullmatch(line.strip())).strip()


def _is_excerpt(document: Document) -> bool:
    return document.name.endswith(f" ({EXCERPT})")


def _says_something(lines: Iterable[str]) -> bool:
    """Whether there are words in lines, other than the tags around files and the names of files."""
    return any(
        line.strip() and not _TAG_LINE.fullmatch(line.strip()) and not _is_path(line.strip()) and line.strip() != _ZED
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class _Fence:
    """The first line of a block: what closes it, and the words after it."""

    closes: str
    info: str
    is_tag: bool = False


@dataclass(frozen=True, slots=True)
class _NamedFile:
    name: str
    note: str
    above: bool  # whether the line above is the name


def _named_file(info: str, before: Sequence[str]) -> _NamedFile | None:
    """The file that a fence names: in its own line, or in the line above it."""
    ranged = _RANGE.search(info)
    name = _file_name(info[: ranged.start()] if ranged else info)
    if name:
        first, last = [group for group in ranged.groups() if group] if ranged else ("", "")
        return _NamedFile(name, f"Only an excerpt: lines {first} to {last} of {name}." if ranged else "", above=False)
    line = _PATH_LINE.fullmatch(before[-1].strip()) if before else None
    if line and (not info or info.isalnum()) and _is_path(line[1]):
        return _NamedFile(line[1].removeprefix("./"), "", above=True)
    return None


def _file_name(info: str) -> str:
    """The name of a file in the words after a fence, with or without a language before it; "" where there is none."""
    info = info.strip()
    language, _, rest = info.partition(" ")
    if rest and _is_language(language, rest.strip()) and _is_name(rest.strip()):
        return rest.strip()
    return info if _is_name(info) else ""


def _is_language(word: str, name: str) -> bool:
    """Whether the word before the name of a file is a language, and not the first word of the name."""
    if word.lower() in _LANGUAGES or name.lower().endswith(f".{word.lower()}"):
        return True
    return "/" in name and word.isascii() and word.isalnum() and word.islower()


def _is_name(text: str) -> bool:
    """Whether a text is the name or path of a file: it ends in a dot and letters, and is no sentence."""
    return bool(_NAME.fullmatch(text)) and "://" not in text and text.count(" ") <= 6 and ". " not in text


def _is_path(text: str) -> bool:
    """Whether a line is nothing but the path of a file; one with blanks is rather a sentence that ends in a name."""
    return " " not in text and _is_name(text)


def _fence_at(line: str) -> _Fence | None:
    tag = line.strip()
    if tag[:1] == "<" and tag[1:-1] in _TAG_FENCES and tag[-1:] == ">":
        return _Fence(f"</{tag[1:]}", "", is_tag=True)
    opening = _FENCE.match(line)
    if not opening or "`" in opening[2]:
        return None
    return _Fence(opening[1], opening[2].strip()[:_LONGEST_INFO])


def _end_of(lines: Sequence[str], at: int, fence: _Fence, *, named: bool, wrote: bool) -> int | None:
    """The line that closes a fence; None where none does."""
    if fence.is_tag:
        return next((one for one in range(at + 1, len(lines)) if lines[one].startswith(fence.closes)), None)
    if named:
        return _end_of_document(lines, at, fence.closes, wrote=wrote)
    return next((one for one in range(at + 1, len(lines)) if _closes(lines[one], fence.closes) == ""), None)


def _closes(line: str, fence: str) -> str | None:
    """The words after a fence that is of the same kind as another one and not shorter; None for another line."""
    found = _FENCE.match(line)
    if not found or found[1][0] != fence[0] or len(found[1]) < len(fence):
        return None
    return found[2].strip()[:_LONGEST_INFO]


def _end_of_document(lines: Sequence[str], at: int, fence: str, *, wrote: bool) -> int | None:
    """The line that closes the fence of a document, which may have fences of the same kind itself.

    A fence with a language opens one within. Of those without, an odd number before the next document means that the
    last one closes, if the question then stands on one side of the documents and nothing between two of them; else the
    first one closes, as Markdown has it.

    Args:
        lines: the message.
        at: the line of the fence.
        fence: the fence.
        wrote: whether the user wrote something before it.
    """
    bare: list[int] = []
    inner = False
    until = len(lines)
    for number in range(at + 1, len(lines)):
        info = _closes(lines[number], fence)
        if info is None:
            continue
        next_one = _names_next(lines, number) or (info and _file_name(_RANGE.sub("", info)))
        if next_one and bare and not inner and len(bare) % 2:
            until = number
            break
        if info or inner:
            inner = bool(info)
        else:
            bare.append(number)
    if not bare:
        return None
    asks = _says_something(lines[bare[-1] + 1 : until])
    last = asks != wrote if until == len(lines) else not asks
    return bare[-1] if last and len(bare) % 2 else bare[0]


def _names_next(lines: Sequence[str], number: int) -> bool:
    """Whether the line above a bare fence is the name of a file, so that it opens the next document."""
    above = _PATH_LINE.fullmatch(lines[number - 1].strip())
    return bool(above and _is_path(above[1]))


def _unnamed(text: str) -> Cut | None:
    """A long text before a short last paragraph that asks, as ``llm -f`` sends a file: it does not send its name."""
    text = text.strip()
    if len(text) <= _LONG or "\n\n" not in text:
        return None
    body, _, question = text.rpartition("\n\n")
    first = question.lstrip()[:1]
    plain = first.isalpha() or first in "\u00bf\u00a1\"'("
    if len(question) > _QUESTION or not plain or not re.search(r"[?\uff1f\u061f]\s*$", question):
        return None
    if sum(1 for line in body.split("\n") if _FENCE.match(line)) % 2:
        return None
    document = _document("message.md", body)
    return Cut(_named(question, [document]), (document,)) if document else None
