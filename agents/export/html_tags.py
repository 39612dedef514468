"""HTML that cannot be broken: every string is text and is escaped; only what ``tag`` and ``page`` made is markup."""

from collections.abc import Iterable
from html import escape

from agents.export.text import printable

VOID = {"meta", "hr"}


class Html(str):
    """Text that is markup already; only this module makes it."""

    __slots__ = ()


def tag(name: str, /, *children: str | Iterable[str | None] | None, **attributes: str | None) -> Html:
    """One element.

    Args:
        name: the tag's name.
        children: texts, which are escaped; elements; lists of both. None and None in lists are left out.
        attributes: escaped too, None left out; a trailing underscore goes, the others become hyphens.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(printable(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>" if name in VOID else f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str | Iterable[str | None] | None) -> Html:
    """Elements and texts one after the other; the texts are escaped."""
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
    """Elements on a line each, so that the page's source can be read and compared."""
    return Html("\n".join(child for child in children if child))


def style(css: str) -> Html:
    """A style element with these rules, which are ours and never somebody's words."""
    return Html(f"<style>{css}</style>")


def document(*children: Html) -> Html:
    """A whole page."""
    return Html(f"<!DOCTYPE html>\n{tag('html', Html(chr(10)), lines(*children), Html(chr(10)), lang='en')}\n")
