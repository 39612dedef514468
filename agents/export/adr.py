"""Decision records as Markdown, one for each topic whose proposal was put to the vote, accepted or not."""

from collections.abc import Iterator, Sequence

from agents.export.markdown import as_said, escape, escaped_name, heading, source, written
from agents.export.text import VERBS, cost_line, owner_line, phase_name, verified_line
from agents.meeting.minutes.ballot import record_status
from agents.meeting.minutes.dates import due_said
from agents.meeting.prompts import CHALLENGE, EVENT, FACT, IDEA, QUESTION
from agents.meeting.record import ActionItem, Decision, Evidence, Item, Minutes, TopicMinutes

CONTEXT = (FACT.label, EVENT.label)
OPTIONS = ("Option", IDEA.label)
APART = (*CONTEXT, *OPTIONS, CHALLENGE.label, QUESTION.label)
"""Labels with a section of their own; all other labels of a meeting type are in the section of consequences."""


def to_adr(minutes: Minutes) -> str:
    """Write the decision records as Markdown (CommonMark), separated by rules."""
    decided = [topic for topic in minutes.topics if topic.decision.text]
    lines: list[str] = []
    for topic in decided:
        lines += [*_record(minutes, topic), "", "---", ""]
    if not decided:
        lines += [f"No proposal was put to the vote in the meeting {escape(minutes.meeting)}.", ""]
    lines += [verified_line(minutes), escape(cost_line(minutes))]
    return "\n".join(lines) + "\n"


def _record(minutes: Minutes, topic: TopicMinutes) -> Iterator[str]:
    decision = topic.decision
    yield f"# {topic.topic.number}. {escape(topic.topic.text)}"
    yield ""
    yield f"- Status: {record_status(decision)}"
    yield f"- Date: {minutes.held.isoformat()}"
    deciders = [escaped_name(minutes, one.speaker) for one in topic.ballots if one.counted]
    yield f"- Deciders: {', '.join(deciders) or 'nobody'}"
    yield f"- Meeting: {escape(minutes.meeting)}, {escape(minutes.title)}"
    yield f"- Model: **{escape(minutes.model)}**"
    yield from (f"- Votes: {escape(jury.sentence)}" for jury in minutes.juries)
    yield from _list("Context", [escape(topic.summary), *(_item(minutes, one) for one in _of(topic, CONTEXT))], "")
    yield from _decision(minutes, decision)
    yield from _list("Options considered", [_item(minutes, one) for one in _of(topic, OPTIONS)], "Nobody named one.")
    weighed = [one for one in topic.items if one.label not in APART]
    consequences = [_item(minutes, one, named=True) for one in weighed]
    yield from _list("Consequences", consequences, "Nobody named one.")
    agreed = [_action(minutes, one) for one in topic.actions if one.agreed]
    yield from _list("Actions", agreed, "No action was agreed.")
    yield from _list("Dissent and concerns", _dissent(minutes, topic), "Nobody objected or voted with a concern.")
    open_ones = [_item(minutes, one) for one in _of(topic, (QUESTION.label,))]
    if open_ones:
        yield from _list("Open questions", open_ones, "")
    yield from _list("Sources", _sources(minutes, topic), "None.")


def _list(title: str, entries: Sequence[str], empty: str) -> Iterator[str]:
    yield from heading(title, 2)
    yield from (f"- {entry}" for entry in entries)
    if not entries:
        yield empty


def _decision(minutes: Minutes, decision: Decision) -> Iterator[str]:
    yield from heading("Decision", 2)
    yield f"> {as_said(decision.evidence)}{escape(decision.text)}"
    if decision.evidence:
        yield ">"
        yield f"> {source(minutes, decision.evidence)}"
        yield from ["", *(f"- {line}" for line in written(decision.evidence))] if decision.evidence.written else []
    yield ""
    tally = ", ".join(f"{count} {vote.replace('_', ' ')}" for vote, count in decision.tally.items() if count)
    vetoes = ", ".join(escaped_name(minutes, role) for role in decision.vetoed_by)
    why = f"Rule: {escape(decision.rule)}. {escape(decision.why)}"
    yield why + (f" Votes: {escape(tally)}." if tally else "") + (f" Veto: {vetoes}." if vetoes else "")


def _of(topic: TopicMinutes, labels: Sequence[str]) -> list[Item]:
    return [item for item in topic.items if item.label in labels]


def _item(minutes: Minutes, item: Item, *, named: bool = False) -> str:
    fields = "".join(f", {escape(name)}: {escape(value)}" for name, value in item.fields.items())
    label = f"{escape(item.label)}{fields}: " if named else ""
    return f'{as_said(item.evidence)}{label}"{escape(item.text)}" {_cited(minutes, item.evidence)}'


def _action(minutes: Minutes, action: ActionItem) -> str:
    words = f' ("{escape(action.due_text)}")' if action.due_text else ""
    due = f"{due_said(action.due, action.due_text, past=action.past)}{words}"
    owner = escape(owner_line(minutes, action))
    return (
        f"{as_said(action.evidence)}{escape(action.task)}\n"
        f"  Owner: {owner}. Due: {due}. {_cited(minutes, action.evidence)}"
    )


def _dissent(minutes: Minutes, topic: TopicMinutes) -> list[str]:
    lines = []
    for one in topic.dissent:
        reason = escape(one.reason) or "no reason given"
        change = f' Would change: "{escape(one.would_change)}"' if one.would_change else ""
        mark, beside = as_said(one.evidence), "".join(f"\n  - {line}" for line in written(one.evidence))
        lines.append(
            f'{mark}**{escaped_name(minutes, one.speaker)}** {VERBS[one.vote]}: "{reason}" (ballot){change}{beside}'
        )
    against = [_item(minutes, one) for one in _of(topic, (CHALLENGE.label,))]
    return lines + against


def _sources(minutes: Minutes, topic: TopicMinutes) -> list[str]:
    """The turns that are evidence of the record, in order, the documents, and where to read everything."""
    proofs = [one.evidence for one in topic.items] + [one.evidence for one in topic.actions if one.agreed]
    cited = {proof.turn for proof in proofs} | ({topic.decision.evidence.turn} if topic.decision.evidence else set())
    turns = [turn for turn in minutes.turns if turn.id in cited]
    lines = [
        f"{escape(turn.id)}: {escaped_name(minutes, turn.speaker)}, {escape(phase_name(turn.phase))}" for turn in turns
    ]
    lines += [f"Document: {escape(name)}" for name in minutes.documents]
    return [*lines, f"Full transcript: orchestrator meeting transcript {escape(minutes.meeting)}"]


def _cited(minutes: Minutes, evidence: Evidence) -> str:
    """The source of an entry, and the lines of documents that it names or quotes."""
    return source(minutes, evidence) + "".join(f"\n  - {line}" for line in written(evidence))
