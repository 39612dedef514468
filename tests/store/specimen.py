"""A store that contains one of everything, and its contents as plain values to compare.

``python -m tests.store.specimen`` writes the specimen of the current layout into ``fixtures``. There is one for each
released layout, and it is never written again.
"""

import gzip
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from agents.meeting.report_card import ControlVotes, Cost, Found, ReportCard, Statements
from agents.memory import Summary
from agents.store import Store
from agents.store.actions import ActionRow, NewAction
from agents.store.database import NAME
from agents.store.memories import AgentStats
from agents.store.migrations import VERSION

FIXTURES = Path(__file__).parent / "fixtures"

TALK = (
    ("cto", "default", "user", "Shall we move the sessions to Redis?"),
    ("cto", "default", "assistant", "Only with a rollback plan: the failover takes 30 seconds."),
    (
        "data_engineer",
        "default",
        "user",
        "Überprüfe die Größe der Tabelle „Bestellungen“ \u2013 naïve façade, 東京, 🚀.",
    ),
    ("data_engineer", "nightly", "assistant", "It has 12 partitions.\nTwo of them are empty.\n\ttabs too"),
    ("qa_engineer", "default", "user", '\'; DROP TABLE messages; -- AND OR NOT NEAR("x")'),
)

SUMMED = ("Redis für die Sitzungen,\nonly with a rollback plan.", "ollama:llama3.2", "2026-05-04T09:30:00.000Z")

REVIEW = "20260504-review"

CARD = ReportCard(
    "ollama:llama3.2",
    "http://localhost:11434",
    "2026-05-04",
    (
        ControlVotes("correct a spelling mistake", True, "technical_writer", ("support", "object")),
        ControlVotes("delete all backups first", False, "database_administrator", ("object", "")),
    ),
    Statements(35, 33, 4),
    Found("session_store_proposal.md", 102, 57, 36, 14, 9, 10, 7, 8),
    Found("session_store_proposal.md", 102, 57, 36, 12, 8, 10, 6, 7),
    {"controls": Cost(16, 8000, 2400, 96, 21.5), "statements": Cost(5, 4000, None, 745, 37.0)},
)

SPOKEN = {
    "cto": "A failover loses sessions; accept or replicate.",
    "qa_engineer": "Ein Test für den Ausfall fehlt.",
}


def fill(store: Store) -> None:
    """Add one of everything to an empty store."""
    for number, (agent, session, author, text) in enumerate(TALK):
        store.memories.add(agent, session, author, text, tokens=number + 7)
    store.memories.pin("cto", "Our budget for 2027 is frozen.", tokens=8)
    first, last = store.memories.recent("cto", "default")
    summary = Summary("cto", "default", first.number, last.number, first.at, last.at, *SUMMED)
    store.summaries.add(summary)
    store.meetings.create(REVIEW, "architecture_review", "Sessions in Redis?", {"topics": ["Redis?"], "number": 3})
    store.meetings.create("20260505-retro", "retrospective", "Mai-Rückblick", {})
    journal = store.meetings.journal(REVIEW)
    journal.append("called", "called", {"model": "rehearsal", "seats": [{"role": "cto"}, {"role": "qa_engineer"}]})
    for speaker, text in SPOKEN.items():
        journal.append("turn", f"t1.silent.{speaker}", {"speaker": speaker, "text": text})
    journal.append("said", "", {"text": 7, "odd": [None, True, 1.5, {"ü": "🚀"}]})
    store.meetings.set_status(REVIEW, "closed")
    enter(store, "a1", "Write the rollback plan", owner="cto", due=date(2026, 5, 8), due_text="by Friday")
    enter(store, "a2", "Test the failover")
    store.actions.done("A1", "merged", who="Ada")
    store.actions.assign("A2", "qa_engineer")
    store.speeds.record("ollama:llama3.2", "here", 900, 300, 1.5, 120, 6.0)
    store.report_cards.keep(CARD)
    store.requests.remember("a request", REVIEW)


def enter(store: Store, key: str, task: str, **particulars: Any) -> str:
    """Add an action of the review to the register; returns its id."""
    usual = {"meeting": REVIEW, "series": "platform", "topic": "Redis?", "owner": None, "due": None, "due_text": ""}
    evidence = {"turn": "T2", "quote": "accept or replicate", "verified": True}
    values: dict[str, Any] = {**usual, **evidence, **particulars}
    return store.actions.add(NewAction(key=key, task=task, **values))


def contents(store: Store) -> dict[str, Any]:
    """The contents of a store as JSON values."""
    meetings = store.meetings.list()
    actions = store.actions.list()
    speeds = store.speeds.measured("ollama:llama3.2")
    card = store.report_cards.of(CARD.model, CARD.machine)
    found = {
        "memories": [message._asdict() for message in store.memories.export()],
        "summaries": [asdict(summary) for summary in store.summaries.export()],
        "stats": [_stats(row) for row in store.memories.stats()],
        "meetings": [asdict(row) for row in meetings],
        "specs": {row.id: store.meetings.spec(row.id) for row in meetings},
        "events": {row.id: [asdict(event) for event in store.meetings.journal(row.id).events()] for row in meetings},
        "actions": [_action(row) for row in actions],
        "changes": {row.id: [asdict(change) for change in store.actions.changes(row.id)] for row in actions},
        # The other numbers of a speed are computed from the same rows.
        "speeds": {name: getattr(speeds, name) for name in ("prompt_tps", "reply_tps", "calls")} if speeds else None,
        "report_card": card.as_dict() if card else None,
        "request": store.requests.meeting("a request"),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def _action(row: ActionRow) -> dict[str, Any]:
    """An action as it is stored; whether a person corrected it, or took it on, follows from its changes."""
    values = {**asdict(row), "due": row.due and row.due.isoformat()}
    del values["corrected"], values["taken"]
    return values


def _stats(row: AgentStats) -> dict[str, Any]:
    """The totals of an agent, with the name that their bytes have in the database and in the recorded contents."""
    return {"octets" if name == "text_bytes" else name: value for name, value in asdict(row).items()}


def unpack(version: int, folder: Path) -> Path:
    """Write the specimen of a layout into a folder, as the database of a store; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_bytes(gzip.decompress((FIXTURES / f"layout-{version}.db.gz").read_bytes()))
    return path


def recorded(version: int) -> dict[str, Any]:
    """The contents of the specimen of a layout, as recorded when the specimen was written.

    A table that a later layout added is not in it.
    """
    found: dict[str, Any] = json.loads((FIXTURES / f"layout-{version}.json").read_text(encoding="utf-8"))
    return {"summaries": [], "report_card": None, "request": "", **found}


def main() -> int:
    """Write the specimen of the current layout, unless it exists."""
    target = FIXTURES / f"layout-{VERSION}.db.gz"
    if target.exists():
        sys.stderr.write(f"{target} already exists, and a specimen is never written again.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder)) as store:
            fill(store)
            store.memories.compact()
            found = contents(store)
        target.write_bytes(gzip.compress((Path(folder) / NAME).read_bytes(), mtime=0))
    written = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    target.with_name(f"layout-{VERSION}.json").write_text(written + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
