"""What an entry of the minutes rests on, as marked words: its turn, its place in a document, and what is doubtful."""

from collections.abc import Iterable, Mapping, Sequence

from agents.export.corrections import Said, confirmation, mark, rejection
from agents.export.page import Line, Mark, Span, line, listed
from agents.export.text import lines_of, speaker_name, why_as_said
from agents.meeting.entry_names import entry_names
from agents.meeting.finding import Finding
from agents.meeting.record import Evidence, Minutes, Written
from agents.text import one_line

Names = Mapping[int, str]
"""The short names of entries, such as "R2", by the identity of the entry and of its evidence."""


def names_in(minutes: Minutes) -> Names:
    """The names under which people give verdicts on the entries of these minutes."""
    found: dict[int, str] = {}
    for name, entry in entry_names(minutes).items():
        found[id(entry.value)] = name
        if not isinstance(entry.value, Finding) and entry.value.evidence:
            found[id(entry.value.evidence)] = name
    return found


def turn(turn_id: str, quote: str = "") -> Span:
    """A turn, by its id; ``quote`` are the words in it that are meant."""
    return Span(one_line(turn_id), Mark.TURN, to=turn_id, quote=quote)


def entry(name: str) -> Span:
    """An entry, by its name; "" for one without."""
    return Span(name, Mark.ENTRY, to=name)


def voter(minutes: Minutes, topic: int, speaker: str) -> Span:
    """One who voted on a topic."""
    return Span(name(minutes, speaker), Mark.VOTER, to=f"{topic}.{speaker}")


def place(minutes: Minutes, written: Written) -> Span:
    """Lines of a document, such as ``plan.md:3-4``; without its name if the meeting has only one document."""
    said = one_line(written.place)
    if len(minutes.documents) == 1:
        said = said.removeprefix(one_line(written.document)).strip() or said
    return Span(said, Mark.PLACE, to=written.document, first=written.first, last=written.last)


def doubt(minutes: Minutes, evidence: Iterable[Evidence | None]) -> Line:
    """The mark before an entry that a person rejected, or that is only shown as it was said, with the reason; nothing
    for others. The words of a correction were not said.
    """
    said = [one for one in evidence if one and not mark(minutes, one)]
    why = next((found for one in said if (found := rejection(minutes, one))), "")
    return _doubtful(why or next((found for one in said if (found := why_as_said(one))), ""))


def _doubtful(why: str) -> Line:
    return (Span(why, Mark.DOUBT), Span(" ")) if why else ()


def stands(minutes: Minutes, said: Iterable[Said | None], *words: str | Span | Line) -> Line:
    """The words of an entry; struck out where a person rejected all that it rests on.

    Args:
        minutes: the minutes.
        said: what the entry rests on, or the place in a document itself.
        words: its words.
    """
    shown, found = line(*words), [one for one in said if one]
    if not found or not all(rejection(minutes, one) for one in found):
        return shown
    return (Span("".join(span.text for span in shown), Mark.GONE),)


def entry_words(minutes: Minutes, evidence: Sequence[Evidence | None], *words: str | Span | Line) -> Line:
    """The words of an entry behind its doubt; struck out where a person rejected it."""
    return line(doubt(minutes, evidence), stands(minutes, evidence, *words))


def judged_place(minutes: Minutes, finding: Finding) -> Line:
    """The mark before a place in a document that a person rejected; nothing for others."""
    return _doubtful(rejection(minutes, finding))


def sources(minutes: Minutes, evidence: Sequence[Evidence]) -> Line:
    """The turns of the evidence, and the places of what is a line of a document, each once; behind them, who corrected
    or confirmed the words of the entry.
    """
    spans = [
        span
        for one in evidence
        for span in (
            place(minutes, lines_of(one)[0]) if one.document else turn(one.turn, one.quote),
            Span(mark(minutes, one) or confirmation(minutes, one)),
        )
    ]
    return listed((span,) for span in dict.fromkeys(span for span in spans if span.text))


def in_brackets(minutes: Minutes, evidence: Sequence[Evidence], names: Names | None = None) -> Line:
    """The name and the sources of an entry in brackets after it; nothing where it has none."""
    named = (line(entry(one)) for one in named_by(evidence, names or {}))
    found = listed(filter(None, (*named, sources(minutes, evidence))))
    return line(" (", found, ")") if found else ()


def named_by(evidence: Iterable[Evidence], names: Names) -> list[str]:
    """The names of the entries that rest on this evidence."""
    return list(dict.fromkeys(names[id(one)] for one in evidence if id(one) in names))


def written(minutes: Minutes, evidence: Iterable[Evidence | None]) -> list[Line]:
    """The lines of documents that entries quote or name, each once: their place and, between quotation marks, their
    words.
    """
    every = dict.fromkeys(lines for one in evidence if one for lines in one.written)
    return [beside(minutes, one) for one in every]


def beside(minutes: Minutes, lines: Written) -> Line:
    """The place and the words of some lines of a document."""
    words = one_line(lines.text)
    return line(place(minutes, lines), f' "{words}"' if words else " is empty")


def name(minutes: Minutes, speaker: str) -> str:
    """The title of a speaker, as printed."""
    return speaker_name(minutes, speaker)
