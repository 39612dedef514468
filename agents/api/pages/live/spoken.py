"""What is said in a meeting, as elements of its page: turns, notes, absences and decisions, one by one as they come."""

from agents.api.pages import paths
from agents.api.pages.amounts import headline, shortened
from agents.export.html_tags import Html, join, lines, tag
from agents.export.text import phase_name, plain_lines
from agents.meeting import reading
from agents.meeting.close_reading.pairs import Pair
from agents.meeting.journal_values import Drop, Note, PersonDecision
from agents.meeting.record import Absence, Turn
from agents.meeting.spec import MeetingSpec
from agents.text import one_line

LONGEST_TURN = 8_000
"""The most characters of a turn on the page of a meeting that is held; its minutes have all of it."""
LONGEST_QUOTE = 300
"""The most characters of a sentence of a document above a turn about it."""


def topic_begins(spec: MeetingSpec, number: int) -> Html:
    """The heading of a topic."""
    text = next((topic.text for topic in spec.topics if topic.number == number), "")
    return tag("h3", f"{number}. {headline(text)}", id=f"topic-{number}")


def phase_begins(place: str, phase: str, *, below: bool) -> Html:
    """The heading of a phase, with the name of its place; ``below`` if a topic stands above it."""
    return tag("h4" if below else "h3", phase_name(phase).capitalize(), id=place)


def turn_said(spec: MeetingSpec, turn: Turn, about: Pair | None = None) -> Html:
    """A turn, with its id as a link to it.

    Args:
        spec: the meeting.
        turn: the turn.
        about: the sentence of a document about which the speaker was asked; None for a turn about the topic.
    """
    position = tag("span", turn.position.value, class_="state") if turn.position else None
    number = tag("a", turn.id, href=paths.meeting(spec.id, "", turn.id), class_="number")
    named = tag("p", number, " ", tag("strong", who(spec, turn.speaker)), " " if position else None, position)
    head = lines(named, _asked_about(spec, about) if about else None)
    if reading.passed(turn.text):
        return tag("div", head, tag("p", "Has nothing to add.", class_="soft"), id=turn.id, class_="turn")
    text = "\n".join(plain_lines(turn.text))
    words = tag("p", text[:LONGEST_TURN], _rest(spec, turn) if len(text) > LONGEST_TURN else None, class_="words")
    return tag("div", head, words, id=turn.id, class_="turn")


def _asked_about(spec: MeetingSpec, about: Pair) -> Html:
    """The sentence of a document about which somebody was asked, with a link to its line, and why it was found."""
    numbers = {document.name: number for number, document in enumerate(spec.documents, 1)}
    place = f"{one_line(about.document)}:{about.first}"
    if number := numbers.get(about.document):
        where = tag("a", place, href=paths.document(spec.id, number, about.first))
    else:
        where = tag("span", place)
    said = shortened(about.quote, LONGEST_QUOTE)
    return tag("p", "On ", where, f" \u201c{said}\u201d: {shortened(about.item, LONGEST_QUOTE)}", class_="soft")


def _rest(spec: MeetingSpec, turn: Turn) -> Html:
    link = tag("a", "all of it stands in the minutes so far", href=paths.meeting(spec.id, "minutes", turn.id))
    return join(" \u2026 ", link)


def beside(spec: MeetingSpec, place: str, value: Drop | Note | Absence | PersonDecision) -> Html:
    """What stands between the turns: a note, who gave no answer, what a person decided.

    Args:
        spec: the meeting.
        place: the name of its place on the page.
        value: what happened.
    """
    match value:
        case Note():
            said: Html = join(tag("strong", "Note "), one_line(value.text))
        case Absence():
            said = join(tag("strong", f"No answer from {who(spec, value.speaker)}: "), one_line(value.cause))
        case Drop():
            said = join(tag("strong", f"{value.turn} is not passed on: "), one_line(value.why))
        case PersonDecision():
            why = f": {one_line(value.why)}" if value.why else ""
            chosen = value.choice or value.status.value
            said = join(tag("strong", f"{who(spec, value.speaker)} decides: {one_line(chosen)}"), why)
    kind = "aside decided" if isinstance(value, PersonDecision) else "aside"
    return tag("p", said, id=place, class_=kind)


def who(spec: MeetingSpec, speaker: str) -> str:
    """The title of a speaker, on one line."""
    return "The scribe" if speaker == "scribe" else one_line(spec.title_of(speaker))
