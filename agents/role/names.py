"""The names of those who may own a task: the roles of the role folder, and people of the real team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.text import harmless


@dataclass(frozen=True, slots=True)
class RoleNames:
    """The names of one role: its id, its title, and the other names that its file lists."""

    role: str
    title: str
    aliases: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every name of the role."""
        return (self.role, self.title, *self.aliases)


@dataclass(frozen=True, slots=True)
class Names:
    """Everybody who may own a task of a meeting.

    Attributes:
        roles: the roles, those with a seat in the meeting and all others of the role folder.
        people: people of the real team, as they were written.
    """

    roles: tuple[RoleNames, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def by_owner(self) -> Mapping[str, tuple[str, ...]]:
        """The names by owner: a role id, or a person's name."""
        return {one.role: one.all for one in self.roles} | {person: (person,) for person in self.people}

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the roles, by id."""
        return {one.role: one.title for one in self.roles}

    def as_dict(self) -> dict[str, Any]:
        """The names as plain values, for the store."""
        roles = [{"role": one.role, "title": one.title, "aliases": list(one.aliases)} for one in self.roles]
        return {"roles": roles, "people": list(self.people)}


def names_from(table: Mapping[str, Any]) -> Names:
    """Read what ``as_dict`` wrote."""
    roles = (RoleNames(one["role"], one["title"], tuple(one["aliases"])) for one in table["roles"])
    return Names(tuple(roles), tuple(table["people"]))


MOST_LETTERS = 60
"""Of the name of a person."""


def problem_of(person: str) -> str:
    """What keeps a text from being the name of a person, in words that follow the name; "" for nothing."""
    if "," in person or ";" in person or "\n" in person:
        return "is more than one name"
    if len(person) > MOST_LETTERS:
        return f"has more than {MOST_LETTERS} letters"
    if not any(char.isalpha() for char in person) or harmless(person) != person:
        return "is not a name"
    return ""


BETWEEN = ", "
"""Between the owners of one task, where they are one text."""


def joined(owners: Sequence[str]) -> str | None:
    """Several owners as one text; None for nobody."""
    return BETWEEN.join(owners) or None


def parted(owner: str | None) -> tuple[str, ...]:
    """The owners in one text, each once."""
    return tuple(dict.fromkeys(name for each in (owner or "").split(",") if (name := " ".join(each.split()))))
