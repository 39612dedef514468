"""The lines of an answer that begin with a label. All functions are pure."""

import re

from agents.meeting.reading.answers import passed, says_nothing
from agents.meeting.reading.repetition import words

LEAST_LISTED = 3
"""An item of a plain list needs at least this number of words."""

# "Label: text", also with a list number, a bullet, Markdown emphasis, or a number after the label ("Risk 2: ...").
_LABEL = re.compile(
    r"^(?:\W{0,2}\d{1,2}[.)])?\W{0,4}(?P<label>[A-Z][A-Za-z ]{1,23}?)(?: ?#?\d{1,2}(?!\W*:\d))?\W{0,2}\s*:"
    r"\s*(?:\*\*|__)?\s*(?P<text>.*)$"
)
_LISTED = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+(?P<text>\S.*)$")


def labelled(text: str, label: str) -> list[str]:
    """The texts of the lines ``Label: text``, without those that mean "none".

    Markdown emphasis and bullets around the label are ignored.
    """
    return [said for said in lines_labelled(text, label) if said and not says_nothing(said)]


def listed(text: str, label: str) -> list[str]:
    """Like ``labelled``, for an answer in which only this label was asked for: without labels, its list items count."""
    if lines_labelled(text, label):
        return labelled(text, label)
    items = (match["text"].strip() for line in text.split("\n") if (match := _LISTED.match(line)))
    return [item for item in items if len(words(item)) >= LEAST_LISTED and not says_nothing(item)]


def answers_label(text: str, label: str) -> bool:
    """Whether the speaker wrote the labelled line, even if it is only "none"."""
    return bool(lines_labelled(text, label)) or passed(text)


def lines_labelled(text: str, label: str) -> list[str]:
    """The texts of the lines ``Label: text``, also of those that mean "none"."""
    return [without_label(line) for line in text.split("\n") if label_of(line).lower() == label.lower()]


def label_of(line: str) -> str:
    """The label at the start of a line, or ""."""
    match = _LABEL.match(line.strip())
    return match["label"].strip() if match else ""


def without_label(line: str) -> str:
    """A line without the label and the emphasis around it."""
    match = _LABEL.match(line.strip())
    return match["text"].strip().strip("*_ ") if match else line.strip()
