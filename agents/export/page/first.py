"""What a reader needs first: the decision and how it came about, the actions, who still disagrees, and what the meeting
may have missed.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from agents.export.corrections import mark
from agents.export.page import (
    Block,
    Grid,
    Heading,
    Line,
    Mark,
    Paragraph,
    Point,
    Points,
    Quotation,
    Span,
    line,
    listed,
    paragraph,
    strong,
)
from agents.export.page.proof import Names, doubt, entry, entry_words, in_brackets, name, sources, turn, voter, written
from agents.export.text import (
    ABOUT_PLACES,
    VERBS,
    afterwards,
    models_said,
    owner_line,
    phase_name,
    reasons_said,
    verified_line,
)
from agents.meeting.checklist import CHECKLIST
from agents.meeting.finding import Finding
from agents.meeting.minutes.ballot import record_status
from agents.meeting.minutes.dates import due_said, task_said
from agents.meeting.minutes.positions import contradicting_ballots, final_positions
from agents.meeting.minutes.who_answered import spoken_by
from agents.meeting.prompts import QUESTION
from agents.meeting.record import ActionItem, Dissent, Item, Minutes, Position, Status, TopicMinutes
from agents.meeting.unread import nobody, said
from agents.model import answers_by_rule
from agents.text import one_line

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

NO_REASON = "no reason given"
FIRST_PLACES = 5
"""The number of places in documents that are named with the decision."""
FIRST_QUESTIONS = 3
"""The number of open questions that stand with what the meeting may have missed; the others have a section."""


def day_said(day: date) -> str:
    """A day in words that have the same meaning everywhere, such as "Sat 28 Nov 2026"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def about(minutes: Minutes) -> Line:
    """One line about the meeting: kind, day, who was there, the model, the documents."""
    roles = "1 role" if len(minutes.present) == 1 else f"{len(minutes.present)} roles"
    chair = f", chair {one_line(minutes.title_of(minutes.facilitator))}"
    calls = f"{minutes.numbers.get('calls', 0):.0f}"
    parts = [f"{one_line(minutes.title)}, {day_said(minutes.held)}"]
    if minutes.artefact == CHECKLIST:
        parts += [f"lists of {roles}", one_line(minutes.model)]
    else:
        parts += [
            f"{roles}{chair}",
            f"{models_said(minutes)}, {calls} {'answer' if calls == '1' else 'answers'}",
        ]
    parts += [f"{', '.join(map(one_line, minutes.documents))}"] if minutes.documents else []
    parts += [] if minutes.ended else [minutes.status]
    return line(" \u00b7 ".join(parts))


def outcome(topic: TopicMinutes) -> Span:
    """The outcome of a topic; ``to`` says whether it is accepted, rejected, deferred, proposed or none."""
    decision = topic.decision
    status = "none" if decision.status is Status.NONE else record_status(decision)
    return Span(one_line(decision.outcome), Mark.OUTCOME, to=status)


def decides(topic: TopicMinutes) -> bool:
    """Whether a decision was to be taken on the topic."""
    decision = topic.decision
    return decision.rule != "none" or decision.status is not Status.NONE or bool(decision.text)


def decision(minutes: Minutes, topic: TopicMinutes, names: Names) -> Iterator[Block]:
    """The outcome, why, and the sentence that was voted on."""
    if not decides(topic):
        return
    found = topic.decision
    vetoes = listed((Span(name(minutes, role)),) for role in found.vetoed_by)
    why = line(
        f" {one_line(found.why)} Rule: {one_line(found.rule)}.", *(line(" Veto: ", vetoes, ".") if vetoes else ())
    )
    yield paragraph(strong("Decision:"), " ", outcome(topic), ".", why)
    if found.status is not Status.NONE:
        yield from put_to_vote(minutes, topic, names)
    yield from since_then(topic)
    if places := look_first(minutes, topic, "places, below"):
        yield Paragraph(places)


def look_first(minutes: Minutes, topic: TopicMinutes, others: str = "") -> Line:
    """The first places to look at, in a sentence; nothing where there are none.

    Args:
        minutes: the minutes.
        topic: the topic.
        others: words behind the number of the others.
    """
    places = [one for one in topic.findings if one.document]
    rest = len(places) - FIRST_PLACES
    more = " ".join(filter(None, (f" and {rest} more", others))) if rest > 0 else ""
    named = listed((place_of(minutes, one),) for one in places[:FIRST_PLACES])
    return line("Look first at ", named, f"{more}.") if places else ()


def unread(minutes: Minutes, topic: TopicMinutes) -> str:
    """The lines of documents that nobody was shown: a reader must know them with the decision; "" for none."""
    return said(topic.unread, nobody(ended=minutes.ended))


def since_then(topic: TopicMinutes) -> Iterator[Block]:
    """What is known of a decision since its meeting."""
    if known := afterwards(topic):
        yield Points(tuple(Point(line(one_line(one))) for one in known))


def put_to_vote(minutes: Minutes, topic: TopicMinutes, names: Names) -> Iterator[Block]:
    """The sentence that was voted on."""
    found = topic.decision
    if found.evidence:
        put = "" if found.status is Status.ACCEPTED else "Put to the vote: "
        said_in = in_brackets(minutes, [found.evidence], names)
        words = entry_words(minutes, [found.evidence], put, _linked(one_line(found.text)))
        yield Quotation((line(words, said_in),))
        if beside := written(minutes, [found.evidence]):
            yield Points(tuple(map(Point, beside)))


def place_of(minutes: Minutes, finding: Finding) -> Span:
    """The place of a finding, without the document's name if the meeting has only one."""
    where = finding.where.removeprefix(finding.document) if len(minutes.documents) == 1 else finding.where
    return Span(one_line(where), Mark.PLACE, to=finding.document, first=finding.first, last=finding.last)


def _linked(text: str) -> Line:
    """A text in which each turn id in brackets, such as [T3], leads to the turn."""
    found: list[Span] = []
    rest = text
    while "[T" in rest:
        before, _, after = rest.partition("[T")
        number, bracket, tail = after.partition("]")
        if not bracket or not number.isdecimal():
            found.append(Span(f"{before}[T"))
            rest = after
            continue
        found += [Span(f"{before}["), turn(f"T{number}")]
        rest = f"]{tail}"
    return (*found, Span(rest)) if rest else tuple(found)


def actions(minutes: Minutes, topic: TopicMinutes, names: Names) -> Iterator[Block]:
    """What was agreed, with owner and day."""
    agreed = [one for one in topic.actions if one.agreed]
    if agreed:
        yield action_table(minutes, agreed, names)
    elif topic.actions or decides(topic):
        rest = len(topic.actions)
        proposed = f" {rest} {'is' if rest == 1 else 'are'} proposed, below." if rest else ""
        yield paragraph(f"No action was agreed.{proposed}")


def action_table(minutes: Minutes, listed_ones: Sequence[ActionItem], names: Names) -> Grid:
    """Actions with owner, task, day and source."""
    rows = []
    quoting = any(one.evidence.written for one in listed_ones)
    for one in listed_ones:
        due = due_said(one.due, one.due_text, past=one.past)
        if one.due_text and one.due_text not in one.task and one.due_text != due:
            due += f' ("{one_line(one.due_text)}")'
        task = one.task if mark(minutes, one.evidence) else task_said(one.task, one.due, one.due_text)
        beside = [listed(written(minutes, [one.evidence]), "; ")] if quoting else []
        rows.append(
            (
                line(entry(names.get(id(one), ""))),
                line(owner_line(minutes, one)),
                entry_words(minutes, [one.evidence], one_line(task)),
                line(due),
                sources(minutes, [one.evidence]),
                *beside,
            )
        )
    columns = ("action", "who", "what", "due", "source", *(("the document says",) if quoting else ()))
    return Grid(columns, tuple(rows))


def dissenting(minutes: Minutes, topic: int, one: Dissent, does: str) -> Point:
    """A vote that was not plain support, with its reasons; ``does`` is what its voter does."""
    said_by = f" {does}{reasons_said(one.reason, one.would_change, NO_REASON)}"
    words = line(doubt(minutes, [one.evidence]), voter(minutes, topic, one.speaker), said_by)
    return Point(words, tuple(written(minutes, [one.evidence])), one.evidence.verified if one.evidence else None)


def contested(minutes: Minutes, topic: TopicMinutes) -> list[Point]:
    """Who objected or had a concern, whose vote contradicts their position, and whose vote does not count."""
    points = []
    for one in topic.dissent:
        does = "objects" if one.vote.value == "object" else "has a concern"
        points.append(dissenting(minutes, topic.topic.number, one, does))
    last = final_positions(topic)
    turned: dict[str, list[str]] = {}
    for ballot in contradicting_ballots(topic):
        words = f'Last position "{last[ballot.speaker]}", but {VERBS[ballot.vote]} in the vote'
        turned.setdefault(words, []).append(ballot.speaker)
    loose = sum(not one.counted for one in topic.ballots)
    if loose and loose < len(topic.ballots):
        points.append(Point(line(f"{loose} of {len(topic.ballots)} votes do not count, because they are unsteady.")))
    points += [Point(line(f"{words}: {', '.join(name(minutes, one) for one in who)}")) for words, who in turned.items()]
    if positions := _positions(topic):
        held = (line(f"{said}: {', '.join(name(minutes, one) for one in who)}") for said, who in positions)
        points.append(Point(line("Positions: ", listed(held, " \u00b7 "))))
    return points


def _positions(topic: TopicMinutes) -> list[tuple[str, list[str]]]:
    """The last positions and who has them, where they differ and no vote shows it."""
    if any(one.counted for one in topic.ballots):
        return []
    last = final_positions(topic)
    found = [(each.value, [who for who, one in last.items() if one == each.value]) for each in Position]
    held = [(position, who) for position, who in found if who]
    return held if len(held) > 1 else []


def questions(topic: TopicMinutes) -> list[Item]:
    """The open questions of a topic."""
    return [one for one in topic.items if one.label == QUESTION.label]


def missed(minutes: Minutes, topic: TopicMinutes, names: Names) -> list[Point]:
    """What a meeting may have missed on a topic, besides lines that nobody was shown: questions without an answer, and
    notes.
    """
    points = []
    every = questions(topic) if minutes.artefact != CHECKLIST else []
    asked = every[:FIRST_QUESTIONS]
    if asked:
        each = [
            line(entry_words(minutes, [one.evidence], one_line(one.text)), in_brackets(minutes, [one.evidence], names))
            for one in asked
        ]
        rest = len(every) - len(asked)
        points.append(
            Point(line("Unanswered: ", listed(each, " \u00b7 "), f" \u00b7 {rest} more below" if rest else ""))
        )
    points += [Point(line(one_line(note))) for note in topic.notes]
    points += [Point(line(ABOUT_PLACES))] if any(one.document for one in topic.findings) else []
    return points


def missed_in_all(minutes: Minutes) -> list[Point]:
    """What the meeting as a whole may have missed: who gave no answer, what one model may not see, what was checked."""
    points = [Point(line(one_line(note))) for note in minutes.notes]
    absent: dict[str, list[str]] = {}
    for one in minutes.absent:
        topic = f"topic {one.topic}, " if len(minutes.topics) > 1 else ""
        where = f"{name(minutes, one.speaker)} ({topic}{phase_name(one.phase)})"
        absent.setdefault(one.cause, []).append(where)
    points += [Point(line(f"No answer from {', '.join(who)}: {one_line(cause)}")) for cause, who in absent.items()]
    told = {jury.sentence for topic in minutes.topics for jury in minutes.juries if jury.sentence in topic.decision.why}
    points += [Point(line(one_line(jury.sentence))) for jury in minutes.juries if jury.sentence not in told]
    models = "" if answers_by_rule(minutes.model) else one_line(spoken_by(minutes))
    checked = " ".join(filter(None, (models, verified_line(minutes))))
    return [*points, Point(line(checked))] if checked else points


def headed(level: int, title: str, points: Sequence[Point]) -> Iterator[Block]:
    """A list under its heading; nothing for an empty one."""
    if points:
        yield Heading(level, title)
        yield Points(tuple(points))
