"""The place of an entry of minutes in the register of actions: a link to it, or the form that takes it on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.api.pages import paths
from agents.export.html_tags import Html, tag
from agents.meeting.record import ActionItem
from agents.text import capital, one_line

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

_LONGEST_SAID = 300
"""The most characters of a sentence about the register."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an entry in the register of actions.

    Attributes:
        row: the action that it is there; None if it is not there.
        may_be: the action of the minutes that a person may take on; None if nobody may.
    """

    row: "ActionRow | None" = None
    may_be: ActionItem | None = None


NOWHERE = Place()
"""That of an entry which is no action there and cannot become one."""


def part(place: Place, meeting: str, name: str, level: int, by: str = "", *, panel: bool = False) -> Iterator[Html]:
    """What the page of an entry says about its place in the register; nothing where it has none.

    Args:
        place: its place there.
        meeting: the meeting.
        name: the name of the entry.
        level: the level of the heading.
        by: the name that the form has already.
        panel: whether it is shown beside the minutes.
    """
    if place == NOWHERE:
        return
    yield tag(f"h{level}", "Board of actions")
    if place.row is not None:
        link = tag("a", place.row.id, href=paths.action(place.row.id), class_="name")
        yield tag("p", "It is ", link, f", {place.row.status}.{_came(place.row, meeting)}")
    elif place.may_be is not None:
        yield _form(meeting, name, place.may_be, by, panel=panel)


def _came(row: "ActionRow", meeting: str) -> str:
    """How an action came into the register, where this meeting did not just agree on it."""
    if row.meeting != meeting:
        return " It came there from another meeting, which has the same action."
    said = one_line(f"{capital(row.taken)} after the meeting, which did not agree on it.")
    return f" {said[:_LONGEST_SAID]}" if row.taken else ""


def _form(meeting: str, name: str, action: ActionItem, by: str, *, panel: bool) -> Html:
    """The form that takes an action on."""
    why = "It is not there." if action.agreed else "The meeting did not agree on it."
    otherwise = "it is that of the minutes" if action.owner else "nobody owns it yet"
    owner, taker, means = (f"{field}-{'panel' if panel else 'page'}" for field in ("owner", "taker", "takes"))
    return tag(
        "form",
        tag("p", f"{why} Take it on, and it goes on the board of actions.", id=means),
        tag(
            "div",
            tag("label", "Owner (optional)", for_=owner),
            tag("input", id=owner, name="owner", maxlength="200", placeholder="names, or nobody", autocomplete="off"),
            tag("p", f"Without one, {otherwise}.", class_="soft hint"),
            class_="field",
        ),
        tag(
            "div",
            tag("label", "Your name (optional)", for_=taker),
            tag("input", id=taker, name="by", value=by or None, autocomplete="name", maxlength="200"),
            class_="field",
        ),
        tag("div", tag("button", "Take it on", aria_describedby=means), class_="row"),
        method="post",
        action=paths.take(meeting, name),
        class_="take",
        data_quiet="panel" if panel else None,
    )
