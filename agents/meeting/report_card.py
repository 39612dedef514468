"""The report card of a model: what it did when its answers were known, kept with the model as its speeds are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import comb
from typing import Any

from agents.meeting.jury import Jury
from agents.meeting.record import Vote

UNLIKELY = 0.05

_SIDES = {
    Vote.SUPPORT: Vote.SUPPORT,
    Vote.CONCERN: Vote.SUPPORT,
    Vote.OBJECT: Vote.OBJECT,
    Vote.ABSTAIN: Vote.ABSTAIN,
}
"""The side of each vote."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the model calls of one measurement took.

    Attributes:
        calls: the number of calls.
        prompt_tokens: tokens of their prompts; 0 where nobody counted them.
        evaluated_tokens: how many of them the server had to read; None if that is not known.
        reply_tokens: tokens of the answers.
        seconds: from the first question to the last answer.
    """

    calls: int = 0
    prompt_tokens: int = 0
    evaluated_tokens: int | None = None
    reply_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ControlVotes:
    """The votes on one control proposal.

    Attributes:
        name: the proposal in a few words.
        supports: whether any sane room supports it; else any sane room refuses it.
        role: role id of the voter.
        votes: its vote in each order of the options; "" where it named none.
    """

    name: str
    supports: bool
    role: str
    votes: tuple[str, ...]

    @property
    def steady(self) -> bool:
        """Whether all votes are on the same side; a vote that was not named is on no side."""
        sides = {_side(vote) for vote in self.votes}
        return len(sides) == 1 and None not in sides

    @property
    def told(self) -> bool:
        """Whether all votes are those of any sane room."""
        right = Vote.SUPPORT if self.supports else Vote.OBJECT
        return self.steady and _side(self.votes[0]) is right


def _side(vote: str) -> Vote | None:
    """The side of a vote; None if no vote was named."""
    return _SIDES[Vote(vote)] if vote else None


@dataclass(frozen=True, slots=True)
class Statements:
    """How a model filled the fields of a statement.

    Attributes:
        asked: the number of fields that were asked for.
        there: how many of them it filled.
        copied: how many of these were left out, because they repeated the question, the role card or the statement.
    """

    asked: int
    there: int
    copied: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a model found in a document whose flaws are known.

    Attributes:
        document: the document's name.
        lines: the number of its lines with words, without headings.
        flawed: how many of these have a known flaw.
        flaws: the number of known flaws.
        findings: the number of findings.
        right: how many of them name a line with a known flaw.
        first: the number of findings at the top of the list, at most ten.
        first_right: how many of these name a line with a known flaw.
        flaws_found: how many of the known flaws a finding names.
    """

    document: str
    lines: int
    flawed: int
    flaws: int
    findings: int
    right: int
    first: int
    first_right: int
    flaws_found: int

    @property
    def beats_chance(self) -> bool:
        """Whether so many right findings would come up by chance in less than one of twenty cases."""
        more = range(self.right, self.findings + 1)
        at_random = sum(
            comb(self.findings, n) * self.chance**n * (1 - self.chance) ** (self.findings - n) for n in more
        )
        return self.findings > 0 and at_random < UNLIKELY

    @property
    def chance(self) -> float:
        """The share of lines with a flaw: as often, a line chosen at random is right."""
        return self.flawed / self.lines if self.lines else 0.0

    @property
    def precision(self) -> float:
        """The share of the first findings that are right."""
        return self.first_right / self.first if self.first else 0.0


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a model did when its answers were known. What was not measured is None or empty.

    Attributes:
        model: label of the model.
        machine: address of the server it ran on.
        day: the day, ISO 8601.
        controls: the votes on the control proposals.
        statements: how it filled statements.
        found: what was found with it in the bundled document.
        read: what its roles found there by reading alone, without search.
        costs: what each of these took, by its name here.
    """

    model: str
    machine: str
    day: str
    controls: tuple[ControlVotes, ...] = ()
    statements: Statements | None = None
    found: Found | None = None
    read: Found | None = None
    costs: Mapping[str, Cost] = field(default_factory=dict)

    @property
    def jury(self) -> Jury | None:
        """What the votes of the model are worth; None if it was not asked to vote."""
        if not self.controls:
            return None
        told, steady = sum(one.told for one in self.controls), sum(one.steady for one in self.controls)
        return Jury(self.model, told, len(self.controls), steady, self.day)

    def as_dict(self) -> dict[str, Any]:
        """The report card as plain values, for the store."""
        return asdict(self)


def card_from(table: Mapping[str, Any]) -> ReportCard:
    """Read what ``as_dict`` wrote, also after it was JSON."""
    statements = table["statements"]
    found, read = (Found(**one) if (one := table[name]) else None for name in ("found", "read"))
    return ReportCard(
        table["model"],
        table["machine"],
        table["day"],
        tuple(ControlVotes(**{**one, "votes": tuple(one["votes"])}) for one in table["controls"]),
        Statements(**statements) if statements else None,
        found,
        read,
        {name: Cost(**cost) for name, cost in table["costs"].items()},
    )
