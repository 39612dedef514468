"""The verdicts of people on the entries of minutes: confirm, correct or reject one, also after the meeting."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.meeting.entry_names import NamedEntry
    from agents.meeting.record import ActionItem, Minutes
    from agents.meeting.verdict import Judgement, Verdict
    from agents.orchestrator.resources import Resources
    from agents.store.actions import ActionRow


class Verdicts:
    """What people say about entries of minutes. The latest verdict on an entry stands; all are kept in the journal.

    Args:
        resources: they open the store.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def confirm(self, meeting_id: str, entry: str, *, by: str = "") -> Verdict:
        """Confirm an entry of the minutes; an action that was rejected before is open again.

        Args:
            meeting_id: the meeting: its id, a unique beginning of it, or "last".
            entry: the name of the entry, such as "AC1".
            by: who confirms it.

        Raises:
            UnknownName: there is no such meeting.
            UsageError: its minutes have no such entry.
            MeetingError: it has not begun.
            Locked: it is held by another process.

        Example:
            print(orchestrator.verdicts.confirm("last", "D1", by="Ada").words)
        """
        from agents.meeting.verdict import Judgement

        return self._keep(meeting_id, entry, Judgement.CONFIRMED, by)

    def correct(self, meeting_id: str, entry: str, text: str, *, by: str = "") -> Verdict:
        """Give an entry other words; the original stays visible. Errors are those of ``confirm``, and a ``UsageError``
        if there are no words.

        Example:
            orchestrator.verdicts.correct("last", "AC1", "Ada will order the trial by Friday", by="Ada")
        """
        from agents.errors import UsageError
        from agents.meeting.verdict import Judgement

        if not text.strip():
            raise UsageError("There are no words to correct the entry with.", "Pass `text`.", about="correction")
        return self._keep(meeting_id, entry, Judgement.CORRECTED, by, " ".join(text.split()))

    def reject(self, meeting_id: str, entry: str, *, by: str = "") -> Verdict:
        """Reject an entry: it stays in the minutes and is marked; an action leaves the open ones of the register.
        Errors are those of ``confirm``.

        Example:
            orchestrator.verdicts.reject("last", "R1", by="Ada")
        """
        from agents.meeting.verdict import Judgement

        return self._keep(meeting_id, entry, Judgement.REJECTED, by)

    def record(self, meeting_id: str, entry: str, verb: str, text: str = "", *, by: str = "") -> Verdict:
        """Confirm, correct or reject an entry, by the word for it. Errors are those of the method of this name.

        Args:
            meeting_id: the meeting: its id, a unique beginning of it, or "last".
            entry: the name of the entry, such as "AC1".
            verb: "confirm", "correct" or "reject".
            text: the other words of a correction.
            by: who says it.

        Example:
            orchestrator.verdicts.record("last", "R1", "reject", by="Ada")
        """
        if verb == "correct":
            return self.correct(meeting_id, entry, text, by=by)
        return {"confirm": self.confirm, "reject": self.reject}[verb](meeting_id, entry, by=by)

    def _keep(self, meeting_id: str, entry: str, judgement: Judgement, by: str, text: str = "") -> Verdict:
        from agents.clock import utc_now
        from agents.meeting.codec import keep, values
        from agents.meeting.entry_names import entry_names
        from agents.meeting.minutes import build
        from agents.meeting.minutes.verdicts import standing
        from agents.meeting.verdict import Verdict

        meetings = self._resources.store.meetings
        found = meetings.find(meeting_id)
        with meetings.locked(found):
            journal = meetings.journal(found)
            events = journal.events()
            before = build(events)
            named = _wanted(entry, entry_names(before))
            earlier = standing(before).get(named.name)
            said = earlier.said if earlier else named.text
            who = " ".join(by.split())
            if earlier and (earlier.judgement, earlier.by, earlier.text) == (judgement, who, text):
                return earlier  # it was sent twice
            verdict = Verdict(named.name, judgement, said, named.topic, named.turn, who, utc_now("seconds"), text)
            with self._resources.store.database.write():
                event = keep(journal, f"verdict.{len(values(events, Verdict)) + 1}", verdict)
                self._register(build([*events, event]), verdict, earlier)
        return verdict

    def _register(self, minutes: Minutes, verdict: Verdict, earlier: Verdict | None) -> None:
        """Bring the register in line with the verdict on an action; ``earlier`` is the one that stood before it."""
        from agents.meeting.entry_names import entry_names
        from agents.meeting.record import ActionItem
        from agents.meeting.verdict import Judgement

        value, actions = entry_names(minutes)[verdict.entry].value, self._resources.store.actions
        if not isinstance(value, ActionItem):
            return
        for row in (one for one in actions.list(meeting=minutes.meeting) if one.key == value.key):
            changed = verdict.judgement is Judgement.CORRECTED
            if changed or (earlier and earlier.judgement is Judgement.CORRECTED):
                self._reword(row.id, value, verdict, restored=not changed)
            if verdict.judgement is Judgement.REJECTED:
                if row.open:
                    actions.reject(row.id, verdict.words, who=verdict.by)
                continue
            if not row.open and _closed_it(earlier, row):
                actions.reopen(row.id, who=verdict.by)

    def _reword(self, action_id: str, value: ActionItem, verdict: Verdict, *, restored: bool) -> None:
        """Give an action the words that its entry has now; ``restored`` if they are those of the meeting."""
        actions = self._resources.store.actions
        actions.reword(action_id, value.task, who=verdict.by, restored=restored)
        actions.assign(action_id, value.owner, who=verdict.by)
        actions.set_due(action_id, value.due, value.due_text, who=verdict.by)


def _closed_it(earlier: Verdict | None, row: ActionRow) -> bool:
    """Whether an action was closed by a verdict, and not by somebody who did it before."""
    from agents.meeting.verdict import Judgement

    seconds = len("2026-11-30T09:30:00")
    if earlier is None or earlier.judgement is not Judgement.REJECTED:
        return False
    return row.updated[:seconds] >= earlier.at[:seconds]


def _wanted(entry: str, named: dict[str, NamedEntry]) -> NamedEntry:
    """The entry with this name, in any letter case; with one topic, also with the topic before it.

    Raises:
        UsageError: there is none.
    """
    from agents.errors import UsageError

    wanted = entry.strip().casefold()
    for name, one in named.items():
        if wanted in {name.casefold(), f"{one.topic}.{name}".casefold()}:
            return one
    listed = ", ".join(_ranges(named)) or "none"
    raise UsageError(f"The minutes have no entry {entry!r}.", f"Their entries: {listed}.")


def _ranges(names: Iterable[str]) -> list[str]:
    """Names in short: "AC1-A4" for those of one section."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.rstrip("0123456789"), []).append(name)
    return [each[0] if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in groups.values()]
