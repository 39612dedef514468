"""Reads role files: YAML front matter and short sections; docs/roles.md describes the form.

A text file without front matter works too: its title is its first heading and its id is its file name. A file that
cannot be read is reported with file, line and remedy; no part of it is loaded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.documents import binary_line
from agents.errors import RoleFileError
from agents.file_problem import Problem
from agents.role import EXTRA, Role, RoleItem, Roles, Skill, id_from, patterns, spelt

if TYPE_CHECKING:
    from agents.settings.folders import Place

MAX_BYTES = 100_000
SUFFIXES = (".md", ".txt")
FIELDS = ("id", "title", "aliases", "department", "level", "reports_to", "expertise", "decides", "consulted_on")
SECTIONS = ("Mission", "How I think", "Questions I ask", "Red flags", "Definition of done", "Skills")

_ID = re.compile(r"[a-z][a-z0-9_]{1,63}\Z")
_BULLET = re.compile(r"\s*[-*]\s+")
_SHOWS = "shows:"
"""What a comment behind an item begins with if it holds the patterns that show it, and not its watch words."""
_ALIAS = re.compile(r"[^\W_][\w -]{0,39}\Z")
RESERVED = frozenset(("all", "auto", "i", "none", "nobody", "scribe", "unassigned", "we"))
"""Words that mean something else where an agent is named."""


def roles_in(places: "Iterable[Place]") -> Roles:
    """Read the roles of several folders, the nearest last: of two roles with one id, the later one counts.

    Raises:
        RoleFileError: a folder that must be there is missing or cannot be listed.
    """
    roles: dict[str, Role] = {}
    problems: list[Problem] = []
    for place in places:
        try:
            found = read_roles(place.folder)
        except RoleFileError as error:
            if not place.may_be_missing:
                raise
            if place.folder.exists():
                problems.append(Problem(place.folder, 0, error.cause, "Check its permissions."))
            continue
        roles |= found
        problems += found.problems
    return Roles(roles, problems)


def read_roles(folder: Path) -> Roles:
    """Read every ``.md`` and ``.txt`` file of ``folder`` and of its subfolder ``extra``, in order of name.

    The roles in ``extra`` come last and are marked. Files with errors are left out and reported in ``problems``; the
    others work.

    Raises:
        RoleFileError: the folder is missing or cannot be listed.
    """
    more = folder / EXTRA
    try:
        files = [*_files(folder), *(_files(more) if more.is_dir() else [])]
    except OSError as error:
        raise RoleFileError(
            f"The role folder {folder} cannot be read: {error.strerror}.",
            "Set AGENTS_ROLE_FOLDER to a folder of role files.",
        ) from None
    roles: dict[str, Role] = {}
    problems: list[Problem] = []
    for file in files:
        if file.name.lower().startswith("readme."):
            continue
        role, found = read_role(file)
        problems += found
        if role is None:
            continue
        if role.id in roles:
            other = roles[role.id].source
            remedy = f"{other.name if other else 'Another file'} has the same id: change the id or remove one file."
            problems.append(Problem(file, line_starting(file, "id:"), f"The id {role.id!r} is already used.", remedy))
            continue
        roles[role.id] = replace(role, extra=file.parent == more)
    return Roles(roles, problems)


def _files(folder: Path) -> list[Path]:
    """The role files in a folder, sorted by name."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))


def line_starting(file: Path, start: str) -> int:
    """The number of the first line of a file that starts with ``start``; 0 if there is none."""
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        if line.startswith(start):
            return number
    return 0


def read_role(file: Path) -> tuple[Role | None, list[Problem]]:
    """Read one role file.

    Returns:
        The role and no problems, or None and the problem.
    """
    text, problem = _read_text(file)
    if problem:
        return None, [problem]
    try:
        return _parse(file, text), []
    except _BadFile as bad:
        return None, [Problem(file, bad.line, bad.cause, bad.remedy)]


def _read_text(file: Path) -> tuple[str, Problem | None]:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            cause = f"The file has {size:,} bytes; the limit for a role is {MAX_BYTES:,}."
            return "", Problem(file, 0, cause, "Shorten the role, and attach the rest as a document.")
        raw = file.read_bytes()
    except OSError as error:
        return "", Problem(file, 0, f"The file cannot be read: {error.strerror}.", "Check its permissions.")
    if line := binary_line(raw):
        return "", Problem(file, line, "The file is binary.", "Write the role as UTF-8 text.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", Problem(file, line, "The file is not UTF-8 text.", "Save it as UTF-8.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return "", Problem(file, 0, "The file is empty.", "Start from a copy of another role's file.")
    return text, None


class _BadFile(Exception):
    """A role file cannot be parsed."""

    def __init__(self, line: int, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.line, self.cause, self.remedy = line, cause, remedy


def _parse(file: Path, text: str) -> Role:
    lines = text.split("\n")
    head, body_from = _front_matter(lines)
    body = lines[body_from:]
    sections = _sections(body, body_from + 1)
    title = str(head.get("title") or _first_heading(body) or file.stem.replace("_", " ").title())
    role_id = str(head.get("id") or id_from(file.stem))
    if not _ID.match(role_id):
        line = next((n for n, each in enumerate(lines, 1) if each.startswith("id:")), 0)
        raise _BadFile(line, f"{role_id!r} is not a valid id.", "Use lower-case letters, digits and underscores.")
    known = {name: sections[name] for name in SECTIONS if name in sections}
    mission = _prose(known.get("Mission"))
    if not known:
        mission = " ".join(line for line in body if line.strip() and not line.startswith("#"))
        if not mission:
            raise _BadFile(len(lines), "There is no text after the title.", "Describe the purpose of the role.")
    return Role(
        id=role_id,
        title=title,
        aliases=_strings(head, "aliases"),
        department=str(head.get("department") or "other"),
        level=str(head.get("level") or ""),
        reports_to=str(head.get("reports_to") or ""),
        expertise=_strings(head, "expertise"),
        decides=_strings(head, "decides"),
        consulted_on=_strings(head, "consulted_on"),
        mission=mission,
        thinking=_prose(known.get("How I think")),
        questions=_items(known.get("Questions I ask")),
        red_flags=_items(known.get("Red flags")),
        done=_items(known.get("Definition of done")),
        skills=_skills(known.get("Skills")),
        source=file,
    )


def _front_matter(lines: list[str]) -> tuple[dict[str, Any], int]:
    """The YAML table between two ``---`` lines at the top, and the number of lines before the body."""
    if lines[0].strip() != "---":
        return {}, 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise _BadFile(1, "The front matter has no closing '---' line.", "Add one after the last field.")
    import yaml

    text = "\n".join(lines[1:end])
    fast = getattr(yaml, "CSafeLoader", None)  # ten times as fast, with fewer words about errors
    try:
        try:
            head = yaml.load(text, fast) if fast else yaml.safe_load(text)  # noqa: S506 - it is a safe loader
        except yaml.YAMLError:
            head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or "it is not YAML"
        raise _BadFile(
            line, f"The front matter cannot be read: {reason}.", "Put text with colons or brackets in quotes."
        ) from None
    if head is None:
        head = {}
    if not isinstance(head, dict):
        raise _BadFile(2, "The front matter is not a table of fields.", "Write 'field: value' lines.")
    for name, value in head.items():
        line = next((n for n, each in enumerate(lines, 1) if each.startswith(f"{name}:")), 1)
        if name not in FIELDS:
            raise _BadFile(line, f"There is no field {name!r}.", f"The fields are {', '.join(FIELDS)}.")
        wants_list = name in {"aliases", "expertise", "decides", "consulted_on"}
        if wants_list and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise _BadFile(line, f"{name!r} must be a list of texts.", f"Write '{name}: [first, second]'.")
        if not wants_list and not isinstance(value, str):
            raise _BadFile(line, f"{name!r} must be text.", f"Write '{name}: some text'.")
        bad = next((one for one in value if not _is_alias(one)), None) if name == "aliases" else None
        if bad is not None:
            remedy = "Use at most 40 letters, digits, blanks and dashes, and no word that options use, such as all."
            raise _BadFile(line, f"{bad!r} is not a valid alias.", remedy)
    return head, end + 1


def _is_alias(name: str) -> bool:
    return bool(_ALIAS.match(name)) and spelt(name) not in RESERVED


def _first_heading(body: list[str]) -> str:
    return next((line.lstrip("#").strip() for line in body if line.startswith("#") and line.lstrip("#").strip()), "")


def _sections(body: list[str], first: int) -> dict[str, list[tuple[int, str]]]:
    """The lines under each ``##`` heading, with their numbers; unknown and repeated headings are errors."""
    sections: dict[str, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] | None = None
    named = any(line[3:].strip() in SECTIONS for line in body if line.startswith("## "))
    for number, line in enumerate(body, first):
        if named and line.startswith("## "):
            name = line[3:].strip()
            if name not in SECTIONS:
                raise _BadFile(number, f"There is no section {name!r}.", f"The sections are {', '.join(SECTIONS)}.")
            if name in sections:
                raise _BadFile(number, f"There are two sections {name!r}.", "Merge them.")
            current = sections.setdefault(name, [])
        elif current is not None:
            current.append((number, line))
    return sections


def _prose(lines: list[tuple[int, str]] | None) -> str:
    return " ".join(line.strip() for _, line in lines or () if line.strip())


def _items(lines: list[tuple[int, str]] | None) -> tuple[RoleItem, ...]:
    items = []
    for number, line in lines or ():
        if not line.strip():
            continue
        bullet = _BULLET.match(line)
        text, comment = _commented(line[bullet.end() :] if bullet else "")
        showing = ""
        if comment.lstrip().startswith(_SHOWS):
            showing = comment.lstrip().removeprefix(_SHOWS)
            text, comment = _commented(text)
        if not text:
            raise _BadFile(number, "This line is not a list item.", "Start it with '- ' and keep it on one line.")
        watch = tuple(word.strip().lower() for word in comment.split(",") if word.strip())
        shows = tuple(" ".join(each.lower().split()) for each in showing.split(";") if each.strip())
        for pattern in shows:
            try:
                patterns.check(pattern)
            except ValueError as error:
                raise _BadFile(
                    number, f"{error}.", "Write: word + other word / its alternative + unless word."
                ) from None
        items.append(RoleItem(text, watch, shows))
    return tuple(items)


def _commented(line: str) -> tuple[str, str]:
    """A line without the comment at its end, and what the comment says."""
    line = line.strip()
    start = line.rfind("<!--") if line.endswith("-->") else -1
    return (line, "") if start < 0 else (line[:start].rstrip(), line[start + 4 : -3])


def _skills(lines: list[tuple[int, str]] | None) -> dict[str, Skill]:
    skills: dict[str, Skill] = {}
    block: list[tuple[int, str]] = []
    for number, line in [*(lines or ()), (0, "### ")]:
        if not line.startswith("### "):
            block.append((number, line))
            continue
        if block and block[0][1].startswith("### "):
            skill = _skill(block)
            if skill.name in skills:
                raise _BadFile(block[0][0], f"There are two skills {skill.name!r}.", "Rename one of them.")
            skills[skill.name] = skill
        elif any(text.strip() for _, text in block):
            raise _BadFile(block[0][0], "There is text before the first skill.", "Start each skill with '### name'.")
        block = [(number, line)]
    return skills


def _skill(block: list[tuple[int, str]]) -> Skill:
    number, heading = block[0]
    name = heading[4:].strip()
    if not _ID.match(name):
        raise _BadFile(
            number, f"{name!r} is not a valid name of a skill.", "Use lower-case letters, digits and underscores."
        )
    texts = [line.strip() for _, line in block[1:] if line.strip()]
    fields = {"Input:": "", "Answer:": ""}
    rest: list[str] = []
    for line in texts:
        lead = next((lead for lead in fields if line.startswith(lead)), None)
        if lead:
            fields[lead] = line[len(lead) :].strip()
        else:
            rest.append(line)
    if not rest or not all(fields.values()):
        remedy = "A skill has a sentence, a line 'Input: ...' and a line 'Answer: ...'."
        raise _BadFile(number, f"The skill {name!r} is incomplete.", remedy)
    return Skill(name, rest[0], fields["Input:"], fields["Answer:"], "\n".join(rest[1:]))


def _strings(head: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in head.get(name) or ())
