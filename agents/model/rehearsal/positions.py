"""The position of a role, its answers to others, and its votes: by rules, without a model.

A position follows from the hits; a vote follows from the position and from whether the proposal contains the role's
condition. The same hits always give the same answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.documents import Passage
from agents.model.prompt import Prompt
from agents.model.rehearsal.matching import Hit, Spot, material_of, phrase, terms
from agents.role import Role, RoleItem

FOR, CONDITIONS, AGAINST, UNDECIDED = "for", "for with conditions", "against", "undecided"
AGAINST_FROM = 2
"""Number of alarming red flags from which a role is against."""
QUOTED_WORDS = 14
POSTPONE = "Postpone it"
CONDITION = "on these conditions"
NEED = "this is true: "
"""In a proposal, the words before the done-criterion that it asks for."""
DECIDE = "Decide when"
OPEN = f"{DECIDE} this is answered: "
"""The words before the question of a role that cannot say more yet."""
CHECK = "To check: "
"""The words before a red flag or a done-criterion that concerns a line: a word is a reason to check, not a proof."""

_LINE = re.compile(r"^(?P<label>[A-Z][A-Za-z ]{1,23}): (?P<text>.+)$")
_HEAD = re.compile(r"^\[T\d+\] [^\n]*:\n")


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a role in each of its lists, best match first."""

    role: Role
    questions: Sequence[Hit]
    red_flags: Sequence[Hit]
    done: Sequence[Hit]

    @property
    def position(self) -> str:
        """The position of the role.

        Undecided if there are no documents or no hits in them; against from two alarming red flags on; for if no red
        flag is alarming and there are at least as many done-criteria as red flags; else for with conditions.
        """
        if not any(one.spot for one in (*self.questions, *self.red_flags, *self.done)):
            return UNDECIDED
        alarming = sum(one.alarming for one in self.red_flags)
        if alarming >= AGAINST_FROM:
            return AGAINST
        if not alarming and self.done and len(self.done) >= len(self.red_flags):
            return FOR
        return CONDITIONS if self.red_flags else UNDECIDED


def hits_of(prompt: Prompt, role: Role, extra: Sequence[Passage] = ()) -> Hits:
    """The hits of a role in the passages of a prompt, in ``extra`` and in the subject."""
    material = material_of((*prompt.shared, *prompt.documents, *extra), prompt.subject)
    taken: set[Spot] = set()
    flags, questions, done = (material.find(items, taken) for items in (role.red_flags, role.questions, role.done))
    return Hits(role, questions, flags, done)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in the transcript.

    Attributes:
        turn: its id.
        speaker: role id.
        text: the statement, without the line that names turn and speaker.
        lines: its labelled lines.
    """

    turn: str
    speaker: str
    text: str
    lines: Sequence[tuple[str, str]]

    def line(self, label: str) -> str:
        """The text of the first line of this label, or ""."""
        return next((text for name, text in self.lines if name == label), "")


def statements(prompt: Prompt) -> list[Statement]:
    """The statements of the transcript, turn by turn."""
    out = []
    for message in prompt.transcript:
        if message.turn:
            text = _HEAD.sub("", message.text)
            matches = (_LINE.match(line) for line in text.split("\n") if not line.endswith(" ..."))
            lines = [(match["label"], match["text"]) for match in matches if match]
            out.append(Statement(message.turn, message.speaker, text, lines))
    return out


def own(said: Sequence[Statement], role: Role) -> list[Statement]:
    """The statements of this role."""
    return [each for each in said if each.speaker == role.id]


def stated_position(mine: Sequence[Statement]) -> str:
    """The last position in these statements, or ""."""
    found = [text for each in mine if (text := each.line("Position"))]
    return found[-1] if found and found[-1] in {FOR, CONDITIONS, AGAINST, UNDECIDED} else ""


def suggestion(hits: Hits, *, judging: bool) -> str:
    """The proposal that a role makes from its hits.

    Args:
        hits: the hits of the role.
        judging: whether the meeting judges a plan; if not, it searches for what to do, such as after an incident.
    """
    need = condition(hits)
    if not judging and need:
        return f"Make sure that {NEED}{need}"
    if hits.position == AGAINST:
        return f"{POSTPONE} until {NEED}{need}" if need else "Do not do it as it stands."
    if hits.position == CONDITIONS:
        return f"Accept it when {NEED}{need}" if need else "Accept it when the risk above is answered."
    if hits.position == FOR:
        return "Accept it as it stands."
    question = hits.questions[0].item.text if hits.questions else ""
    return f"{OPEN}{question}" if question else f"{DECIDE} the documents say more."


def condition(hits: Hits) -> str:
    """The done-criterion that shares most words with the strongest red flag, else the best match; "" without any."""
    if not hits.red_flags:
        return hits.done[0].item.text if hits.done else ""
    flag = hits.red_flags[0].item
    near = {stem for word in (*flag.watch, flag.text) for stem in terms(word)}
    found = {one.item.text: one.score for one in hits.done}

    def nearness(item: RoleItem) -> tuple[int, float]:
        mine = {stem for word in (*item.watch, item.text) for stem in terms(word)}
        return len(near & mine), found.get(item.text, 0.0)

    return max(hits.role.done, key=nearness).text if hits.role.done else ""


def vote(prompt: Prompt, said: Sequence[Statement], role: Role, hits: Hits) -> dict[str, str]:
    """A vote that agrees with the role's position, with a reason in the role's own words."""
    mine = own(said, role)
    position = stated_position(mine) or hits.position
    flag = hits.red_flags[0] if hits.red_flags else None
    risk = next((text for each in mine if (text := each.line("Risk"))), "") or (flag.item.text if flag else "")
    risk = re.sub(r"\s*\([^()]*: [^()]*\)\Z", "", risk).removeprefix(CHECK)
    need = condition(hits) or "An answer to it in the document."
    proposed = prompt.asked.proposal
    refuses = POSTPONE in proposed
    taken_up = [each.turn for each in mine if f"[{each.turn}]" in proposed]
    if position == UNDECIDED and proposed.startswith(DECIDE):
        own_one = f" My question is one of them ({', '.join(taken_up)})." if taken_up else ""
        return _ballot("support", f"There was nothing to judge it by.{own_one}", "A document that answers them.")
    if position == UNDECIDED:
        question = hits.questions[0].item.text if hits.questions else "Nothing here concerns my field."
        return _ballot("abstain", question, "An answer to that question.")
    if position == AGAINST:
        if refuses:
            return _ballot("support", f"I see this risk: {risk}", need)
        if taken_up or CONDITION in proposed:
            return _ballot("support_with_concern", f"My objection became a condition; until it is met: {risk}", need)
        return _ballot("object", f"The proposal leaves this open: {risk}", need)
    if refuses:
        return _ballot("support_with_concern", "I would accept it with conditions instead of waiting.", need)
    if position == FOR or taken_up:
        done = hits.done[0].item.text if hits.done else ""
        reason = (
            f"My condition is part of it ({', '.join(taken_up)})."
            if taken_up
            else f"The documents contain what I look for: {done}"
        )
        return _ballot("support", reason if taken_up or done else "Nothing I look for speaks against it.", need)
    return _ballot(
        "support_with_concern",
        f"The proposal does not answer this: {risk}" if risk else "My point is still open.",
        need,
    )


def answer_others(prompt: Prompt, said: Sequence[Statement], role: Role, hits: Hits) -> str:
    """REBUT, REVISE or PASS to one different statement, with its words in quotes."""
    mine = own(said, role)
    position = stated_position(mine) or hits.position
    listed = re.search(r"differ from yours: ([T\d, ]+)\.", prompt.question)
    names = listed[1].split(", ") if listed else []
    best: tuple[int, Statement, str] | None = None
    for each in said:
        risk = each.line("Risk") or each.line("Challenge")
        touches = [word for word in dict.fromkeys(field_words(role)) if phrase(word) in phrase(risk)]
        if each.turn in names and (best is None or len(touches) > best[0]):
            best = (len(touches), each, touches[0] if touches else "")
    if best is None:
        return "PASS"
    touches_count, other, word = best
    theirs = other.line("Position")
    if theirs == AGAINST and touches_count and position in {FOR, CONDITIONS}:
        if position == CONDITIONS and touches_count < 3:
            return "PASS"
        moved = CONDITIONS if position == FOR else AGAINST
        words = _some(other.line("Risk") or other.line("Challenge"))
        why = f"That is my field ({word}) and I had not weighed it."
        return f'REVISE: {other.turn} says "{words}". {why}\nPosition: {moved}'
    if position in {AGAINST, CONDITIONS} and theirs in {FOR, CONDITIONS} and theirs != position and hits.red_flags:
        words = _some(other.line("Proposal") or other.line("Risk"))
        return (
            f'REBUT: {other.turn} says "{words}". It leaves open what I found. {tell(hits.red_flags[0])}'
            if words
            else "PASS"
        )
    return "PASS"


def tell(hit: Hit) -> str:
    """A hit as one sentence: the item, then the words of its line."""
    if hit.spot is None:
        return hit.item.text
    where = f"{hit.spot.place} says" if hit.spot.place else "You say"
    return f"{hit.item.text} {where} {quoted(hit.quote)}"


def quoted(words: str) -> str:
    """Words in quotes that end a sentence, with at most one full stop."""
    return f'"{words}"' if words.endswith((".", "!", "?")) else f'"{words}".'


def field_words(role: Role) -> list[str]:
    """The words and phrases of a role's field: its expertise and the watch words of its questions and red flags."""
    return [*role.expertise, *(word for item in (*role.red_flags, *role.questions) for word in item.watch)]


def _some(text: str) -> str:
    """The first words of a line, up to a place or a double quote, for a quote."""
    return " ".join(re.split(r"[\"\u201c]| \S+:\d+ says", text.removeprefix(CHECK))[0].split()[:QUOTED_WORDS]).rstrip(
        " ."
    )


def inside(text: str) -> str:
    """A sentence for the middle of another one: its first letter is lower case."""
    first = text.split(" ", 1)[0]
    return text if first.isupper() and len(first) > 1 else text[:1].lower() + text[1:]


def _ballot(choice: str, reason: str, would_change: str) -> dict[str, str]:
    return {"vote": choice, "reason": reason, "would_change": would_change}
