"""Turns the bytes of a text file into text, whatever its encoding, and says which one it was."""

import re
from contextlib import suppress
from typing import NamedTuple

from agents.errors import DocumentError

_CONTROLS = bytes(number for number in range(32) if number not in (*range(8, 14), 27))
_CONTROL = re.compile(b"[%b]" % re.escape(_CONTROLS))
_MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig", ""),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
"""The marks at the start of a text: bytes, Python's name of the encoding, and its name in words; "" is not said."""
LEAST_UNMARKED = 8
"""The fewest bytes that are taken for UTF-16 without a mark."""
_JAPANESE = (b"\x1b$B", b"\x1b$@")
"""What switches to Japanese letters in ISO-2022-JP, whose bytes are all ASCII."""
_SAMPLE = 65_536
"""The most bytes that are looked at to guess an encoding."""
_WESTERN = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e]")
_WESTERN_SIGNS = re.compile(
    "(?:(?<![\u00c0-\u00ff])[\u2018-\u201e\u2013\u2014\u2026\u20ac\u2022\u2122\u2039\u203a"
    "\u00a0\u00a1\u00a2\u00a3\u00a5\u00a7\u00a9\u00ab\u00ae\u00b0\u00b1\u00b2\u00b3\u00b4\u00b5\u00b7\u00ba"
    "\u00bb\u00bc-\u00be\u00bf\u00d7\u00f7\u00aa])"
)
_WITHIN = re.compile(
    "[a-zA-Z\u00c0-\u00ff][\u00a1-\u00a9\u00ac-\u00b3\u00b5\u00b6\u00b8\u00b9\u00bc-\u00bf][a-zA-Z\u00c0-\u00ff]"
)
"""A sign within a word: a letter of another encoding."""
_FOREIGN_RUN = re.compile("[\u00a1-\u017f]{4}")
_NAMES = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "latin_1": "ISO-8859-1", "shift_jis": "Shift JIS", "cp932": "Shift JIS", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR",
    "cp949": "EUC-KR", "big5": "Big5", "gb18030": "GB 18030", "gb2312": "GB 2312", "gbk": "GBK", "koi8_r": "KOI8-R",
    "mac_roman": "Mac Roman",
}  # fmt: skip
_GUESSED = ["cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "iso8859_2",
            "cp932", "euc_jp", "gb18030", "big5", "cp949"]  # fmt: skip
"""The encodings that are looked for besides Windows-1252: those in which text files are still written."""
_OF_LANGUAGE = {
    "Turkish": "cp1254", "Polish": "cp1250", "Czech": "cp1250", "Slovak": "cp1250", "Slovene": "cp1250",
    "Hungarian": "cp1250", "Croatian": "cp1250", "Romanian": "cp1250", "Lithuanian": "cp1257", "Latvian": "cp1257",
    "Estonian": "cp1257",
}  # fmt: skip
"""The encoding of a language, where several that differ in a few letters would do."""
_TURKISH_OR_ICELANDIC = re.compile("[\u00d0\u00de\u00f0\u00fe]")


class Decoded(NamedTuple):
    """A text, and a sentence about how it was read, or ""."""

    text: str
    note: str


def decode(name: str, raw: bytes) -> Decoded:
    """The text of a file.

    Tried in this order: a mark at its start, the pattern of UTF-16, UTF-8, UTF-8 with a few damaged letters,
    Windows-1252 where the result looks like words, and what charset-normalizer finds.

    Raises:
        DocumentError: the bytes are not text, or in no encoding that is known.
    """
    for mark, encoding, said in _MARKED:
        if raw.startswith(mark):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                if not said:
                    break
                raise DocumentError(
                    f"{name} is marked as {said}, but is not {said} text.", "Save it again as UTF-8."
                ) from None
            return Decoded(text, _read_as(name, said))
    if any(sign in raw for sign in _JAPANESE):
        with suppress(UnicodeDecodeError):
            return Decoded(raw.decode("iso2022_jp_2"), _read_as(name, "ISO-2022-JP"))
    if unmarked := _utf_16(raw):
        return Decoded(unmarked, _read_as(name, "UTF-16"))
    if binary_line(raw):
        raise DocumentError(
            f"{name} is a binary file.", "Use a text file, such as Markdown or source code.", short="binary"
        )
    try:
        return Decoded(raw.decode("utf-8"), "")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    found = _damaged_utf_8(name, raw) or _guessed(name, raw)
    if found is None:
        raise DocumentError(
            f"{name}, line {line}: this is not UTF-8 text, and its encoding is not known.",
            "Save it as UTF-8, or convert it: iconv -f ENCODING -t UTF-8 FILE.",
        )
    return found


def binary_line(raw: bytes) -> int:
    """The number of the line with the first byte that shows a file to be binary; 0 for a text file.

    One NUL is enough. Of other control characters, which logs may contain, more than one byte in twenty is needed. Text
    in UTF-16 is full of NULs but is recognised by its first two bytes.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return 0
    first = raw.find(b"\x00")
    if first < 0:
        found = _CONTROL.search(raw)
        if found is None or (len(raw) - len(raw.translate(None, _CONTROLS))) * 20 <= len(raw):
            return 0
        first = found.start()
    return raw.count(b"\n", 0, first) + 1


def _read_as(name: str, encoding: str) -> str:
    return f"{name} was read as {encoding}." if encoding else ""


def _utf_16(raw: bytes) -> str:
    """The text of UTF-16 without a mark: blanks, line ends and Latin letters have a NUL. "" for other bytes."""
    if b"\x00" not in raw or len(raw) % 2 or len(raw) < LEAST_UNMARKED:
        return ""
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        shown = sum(char.isprintable() or char in "\r\n\t" for char in sample)
        if "\x00" not in text and shown * 100 >= len(sample) * 98:
            found.append((sum(map(str.isascii, sample)), text))
    ascii_signs, text = max(found, default=(0, ""))
    return text if ascii_signs else ""


def _damaged_utf_8(name: str, raw: bytes) -> Decoded | None:
    """UTF-8 with a few bytes that are none, each shown as a replacement character; None where most are none."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - broken - sum(map(len, re.findall("[\x00-\x7f]+", text)))
    if broken * 4 > whole:
        return None
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    signs = "1 sign that is" if broken == 1 else f"{broken} signs that are"
    return Decoded(text, f"{name} has {signs} not UTF-8, the first on line {line}; each is shown as \ufffd.")


def _guessed(name: str, raw: bytes) -> Decoded | None:
    """The text in an older encoding; Windows-1252 where that gives words of a western language."""
    sample = _with_letters(raw)
    western = sample.decode("cp1252", "replace")
    if _is_western(western) and not _TURKISH_OR_ICELANDIC.search(western):
        order = ["cp1252"]
    else:
        from charset_normalizer import from_bytes

        best = from_bytes(sample, cp_isolation=_GUESSED).best()
        found = _OF_LANGUAGE.get(best.language, best.encoding) if best else "cp1252"
        order = ["cp1252" if _is_western(western) and found != "cp1254" else found, "cp1252"]
    for encoding in order:
        try:
            return Decoded(raw.decode(encoding), _read_as(name, _NAMES.get(encoding, encoding)))
        except UnicodeDecodeError:
            continue
    return None


def _with_letters(raw: bytes) -> bytes:
    """The first lines with bytes beyond ASCII, from which an encoding can be guessed."""
    out, size = [], 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            out.append(line[:_SAMPLE])
            size += len(out[-1])
            if size >= _SAMPLE:
                break
    return b"\n".join(out)


def _is_western(text: str) -> bool:
    """Whether a text read as Windows-1252 looks right: its signs beyond ASCII are letters of western languages in short
    runs, or typographic signs that do not stand behind such a letter.
    """
    beyond = sum(not char.isascii() for char in text)
    letters = len(_WESTERN.findall(text))
    known = letters + len(_WESTERN_SIGNS.findall(text))
    return (
        known == beyond
        and not _FOREIGN_RUN.search(text)
        and not _WITHIN.search(text)
        and letters * 10 <= 6 * sum(map(str.isalpha, text))
    )
