"""What a meeting found on a topic, after its decision: places in the documents, the entries of the meeting type, what
was proposed and not adopted, who changed position, and the comparison with a single agent.
"""

from collections.abc import Iterator, Sequence

from agents.export.corrections import confirmation, mark, rejection
from agents.export.page import Block, Grid, Heading, Line, Mark, Point, Points, Span, line, listed, paragraph
from agents.export.page.first import FIRST_QUESTIONS, action_table, headed, place_of, put_to_vote, questions
from agents.export.page.proof import (
    Names,
    entry,
    entry_words,
    in_brackets,
    judged_place,
    name,
    named_by,
    sources,
    stands,
    turn,
    written,
)
from agents.export.text import OPINIONS, PLACES, reason_line, why_as_said
from agents.meeting.artefact import Block as Part
from agents.meeting.artefact import Row
from agents.meeting.checklist import CHECKLIST
from agents.meeting.finding import SEARCHED, Finding, Reason
from agents.meeting.minutes.artefacts import artefact_of
from agents.meeting.prompts import QUESTION
from agents.meeting.record import Evidence, Item, Minutes, Status, TopicMinutes
from agents.text import one_line

BESIDE = ("no.", "who", "when", "dots")
"""The columns beside the words of an entry, before which its doubt would be said of something else."""
NO_ENTRY = Part("").empty
"""What a part without rows says if the meeting type gives it no words of its own."""


def places(minutes: Minutes, topic: TopicMinutes, level: int, names: Names) -> Iterator[Block]:
    """The places in the documents to look at: the words of the document, why, and what to change."""
    placed = [one for one in topic.findings if one.document]
    if placed:
        yield Heading(level, f"{PLACES} ({len(placed)})")
        yield Grid(
            ("no.", "weight", "place", "the document says", "why it may be wrong", "change"),
            tuple(_place(minutes, one, names) for one in placed),
        )
    loose = [(one, reason) for one in topic.findings if not one.document for reason in one.reasons]
    yield from headed(level, OPINIONS, [Point(_opinion(minutes, *one), verified=False) for one in loose])


def _place(minutes: Minutes, one: Finding, names: Names) -> tuple[Line, ...]:
    whose = listed((line(one_line(reason.why), " (", _who(minutes, reason), ")") for reason in one.reasons), "; ")
    changes = [line(one_line(reason.change), in_turn(reason)) for reason in one.reasons if reason.change]
    return (
        listed(filter(None, (line(entry(names.get(id(one), ""))), line(confirmation(minutes, one))))),
        line(one.severity),
        (place_of(minutes, one),),
        line(f'"{one_line(one.quote)}"'),
        line(judged_place(minutes, one), stands(minutes, [one], whose)),
        stands(minutes, [one], listed(changes, "; ")) if changes else (),
    )


def _opinion(minutes: Minutes, one: Finding, reason: Reason) -> Line:
    """What a speaker said about words that stand in no document."""
    said_of = confirmation(minutes, one)
    words = stands(minutes, [one], reason_line(minutes, reason))
    return line(judged_place(minutes, one), words, f" ({said_of})" if said_of else "")


def _who(minutes: Minutes, reason: Reason) -> Line:
    """The role that points at a place; where it read the document, also the turn that says so."""
    said = (", ", turn(reason.turn, reason.why)) if reason.turn and reason.how != SEARCHED else ()
    return line(one_line(minutes.title_of(reason.role)), *said)


def in_turn(reason: Reason) -> Line:
    """The turn of a reason, in brackets."""
    return line(" (", turn(reason.turn, reason.change), ")") if reason.turn else ()


def entries(minutes: Minutes, topic: TopicMinutes, level: int, names: Names) -> Iterator[Block]:
    """The entries of the meeting type, in its own order, then those of other sections. What repeats the decision stands
    only in JSON and in decision records.
    """
    left = artefact_of(minutes, topic)
    parts = [part for part in left.blocks if not part.repeats]
    empty = [part.heading for part in parts if not part.rows and part.empty == NO_ENTRY]
    for part in parts:
        if part.rows or part.empty != NO_ENTRY:
            yield from _part(minutes, topic, part, level, names)
    others = [(label, title) for label, title in minutes.sections.items() if label not in left.labels]
    for label, title in others:
        items = [item for item in topic.items if item.label == label]
        if label == QUESTION.label and minutes.artefact != CHECKLIST:
            items = questions(topic)[FIRST_QUESTIONS:]
        yield from _part(minutes, topic, Part(title, tuple(map(_row, items))), level, names) if items else ()
    if empty:
        yield paragraph(f"Nobody named an entry for: {', '.join(map(one_line, empty))}.")


def _row(item: Item) -> Row:
    fields = "".join(f" [{one_line(name)}: {one_line(value)}]" for name, value in item.fields.items())
    return Row((item.text + fields,), (item.evidence,))


def _part(minutes: Minutes, topic: TopicMinutes, part: Part, level: int, names: Names) -> Iterator[Block]:
    """One section: a table if it has columns, otherwise a list. Rows that the decision contains are only counted."""
    rows = [row for row in part.rows if not _decided(minutes, topic, row)]
    gone = len(part.rows) - len(rows)
    title = one_line(part.heading)
    where = f"{len(part.rows)}, {gone} of them in the proposal" if gone else f"{len(part.rows)}"
    yield Heading(level, f"{title} ({where})" if len(part.rows) > 1 or gone else title)
    if not part.rows:
        yield paragraph(one_line(part.empty))
    elif part.columns and rows:
        yield _grid(minutes, part, rows, names)
    elif rows:
        yield Points(tuple(_point(minutes, row, names) for row in rows))


def _decided(minutes: Minutes, topic: TopicMinutes, row: Row) -> bool:
    """Whether the sentence that was decided on, which stands above, contains a row."""
    if topic.decision.status is Status.NONE:
        return False
    hidden = [one for one in row.evidence if one.verified and not mark(minutes, one)]  # other marks must be seen
    proofs = [one for one in hidden if not rejection(minutes, one)]
    return any(contained(topic.decision.text, cell, one) for cell in row.cells for one in proofs)


def contained(proposal: str, words: str, evidence: Evidence) -> bool:
    """Whether a proposal contains the words of an entry, with their turn, as code writes proposals."""
    return bool(evidence.turn) and any(
        f"{one_line(words).rstrip('.')}{end} [{evidence.turn}]" in proposal for end in ("", ".")
    )


def _grid(minutes: Minutes, part: Part, rows: Sequence[Row], names: Names) -> Grid:
    """The rows as a table: their cells, their turns, and the lines of documents that they quote."""
    proofs = [listed(written(minutes, row.evidence), "; ") for row in rows]
    said_in = [_source(minutes, row, names) for row in rows]
    columns = [*part.columns, *(["source"] if any(said_in) else []), *(["the document says"] if any(proofs) else [])]
    words = next((n for n, name in enumerate(part.columns) if name not in BESIDE), 0)
    cells = []
    for row, source, proof in zip(rows, said_in, proofs, strict=True):
        found = [line(one_line(cell)) for cell in row.cells]
        if row.place:
            document, number = row.place
            found[0] = (Span(one_line(row.cells[0]), Mark.PLACE, to=document, first=number, last=number),)
        found[words] = entry_words(minutes, row.evidence, found[words])
        found += [source] if any(said_in) else []
        found += [proof] if any(proofs) else []
        cells.append(tuple(found))
    return Grid(tuple(columns), tuple(cells))


def _source(minutes: Minutes, row: Row, names: Names) -> Line:
    """The name of an entry and the turns and places that it rests on."""
    named = [line(entry(one)) for one in named_by(row.evidence, names)]
    return listed(filter(None, (*named, sources(minutes, row.evidence))))


def _point(minutes: Minutes, row: Row, names: Names) -> Point:
    cells = " ".join(one_line(cell) for cell in row.cells)
    words = line(entry_words(minutes, row.evidence, cells), in_brackets(minutes, row.evidence, names))
    return Point(words, tuple(written(minutes, row.evidence)))


def proposed(minutes: Minutes, topic: TopicMinutes, level: int, names: Names) -> Iterator[Block]:
    """The proposal on which nothing was decided, and the actions that were proposed and not agreed."""
    found = [one for one in topic.actions if not one.agreed]
    put = list(_undecided(minutes, topic, names)) if topic.decision.status is Status.NONE else []
    if found or put:
        yield Heading(level, f"Proposed, not adopted ({len(found)})" if found else "Proposed, not adopted")
    yield from put
    if found:
        yield action_table(minutes, found, names)


def _undecided(minutes: Minutes, topic: TopicMinutes, names: Names) -> Iterator[Block]:
    """What was put to the vote without a decision. Of a choice of the meeting type, the entries that it contains stand
    in their own sections, and are named. One that a person corrected or
    rejected is shown with its words.
    """
    found = topic.decision
    judged = mark(minutes, found.evidence) or rejection(minutes, found.evidence)
    if not found.choice or not found.evidence or judged:
        yield from put_to_vote(minutes, topic, names)
        return
    inside = [item.evidence for item in topic.items if contained(found.text, item.text, item.evidence)]
    named = listed(line(entry(one)) for one in named_by(inside, names))
    unnamed = f", with {len(inside)} of the entries above" if inside else ""
    entries = line(", with ", named) if named else line(unnamed)
    said_in = in_brackets(minutes, [found.evidence], names)
    yield paragraph(f'Put to the vote: "{one_line(found.choice)}"', entries, said_in, ".")


def moves(minutes: Minutes, topic: TopicMinutes, level: int) -> Iterator[Block]:
    """Who changed position, where, and after whose words."""
    points = []
    for move in topic.moves:
        after = line(" after ", turn(move.cites)) if move.cites else ()
        flag = "" if move.argued else " (no new argument)"
        why = why_as_said(move.evidence) if move.evidence else ""
        flag += f" ({why})" if why else ""
        said = f"{name(minutes, move.speaker)}: {one_line(move.before)} to {one_line(move.after)} in "
        verified = move.evidence.verified if move.evidence else None
        points.append(Point(line(said, turn(move.turn), after, flag), verified=verified))
    yield from headed(level, "Changed position", points)


def compared(minutes: Minutes, topic: TopicMinutes, level: int, names: Names) -> Iterator[Block]:
    """The comparison with a single agent."""
    if topic.control:
        yield Heading(level, one_line(topic.control.title))
        for part in topic.control.blocks:
            yield from _part(minutes, topic, part, level + 1, names)
