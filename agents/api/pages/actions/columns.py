"""The columns of the board of actions, and what narrows it."""

from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlencode

from agents.api.pages import paths
from agents.api.pages.visit import Visit, number_in
from agents.orchestrator.action_search import STATES

TITLES = dict(zip(STATES, ("Overdue", "Open", "Without a day", "Closed lately", "Done", "Rejected"), strict=True))
"""The names of the states that a board can be narrowed to."""
COLUMNS = STATES[:4]
"""The columns of the whole board."""
IN_COLUMN, ON_PAGE = 12, 50
"""How many actions a column of the whole board shows, and the page of a column alone."""
BOARD = "board"
"""Begins what a form remembers of the board that it was sent from."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a board shows.

    Attributes:
        owner: a name, or one for nobody; "" for any.
        meeting: a meeting, as a person names it; "" for any.
        series: a series; "" for any.
        state: one of ``TITLES``: that column alone; "" for all columns.
        page: the number of the part of a column alone, from 1.
    """

    owner: str = ""
    meeting: str = ""
    series: str = ""
    state: str = ""
    page: int = 1

    @property
    def query(self) -> dict[str, str | int]:
        """The parameters of its address; empty for what is as usual."""
        return {**asdict(self), "page": self.page if self.page > 1 else ""}

    @property
    def address(self) -> str:
        """Its address."""
        return paths.listed(paths.ACTIONS, **self.query)

    @property
    def remembered(self) -> str:
        """The same as a field of a form, from which ``remembered`` finds the way back."""
        return urlencode({BOARD: "1", **{name: value for name, value in self.query.items() if value}})


def narrowed(visit: Visit) -> Narrowed:
    """What the address of a board says."""
    state = visit.query("state")
    return Narrowed(
        visit.query("owner"),
        visit.query("meeting"),
        visit.query("series"),
        state if state in TITLES else "",
        visit.number("page"),
    )


def remembered(field: str) -> Narrowed | None:
    """The board that a form was sent from; None for one that was not sent from a board."""
    given = dict(parse_qsl(field, keep_blank_values=True)) if len(field) < 2000 else {}
    if BOARD not in given:
        return None
    number = number_in(given.get("page", ""), 1)
    owner, meeting, series, state = (given.get(name, "") for name in ("owner", "meeting", "series", "state"))
    return Narrowed(owner, meeting, series, state if state in TITLES else "", max(1, number))
