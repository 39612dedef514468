"""Where the quotations of minutes stand in the turns that they rest on, so that a page can mark them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agents.export.text import plain_lines
from agents.meeting.entry_names import NamedEntry
from agents.meeting.finding import Finding
from agents.meeting.record import Minutes, TopicMinutes, Turn
from agents.text import one_line


@dataclass(frozen=True, slots=True)
class Marked:
    """Some words of a turn that the minutes quote.

    Attributes:
        anchor: the name of the place on a page, such as "T5.1".
        start, end: where the words are in the lines of the turn, joined by line feeds.
        entries: the names of the entries that quote them.
    """

    anchor: str
    start: int
    end: int
    entries: tuple[str, ...]


class QuoteMarks:
    """The words of all turns that the entries, changes of position and reasons of minutes quote.

    Quotations that share words are marked as one, because marks cannot overlap.

    Args:
        minutes: the minutes.
        named: their entries by name.
    """

    def __init__(self, minutes: Minutes, named: Mapping[str, NamedEntry]) -> None:
        wanted: dict[str, list[tuple[str, str]]] = {}
        for turn, quote, name in _quotes(minutes, named):
            wanted.setdefault(turn, []).append((quote, name))
        said = {turn.id: turn for turn in minutes.turns}
        self._marks = {turn: _merged(said[turn], quotes) for turn, quotes in wanted.items() if turn in said}
        self._texts = {turn: _flat(said[turn]) for turn in self._marks}

    def on(self, turn: str) -> tuple[Marked, ...]:
        """The marked words of a turn, in order."""
        return self._marks.get(turn, ())

    def anchor(self, turn: str, quote: str) -> str:
        """The name of the place of a quotation in a turn; that of the turn where the words are not found in it."""
        span = _found(self._texts.get(turn, ""), quote)
        if span is None:
            return turn
        return next((one.anchor for one in self.on(turn) if one.start <= span[0] and span[1] <= one.end), turn)


def _quotes(minutes: Minutes, named: Mapping[str, NamedEntry]) -> Iterator[tuple[str, str, str]]:
    """Turn, words and name of all that is quoted; the name is "" for what has none."""
    for name, one in named.items():
        if isinstance(one.value, Finding):
            for reason in one.value.reasons:
                yield from ((reason.turn, words, name) for words in (reason.why, reason.change) if reason.turn)
        elif one.value.evidence:
            yield one.value.evidence.turn, one.value.evidence.quote, name
    for topic in minutes.topics:
        yield from _moved(topic)


def _moved(topic: TopicMinutes) -> Iterator[tuple[str, str, str]]:
    for move in topic.moves:
        if move.evidence:
            yield move.turn, move.evidence.quote, ""


def _merged(turn: Turn, quotes: Iterable[tuple[str, str]]) -> tuple[Marked, ...]:
    """The places of the quotations in a turn; those that overlap as one."""
    text = _flat(turn)
    spans = sorted((*span, name) for quote, name in quotes if (span := _found(text, quote)))
    parts: list[tuple[int, int, list[str]]] = []
    for start, end, name in spans:
        if parts and start < parts[-1][1]:
            before = parts.pop()
            parts.append((before[0], max(before[1], end), [*before[2], name]))
        else:
            parts.append((start, end, [name]))
    return tuple(
        Marked(f"{turn.id}.{number}", start, end, tuple(dict.fromkeys(filter(None, names))))
        for number, (start, end, names) in enumerate(parts, 1)
    )


def _flat(turn: Turn) -> str:
    return " ".join(plain_lines(turn.text))


def _found(text: str, quote: str) -> tuple[int, int] | None:
    """Where the words of a quotation are in a text; None where they are not in it, or are all of it."""
    words = one_line(quote)
    start = text.find(words) if words else -1
    if start < 0 or len(words) == len(text):
        return None
    return start, start + len(words)
