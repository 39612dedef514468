"""Cuts texts into sentences. An abbreviation ends no sentence: half a sentence can mean its opposite."""

import re
from itertools import pairwise

_WORDS = """
e.g i.e eg ie approx ca cf vs viz etc incl excl resp est min max no nos nr fig figs eq sec ch vol pp p l ll ed
al mr mrs ms dr prof st jr sr inc ltd corp co dept gov ref refs rev ver temp avg tel ext misc
a.m p.m u.s u.k e.u jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
z.b d.h u.a o.\u00e4 bzw ggf evtl vgl usw inkl zzgl abs art bspw sog str hr fr
p.ex c.-\u00e0-d env av \u00e9d p.ej sra srta ud uds aprox p\u00e1g
"""
_ABBREVIATIONS = frozenset(_WORDS.split())
"""Words after which a full stop ends no sentence, in lower case, without their last full stop."""

_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]+[\"'\u201d\u2019\u00bb)\]*_]*(?=\s|\Z)|[\u3002\uff01\uff1f]+[\u300d\u300f\uff09\u201d]*|\n"
)
_LAST_WORD = re.compile(r"[^\s(\[\"'\u201c\u2018]{1,12}\Z")


def sentences_of(text: str) -> list[str]:
    """The sentences and lines of a text, in order, without the white space around them, and without empty ones."""
    ends = [0, *sentence_ends(text), len(text)]
    return [part for start, end in pairwise(ends) if (part := text[start:end].strip())]


def sentence_ends(text: str) -> list[int]:
    """The places in a text behind the ends of its sentences and lines."""
    return [match.end() for match in _END.finditer(text) if _ends(text, match)]


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether what looks like the end of a sentence is one."""
    if not match[0].startswith(".") or match[0].startswith(".."):
        return not match[0].startswith(("..", "\u2026")) or not _goes_on(text, match.end())
    word = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    last = word[0].lower() if word else ""
    if last in _ABBREVIATIONS and not (last == "no" and not _next(text, match.end()).isdecimal()):
        return False
    return not (len(last) == 1 and last.isalpha()) and not _goes_on(text, match.end())


def _goes_on(text: str, at: int) -> bool:
    """Whether a text goes on in lower case, as a sentence does."""
    return _next(text, at).islower()


def _next(text: str, at: int) -> str:
    """The first letter after white space, of which little is looked at; "" for none."""
    return text[at : at + 8].lstrip()[:1]
