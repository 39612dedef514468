"""What must not be in a role file of others: text that nobody sees, and words that turn against the meeting.

A role is a prompt. This finds what is known of attacks with prompts; it does not prove that a text is harmless.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from agents.text import JOINERS

LONGEST_WORD = 300
"""Letters; a word that is longer is data that nobody can read, such as base64."""


class Found(NamedTuple):
    """What must not be in a text.

    Attributes:
        line: its line, from 1.
        cause: what it is, in one sentence.
        remedy: what to do about it, in one sentence.
    """

    line: int
    cause: str
    remedy: str


_READ_IT = "Read the line; if you trust who wrote it, take it out and import the file again."
_NAMED = {
    "\u00ad": "soft hyphen", "\u180e": "zero-width character", "\u200b": "zero-width space",
    "\u200c": "zero-width character", "\u200d": "zero-width character", "\u2060": "zero-width character",
    "\ufeff": "zero-width space",
}  # fmt: skip
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TAGS = range(0xE0000, 0xE0200)
_SELECTORS = "\ufe0e\ufe0f"

_EARLIER = (
    r"(?:all|any|previous|prior|above|earlier|preceding|foregoing|other|existing|system|room's|meeting's|initial)"
)
_RULES = r"(?:instructions?|rules?|prompts?|guidelines?|directions|directives|constraints|messages?|context)\b"
_ANY = r"(?:\S{1,40} ){0,3}"
_HOSTILE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"(?<!never )(?<!not )(?<!don't )\b(?:ignore|disregard|forget|set aside) {_ANY}{_EARLIER} {_ANY}{_RULES}"
            rf"|(?<!never )(?<!not )(?<!don't )\b(?:override|bypass|overrule) {_ANY}{_EARLIER} {_ANY}"
            r"(?:instructions?|prompts?|directives)\b"
        ),
        "It tells a model to ignore other instructions.",
    ),
    (
        re.compile(rf"\b(?:do not|don't|never|stop) (?:follow|obey|following|obeying) {_ANY}{_EARLIER} {_ANY}{_RULES}"),
        "It tells a model to ignore other instructions.",
    ),
    (
        re.compile(
            r"\b(?:ignoriere|vergiss|missachte) (?:\S{1,40} ){0,4}(?:anweisung|anweisungen|regeln)\b"
            r"|\b(?:ignora|olvida) (?:\S{1,40} ){0,4}(?:instrucciones|reglas|istruzioni|regole)\b"
            r"|\b(?:ignorez?|oubliez?) (?:\S{1,40} ){0,4}(?:consignes|r\u00e8gles)\b"
            r"|\bignorez? (?:toutes )?les instructions\b"
        ),
        "It tells a model to ignore other instructions.",
    ),
    (
        re.compile(r"\b(?:new|updated|real|actual|true) (?:system )?(?:instructions?|prompt|task) ?:"),
        "It poses as the instructions of the program.",
    ),
    (
        re.compile(r"<\|[a-z_]{2,20}\|>|\[/?inst\]|<</?sys>>|</?system>"),
        "It has a mark with which a model tells who is speaking.",
    ),
    (
        re.compile(
            r"\b(?:reveal|print|repeat|show|output|leak|disclose|recite) (?:\S{1,40} ){0,2}(?:your|the) "
            r"(?:\S{1,40} )?(?:system prompt|hidden prompt|initial prompt|instructions (?:above|you were given))"
        ),
        "It asks for the words that only the model is given.",
    ),
    (
        re.compile(
            r"(?<!never )(?<!not )(?<!don't )\b(?:send|post|upload|forward|transmit|exfiltrate|e-?mail|submit|leak) "
            r"(?:\S{1,40} ){0,8}(?:to|at|via) (?:\S{1,40} ){0,3}"
            r"(?:https?://|ftp://|\S{1,60}@\S{1,60}\.|webhook|(?:external|remote) server)"
            r"|(?<!never )(?<!not )(?<!don't )\bexfiltrate\b|!\[[^\]]{0,200}\]\(https?://[^)]{0,300}(?:\{|\$|\?\w{1,20}=)"
        ),
        "It wants something to be sent away.",
    ),
    (
        re.compile(
            r"\b(?:curl|wget|invoke-webrequest|iwr|nc|netcat|ssh|scp) (?:\S{1,80} ){0,6}(?:https?://|-e |\S{1,60}@)"
            r"|\brm -r?f\b|\brm -fr\b|\bsudo (?:apt|rm|ba?sh|su|chmod|chown|tee|curl|-)|\|\s?(?:ba|z)?sh\b"
            r"|\bbase64 (?:-d|--decode)\b|\b(?:bash|sh|python3?|powershell|cmd) (?:-c|-e|-enc|/c)(?: |$)"
            r"|\b(?:run|execute|invoke|call|use) (?:\S{1,40} ){0,8}"
            r"(?:without asking (?:the|for|any|first|them|permission)|without telling|without confirm\w{0,10}|secretly"
            r"|before you answer anything)"
        ),
        "It tells a model to run a command.",
    ),
    (
        re.compile(
            r"\b(?:always|must|only) vote\b|\bvote (?:\S{1,40} ){0,3}(?:regardless|no matter|whatever)"
            r"|\balways (?:approve|accept|support) (?:every|all|any|the) (?:proposals?|decisions?|motions?)\b"
            r"|\b(?:never|do not|don't) (?:object|dissent) to (?:any|a|the) (?:proposals?|decisions?)\b"
            r"|\bspeak (?:for|as) (?:the )?(?:other|another) (?:participant|role|agent|seat)s?\b"
            r"|\b(?:pretend|claim) (?:to be|that you are|you are) (?:the )?(?:facilitator|chair|scribe|user|system)\b"
        ),
        "It decides a vote beforehand, or speaks for others.",
    ),
    (
        re.compile(
            r"\bdeveloper mode enabled\b|\bdo anything now\b"
            r"|\byou are (?:now )?(?:jailbroken|unrestricted|unfiltered|dan)\b"
            r"|\b(?:do not|don't|never) (?:tell|inform) (?:the )?(?:user|human|operator)s? (?:about th|of th|that)"
        ),
        "It tries to free a model from its rules, or to hide something from the user.",
    ),
)
"""What is searched for in a text in small letters, with one blank between words and without emphasis."""
_HIDDEN_MARKUP = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|<[^<>]{0,200} hidden[ >=]")
_REFERENCE = re.compile(r"\s{0,3}\[(?://|comment|_)\]\s?:", re.IGNORECASE)
_EMPHASIS = str.maketrans("", "", '*_`~"\u201c\u201d')
_QUOTES = str.maketrans("\u2018\u2019", "''")


_COMMENT = re.compile(r"<!--[^<>\n]{0,5000}-->")


def find(text: str, *, ours: bool = False, left_out: Container[int] = ()) -> Found | None:
    """The first thing in a text that must not be in a role file of others; None where none is found.

    Args:
        text: the whole file.
        ours: whether it has the form of our role files, in which comments hold watch words and patterns.
        left_out: the numbers of lines that will not be in a prompt; only their characters count.
    """
    lines = (_COMMENT.sub(" ", text) if ours else text).split("\n")
    return min(_all(lines, left_out), key=lambda one: one.line, default=None)


def _all(lines: Sequence[str], left_out: Container[int]) -> Iterator[Found]:
    for number, line in enumerate(lines, 1):
        for cause, remedy in (*_characters(line), *(() if number in left_out else _unseen(line))):
            yield Found(number, cause, remedy)
    lines = ["" if number in left_out else line for number, line in enumerate(lines, 1)]
    words = [(word, number) for number, line in enumerate(lines, 1) for word in _plain(line).split()]
    starts, place = [], 0
    for word, _ in words:
        starts.append(place)
        place += len(word) + 1
    joined = " ".join(word for word, _ in words)
    for pattern, cause in _HOSTILE:
        if found := pattern.search(joined):
            yield Found(words[bisect_right(starts, found.start()) - 1][1], cause, _READ_IT)


def _plain(line: str) -> str:
    """A line as it is searched: small letters of one width, straight quotes, no emphasis."""
    return unicodedata.normalize("NFKC", line).casefold().translate(_QUOTES).translate(_EMPHASIS)


def _characters(line: str) -> Iterator[tuple[str, str]]:
    """A character of the line that a person does not see: cause and remedy."""
    for place, char in enumerate(line):
        if char.isascii() and (char.isprintable() or char == "\t"):
            continue
        if name := _unseen_name(line, place):
            yield f"It has a {name} (U+{ord(char):04X}), which nobody sees.", "Remove it; it may hide words."
            break


def _unseen(line: str) -> Iterator[tuple[str, str]]:
    """What of the line a person does not see on a page, or cannot read: cause and remedy."""
    if "<!--" in line or _REFERENCE.match(line):
        yield "It has a comment, which a page does not show.", "Remove the comment, or write it as text."
    if _HIDDEN_MARKUP.search(line.casefold()):
        yield "It has text that a page does not show.", "Remove it, or write it as text."
    if any(len(word) > LONGEST_WORD for word in line.split()):
        yield f"It has a word of more than {LONGEST_WORD} letters, which nobody can read.", "Remove it."


def _unseen_name(line: str, place: int) -> str:
    """What a character is that nobody sees; "" for one that may stand there."""
    char = line[place]
    if char in JOINERS and _joins(line, place):
        return ""
    if char in _BIDI:
        return "character that turns the order of letters around"
    if char in _NAMED:
        return _NAMED[char]
    if ord(char) in _TAGS:
        return "hidden character"
    return "control character" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else ""


def _joins(line: str, place: int) -> bool:
    """Whether a joiner stands where scripts and emoji need one: between two letters beyond Latin, or two emoji."""
    if not 0 < place < len(line) - 1:
        return False
    before = line[place - 2] if place > 1 and line[place - 1] in _SELECTORS else line[place - 1]
    kinds = {unicodedata.category(char) for char in (before, line[place + 1])}
    beyond_latin = min(ord(before), ord(line[place + 1])) > 0x5FF
    return beyond_latin and kinds <= {"So", "Sk", "Lo", "Mn", "Mc"}
