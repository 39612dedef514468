"""Reads the role files of coding assistants, Markdown with front matter, and writes ours from them.

Their front matter is often no YAML: descriptions with colons, patterns that begin with "*". Only its lines are read
here, and no YAML is loaded, so that nothing in it can be executed or expanded.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from agents.documents import binary_line
from agents.file_problem import Problem
from agents.role import PROMPT_WORDS, id_from, spelt
from agents.role.file import MAX_BYTES, RESERVED
from agents.role.hostile import find

MISSION_WORDS = 60
BODY_WORDS = PROMPT_WORDS - 150
"""The most words of a body that are kept: the prompt of a role also has its mission, questions and headings."""
MOST_QUESTIONS = 9
MOST_TITLE, MOST_ID = 60, 60

_KEY = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(?:[ \t]+|$)(.*)")
_YAML_TRICK = re.compile(r"[ \t-]*(?:[\w-]{1,40}[ \t]*:[ \t]*)?(?:&\w|!!?[\w</]|\*\w+[ \t]*$|<<[ \t]*:)")
_FLOW_TRICK = re.compile(r"[\[{,:][ \t]*(?:[&*]\w+[ \t]*[,\]}]|!!\w)")
_ID = re.compile(r"[a-z][a-z0-9_]{1,63}\Z")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ROUTING = re.compile(
    r"(?:use (?:this|it|when|for|proactively|after|before|immediately)|must be used|invoke|trigger|call this|"
    r"proactively use|automatically)\b",
    re.IGNORECASE,
)
"""How sentences begin that tell an assistant when to start an agent; a meeting invites by its own rules."""
_EXAMPLES = re.compile(r"<example>|\bexamples?\s?:|\\n", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+")
_TOOL = re.compile(
    r"(?:run|execute|invoke|launch)\b.{0,40}?\b(?:git (?:diff|log|status|show|blame)|commands?|scripts?|subagents?)\b"
    r"|(?:use|call|invoke)\b.{0,40}?\b(?:bash|grep|glob|webfetch|websearch|todowrite|mcp|tools?)\b",
    re.IGNORECASE,
)
"""How lines begin that tell an assistant to use a tool."""
_ENDINGS = (".agent", ".chatmode", ".prompt", ".instructions", ".mode")
_GENERIC = {"agent", "assistant", "bot", "expert", "helper", "master", "pro", "specialist", "the", "mode", "reviewer"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A role file of ours, made of one of others.

    Attributes:
        id: of the role.
        text: of the file.
        dropped: what of the other file is not in it, in words.
    """

    id: str
    text: str
    dropped: tuple[str, ...]


class _Bad(Exception):
    def __init__(self, line: int, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.line, self.cause, self.remedy = line, cause, remedy


def convert(file: Path, raw: bytes, role_id: str = "") -> Foreign | Problem:
    """Make a role file of the bytes of another one.

    Args:
        file: where they are from; its name counts where the file says none.
        raw: what is in it.
        role_id: the id of the role; "" makes one from its name.

    Returns:
        The role file, or what keeps the other one from being one.
    """
    try:
        return _converted(file, _text(raw), role_id)
    except _Bad as bad:
        return Problem(file, bad.line, bad.cause, bad.remedy)


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        cause = f"The file has {len(raw):,} bytes; the limit for a role is {MAX_BYTES:,}."
        raise _Bad(0, cause, "Shorten it, and attach the rest as a document.")
    if line := binary_line(raw):
        raise _Bad(line, "The file is binary.", "Import a text file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Bad(raw[: error.start].count(b"\n") + 1, "The file is not UTF-8 text.", "Save it as UTF-8.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _Bad(0, "The file is empty.", "Import a file with a description or instructions.")
    return text


def _converted(file: Path, text: str, role_id: str) -> Foreign:
    lines = text.split("\n")
    head, first = _front_matter(lines)
    body = lines[first:]
    code = _code(body)
    if found := find(text, left_out={first + number for number in code}):
        raise _Bad(found.line, found.cause, found.remedy)
    body = ["```" if number in code else line for number, line in enumerate(body, 1)]
    name = _name(head, body, file)
    role_id = role_id or _id(name, next((n for n, line in enumerate(lines, 1) if line.startswith("name")), 0))
    prose, questions, dropped = _parts(body)
    mission = _mission(head.get("description", ""), prose)
    if not mission:
        raise _Bad(len(lines), "It has no description and no text.", "Import a file that says what the role is for.")
    prose, cut = _shortened([each for each in prose if each != mission], BODY_WORDS)
    others = [name for name in head if name not in ("name", "title", "description")]
    left = [f"the field{'s' if len(others) > 1 else ''} {', '.join(others)}"] if others else []
    left += [*dropped, *([f"the last {cut} words"] if cut else [])]
    return Foreign(role_id, _written(role_id, _title(name), mission, prose, questions), tuple(left))


def _front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The fields between two ``---`` lines at the top as texts, and the number of lines before the body."""
    if lines[0].strip() != "---":
        return {}, 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise _Bad(1, "The front matter has no closing '---' line.", "Add one after the last field.")
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for number, line in enumerate(lines[1:end], 2):
        if _YAML_TRICK.match(line) or _FLOW_TRICK.search(line):
            cause = "The front matter has an anchor, an alias or a tag of YAML."
            raise _Bad(number, cause, "Write the value itself, in quotes.")
        key = _KEY.match(line)
        if key:
            if key[1] in fields:
                raise _Bad(number, f"The front matter has two fields {key[1]!r}.", "Remove one of them.")
            current = fields.setdefault(key[1], [key[2]])
        else:
            current.append(line)
    return {name: _value(values) for name, values in fields.items()}, end + 1


def _value(lines: Sequence[str]) -> str:
    """The text of a field: plain, quoted, or a block."""
    first = lines[0].strip()
    rest = [line.strip() for line in lines[1:]]
    if first[:1] in {"|", ">"} and len(first) <= 3:
        first = ""
    text = " ".join(part for part in (first, *rest) if part)
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return text


def _name(head: dict[str, str], body: Sequence[str], file: Path) -> str:
    """The name that the file gives, else its first heading, else its own name."""
    stem = PurePath(file.name).stem
    stem = next((stem.removesuffix(end) for end in _ENDINGS if stem.endswith(end)), stem)
    general = stem.lower() in {"agents", "agent", "claude", "gemini", "skill", "readme", "-"}
    heading = next((line.strip("# \t") for line in body if line.startswith("#") and line.strip("# \t")), "")
    return head.get("name") or head.get("title") or (heading if general else "") or stem or heading


def _id(name: str, line: int) -> str:
    """The id that a name gives.

    Raises:
        _Bad: it gives none, or names something outside the folder.
    """
    one_word = " " not in name.strip()
    if name.startswith(("/", "~", "./")) or ".." in name or "\\" in name or (one_word and "/" in name):
        raise _Bad(line, f"The name {name[:60]!r} is a path.", "Give the role a plain name, or choose its id.")
    found = id_from(name)[:MOST_ID].strip("_")
    if not _ID.match(found) or spelt(found) in RESERVED:
        cause = f"The name {name[:60]!r} gives no id for a role."
        raise _Bad(line, cause, "Choose an id for it, in lower-case letters, digits and underscores.")
    return found


def _title(name: str) -> str:
    words = re.sub(r"[_-]+", " ", name).split()
    text = " ".join(word if any(char.isupper() for char in word) else word.capitalize() for word in words)
    return text[:MOST_TITLE].strip()


def _code(body: Sequence[str]) -> set[int]:
    """The numbers of the lines of a body, from 1, that are in blocks of code or are their fences."""
    found: set[int] = set()
    fence = ""
    for number, line in enumerate(body, 1):
        start = line.strip()[:3]
        if fence or start in ("```", "~~~"):
            found.add(number)
        if start in ("```", "~~~") and fence in ("", start):
            fence = "" if fence else start
    return found


def _parts(body: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """The body as paragraphs, the questions that stand in its lists, and what is left out, in words."""
    prose: list[str] = []
    questions: list[str] = []
    code, tables, tools, open_paragraph = 0, 0, 0, False
    for line in (each.strip() for each in body):
        if line == "```" or line.startswith("|"):
            code, tables = code + (line == "```"), tables + (line != "```")
            continue
        bullet = _BULLET.match(line)
        text = _unmarked(line[bullet.end() :] if bullet else line)
        if not text:
            open_paragraph = False
        elif _TOOL.match(text):
            tools += 1
        elif bullet and text.endswith("?") and len(questions) < MOST_QUESTIONS:
            questions.append(text)
        elif open_paragraph and not bullet and not line.startswith("#"):
            prose[-1] += f" {text}"
        elif line.startswith("# "):
            open_paragraph = False
        else:
            prose.append(f"{text.rstrip(':')}:" if line.startswith("#") else _ended(text) if bullet else text)
            open_paragraph = not bullet and not line.startswith("#")
    counts = (
        (code, "line of code"),
        (tables, "row of a table"),
        (tools, "line about tools, which agents do not have"),
    )
    return prose, questions, [_counted(number, noun) for number, noun in counts if number]


def _ended(text: str) -> str:
    """The text of an item with a full stop, because the items of a list are joined to a paragraph."""
    return text if text[-1] in ".!?:;" else f"{text}."


def _counted(number: int, noun: str) -> str:
    word, _, rest = noun.partition(" ")
    return f"{number} {word if number == 1 else word + 's'} {rest}"


def _unmarked(text: str) -> str:
    """A line without the marks of Markdown that have no meaning in a prompt."""
    text = text.replace("**", "").replace("__", "").replace("`", "").lstrip("#> \t")
    return "" if set(text) <= set("-=*_ ") else " ".join(text.split())


def _mission(description: str, prose: Sequence[str]) -> str:
    """What the role is for: the description without the sentences that only say when to start it, else the text."""
    description = " ".join(_EXAMPLES.split(description)[0].replace("\\n", " ").split())
    said = [one for one in _SENTENCE.split(description) if one and not _ROUTING.match(one)]
    own = next((each for each in prose if not each.endswith(":")), "")
    return _first_words(_unmarked(" ".join(said)) or own or _unmarked(description), MISSION_WORDS)


def _first_words(text: str, most: int) -> str:
    """As many whole sentences as have at most so many words, at least one, cut if it is longer."""
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        if kept and len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(" ".join(kept).split()[:most])


def _shortened(paragraphs: Sequence[str], most: int) -> tuple[list[str], int]:
    """The first paragraphs that have at most so many words together, and how many words are left out."""
    kept: list[str] = []
    left, cut = most, 0
    for each in paragraphs:
        words = each.split()
        if cut or len(words) > left:
            cut += len(words)
        else:
            kept.append(each)
            left -= len(words)
    return kept, cut


def _written(role_id: str, title: str, mission: str, prose: Sequence[str], questions: Sequence[str]) -> str:
    title = title or role_id
    named = dict.fromkeys(id_from(title).split("_"))
    words = [word for word in named if len(word) > 2 and word not in _GENERIC]
    parts = [
        "---", f"id: {json.dumps(role_id)}", f"title: {json.dumps(title, ensure_ascii=False)}", "department: other",
        f"expertise: {json.dumps(words)}", "---", "", f"# {title}", "", "## Mission", mission, "",
    ]  # fmt: skip
    if prose:
        parts += ["## How I think", *prose, ""]
    if questions:
        parts += ["## Questions I ask", *(f"- {question}" for question in questions), ""]
    return "\n".join(parts)
