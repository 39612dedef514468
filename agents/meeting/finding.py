"""A finding: some lines of a document that somebody should look at, who says so and why."""

from dataclasses import dataclass

READ, SEARCHED = "read", "search"
"""How lines are found: a role read the part of the document, or code searched it for the words of a role's lists."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a role points at some lines of a document.

    Attributes:
        role: role id.
        how: how the lines were found, one of ``READ`` and ``SEARCHED``.
        why: what goes wrong because of them, in the speaker's words; of lines that were found by search, the red flag
            or question of the role that led there.
        change: what to change, in the speaker's words, or "".
        turn: id of the turn that says so; "" if nobody said anything about the lines.
        margin: by how much the model prefers yes to no when it is asked whether the lines show the problem, as a
            difference of log-probabilities; 0 if it was not asked.
        shown: whether the lines match a pattern of the red flag or question.
    """

    role: str
    how: str
    why: str
    change: str = ""
    turn: str = ""
    margin: float = 0.0
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Some lines of a document that somebody should look at, or what a role said about words that no document has.

    Attributes:
        document: the document's name; "" where the words that a speaker named stand in no document.
        first, last: the lines; 0 without a document.
        quote: the words of the document, as they stand there; "" without a document.
        severity: "high", "medium" or "low": how much speaks for it (``close_reading.findings``).
        reasons: why, the best reason first.
    """

    document: str
    first: int
    last: int
    quote: str
    severity: str
    reasons: tuple[Reason, ...]

    @property
    def where(self) -> str:
        """The place as it is cited, such as ``design.md:12-13``; "" without a document."""
        if not self.document:
            return ""
        lines = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.document}:{lines}"

    @property
    def roles(self) -> tuple[str, ...]:
        """The ids of the roles with a reason, each once."""
        return tuple(dict.fromkeys(one.role for one in self.reasons))
