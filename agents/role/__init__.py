"""A role is a job: title, mission, questions, red flags, definition of done, skills. Its file (docs/roles.md) is read
whole, or reported with line and remedy.

Import from here: ``Role``, ``Roles``, ``standing``; ``card.card_for``, ``choosing``, ``file.read_roles``,
``foreign.convert``, ``lint.check``, ``matching.hits_of``, ``names``, ``patterns``, ``values``.
Never knows: ``agents.model``, ``agents.memory``, ``agents.meeting``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from agents.errors import UnknownName, UsageError, similar_names
from agents.file_problem import Problem

CARD_WORDS = 150
"""The most words of a card, which introduces the speaker in a meeting."""

PROMPT_WORDS = 600
"""The most words of a role's prompt outside meetings."""

EXTRA = "extra"
"""The subfolder of roles that are asked by name or where their field is the subject, and their group."""

_ASKS = "You ask:"


@dataclass(frozen=True, slots=True)
class RoleItem:
    """One question, red flag or done-criterion.

    Attributes:
        text: the sentence.
        watch: words and phrases in lower case; if a document or a topic contains one, this item applies.
        shows: patterns of words (``patterns``); a line that matches one is likely to be an instance of this item.
    """

    text: str
    watch: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """A named task that a role can do.

    Attributes:
        name: such as ``review_code``.
        summary: what it does, in one sentence.
        input: what the user provides.
        answer: the form of the answer.
        steps: instructions for the model.
    """

    name: str
    summary: str
    input: str
    answer: str
    steps: str = ""

    def prompt(self) -> str:
        """The skill as instructions for a model; the user's input follows them."""
        return "\n".join(
            part for part in (f"Your task: {self.summary}", self.steps, f"Answer with: {self.answer}") if part
        )


@dataclass(frozen=True, slots=True)
class Role:
    """A job, as its file describes it.

    Attributes:
        id: such as ``security_engineer``.
        title: such as "Security Engineer".
        aliases: other names of the job, such as "dba".
        department: development, operations, data, management, support, or a user's own.
        level: such as "senior".
        reports_to: role id, or "".
        expertise: keywords of topics and documents to which this role is invited.
        decides: what it decides alone.
        consulted_on: what it must be consulted on.
        mission: what the job is for.
        thinking: how it thinks and decides.
        questions, red_flags, done: its questions, its red flags, and its definition of done.
        skills: by name, in the file's order.
        source: its file.
        extra: whether it is only asked by name or where its field is the subject, not where all roles are asked.
    """

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    department: str = "other"
    level: str = ""
    reports_to: str = ""
    expertise: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    consulted_on: tuple[str, ...] = ()
    mission: str = ""
    thinking: str = ""
    questions: tuple[RoleItem, ...] = ()
    red_flags: tuple[RoleItem, ...] = ()
    done: tuple[RoleItem, ...] = ()
    skills: Mapping[str, Skill] = field(default_factory=dict)
    source: Path | None = None
    extra: bool = False

    def as_dict(self) -> dict[str, Any]:
        """What a meeting needs of the role, as plain values: all but its skills and where it comes from."""
        table = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _NOT_IN_MEETINGS}
        return table | {name: [asdict(item) for item in table[name]] for name in _LISTS}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Role":
        """Read what ``as_dict`` wrote, also after it was JSON."""
        known = {one.name for one in fields(cls)}
        plain: dict[str, Any] = {
            name: tuple(it) if isinstance(it, list) else it for name, it in table.items() if name in known
        }
        return cls(**plain | {name: tuple(map(_item, table.get(name, ()))) for name in _LISTS})

    def card(self, questions: Sequence[RoleItem] = ()) -> str:
        """The speaker in at most ``CARD_WORDS`` words: the mission, then as many of these questions as fit.

        Red flags are never on it: small models copy them into what they write (docs/decisions/0015).
        """
        lines = [" ".join(f"You are the {self.title}. {self.mission}".split()[:CARD_WORDS])]
        left = CARD_WORDS - _words(lines[0]) - _words(_ASKS)
        for item in questions:
            left -= _words(item.text)
            if left < 0:
                break
            lines.append(item.text)
        return lines[0] if len(lines) == 1 else f"{lines[0]}\n{_ASKS} {' '.join(lines[1:])}"

    def prompt(self, words: int = PROMPT_WORDS) -> str:
        """The role in at most ``words`` words, for a conversation with this agent alone.

        Red flags are left out as on the card: an answer is written from this, and a small model would give them back as
        findings, whether the document has them or not.
        """
        parts = [f"You are the {self.title}. {self.mission}".strip(), self.thinking]
        for lead, items in (
            ("Questions you ask:", self.questions),
            ("Work is done for you when:", self.done),
        ):
            if items:
                parts.append(lead + "\n" + "\n".join(f"- {item.text}" for item in items))
        text = "\n\n".join(part for part in parts if part)
        if _words(text) <= words:
            return text
        kept: list[str] = []
        for line in text.split("\n"):
            if _words("\n".join([*kept, line])) > words:
                break
            kept.append(line)
        return "\n".join(kept).strip() or " ".join(text.split()[:words])


_LISTS = ("questions", "red_flags", "done")
_NOT_IN_MEETINGS = ("skills", "source", "extra")


def _item(table: Mapping[str, Any]) -> RoleItem:
    return RoleItem(table["text"], tuple(table["watch"]), tuple(table["shows"]))


def _words(text: str) -> int:
    return len(text.split())


class Roles(Mapping[str, Role]):
    """Roles by id, and the problems of the files that could not be read.

    Attributes:
        problems: every problem, fatal or not.
    """

    def __init__(self, roles: dict[str, Role], problems: list[Problem]) -> None:
        self.problems = problems
        self._roles = roles

    def __getitem__(self, name: str) -> Role:
        """The role with this id, title or alias; case, blanks, dashes and an "@" before it do not matter. The
        first word of an id or a title is enough where no other role has it: "backend", "android".

        Raises:
            UnknownName: there is no such role; it offers the ids of roles with similar names.
            UsageError: several roles have this alias.
        """
        wanted = spelt(name)
        if wanted in self._roles:
            return self._roles[wanted]
        for role in self._roles.values():
            if spelt(role.title) == wanted:
                return role
        found = [role for role in self._roles.values() if wanted in map(spelt, role.aliases)]
        if len(found) > 1:
            remedy = f"Choose one of: {', '.join(role.id for role in found)}."
            raise UsageError(f"Several agents are called {name!r}.", remedy)
        found = found or [role for role in self._roles.values() if _first_word(role, wanted)]
        if len(found) == 1:
            return found[0]
        raise UnknownName("agent", name, list(self._roles), "list_agents()", near=self._near(wanted))

    def _near(self, wanted: str) -> list[str]:
        """The ids of the roles that have a similar name, the most similar first."""
        ids = {spelt(name): role.id for role in self._roles.values() for name in (*role.aliases, role.title, role.id)}
        return list(dict.fromkeys(ids[name] for name in similar_names(wanted, ids)))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and id_from(name) in self._roles

    def get(self, name: str, default: Any = None) -> Any:
        """The role with exactly this id, or ``default``."""
        return self._roles.get(name, default)

    def __iter__(self) -> Any:
        return iter(self._roles)

    def __len__(self) -> int:
        return len(self._roles)


def _first_word(role: Role, wanted: str) -> bool:
    return wanted in {spelt(name).partition("_")[0] for name in (role.id, role.title)}


def standing(roles: Mapping[str, Role]) -> dict[str, Role]:
    """The roles that are meant where all are asked: those that are not extra."""
    return {name: role for name, role in roles.items() if not role.extra}


def spelt(name: str) -> str:
    """A name for comparison: "QA-Engineer", "qa engineer" and "@qa_engineer" are the same."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def id_from(text: str) -> str:
    """The id for a name or title."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
