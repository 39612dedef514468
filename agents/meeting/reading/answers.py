"""What an answer is: what is stored of it, and whether it says something. All functions are pure."""

import re

from agents.meeting.reading.repetition import word_count
from agents.meeting.record import Turn
from agents.text import harmless

# The marks around passages in a prompt, which small models copy.
_PASSAGE_MARK = re.compile(r"</?passage\b[^<>]*>")
_NOTHING = re.compile(
    r"\W{0,6}(?:nothing|null|(?:none|n/?a|no (?:further |new |other |open )?(?:action|question|risk|concern|date)s?)"
    r"(?:\W{0,3}(?:[.,;:\u2013\u2014](?!\w)|\()[^\n]{0,80}"
    r"|\W{0,3} (?:at (?:this|the) \w+|at present|for now|right now|from me|yet|so far|needed|required|necessary"
    r"|identified|known)\b[^\n]{0,60})?|(?:\u7279\u306b)?(?:\u306a\u3057|\u7121\u3057|\u3042\u308a\u307e\u305b\u3093)"
    r"|\u6ca1\u6709|\u6c92\u6709|[\u65e0\u7121])\W{0,6}\Z",
    re.I,
)
"""Answers that mean "nothing". "None of the tests ..." and "No action plan ..." are not among them."""

# PASS alone or before a reason; in lower case only before punctuation, because "pass the data on" says something.
_PASS = re.compile(r"\W{0,6}(?:PASS(?![\w-])|[Pp]ass(?=\W{0,4}(?:[.,;:(\u2013\u2014]|\n|\Z)))")
_ONLY_DASHES = re.compile(r"[-\u2013\u2014\s]+\Z")


def clean(text: str, speaker_title: str = "") -> str:
    """An answer as it is stored: without control characters, and without the speaker's title at its start."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = harmless(text.replace("\u2028", "\n").replace("\u2029", "\n"))
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if speaker_title:
        title = rf"\W{{0,3}}(?:\[?T\d{{1,6}}\]?\s*)?{re.escape(speaker_title)}\W{{0,3}}[:\uff1a]\s*"
        text = re.sub(rf"\A{title}", "", text, flags=re.I)
    return text.strip()


def without_marks(text: str) -> str:
    """An answer without the marks around passages, which small models copy."""
    kept = [line for line in text.split("\n") if not _PASSAGE_MARK.fullmatch(line.strip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def usable(text: str) -> bool:
    """Whether an answer can be used: it has more than one word, or says PASS."""
    return passed(text) or word_count(text) > 1


def passed(text: str) -> bool:
    """Whether the speaker says PASS or, in other words, has nothing to add."""
    return bool(_PASS.match(text)) or says_nothing(text)


def says_nothing(text: str) -> bool:
    """Whether a text means "nothing", such as "none" or "n/a"."""
    return bool(_NOTHING.match(text) or (text and _ONLY_DASHES.match(text)))


def first_word(text: str) -> str:
    """The word REBUT, REVISE or PASS at the start of an answer in an exchange; else ""."""
    match = re.match(r"[^\w>~`]*(REBUT|REVISE|PASS)\b", text, re.I)
    return match[1].upper() if match else ""


def cited(text: str) -> list[str]:
    """The ids of the turns that a text names, in order, each once."""
    return list(dict.fromkeys(re.findall(r"\bT\d+\b", text)))


def contributes(turn: Turn) -> bool:
    """Whether a turn adds to the discussion: it was not dropped and does not say PASS."""
    return not turn.dropped and not passed(turn.text)
