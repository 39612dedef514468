"""Minutes as JSON for programs, in the structure that docs/minutes.schema.json describes.

Texts are exactly as they were said; a program that shows them must escape them for the place where it shows them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from agents.export.corrections import checks_now, mark, rejection
from agents.meeting.afterwards import OutcomeReport, Repeats
from agents.meeting.artefact import Artefact
from agents.meeting.chain import head_hash
from agents.meeting.finding import Finding
from agents.meeting.jury import Jury
from agents.meeting.minutes.artefacts import artefact_of
from agents.meeting.minutes.dates import due_note
from agents.meeting.minutes.who_answered import spoken_by
from agents.meeting.record import ActionItem, Ballot, Decision, Evidence, Minutes, TopicMinutes, Turn

SCHEMA = "orchestrator-minutes"
TRANSCRIPT_SCHEMA = "orchestrator-transcript"
VERSION = "1.5"
"""Schema version: the first number grows when a reader of the old structure would break, the second when something is
added.
"""

Table = dict[str, Any]


def to_json(minutes: Minutes) -> str:
    """Write the minutes as JSON."""
    return _written(
        {
            "schema": SCHEMA,
            "version": VERSION,
            "meeting": _meeting(minutes),
            "juries": [_jury(jury) for jury in minutes.juries],
            "present": [
                {"role": seat.role, "title": seat.title, "reason": seat.reason, "human": seat.human}
                for seat in minutes.present
            ],
            "absent": _absent(minutes),
            "documents": list(minutes.documents),
            "notes": list(minutes.notes),
            "topics": [_topic(minutes, topic) for topic in minutes.topics],
            "turns": [_turn(minutes, turn) for turn in minutes.turns],
            "verdicts": _verdicts(minutes),
            "entries": _checks(minutes),
            "numbers": _numbers(minutes.numbers),
            "spoke_with": dict(minutes.spoke_with),
            "spoken_by": spoken_by(minutes) or None,
            "journal": _journal(minutes),
        }
    )


def to_transcript_json(minutes: Minutes) -> str:
    """Write who said what, and who voted how, as JSON."""
    return _written(
        {
            "schema": TRANSCRIPT_SCHEMA,
            "version": VERSION,
            "meeting": _meeting(minutes),
            "juries": [_jury(jury) for jury in minutes.juries],
            "topics": [
                {
                    "number": topic.topic.number,
                    "text": topic.topic.text,
                    "asked": _asked(topic),
                    "ballots": _ballots(minutes, topic.ballots),
                }
                for topic in minutes.topics
            ],
            "turns": [_turn(minutes, turn) for turn in minutes.turns],
            "absent": _absent(minutes),
            "verdicts": _verdicts(minutes),
            "entries": _checks(minutes),
        }
    )


def _verdicts(minutes: Minutes) -> list[Table]:
    """Every verdict in order; the latest on an entry stands."""
    latest = {one.entry: one for one in minutes.verdicts}
    return [{**asdict(one), "standing": latest[one.entry] is one} for one in minutes.verdicts]


def _checks(minutes: Minutes) -> Table:
    checks, changed, rejected = checks_now(minutes)
    return {
        "total": checks.entries + changed + rejected,
        "verified": checks.words,
        "from_documents": checks.lines,
        "unverified": checks.as_said,
        "corrected": changed,
        "rejected": rejected,
        "quotations": {"compared": checks.compared, "found": checks.found},
    }


_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that are written as escapes: half surrogates, which UTF-8 cannot encode, and what terminals obey."""


def _written(table: Table) -> str:
    text = json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _meeting(minutes: Minutes) -> Table:
    return {
        "id": minutes.meeting,
        "type": minutes.type_id,
        "title": minutes.title,
        "purpose": minutes.purpose,
        "held": minutes.held.isoformat(),
        "status": minutes.status,
        "model": minutes.model,
        "facilitator": _who(minutes, minutes.facilitator),
        "artefact": minutes.artefact,
    }


def _journal(minutes: Minutes) -> Table | None:
    """The size of the journal and the hash that stands for it; None for minutes that were not computed from one."""
    return {"events": len(minutes.journal), "sha256": head_hash(minutes.journal)} if minutes.journal else None


def _jury(jury: Jury) -> Table:
    return {**asdict(jury), "measured": jury.measured or None, "passes": jury.passes, "sentence": jury.sentence}


def _who(minutes: Minutes, role: str) -> Table:
    return {"role": role, "title": minutes.title_of(role)}


def _owner(minutes: Minutes, owner: str) -> Table:
    """An owner; a person of the team has no role."""
    return {"role": owner if owner in minutes.titles else None, "title": minutes.title_of(owner)}


def _absent(minutes: Minutes) -> list[Table]:
    return [
        {
            **_who(minutes, one.speaker),
            "topic": one.topic,
            "phase": one.phase,
            "cause": one.cause,
        }
        for one in minutes.absent
    ]


def _turn(minutes: Minutes, turn: Turn) -> Table:
    return {
        "id": turn.id,
        "topic": turn.topic,
        "phase": turn.phase,
        "speaker": _who(minutes, turn.speaker),
        "text": turn.text,
        "position": turn.position.value if turn.position else None,
        "dropped": turn.dropped or None,
        "numbers": _numbers(turn.numbers),
    }


def _numbers(numbers: Mapping[str, float]) -> Table:
    """Whole numbers without a decimal point, even if they were added up as floats."""
    return {
        name: int(value) if float(value).is_integer() else round(value, 4) for name, value in sorted(numbers.items())
    }


def _asked(topic: TopicMinutes) -> list[Table]:
    return [{"phase": phase, "text": text} for phase, text in topic.asked.items()]


def _topic(minutes: Minutes, topic: TopicMinutes) -> Table:
    return {
        "number": topic.topic.number,
        "text": topic.topic.text,
        "summary": topic.summary,
        "notes": list(topic.notes),
        "asked": _asked(topic),
        "left_out": list(topic.left_out),
        "unread": [asdict(lines) for lines in topic.unread.lines],
        "enough": dict(topic.unread.enough),
        "findings": [_finding(minutes, one) for one in topic.findings],
        "decision": _decision(minutes, topic.decision),
        "ballots": _ballots(minutes, topic.ballots),
        "dissent": [
            {
                **_who(minutes, one.speaker),
                "vote": one.vote.value,
                "reason": one.reason,
                "would_change": one.would_change,
                "evidence": _evidence(minutes, one.evidence) if one.evidence else None,
            }
            for one in topic.dissent
        ],
        "positions": [{**_who(minutes, role), "position": position} for role, position in topic.positions.items()],
        "moves": [
            {
                **_who(minutes, one.speaker),
                "before": one.before,
                "after": one.after,
                "turn": one.turn,
                "cites": one.cites or None,
                "argued": one.argued,
                "evidence": _evidence(minutes, one.evidence) if one.evidence else None,
            }
            for one in topic.moves
        ],
        "actions": [_action(minutes, action) for action in topic.actions],
        "items": [
            {
                "label": item.label,
                "heading": minutes.sections.get(item.label, item.label),
                "text": item.text,
                "fields": dict(item.fields),
                "evidence": _evidence(minutes, item.evidence),
            }
            for item in topic.items
        ],
        "artefact": _artefact(minutes, artefact_of(minutes, topic)),
        "control": _artefact(minutes, topic.control) if topic.control else None,
        "outcomes": [_outcome(one) for one in topic.outcomes],
        "repeats": _repeats(topic.repeats) if topic.repeats else None,
    }


def _outcome(told: OutcomeReport) -> Table:
    return {"text": told.text, "how": told.how or None, "on": told.on or None, "by": told.by or None}


def _repeats(repeats: Repeats) -> Table:
    return {
        "runs": len(repeats.outcomes),
        "counts": repeats.counts,
        "flip_rate": round(repeats.flip_rate, 4),
        "outcomes": list(repeats.outcomes),
        "meetings": list(repeats.meetings),
    }


def _finding(minutes: Minutes, finding: Finding) -> Table:
    best = finding.reasons[0]
    return {
        "file": finding.document or None,
        "first": finding.first or None,
        "last": finding.last or None,
        "quote": finding.quote or None,
        "severity": finding.severity,
        "why": best.why,
        "change": best.change or None,
        "roles": [_who(minutes, role) for role in finding.roles],
        "turn": best.turn or None,
        "found": best.how,
        "reasons": [
            {
                **_who(minutes, one.role),
                "found": one.how,
                "why": one.why,
                "change": one.change or None,
                "turn": one.turn or None,
                "margin": round(one.margin, 3),
                "pattern": one.shown,
            }
            for one in finding.reasons
        ],
    }


def _decision(minutes: Minutes, decision: Decision) -> Table:
    return {
        "outcome": decision.outcome,
        "choice": decision.choice or None,
        "status": decision.status.value,
        "course": decision.course.value if decision.choice else None,
        "text": decision.text,
        "rule": decision.rule,
        "why": decision.why,
        "tally": dict(decision.tally),
        "decided_by": _who(minutes, decision.decided_by) if decision.decided_by else None,
        "vetoed_by": [_who(minutes, role) for role in decision.vetoed_by],
        "evidence": _evidence(minutes, decision.evidence) if decision.evidence else None,
    }


def _ballots(minutes: Minutes, ballots: Sequence[Ballot]) -> list[Table]:
    return [
        {
            **_who(minutes, one.speaker),
            "vote": one.vote.value,
            "reason": one.reason,
            "would_change": one.would_change,
            "second": one.second.value if one.second else None,
            "steady": one.steady,
            "counted": one.counted,
            "model": one.model or None,
            "evidence": _evidence(minutes, one.evidence) if one.evidence else None,
        }
        for one in ballots
    ]


def _action(minutes: Minutes, action: ActionItem) -> Table:
    return {
        "key": action.key,
        "task": action.task,
        "owner": next((_owner(minutes, owner) for owner in action.owners), None),
        "owners": [_owner(minutes, owner) for owner in action.owners],
        "owner_problem": action.owner_why or None,
        "due": action.due.isoformat() if action.due else None,
        "due_text": action.due_text,
        "due_note": due_note(action.due, action.due_text, past=action.past) or None,
        "agreed": action.agreed,
        "evidence": _evidence(minutes, action.evidence),
    }


def _evidence(minutes: Minutes, evidence: Evidence) -> Table:
    judged = mark(minutes, evidence) or rejection(minutes, evidence)
    return {
        "turn": evidence.turn,
        "speaker": _who(minutes, evidence.speaker) if evidence.speaker else None,
        "quote": evidence.quote,
        "verified": evidence.verified and not judged,
        "problem": judged or evidence.problem or None,
        "document": evidence.document or None,
        "line": evidence.line or None,
        "written": [asdict(one) for one in evidence.written],
        "compared": evidence.compared,
        "found": evidence.found,
    }


def _artefact(minutes: Minutes, left: Artefact) -> Table:
    return {
        "name": left.name,
        "title": left.title,
        "blocks": [
            {
                "heading": block.heading,
                "columns": list(block.columns),
                "rows": [
                    {"cells": list(row.cells), "evidence": [_evidence(minutes, one) for one in row.evidence]}
                    for row in block.rows
                ],
                "empty": block.empty if not block.rows else None,
                "repeats_decision": block.repeats,
            }
            for block in left.blocks
        ],
    }
