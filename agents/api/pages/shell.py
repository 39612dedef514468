"""What every page has around its own content: head, navigation, and the headers that say what it may load."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import JSONResponse, RedirectResponse, Response

from agents.api.pages import assets, paths, said
from agents.api.problems import Refusal
from agents.export.html_tags import Html, document, join, lines, tag

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer a browser would send forms with the origin "null", which is that of nobody.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What a page may load, whatever becomes of its text: the files of the service, and nothing else."""

_PLACES = (("Meetings", paths.HOME), ("New meeting", paths.NEW), ("Actions", paths.ACTIONS), ("Search", paths.SEARCH))


@dataclass(frozen=True, slots=True)
class Look:
    """What is special about a page.

    Attributes:
        current: the address in the navigation that it belongs to, or "".
        kind: the class of its body: "reading" for panes that fill the window, "" for a usual page.
    """

    current: str = ""
    kind: str = ""


def page(title: str, *main: Html | None, look: Look = Look(), status: int = 200) -> Response:
    """A page.

    Args:
        title: what it is about.
        *main: its content; the first heading of it says the title.
        look: what is special about it.
        status: of the answer.
    """
    head = lines(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} \u00b7 Meeting room"),
        tag("link", rel="stylesheet", href=assets.address("style.css")),
        tag("link", rel="icon", href=assets.address("icon.svg"), type="image/svg+xml"),
        tag("script", src=assets.address("page.js"), defer=""),
    )
    body = lines(
        tag("a", "Skip to the content", href="#main", class_="skip"),
        _navigation(look.current),
        tag("main", lines(*main), id="main", tabindex="-1"),
        tag("p", said.sentence(), id="said", class_="said", role="status", aria_live="polite"),
    )
    written = document(tag("head", head), tag("body", body, class_=f"app {look.kind}".strip()))
    return Response(written.encode("utf-8", "replace"), status, HEADERS, "text/html")


def part(*main: Html | None) -> Response:
    """A piece of a page, which the script of a page puts into it."""
    return Response(lines(*main).encode("utf-8", "replace"), 200, HEADERS, "text/html")


def refused(refusal: Refusal, *, quiet: bool = False) -> Response:
    """A page that says why there is no other, and what to do.

    Args:
        refusal: what is said.
        quiet: whether the script of a page asked, which shows the sentences itself.
    """
    if quiet:
        told = {"error": refusal.cause, "remedy": refusal.remedy}
        return JSONResponse(told, refusal.status, {**HEADERS, **refusal.headers})
    title = "Not found" if refusal.status == 404 else "This was not possible"
    remedy = tag("p", refusal.remedy) if refusal.remedy else None
    found = page(title, tag("h1", title), tag("p", refusal.cause, class_="cause"), remedy, status=refusal.status)
    found.headers.update(refusal.headers)
    return found


def trouble(cause: str, remedy: str, **attributes: str) -> Html:
    """Why something was not done, on the page from which it was asked for.

    Args:
        cause: why.
        remedy: what to do, or "".
        **attributes: more attributes of the element.
    """
    told = lines(tag("p", tag("strong", cause)), tag("p", remedy) if remedy else None)
    return tag("div", told, class_="trouble", role="alert", **attributes)


def done(sentence: str, to: str) -> Response:
    """The answer to a form that the script of a page sent: a sentence, and the page that shows what came of it."""
    return JSONResponse({"said": sentence, "to": to}, headers=HEADERS)


def gone_to(address: str) -> Response:
    """The answer to a form: the page that shows what came of it."""
    return RedirectResponse(address, 303, HEADERS)


def _navigation(current: str) -> Html:
    links = [
        tag("li", tag("a", name, href=address, aria_current="page" if address == current else None))
        for name, address in _PLACES
    ]
    return tag("header", tag("nav", tag("ul", lines(*links)), aria_label="Pages"), class_="top")


def pager(address: str, number: int, *, more: bool, name: str = "page", **query: str | int) -> Html | None:
    """Links to the part before and after this one; None where there is only one.

    Args:
        address: of the list.
        number: of this part, from 1.
        more: whether there is one after it.
        name: of the parameter with the number.
        **query: other parameters to keep.
    """
    before = paths.listed(address, **{**query, name: number - 1 if number > 2 else ""})
    after = paths.listed(address, **{**query, name: number + 1})
    links = [
        tag("a", "Before", href=before, rel="prev") if number > 1 else None,
        tag("a", "Next", href=after, rel="next") if more else None,
    ]
    shown = [one for one in links if one]
    return tag("nav", *_apart(shown), class_="pager", aria_label="Parts of the list") if shown else None


def _apart(parts: Iterable[Html]) -> list[Html]:
    """Elements with a blank between two."""
    return [join(" ", one) for one in parts]
