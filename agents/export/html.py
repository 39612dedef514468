"""Minutes as one HTML page without scripts and external files, readable on a screen, on paper and without colour."""

import base64
import hashlib
from pathlib import Path

from agents.export.html_tags import Html, document, join, lines, style, tag
from agents.export.html_topic import topic_section
from agents.export.text import attendance, cost_line, phase_name, plain_lines, speaker_name, verified_line
from agents.meeting.record import Minutes, TopicMinutes, Turn

STYLE = Path(__file__).with_name("page.css")


def to_html(minutes: Minutes) -> str:
    """Write the minutes as a complete page.

    Its Content-Security-Policy allows only the page's own style, by its digest: even if a text became markup, a
    browser would not load or run anything.
    """
    css = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"{minutes.title}, {minutes.held.isoformat()}"
    head = lines(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        style(css),
    )
    body = lines(
        _header(minutes, title),
        tag("main", lines(*(topic_section(minutes, topic) for topic in minutes.topics))),
        _transcript(minutes),
        tag("footer", tag("p", verified_line(minutes)), tag("p", cost_line(minutes))),
    )
    return document(tag("head", head), tag("body", body))


def _header(minutes: Minutes, title: str) -> Html:
    facts = [
        ("Meeting", minutes.meeting),
        ("Model", minutes.model),
        ("Votes", " ".join(jury.sentence for jury in minutes.juries)),
        ("Purpose", minutes.purpose),
        *attendance(minutes),
        ("Documents", ", ".join(minutes.documents)),
        ("Status", "" if minutes.status == "closed" else minutes.status),
    ]
    absent = [
        tag(
            "li",
            f"{speaker_name(minutes, one.speaker)}, topic {one.topic}, {phase_name(one.phase)}: {one.cause}",
        )
        for one in minutes.absent
    ]
    return tag(
        "header",
        lines(
            tag("h1", title),
            tag("dl", [join(tag("dt", name), tag("dd", value)) for name, value in facts if value]),
            tag("h3", "Absent") if absent else None,
            tag("ul", absent) if absent else None,
            tag("h3", "Notes") if minutes.notes else None,
            tag("ul", [tag("li", note) for note in minutes.notes]) if minutes.notes else None,
            tag("h3", "At a glance") if minutes.topics else None,
            tag("ol", [_glance(topic) for topic in minutes.topics]) if minutes.topics else None,
        ),
    )


def _glance(topic: TopicMinutes) -> Html:
    """A topic in one line: its outcome and the number of actions."""
    agreed = sum(action.agreed for action in topic.actions)
    counts = [
        topic.decision.outcome if topic.decision.text or topic.decision.rule != "none" else "",
        f"{agreed} {'action' if agreed == 1 else 'actions'} agreed",
        f"{len(topic.dissent)} dissenting or concerned" if topic.dissent else "",
    ]
    said = ", ".join(part for part in counts if part)
    return tag(
        "li",
        tag("a", topic.topic.text, href=f"#topic-{topic.topic.number}"),
        f": {said}",
        value=str(topic.topic.number),
    )


def _transcript(minutes: Minutes) -> Html | None:
    if not minutes.turns:
        return None
    return tag("section", lines(tag("h2", "What was said"), *(_turn(minutes, turn) for turn in minutes.turns)))


def _turn(minutes: Minutes, turn: Turn) -> Html:
    where = f"topic {turn.topic}, {phase_name(turn.phase)}" if len(minutes.topics) > 1 else phase_name(turn.phase)
    position = f", {turn.position.value}" if turn.position else ""
    dropped = f", dropped: {turn.dropped}" if turn.dropped else ""
    return tag(
        "div",
        tag(
            "p",
            tag("strong", turn.id),
            f" {speaker_name(minutes, turn.speaker)} ",
            tag("span", f"({where}{position}{dropped})", class_="proof"),
        ),
        tag("p", "\n".join(plain_lines(turn.text)), class_="words"),
        id=turn.id,
        class_="turn dropped" if turn.dropped else "turn",
    )
