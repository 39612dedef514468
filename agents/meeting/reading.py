"""Reads answers: labelled lines, positions, votes, PASS and repetitions. All functions are pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from agents.meeting.record import Position, Turn, Vote
from agents.text import harmless

RUN_WORDS = 4
"""The words of a run; turns are compared by their runs of words."""
REPEATED = 0.6
"""A turn repeats an earlier one that contains at least this share of its runs."""

LEAST_LISTED = 3
"""An item of a plain list needs at least this number of words."""

PROPOSAL_WORDS = 60
"""About the number of words that are put to the vote when a turn has no ``Proposal:`` line."""

# The marks around passages in a prompt, which small models copy.
_PASSAGE_MARK = re.compile(r"</?passage\b[^<>]*>")
_THOUGHTS = re.compile(r"<think>.*?(</think>|\Z)", re.S)
# "Label: text", also with a list number, a bullet, Markdown emphasis, or a number after the label ("Risk 2: ...").
_LABEL = re.compile(
    r"^(?:\W{0,2}\d{1,2}[.)])?\W{0,4}(?P<label>[A-Z][A-Za-z ]{1,23}?)(?: ?#?\d{1,2}(?!\W*:\d))?\W{0,2}\s*:"
    r"\s*(?:\*\*|__)?\s*(?P<text>.*)$"
)
_LISTED = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+(?P<text>\S.*)$")
_NOTHING = re.compile(
    r"\W{0,6}(?:nothing|(?:none|n/?a|no (?:further |new |other |open )?(?:action|question|risk|concern|date)s?)"
    r"(?:\W{0,3}(?:[.,;:\u2013\u2014](?!\w)|\()[^\n]{0,80}"
    r"|\W{0,3} (?:at (?:this|the) \w+|at present|for now|right now|from me|yet|so far|needed|required|necessary"
    r"|identified|known)\b[^\n]{0,60})?)\W{0,6}\Z",
    re.I,
)
"""Answers that mean "nothing". "None of the tests ..." and "No action plan ..." are not among them."""

# PASS alone or before a reason; in lower case only before punctuation, because "pass the data on" says something.
_PASS = re.compile(r"\W{0,6}(?:PASS(?![\w-])|[Pp]ass(?=\W{0,4}(?:[.,;:(\u2013\u2014]|\n|\Z)))")
_ONLY_DASHES = re.compile(r"[-\u2013\u2014\s]+\Z")
_NEGATED = re.compile(r"\b(?:not|never|no|none|nobody|cannot|neither|nor|without|hardly|\w+n['\u2019]t)\b", re.I)
# A vote at the start, before punctuation or a reason.
_VOTED = re.compile(
    r"\W{0,6}(?:(?:my )?vote\W{1,4})?(support[_ -]with[_ -]concern|support|object|abstain)s?\b"
    r"(?=\W{0,4}(?:[.,;:\n\u2013\u2014)]|\Z|-|because\b|since\b|as\b))",
    re.I,
)
_VOTES = r"\b(support[_ -]with[_ -]concern|support|object|abstain)s?\b"
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


def clean(text: str, speaker_title: str = "") -> str:
    """A model's answer as it is stored: without thoughts, control characters and the speaker's title at its start."""
    text = _THOUGHTS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = harmless(text.replace("\u2028", "\n").replace("\u2029", "\n"))
    text = re.sub(r"[ \t]+\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if speaker_title:
        text = re.sub(rf"^\W{{0,3}}(?:\[?T\d+\]?\s*)?{re.escape(speaker_title)}\W{{0,3}}:\s*", "", text, flags=re.I)
    return text.strip()


def without_marks(text: str) -> str:
    """An answer without the marks around passages, which small models copy."""
    kept = [line for line in text.split("\n") if not _PASSAGE_MARK.fullmatch(line.strip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def usable(text: str) -> bool:
    """Whether an answer can be used: it has more than one word, or says PASS."""
    return passed(text) or len(_WORD.findall(text)) > 1


def passed(text: str) -> bool:
    """Whether the speaker says PASS or, in other words, has nothing to add."""
    return bool(_PASS.match(text)) or says_nothing(text)


def says_nothing(text: str) -> bool:
    """Whether a text means "nothing", such as "none" or "n/a"."""
    return bool(_NOTHING.match(text) or (text and _ONLY_DASHES.match(text)))


def labelled(text: str, label: str) -> list[str]:
    """The texts of the lines ``Label: text``, without those that mean "none".

    Markdown emphasis and bullets around the label are ignored.
    """
    return [said for said in _labelled(text, label) if said and not says_nothing(said)]


def listed(text: str, label: str) -> list[str]:
    """Like ``labelled``, for an answer in which only this label was asked for: without labels, its list items count."""
    if _labelled(text, label):
        return labelled(text, label)
    items = (match["text"].strip() for line in text.split("\n") if (match := _LISTED.match(line)))
    return [item for item in items if len(words(item)) >= LEAST_LISTED and not says_nothing(item)]


def answers_label(text: str, label: str) -> bool:
    """Whether the speaker wrote the labelled line, even if it is only "none"."""
    return bool(_labelled(text, label)) or passed(text)


def _labelled(text: str, label: str) -> list[str]:
    return [without_label(line) for line in text.split("\n") if label_of(line).lower() == label.lower()]


def label_of(line: str) -> str:
    """The label at the start of a line, or ""."""
    match = _LABEL.match(line.strip())
    return match["label"].strip() if match else ""


def without_label(line: str) -> str:
    """A line without the label and the emphasis around it."""
    match = _LABEL.match(line.strip())
    return match["text"].strip().strip("*_ ") if match else line.strip()


def position_in(text: str) -> Position | None:
    """The position that a text states in its ``Position:`` line, or None."""
    for said in _labelled(text, "Position"):
        found = read_position(said)
        if found:
            return found
    return None


def read_position(words: str) -> Position | None:
    """The position that a few words name; None when they name none, or two different ones."""
    said = " ".join(_WORD.findall(words.lower()))
    if re.match(r"(for|yes|support|agree|accept|approve)\w* (with|under|on|only|if)\b|conditional", said):
        return Position.CONDITIONS
    if re.match(r"in favou?r\b", said):
        return Position.FOR
    first, _, rest = said.partition(" ")
    # "No objection" and "for me this is wrong" mean the opposite of their first word.
    alone = not rest or bool(re.match(r"\W{0,6}\w+\W{0,2}(?:[.,;:!(\n\u2013\u2014]| -)", words))
    if first in {"for", "no"} and not (alone or re.match(r"(it|this|that|the (proposal|move|plan|design))\b", rest)):
        return None
    if first in {"for", "yes", "support", "agree", "accept", "approve"}:
        return (
            None
            if re.search(r"\bagainst\b", said) or re.match(r"nothing\b", rest) or _NEGATED.match(rest)
            else Position.FOR
        )
    if first in {"against", "no", "object", "oppose", "opposed", "reject", "disagree"}:
        return Position.AGAINST
    if first in {"undecided", "unsure", "neutral", "abstain"}:
        return Position.UNDECIDED
    return None


def read_vote(text: str) -> Vote | None:
    """The vote in plain words: the one at their start, or the only one that they name; None when it is not clear.

    "I do not support this" is not clear: it can be an objection or an abstention, so the speaker is asked again.
    """
    if start := _VOTED.match(text):
        return _vote(start[1])
    if _NEGATED.search(text):
        return None
    named = {_vote(name) for name in re.findall(_VOTES, text, re.I)}
    if Vote.CONCERN in named and not {Vote.OBJECT, Vote.ABSTAIN} & named:
        return Vote.CONCERN
    return named.pop() if len(named) == 1 else None


def _vote(name: str) -> Vote:
    return Vote(re.sub("[ -]", "_", name.lower()))


def denies(text: str) -> bool:
    """Whether a text has a word such as "not" or "nobody"."""
    return bool(_NEGATED.search(text))


def first_word(text: str) -> str:
    """The word REBUT, REVISE or PASS at the start of an answer in an exchange; else ""."""
    match = re.match(r"\W*(REBUT|REVISE|PASS)\b", text, re.I)
    return match[1].upper() if match else ""


def cited(text: str) -> list[str]:
    """The ids of the turns that a text names, in order, each once."""
    return list(dict.fromkeys(re.findall(r"\bT\d+\b", text)))


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def repeats(text: str, earlier: Iterable[tuple[str, str]]) -> str:
    """The id of the earlier turn that a text repeats, or "".

    It compares runs of words (``RUN_WORDS``, ``REPEATED``).

    Args:
        text: the text of the new turn.
        earlier: the ids and texts of the earlier turns.
    """
    mine = _runs(words(text))
    if len(mine) < 3:
        return ""
    for turn_id, said in earlier:
        if len(mine & _runs(words(said))) >= REPEATED * len(mine):
            return turn_id
    return ""


def similar(one: str, other: str) -> bool:
    """Whether two sentences share at least three quarters of the words of the longer one."""
    mine, theirs = set(words(one)), set(words(other))
    return bool(mine) and len(mine & theirs) >= 0.75 * max(len(mine), len(theirs))


def _runs(said: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(said[i : i + RUN_WORDS]) for i in range(len(said) - RUN_WORDS + 1)}


def sentence_around(text: str, quote: str) -> str | None:
    """The whole line or sentence of ``text`` that contains ``quote``; None if the words are not in it.

    Letter case, white space, typographic quotes and Markdown emphasis make no difference. The result is a whole
    sentence because half of a sentence can mean its opposite.
    """
    wanted = normalised(quote)
    if len(wanted) < 3:
        return None
    for line in text.split("\n"):
        if wanted in normalised(line):
            return _sentence(line, wanted)
    flat = " ".join(text.split("\n"))
    return _sentence(flat, wanted) if wanted in normalised(flat) else None


def _sentence(line: str, wanted: str) -> str:
    match = _LABEL.match(line.strip())
    body = match["text"] if match else line
    body = body.strip().lstrip("-*• ").strip()
    if len(body.split()) <= 60:
        return body
    sentences = re.split(r"(?<=[.!?])\s+", body)
    for first in range(len(sentences)):
        for last in range(first + 1, len(sentences) + 1):
            joined = " ".join(sentences[first:last])
            if wanted in normalised(joined):
                start = first + 1 if wanted in normalised(" ".join(sentences[first + 1 : last])) else first
                return " ".join(sentences[start:last])
    return body


def ended_sentences(text: str) -> str:
    """The beginning of a text up to the end of its last whole sentence or line; "" if it has none."""
    ends = [match.end() for match in re.finditer(r"[.!?\u3002](?=\s|\Z)|\n", text)]
    return text[: ends[-1]].rstrip() if ends else ""


def first_sentences(text: str, most: int) -> str:
    """The first sentences of a text: at most ``most`` words, but at least one sentence."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def normalised(text: str) -> str:
    """A text for comparison: one letter case, one kind of quotes and dashes, single spaces, no Markdown emphasis."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0x2011: "-"})
    text = re.sub(r"[*_`]+", "", text)
    return " ".join(text.split()).strip(" \"'.,;:")


def contributes(turn: Turn) -> bool:
    """Whether a turn adds to the discussion: it was not dropped and does not say PASS."""
    return not turn.dropped and not passed(turn.text)


def proposal_text(turn: Turn) -> str:
    """The words put to the vote: the ``Proposal:`` lines of the turn, or its first sentences where it has none."""
    lines = labelled(turn.text, "Proposal")
    if lines:
        return " ".join(lines)
    rest = (line for line in turn.text.split("\n") if label_of(line) not in {"Action", "Question"})
    return first_sentences(" ".join(rest).strip(), PROPOSAL_WORDS)
