"""What the entries of minutes are worth, in numbers, and the choice of those that a reader wants to see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.api.pages.amounts import counted
from agents.api.pages.stored import Stored
from agents.export.corrections import checks_now
from agents.export.html_tags import Html, join, lines, tag
from agents.export.page.kinds import ABOUT, Worth, worth_of
from agents.meeting.finding import Finding
from agents.meeting.minutes.verdicts import standing
from agents.meeting.verdict import Verdict

ALL, JUDGED = "all", "judged"
CHOICES = {ALL: "All", Worth.VERIFIED.value: "Verified", "as-said": "As said", JUDGED: "Judged"}
"""The choices of a reader: the class of entries that each shows, and its name."""


@dataclass(frozen=True, slots=True)
class Worths:
    """What the entries of a meeting are worth.

    Attributes:
        each: what each entry is worth, and why, by its name.
        verdicts: the verdict that stands on each entry that has one.
    """

    each: Mapping[str, tuple[Worth, str]]
    verdicts: Mapping[str, Verdict]

    def classes(self, name: str) -> tuple[str, ...]:
        """The classes of an entry, such as ``("verified", "judged")``."""
        return (self.each[name][0].replace(" ", "-"), *((JUDGED,) if name in self.verdicts else ()))

    def count(self, choice: str) -> int:
        """The number of entries that a choice shows."""
        return sum(choice == ALL or choice in self.classes(name) for name in self.each)


def worths_of(stored: Stored) -> Worths:
    """What the entries of a meeting are worth."""
    minutes = stored.minutes
    return Worths({name: worth_of(minutes, entry) for name, entry in stored.named.items()}, standing(minutes))


def choice_of(worths: Worths) -> Html | None:
    """The choice of the entries to show, with their numbers, which works without a script; None without entries."""
    if not worths.each:
        return None
    labels = [
        tag(
            "label",
            tag(
                "input",
                type="radio", name="worth", id=f"show-{choice}", value=choice,
                checked="" if choice == ALL else None, autocomplete="off",
            ),
            f" {name} ",
            tag("span", str(worths.count(choice)), class_="count"),
        )
        for choice, name in CHOICES.items()
    ]  # fmt: skip
    return tag("fieldset", tag("legend", "Entries to show"), lines(*labels), class_="choice")


def meaning(found: Iterable[Worth]) -> Html:
    """What the words for these worths mean, in a line."""
    parts = [join(tag("b", worth.value.capitalize()), f": {ABOUT[worth]}") for worth in Worth if worth in set(found)]
    return tag("p", *(join("; " if number else "", part) for number, part in enumerate(parts)), ".", class_="meaning")


def counts(stored: Stored) -> Html | None:
    """How many of the entries were checked, where others are among them; None where all were, and nothing else."""
    minutes, named = stored.minutes, len(stored.named)
    places = sum(isinstance(one.value, Finding) for one in stored.named.values())
    checks, corrected, rejected = checks_now(minutes)
    reasons = sum(bool(one.evidence) for topic in minutes.topics for one in topic.dissent)
    judged = corrected + rejected
    apart = [
        f"{places} {'points' if places == 1 else 'point'} at a place in a document" if places else "",
        f"{judged} {'was' if judged == 1 else 'were'} corrected or rejected by people" if judged else "",
    ]
    if not named or not (reasons or any(apart)):
        return None
    told = " and ".join(filter(None, apart))
    others = f"Of these {named} entries {told}; the other {checks.entries - reasons}" if told else "All entries"
    also = f", and so {'was' if reasons == 1 else 'were'} the reasons of {counted(reasons, 'vote')}" if reasons else ""
    in_all = f": {checks.entries} in all" if reasons else ""
    return tag("p", f"{others} were checked word for word{also}{in_all}.", class_="meaning")
