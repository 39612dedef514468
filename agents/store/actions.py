"""The register of actions of all meetings: who does what by when, and what happened to it since."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

from agents.clock import utc_now
from agents.errors import UnknownName, UsageError
from agents.role.names import parted
from agents.store.database import Database
from agents.store.migrations import CHECKSUMMED
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact, update_checksum
from agents.store.search import ANY_MEETING, Within, folded, folded_words, plain_words
from agents.store.sqlite_errors import damaged

UNASSIGNED = "unassigned"
"""The value of ``owner`` that lists the actions without an owner."""

_COLUMNS = checked_columns("actions")
_REWORDED, _RESTORED = "task: was ", "task: in its first words again"
"""What the history says of an action that was corrected, and of one whose correction was taken back."""
_CORRECTED_BY = f"""SELECT CASE what WHEN '{_RESTORED}' THEN NULL ELSE who END FROM action_changes
WHERE action = actions.number AND (what = '{_RESTORED}' OR substr(what, 1, {len(_REWORDED)}) = '{_REWORDED}')
ORDER BY action_changes.number DESC LIMIT 1"""  # noqa: S608 - our own words
_ENTERED, _TAKEN = "entered", "taken on after the meeting, which did not agree on it"
"""The first line of the history of an action that its meeting agreed on, and of one that a person took on."""
_TAKEN_BY = f"""SELECT CASE what WHEN '{_TAKEN}' THEN who END FROM action_changes
WHERE action = actions.number ORDER BY action_changes.number LIMIT 1"""  # noqa: S608 - our own words
_LISTED = "', ' || owner || ', '"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """An action as a meeting agreed on it, or proposed it.

    Attributes:
        meeting: id of the meeting it comes from.
        key: its name in that meeting, the same in every run.
        series: the series of that meeting, or "".
        topic: the topic it comes from.
        task: the task.
        owner: role id, or a person's name; of several, all (``names.joined``); None: unassigned.
        due: the date by which it must be done; None: none was said.
        due_text: the words that were said about time.
        turn: id of the turn it comes from.
        quote: the words in that turn that are its evidence.
        verified: whether the code found those words in that turn, and nobody corrected the task since.
    """

    meeting: str
    key: str
    series: str
    topic: str
    task: str
    owner: str | None
    due: date | None
    due_text: str
    turn: str
    quote: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow(NewAction):
    """An action in the register.

    Attributes:
        id: such as "A12"; an id is never used again.
        status: "open", "done" or "rejected".
        created: when it was added, ISO 8601 in UTC.
        updated: when it was last changed.
        corrected: "corrected by Ada" if a person corrected the task, which then is not verified; "" for others.
        taken: "taken on by Ada" if the meeting did not agree on it, and a person took it on afterwards; "" for others.
    """

    id: str
    status: str
    created: str
    updated: str
    corrected: str = ""
    taken: str = ""

    @property
    def agreed(self) -> bool:
        """Whether the meeting that it comes from agreed on it."""
        return not self.taken

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners, each on its own."""
        return parted(self.owner)

    @property
    def open(self) -> bool:
        """Whether it is not done yet."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an action, or a note on it.

    Attributes:
        at: when, ISO 8601 in UTC.
        who: who made it; "" when no name was given.
        what: such as "done: merged" or "owner: cto -> qa_engineer".
    """

    at: str
    who: str
    what: str


OVERDUE, DATED, UNDATED, CLOSED, DONE, REJECTED = "overdue", "dated", "undated", "closed", "done", "rejected"
_STATES = {
    OVERDUE: "status = 'open' AND due < ?",
    DATED: "status = 'open' AND due >= ?",
    UNDATED: "status = 'open' AND due IS NULL",
    CLOSED: "status <> 'open'",
    DONE: "status = 'done'",
    REJECTED: "status = 'rejected'",
}
"""How actions stand, in SQL; the value is the day by which they are overdue."""


@dataclass(frozen=True, slots=True)
class Which:
    """Some actions.

    Attributes:
        owner: only actions that this owner has alone or with others; "unassigned" for those without an owner.
        meeting, series: only actions from this meeting, and from this series.
        state: only open ones that were due before the day ("overdue"), are due on it or later ("dated"), or have no day
            ("undated"); or closed ones: "closed" for all of them, "done", "rejected"; "" for all actions.
        day: the day by which actions are overdue.
    """

    owner: str | None = None
    meeting: str | None = None
    series: str | None = None
    state: str = ""
    day: date = date.max

    @property
    def conditions(self) -> dict[str, str | None]:
        """What is true of these actions, in SQL, each with its value; None for one without a value."""
        found: dict[str, str | None] = {}
        if self.owner == UNASSIGNED:
            found["owner IS NULL"] = None
        elif self.owner is not None:  # an action of several has all its owners in one text: "cto, qa_engineer"
            found[f"instr({_LISTED}, ', ' || ? || ', ')"] = self.owner
        found |= {f"{column} = ?": value for column, value in (("meeting", self.meeting), ("series", self.series))
                  if value is not None}  # fmt: skip
        if self.state:
            state = _STATES[self.state]
            found[state] = self.day.isoformat() if "?" in state else None
        return found


ActionRows: TypeAlias = list[ActionRow]
Changes: TypeAlias = list[Change]


class Actions:
    """The actions of all meetings.

    Args:
        database: where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, action: NewAction, *, who: str = "", taken: bool = False) -> str:
        """Add an action durably; returns its id.

        When there is already one with the same key from the same meeting, it is neither added nor changed.

        Args:
            action: the action.
            who: the person who adds it; "" for the program.
            taken: whether its meeting did not agree on it, and the person takes it on nevertheless.
        """
        now = utc_now()
        due = action.due.isoformat() if action.due else None
        row = asdict(action) | {"due": due, "verified": int(action.verified)}
        with self.database.write() as connection:
            sql = "SELECT number FROM actions WHERE meeting = ? AND key = ?"
            found = connection.execute(sql, (encodable(action.meeting), encodable(action.key))).fetchone()
            if found:
                return f"A{found[0]}"
            number = insert(connection, "actions", {**row, "status": "open", "created": now, "updated": now})
            first = {"who": encodable(who), "what": _TAKEN if taken else _ENTERED}
            insert(connection, "action_changes", {"action": number, "at": now, **first})
        return f"A{number}"

    def get(self, action_id: str) -> ActionRow:
        """An action by its id; "a12" and "12" also mean "A12".

        Raises:
            UnknownName: there is no such action.
        """
        digits = action_id.strip().upper().removeprefix("A")
        found = (
            self._read("number = ?", int(digits))
            if digits.isascii() and digits.isdecimal() and len(digits) < 18
            else []
        )
        if not found:
            known = [
                f"A{number}"
                for (number,) in self.database.rows("SELECT number FROM actions ORDER BY number DESC LIMIT 200")
            ]
            raise UnknownName("action", action_id, known, "actions.list()")
        return found[0]

    def done(self, action_id: str, note: str = "", *, who: str = "") -> ActionRow:
        """Mark an action as done, with an optional note; returns the changed action.

        Raises:
            UnknownName: there is no such action.
            UsageError: it is already done.
        """
        before = self.get(action_id)
        if not before.open:
            cause = f"{before.id} is already done."
            raise UsageError(cause, "`actions.reopen` opens it again.", about="done", subject=before.id)
        return self._change(before, "status", "done", f"done: {note}" if note else "done", who)

    def reject(self, action_id: str, why: str, *, who: str = "") -> ActionRow:
        """Close an action that is not to be done; returns the changed action.

        Raises:
            UnknownName: there is no such action.
        """
        return self._change(self.get(action_id), "status", "rejected", why, who)

    def reopen(self, action_id: str, *, who: str = "") -> ActionRow:
        """Open an action again that was done or rejected; returns the changed action.

        Raises:
            UnknownName: there is no such action.
            UsageError: it is already open.
        """
        before = self.get(action_id)
        if before.open:
            cause = f"{before.id} is already open."
            raise UsageError(cause, "`actions.done` closes it.", about="open", subject=before.id)
        return self._change(before, "status", "open", "reopened", who)

    def assign(self, action_id: str, owner: str | None, *, who: str = "") -> ActionRow:
        """Give an action another owner, or none with None; returns the changed action.

        Raises:
            UnknownName: there is no such action.
        """
        before = self.get(action_id)
        return self._change(
            before, "owner", owner, f"owner: {before.owner or UNASSIGNED} -> {owner or UNASSIGNED}", who
        )

    def reword(self, action_id: str, task: str, *, who: str = "", restored: bool = False) -> ActionRow:
        """Correct the task of an action; returns the changed action.

        Args:
            action_id: the action.
            task: the task in other words, or the same, as a person says it.
            who: who corrects it.
            restored: whether these are its first words, because the correction no longer stands.

        Raises:
            UnknownName: there is no such action.
        """
        before = self.get(action_id)
        return self._change(before, "task", task, _RESTORED if restored else f"{_REWORDED}{before.task}", who)

    def set_due(self, action_id: str, due: date | None, words: str | None = None, *, who: str = "") -> ActionRow:
        """Give an action another due date, or none with None; returns the changed action.

        Args:
            action_id: the action.
            due: the date.
            words: what was said about time; None leaves these words as they are.
            who: who changes it.

        Raises:
            UnknownName: there is no such action.
        """
        before = self.get(action_id)
        if words is not None and words != before.due_text:
            before = self._change(before, "due_text", words, f"due words: were {before.due_text or 'none'}", who)
        return self._change(
            before, "due", due.isoformat() if due else None, f"due: {before.due or 'none'} -> {due or 'none'}", who
        )

    def note(self, action_id: str, what: str, *, who: str = "") -> None:
        """Add a note to an action without changing it, such as that it was mentioned again.

        Raises:
            UnknownName: there is no such action.
        """
        number = int(self.get(action_id).id[1:])
        with self.database.write() as connection:
            insert(
                connection, "action_changes", {"action": number, "at": utc_now(), "who": who, "what": encodable(what)}
            )

    def changes(self, action_id: str) -> Changes:
        """The changes of an action and the notes on it, oldest first.

        Raises:
            UnknownName: there is no such action.
        """
        number = int(self.get(action_id).id[1:])
        columns = checked_columns("action_changes")
        rows = self.database.rows(f"SELECT {columns} FROM action_changes WHERE action = ? ORDER BY number", (number,))  # noqa: S608
        if not all(is_intact("action_changes", row) for row in rows):
            raise damaged(self.database.path, f"the history of action A{number} is not what was stored")
        return [Change(*row[2:-1]) for row in rows]

    def list(
        self,
        owner: str | None = None,
        open_only: bool = False,
        overdue_on: date | None = None,
        meeting: str | None = None,
        series: str | None = None,
    ) -> ActionRows:
        """Actions, oldest first.

        Args:
            owner: only actions that this owner has alone or with others; "unassigned" for those without an owner.
            open_only: only actions that are not done.
            overdue_on: only actions that are not done and were due before this date.
            meeting: only actions from this meeting.
            series: only actions from this series.
        """
        state = {"status = 'open'": None} if open_only else {}
        which = Which(owner, meeting, series, OVERDUE if overdue_on else "", overdue_on or date.max)
        return self._read(*_together(which.conditions | state))

    def changed_by(self, who: str) -> ActionRows:
        """The actions that somebody changed or noted something on, oldest first.

        Args:
            who: the name of a person, or the id of a meeting.
        """
        return self._read("number IN (SELECT action FROM action_changes WHERE who = ?)", who)

    def part(self, which: Which, limit: int, skip: int = 0) -> ActionRows:
        """Some actions: open ones with the most urgent first, closed ones with the latest first.

        Args:
            which: those that are meant.
            limit: the maximum number.
            skip: how many of the first ones are left out.
        """
        order = "updated DESC, number DESC" if which.state in {CLOSED, DONE, REJECTED} else "due IS NULL, due, number"
        return self._read(*_together(which.conditions), order=order, limit=max(0, limit), skip=max(0, skip))

    def count(self, which: Which) -> int:
        """The number of these actions."""
        condition, *values = _together(which.conditions)
        [(count,)] = self.database.rows(f"SELECT count(*) FROM actions WHERE {condition}", values)  # noqa: S608 - our own
        return int(count)

    def all_owners(self) -> set[str]:
        """Everybody who owns an action: role ids and names of people."""
        rows = self.database.rows("SELECT DISTINCT owner FROM actions")
        return {one for (owner,) in rows for one in parted(owner)}

    def all_series(self) -> dict[str, str]:
        """The series of each meeting of a series that left an action, by the meeting's id."""
        return dict(self.database.rows("SELECT DISTINCT meeting, series FROM actions WHERE series <> ''"))

    def search(self, terms: str, limit: int = 20, *, skip: int = 0, within: Within = ANY_MEETING) -> ActionRows:
        """The actions whose task or evidence contains any of the words: those with most of them first, then the newest.

        Args:
            terms: any text.
            limit: the maximum number of actions.
            skip: how many of the first ones are left out.
            within: only actions from these meetings.
        """
        wanted = folded_words(" ".join(plain_words(terms)))
        given = within.conditions
        which = f"JOIN meetings ON meetings.id = actions.meeting WHERE {' AND '.join(given)}" if given else ""
        sql = f"SELECT actions.number, task || ' ' || quote FROM actions {which}"  # noqa: S608 - our own words
        rows = self.database.rows(sql, (*given.values(),)) if wanted else []
        whole = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, wanted))})(?![^\W_])")
        hits = [(len(set(whole.findall(folded(words)))), number) for number, words in rows]
        best = [number for many, number in sorted(hits, reverse=True) if many][skip : skip + max(0, limit)]
        found = {row.id: row for row in self._read(f"number IN ({', '.join(map(str, best))})")}
        return [found[f"A{number}"] for number in best if f"A{number}" in found]

    def _change(self, before: ActionRow, column: str, value: str | None, what: str, who: str) -> ActionRow:
        if value == {"owner": before.owner, "due": before.due and before.due.isoformat()}.get(column, ...):
            return before  # nothing changes, so the history gets no entry
        number, now = int(before.id[1:]), utc_now()
        with self.database.write() as connection:
            sql = f"UPDATE actions SET {column} = ?, updated = ? WHERE number = ?"  # noqa: S608 - our own names
            connection.execute(sql, (value if value is None else encodable(value), now, number))
            update_checksum(connection, "actions", number)
            insert(connection, "action_changes", {"action": number, "at": now, "who": who, "what": what})
        return self.get(before.id)

    def _read(
        self, condition: str, *values: Any, order: str = "number", limit: int = -1, skip: int = 0
    ) -> ActionRows:  # fmt: skip
        read = []
        ordered = f"WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
        sql = f"SELECT {_COLUMNS}, ({_CORRECTED_BY}), ({_TAKEN_BY}) FROM actions {ordered}"  # noqa: S608 - our own names
        for *stored, by, taker in self.database.rows(sql, (*values, limit, skip)):
            row = tuple(stored)
            if not is_intact("actions", row):
                raise damaged(self.database.path, f"action A{row[0]} is not what was stored")
            fields: dict[str, Any] = dict(zip(("id", *CHECKSUMMED["actions"].split()), row, strict=False))
            due = date.fromisoformat(fields["due"]) if fields["due"] else None
            corrected, taken = _signed("corrected", by), _signed("taken on", taker)
            verified = bool(fields["verified"]) and not corrected
            derived = {"id": f"A{row[0]}", "due": due, "verified": verified, "corrected": corrected, "taken": taken}
            read.append(ActionRow(**fields | derived))
        return read


def _signed(what: str, by: str | None) -> str:
    """What was done with an action, and who did it where a name was given; "" where it was not done."""
    return "" if by is None else f"{what} by {by}" if by else what


def _together(conditions: Mapping[str, str | None]) -> tuple[str, *tuple[str, ...]]:
    """Conditions as one, and their values."""
    return (
        " AND ".join(f"({one})" for one in conditions) or "1",
        *(one for one in conditions.values() if one is not None),
    )
