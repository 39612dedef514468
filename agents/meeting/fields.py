"""Answers in fields: the JSON schema made from the lines that a question asks for, and the entries of an answer.

A server that enforces schemas gives each field exactly once and in order. Ollama does not put a schema into the prompt,
so ``asked`` names the fields there too (docs/decisions/0016).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from agents.meeting import reading
from agents.meeting.record import Entry, Turn
from agents.meeting.task_verbs import is_task_verb
from agents.model import Wanted

TEXT = "text"
"""The key of an entry's words where it has further values."""
OWNER, TASK = "who", "task"
"""The keys of a task: who does it, and what is done."""
STATEMENT, WORDS_OF, MOVE, REASON = "statement", "words", "move", "why"
"""The keys of a move: the statement that it answers, words copied from it, the move, and the reason."""
MOVES = {"rebut": "Rebut", "revise": "Revise", "pass": ""}
"""The label of the entry of each move; "" for none."""
NOBODY = "nobody yet"
"""The owner of a task that nobody has taken on."""
MOST_LISTED = 3
"""The most entries of one kind in an answer."""
MOST_LETTERS = 260
"""Of a text, for the schema: rather too many, because a server stops there in the middle of a word."""
WORDS = 14
"""Of a text, as the prompt asks for it."""
MOST_SHOWN = 8000
"""Of the letters of an unfinished answer; what follows is not read until the answer is complete."""

Schema = Mapping[str, Any]

_WILL = re.compile(r"\A(?:(?:we|they|i|the team)\s+)?(?:will|shall|should|must|to|needs? to|have to|has to)\s+", re.I)


@lru_cache(maxsize=256)
def key_of(label: str) -> str:
    """The key of a label in an answer: "went_well" for "Went well"."""
    return re.sub(r"\W+", "_", label.strip().lower())


def schema_of(wants: Sequence[Wanted]) -> Schema:
    """The JSON schema of an answer with these lines; its properties have the order of the lines."""
    properties = {key_of(want.label): _schema(want) for want in wants}
    return object_schema(properties)


def _schema(want: Wanted) -> Schema:
    if want.values:
        return {"type": "string", "enum": list(want.values)}
    text = {"type": "string", "maxLength": MOST_LETTERS}
    if want.owners:
        who = {"type": "string", "enum": [*want.owners, *want.people, NOBODY]}
        one: Schema = object_schema({OWNER: who, TASK: text})
    elif want.moves:
        one = object_schema(
            {
                STATEMENT: {"type": "string", "enum": list(want.moves)},
                WORDS_OF: text,
                MOVE: {"type": "string", "enum": list(MOVES)},
                REASON: text,
            }
        )
    elif want.quotes:
        one = object_schema({WORDS_OF: text, REASON: text})
    elif want.fields:
        allowed = {name: {"type": "string", "enum": list(words)} for name, words in want.fields.items()}
        one = object_schema({TEXT: text, **allowed})
    else:
        one = text
    if want.many:
        return {"type": "array", "items": one, "maxItems": MOST_LISTED}
    return {"anyOf": [one, {"type": "null"}]}


def object_schema(properties: Mapping[str, Schema]) -> Schema:
    """The schema of an object with these properties, in this order, all required, and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def asked(wants: Sequence[Wanted]) -> str:
    """The request for the fields of an answer, as a speaker reads it."""
    rows = "\n".join(f'"{key_of(want.label)}": {_row(want)}' for want in wants)
    whose = "the document's" if any(want.draws_on == "document" for want in wants) else "your"
    return (
        f"Answer with one JSON object on one line, with these fields in this order:\n{rows}\n"
        f"Each text is one sentence of at most {WORDS} words, in {whose} own words. "
        "Write null where you have nothing to say."
    )


def _row(want: Wanted) -> str:
    if want.values:
        return " or ".join(f'"{value}"' for value in want.values)
    one = want.ask
    if want.owners:
        people = "".join(f", {_quoted(person)}" for person in want.people)
        one = f'{{"{OWNER}": a job title from the room{people}, or "{NOBODY}", "{TASK}": {want.ask}}}'
    elif want.moves:
        one = (
            f'{{"{STATEMENT}": {" or ".join(map(_quoted, want.moves))}, "{WORDS_OF}": a few words copied from it, '
            f'"{MOVE}": {" or ".join(map(_quoted, MOVES))}, "{REASON}": {want.ask}}}'
        )
    elif want.quotes:
        one = f'{{"{WORDS_OF}": the sentence of the document, copied exactly, "{REASON}": {want.ask}}}'
    elif want.fields:
        words = (f'"{name}": {" or ".join(map(_quoted, allowed))}' for name, allowed in want.fields.items())
        one = f'{{"{TEXT}": {want.ask}, {", ".join(words)}}}'
    return f"[up to {MOST_LISTED}, each: {one}]" if want.many else one


def _quoted(word: str) -> str:
    return f'"{word}"'


def entries_of(answer: Any, wants: Sequence[Wanted]) -> tuple[Entry, ...]:
    """The entries of an answer in JSON, in the order of the lines, without what is null, empty or of a wrong type."""
    if not isinstance(answer, Mapping):
        return ()
    given = {key_of(str(key)): value for key, value in answer.items()}
    if len(given) < len(answer):  # one field twice, under two forms of its name
        return ()
    return tuple(entry for want in wants for entry in _entries(given.get(key_of(want.label)), want))


def _entries(value: Any, want: Wanted) -> Iterator[Entry]:
    listed = value if isinstance(value, list) else [value]
    for one in listed[: MOST_LISTED if want.many else 1]:
        entry = _entry(one, want)
        if _says_something(entry.text):
            yield entry


def _says_something(text: str) -> bool:
    """Whether the text of a field is more than "none" or a number alone, of which nobody knows what it counts."""
    return any(map(str.isalpha, text)) and not reading.says_nothing(text)


def _entry(value: Any, want: Wanted) -> Entry:
    if want.values:
        return Entry(want.label, _allowed(value, want.values))
    table: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    if want.moves:
        return _move(table, want)
    if want.quotes:
        return _quoting(table, want)
    words = value if isinstance(value, str) else table.get(TASK if want.owners else TEXT)
    text = whole_sentences(_tidy(words, want.label)) if isinstance(words, str) else ""
    if want.owners:
        owner = _allowed(table.get(OWNER), (*want.owners, *want.people))
        return Entry(want.label, _task(owner, text) if owner and text else text)
    said = {name: _allowed(table.get(name), words) for name, words in want.fields.items()}
    return Entry(want.label, text, {name: word for name, word in said.items() if word})


def _move(table: Mapping[str, Any], want: Wanted) -> Entry:
    """The entry of a move; without text if the speaker passes or names no statement."""
    label = MOVES.get(_allowed(table.get(MOVE), tuple(MOVES)), "")
    answered = _allowed(table.get(STATEMENT), want.moves)
    reason, copied = (_tidy(text_in(table, key), want.label) for key in (REASON, WORDS_OF))
    if not (label and answered and reason):
        return Entry(want.label, "")
    quoted = f' says "{copied.strip(chr(34))}"' if copied else ""
    return Entry(label, f"{answered}{quoted}: {whole_sentences(reason)}")


def _quoting(table: Mapping[str, Any], want: Wanted) -> Entry:
    """An entry about words of a document; without text if it names no words or no reason."""
    reason, copied = (" ".join(text_in(table, key).split()) for key in (REASON, WORDS_OF))
    if not reason or not copied or reading.says_nothing(copied):
        return Entry(want.label, "")
    return Entry(want.label, whole_sentences(_tidy(reason, want.label)), {WORDS_OF: copied.strip(chr(34))})


def text_in(table: Mapping[str, Any], key: str) -> str:
    """The text under a key of an answer; "" for a value of another type, which is no text."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _allowed(value: Any, words: Sequence[str]) -> str:
    """The allowed word that a value is, in any letter case; "" for another one, or a value that is no text."""
    flat = " ".join(value.lower().split()) if isinstance(value, str) else ""
    return next((word for word in words if word.lower() == flat), "")


@lru_cache(maxsize=512)  # while an answer arrives, all of its complete texts are read again with each piece
def _tidy(text: str, label: str) -> str:
    """A text on one line, without its own label before it; "Redis: it fails" keeps its first word."""
    line = " ".join(reading.clean(text).split())
    return reading.without_label(line) if reading.label_of(line).lower() == label.lower() else line


def _task(owner: str, task: str) -> str:
    """The sentence that gives a task to its owner, in a form from which minutes read both again."""
    bare = re.sub(rf"\A(?:the\s+)?{re.escape(owner)}s?\W*\s+", "", task, flags=re.I)
    bare = _WILL.sub("", bare) or task
    first = bare.split(" ", 1)[0]
    if not is_task_verb(first.strip(",:;.")):
        return f"{bare.rstrip(' .')} (owner: {owner})"
    return f"{owner} will {bare if first[1:] != first[1:].lower() else bare[0].lower() + bare[1:]}"


def entries_in(text: str, wants: Sequence[Wanted]) -> tuple[Entry, ...] | None:
    """The entries of an answer in labelled lines; None if it has other lines too, or lines that are not its own."""
    said = reading.attributed(text, [want.label for want in wants if not want.moves])
    if said is None or any(reading.is_material(text.split("\n"))):
        return None
    return tuple(Entry(label, words) for label, words in said if _says_something(words))


def entries_with(turn: Turn, label: str, *, alone: bool = False) -> list[Entry]:
    """The entries of one kind in a turn: its fields, or its labelled lines where it was not given in fields.

    Args:
        turn: the turn.
        label: the kind.
        alone: whether only this kind was asked for, so that a plain list counts as such lines.
    """
    if turn.entries is not None:
        return [entry for entry in turn.entries if entry.label == label]
    return [Entry(label, said) for said in (reading.listed if alone else reading.labelled)(turn.text, label)]


def as_line(entry: Entry) -> str:
    """An entry as a labelled line, as it is shown and read by later speakers."""
    values = ", ".join(f"{name}: {word}" for name, word in entry.values.items() if name != WORDS_OF)
    quoted = f'"{entry.values[WORDS_OF]}": ' if WORDS_OF in entry.values else ""
    return f"{entry.label}: {quoted}{entry.text}" + (f" ({values})" if values else "")


def as_text(entries: Sequence[Entry]) -> str:
    """Entries as labelled lines; "PASS" without any."""
    return "\n".join(map(as_line, entries)) or "PASS"


def without_entries(turn: Turn, places: Collection[int]) -> Turn:
    """A turn without the entries at these places."""
    if not places or turn.entries is None:
        return turn
    kept = tuple(entry for place, entry in enumerate(turn.entries) if place not in places)
    return replace(turn, entries=kept, text=as_text(kept))


def whole_sentences(text: str, most: int = MOST_LETTERS) -> str:
    """A text of at most ``most`` letters: where a server stopped there, or enforces no length, it ends after the last
    whole sentence, else after the last whole word.
    """
    ends = text.rstrip().endswith((".", "!", "?", "\u3002"))
    if len(text) < most - 1 or (ends and len(text) <= most):
        return text
    text = text[:most]
    return reading.ended_sentences(text) or text.rsplit(" ", 1)[0].rstrip(" ,;:-") + " ..."


def cut_entries(text: str, wants: Sequence[Wanted]) -> tuple[Entry, ...]:
    """The entries of an answer that stopped before its end: the complete ones, and the whole sentences of the last."""
    complete = entries_of(_partial(text, unfinished=False), wants)
    shown = entries_of(_partial(text, unfinished=True), wants)
    if len(shown) <= len(complete):
        return complete
    text = reading.ended_sentences(shown[-1].text)
    return (*complete, replace(shown[-1], text=text)) if text else complete


def partial(text: str) -> Mapping[str, Any] | None:
    """The complete values of a JSON object that has no end; None if a text has no such object."""
    return _partial(text, unfinished=False)


def _partial(text: str, *, unfinished: bool) -> Mapping[str, Any] | None:
    """The values of a JSON object that has no end, with the last, unfinished text or without it."""
    from pydantic_core import from_json  # imported late: nothing else here needs it

    start = text.find("{")
    before = text[: max(0, start)].strip()
    if start < 0 or (before and not (before.startswith("```") and "\n" not in before)):
        return None
    try:
        found = from_json(text[start:], allow_partial="trailing-strings" if unfinished else True)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


_CLOSING = frozenset('",]}')
"""The letters of which one stands behind every complete value of JSON that is read here."""


class FieldsAsText:
    """Turns an answer in JSON into labelled lines while it arrives in pieces; other text passes unchanged.

    Args:
        wants: the lines that were asked for.
    """

    def __init__(self, wants: Sequence[Wanted]) -> None:
        self._wants = wants
        # Their sentences are put together by code, so that a longer answer does not only add to them.
        self._at_once = {
            label
            for want in wants
            if want.owners or want.moves or want.quotes
            for label in (want.label, *MOVES.values())
        }
        self._raw = ""
        self._complete: tuple[Entry, ...] = ()
        self._shown = ""
        self._plain = False

    def add(self, piece: str) -> str:
        """The text to show after a further piece."""
        if self._plain or len(self._raw) > MOST_SHOWN:
            return piece if self._plain else ""
        self._raw += piece
        if self._raw.lstrip()[:1] not in "{`":  # a fence may stand before JSON; "" is in every text
            self._plain = True
            return self._raw
        if not _CLOSING.isdisjoint(piece):  # nothing else completes a text, a list or an object
            self._complete = entries_of(partial(self._raw), self._wants)
        return self._grown()

    def _grown(self) -> str:
        said = self._complete
        if not self._at_once.issuperset(want.label for want in self._wants):
            growing = entries_of(_partial(self._raw, unfinished=True), self._wants)
            if len(growing) > len(said) and growing[-1].label not in self._at_once:
                said = growing
        text = "\n".join(map(as_line, said))
        if not text.startswith(self._shown):
            return ""
        new, self._shown = text[len(self._shown) :], text
        return new
