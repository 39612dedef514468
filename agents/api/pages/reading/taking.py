"""The place of an entry of minutes in the register of actions: a link to it, or the form that takes it on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.api.pages import paths
from agents.export.html_tags import Html, tag
from agents.meeting.entry_names import NamedEntry
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
        may_be_taken: whether a person may take it on.
    """

    row: "ActionRow | None" = None
    may_be_taken: bool = False


NOWHERE = Place()
"""That of an entry which is no action."""


def part(
    place: Place, meeting: str, entry: NamedEntry, level: int, by: str = "", *, panel: bool = False
) -> Iterator[Html]:
    """What the page of an entry says about its place in the register; nothing where it has none.

    Args:
        place: its place there.
        meeting: the meeting.
        entry: the entry.
        level: the level of the heading.
        by: the name that the form has already.
        panel: whether it is shown beside the minutes.
    """
    if place.row is None and not place.may_be_taken:
        return
    yield tag(f"h{level}", "On the board of actions")
    if place.row is not None:
        link = tag("a", place.row.id, href=paths.action(place.row.id), class_="name")
        yield tag("p", "It is ", link, f", {place.row.status}.{_came(place.row, meeting)}")
        return
    yield _form(meeting, entry, by, panel=panel)


def _came(row: "ActionRow", meeting: str) -> str:
    """How an action came into the register, where this meeting did not just agree on it."""
    if row.meeting != meeting:
        return " It came there from another meeting, which has the same action."
    said = one_line(f"{capital(row.taken)} after the meeting, which did not agree on it.")
    return f" {said[:_LONGEST_SAID]}" if row.taken else ""


def _form(meeting: str, entry: NamedEntry, by: str, *, panel: bool) -> Html:
    """The form that takes an action on."""
    owner, name, means = (f"{field}-{'panel' if panel else 'page'}" for field in ("owner", "taker", "takes"))
    return tag(
        "form",
        tag("p", "It is not there. Take it on, and it goes on the board of actions.", id=means),
        tag(
            "div",
            tag("label", "Owner (optional)", for_=owner),
            tag("input", id=owner, name="owner", maxlength="200", placeholder="names, or nobody", autocomplete="off"),
            tag("p", "Without one, the owner is that of the minutes.", class_="soft hint"),
            class_="field",
        ),
        tag(
            "div",
            tag("label", "Your name (optional)", for_=name),
            tag("input", id=name, name="by", value=by or None, autocomplete="name", maxlength="200"),
            class_="field",
        ),
        tag("div", tag("button", "Take it on", aria_describedby=means), class_="row"),
        method="post",
        action=paths.take(meeting, entry.name),
        class_="take",
        data_quiet="panel" if panel else None,
    )
