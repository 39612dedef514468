"""Words and readings that several formats share, and what no format prints: characters that are not text."""

from collections.abc import Mapping

from agents.meeting.minutes.ballot import Course, course
from agents.meeting.record import Decision, Minutes, Outcome, Position, TopicMinutes, Vote
from agents.model import answers_by_rule
from agents.text import harmless, one_line

VERBS: Mapping[Vote, str] = {
    Vote.SUPPORT: "supports",
    Vote.CONCERN: "supports with a concern",
    Vote.OBJECT: "objects",
    Vote.ABSTAIN: "abstains",
}
"""What somebody does who votes so."""

_YES, _NO = (Vote.SUPPORT, Vote.CONCERN), (Vote.OBJECT,)
_FOR = (Position.FOR.value, Position.CONDITIONS.value)


def printable(text: str) -> str:
    """Somebody's words without what is not text.

    Control characters, text direction overrides and halves of characters go: they can hide or reorder what a reader
    sees, move a terminal's cursor, or cannot be written as UTF-8. Blanks of any kind become blanks; line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return harmless("".join(" " if c.isspace() and c != "\n" else c for c in text))


def plain(text: str) -> str:
    """Somebody's words on one line, without what is not text."""
    return one_line(text)


def plain_lines(text: str) -> list[str]:
    """Somebody's words line by line, each as ``plain`` gives it, without empty ones."""
    return [line for each in text.splitlines() if (line := plain(each))]


def phase_name(phase: str) -> str:
    """A phase as printed."""
    return plain(phase.replace("_", " "))


def speaker_name(minutes: Minutes, speaker: str) -> str:
    """Whoever spoke or failed, as printed; the scribe has no seat."""
    return "The scribe" if speaker == "scribe" else plain(minutes.title_of(speaker)) if speaker else "nobody"


def entries(minutes: Minutes) -> int:
    """How many entries the minutes hold that rest on somebody's words: items and actions."""
    return sum(len(topic.items) + len(topic.actions) for topic in minutes.topics)


def checked(minutes: Minutes) -> str:
    """The footer's count of what was verified and what was not."""
    total = entries(minutes)
    verified = total - minutes.unverified
    return f"{verified} of {total} entries verified against the transcript; {minutes.unverified} unverified."


def cost(minutes: Minutes) -> str:
    """The footer's account of what the meeting took."""
    numbers = minutes.numbers
    if answers_by_rule(minutes.model):
        return f"{numbers.get('calls', 0):.0f} answers by rule; no language model was asked."
    evaluated = f" ({numbers['evaluated_tokens']:.0f} of them anew)" if "evaluated_tokens" in numbers else ""
    tokens = (
        f"{numbers.get('prompt_tokens', 0):.0f} tokens read{evaluated}, {numbers.get('reply_tokens', 0):.0f} written"
    )
    return f"{numbers.get('calls', 0):.0f} answers, {tokens}. Model: {plain(minutes.model)}."


def final_positions(topic: TopicMinutes) -> dict[str, str]:
    """Where each participant who took a position stood in the end."""
    last = dict(topic.positions)
    for move in topic.moves:
        last[move.speaker] = move.after
    return last


def crossed(topic: TopicMinutes) -> list[tuple[str, str]]:
    """Who voted otherwise than they stood, and in which words: a reader may want to ask them why."""
    ahead = course(topic.decision.text) is Course.GO
    last = final_positions(topic)
    strange = dict.fromkeys(_FOR, _NO if ahead else (Vote.SUPPORT,)) | {Position.AGAINST.value: _YES if ahead else _NO}
    return [
        (one.speaker, f"stood {last[one.speaker]}; {VERBS[one.vote]} in the ballot")
        for one in topic.ballots
        if one.vote in strange.get(last.get(one.speaker, ""), ())
    ]


def outcome(decision: Decision) -> str:
    """What became of a proposal; where it was carried and asked for the opposite of going ahead, that is said too."""
    asked = course(decision.text)
    carried = decision.outcome is Outcome.ACCEPTED and asked is not Course.GO
    return f"{decision.outcome.value}, {asked.value}" if carried else decision.outcome.value
