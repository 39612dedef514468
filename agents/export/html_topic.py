"""The minutes of one topic as HTML."""

import re
from collections.abc import Iterable, Sequence

from agents.export.html_tags import Html, join, lines, tag
from agents.export.position_chart import positions_figure
from agents.export.text import (
    ABOUT_PLACES,
    OPINIONS,
    PLACES,
    VERBS,
    contradictions,
    deeds,
    owner_line,
    place_of,
    reason_line,
    speaker_name,
    why_as_said,
    written_lines,
)
from agents.meeting.artefact import Block, Row
from agents.meeting.minutes.artefacts import artefact_of
from agents.meeting.minutes.dates import due_said
from agents.meeting.record import ActionItem, Decision, Evidence, Item, Minutes, Status, TopicMinutes


def topic_section(minutes: Minutes, topic: TopicMinutes) -> Html:
    """Everything recorded for one topic, the decision first."""
    left = artefact_of(minutes, topic)
    others = [
        _items(minutes, heading, [item for item in topic.items if item.label == label])
        for label, heading in minutes.sections.items()
        if label not in left.labels
    ]
    return tag(
        "section",
        lines(
            tag("h2", f"{topic.topic.number}. {topic.topic.text}"),
            tag("p", topic.summary),
            *(tag("p", f"Note: {note}", class_="why") for note in topic.notes),
            _decision(minutes, topic),
            _findings(minutes, topic),
            _dissent(minutes, topic),
            _actions(minutes, "Actions", [one for one in topic.actions if one.agreed]),
            _positions(minutes, topic),
            tag("h3", left.title) if left.blocks else None,
            *(_block(minutes, block) for block in left.blocks),
            *others,
            _actions(minutes, "Suggested, not agreed", [one for one in topic.actions if not one.agreed]),
            tag("h3", topic.control.title) if topic.control else None,
            *(_block(minutes, block) for block in (topic.control.blocks if topic.control else ())),
        ),
        id=f"topic-{topic.topic.number}",
    )


def _decision(minutes: Minutes, topic: TopicMinutes) -> Html | None:
    decision = topic.decision
    if decision.rule == "none" and decision.status is Status.NONE and not decision.text:
        return None
    kind = "none" if decision.status is Status.NONE else decision.status.value
    votes = [
        tag("li", f"{done}: {', '.join(speaker_name(minutes, one) for one in voters)}")
        for done, voters in deeds(topic).items()
    ]
    said = (
        [
            tag(
                "blockquote",
                _doubt([decision.evidence]),
                _linked(minutes, decision.text),
                " ",
                _proof(minutes, decision.evidence),
            )
        ]
        if decision.evidence
        else []
    )
    return tag(
        "div",
        lines(
            tag("h3", "Decision: ", tag("span", decision.outcome, class_=f"outcome {kind}")),
            *said,
            tag("p", f"Rule: {decision.rule}. {decision.why}{_vetoes(minutes, decision)}", class_="why"),
            tag("ul", votes) if votes else None,
        ),
        class_="decision",
    )


def _findings(minutes: Minutes, topic: TopicMinutes) -> Html | None:
    """The places in the documents to look at: the words of the document, why, and what to change."""
    placed = [one for one in topic.findings if one.document]
    rows = [
        [
            tag("span", one.where, class_="proof"),
            tag("span", f'"{one.quote}"', class_="said"),
            tag("ul", [tag("li", reason_line(minutes, reason)) for reason in one.reasons]),
            join(one.severity),
        ]
        for one in placed
    ]
    loose = [reason for one in topic.findings if not one.document for reason in one.reasons]
    columns = ["where", "the document says", "why, and what to change", "severity"]
    return lines(
        lines(tag("h3", PLACES), tag("p", ABOUT_PLACES, class_="why"), _table(columns, rows)) if rows else None,
        tag("h3", OPINIONS) if loose else None,
        tag("ul", [tag("li", reason_line(minutes, reason)) for reason in loose]) if loose else None,
    )


def _vetoes(minutes: Minutes, decision: Decision) -> str:
    names = ", ".join(speaker_name(minutes, role) for role in decision.vetoed_by)
    return f" Veto: {names}." if names else ""


def _dissent(minutes: Minutes, topic: TopicMinutes) -> Html | None:
    if not topic.dissent:
        return None
    entries = [
        tag(
            "li",
            _doubt([one.evidence] if one.evidence else []),
            tag("strong", speaker_name(minutes, one.speaker)),
            f' {VERBS[one.vote]}: "{one.reason or "no reason given"}" ',
            tag("span", "(ballot)", class_="proof"),
            tag("span", f'Would change: "{one.would_change}"', class_="said") if one.would_change else None,
            _written(one.evidence) if one.evidence else None,
        )
        for one in topic.dissent
    ]
    return lines(tag("h3", "Dissent and concerns"), tag("ul", entries))


def _actions(minutes: Minutes, heading: str, actions: Sequence[ActionItem]) -> Html | None:
    if not actions:
        return None
    rows = [
        [
            join(
                _doubt([action.evidence]),
                action.task,
                tag("span", f'"{quote}"', class_="said") if quote != action.task else None,
            ),
            join(owner_line(minutes, action)),
            join(
                tag("span", due_said(action.due, action.due_text, past=action.past), class_="due"),
                tag("span", f'"{action.due_text}"', class_="said") if action.due_text else None,
            ),
            _proof(minutes, action.evidence),
        ]
        for action in actions
        for quote in [action.evidence.quote]
    ]
    return lines(tag("h3", heading), _table(["task", "owner", "due", "said in"], rows))


def _positions(minutes: Minutes, topic: TopicMinutes) -> Html | None:
    """The drawing of the positions, and every move in words."""
    figure = positions_figure(minutes, topic)
    if figure is None:
        return None
    moves = []
    for move in topic.moves:
        after = join(" after ", _turn_link(minutes, move.cites)) if move.cites else None
        where = join(" in ", _turn_link(minutes, move.turn))
        flag = "" if move.argued else " (no new argument)"
        flag += f" ({why})" if move.evidence and (why := why_as_said(move.evidence)) else ""
        name = speaker_name(minutes, move.speaker)
        moves.append(tag("li", f"{name}: {move.before} to {move.after}", where, after, flag))
    moves += [tag("li", f"{speaker_name(minutes, speaker)}: {words}") for speaker, words in contradictions(topic)]
    return lines(tag("h3", "Positions before and after"), figure, tag("ul", moves) if moves else None)


def _items(minutes: Minutes, heading: str, items: Sequence[Item]) -> Html | None:
    if not items:
        return None
    entries = [
        tag(
            "li",
            _doubt([item.evidence]),
            f'"{item.text}" ',
            [tag("span", f"{name}: {value}", class_="field") for name, value in item.fields.items()],
            " ",
            _proof(minutes, item.evidence),
        )
        for item in items
    ]
    return lines(tag("h3", heading), tag("ul", entries))


def _block(minutes: Minutes, block: Block) -> Html:
    """One part of an artefact: a table if it has columns, otherwise a list; an empty one has a text that says so."""
    heading = tag("h4", block.heading)
    if not block.rows:
        return lines(heading, tag("p", block.empty))
    if not block.columns:
        return lines(heading, tag("ul", [tag("li", _entry(minutes, row)) for row in block.rows]))
    said = any(row.evidence for row in block.rows)
    rows = [
        [
            join(_doubt(row.evidence), row.cells[0]),
            *(join(cell) for cell in row.cells[1:]),
            *([_proofs(minutes, row)] if said else []),
        ]
        for row in block.rows
    ]
    return lines(heading, _table([*block.columns, *(["said in"] if said else [])], rows))


def _entry(minutes: Minutes, row: Row) -> Html:
    return join(_doubt(row.evidence), " ".join(row.cells), _proofs(minutes, row))


def _table(columns: Sequence[str], rows: Sequence[Sequence[Html]]) -> Html:
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in columns]))
    body = tag("tbody", lines(*(tag("tr", [tag("td", cell) for cell in row]) for row in rows)))
    return tag("div", tag("table", head, body), class_="table")


def _doubt(evidence: Iterable[Evidence]) -> Html | None:
    """The mark before an entry that is only shown as it was said, with the reason."""
    why = next((mark for one in evidence if (mark := why_as_said(one))), "")
    return join(tag("strong", why, class_="unverified"), " ") if why else None


def _proofs(minutes: Minutes, row: Row) -> Html:
    """The turns that are evidence of a row, each once."""
    proofs = dict.fromkeys(_proof(minutes, one) for one in row.evidence)
    return join([join(" ", proof) for proof in proofs])


def _proof(minutes: Minutes, evidence: Evidence) -> Html:
    """The turn and speaker of the evidence, or its place in a document, and the lines of documents that it names."""
    if written := place_of(evidence):
        return tag("span", f"({written})", class_="proof")
    place = tag(
        "span", "(", _turn_link(minutes, evidence.turn), f", {speaker_name(minutes, evidence.speaker)})", class_="proof"
    )
    return join(place, _written(evidence))


def _written(evidence: Evidence) -> Html | None:
    """The lines of documents that an entry names or quotes."""
    found = written_lines(evidence)
    return join(*(tag("span", line, class_="said") for line in found)) if found else None


def _linked(minutes: Minutes, text: str) -> Html:
    """A text in which each turn id in brackets, such as [T3], is a link."""
    parts = re.split(r"\[(T\d+)\]", text)
    return join(*(join("[", _turn_link(minutes, part), "]") if n % 2 else part for n, part in enumerate(parts)))


def _turn_link(minutes: Minutes, turn_id: str) -> Html:
    """A turn id, linked to the turn if it exists."""
    return tag("a", turn_id, href=f"#{turn_id}") if minutes.turn(turn_id) else join(turn_id)
