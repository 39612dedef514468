"""What is known of a decision only after its meeting: how it turned out, and what the same meeting decided when it was
held again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GOOD, BAD, MIXED = "good", "bad", "mixed"
HOW = (GOOD, BAD, MIXED)
"""The words for how a decision turned out."""


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What a person said later about how a decision turned out.

    Attributes:
        topic: the number of the topic that was decided.
        text: what the person said.
        how: one of ``HOW``; "" where the person chose none.
        on: the day it is about, ISO 8601.
        by: the name of the person, or "".
    """

    topic: int
    text: str
    how: str = ""
    on: str = ""
    by: str = ""

    @property
    def sentence(self) -> str:
        """The report on one line, such as "2026-12-20, good: No cart was lost. (Ada)"."""
        head = ", ".join(filter(None, (self.on, self.how)))
        return (f"{head}: " if head else "") + self.text + (f" ({self.by})" if self.by else "")


@dataclass(frozen=True, slots=True)
class HeldAgain:
    """One more run of a meeting, and what was decided in it.

    Attributes:
        run: its number, from 1.
        meeting: the id under which it is stored.
        seed: the seed of its models.
        outcomes: the outcome of each topic that was put to a decision, by the topic's number as text.
    """

    run: int
    meeting: str
    seed: int = 0
    outcomes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was decided on one topic when the same meeting was held again.

    Attributes:
        own: the outcome of the meeting itself.
        outcomes: the outcomes of the other runs, in order.
        meetings: the ids under which these are stored.
    """

    own: str
    outcomes: tuple[str, ...]
    meetings: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How often each outcome came up in the other runs, the most frequent first."""
        return dict(Counter(self.outcomes).most_common())

    @property
    def flip_rate(self) -> float:
        """The share of the other runs whose outcome differs from that of the meeting itself."""
        return sum(one != self.own for one in self.outcomes) / len(self.outcomes) if self.outcomes else 0.0

    @property
    def sentence(self) -> str:
        """The counts and the flip rate, such as "Repeated 5 times: accepted 4, no decision 1; flip rate 0.2."."""
        times = "once" if len(self.outcomes) == 1 else f"{len(self.outcomes)} times"
        counted = ", ".join(f"{outcome} {number}" for outcome, number in self.counts.items())
        return f"Repeated {times}: {counted}; flip rate {round(self.flip_rate, 2):g}."


def repeats_of(runs: Sequence[HeldAgain], topic: int, own: str) -> Repeats | None:
    """What other runs of a meeting decided on one topic; None if none of them decided on it.

    Args:
        runs: the other runs, in order.
        topic: the number of the topic.
        own: the outcome of the meeting itself.
    """
    again = [(run.outcomes[str(topic)], run.meeting) for run in runs if str(topic) in run.outcomes]
    return Repeats(own, tuple(one for one, _ in again), tuple(name for _, name in again)) if again else None
