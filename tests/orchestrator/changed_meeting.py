"""The meeting of ``tests.export.meetings``, and one that was held later on the same, with known differences."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agents.meeting.journal import Event, Kind
from tests.export.meetings import rich_journal

LATER = "20261207-later-0001"

_WORDS = {
    "Risk: one server fails and everybody is logged out": "Risk: one server fails and everybody is logged out again",
    "Option: keep the sessions in <b>signed cookies</b> & pay with bandwidth": "Option: buy a service for sessions",
    "by Friday": "by 2027-01-15",
    "Question: Who may read the sessions, and who sees that they did?": "Question: What does a second region cost us?",
}
DESIGN = "# Sessions\n\nSessions live in two Redis servers.\nIts password is shared by all services.\nOne more line.\n"


def later_events(series: str = "") -> Sequence[Event]:
    """The events of the later meeting: a risk in nearly the same words, another option and question, a vote and a
    position that moved, other topics in second and third place, a changed document, another model for one seat.

    Args:
        series: the name of its series.
    """
    return [replace(event, data=_changed(event, series)) for event in rich_journal().events()]


def earlier_events(series: str = "") -> Sequence[Event]:
    """The events of the meeting as it is.

    Args:
        series: the name of its series.
    """
    [spec, *others] = rich_journal().events()
    return [replace(spec, data={**spec.data, "series": series}), *others]


def _changed(event: Event, series: str) -> dict[str, Any]:
    data = dict(event.data)
    if event.kind == Kind.SPEC:
        topics = list(data["topics"])
        document = {**data["documents"][0], "text": DESIGN}
        added = {**document, "name": "costs.csv", "text": "a,b\n1,2\n"}
        seats = [*data["seats"][:-1], {**data["seats"][-1], "human": False}]
        data |= {
            "id": LATER, "held": "2026-12-07", "topics": [topics[1], topics[0], "Something else entirely", topics[3]],
            "documents": [document, added], "seats": seats, "series": series,
        }  # fmt: skip
        return data
    if data.get("topic") in {1, 2}:
        data["topic"] = 3 - data["topic"]
        data["key"] = f"{data['topic']}{data['key'][1:]}" if "key" in data else ""
    if event.kind == Kind.TURN:
        for old, new in _WORDS.items():
            data["text"] = data["text"].replace(old, new)
        if data["id"] == "T6":
            data |= {"text": data["text"].replace("Position: for", "Position: against"), "position": "against"}
    if event.kind == Kind.BALLOT and (data["speaker"], data["topic"]) == ("backend_developer", 2):
        data["vote"] = "support"
    return data
