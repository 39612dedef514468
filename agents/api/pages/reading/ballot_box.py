"""The votes on a topic: how they were counted, and each of them with its reasons."""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.export.html_tags import Html, join, lines, tag
from agents.export.page import Points
from agents.export.page.first import decides, outcome
from agents.export.page.proof import name
from agents.export.page.spoken import votes as listed
from agents.meeting.minutes.ballot import COUNTED
from agents.meeting.phases import PHASES
from agents.meeting.record import Absence, Ballot, Minutes, TopicMinutes, Vote

SEALED = "Sealed: nobody saw another vote before all were cast. Then they were opened together."
MOST_NAMED = 40
"""The most voters that are named in a row of the count; each vote stands below it."""


@dataclass(frozen=True, slots=True)
class Box:
    """How the votes on a topic were counted; ``topic`` is its number."""

    topic: int


@dataclass(frozen=True, slots=True)
class Votes:
    """Some votes on a topic."""

    topic: int
    ballots: tuple[Ballot, ...]


def votes(minutes: Minutes, some: Votes) -> Points:
    """Votes with their reasons, as points."""
    return listed(minutes, some.ballots)


def voted_on(minutes: Minutes, topic: TopicMinutes) -> bool:
    """Whether votes on a topic were asked for."""
    return bool(topic.ballots) or (decides(topic) and bool(failed(minutes, topic)))


def failed(minutes: Minutes, topic: TopicMinutes) -> list[Absence]:
    """Who gave no vote that could be read."""
    voting = {one.phase for one in topic.ballots} | {phase.name for phase in PHASES.values() if phase.votes}
    return [one for one in minutes.absent if one.topic == topic.topic.number and one.phase in voting]


def box(minutes: Minutes, found: Box) -> Html:
    """How the votes on a topic were counted: the rule, the number of each kind, and those that do not count."""
    topic = next(one for one in minutes.topics if one.topic.number == found.topic)
    decision = topic.decision
    counts = [
        tag("li", tag("b", str(decision.tally.get(vote.value, 0))), f" {words}", class_=vote.value.replace("_", "-"))
        for vote, words in COUNTED.items()
    ]
    rows = [join(tag("dt", key), tag("dd", *words)) for key, words in _rows(minutes, topic)]
    return tag(
        "div",
        tag("p", SEALED, class_="soft"),
        tag("ul", lines(*counts), class_="tally"),
        tag("dl", lines(*rows)),
        class_="ballots",
    )


def _rows(minutes: Minutes, topic: TopicMinutes) -> Iterator[tuple[str, tuple[str, ...]]]:
    decision = topic.decision
    by = f"; {minutes.title_of(decision.decided_by)} decides, and votes are advice" if decision.decided_by else ""
    yield "Rule", (f"{decision.rule}{by}",)
    status = outcome(topic)
    yield "Outcome", (tag("strong", status.text, class_=f"outcome {status.to}"), f" {decision.why[:1_000]}")
    votes_of = {
        "Abstained": [one for one in topic.ballots if one.counted and one.vote is Vote.ABSTAIN],
        "Unsteady": [one for one in topic.ballots if not one.steady],
        "Not counted": [one for one in topic.ballots if one.steady and not one.counted],
    }
    for key, ballots in votes_of.items():
        if ballots:
            yield key, (_named(minutes, [one.speaker for one in ballots]) + _MEANING.get(key, ""),)
    if missing := failed(minutes, topic):
        yield "No vote", (_named(minutes, [one.speaker for one in missing]),)
    if decision.vetoed_by:
        yield "Veto", (_named(minutes, decision.vetoed_by),)


_MEANING = {
    "Unsteady": ": not the same in both orders of the options, so it does not count",
    "Not counted": ": the model that voted did not tell control proposals apart",
}


def _named(minutes: Minutes, who: "list[str] | tuple[str, ...]") -> str:
    found = ", ".join(name(minutes, one)[:100] for one in who[:MOST_NAMED])
    return found + (f" and {len(who) - MOST_NAMED} more" if len(who) > MOST_NAMED else "")
