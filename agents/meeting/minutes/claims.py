"""Decides what is verified. Whatever is not verified is shown as it was said, with the reason, and nothing is taken
from it (docs/decisions/0019).

Verified is a whitelist. Words are verified only if

1. they are a whole field, or a whole line, that their speaker gave under the label of the entry;
2. they are plain, where they claim something, or name or quote something (``CLAIMS``, ``NATURAL``);
3. every place and quotation in them was found (``places``), and every figure, where they tell of a document
   (``figures``).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.meeting import plain, reading
from agents.meeting.meeting_type import MeetingType
from agents.meeting.minutes import compare
from agents.meeting.minutes.figures import Figures
from agents.meeting.minutes.places import Looked, Places
from agents.meeting.minutes.surroundings import around
from agents.meeting.plain import Doubt, why_not_plain
from agents.meeting.record import Entry, Evidence, Item, Turn

CLAIMS = frozenset({"Action", "Proposal", "Condition", "Fact", "Event"})
"""The labels whose entries say what is or what will be done. They must be plain."""
FIGURES = frozenset({"Number", "Fact", "Event"})
"""The labels whose entries tell what a document says: each figure must stand in one; its line is printed beside it."""
REPORTS = frozenset({"fact", "document"})
"""What the lines of a meeting type draw on for whose entries the same counts."""
WHAT_HAPPENED = "timeline"
"""The phase of meetings on what happened. In them times of day are looked up in all that is said about it."""
QUESTIONS = frozenset({"Question", "Parked"})
"""The labels whose entries claim nothing, so that they may ask, deny and depend on what they like."""
NATURAL = frozenset(Doubt) - plain.OWN_SPEECH
"""The doubts that do not matter for other entries, as long as they name and quote nothing: "No rollback is described"
is a whole risk. A quotation or a report of what others said is never the speaker's own entry.
"""


def problem_of(label: str, looked: Looked) -> str:
    """Why an entry is only shown as it was said; "" for one that is verified."""
    if looked.problem:
        return looked.problem
    if label in CLAIMS:
        allowed: frozenset[Doubt] = frozenset()
    else:
        allowed = NATURAL if label in QUESTIONS or not looked.names else frozenset()
    return why_not_plain(looked.rest, allowed)


class Claims:
    """Checks the entries of one meeting.

    Args:
        places: looks up what entries name and quote.
        figures: looks up the figures in them.
        kind: the meeting type.
        person: role id of the person who takes part, who may know figures that no document has; "" for nobody.
    """

    def __init__(self, places: Places, figures: Figures, kind: MeetingType, person: str = "") -> None:
        self._places, self._figures, self._person = places, figures, person
        self._reports = FIGURES | {line.label for line in kind.lines if line.draws_on in REPORTS}
        plans = {label for choice in kind.choices for label in choice.takes}
        happened = {line.label for line in kind.lines} - plans if WHAT_HAPPENED in kind.phases else set()
        self._timed = frozenset(happened) if happened and figures.have_times else frozenset()

    def said(self, label: str, turn: Turn, text: str) -> Evidence:
        """What a speaker gave under a label: one of the entries of its turn."""
        looked = self._places.look(text)
        tells = label in self._reports or label in self._timed
        if tells and not looked.problem and turn.speaker != self._person:
            problem, lines = self._figures.look(looked.rest, times=label not in self._reports)
            looked = replace(looked, problem=problem, written=tuple(dict.fromkeys((*looked.written, *lines))))
        problem = problem_of(label, looked) or ("" if turn.entries is not None else around(turn.text, text))
        return _evidence(looked, turn.id, turn.speaker, text, problem)

    def pointed(
        self, label: str, turns: Mapping[str, Turn], turn_id: str, quote: str, given: Sequence[str]
    ) -> Evidence:
        """Words that the scribe points at. They are verified only if they are one whole entry of that turn.

        Args:
            label: the label of the entry.
            turns: the turns of the topic, by id.
            turn_id: the turn in which they should stand.
            quote: the words.
            given: the texts of the entries of that turn under the label.
        """
        turn = turns.get(turn_id)
        if turn is None:
            return Evidence(turn_id, "", quote, verified=False, problem=f"there is no turn {turn_id}")
        wanted = compare.flat(_bare(quote, label))
        same = next((text for text in given if compare.flat(text) == wanted), None)
        if same is not None:
            return self.said(label, turn, same)
        if not wanted or wanted not in compare.flat(turn.text):
            problem = f"{turn_id} does not say this"
        else:
            problem = f"not given as {_article(label)}"
        return Evidence(turn_id, turn.speaker, quote, verified=False, problem=problem)

    def proposed(self, turn_id: str, speaker: str, text: str, *, written: str = "") -> Evidence:
        """A proposal.

        Args:
            turn_id: the turn that proposes it.
            speaker: role id.
            text: the proposal.
            written: its beginning, where code wrote it from a choice of the meeting type and from whole findings.
        """
        looked = self._places.look(text)
        label = "Proposal" if not written else "Finding"
        problem = problem_of(label, replace(looked, rest=looked.rest.removeprefix(written)))
        return _evidence(looked, turn_id, speaker, text, problem)

    def reasons(self, speaker: str, *texts: str) -> Evidence | None:
        """The places and quotations in the reasons of a vote or a move; None without reasons. A reason may deny."""
        said = [text for text in texts if text]
        if not said:
            return None
        each = [self._places.look(text) for text in said]
        problem = next((one.problem for one in each if one.problem), "")
        looked = Looked(
            problem,
            tuple(dict.fromkeys(line for one in each for line in one.written)),
            "",
            sum(one.compared for one in each),
            sum(one.found for one in each),
            names=any(one.names for one in each),
        )
        return _evidence(looked, "", speaker, " ".join(said), problem)

    def quotes_truly(self, text: str) -> bool:
        """Whether everything that a text names and quotes was found."""
        looked = self._places.look(text)
        return not looked.problem and Doubt.QUOTES not in plain.doubts(looked.rest)

    def says(self, turn: str, words: str) -> bool:
        """Whether a turn says these words, and nothing in their sentence that can change their meaning."""
        return self._places.says(turn, words)


def _evidence(looked: Looked, turn: str, speaker: str, text: str, problem: str) -> Evidence:
    return Evidence(
        turn, speaker, text, verified=not problem, problem=problem, written=looked.written,
        compared=looked.compared, found=looked.found,
    )  # fmt: skip


def _bare(quote: str, label: str) -> str:
    """A quote without its label, where the scribe copied the whole line."""
    line = quote.strip()
    return reading.without_label(line) if reading.label_of(line).lower() == label.lower() else line


def _article(label: str) -> str:
    return f"{'an' if label[:1] in 'AEIOUaeiou' else 'a'} {label.lower()}"


def item_of(label: str, entry: Entry, evidence: Evidence, fields: Mapping[str, Sequence[str]]) -> Item:
    """An entry of a section; only a verified one has values."""
    if not evidence.verified:
        return Item(label, entry.text, evidence)
    if entry.values:
        return Item(label, entry.text, evidence, dict(entry.values))
    said = {name: word for name, words in fields.items() if (word := field_in(entry.text, name, words, fields))}
    return Item(label, without_fields(entry.text, said) if said else entry.text, evidence, said)


def field_in(sentence: str, name: str, allowed: Sequence[str], fields: Mapping[str, Sequence[str]]) -> str:
    """The allowed word that a sentence gives for a field: in brackets, as "impact: high" or alone, or, where the whole
    sentence is plain, as "impact is high" or "high impact".

    "" if the sentence gives no word, or two. A word alone in brackets does not count if another field allows it too.

    Args:
        sentence: what was said.
        name: the field.
        allowed: its words.
        fields: every field of the entry, with its words.
    """
    flat, key = " ".join(sentence.lower().split()), name.lower()
    parts = [part.strip() for group in re.findall(r"\(([^()]*)\)", flat) for part in re.split("[,;]", group)]
    words = {word.lower(): word for word in allowed}
    named = {value for part in parts if (value := _value_of(part, key)) in words}
    if not named and why_not_plain(flat) == "":
        options = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        named = set(re.findall(rf"\b{re.escape(key)}(?: is |: | = )({options})(?![\w-])", flat))
        named |= set(re.findall(rf"(?<![\w-])({options}) {re.escape(key)}\b", flat))
    if not named:
        taken = {word.lower() for one, each in fields.items() if one != name for word in each}
        named = {part for part in parts if part in words and part not in taken}
    return words[named.pop()] if len(named) == 1 else ""


def _value_of(part: str, name: str) -> str:
    """The value in "impact: high", "impact is high", "impact high" or "high impact"; "" in other words."""
    for joint in (": ", ":", " is ", " = ", "=", " "):
        if part.startswith(name + joint):
            return part[len(name + joint) :].strip()
    return part.removesuffix(f" {name}") if part.endswith(f" {name}") else ""


def without_fields(sentence: str, said: Mapping[str, str]) -> str:
    """The sentence without brackets at its end that contain nothing but its fields."""
    match = re.search(r"\(([^()]*)\)\s?\.?\s?\Z", sentence)
    of_fields = {word for pair in said.items() for each in pair for word in reading.words(each)}
    if match and set(reading.words(match[1])) <= of_fields:
        return sentence[: match.start()].rstrip()
    return sentence
