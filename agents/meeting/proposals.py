"""The proposal of a topic: what it may choose and name, what is wrong with an answer, and the sentence voted on.

The facilitator answers in names and numbers only. Code lists what was said, and writes what is voted on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from agents.meeting import fields, reading
from agents.meeting.meeting_type import MOST_PICKED, Choice, Line, MeetingType, Picks
from agents.meeting.record import Entry, Turn
from agents.model import Offer

MOST_FINDINGS = 12
"""The most findings that are listed; a list of actions is as long."""
LISTED_WORDS = 14
"""The most words of a finding in the list."""
NAMED_WORDS = 60
"""The most words of a finding in the sentence that is voted on."""

# Values of a line in brackets at its end: "(impact: high, undo: hard)".
_VALUES = re.compile(r"\((\w[\w ]*: [^():]+(?:, \w[\w ]*: [^():]+)*)\)\.?\Z")
_PROMISE = re.compile(r"(?:I|We)(?: will|['\u2019]ll)\s+")
_TOKEN = re.compile(r"[^\W_]+(?:['/-][^\W_]+)*|[^\w\s]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS = _set("i we say choose put my the choice is proposal answer number no nr option : * - . ( #")
"""What may stand before the name or the number of a choice."""
_BESIDE = _set("with and findings finding actions action numbers number no nr on : , ; . ( ) ! * [ ] #")
"""What may stand between the numbers of findings and actions."""
_ENDS = _set(". , ; : ! ( ) *")
_IF = _set("if unless provided only until except but however not")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said and that a proposal can name.

    Attributes:
        label: the label of its line.
        text: the words of the speaker, without the values in brackets.
        turn: id of the turn that says it first.
        values: its values, such as ``{"impact": "high"}``.
        times: how many turns say about the same.
    """

    label: str
    text: str
    turn: str
    values: Mapping[str, str]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the facilitator puts to the vote.

    Attributes:
        choice: the choice.
        findings: the findings that it names.
        actions: the actions that belong to it.
    """

    choice: Choice
    findings: tuple[Said, ...] = ()
    actions: tuple[Said, ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence that is voted on: that of the choice, with its findings and the turns that say them."""
        named = [f"{short(one.text, NAMED_WORDS).rstrip(' .;')} [{one.turn}]" for one in self.findings]
        if len(named) < 2:
            return ": ".join([self.choice.sentence, *named]) + "."
        return f"{self.choice.sentence}: " + "; ".join(f"({n}) {text}" for n, text in enumerate(named, 1)) + "."


@dataclass(frozen=True, slots=True)
class Table:
    """What is on the table when a proposal is due: the choices that can be made, and what was said for them.

    Attributes:
        choices: the choices of the type; those that need a finding only where there is one.
        findings: what the choices may name, the most important first; their numbers start at 1.
        actions: the actions that were said.
    """

    choices: tuple[Choice, ...]
    findings: tuple[Said, ...]
    actions: tuple[Said, ...]

    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of an answer: a choice with the numbers of findings that it takes, and numbers of actions.

        It has one form for each choice, so that a server that enforces it allows no contradiction.
        """
        fitting = self.fitting()
        forms = []
        for choice in self.choices:
            form: dict[str, Any] = {"choice": {"type": "string", "enum": [choice.name]}}
            least, most = choice.picks.bounds
            if most and fitting[choice.name]:
                form["findings"] = _numbers_schema(fitting[choice.name], least, most)
            forms.append(fields.object_schema(form))
        properties: dict[str, Any] = {"proposal": {"anyOf": forms}}
        if self.actions:
            properties["actions"] = _numbers_schema(range(1, len(self.actions) + 1), 0, MOST_PICKED)
        return fields.object_schema(properties)

    def problem_in(self, answer: Any) -> str:
        """What is wrong with an answer, in words for the next attempt; "" when nothing is."""
        given = _flat(answer)
        choice = next((one for one in self.choices if one.name == given.get("choice")), None)
        if choice is None:
            return f'"choice" must be one of: {", ".join(one.name for one in self.choices)}.'
        for name, listed in (("findings", self.findings), ("actions", self.actions)):
            numbers = _numbers(given.get(name))
            if numbers is None or any(not 1 <= number <= len(listed) for number in numbers):
                return f'"{name}" must be numbers from 1 to {len(listed)}.' if listed else f'"{name}" must be [].'
        return self._contradiction(choice, _numbers(given.get("findings")) or [])

    def _contradiction(self, choice: Choice, numbers: Sequence[int]) -> str:
        """Why a choice does not go with these findings; "" when it does."""
        least, most = choice.picks.bounds
        fitting = self.fitting()[choice.name]
        if choice.picks is Picks.NONE and numbers:
            others = [f'"{one.name}"' for one in self.choices if one.picks.bounds[1]]
            instead = f" Choose {' or '.join(others)}, or write [] there." if others else ""
            return f'"{choice.name}" takes no numbers in "findings".{instead}'
        if any(number not in fitting for number in numbers):
            return f'"{choice.name}" takes only these numbers in "findings": {", ".join(map(str, fitting))}.'
        if not least <= len(numbers) <= most:
            count = "exactly one number" if least == most else f"{least} to {most} numbers"
            return f'"{choice.name}" takes {count} in "findings".'
        return ""

    def fitting(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the findings that each choice may name, by the name of the choice."""
        numbered = list(enumerate(self.findings, 1))
        return {one.name: tuple(n for n, said in numbered if said.label in one.takes) for one in self.choices}

    def offers(self) -> tuple[Offer, ...]:
        """The choices that can be made, with the findings that each may name."""
        fitting = self.fitting()
        return tuple(Offer(one.name, one.sentence, fitting[one.name], *one.picks.bounds) for one in self.choices)

    def chosen(self, answer: Mapping[str, Any]) -> Chosen:
        """What an answer without a problem puts to the vote."""
        answer = _flat(answer)
        choice = next(one for one in self.choices if one.name == answer["choice"])
        findings = tuple(self.findings[number - 1] for number in _numbers(answer.get("findings")) or ())
        actions = tuple(self.actions[number - 1] for number in _numbers(answer.get("actions")) or ())
        return Chosen(choice, findings, actions[:MOST_PICKED])

    def read(self, words: str) -> dict[str, Any] | None:
        """The answer in plain words, such as "2 with 1, 3; action 1" or "build on conditions: 1 and 3".

        None when they name no choice, or two.
        """
        tokens = _TOKEN.findall(words.lower())
        named, at = self._named(tokens)
        if named is None:
            return None
        answer: dict[str, Any] = {"choice": named.name, "findings": [], "actions": []}
        under = "findings"
        while at < len(tokens) and (tokens[at] in _BESIDE or tokens[at].isdecimal()):
            under = "actions" if tokens[at].startswith("action") else under
            if tokens[at].isdecimal():
                answer[under].append(_number(tokens[at]))
            at += 1
        rest = " ".join(["", *tokens[at:], ""])
        ended = at == len(tokens) or tokens[at - 1] in _ENDS
        unclear = at and (tokens[at - 1 : at + 1].count("?") or (at < len(tokens) and tokens[at] in _IF))
        if not ended or unclear or any(f" {' '.join(_TOKEN.findall(one.name))} " in rest for one in self.choices):
            return None
        return answer

    def _named(self, tokens: Sequence[str]) -> tuple[Choice | None, int]:
        """The choice that words begin with, by its name or number, and the place behind it."""
        names = [(tuple(_TOKEN.findall(one.name.lower())), one) for one in self.choices]
        names.sort(key=lambda pair: -len(pair[0]))
        for at in range(len(tokens)):
            for name, choice in names:
                if tuple(tokens[at : at + len(name)]) == name:
                    behind = at + len(name)
                    return choice, behind + (tokens[behind : behind + 1] in (["it"], ["this"], ["that"]))
            if tokens[at].isdecimal() and 1 <= _number(tokens[at]) <= len(self.choices):
                return self.choices[_number(tokens[at]) - 1], at + 1
            if tokens[at] not in _LEADS:
                break
        return None, 0


def _number(digits: str) -> int:
    """The number that digits are; of a very long one, what is surely larger than any number of an entry."""
    return int(digits[:9])


def _numbers_schema(numbers: Iterable[int], least: int, most: int) -> dict[str, Any]:
    items = {"type": "integer", "enum": list(numbers)}
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _flat(answer: Any) -> Mapping[str, Any]:
    """An answer with the choice beside its findings and actions, as a person gives it."""
    given: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
    inner = given.get("proposal")
    return {**inner, "actions": given.get("actions")} if isinstance(inner, Mapping) else given


def short(text: str, most: int = LISTED_WORDS) -> str:
    """A text of at most ``most`` words, cut at a word's end."""
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."


def table_for(
    kind: MeetingType, turns: Sequence[Turn], titles: Mapping[str, str], repeated: Mapping[tuple[str, str], int]
) -> Table:
    """What is on the table after these turns.

    Args:
        kind: the meeting type.
        turns: the turns of the topic.
        titles: the titles of the speakers, by role id.
        repeated: how often later turns said the same as an entry, by the id of its turn and its text.
    """
    findings = findings_in(kind, turns, repeated)
    labels = {one.label for one in findings}
    choices = tuple(one for one in kind.choices if not one.picks.bounds[0] or labels & set(one.takes))
    actions: list[Said] = []
    for turn in turns:
        for entry in fields.entries_with(turn, "Action") if reading.contributes(turn) else []:
            promised = _PROMISE.match(entry.text)
            _merge(actions, Said("Action", _owned(entry.text, promised, titles.get(turn.speaker, "")), turn.id, {}))
    return Table(choices, findings, tuple(actions[:MOST_FINDINGS]))


def _owned(text: str, promised: re.Match[str] | None, title: str) -> str:
    """An action whose owner is named also outside the turn of its speaker."""
    return f"{title} will {text[promised.end() :]}" if promised and title else text


def findings_in(
    kind: MeetingType, turns: Sequence[Turn], repeated: Mapping[tuple[str, str], int] = MappingProxyType({})
) -> tuple[Said, ...]:
    """What the choices of a type may name, at most ``MOST_FINDINGS``: by label as the choices take them, then the most
    urgent by its values, then what most turns say. Each label has its share of the list.
    """
    labels = list(dict.fromkeys(label for choice in kind.choices for label in choice.takes))
    lines = {line.label: line for line in kind.lines}
    found: list[Said] = []
    for label in labels:
        for turn in turns:
            for entry in fields.entries_with(turn, label) if reading.contributes(turn) else []:
                said = _said(entry, turn.id)
                _merge(found, replace(said, times=1 + repeated.get((turn.id, entry.text), 0)))
    ranked = {
        label: sorted((one for one in found if one.label == label), key=lambda one: _rank(lines.get(one.label), one))
        for label in labels
    }
    share = -(-MOST_FINDINGS // max(1, sum(bool(each) for each in ranked.values())))
    kept = {id(one) for each in ranked.values() for one in each[:share]}
    spare = MOST_FINDINGS - len(kept)
    for each in ranked.values():
        more = [id(one) for one in each[share:]][: max(0, spare)]
        kept.update(more)
        spare -= len(more)
    return tuple(one for each in ranked.values() for one in each if id(one) in kept)[:MOST_FINDINGS]


def _said(entry: Entry, turn: str) -> Said:
    label, text, match = entry.label, entry.text, _VALUES.search(entry.text)
    if entry.values or not match:
        return Said(label, text, turn, entry.values)
    values = dict(pair.split(": ", 1) for pair in match[1].split(", ") if ": " in pair)
    return Said(label, text[: match.start()].rstrip(), turn, values)


def _merge(found: list[Said], new: Said) -> None:
    """Add what was said, or count it where about the same was said before."""
    for place, one in enumerate(found):
        if reading.similar(one.text, new.text):
            found[place] = Said(one.label, one.text, one.turn, one.values, one.times + 1)
            return
    found.append(new)


def _rank(line: Line | None, one: Said) -> tuple[int, ...]:
    fields = line.fields if line else {}
    urgent = (
        words.index(one.values[name]) if one.values.get(name) in words else len(words) for name, words in fields.items()
    )
    return (sum(urgent), -one.times)


def _numbers(value: Any) -> list[int] | None:
    """The numbers in a list, each once; None when it is not a list of numbers."""
    if value is None:
        return []
    if not isinstance(value, list) or any(not isinstance(n, int) or isinstance(n, bool) for n in value):
        return None
    return list(dict.fromkeys(value))
