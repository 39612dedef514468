"""Text written by others: which characters are not text, which words do not say what a text is about, which words only
introduce what follows, and which words are forms of the same word.
"""

import json
import re
import unicodedata
from typing import Any

JOINERS = "\u200c\u200d"
"""Format characters without which words of Persian or Hindi and some emoji fall apart."""

_LAID_OUT = "\n\t"
_NOT_TEXT = {"Cc", "Cf", "Cs", "Zl", "Zp"}

_STOP_WORDS = """
a about after all also an and any are as at be been before but by can could do does each for from had has have
how i if in into is it its may more most must no not of on only or other our out over should so some such than
that the their them then there these they this those to under until up was we were what when where which who why
will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""English words that do not say what a text is about, wherever they occur. Code that compares words adds its own: a
word that says nothing in a question may say something in a document.
"""

_INTRODUCING = """
a above action actions add all also am an and answer answers are as assessment at be below brief briefly colleague
comment comments conclusion contribution contributions details entries feedback few field fields fifth findings first
following follows for format four fourth from give given have here here's i i'd i'll i'm i've idea ideas in input is
issue issues it item items job json key lines list main mention my name next note notes of offer ok okay on one
opinion our output overview part perspective point points raise remark remarks reply report requested respond response
role say sec second see share short side some specific statement statements suggestion suggestions summary sure take
task the there these third this thought thoughts three to top two update valid view viewpoint views we what with
"""
INTRODUCING = frozenset(_INTRODUCING.split())
"""Words that only introduce what their writer says next."""

_HEADING = re.compile(r"\s*(?:[\[\uff3b\u3010(]\s?T\s?\d|T\d+\s[^:\uff1a]{1,60}[:\uff1a]\s*\Z)")
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e\n]")
_WORD = re.compile(r"[^\W_]+")
_SAID = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_SUFFIX = re.compile(r"(?:ations?|ating|ated|ates?|ions?|ings?|ments?|ies|ied|ers?|ed|es|ly|s|y|e)\Z")


def is_text(char: str) -> bool:
    """Whether a character may be shown: line feeds and tabs may; other control characters, those that turn the order
    of letters around or end lines unseen, and halves of characters may not.
    """
    return char in _LAID_OUT or char in JOINERS or unicodedata.category(char) not in _NOT_TEXT


def harmless(text: str) -> str:
    """A text without the characters that are not text; of an escape sequence, its letters stay, to be seen."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isprintable() or is_text(char))


def harmless_file(text: str) -> str:
    """A whole file without the characters that are not text; its line ends belong to its format and stay."""
    return "\r\n".join(harmless(line) for line in text.split("\r\n"))


def json_text(value: Any, indent: int | None = 2) -> str:
    """JSON in which the characters that are not text are escaped; the data is the same."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _BEYOND_ASCII.sub(lambda found: found[0] if is_text(found[0]) else json.dumps(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """A harmless text on one line, each run of blanks and line ends as one blank."""
    return " ".join(harmless(" ".join(text.split())).split())


def capital(text: str) -> str:
    """A text whose first letter is a capital, where one letter is the capital of it: that of \u00df would be two.

    Example:
        print(capital("by Friday"))
    """
    first = text[:1].upper()
    return first + text[1:] if len(first) == 1 else text


def set_apart(text: str) -> str:
    """A text in which no line looks like the heading of a turn ("[T9] Tester:"): such a line is quoted with ">"."""
    if "T" not in text:
        return text
    return "\n".join(f"> {line.lstrip()}" if _HEADING.match(line) else line for line in text.split("\n"))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without addresses of the web."""
    return _WORD.findall(" ".join(word for word in text.lower().split() if "://" not in word))


def has_words(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return _WORD.search(text) is not None


def introduces(line: str) -> bool:
    """Whether a line only introduces what its writer says next, such as "Here are my ideas:".

    The name of a role may follow "as": "As the Data Engineer I see:".
    """
    said, role = [word.replace("\u2019", "'") for word in _SAID.findall(line)], False
    for word in said:
        named = role and word[:1].isupper()
        if word.lower() not in INTRODUCING and not named:
            return False
        role = word.lower() == "as" or (role and (named or word in {"a", "an", "the", "your", "our"}))
    return bool(said)


def stem(word: str) -> str:
    """A word without common English endings, at least three letters long."""
    word = word.lower()
    shorter = _SUFFIX.sub("", word)
    return shorter if len(shorter) >= 3 else word
