"""Reads where somebody stands from plain words, by a small grammar: what it does not know is not read at all.

Words of a stance stand first, perhaps after "I" or "my vote is" and before "it" or "the proposal". A reason may follow
after punctuation or "because". A second stance, a question, a condition or a denial in the words makes all of them
unclear. All functions are pure and take linear time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

S = TypeVar("S", bound=Enum)

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\n|[^\w\s]")
_DASH = re.compile(r"(?<=[\w*)])-\s|\s-+\s")
_TURN = re.compile(r"t\d{1,4}")
_ENDS = frozenset(".,;:!()\n\u2013\u2014\u3002\uff0c\uff1a\uff01\uff08\uff09\u2026")
_BREAKS = _ENDS | {"?", "\uff1f", "\u00bf"}
_NOT_PLAIN = frozenset("{}[]<>~")
"""Signs of other text than plain words: JSON, marks, quoted and struck-out lines."""
_SILENT = frozenset("*`")
_MARKS = frozenset("\"'\u201c\u201d\u201e\u00ab\u00bb")


def _words(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a table, each as its words, the longest first."""
    phrases = (tuple(phrase.split()) for phrase in text.replace("\n", ",").split(",") if phrase.strip())
    return tuple(sorted(phrases, key=len, reverse=True))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS = _words("""
    i, we, i am, i'm, we are, i do, i must, i have to, i fully, i strongly, i clearly, i hereby, my vote is, my vote,
    vote, i vote, i vote to, i vote for, i vote with, my position is, my position, position, ich, ich bin, je, je suis,
    yo, estoy, i fully, i am clearly, i am still, i am strongly, and, so, therefore, then, actually, still, rather,
    wait, really, instead, now i
""")
"""What may stand before the words of a stance."""
_OBJECTS = _words("""
    it, this, that, to it, to this, to that, of it, of this, of that, strongly, fully, from voting, from this vote,
    from the vote, on this, here, us, this one,
    the proposal, the move, the plan, the design, the change, the idea, the topic, the option, this proposal, this move,
    this plan, this design, this change, this idea, this topic, this option, to the proposal, to the move, to the plan,
    to the design, to the change, to the idea, to this proposal, to this move, to this plan, to this design,
    to this change, of the proposal, of the move, of the plan, of the design, of the change, of this proposal,
    of this move, of this plan, of this design, of this change, doing it, doing this
""")
"""What a stance is about."""
_TAILS = _set("to of at in on now today this here immediately tonight")
"""Words after what a stance is about that say more of it."""
_REASONS = _set("because since as due given weil da denn car parce porque")
_FACTS = _set("i we it this that the there nobody nothing no our they he she")
"""Words after "as" where it means "because"."""
_BUT = _set("but however although though yet aber mais pero")
_IF = _set("""
    if unless provided providing only until except assuming when once should depends depending wenn falls sofern nur si
    seulement sauf solo
    """)
_NOT = _set("""
    not never neither nor cannot can't don't won't doesn't didn't couldn't wouldn't shouldn't no longer nicht kein keine
    pas jamais nunca
    """)
_HEDGES = frozenset(
    _words("""
    i guess, i suppose, i think, i believe, i hope, probably, maybe, perhaps, possibly, presumably, just kidding,
    kidding, i am kidding, i'm kidding, just joking, joking, i am joking, i'm joking, not really, or not, sort of,
    kind of, not sure, i am not sure, i'm not sure, who knows, whatever, more or less, vielleicht, wohl,
    peut être, quizás
    """)
)
"""A clause of only these words behind a stance makes it unclear."""
_OTHER_STEMS = ("object", "oppos", "reject", "veto", "abstain", "support", "approv")
"""The beginnings of words of other stances: "support the idea of objecting" is unclear."""
_NONE = _set("none nothing nobody neither never not kein keine keiner aucun aucune ninguno nada")
_MODAL = _set("would i'd could should")
_SKIPPED = _set("""
    i we i'm i'd we're am are do must have to fully strongly clearly my vote is position would will could can should
    and so then therefore actually still rather really instead wait ich bin je suis yo estoy even
    """)


@dataclass(frozen=True)
class Grammar(Generic[S]):
    """Which words name which stance.

    Attributes:
        heads: the words of each stance.
        qualified: a stance with words behind it that make it another one, and that other one.
        qualifiers: these words.
        conditional: the stance that another one becomes on a condition; no entry where a condition leaves it unclear.
        alike: stances that do not contradict each other, as pairs.
    """

    heads: Mapping[tuple[str, ...], S]
    qualified: Mapping[S, S]
    qualifiers: tuple[tuple[str, ...], ...]
    conditional: Mapping[S, S]
    alike: frozenset[tuple[S, S]]

    def head_at(self, tokens: Sequence[str], at: int) -> tuple[S, int] | None:
        """The stance that is named at a place, and the place behind its words."""
        for length in range(min(6, len(tokens) - at), 0, -1):
            found = self.heads.get(tuple(tokens[at : at + length]))
            if found is not None:
                return found, at + length
        return None


def heads(table: Mapping[S, str]) -> dict[tuple[str, ...], S]:
    """The words of each stance, from phrases between commas."""
    return {phrase: stance for stance, phrases in table.items() for phrase in _words(phrases)}


def read_stance(text: str, grammar: Grammar[S]) -> S | None:
    """The one stance that plain words name; None when they name none, two, or one that is not certain."""
    tokens = _tokens(text)
    if not tokens or not _NOT_PLAIN.isdisjoint(tokens):
        return None
    at = _after_lead(tokens, 0)
    found = grammar.head_at(tokens, at)
    if not found:
        return None
    stance, at = found
    about = _after(tokens, at, _OBJECTS)
    at = about or at
    at += bool(tokens[at : at + 1] and _TURN.fullmatch(tokens[at]))
    before = at + 1 if tokens[at : at + 1] in ([","], ["("]) else at
    qualified = _after(tokens, before, grammar.qualifiers) if stance in grammar.qualified else None
    if qualified:
        stance, at = grammar.qualified[stance], qualified
    if about is None and tokens[at : at + 1] and tokens[at] in _TAILS:
        return None  # "support in principle"
    if tokens[at : at + 1] in (["of"], ["to"]) and any(one.startswith(_OTHER_STEMS) for one in tokens[at:]):
        return None  # "support the idea of objecting"
    return _with_reason(tokens, at, stance, grammar, qualified=bool(qualified))


def _with_reason(tokens: Sequence[str], at: int, stance: S, grammar: Grammar[S], *, qualified: bool) -> S | None:
    """The stance, if what follows it is only a reason for it."""
    while tokens[at : at + 1] and tokens[at] in _SILENT:
        at += 1
    if at == len(tokens):
        return stance
    sign = tokens[at]
    following = tokens[at] if sign not in _ENDS else next((one for one in tokens[at:] if one not in _ENDS), "")
    if following in _BUT and not qualified:
        after = tokens[tokens.index(following, at) + 1 :][:1]
        return grammar.conditional.get(stance) if after and after[0] in _IF | {"with"} else None
    free = qualified and sign in {":", "\u2013", "\u2014", "\uff1a", "\n"}  # what worries, in any words
    if following in _IF and not free:
        stance_if = stance if stance in grammar.conditional.values() else grammar.conditional.get(stance)
        return stance_if if stance_if and _agrees(tokens[at:], stance_if, grammar) else None
    if sign not in _ENDS and sign not in _REASONS | _TAILS:
        return None
    if sign == "as" and not _FACTS.intersection(tokens[at + 1 : at + 2]):
        return None  # "as long as", "as amended"
    return stance if _agrees(tokens[at:], stance, grammar) else None


def names_other(text: str, stance: S, grammar: Grammar[S]) -> bool:
    """Whether a text that gives a reason for a stance names another one as its speaker's."""
    return not _agrees(_tokens(text), stance, grammar)


def _tokens(text: str) -> list[str]:
    flat = text.lower().replace("\u2019", "'").replace("_", " ").strip()
    flat = _DASH.sub(" \u2013 ", flat.replace("-with-", " with "))
    inner = flat[1:-1].strip(" .")
    if flat[:1] in {'"', "'", "\u201c", "\u201e", "\u00ab"} and len(flat) > 2 and inner.replace(" ", "").isalpha():
        flat = inner  # one word or two in quotes are a value
    tokens = _TOKEN.findall(flat)
    start = 0
    while start < len(tokens) and tokens[start] in _SILENT | {"-", "\u2013", "\u2022", "\n"}:
        start += 1
    return tokens[start:]


def _after_lead(tokens: Sequence[str], at: int) -> int:
    """The place behind what may stand before a stance."""
    for _ in range(3):
        behind = _after(tokens, at, _LEADS)
        if behind is None:
            return at
        at = behind
        while tokens[at : at + 1] and tokens[at] in _SILENT | {":", "\uff1a", "="}:
            at += 1
    return at


def _after(tokens: Sequence[str], at: int, phrases: Sequence[tuple[str, ...]]) -> int | None:
    """The place behind the longest of some phrases that stands at a place; None if none stands there."""
    return next((at + len(one) for one in phrases if tuple(tokens[at : at + len(one)]) == one), None)


def _agrees(tokens: Sequence[str], stance: S, grammar: Grammar[S]) -> bool:
    """Whether no clause of a reason names another stance or takes the first one back."""
    for clause in _clauses(tokens):
        if clause[0] in _NONE and stance in grammar.qualified and len(clause) < 5:
            return False  # "support: none from me"
        if tuple(clause) in _HEDGES:
            return False  # "support, I guess"
        for named, denied in _mentions(clause, grammar):
            same = named is stance or (named, stance) in grammar.alike
            if same is denied:
                return False
    return True


def _clauses(tokens: Sequence[str]) -> Iterator[list[str]]:
    clause: list[str] = []
    for token in tokens:
        if token in _BREAKS or token in _BUT:
            if clause:
                yield clause
            clause = []
        elif token not in _SILENT and token not in _MARKS:
            clause.append(token)
    if clause:
        yield clause


def _mentions(clause: Sequence[str], grammar: Grammar[S]) -> Iterator[tuple[S, bool]]:
    """The stances that a clause names as its speaker's, and whether it denies them.

    They stand at its start or after "I", and are all of the clause but for what they are about.
    """
    for start in range(len(clause)):
        if start and clause[start] not in {"i", "we", "i'm", "i'd", "we're", "ich", "je", "yo", "vote"}:
            continue
        at, denied = start, False
        while at < len(clause) and at < start + 8 and (clause[at] in _SKIPPED or clause[at] in _NOT):
            if not denied and (alone := grammar.head_at(clause, at)) and alone[1] == len(clause):
                break  # "no" by itself
            denied = denied or clause[at] in _NOT
            at += 1
        found = grammar.head_at(clause, at)
        if not found:
            continue
        named, end = found
        behind = _after(clause, end, _OBJECTS)
        after = clause[end] if end < len(clause) else ""
        if after in _IF and not _MODAL.isdisjoint(clause[start:at]):
            continue  # "I would object if ..." says what would change
        if behind is not None or not after or after in _REASONS | _IF | _TAILS:
            yield named, denied
