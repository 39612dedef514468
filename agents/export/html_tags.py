"""Safe HTML: every string is escaped as text; only what the functions of this module return is markup."""

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from agents.export.text import printable

UNBROKEN = "unbroken"
"""The class of cells with a word that no line holds: it breaks anywhere, while the words of other cells stay whole."""
_TAGS = re.compile(r"<[^<>]*>")
_LONG_WORD = re.compile(r"\S{36}")

VOID = {"meta", "hr", "link", "input", "br"}


class Html(str):
    """Text that is markup already; only this module creates it."""

    __slots__ = ()


TAB = Html("\t")
"""A tab as it is, for pages that show a text as it was laid out; in other texts it becomes a blank."""


def tag(name: str, /, *children: str | Iterable[str | None] | None, **attributes: str | None) -> Html:
    """One element.

    Args:
        name: the tag's name.
        children: texts, which are escaped; elements; lists of both. None is left out, also in lists.
        attributes: also escaped; None is left out. A trailing underscore of a name is removed, others become hyphens.
    """
    given = ""
    for key, value in attributes.items():
        if value is not None:
            given += f' {_attribute(key)}="{escape(printable(value))}"'
    return Html(f"<{name}{given}>" if name in VOID else f"<{name}{given}>{join(*children)}</{name}>")


@cache  # the names are those in our own code
def _attribute(key: str) -> str:
    """The name of an attribute, as it is written in HTML."""
    return key.rstrip("_").replace("_", "-")


def cell(column: str, *children: str | Iterable[str | None] | None, class_: str | None = None) -> Html:
    """A cell of a table, with the name of its column; without this a word without end would make the table wider than
    its page.

    Args:
        column: its name, or "".
        children: as of ``tag``.
        class_: its classes.
    """
    content = join(*children)
    unbroken = UNBROKEN if _LONG_WORD.search(_TAGS.sub("", content)) else ""
    return tag("td", content, data_name=column or None, class_=f"{class_ or ''} {unbroken}".strip() or None)


def join(*children: str | Iterable[str | None] | None) -> Html:
    """Elements and texts, joined; the texts are escaped."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Html):
            parts.append(child)
        elif isinstance(child, str):
            parts.append(escape(printable(child), quote=False))
        elif child is not None:
            parts.append(join(*child))
    return Html("".join(parts))


def lines(*children: Html | None) -> Html:
    """Each element on its own line, so that the source of the page can be read and compared."""
    return Html("\n".join(child for child in children if child))


def style(css: str) -> Html:
    """A style element with these rules, which are not escaped: they must never contain a text of the minutes."""
    return Html(f"<style>{css}</style>")


def document(*children: Html) -> Html:
    """A complete page."""
    return Html(f"<!DOCTYPE html>\n{tag('html', Html(chr(10)), lines(*children), Html(chr(10)), lang='en')}\n")
