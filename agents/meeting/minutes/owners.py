"""Who is responsible for a task, as its own sentence says it. All functions are pure.

There is one grammar, ``FORMS``. A sentence gives an owner only if it has one of these forms from its first word to its
last, and is plain. Everything else gives none: it is shown as it was said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.meeting import plain
from agents.meeting.minutes import dates
from agents.meeting.quoted import outside
from agents.meeting.task_verbs import is_task_verb
from agents.role.names import Names
from agents.sentences import sentences_of
from agents.text import capital

UNREAD = "no owner I can read"
"""Why a sentence that names somebody gives no owner."""

MOST_OWNERS = 4
"""Of one task."""
MOST_LETTERS = 2000
"""Of a sentence; a longer one gives no owner."""


@dataclass(frozen=True, slots=True)
class Owners:
    """What a sentence says about the owners of its task.

    Attributes:
        owners: role ids, and people as they were written, in the order of the sentence.
        task: the task without its owners; the whole sentence where it gives no owner.
        why: why it gives no owner although it names somebody; "" where it gives one or names nobody.
    """

    owners: tuple[str, ...]
    task: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the grammar.

    Attributes:
        words: the form, as the documentation shows it.
        read: returns the owners and the task of a sentence of this form, else None.
    """

    words: str
    read: "Callable[[str, Room], tuple[tuple[str, ...], str] | None]"


def owners_of(sentence: str, names: Names, speaker: str) -> Owners:
    """Who is responsible for the task of a sentence.

    Args:
        sentence: one entry, without its label.
        names: everybody who may own a task.
        speaker: role id of who said it, whom "I" means; "" where that is nobody.
    """
    said = " ".join(sentence.split())
    room = _room(names, speaker)
    if len(said) > MOST_LETTERS:
        return Owners((), sentence, UNREAD)
    own_words = outside(said)  # a task may quote a document; a name within the quotation is no owner
    if not plain.why_not_plain(own_words) and _read(own_words, room):
        found = _read(said, room)
        if len({frozenset(owners) for owners, _ in (*found, *_read(own_words, room))}) == 1 and found:
            owners, task = min(found, key=lambda one: len(one[1]))
            return Owners(owners, capital(task))
    return Owners((), sentence, UNREAD if room.mentions(said) else "")


def _read(said: str, room: "Room") -> list[tuple[tuple[str, ...], str]]:
    return [found for form in FORMS if (found := form.read(_bare(said), room))]


class Room:
    """Finds the names of those who may own a task, in a text.

    Args:
        names: the names.
        speaker: role id of who speaks, or "".
    """

    def __init__(self, names: Names, speaker: str) -> None:
        self.speaker = speaker
        self._owners: dict[str, str] = {}
        twice = set[str]()
        for owner, all_names in names.by_owner.items():
            for name in {_key(each) for each in all_names} - {""}:
                if self._owners.setdefault(name, owner) != owner:
                    twice.add(name)  # a name of two is the name of neither
        for name in twice:
            del self._owners[name]
        longest = sorted(self._owners, key=len, reverse=True)
        one = "|".join("[ _-]".join(map(re.escape, name.split(" "))) for name in longest) or r"(?!)"
        self._one = re.compile(rf"\*{{0,3}}@?(?:(?:the|our) )?\*{{0,3}}(?P<name>{one})(?!\w)(?!'\w)\*{{0,3}}", re.I)
        self._mention = re.compile(rf"(?<!\w)(?:{one}|I|we)(?!\w)", re.I)

    def at(self, text: str) -> tuple[tuple[str, ...], str]:
        """The owners whose names a text begins with, and the rest of the text; none if it begins with no name."""
        owners: list[str] = []
        rest = text
        while (match := self._one.match(rest)) and len(owners) < MOST_OWNERS:
            owners.append(self._owners[_key(match["name"])])
            text = rest[match.end() :]
            between = _BETWEEN.match(text)
            if between is None:
                return tuple(dict.fromkeys(owners)), text
            rest = text[between.end() :]
        return (), text

    def behind_names(self, text: str) -> list[str]:
        """What stands behind each name in a text."""
        return [text[found.end() :] for found in self._mention.finditer(text)]

    def whole(self, text: str) -> tuple[str, ...]:
        """The owners of a text that is nothing but their names; none for another text."""
        owners, rest = self.at(text.strip())
        return () if rest.strip(" .*") else owners

    def mentions(self, text: str) -> bool:
        """Whether a text has one of the names, "I" or "we"."""
        return bool(self._mention.search(text))


@lru_cache(maxsize=32)
def _room(names: Names, speaker: str) -> Room:
    return Room(names, speaker)


def _key(name: str) -> str:
    """A name for comparison: "qa_engineer", "QA-Engineer" and "qa engineer" are the same."""
    return " ".join(re.split(r"[\s_-]+", name.strip().lower()))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BETWEEN = re.compile(r",? and (?=\S)|, (?=\S)| ?[&/+] ?(?=\S)", re.I)
"""Between the names of two owners."""
_MARK = re.compile(r"(?:[-*\u2022] |\d{1,3}[.)] |\[ ?\] )")
"""The mark of an entry of a list."""
_ROLE_OF_OWNER = re.compile(r"(?:owners?|assignees?|assigned to|responsible)(?:\s*[:\uff1a]\s*|\s+)", re.I)
_WILL = re.compile(
    r" (?:will(?: have to| need to)?|shall|to|must|should|ha(?:s|ve) to|needs? to)\*{0,3}"
    r" (?:(?:also|both|each|first|jointly|now|then|together) )?(?=\S)",
    re.I,
)
_OWN = re.compile(
    r"(?:I (?:will(?: have to| need to)?|shall|must|have to|need to)|I['\u2019]ll) (?:(?:also|first|now|then) )?",
    re.I,
)
_COLON = re.compile(r"\s?[:\uff1a]\s?\*{0,3}\s?(?:please )?(?:(?:will|to) )?(?=\S)", re.I)
_DASH = re.compile(r"\s[-\u2013\u2014|]\s")
_CITED = re.compile(r"\s?[\[(]T\d{1,4}(?:, T\d{1,4}){0,8}[\])]\.?\Z")
_BEFORE_DAY = re.compile(r"(?:due|deadline|by|until|before|on)(?:\s*:\s*|\s+)", re.I)
_FINITE = _set("is are was were has had will shall would could should can must does did may might isn't")
"""Words that begin another clause than that of the task, unless a word of ``_CLAUSE`` stands before them."""
_CLAUSE = _set("that which who whose whom what where how why whether so because since while before after until")
_CONDITION = _set("if unless when whenever once given pending assuming provided barring")
_OFTEN = _set("a an per more again every each")
"""Words behind "once" with which it says how often."""
_PRONOUNS = _set("i we you they he she it one somebody someone")
_DETERMINERS = _set("the a an our all")


def _bare(said: str) -> str:
    """A sentence without the mark of a list before it and the turns that it cites after it."""
    mark = _MARK.match(said)
    said = said[mark.end() :] if mark else said
    cited = _CITED.search(said[-80:])
    return said[: len(said) - len(cited[0])].rstrip() if cited else said


def _does(text: str, room: Room) -> str:
    """A text that is one task, without emphasis around it; "" for another text."""
    task = text.strip().strip("*").strip()
    if not is_task_verb(task.split(" ", 1)[0].strip("*,:;.")) or not _one_sentence(task):
        return ""
    _, _, last = task.rstrip(" .").rpartition("(")  # "QA Engineer: test it (CTO)" may name another owner
    return task if _one_clause(task, room) and not room.whole(last.rstrip(")")) else ""


def _one_sentence(task: str) -> bool:
    """Whether a text has one sentence, without a condition."""
    return len(sentences_of(task)) == 1 and _unconditional(task)


def _unconditional(task: str) -> bool:
    words = _words(task)
    for at, word in enumerate(words):
        if word in _CONDITION and not (word == "once" and words[at + 1 : at + 2] and words[at + 1] in _OFTEN):
            return False
    return True


def _one_clause(task: str, room: Room) -> bool:
    """Whether a text has no second clause that says something of its own."""
    words = _words(task)
    inner = next((at for at, word in enumerate(words) if word in _CLAUSE), len(words))
    if not _FINITE.isdisjoint(words[:inner]):
        return False
    if any(not _day(aside) for aside in _DASH.split(task)[1:]):
        return False
    if any(words[at] == "or" and room.at(" ".join(words[at + 1 :]))[0] for at in range(len(words))):
        return False
    return not any(_comments(after, room) for after in re.split(r"[,.;:] | [-\u2013\u2014] ", task)[1:])


def _words(task: str) -> list[str]:
    return [word.strip("*()[],.;:!").lower() for word in task.split(" ")]


def _comments(after: str, room: Room) -> bool:
    """Whether the words after a comma say what somebody does or thinks of the task: ", the CTO fears"."""
    if after.split(" ", 1)[0].lower().partition("'")[0] in _PRONOUNS:
        return True
    return any(rest.strip(" .)") for rest in room.behind_names(after))


def _day(text: str) -> bool:
    """Whether a text is nothing but a day: "2026-12-04", "by Friday", "due: tomorrow"."""
    bare = text.strip(" .,;:()[]*")
    for _ in range(2):  # "due by Friday", "due: by Friday"
        before = _BEFORE_DAY.match(bare)
        bare = bare[before.end() :] if before else bare
    found = dates.find_when(f"by {bare}")
    return bool(bare) and _BEFORE_DAY.sub("", found, count=1).strip(" .") == bare


def _undated(text: str) -> str:
    """A text without a day in brackets, or behind a comma or a dash, at its end."""
    text = text.rstrip(" .")
    for _ in range(2):
        if text.endswith((")", "]")):
            at = max(text.rfind("("), text.rfind("["))
            inner = text[at + 1 : -1]
        else:
            at = max(
                (text.rfind(mark) for mark in (", ", "; ", " - ", " \u2013 ", " \u2014 ", " | ", ". ")), default=-1
            )
            inner = text[at + 1 :].strip(" -\u2013\u2014|;.")
        if at <= 0 or not _day(inner):
            return text
        text = text[:at].rstrip(" .,;")
    return text


def _last_part(text: str) -> int:
    """Where the last part of a text begins, with the mark before it; -1 if it has no parts."""
    return max(text.rfind(mark) for mark in (". ", ", ", "; ", " - ", " \u2013 ", " \u2014 ", " | "))


def _who_will(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    text = _without_lead(said)
    owners, rest = room.at(text)
    will = _WILL.match(rest)
    task = _does(rest[will.end() :], room) if owners and will else ""
    return (owners, task) if task else None


def _without_lead(said: str) -> str:
    """A sentence without a day at its beginning: "By Friday, the QA Engineer will ..."."""
    lead, comma, rest = said.partition(", ")
    return rest if comma and len(lead) < 40 and _BEFORE_DAY.match(lead) and _day(lead) else said


def _i_will(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    text = _without_lead(said)
    own = _OWN.match(text)
    task = _does(text[own.end() :], room) if own and room.speaker else ""
    return ((room.speaker,), task) if task else None


def _who_task(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    owners, rest = room.at(said[1:] if said.startswith("[") else said)
    if said.startswith("["):
        owners, rest = (owners, f":{rest[1:]}") if rest.startswith("]") else ((), "")
    colon = _COLON.match(rest) or _DASH.match(rest)
    if not colon and said.lstrip("*").startswith("@"):
        colon = re.match(r" (?:please )?(?=\S)", rest, re.I)
    task = _does(_undashed(rest[colon.end() :]), room) if owners and colon else ""
    return (owners, task) if task else None


def _undashed(text: str) -> str:
    """A task without a day behind a dash: "restore the backup - by Friday"."""
    cut = _undated(text)
    return cut if cut != text.rstrip(" .") and _DASH.match(text[len(cut) :]) else text


def _marked_first(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    mark = _ROLE_OF_OWNER.match(said)
    owners, rest = room.at(said[mark.end() :]) if mark else ((), "")
    apart = re.match(r"\s?[:\uff1a,;.]\s+|\s[-\u2013\u2014|]\s", rest)
    text = rest[apart.end() :] if owners and apart else ""
    named = text.split(" ", 1)[0].lower() in _DETERMINERS and _one_sentence(text)
    task = text if named else _does(text, room)
    return (owners, task) if task else None


def _marked_last(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    text = _undated(said)
    if text.endswith((")", "]")):
        at = max(text.rfind("("), text.rfind("["))
        task, inner = text[:at], text[at + 1 : -1]
    else:
        at = _last_part(text)
        task, inner = text[:at], text[at + 1 :].lstrip(" -\u2013\u2014|")
    mark = _ROLE_OF_OWNER.match(inner) if at > 0 else None
    owners = _whole_or_dated(inner[mark.end() :], room) if mark else ()
    task = task.strip(" .,;")
    led = ": " in task and not is_task_verb(task.split(" ", 1)[0])  # "Our fear: ..."
    return (owners, task) if owners and task and _unconditional(task) and not led else None


def _whole_or_dated(text: str, room: Room) -> tuple[str, ...]:
    """The owners of a text that is nothing but their names, and perhaps a day."""
    return room.whole(text) or room.whole(_undated(text))


def _in_brackets(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    text = _undated(said)
    if not text.endswith((")", "]")):
        return None
    at = max(text.rfind("("), text.rfind("["))
    inner = text[at + 1 : -1]
    first, comma, last = inner.partition(", ")
    owners = _whole_or_dated(inner, room) or (room.whole(last) if comma and _day(first) else ())
    if not owners:
        owners, rest = room.at(inner)
        owners = owners if _day(rest) else ()
    task = _does(text[:at], room) if at > 0 else ""
    return (owners, task) if owners and task else None


def _in_columns(said: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    parts = [part.strip() for part in _DASH.split(said.strip("| "))]
    if len(parts) < 3:
        return None
    task, (one, other) = " - ".join(parts[:-2]), parts[-2:]
    owners = room.whole(one) if _day(other) else room.whole(other) if _day(one) else ()
    task = _does(task, room) if owners else ""
    return (owners, task) if task else None


FORMS = (
    Form("<name> [and <name>] will | shall | to | must | should | has to | needs to <verb> ...", _who_will),
    Form("I will | I'll | I shall | I must <verb> ...", _i_will),
    Form("<name>: <verb> ... | <name> - <verb> ... | @<name> <verb> ... | [<name>] <verb> ...", _who_task),
    Form("Assigned to <name>: <task> | Owner: <name>. <task>", _marked_first),
    Form("<task> (owner: <name>) | <task>. Owner: <name>", _marked_last),
    Form("<verb> ... (<name>) | <verb> ... (<name>, <day>)", _in_brackets),
    Form("<verb> ... - <name> - <day> | <verb> ... - <day> - <name>", _in_columns),
)
"""The grammar. ``<name>`` is a name of a role or of a person; a task may name its day at its end or its beginning."""


def forms() -> Iterator[str]:
    """The forms of the grammar, as the documentation shows them."""
    yield from (form.words for form in FORMS)
