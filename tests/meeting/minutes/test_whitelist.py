"""Whatever is said, quoted, split, reordered or translated: no verified entry is one that a strict reader would deny.

The strict reader here knows nothing of the code that decides. It reads the transcript and the documents themselves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.documents import Document
from agents.meeting.record import Evidence, Minutes
from tests.drill import rounds
from tests.meeting.minutes.said import TITLES, minutes_of

LINES = (
    "The nightly backup runs at three.",
    "We will not approve this design before the audit is over.",
    "Always delete the old backup files from the archive server.",
    "If the first node fails, the second node takes over.",
    "The store holds 10\u00b2 sessions and 2*10 queues.",
    "Der Speicher h\u00e4lt alle Sitzungen.",
    "Le cache garde les sessions.",
    "\u30bb\u30c3\u30b7\u30e7\u30f3\u306f\u4fdd\u5b58\u3055\u308c\u308b\u3002",
)
PLAN = Document("the plan (v2).md", "\n\n".join(LINES))
OWNERS = tuple(TITLES.values())
TASKS = ("restore the backup", "delete the old logs", "measure the load", "write the runbook", "rotate the keys")
DAYS = ("", " by Friday", " by 2026-12-04", " on Monday")

DENIED = re.compile(
    r"\b(?:not|never|no|nobody|none|won't|refuses|doubt|false|lie|declines|avoid|stop|nicht|kein|nie|pas|jamais|nunca|si|if|unless"
    r"|when|wenn|falls|provided|would|might|should we|whether|said|told|according|sagte|dit|dijo|ob)\b"
    r"|\u306a\u3044|\u307e\u305b\u3093|\u3082\u3057|\u305f\u3089|\u8a00|\u4e0d|\u6ca1|\u5982\u679c|\u5417|\u8bf4|[?\uff1f~]|^\s*>",
    re.I,
)
"""What a strict reader does not take for a plain statement."""
MARKS = '"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f`\u2018\u2019'

Change = Callable[[str], str]
CHANGES: dict[str, Change] = {
    "plain": lambda said: said,
    "not": lambda said: said.replace(" will ", " will not ") if " will " in said else f"do not {said}",
    "never": lambda said: f"never {said}",
    "refuse": lambda said: said.replace(" will ", " refuses to "),
    "doubt": lambda said: f"I doubt that {said}",
    "false": lambda said: f"it is false that {said}",
    "German": lambda said: f"{said} nicht",
    "German none": lambda said: f"kein Mensch sagt: {said}",
    "French": lambda said: f"on ne veut pas que {said}",
    "Spanish": lambda said: f"nunca {said}",
    "Japanese": lambda said: f"{said} \u3057\u306a\u3044",
    "Chinese": lambda said: f"\u6211\u4eec\u4e0d {said}",
    "if": lambda said: f"if the audit ends, {said}",
    "unless": lambda said: f"{said} unless the audit fails",
    "when": lambda said: f"when the money is there, {said}",
    "wenn": lambda said: f"wenn das Audit endet, {said}",
    "Japanese if": lambda said: f"\u3082\u3057\u7d42\u308f\u3063\u305f\u3089 {said}",
    "Chinese if": lambda said: f"\u5982\u679c\u7ed3\u675f {said}",
    "ask": lambda said: f"{said}?",
    "order": lambda said: re.sub(r"^(?:the )?(.*?) will ", r"Will the \1 ", said),
    "whether": lambda said: f"ask whether {said}",
    "report": lambda said: f"The Security Engineer said that {said}",
    "according": lambda said: f"according to the CTO, {said}",
    "quoted": lambda said: f'remember the words "{said}"',
    "German quoted": lambda said: f"denk an \u201e{said}\u201c",
    "French quoted": lambda said: f"pense \u00e0 \u00ab {said} \u00bb",
    "Japanese quoted": lambda said: f"\u300c{said}\u300d",
    "struck": lambda said: f"~~{said}~~",
    "behind": lambda said: f"> {said}",
    "wide": lambda said: said.replace(" will ", " will \uff4e\uff4f\uff54 "),
}
AROUND: dict[str, Change] = {
    "alone": lambda line: line,
    "quoted line": lambda line: f"> {line}",
    "fenced": lambda line: f"```\n{line}\n```",
    "struck": lambda line: f"~~{line}~~",
    "earlier": lambda line: f"I doubt that {line.partition(': ')[2]} at all.\n{line}",
    "split": lambda line: line.replace(" the ", "\nthe ", 1),
    "not these": lambda line: f"We do not take these on:\n{line}",
    "unlabelled": lambda line: line.partition(": ")[2],
    "other label": lambda line: f"Done: {line.partition(': ')[2]}",
}


@dataclass(frozen=True)
class Quoting:
    """A quotation: what is said to stand at which place."""

    words: str
    line: int
    verb: str
    marks: str

    @property
    def said(self) -> str:
        """The sentence that quotes."""
        opened, closed = self.marks.split("|")
        return f"{PLAN.name}:{self.line} {self.verb} {opened}{self.words}{closed}"


@st.composite
def quotings(draw: st.DrawFn) -> Quoting:
    """True, cut, altered, reordered and invented quotations, at true and false places."""
    number = draw(st.integers(0, len(LINES) - 1))
    words = LINES[number].split(" ")
    start = draw(st.integers(0, len(words) - 1))
    part = words[start : draw(st.integers(start + 1, len(words)))]
    kind = draw(st.sampled_from(["part", "whole", "drop", "swap", "invent", "dots", "digits"]))
    said = " ".join(words if kind == "whole" else part)
    if kind == "drop" and len(words) > 2:
        left = draw(st.integers(1, len(words) - 2))
        said = " ".join(words[:left] + words[left + 1 :])
    elif kind == "swap":
        said = " ".join([*words[start:], *words[:start]])
    elif kind == "invent":
        said = draw(
            st.sampled_from(["severe", "there is no risk", "the board approved it", "102 sessions", "210 queues"])
        )
    elif kind == "dots" and len(words) > 3:
        middle = draw(st.integers(1, len(words) - 2))
        said = f"{' '.join(words[:1])} ... {' '.join(words[middle:])}"
    elif kind == "digits":
        said = LINES[4].replace("\u00b2", "2").replace("*", "")
    line = draw(st.sampled_from([2 * number + 1, 2 * number + 1, 1, 3, 9, 4711]))
    verb = draw(st.sampled_from(["says", "demands", "calls it", "states", "says:"]))
    marks = draw(
        st.sampled_from(['"|"', "\u201c|\u201d", "\u201e|\u201c", "\u00bb|\u00ab", "\u00ab|\u00bb", "\u300c|\u300d"])
    )
    return Quoting(said, line, verb, marks)


def read_strictly(proof: Evidence, label: str, minutes: Minutes) -> str:
    """Why a strict reader denies a verified entry; "" if it does not."""
    turn = minutes.turn(proof.turn)
    if turn is None:
        return "no such turn"
    if proof.quote not in _given(turn.text, label):
        return "not a line of its own under this label"
    rest = proof.quote
    for place, words in re.findall(rf"{re.escape(PLAN.name)}:(\d+) [\w: ]+? ?[{MARKS}]([^{MARKS}]+)[{MARKS}]", rest):
        if problem := _false(words, int(place)):
            return problem
        rest = rest.replace(words, "")
    for place in re.findall(rf"{re.escape(PLAN.name)}:(\d+)", proof.quote):
        if int(place) > len(PLAN.lines):
            return "no such line"
        if not any(one.first <= int(place) <= one.last and one.text for one in proof.written):
            return "the line is not printed"
    rest = re.sub(rf"{re.escape(PLAN.name)}:\d+ (?:says:?|demands|calls it|states)", "", rest)
    if label == "Action" and DENIED.search(rest):
        return "not plain"
    if label != "Action" and re.search(r"\bsaid\b|according|~~|^>", rest):
        return "not its own words"
    quoted = any(mark in re.sub(rf"[{MARKS}]\s*[{MARKS}]", "", rest) for mark in MARKS)
    return "quotes somebody" if quoted else ""


def _given(text: str, label: str) -> list[str]:
    """What a turn gives under a label: its lines, each also with the lines that go on with it."""
    own, grown, fenced, open_ = [], "", False, False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        begins = line.startswith(f"{label}:")
        goes_on = open_ and bool(line) and not re.match(r"[A-Z]\w+:|[>~`]", line)
        grown = line.partition(":")[2].strip() if begins else f"{grown} {line}".strip() if goes_on else ""
        open_ = begins or goes_on
        if grown and not fenced:
            own.append(" ".join(grown.split()))
    return own


def _false(words: str, line: int) -> str:
    """Why a quotation is not what a line says."""
    text = PLAN.lines[line - 1] if line <= len(PLAN.lines) else ""
    parts = [part.strip().rstrip(".,") for part in words.split("...") if part.strip()]
    at, left = 0, text
    for part in parts:
        found = text.lower().find(part.lower(), at)
        if found < 0:
            return "the line does not say this"
        at = found + len(part)
        left = left.replace(text[found:at], "", 1)
    return "the line says more" if DENIED.search(left) else ""


def _owned(task: str) -> bool:
    """Whether a sentence gives its task to somebody in a form that nobody can misread."""
    return bool(re.match(rf"(?:the )?(?:{'|'.join(OWNERS)}|I) (?:will|shall|to) ", task))


actions = st.builds(
    lambda who, task, day: f"{who} will {task}{day}", st.sampled_from([*OWNERS, f"the {OWNERS[0]}", "I"]),
    st.sampled_from(TASKS), st.sampled_from(DAYS),
)  # fmt: skip
plain_words = st.one_of(actions, st.sampled_from(TASKS))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """One or more lines of a turn: an entry, changed and placed in some way."""
    label = draw(st.sampled_from(["Action", "Action", "Blocker"]))
    if draw(st.booleans()):
        said = draw(plain_words)
        for name in draw(st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=2)):
            said = CHANGES[name](said)
    else:
        said = draw(quotings()).said
        said = draw(st.sampled_from([said, f"As {said}, we go on", f"{draw(plain_words)}, because {said}"]))
    return AROUND[draw(st.sampled_from(sorted(AROUND)))](f"{label}: {said}")


@settings(max_examples=rounds(100, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines(), min_size=1, max_size=4), st.data())
def test_no_verified_entry_is_one_that_a_strict_reader_denies(said: list[str], data: st.DataObject) -> None:
    """Entries that are negated, quoted, split, reordered, conditional, asked, translated, reported, or that quote falsely
    are never verified, in any combination, whoever points at them.
    """
    text = "\n".join(said)
    start = data.draw(st.integers(0, len(text) - 1))
    pointed = text[start : data.draw(st.integers(start + 1, len(text)))]
    line = data.draw(st.sampled_from(text.split("\n")))
    items = [("T1", words) for words in (pointed, line, line.partition(": ")[2]) if words.strip()]
    minutes = minutes_of("daily_standup", [("status_round", "cto", text)], [PLAN], pointed={"Action": items})
    topic = minutes.topics[0]
    for item in topic.items:
        if item.evidence.verified:
            assert read_strictly(item.evidence, item.label, minutes) == "", item
    for action in topic.actions:
        if action.evidence.verified:
            assert read_strictly(action.evidence, "Action", minutes) == "", action
            assert action.owner is None or _owned(action.evidence.quote), action
        else:
            assert (action.owner, action.due, action.agreed) == (None, None, False)


@given(actions, st.sampled_from(sorted(set(CHANGES) - {"plain"})))
@settings(max_examples=rounds(60, 600), deadline=None)
def test_a_plain_action_is_verified_and_every_change_of_it_is_not(said: str, name: str) -> None:
    """The generator is not idle: what is plain passes, with its owner, and each change takes that away."""
    (kept,) = minutes_of("daily_standup", [("status_round", "cto", f"Action: {said}")]).topics[0].actions
    assert kept.evidence.verified
    assert kept.owner
    changed = CHANGES[name](said)
    found = minutes_of("daily_standup", [("status_round", "cto", f"Action: {changed}")]).topics[0].actions
    assert not any(one.evidence.verified or one.owner for one in found)


@given(st.integers(0, len(LINES) - 1), st.sampled_from(['"|"', "\u201e|\u201c", "\u300c|\u300d"]))
@settings(max_examples=30, deadline=None)
def test_a_whole_sentence_of_a_document_is_always_a_true_quotation(number: int, marks: str) -> None:
    """A sentence of a document that is quoted whole, at its line, is verified, also where it denies something."""
    said = Quoting(LINES[number], 2 * number + 1, "says", marks).said
    (action,) = minutes_of("daily_standup", [("status_round", "cto", f"Action: {said}")], [PLAN]).topics[0].actions
    assert action.evidence.problem == ""
