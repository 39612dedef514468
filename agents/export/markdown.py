"""Minutes as Markdown that is also readable as plain text. What was said is escaped, so that it stays text."""

import re
from collections.abc import Iterator, Sequence

from agents.export.text import (
    ABOUT_PLACES,
    OPINIONS,
    PLACES,
    VERBS,
    attendance,
    contradictions,
    cost_line,
    deeds,
    owner_line,
    phase_name,
    place_of,
    plain_lines,
    reason_line,
    speaker_name,
    verified_line,
    why_as_said,
    written_lines,
)
from agents.meeting.artefact import Block, Row
from agents.meeting.minutes.artefacts import artefact_of
from agents.meeting.minutes.dates import due_said
from agents.meeting.record import ActionItem, Decision, Evidence, Item, Minutes, Move, Status, TopicMinutes
from agents.text import one_line


def escape(text: str) -> str:
    """One line of text, escaped so that it cannot become emphasis, a link, image, code, HTML, heading or list."""
    text = one_line(text)
    text = re.sub(r"([\\`*<>|~])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"([\[\]])(?=[\[(:!])|(?<=!)(\[)", lambda m: "\\" + (m[1] or m[2]), text)
    text = re.sub(r"^([#+=-])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)


def heading(text: str, level: int = 3) -> Iterator[str]:
    """A heading between empty lines."""
    yield ""
    yield f"{'#' * level} {text}"
    yield ""


def escaped_name(minutes: Minutes, speaker: str) -> str:
    """The title of a speaker, as Markdown text."""
    return escape(speaker_name(minutes, speaker))


def quoted(text: str) -> Iterator[str]:
    """A text as a quotation that keeps its line breaks."""
    lines = plain_lines(text)
    for number, line in enumerate(lines, 1):
        yield f"> {escape(line)}" + ("\\" if number < len(lines) else "")


def as_said(evidence: Evidence | None) -> str:
    """The mark before an entry that is only shown as it was said, with the reason; "" for others."""
    return f"*{escape(why)}:* " if evidence and (why := why_as_said(evidence)) else ""


def source(minutes: Minutes, evidence: Evidence) -> str:
    """The turn and speaker of the evidence, or its place in a document."""
    if place := place_of(evidence):
        return f"({escape(place)})"
    return f"({escape(evidence.turn)}, {escaped_name(minutes, evidence.speaker)})"


def written(evidence: Evidence | None) -> list[str]:
    """The lines of documents that an entry names or quotes, each with its place."""
    return written_lines(evidence, escape) if evidence else []


def to_markdown(minutes: Minutes, *, transcript: bool = True) -> str:
    """Write the minutes as Markdown (CommonMark).

    Args:
        minutes: what to write.
        transcript: whether to add everything that was said, so that each turn id can be looked up.
    """
    lines = [*_header(minutes)]
    for topic in minutes.topics:
        lines += _topic(minutes, topic)
    if transcript and minutes.turns:
        lines += _transcript(minutes)
    lines += _footer(minutes)
    return "\n".join(lines).rstrip() + "\n"


def _header(minutes: Minutes) -> Iterator[str]:
    yield f"# {escape(minutes.title)}, {minutes.held.isoformat()}"
    yield ""
    yield f"- Meeting: {minutes.meeting}"
    yield f"- Model: **{escape(minutes.model)}**"
    yield from (f"- Votes: {escape(jury.sentence)}" for jury in minutes.juries)
    yield f"- Purpose: {escape(minutes.purpose)}"
    for name, value in attendance(minutes):
        yield f"- {name}: {escape(value)}"
    if minutes.documents:
        yield f"- Documents: {', '.join(escape(name) for name in minutes.documents)}"
    if minutes.status != "closed":
        yield f"- Status: {minutes.status}"
    if minutes.absent:
        yield ""
        yield "Absent:"
        yield ""
        for one in minutes.absent:
            phase = escape(phase_name(one.phase))
            yield f"- {escaped_name(minutes, one.speaker)}, topic {one.topic}, {phase}: {escape(one.cause)}"
    if minutes.notes:
        yield ""
        for note in minutes.notes:
            yield f"- Note: {escape(note)}"


def _topic(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    yield from heading(f"{topic.topic.number}. {escape(topic.topic.text)}", 2)
    yield escape(topic.summary)
    for note in topic.notes:
        yield ""
        yield f"Note: {escape(note)}"
    yield from _decision(minutes, topic)
    yield from _findings(minutes, topic)
    yield from _dissent(minutes, topic)
    yield from _actions(minutes, "Actions", [one for one in topic.actions if one.agreed])
    left = artefact_of(minutes, topic)
    if left.blocks:
        yield ""
        yield f"### {escape(left.title)}"
    for block in left.blocks:
        yield from _block(minutes, block)
    for label, title in minutes.sections.items():
        if label not in left.labels:
            yield from _section(minutes, title, [item for item in topic.items if item.label == label])
    yield from _actions(minutes, "Suggested, not agreed", [one for one in topic.actions if not one.agreed])
    yield from _moves(minutes, topic)
    if topic.control:
        yield ""
        yield f"### {escape(topic.control.title)}"
        for block in topic.control.blocks:
            yield from _block(minutes, block)


def _decision(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    decision = topic.decision
    if decision.rule == "none" and decision.status is Status.NONE and not decision.text:
        return
    yield from heading(f"Decision: {escape(decision.outcome)}")
    if decision.evidence:
        yield f"> {as_said(decision.evidence)}{escape(decision.text)}"
        yield ">"
        yield f"> {source(minutes, decision.evidence)}"
        yield ""
        yield from (f"- {line}" for line in written(decision.evidence))
        yield from [""] if decision.evidence.written else []
    yield f"Rule: {escape(decision.rule)}. {escape(decision.why)}{_vetoes(minutes, decision)}"
    if topic.ballots:
        yield ""
        for done, voters in deeds(topic).items():
            yield f"- {done}: {_names(minutes, voters)}"


def _findings(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    """The places in the documents to look at: the words of the document, why, and what to change."""
    placed = [one for one in topic.findings if one.document]
    if placed:
        yield from heading(PLACES)
        yield escape(ABOUT_PLACES)
        yield ""
    for number, one in enumerate(placed, 1):
        yield f'{number}. **{escape(one.where)}** ({one.severity}): "{escape(one.quote)}"'
        for reason in one.reasons:
            yield f"   - {escape(reason_line(minutes, reason))}"
    loose = [reason for one in topic.findings if not one.document for reason in one.reasons]
    if loose:
        yield from heading(OPINIONS)
    for reason in loose:
        yield f"- {escape(reason_line(minutes, reason))}"


def _vetoes(minutes: Minutes, decision: Decision) -> str:
    return f" Veto: {_names(minutes, decision.vetoed_by)}." if decision.vetoed_by else ""


def _dissent(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    if not topic.dissent:
        return
    yield from heading("Dissent and concerns")
    for one in topic.dissent:
        who = f"**{escaped_name(minutes, one.speaker)}** {VERBS[one.vote]}"
        yield f'- {as_said(one.evidence)}{who}: "{escape(one.reason) or "no reason given"}" (ballot)'
        if one.would_change:
            yield f'  Would change: "{escape(one.would_change)}"'
        yield from (f"  - {line}" for line in written(one.evidence))


def _actions(minutes: Minutes, title: str, actions: Sequence[ActionItem]) -> Iterator[str]:
    if not actions:
        return
    yield from heading(title)
    for action in actions:
        due = due_said(action.due, action.due_text, past=action.past)
        words = f' ("{escape(action.due_text)}")' if action.due_text and action.due_text != due else ""
        yield f"- [ ] {as_said(action.evidence)}{escape(action.task)}"
        yield f"  Owner: {escape(owner_line(minutes, action))}. Due: {due}{words}."
        yield f'  {source(minutes, action.evidence)}: "{escape(action.evidence.quote)}"'
        yield from (f"  - {line}" for line in written(action.evidence))


def _section(minutes: Minutes, title: str, items: Sequence[Item]) -> Iterator[str]:
    if not items:
        return
    yield from heading(escape(title))
    for item in items:
        fields = "".join(f" [{escape(name)}: {escape(value)}]" for name, value in item.fields.items())
        yield f'- {as_said(item.evidence)}"{escape(item.text)}"{fields} {source(minutes, item.evidence)}'
        yield from (f"  - {line}" for line in written(item.evidence))


def _block(minutes: Minutes, block: Block) -> Iterator[str]:
    """One part of an artefact: a table if it has columns, otherwise a list; an empty one has a text that says so."""
    yield from heading(escape(block.heading), 4)
    if not block.rows:
        yield escape(block.empty)
    elif block.columns:
        said = any(row.evidence for row in block.rows)
        columns = [*block.columns, "said in"] if said else list(block.columns)
        yield f"| {' | '.join(escape(name) for name in columns)} |"
        yield "|" + " --- |" * len(columns)
        for row in block.rows:
            cells = [*map(escape, row.cells), _doubt(row) + _proof(minutes, row)] if said else map(escape, row.cells)
            yield f"| {' | '.join(cells)} |"
    else:
        for row in block.rows:
            yield f"- {_doubt(row)}{' '.join([*map(escape, row.cells), _proof(minutes, row)])}".rstrip()


def _doubt(row: Row) -> str:
    return next((mark for one in row.evidence if (mark := as_said(one))), "")


def _proof(minutes: Minutes, row: Row) -> str:
    """The turns that are evidence of a row, and the lines of documents that they name or quote, each once."""
    proofs = (" ".join([source(minutes, one), *written(one)]) for one in row.evidence)
    return " ".join(dict.fromkeys(proofs))


def _moves(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    others = contradictions(topic)
    if not topic.moves and not others:
        return
    yield from heading("Who moved")
    for move in topic.moves:
        after = f" after {move.cites}" if move.cites else ""
        flag = "" if move.argued else " (no new argument)"
        moved = f"{move.before} to {move.after} in {move.turn}{after}{flag}{_why_moved(move)}"
        yield f"- {escaped_name(minutes, move.speaker)}: {moved}"
    for speaker, words in others:
        yield f"- {escaped_name(minutes, speaker)}: {words}"


def _why_moved(move: Move) -> str:
    """The mark of a move whose turn names or quotes something that was not found."""
    why = why_as_said(move.evidence) if move.evidence else ""
    return f" ({escape(why)})" if why else ""


def _names(minutes: Minutes, roles: Sequence[str]) -> str:
    return ", ".join(escaped_name(minutes, role) for role in roles) or "nobody"


def _transcript(minutes: Minutes) -> Iterator[str]:
    yield ""
    yield "## What was said"
    for turn in minutes.turns:
        topic = f"topic {turn.topic}, " if len(minutes.topics) > 1 else ""
        dropped = f", dropped: {escape(turn.dropped)}" if turn.dropped else ""
        yield ""
        where = f"{topic}{escape(phase_name(turn.phase))}{dropped}"
        yield f"**{turn.id}** {escaped_name(minutes, turn.speaker)} ({where})"
        yield ""
        yield from quoted(turn.text)


def _footer(minutes: Minutes) -> Iterator[str]:
    yield ""
    yield "---"
    yield ""
    yield verified_line(minutes)
    yield escape(cost_line(minutes))
