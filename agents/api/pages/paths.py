"""The addresses of the pages, in one place: every link and form takes its address from here."""

from functools import lru_cache
from urllib.parse import quote, quote_plus

HOME, NEW, ACTIONS, SEARCH, COMPARE = "/", "/new", "/actions", "/search", "/compare"
ASSETS = "/assets/"


def meeting(meeting_id: str, part: str = "", anchor: str = "", **query: str | int) -> str:
    """A page of a meeting.

    Args:
        meeting_id: the meeting.
        part: "" for the meeting itself; "minutes", "entries", "stream", "say", "answer", "start", "stop", "cancel",
            "delete", "fork", "seats", "file", "share".
        anchor: the place on the page, such as "T5" or "T5.1". Where no part of the minutes is named, the address says
            the place to the service, too, which shows the part of long minutes that has it.
        **query: parameters; empty ones are left out.
    """
    if part == "minutes" and anchor and not query:
        query = {"at": anchor}
    path = f"/meetings/{_safe(meeting_id)}" + (f"/{part}" if part else "")
    return _with(path, anchor, query)


def entry(meeting_id: str, name: str, **query: str | int) -> str:
    """What is known of an entry of minutes, such as "AC1"."""
    return meeting(meeting_id, f"entries/{_safe(name)}", "", **query)


def take(meeting_id: str, name: str) -> str:
    """Where the form is sent that takes on a proposed action of minutes, such as "AC2"."""
    return meeting(meeting_id, f"entries/{_safe(name)}/take")


def document(meeting_id: str, number: int, line: int = 0, **query: str | int) -> str:
    """A document of a meeting, by its number from 1, at a line; of a long one, in the part that has the line."""
    given: dict[str, str | int] = {"from": line if line > 1 else 0, **query}
    return meeting(meeting_id, f"documents/{number}", f"L{line}" if line else "", **given)


def document_line(meeting_id: str, number: int, line: int, page: int = 0) -> str:
    """One line of a document, whole and with all that is known of it."""
    return meeting(meeting_id, f"documents/{number}", "", line=line, page=page if page > 1 else 0)


def action(action_id: str, verb: str = "") -> str:
    """The page of an action; with a verb, where a change of it is sent: "done", "reopen", "assign" or "due"."""
    return f"{ACTIONS}/{_safe(action_id)}" + (f"/{verb}" if verb else "")


def search(words: str, **query: str | int) -> str:
    """A search."""
    return _with(SEARCH, "", {"q": words, **query})


def compare(first: str, second: str) -> str:
    """Two meetings side by side."""
    return _with(COMPARE, "", {"a": first, "b": second})


def listed(path: str, **query: str | int) -> str:
    """A list, such as ``ACTIONS``, with parameters; empty ones are left out."""
    return _with(path, "", query)


@lru_cache(maxsize=1024)  # one page has the same names many times
def _safe(text: str) -> str:
    return quote(text, safe="", errors="replace")


@lru_cache(maxsize=1024)
def _parameter(text: str) -> str:
    return quote_plus(text, errors="replace")


def _with(path: str, anchor: str, query: dict[str, str | int]) -> str:
    kept = [(name, value) for name, value in query.items() if value not in {"", 0}]
    given = "&".join(f"{_parameter(name)}={_parameter(str(value))}" for name, value in kept)
    return path + (f"?{given}" if given else "") + (f"#{_safe(anchor)}" if anchor else "")
