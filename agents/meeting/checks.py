"""What code checked in a meeting: lines of documents that were looked up, and how much of it holds, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """Lines of a document, as they are printed beside what names or quotes them.

    Attributes:
        document: the document's name.
        first, last: the numbers of the lines, from 1.
        text: their words on one line, cut where they are long.
        place: where a person looks them up, such as "plan.md:3-4" or "plan.pdf p. 3 l. 12".
    """

    document: str
    first: int
    last: int
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What was checked, in numbers. An entry is an item, an action, a proposal or the reasons of a dissenting vote.

    Attributes:
        entries: the number of entries.
        words: how many of them are a whole field or line of the transcript, word for word, and verified.
        lines: how many of them are lines of documents.
        as_said: how many of them are only shown as they were said.
        compared: how many quotations were compared with documents.
        found: how many of these stand there, with nothing left out that can change the meaning.
    """

    entries: int
    words: int
    lines: int
    as_said: int
    compared: int
    found: int
