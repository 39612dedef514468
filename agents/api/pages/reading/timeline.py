"""A meeting in the order of time: phases, turns and votes, each with its address and its time."""

from collections.abc import Iterable, Iterator

from agents.api.pages.reading.ballot_box import Votes
from agents.api.pages.reading.minutes_parts import Element, Titled
from agents.api.pages.reading.page_writer import Piece
from agents.api.pages.stored import Stored
from agents.export.html_tags import Html, lines, tag
from agents.export.page.proof import name
from agents.export.text import VERBS
from agents.meeting.journal import Kind

LONGEST_NAME = 60
"""The most characters of a name in the timeline."""
AFTERWARDS = frozenset({Kind.VERDICT, Kind.OUTCOME, Kind.REPEATED})
"""What is stored when a meeting is over: what people say of it, and what other runs decided."""
ROW = 420
"""More bytes than a row of the timeline has."""


def rows_in(element: Element) -> int:
    """How many rows of the timeline an element has."""
    return int(isinstance(element, Titled | Votes) or (isinstance(element, Piece) and element.first))


class Times:
    """When everything in a meeting was stored.

    Args:
        stored: the meeting.
    """

    def __init__(self, stored: Stored) -> None:
        self._minutes = stored.minutes
        self._turns = {str(event.data.get("id")): event.at for event in stored.events if event.kind == Kind.TURN}
        self._votes = {(event.topic, event.speaker): event.at for event in stored.events if event.kind == Kind.BALLOT}
        held = [event.at for event in stored.events if event.kind not in AFTERWARDS]
        self.begun, self.ended = held[0], held[-1]

    def turn(self, turn_id: str) -> str:
        """When a turn was stored; "" where the journal does not say it."""
        return self._turns.get(turn_id, "")

    def rows(self, elements: Iterable[Element]) -> Iterator[Html]:
        """The rows of some elements of the transcript."""
        for one in elements:
            if isinstance(one, Titled):
                yield tag("li", tag("a", one.text[:LONGEST_NAME], href=f"#{one.anchor}"), class_=f"level-{one.level}")
            elif isinstance(one, Piece) and one.first:
                spoken = self._minutes.turn(one.said.turn)
                who = name(self._minutes, spoken.speaker)[:LONGEST_NAME] if spoken else ""
                yield _row(one.said.turn, one.said.turn, who, self.turn(one.said.turn))
            elif isinstance(one, Votes):
                for ballot in one.ballots:
                    anchor = f"vote-{one.topic}.{ballot.speaker}"
                    who = name(self._minutes, ballot.speaker)[:LONGEST_NAME]
                    when = self._votes.get((one.topic, ballot.speaker), "")
                    yield _row(anchor, "Vote", f"{who} {VERBS[ballot.vote]}", when)


def _row(anchor: str, text: str, who: str, at: str) -> Html:
    return tag("li", tag("a", text, href=f"#{anchor}"), " ", tag("span", who), " ", moment(at))


def moment(at: str) -> Html | None:
    """The time of day of a moment, for a program the moment itself; None where it is not known."""
    return tag("time", at[11:19], datetime=at) if len(at) >= 19 else None


def timeline(rows: Iterable[Html], summary: str) -> Html | None:
    """The timeline of a part of the transcript, folded; None where nothing happened.

    Args:
        rows: its rows.
        summary: what stands above them.
    """
    found = [*rows]
    if not found:
        return None
    return tag(
        "details",
        tag("summary", summary),
        tag("nav", tag("ol", lines(*found)), aria_label="Timeline"),
        class_="timeline",
    )
