"""What became of actions since the last meeting of their series: what their owners reported there, and what changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.meeting.journal import Kind
from agents.meeting.room.series import topic_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agents.store.actions import ActionRow, Change
    from agents.store.meetings import MeetingRow, Meetings


@dataclass(frozen=True, slots=True)
class Since:
    """An action since the last meeting of its series.

    Attributes:
        meeting: that meeting; it is newer than the one from which the action comes.
        report: what the minutes of that meeting note about the action, or "".
        changes: what happened to it since that meeting began, oldest first.
    """

    meeting: "MeetingRow"
    report: str
    changes: "tuple[Change, ...]"


class SeriesMeetings:
    """The last meetings of all series.

    Args:
        meetings: the stored meetings.
        named: the series of each meeting that left an action, by its id. A meeting that begins with the open actions of
            a series belongs to it, too.

    Example:
        last = SeriesMeetings(orchestrator.meetings, orchestrator.actions.all_series())
    """

    def __init__(self, meetings: "Meetings", named: "Mapping[str, str]") -> None:
        self._meetings = meetings
        self._reports: dict[str, dict[str, str]] = {}
        every = {row.id: row for row in meetings.list()}
        by_title = {topic_text(series): series for series in named.values()}
        self.last: dict[str, MeetingRow] = {}
        for row in reversed(every.values()):  # the newest comes last
            series = named.get(row.id) or by_title.get(row.title)
            if series:
                self.last[series] = row

    def since(self, row: "ActionRow", changes: "Sequence[Change]") -> Since | None:
        """What became of an action; None if it has no series, or comes from its last meeting.

        Args:
            row: the action.
            changes: its history.
        """
        last = self.last.get(row.series) if row.series else None
        if last is None or last.id == row.meeting or last.created <= row.created:
            return None
        newer = tuple(one for one in changes if one.at >= last.created)
        return Since(last, self._noted(last.id).get(row.id, ""), newer)

    def _noted(self, meeting_id: str) -> dict[str, str]:
        """What the minutes of a meeting note about open actions, by their ids."""
        if meeting_id not in self._reports:
            notes = (event for event in self._meetings.journal(meeting_id).events() if event.kind == Kind.NOTE)
            named = ((event.key.rpartition(".open.")[2], event.text) for event in notes if ".open." in event.key)
            self._reports[meeting_id] = dict(named)
        return self._reports[meeting_id]
