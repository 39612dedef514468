"""The verdicts of people on the entries of minutes: confirm, correct or reject one, also after the meeting."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from agents.meeting.record import ActionItem
    from agents.meeting.verdict import Verdict
    from agents.orchestrator.judged import Judged, Said
    from agents.orchestrator.resources import Resources
    from agents.store.actions import ActionRow
    from agents.store.meetings import StoredJournal


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
        from agents.orchestrator.judged import said_of

        return self._record(meeting_id, said_of(entry, "confirm", "", by))

    def correct(self, meeting_id: str, entry: str, text: str, *, by: str = "") -> Verdict:
        """Give an entry other words; the original stays visible. Errors are those of ``confirm``, and a ``UsageError``
        if there are no words.

        Example:
            orchestrator.verdicts.correct("last", "AC1", "Ada will order the trial by Friday", by="Ada")
        """
        from agents.orchestrator.judged import said_of

        return self._record(meeting_id, said_of(entry, "correct", text, by))

    def reject(self, meeting_id: str, entry: str, *, by: str = "") -> Verdict:
        """Reject an entry: it stays in the minutes and is marked; an action leaves the open ones of the register.
        Errors are those of ``confirm``.

        Example:
            orchestrator.verdicts.reject("last", "R1", by="Ada")
        """
        from agents.orchestrator.judged import said_of

        return self._record(meeting_id, said_of(entry, "reject", "", by))

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
        from agents.orchestrator.judged import said_of

        return self._record(meeting_id, said_of(entry, verb, text, by))

    async def arecord(self, meeting_id: str, entry: str, verb: str, text: str = "", *, by: str = "") -> Verdict:
        """``record`` inside an event loop: the minutes are computed in a thread.

        Example:
            await orchestrator.verdicts.arecord("last", "R1", "reject", by="Ada")
        """
        import asyncio

        from agents.orchestrator.judged import judged_of, said_of

        said = said_of(entry, verb, text, by)
        found = self._resources.store.meetings.find(meeting_id)
        while True:
            with self._resources.store.meetings.locked(found):  # nobody may be holding it
                events = self._resources.store.meetings.journal(found).events()
            judged = await asyncio.to_thread(judged_of, events, said)
            with self._resources.store.meetings.locked(found):
                journal = self._resources.store.meetings.journal(found)
                if journal.newest() == (events[-1].seq, events[-1].at):  # nothing was added meanwhile
                    return self._keep(journal, judged)

    def _record(self, meeting_id: str, said: Said) -> Verdict:
        from agents.orchestrator.judged import judged_of

        meetings = self._resources.store.meetings
        found = meetings.find(meeting_id)
        with meetings.locked(found):
            journal = meetings.journal(found)
            return self._keep(journal, judged_of(journal.events(), said))

    def _keep(self, journal: StoredJournal, judged: Judged) -> Verdict:
        """Store a verdict, and bring the register in line with it."""
        from agents.meeting.codec import keep

        if judged.repeats:  # it was sent twice
            return judged.verdict
        with self._resources.store.database.write():
            keep(journal, judged.key, judged.verdict)
            if judged.action is not None:
                self._register(journal.meeting_id, judged, judged.action)
        return judged.verdict

    def _register(self, meeting_id: str, judged: Judged, value: ActionItem) -> None:
        """Bring the register in line with the verdict on an action, which is ``value`` by now."""
        from agents.meeting.verdict import Judgement

        actions, verdict, earlier = self._resources.store.actions, judged.verdict, judged.earlier
        for row in (one for one in actions.list(meeting=meeting_id) if one.key == value.key):
            changed = verdict.judgement is Judgement.CORRECTED
            if changed or (earlier and earlier.judgement is Judgement.CORRECTED):
                self._reword(row.id, judged, value, restored=not changed)
            if verdict.judgement is Judgement.REJECTED:
                if row.open:
                    actions.reject(row.id, verdict.words, who=verdict.by)
                continue
            if not row.open and _closed_it(earlier, row):
                actions.reopen(row.id, who=verdict.by)

    def _reword(self, action_id: str, judged: Judged, value: ActionItem, *, restored: bool) -> None:
        """Give an action the words that its entry has now; ``restored`` if they are those of the meeting.

        An owner and a day that the verdict does not change stay as people set them in the register.
        """
        actions, by, before = self._resources.store.actions, judged.verdict.by, judged.before
        actions.reword(action_id, value.task, who=by, restored=restored)
        if before is None or value.owner != before.owner:
            actions.assign(action_id, value.owner, who=by)
        if before is None or (value.due, value.due_text) != (before.due, before.due_text):
            actions.set_due(action_id, value.due, value.due_text, who=by)


def _closed_it(earlier: Verdict | None, row: ActionRow) -> bool:
    """Whether an action was closed by a verdict, and not by somebody who did it before."""
    from agents.meeting.verdict import Judgement

    seconds = len("2026-11-30T09:30:00")
    if earlier is None or earlier.judgement is not Judgement.REJECTED:
        return False
    return row.updated[:seconds] >= earlier.at[:seconds]
