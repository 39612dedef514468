"""What the votes of a model are worth: a value that is measured before a meeting, with proposals whose vote is known.

A small model often takes an option for its place or for its name. So it is asked to vote on control proposals, which
any sane room supports or refuses, each in both orders of the options (docs/decisions/0017).
"""

from collections.abc import Sequence
from dataclasses import dataclass

BAR = 7 / 8
"""The least share of control proposals that a model must tell apart so that its votes count."""


@dataclass(frozen=True, slots=True)
class Jury:
    """How one model voted on control proposals.

    One that always names the same vote tells half of them apart, one that votes at random a quarter of them at most
    (of 8 of them, it reaches the bar once in 2600 times), and one that always takes the first option none.

    Attributes:
        model: label of the model.
        told: on how many control proposals it voted as any sane room does, in both orders of the options.
        controls: the number of control proposals.
        steady: on how many its two votes were on the same side; never fewer than ``told``.
        measured: the day, ISO 8601; "" when it is not known.
    """

    model: str
    told: int
    controls: int
    steady: int
    measured: str = ""

    @property
    def passes(self) -> bool:
        """Whether the votes of this model count: it told at least ``BAR`` of the control proposals apart."""
        return self.controls > 0 and self.told >= BAR * self.controls

    @property
    def sentence(self) -> str:
        """What the minutes say about the votes of this model."""
        told = f"The model {self.model} told {self.told} of {self.controls} control proposals apart"
        told += f" and was steady on {self.steady}"
        if self.passes:
            return f"{told}; its votes count where they are the same in both orders of the options."
        return f"{told}; read its votes as noise."


def jury_of(juries: Sequence[Jury], model: str) -> Jury | None:
    """The jury of the model with this label; None if its votes were never tested."""
    return next((one for one in juries if one.model == model), None)
