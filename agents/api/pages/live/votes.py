"""The votes on a topic while a meeting is held: sealed until all have voted, and then opened together."""

from dataclasses import dataclass, field

from agents.api.pages.live.spoken import who
from agents.export.html_tags import Html, join, lines, tag
from agents.export.text import deed, reasons_said
from agents.meeting.journal_values import PutToVote
from agents.meeting.minutes.ballot import decision_of, judged, record_status, votes_counted
from agents.meeting.minutes.decider import advice
from agents.meeting.record import Ballot
from agents.meeting.spec import MeetingSpec
from agents.text import one_line

RULES = {
    "majority": "Majority: it is accepted when more support it than object.",
    "consent": "Consent: it is accepted when nobody objects.",
    "chair": "The chair decides; the other votes are advice.",
    "none": "Nothing is decided here; the votes are advice.",
}
"""What each rule means, in a sentence."""


@dataclass(slots=True)
class Votes:
    """The votes of one phase of a topic.

    Attributes:
        topic: the topic's number.
        phase: the phase in which all vote.
        cast: the votes so far, by role id; nobody may see them before they are opened.
        absent: role ids of those who gave none.
        opened: whether they are open.
    """

    topic: int
    phase: str
    cast: dict[str, Ballot] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    opened: bool = False

    def complete(self, spec: MeetingSpec) -> bool:
        """Whether all who vote have voted, or are absent."""
        return {*spec.voters} <= {*self.cast, *self.absent}

    def sealed(self, spec: MeetingSpec, put: PutToVote | None) -> Html:
        """Who has voted, and what is voted on; not how."""
        count = f"{len(self.cast)} of {len(spec.voters)} have voted. The votes are opened together."
        names = ", ".join(who(spec, name) for name in spec.voters if name in self.cast)
        missing = ", ".join(who(spec, name) for name in spec.voters if name in self.absent)
        return lines(
            tag("h2", "The vote"),
            _sentence(put),
            tag("p", tag("strong", count)),
            tag("p", f"Voted: {names}", class_="soft") if names else None,
            tag("p", f"Gave no vote: {missing}", class_="soft") if missing else None,
            tag("p", _rule(spec), class_="soft"),
        )

    def counted(self, spec: MeetingSpec) -> str:
        """The opened votes in numbers."""
        return votes_counted(judged([*self.cast.values()], spec.juries)) or "nobody voted"

    def shown(self, spec: MeetingSpec, put: PutToVote | None, place: str) -> Html:
        """The opened votes: what they come to, by which rule, and each with its reason."""
        cast = judged([self.cast[name] for name in spec.voters if name in self.cast], spec.juries)
        each = [
            tag(
                "li", tag("strong", who(spec, one.speaker)), f" {deed(one)}{reasons_said(one.reason, one.would_change)}"
            )
            for one in cast
        ]
        none = [
            tag("li", tag("strong", who(spec, name)), " gave no vote", class_="soft")
            for name in spec.voters
            if name not in self.cast
        ]
        return tag(
            "section",
            lines(
                tag("h4", "The votes are open"),
                _sentence(put),
                self._outcome(spec, put, cast),
                tag("p", _rule(spec), class_="soft"),
                tag("ul", lines(*each, *none)),
            ),
            id=place,
            class_="votes",
        )

    def _outcome(self, spec: MeetingSpec, put: PutToVote | None, cast: list[Ballot]) -> Html | None:
        if spec.decider:
            return tag("p", f"The votes advise: {advice(cast)}. {who(spec, spec.decider)} decides.")
        if put is None:
            return tag("p", f"{self.counted(spec)}.")
        seats, chair = len(spec.seats), spec.facilitator
        made = decision_of(spec.kind, put, cast, seats=seats, chair=chair, juries=spec.juries)
        outcome = tag("strong", made.outcome, class_=f"outcome {record_status(made)}")
        return tag("p", outcome, " ", one_line(made.why))


def _sentence(put: PutToVote | None) -> Html | None:
    return tag("blockquote", tag("p", one_line(put.text))) if put and put.text else None


def _rule(spec: MeetingSpec) -> Html:
    if spec.decider:
        return join(f"{who(spec, spec.decider)} decides; the votes are advice.")
    veto = [who(spec, name) for name in spec.kind.veto if name in spec.speakers]
    more = f" An objection of {' or '.join(veto)} rejects it." if veto else ""
    return join(RULES.get(spec.kind.rule, ""), more)
