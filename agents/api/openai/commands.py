"""What a message in the chat of a meeting asks for, read by code: a command, a verdict about entries, or words."""

import re
from dataclasses import dataclass

from agents.meeting.room.interjections import COMMANDS

UNCLEAR, NEW = "unclear", "new"
"""The words of a message that begins like a verdict and is none, and of one that asks for a meeting about nothing."""
VERDICTS = ("confirm", "reject", "correct")
"""The words with which somebody judges an entry of the minutes."""
BY_CODE = frozenset({"status", "minutes", "stop", *VERDICTS, UNCLEAR, NEW})
"""The words that are answered without a model, however far the meeting is."""

_MARKS = "`'\"*\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_NEW = re.compile(r"new meeting ?: ?(?P<topic>\S.*)", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"/?(?P<word>status|minutes|stop|resume|new meeting)(?: ?[.!?:])?", re.IGNORECASE)
_JUDGES = re.compile(r"/?(?P<word>confirm|reject|correct)\b(?!-)", re.IGNORECASE)
_PLEASE = re.compile(r"please\b[ ,:]{0,3}", re.IGNORECASE)
_PLEASE_LAST = re.compile(r"[ ,]{1,3}please(?P<end>[.!?]?)$", re.IGNORECASE)
_ENTRY = re.compile(rf"[{_MARKS}]{{0,3}}(?P<name>(?:\d{{1,3}}\.)?[A-Za-z]{{1,12}}\d{{1,3}})\b[{_MARKS}]{{0,3}}")
_AND = re.compile(r" ?(?:, ?(?:and )?|; ?|& ?)|(?: and )", re.IGNORECASE)
_REASON = re.compile(r" ?:|[ ,]{1,2}(?:because|since|as)\b| ?[\u2013\u2014]| - ", re.IGNORECASE)
_COMMANDS = tuple(command.split()[0] for command in COMMANDS)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message asks for.

    Attributes:
        word: "status", "minutes", "stop", "resume", "confirm", "reject", "correct", one of the commands of a meeting
            with its slash, ``UNCLEAR``, ``NEW``, or "" for words.
        entries: the entries of the minutes that a verdict is about.
        text: the words: of a correction, the reason of another verdict, after a command, or of the message.
    """

    word: str
    entries: tuple[str, ...] = ()
    text: str = ""


def read(text: str) -> Said:
    """What a message in the chat of a meeting asks for."""
    words = " ".join(text.split())
    plain = _plain(words)
    if found := _WORD.fullmatch(plain):
        word = found["word"].lower()
        return Said(NEW if word == "new meeting" else word)
    if found := _JUDGES.match(plain):
        return _verdict(found["word"].lower(), plain[found.end() :].lstrip(f" :{_MARKS}"))
    command, _, rest = words.partition(" ")
    if command.lower() in _COMMANDS:
        return Said(command.lower(), text=rest)
    return Said("", text=words)


def is_command(text: str) -> bool:
    """Whether a message makes sense only in the chat of a meeting: a verdict that names no entry may be a topic."""
    said = read(text)
    alone = said.word == UNCLEAR and not said.text
    return alone or bool(said.entries) or said.word not in {"", UNCLEAR}


def new_topic(text: str) -> str:
    """The topic of the other meeting that a message asks for, or ""."""
    text = text.strip()
    if text[:1] in _MARKS and text[-1:] in _MARKS:
        text = text.strip(_MARKS)
    head, colon, rest = text.partition(":")
    found = _NEW.fullmatch(f"{' '.join(head.split())}{colon}{rest.strip()}")
    return found["topic"] if found else ""


def _plain(words: str) -> str:
    """A message without marks around it, and without "please" before or after it."""
    wrapped = words[:1] in _MARKS and words[-1:] in _MARKS
    words = words.strip(_MARKS) if wrapped else words.lstrip(_MARKS)
    first = _PLEASE.match(words)
    words = words[first.end() :].lstrip(_MARKS) if first else words
    last = _PLEASE_LAST.search(words)
    words = words[: last.start()] + last["end"] if last else words
    bare = words.rstrip(f".!? {_MARKS}")
    return bare if _WORD.fullmatch(bare) else words


def _verdict(word: str, rest: str) -> Said:
    """The verdict that follows its word; ``UNCLEAR`` with the words where it is none."""
    entries, at = list[str](), 0
    while found := _ENTRY.match(rest, at):
        entries.append(found["name"])
        at = found.end()
        joint = _AND.match(rest, at)
        if not joint or not _ENTRY.match(rest, joint.end()):
            break
        at = joint.end()
    after = rest[at:]
    reason = _REASON.match(after)
    if not entries or (word == "correct" and len(entries) > 1):
        return Said(UNCLEAR, tuple(entries), rest.strip(" .!?"))
    if word == "correct":
        text = after.lstrip()[1:].strip() if after.lstrip().startswith(":") else ""
        return Said(word, tuple(entries), text) if text else Said(UNCLEAR, tuple(entries), rest)
    if not after.strip(f" .!{_MARKS}"):
        return Said(word, tuple(entries))
    if reason:
        return Said(word, tuple(entries), after[reason.end() :].strip())
    return Said(UNCLEAR, tuple(entries), rest)
