"""What was said, read by code: labelled lines, positions, PASS, repetition. Pure functions of text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from agents.meeting.record import Position, Turn, Vote
from agents.text import harmless

SHINGLE_WORDS = 4
REPEATED = 0.6
"""Share of a turn's four-word runs that an earlier turn has too, from which on it counts as repetition."""

LEAST_ECHO = 3
"""Words from which on a line that stands in the question is taken for a copy of it."""

LEAST_LISTED = 3
"""Words from which on an item of a plain list says something."""

_PASSAGE_MARK = re.compile(r"</?passage\b[^<>]*>")
_THOUGHTS = re.compile(r"<think>.*?(</think>|\Z)", re.S)
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
"""Ways to say that there is nothing; "None of the tests ..." and "No action plan ..." say something."""

_PASS = re.compile(r"\W{0,6}(?:PASS(?![\w-])|[Pp]ass(?=\W{0,4}(?:[.,;:(\u2013\u2014]|\n|\Z)))")
_NO_WORD = re.compile(r"[-\u2013\u2014\s]+\Z")
_NEGATED = re.compile(r"\b(?:not|never|no|none|nobody|cannot|neither|nor|without|hardly|\w+n['\u2019]t)\b", re.I)
_VOTED = re.compile(
    r"\W{0,6}(?:(?:my )?vote\W{1,4})?(support[_ -]with[_ -]concern|support|object|abstain)s?\b"
    r"(?=\W{0,4}(?:[.,;:\n\u2013\u2014)]|\Z|-|because\b|since\b|as\b))",
    re.I,
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


def clean(text: str, speaker_title: str = "") -> str:
    """A model's answer as it may enter the record: no thoughts, no control characters, no speaker's own name in
    front.
    """
    text = _THOUGHTS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = harmless(text.replace("\u2028", "\n").replace("\u2029", "\n"))
    text = re.sub(r"[ \t]+\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if speaker_title:
        text = re.sub(rf"^\W{{0,3}}(?:\[?T\d+\]?\s*)?{re.escape(speaker_title)}\W{{0,3}}:\s*", "", text, flags=re.I)
    return text.strip()


def without_echo(text: str, question: str) -> str:
    """An answer without the lines that only copy the question, or one line's instruction in it, and without the marks
    around passages.
    """
    asked = set()
    for line in question.split("\n"):
        asked |= {_bare(line), _bare(line.partition(": ")[2])}
    kept = [line for line in text.split("\n") if not (_PASSAGE_MARK.fullmatch(line.strip()) or _echoes(line, asked))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _echoes(line: str, asked: set[tuple[str, ...]]) -> bool:
    said = _bare(line)
    return len(said) >= LEAST_ECHO and said in asked and not passed(line)


def _bare(line: str) -> tuple[str, ...]:
    """The words of a line, without a list's number."""
    return tuple(words(re.sub(r"^\W*\d{1,2}[.)]\s", "", line)))


def problem(text: str, needs: str = "") -> str:
    """What is wrong with an answer, in words for asking again; "" when nothing is.

    Args:
        text: the answer.
        needs: the label of a line that must be there, or "".
    """
    if not usable(text):
        return "it said nothing of your own. Write at least one of the lines, or PASS."
    if needs and not passed(text) and not _labelled(text, needs):
        return f"no line started with {needs}: and a text."
    return ""


def usable(text: str) -> bool:
    """Whether an answer says anything: more than one word, or PASS."""
    return passed(text) or len(_WORD.findall(text)) > 1


def passed(text: str) -> bool:
    """Whether the speaker had nothing to add."""
    return bool(_PASS.match(text)) or _says_nothing(text)


def _says_nothing(text: str) -> bool:
    return bool(_NOTHING.match(text) or (text and _NO_WORD.match(text)))


def labelled(text: str, label: str) -> list[str]:
    """The texts of the lines ``Label: text``, without "none"; Markdown emphasis and bullets around the label are
    ignored.
    """
    return [said for said in _labelled(text, label) if said and not _says_nothing(said)]


def listed(text: str, label: str) -> list[str]:
    """Like ``labelled``, of an answer in which only such lines were asked for: without labels, its list is meant."""
    if _labelled(text, label):
        return labelled(text, label)
    items = (match["text"].strip() for line in text.split("\n") if (match := _LISTED.match(line)))
    return [item for item in items if len(words(item)) >= LEAST_LISTED and not _says_nothing(item)]


def answers_label(text: str, label: str) -> bool:
    """Whether the speaker wrote the labelled line at all, be it only "none"."""
    return bool(_labelled(text, label)) or passed(text)


def _labelled(text: str, label: str) -> list[str]:
    out = []
    for line in text.split("\n"):
        match = _LABEL.match(line.strip())
        if match and match["label"].strip().lower() == label.lower():
            out.append(match["text"].strip().strip("*_ "))
    return out


def label_of(line: str) -> str:
    """The label a line starts with, or ""."""
    match = _LABEL.match(line.strip())
    return match["label"].strip() if match else ""


def position_in(text: str) -> Position | None:
    """The position a turn states in its ``Position:`` line, or None."""
    for said in _labelled(text, "Position"):
        found = read_position(said)
        if found:
            return found
    return None


def read_position(words: str) -> Position | None:
    """A position from a few words; None when they name none, or two that differ."""
    said = " ".join(_WORD.findall(words.lower()))
    if re.match(r"(for|yes|support|agree|accept|approve)\w* (with|under|on|only|if)\b|conditional", said):
        return Position.CONDITIONS
    if re.match(r"in favou?r\b", said):
        return Position.FOR
    first, _, rest = said.partition(" ")
    # "No objection" and "for me this is wrong" say the opposite of their first word.
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
    """A vote from plain words: the one of the four that they begin with, or the only one they name; None when unclear.

    "I do not support this" is unclear: it may be an objection or an abstention, so it is asked again.
    """
    if start := _VOTED.match(text):
        return _vote(start[1])
    if _NEGATED.search(text):
        return None
    named = {_vote(name) for name in re.findall(_VOTES, text, re.I)}
    if Vote.CONCERN in named and not {Vote.OBJECT, Vote.ABSTAIN} & named:
        return Vote.CONCERN
    return named.pop() if len(named) == 1 else None


_VOTES = r"\b(support[_ -]with[_ -]concern|support|object|abstain)s?\b"


def _vote(name: str) -> Vote:
    return Vote(re.sub("[ -]", "_", name.lower()))


def first_word(text: str) -> str:
    """REBUT, REVISE or PASS when an exchange answer starts so; else ""."""
    match = re.match(r"\W*(REBUT|REVISE|PASS)\b", text, re.I)
    return match[1].upper() if match else ""


def cited(text: str) -> list[str]:
    """The turn ids a text names, in order, each once."""
    return list(dict.fromkeys(re.findall(r"\bT\d+\b", text)))


def words(text: str) -> list[str]:
    """Its words, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def repeats(text: str, earlier: Iterable[tuple[str, str]]) -> str:
    """The id of an earlier turn that this one repeats, or "".

    Measured as the share of this text's four-word runs that stand in the earlier one too.

    Args:
        text: what was said now.
        earlier: ids and texts of the turns before.
    """
    mine = _shingles(words(text))
    if len(mine) < 3:
        return ""
    for turn_id, said in earlier:
        if len(mine & _shingles(words(said))) >= REPEATED * len(mine):
            return turn_id
    return ""


def _shingles(said: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(said[i : i + SHINGLE_WORDS]) for i in range(len(said) - SHINGLE_WORDS + 1)}


def sentence_around(text: str, quote: str) -> str | None:
    """The whole line or sentence of ``text`` in which ``quote`` stands, or None where the words are not there.

    Letter case, white space, typographic quotes and Markdown emphasis make no difference. The whole sentence is given
    back so that half of one cannot stand for its opposite.
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


def opening(text: str, most: int) -> str:
    """The first whole sentences of a text, ``most`` words at the most, but one sentence at least."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def normalised(text: str) -> str:
    """Text for comparison: one case, one kind of quote and dash, single blanks, no Markdown emphasis."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0x2011: "-"})
    text = re.sub(r"[*_`]+", "", text)
    return " ".join(text.split()).strip(" \"'.,;:")


def counts(turn: Turn) -> bool:
    """Whether a turn says something: it was not dropped and does not pass."""
    return not turn.dropped and not passed(turn.text)


PROPOSAL_WORDS = 60
"""About how many words are put to the vote where the facilitator did not say which."""


def proposal_text(turn: Turn) -> str:
    """The words put to the vote: the turn's ``Proposal:`` lines, or its first sentences where it has none."""
    lines = labelled(turn.text, "Proposal")
    if lines:
        return " ".join(lines)
    rest = (line for line in turn.text.split("\n") if label_of(line) not in {"Action", "Question"})
    return opening(" ".join(rest).strip(), PROPOSAL_WORDS)
