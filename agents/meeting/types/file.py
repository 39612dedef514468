"""Reads and checks meeting type files. A file with an error is reported with its name and line, and left out whole."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.errors import TypeFileError
from agents.file_problem import Problem
from agents.meeting.meeting_type import (
    CONDITION,
    DRAWS_ON,
    FIELDS,
    NEEDS,
    RULES,
    TAKEN_LABELS,
    USUAL_CHOICES,
    Choice,
    Course,
    Line,
    MeetingType,
    MeetingTypes,
    Picks,
)
from agents.meeting.minutes.artefacts import LAYOUTS
from agents.meeting.phases import PHASES
from agents.role.names import problem_of

if TYPE_CHECKING:
    from agents.settings.folders import Place

SHIPPED = Path(__file__).resolve().parent
"""The folder of the meeting types that are part of the program."""

MOST_BYTES = 100_000
MOST_MINUTES = 600

_ID = re.compile(r"[a-z][a-z0-9_]{1,63}\Z")
_LABEL = re.compile(r"(?=.{2,24}\Z)[A-Z][A-Za-z]*(?: [A-Za-z]+)*\Z")
_OPTIONAL = {"optional", "topic", "needs", "material", "example", "proposal", "veto", "choices", "people"}
_LINE_FIELDS = ("label", "heading", "ask", "draws_on", "many", "fields")
_LINES_REMEDY = "Each [[lines]] table needs label, heading and ask."
_CHOICE_FIELDS = ("name", "sentence", "course", "picks", "takes")
_CHOICES_REMEDY = "Each [[choices]] table needs name and sentence."
_NAME = re.compile(r"[A-Za-z][\w '/-]{1,39}\Z")
TAKEN_TOO = (CONDITION, "Challenge", "Idea", "Question", "Fact", "Event")
"""Labels of lines that choices may take besides those of the type."""
MOST_CHOICES = 6
NOT_A_CHOICE = "no decision"
"""The outcome without a choice, which no choice may be called."""


_TABLE = re.compile(r"\s*\[\[\s*(lines|choices)\s*\]\]")


class FieldError(TypeFileError):
    """A field of a meeting type that is missing or wrong.

    Args:
        field: its name.
        cause: what is wrong, on one line.
        remedy: what to write, on one line.
        value: the wrong entry, if the field has several.
        table: the number of its ``[[lines]]`` or ``[[choices]]`` table, from 1; 0 for a field outside them.
        of: "lines" or "choices".
    """

    def __init__(
        self, field: str, cause: str, remedy: str, *, value: str = "", table: int = 0, of: str = "lines"
    ) -> None:
        super().__init__(cause, remedy)
        self.field, self.value, self.table, self.of = field, value, table, of


def read_types(extra: Path | None = None, roles: Sequence[str] | None = None) -> MeetingTypes:
    """Read the types of the program and those in ``extra``; a type in ``extra`` replaces one with the same id.

    Args:
        extra: the user's folder, or None.
        roles: the known role ids; None skips their check.

    Raises:
        TypeFileError: ``extra`` cannot be read.
    """
    return _read([(SHIPPED, False), *([(extra, False)] if extra else [])], roles)


def types_in(places: "Iterable[Place]", roles: Sequence[str] | None = None) -> MeetingTypes:
    """Read the types of several folders, the nearest last: of two types with one id, the later one counts.

    Args:
        places: the folders.
        roles: the known role ids; None skips their check.

    Raises:
        TypeFileError: a folder that must be there cannot be read.
    """
    return _read([(place.folder, place.may_be_missing) for place in places], roles)


def _read(folders: Iterable[tuple[Path, bool]], roles: Sequence[str] | None) -> MeetingTypes:
    """The types of folders, each with whether it may be missing."""
    types: dict[str, MeetingType] = {}
    problems: list[Problem] = []
    for folder, may_be_missing in folders:
        try:
            files = type_files(folder)
        except TypeFileError as error:
            if not may_be_missing:
                raise
            if folder.exists():
                problems.append(Problem(folder, 0, error.cause, "Check its permissions."))
            continue
        for file in files:
            found, problem = read_type(file, roles)
            if found:
                types[found.id] = found
            if problem:
                problems.append(problem)
    return MeetingTypes(dict(sorted(types.items())), problems)


def type_files(folder: Path) -> list[Path]:
    """The type files in a folder, sorted by name.

    Raises:
        TypeFileError: the folder cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        remedy = "Set `types_folder` to a folder of .toml files."
        cause = f"The types folder {folder} cannot be read: {error.strerror}."
        raise TypeFileError(cause, remedy, about="types_folder") from None


def read_type(file: Path, roles: Sequence[str] | None = None) -> tuple[MeetingType | None, Problem | None]:
    """Read one type file: the type, or None and the problem."""
    try:
        with file.open("rb") as source:
            raw = source.read(MOST_BYTES + 1)
    except OSError as error:
        return None, Problem(file, 0, f"The file cannot be read: {error.strerror}.", "Check its permissions.")
    if len(raw) > MOST_BYTES:
        return None, Problem(file, 0, f"The file has more than {MOST_BYTES:,} bytes.", "Shorten it to about 2,000.")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, Problem(file, line, "The file is not UTF-8 text.", "Save it as UTF-8.")
    except (ValueError, RecursionError) as error:
        # A number with too many digits is a plain ValueError; tomllib's own error is a subclass of it.
        return None, _not_toml(file, text, error)
    try:
        found = type_from(table, roles)
    except FieldError as bad:
        return None, Problem(file, line_of(text, bad.field, bad.value, bad.table, bad.of), bad.cause, bad.remedy)
    if found.id != file.stem:
        remedy = f"Name the file {found.id}.toml, or write id = {file.stem!r}."
        return None, Problem(file, line_of(text, "id"), f"The id {found.id!r} is not the file's name.", remedy)
    return replace(found, source=file), None


def _not_toml(file: Path, text: str, error: Exception) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(file, 0, "The file is not TOML: its brackets are nested too deeply.", "Use at most two levels.")
    place = re.search(r"at line (\d+)", str(error))
    at_end = "end of document" in str(error)
    line = int(place[1]) if place else (text.rstrip("\n").count("\n") + 1 if at_end else 0)
    reason = re.sub(r" ?\(at [^()]*\)", "", str(error)).rstrip(".")
    remedy = "Correct the line; docs/meeting-types.md shows a complete file."
    return Problem(file, line, f"The file is not TOML: {reason}.", remedy)


def line_of(text: str, field: str, value: str = "", table: int = 0, of: str = "lines") -> int:
    """The line number of a field, or of one of its values, in a type file; 0 if it is not found.

    Args:
        text: the contents of the file.
        field: the name of the field.
        value: the entry to find, if the field has several.
        table: the number of the ``[[lines]]`` or ``[[choices]]`` table to search, from 1; 0 searches before the first.
        of: "lines" or "choices".
    """
    rows = text.split("\n")
    tables = [(number, match[1]) for number, row in enumerate(rows) if (match := _TABLE.match(row))]
    heads = [number for number, name in tables if name == of]
    if table > len(heads):
        return line_of(text, of)
    first = heads[table - 1] if table else 0
    last = next((number for number, _ in tables if number > first or not table), len(rows))
    if not table and (named := [number for number, name in tables if name == field]):
        return named[0] + 1
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(field)}\b""")
    start = next((number for number in range(first, last) if pattern.match(rows[number])), None)
    if start is None:
        return first + 1 if table else 0
    if value:
        return next(
            (n + 1 for n in range(start, last) if f'"{value}"' in rows[n] or f"'{value}'" in rows[n]), start + 1
        )
    return start + 1


def type_from(table: Mapping[str, Any], roles: Sequence[str] | None = None) -> MeetingType:
    """Check plain values, such as those of a TOML file, and build a type from them.

    Args:
        table: the values by field.
        roles: the known role ids; None skips their check.

    Raises:
        FieldError: a field is missing or wrong.
    """
    _check_fields(table)
    texts = {name: _text(table, name) for name in FIELDS if name in _TEXTS}
    lists = {name: _list(table, name) for name in FIELDS if name in _LISTS}
    if not _ID.match(texts["id"]):
        raise FieldError("id", f"{texts['id']!r} is not a valid id.", "Use lower-case letters, digits and underscores.")
    minutes = table["minutes"]
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= MOST_MINUTES:
        raise FieldError(
            "minutes", "'minutes' is not a valid length.", f"Write a whole number from 1 to {MOST_MINUTES}."
        )
    _check_words(texts, lists, roles)
    _check_process(texts["rule"], lists)
    lines = _lines(table["lines"])
    return MeetingType(
        id=texts["id"], title=texts["title"], purpose=texts["purpose"], facilitator=texts["facilitator"],
        participants=lists["participants"], optional=lists["optional"], minutes=minutes, agenda=lists["agenda"],
        phases=lists["phases"], rule=texts["rule"], veto=lists["veto"], artefact=texts["artefact"],
        lines=lines, topic=texts["topic"], needs=texts["needs"], material=texts["material"], example=texts["example"],
        proposal=texts["proposal"],
        choices=_choices(table.get("choices", []), texts["rule"], [line.label for line in lines]),
        people=lists["people"],
    )  # fmt: skip


_TEXTS = {
    "id", "title", "purpose", "facilitator", "rule", "artefact", "topic", "proposal", "needs", "material", "example",
}  # fmt: skip
_LISTS = {"participants", "optional", "agenda", "phases", "veto", "people"}


def _check_fields(table: Mapping[str, Any]) -> None:
    for name in table:
        if name not in FIELDS:
            raise FieldError(name, f"There is no field {name!r}.", f"The fields are {', '.join(FIELDS)}.")
    for name in FIELDS:
        if name not in table and name not in _OPTIONAL:
            remedy = "Add it; docs/meeting-types.md shows a complete file."
            raise FieldError(name, f"The field {name!r} is missing.", remedy)


def _check_words(texts: Mapping[str, str], lists: Mapping[str, tuple[str, ...]], roles: Sequence[str] | None) -> None:
    """Check the fields whose values come from a fixed list, and that the lists are not empty or have doubles."""
    _one_of("rule", [texts["rule"]], RULES)
    _one_of("artefact", [texts["artefact"]], LAYOUTS)
    _one_of("needs", filter(None, [texts["needs"]]), NEEDS)
    for name in ("material", "example"):
        if texts[name] and not texts["needs"]:
            raise FieldError(
                name, f"{name!r} is only for a type with needs.", 'Write needs = "document", or remove it.'
            )
    _one_of("phases", lists["phases"], PHASES)
    if roles is not None:
        for name in ("participants", "optional", "veto"):
            _one_of(name, lists[name], roles)
        _one_of("facilitator", [texts["facilitator"]], roles)
    for name in ("participants", "agenda", "phases"):
        if not lists[name]:
            raise FieldError(name, f"{name!r} is empty.", "Write at least one entry.")
    for person in lists["people"]:
        problem = problem_of(person) or ("is the name of a role" if person in (roles or ()) else "")
        if problem:
            remedy = 'Write each name on its own: people = ["Ada", "Herr M."].'
            raise FieldError("people", f"{person!r} {problem}.", remedy, value=person)
    for name in ("participants", "phases", "people"):
        twice = next((one for one in lists[name] if lists[name].count(one) > 1), "")
        if twice:
            raise FieldError(name, f"{twice!r} is in {name!r} twice.", "Name each entry once.", value=twice)


def _check_process(rule: str, lists: Mapping[str, tuple[str, ...]]) -> None:
    """Check that the phases and the rule fit together."""
    phases = [PHASES[name] for name in lists["phases"]]
    if rule != "none" and not any(phase.votes for phase in phases):
        remedy = "Add the phase 'ballot', or use the rule 'none'."
        raise FieldError("rule", f"The rule {rule!r} needs a ballot.", remedy)
    for number, phase in enumerate(phases):
        if phase.needs and phase.needs[0] not in lists["phases"][:number]:
            earlier, why = phase.needs
            raise FieldError("phases", why, f"Put the phase {earlier!r} before {phase.name!r}.", value=phase.name)


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str) or (name not in _OPTIONAL and not value.strip()):
        raise FieldError(name, f"{name!r} must be text.", f'Write {name} = "...".')
    return " ".join(value.split())


def _list(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise FieldError(name, f"{name!r} must be a list of texts.", f'Write {name} = ["first", "second"].')
    return tuple(" ".join(v.split()) for v in value)


def _one_of(name: str, values: Iterable[str], allowed: Collection[str], table: int = 0, of: str = "lines") -> None:
    for value in values:
        if value not in allowed:
            remedy = f"Choose from {', '.join(sorted(allowed))}."
            raise FieldError(name, f"{name!r} cannot be {value!r}.", remedy, value=value, table=table, of=of)


def _lines(value: Any) -> tuple[Line, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(v, Mapping) for v in value):
        raise FieldError("lines", "'lines' must be one or more [[lines]] tables.", _LINES_REMEDY)
    lines = tuple(_line(table, number) for number, table in enumerate(value, 1))
    labels = [line.label.lower() for line in lines]
    for number, label in enumerate(labels, 1):
        if label in labels[: number - 1]:
            raise FieldError("label", "Two [[lines]] have the same label.", "Give each its own label.", table=number)
    return lines


def _line(table: Mapping[str, Any], number: int) -> Line:
    for name in table:
        if name not in _LINE_FIELDS:
            cause = f"A [[lines]] table has no field {name!r}."
            raise FieldError(name, cause, f"Its fields are {', '.join(_LINE_FIELDS)}.", table=number)
    for name in ("label", "heading", "ask"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise FieldError(name, f"A [[lines]] table has no {name!r}.", _LINES_REMEDY, table=number)
    label, heading, ask = (" ".join(table[name].split()) for name in ("label", "heading", "ask"))
    if not _LABEL.match(label):
        remedy = "Use one or two plain words, the first capitalised."
        raise FieldError("label", f"{label!r} is not a valid label.", remedy, table=number)
    if label.capitalize() in TAKEN_LABELS:
        remedy = f"Choose a label other than {', '.join(TAKEN_LABELS)}."
        raise FieldError("label", f"The label {label!r} is used by every meeting.", remedy, table=number)
    draws_on, many = table.get("draws_on", "red_flags"), table.get("many", False)
    if not isinstance(draws_on, str):
        raise FieldError("draws_on", "'draws_on' must be text.", 'Write draws_on = "red_flags".', table=number)
    _one_of("draws_on", [draws_on], DRAWS_ON, number)
    if not isinstance(many, bool):
        raise FieldError("many", "'many' must be true or false.", "Write many = true.", table=number)
    return Line(label, heading, ask, draws_on, many, _line_fields(table.get("fields", {}), number))


def _line_fields(value: Any, number: int) -> dict[str, tuple[str, ...]]:
    """The fields of a line: the allowed words of each, by name."""
    remedy = 'Write fields = { severity = ["S1", "S2"] }.'
    if not isinstance(value, Mapping):
        raise FieldError("fields", "'fields' must be a table.", remedy, table=number)
    for name, words in value.items():
        if not name.strip() or not isinstance(words, list) or not words:
            raise FieldError("fields", f"The field {name!r} has no list of allowed words.", remedy, table=number)
        if not all(isinstance(word, str) and word.strip() for word in words):
            raise FieldError("fields", f"The allowed words of {name!r} must be texts.", remedy, table=number)
    return {name: tuple(words) for name, words in value.items()}


def _choices(value: Any, rule: str, labels: Sequence[str]) -> tuple[Choice, ...]:
    """The choices of a type; the usual ones for a type that takes a vote and names none."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise FieldError("choices", "'choices' must be [[choices]] tables.", _CHOICES_REMEDY)
    if not value:
        return USUAL_CHOICES if rule != "none" else ()
    if rule == "none":
        remedy = "Remove them, or choose another rule."
        raise FieldError("choices", "There are choices, but the rule 'none' takes no vote.", remedy)
    choices = tuple(_choice(table, number, labels) for number, table in enumerate(value, 1))
    names = [choice.name.lower() for choice in choices]
    if not 2 <= len(names) <= MOST_CHOICES:
        raise FieldError("choices", f"It has {len(names)} choices.", f"Write 2 to {MOST_CHOICES} [[choices]] tables.")
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise FieldError(
                "name", "Two [[choices]] have the same name.", "Give each its own.", table=number, of="choices"
            )
    return choices


def _choice(table: Mapping[str, Any], number: int, labels: Sequence[str]) -> Choice:
    def wrong(field: str, cause: str, remedy: str) -> FieldError:
        return FieldError(field, cause, remedy, table=number, of="choices")

    for field in table:
        if field not in _CHOICE_FIELDS:
            fields = ", ".join(_CHOICE_FIELDS)
            raise wrong(field, f"A [[choices]] table has no field {field!r}.", f"Its fields are {fields}.")
    for field in ("name", "sentence"):
        if not isinstance(table.get(field), str) or not table[field].strip():
            raise wrong(field, f"A [[choices]] table has no {field!r}.", _CHOICES_REMEDY)
    name, sentence = (" ".join(table[field].split()) for field in ("name", "sentence"))
    if not _NAME.match(name) or name.lower() == NOT_A_CHOICE:
        raise wrong("name", f"{name!r} is not a valid name of a choice.", "Use a few plain words, such as: no-go.")
    for field, words in (("course", Course), ("picks", Picks)):
        if not isinstance(table.get(field, ""), str):
            raise wrong(field, f"{field!r} must be text.", f'Write {field} = "{next(iter(words)).value}".')
        _one_of(field, [table[field]] if field in table else [], [word.value for word in words], number, "choices")
    takes = table.get("takes", [])
    if not isinstance(takes, list) or not all(isinstance(label, str) for label in takes):
        raise wrong("takes", "'takes' must be a list of labels.", 'Write takes = ["Risk"].')
    _one_of("takes", takes, {*labels, *TAKEN_TOO}, number, "choices")
    choice = Choice.from_dict({**table, "name": name, "sentence": sentence.rstrip(" .:")})
    if bool(takes) != (choice.picks is not Picks.NONE):
        cause = f"The choice {name!r} takes lines but picks none." if takes else f"The choice {name!r} takes no lines."
        raise wrong("picks", cause, 'Write takes = ["Risk"] together with picks = "one", "some" or "any".')
    return choice
