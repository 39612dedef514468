"""The pages of a site, found by following links from the first one, so that a new page is tested without a new test."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from starlette.routing import Match, Route

from agents.api.pages import paths
from agents.api.pages.table import routes
from tests.api.pages.site import Shown, Site

MOST_PAGES = 400
"""How many pages are read at most: a list of many meetings has many pages that are alike."""
_KEPT = "content-disposition"
"""The header of a file that a browser keeps instead of showing it."""


@dataclass(frozen=True)
class Found:
    """A page.

    Attributes:
        path: its address in the site, with its parameters.
        kind: what it is like: its route, its parameters and the class of its body.
        meeting: the address of the meeting that it is the page of, or "".
        status: of the answer.
        size: bytes.
    """

    path: str
    kind: str
    meeting: str
    status: int
    size: int


def crawl(pages: Site, begin: Iterable[str] = (paths.HOME,), most: int = MOST_PAGES) -> list[Found]:
    """The pages of a site that links lead to, in the order of finding them.

    Args:
        pages: the site.
        begin: addresses to begin with.
        most: how many pages are read at most.
    """
    found: list[Found] = []
    wait = list(dict.fromkeys(begin))
    known = set(wait)
    while wait and len(found) < most:
        path = wait.pop(0)
        answer = pages.client.get(path, headers={"Accept": "text/html"})
        if not answer.headers.get("content-type", "").startswith("text/html") or _KEPT in answer.headers:
            continue
        shown = Shown(answer.text)
        found.append(Found(path, *_like(path, shown), answer.status_code, len(answer.content)))
        for link in (own["href"] or "" for own in shown.all("a") if "href" in own):
            to = urlsplit(urljoin(pages.url + path, link))
            address = to.path + (f"?{to.query}" if to.query else "")
            if f"{to.scheme}://{to.netloc}" == pages.url and address not in known and _is_page(to.path):
                known.add(address)
                wait.append(address)
    return found


def sample(found: Iterable[Found], each: int = 1, *, meetings: bool = True) -> list[Found]:
    """Some pages of each kind.

    Args:
        found: pages.
        each: how many of a kind at most.
        meetings: whether the page of each meeting is a kind of its own, because meetings are in different states.
    """
    count = Counter[tuple[str, str]]()
    chosen = []
    for one in found:
        kind = (one.kind, one.meeting if meetings else "")
        count[kind] += 1
        chosen += [one] if count[kind] <= each else []
    return chosen


def _like(path: str, shown: Shown) -> tuple[str, str]:
    """What a page is like, and the address of the meeting that it is the page of."""
    address = urlsplit(path)
    route = _route(address.path)
    body = next(iter(shown.all("body")), {}).get("class") or ""
    given = ",".join(sorted({name for name, _ in parse_qsl(address.query)}))
    meeting = address.path if route.endswith("{meeting}") else ""
    return " ".join(filter(None, (route, given, body))), meeting


def _is_page(path: str) -> bool:
    return _route(path) != "" and not path.startswith(paths.ASSETS)


def _route(path: str) -> str:
    """The route of a path of a page; "" for what is no page."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
    each: Iterable[Route] = routes()
    return next((one.path for one in each if one.matches(scope)[0] is Match.FULL), "")
