"""A meeting as the text of one answer: a function of its journal alone, so that a stream that is opened again is the
same.

What is said is quoted line by line: nothing in it can look like a heading of ours.
"""

import re
from collections.abc import Iterator

from agents.api.openai.deltas import Citation, Delta, Usage
from agents.api.openai.set_apart import quoted
from agents.export.markdown import escape, to_markdown
from agents.meeting.codec import value_of
from agents.meeting.entry_names import entry_names
from agents.meeting.journal import Event
from agents.meeting.journal_values import Note, PersonDecision, PutToVote
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import phase_name
from agents.meeting.record import Absence, ActionItem, Ballot, Decision, Minutes, Turn
from agents.meeting.spec import MeetingSpec
from agents.text import capital

FIRST = "Meeting `{}`"
"""How the answer about a meeting begins: by it, the next message of a chat finds its meeting."""
NO_MEETING = "This chat has no meeting"
"""How the answer to a command begins where there is no meeting."""
FROM_MINUTES = "*The {} answers from the minutes. This answer was not compared with them.*"
"""How the answer to a question about a closed meeting begins."""
MOST_TITLE = 80
"""The most letters of the title of a citation."""
_OURS = re.compile(
    r"\W{0,20}(?:"
    + re.escape(FIRST).replace(r"\{\}", r"[\w-]{1,80}")
    + f"|{re.escape(NO_MEETING)}|"
    + re.escape(FROM_MINUTES.lstrip("*")).replace(r"\{\}", r"[^\n]{1,200}")
    + ")"
)


def is_ours(text: str) -> bool:
    """Whether a message is an answer of a meeting, or about one."""
    return bool(_OURS.match(text))


def opening(spec: MeetingSpec, url: str) -> str:
    """The first lines of a meeting: its id, what it is about, who takes part, and what they read."""
    topics = "; ".join(escape(topic.text) for topic in spec.topics)
    lines = [
        f"{FIRST.format(spec.id)}: {escape(spec.kind.title)}. {topics}",
        f"Taking part: {', '.join(escape(seat.title) for seat in spec.seats)}.",
    ]
    read = [f"Document: {escape(one.name)}.{f' {escape(one.note)}' if one.note else ''}" for one in spec.documents]
    return "\n\n".join([*lines, *read, f"Live: {url}"]) + "\n\n"


def closing(minutes: Minutes, url: str) -> Delta:
    """The end of a meeting: its minutes, and where else to read them."""
    where = f"Read them again: {url}\n\n{what_next(minutes)}"
    return Delta(f"\n---\n\n{to_markdown(minutes)}\n{where}\n", citations=tuple(_citations(minutes, url)))


def what_next(minutes: Minutes) -> str:
    """What the next message of the chat can be, with names of entries that the minutes have."""
    names = entry_names(minutes)
    if not names:
        return f"Ask about them here. {ANOTHER}"
    first = next(iter(names))
    action = next((name for name, one in names.items() if one.label == "Action"), [*names][-1])
    return (
        f"Ask about them here. `confirm {first}`, `reject {action}` and `correct {action}: WORDS` record what you say "
        f"of an entry. {ANOTHER}"
    )


ANOTHER = "`new meeting: TOPIC` holds another meeting."
"""How another meeting is held in the same chat."""


def usage_of(events: list[Event]) -> Usage:
    """The tokens of all model calls of a meeting so far."""
    read = sum(event.numbers.get("prompt_tokens", 0) for event in events)
    return Usage(int(read), int(sum(event.numbers.get("reply_tokens", 0) for event in events)))


class MeetingText:
    """Turns stored events into the text of an answer; it remembers the phase, whose name is written once.

    Args:
        spec: the meeting.
    """

    def __init__(self, spec: MeetingSpec) -> None:
        self._spec = spec
        self._place = (0, "")

    def of(self, event: Event) -> str:
        """What is written about an event; "" for nothing."""
        value = value_of(event)
        if isinstance(value, Turn | Ballot | Absence | PersonDecision):
            return self._headings(event) + self._said(value, escape(self._title(event.speaker)))
        if isinstance(value, PutToVote) and value.text:
            return f"**Put to the vote:** {escape(value.text)}\n\n"
        if isinstance(value, Note):
            return f"*Note:* {escape(value.text)}\n\n"
        return ""

    def _headings(self, event: Event) -> str:
        topic, phase = event.topic, event.phase
        if not phase or (topic, phase) == self._place:
            return ""
        new_topic = topic != self._place[0] and len(self._spec.topics) > 1
        self._place = (topic, phase)
        name = f"### {escape(capital(phase_name(phase)))}\n\n"
        if not new_topic:
            return name
        text = next((one.text for one in self._spec.topics if one.number == topic), "")
        return f"## Topic {topic}: {escape(text)}\n\n{name}"

    @staticmethod
    def _said(value: Turn | Ballot | Absence | PersonDecision, who: str) -> str:
        match value:
            case Turn():
                words = quoted(value.text)
                return f"**{who}** ({value.id}):\n\n{words}\n" if words else f"**{who}** ({value.id}) passes.\n\n"
            case Ballot():
                reason = f": {escape(value.reason)}" if value.reason else ""
                return f"**{who}** votes: {escape(voted(value))}{reason}\n\n"
            case Absence():
                return f"*{who} is absent:* {escape(value.cause)}\n\n"
            case PersonDecision():
                return f"**{who}** decides: {escape(value.choice or value.status.value)}\n\n"

    def _title(self, speaker: str) -> str:
        return "The scribe" if speaker == "scribe" else self._spec.title_of(speaker)


def _citations(minutes: Minutes, url: str) -> Iterator[Citation]:
    """A link for each decision, action and dissent of the minutes, to the turn that it rests on."""
    for name, entry in entry_names(minutes).items():
        if isinstance(entry.value, Decision | ActionItem):
            yield _link(f"{name} {entry.label}: {entry.text}", url, entry.turn)
    for topic in minutes.topics:
        for one in topic.dissent:
            turn = one.evidence.turn if one.evidence else ""
            yield _link(f"Dissent of {minutes.title_of(one.speaker)}: {one.reason or one.vote.value}", url, turn)


def _link(title: str, url: str, turn: str) -> Citation:
    title = " ".join(title.split())
    shown = title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 4]} ..."
    return Citation(shown, f"{url}#{turn}" if turn else url)
