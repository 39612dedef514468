"""The sentences of a text. All functions are pure."""

import re
import unicodedata

from agents.meeting.reading.lines import label_of, without_label
from agents.sentences import sentence_ends, sentences_of


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
    body = (without_label(line) if label_of(line) else line).strip().lstrip("-*• ").strip()
    if len(body.split()) <= 60:
        return body
    sentences = sentences_of(body)
    for first in range(len(sentences)):
        for last in range(first + 1, len(sentences) + 1):
            joined = " ".join(sentences[first:last])
            if wanted in normalised(joined):
                start = first + 1 if wanted in normalised(" ".join(sentences[first + 1 : last])) else first
                return " ".join(sentences[start:last])
    return body


def ended_sentences(text: str) -> str:
    """The beginning of a text up to the end of its last whole sentence or line; "" if it has none."""
    ends = sentence_ends(text)
    return text[: ends[-1]].rstrip() if ends else ""


def first_sentences(text: str, most: int) -> str:
    """The first sentences of a text: at most ``most`` words, but at least one sentence."""
    sentences = sentences_of(text)
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
