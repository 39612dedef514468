"""One fixed meeting that contains one of everything, built from the events of its journal."""

from dataclasses import replace
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting.journal import MemoryJournal
from agents.meeting.meeting_type import Choice, Course, Line, MeetingType, Picks
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Seat, Topic
from agents.meeting.spec import MeetingSpec

KIND = MeetingType(
    id="design_board",
    title="Design board",
    purpose="Decide what may be built, & on which <conditions>.",
    facilitator="solutions_architect",
    participants=("solutions_architect", "backend_developer", "data_engineer", "security_engineer", "qa_engineer"),
    optional=(),
    minutes=45,
    agenda=("What fails first?", "What can we not undo?"),
    phases=("silent_round", "digest", "exchange", "challenge", "proposal", "ballot"),
    rule="majority",
    veto=("security_engineer",),
    artefact="adr",
    lines=(
        Line("Risk", "Risks", "one risk", many=True, fields={"impact": ("high", "medium", "low")}),
        Line("Option", "Options considered", "another way"),
        Line("Exit", "Ways out", "how we leave"),
    ),
    choices=(
        Choice("build", "Build it"),
        Choice("build on conditions", "Build it on these conditions", picks=Picks.SOME, takes=("Condition",)),
        Choice("do not build", "Do not build it", Course.STOP),
    ),
)
SEATS = (
    Seat("solutions_architect", "Solutions Architect", "leads this kind of meeting"),
    Seat("backend_developer", "Backend Developer", "invited by the type"),
    Seat("data_engineer", "Data Engineer", "invited by the type"),
    Seat("security_engineer", "Security Engineer", "holds a veto"),
    Seat("qa_engineer", "Pr\u00fcferin \u54c1\u8cea <QA> | *Test*", "asked for by name", human=True),
)
TOPICS = (
    "Move sessions to Redis? <script>alert(1)</script> & *now*",
    "=1+1: share one password, \u201cfor now\u201d",
    "Which region; which bill, which \\ owner?",
    "What nobody came to",
)
DESIGN = "# Sessions\n\nSessions live in one Redis server.\nIts password is shared by all services.\n"
NUMBERS = {"prompt_tokens": 812, "reply_tokens": 64, "total_seconds": 3.25}

Said = tuple[str, str, str, str | None]
"""Phase, speaker, text, position."""

FIRST: tuple[Said, ...] = (
    (
        "silent_round",
        "solutions_architect",
        (
            "Fact: design.md:3 says one server holds all sessions\n"
            "Risk: one server fails and everybody is logged out (impact: high)\n"
            "Option: keep the sessions in <b>signed cookies</b> & pay with bandwidth\n"
            "Position: for"
        ),
        "for",
    ),
    (
        "silent_round",
        "backend_developer",
        (
            "Risk: <img src=x onerror=alert(1)> comes back out of a session (impact: medium)\n"
            "# Not a heading\n"
            "Exit: [click here](javascript:alert(1)) and ![pixel](http://tracker.example/p.png)\n"
            "Position: for with conditions"
        ),
        "for with conditions",
    ),
    (
        "silent_round",
        "security_engineer",
        (
            'Risk: =HYPERLINK("http://evil.example";"open me") in a user name (impact: low)\n'
            "Question: Who may read the sessions, and who sees that they did?\n"
            "Position: against"
        ),
        "against",
    ),
    (
        "silent_round",
        "qa_engineer",
        (
            "Risk: \u0642\u0641\u0644 \u0627\u0644\u062c\u0644\u0633\u0629 \U0001f512 bleibt offen, na\u00efve l\u00f6sen wir das nicht\n"
            "</style></section><script src=//evil.example></script>\n"
            "Position: undecided"
        ),
        "undecided",
    ),
    (
        "exchange",
        "security_engineer",
        (
            'REVISE: T1 says "one server fails" and a second server with its own password answers what I feared most.\n'
            "Position: for with conditions"
        ),
        "for with conditions",
    ),
    ("exchange", "qa_engineer", "REVISE: I think so too, as T1.\nPosition: for", "for"),
    ("exchange", "backend_developer", "PASS", None),
    ("challenge", "data_engineer", "", None),
    (
        "challenge",
        "backend_developer",
        "Challenge: nobody has measured ~~anything~~ `yet` | at all\nWe will also ask the vendor for a price by 2026-12-10.",
        None,
    ),
    (
        "proposal",
        "solutions_architect",
        (
            "Proposal: Move the sessions to two Redis servers, when each service has a password of its own.\n"
            "Action: Backend Developer will measure the log-in under load, spike; burst, \\ both, by Friday\n"
            "Action: Security Engineer will give each service its own password by 2026-12-01\n"
            "Action: -2+3+cmd|' /C calc'!A0 is what the importer should refuse\n"
            "Action: Solutions Architect will write down, in so many words that this line is longer than any calendar "
            "program likes its lines to be, what \u00fcberhaupt happens to \u54c1\u8cea \U0001f512 when it fails, by 2026-12-24"
        ),
        None,
    ),
)
PUT = "Build it on these conditions: Move the sessions to *two* Redis servers | each service has its own password [T3]."
SECOND: tuple[Said, ...] = (
    ("silent_round", "solutions_architect", "Risk: everybody knows it (impact: high)\nPosition: for", "for"),
    ("silent_round", "backend_developer", "Risk: everybody knows it (impact: high)\nPosition: for", "for"),
    (
        "silent_round",
        "security_engineer",
        "Risk: nobody can be held to account (impact: high)\nAction: @SUM(1+1) will be checked by 2026-11-30\nPosition: against",
        "against",
    ),
    ("proposal", "solutions_architect", "Proposal: +Keep the shared password until March", None),
)
THIRD: tuple[Said, ...] = (
    (
        "silent_round",
        "backend_developer",
        "Question: Is there a second region at all?\nPosition: undecided",
        "undecided",
    ),
)
BALLOTS: tuple[tuple[int, str, str, str, str], ...] = (
    (1, "solutions_architect", "support", "two servers are enough", ""),
    (1, "backend_developer", "object", "- [x] not measured\n## at all", "a load test <em>first</em>"),
    (1, "security_engineer", "support_with_concern", "passwords, \u201cone each\u201d; not shared", "a password vault"),
    (1, "qa_engineer", "support", "", ""),
    (2, "solutions_architect", "support", "it works today", ""),
    (2, "backend_developer", "abstain", "", ""),
    (2, "security_engineer", "object", "it breaks our own rule", "nothing"),
)
ANSWERS: tuple[tuple[int, str, list[dict[str, str]]], ...] = (
    (
        1,
        "action",
        [
            {
                "turn": "T2",
                "quote": "Chief Executive will pay\r\nBEGIN:VALARM\r\nby 2026-12-31",
                "owner": "CEO",
                "due": "2026-12-31",
            },
            {"turn": "T8", "quote": "ask the vendor for a price", "owner": "Data Engineer", "due": "2027-01-01"},
        ],
    ),
    (1, "risk", [{"turn": "T99", "quote": "</td></tr><script>alert(2)</script> the \x1b[31mserver\u202e burns"}]),
    (3, "question", [{"turn": "T14", "quote": "| Who *pays* | for <it>? |"}]),
)


def rich_minutes() -> Minutes:
    """The minutes of the fixed meeting, whose events have a fixed time."""
    return build([replace(event, at="2026-11-23T09:00:00.000+00:00") for event in rich_journal().events()])


def rich_journal() -> MemoryJournal:
    """Everything that happened in the fixed meeting."""
    journal = MemoryJournal()
    call = MeetingSpec(
        id="20261123-design_board-0a1b",
        kind=KIND,
        topics=tuple(Topic(number, text) for number, text in enumerate(TOPICS, 1)),
        seats=SEATS,
        facilitator="solutions_architect",
        held=date(2026, 11, 23),
        model="rehearsal, no model",
        documents=(Document("design.md", DESIGN),),
    )
    journal.append("called", "called", call.as_dict())
    count = 0
    for topic, said in enumerate((FIRST, SECOND, THIRD), 1):
        shared = [["design.md", 1]] if topic == 1 else []
        journal.append("head", f"{topic}.head", {"shared": shared, "scale": 1.0, "total": 1})
        for phase, speaker, text, position in said:
            if not text:
                _absent(journal, topic, phase, speaker, "no answer within 120 s <timeout>")
                continue
            count += 1
            _turn(journal, f"T{count}", topic, (phase, speaker, text, position))
            if phase == "proposal" and topic == 1:  # the second topic is as a journal of an earlier version has it
                put = {"topic": 1, "turn": f"T{count}", "choice": "build on conditions", "text": PUT}
                journal.append("put", "1.put", put)
    journal.append("dropped", "dropped.T11", {"turn": "T11", "why": "repeats T10"})
    journal.append("note", "1.note.alike", {"topic": 1, "text": "Weak evidence: one model | many <hats>."})
    journal.append("note", "0.note.slow", {"topic": 0, "text": "The model was *slow*."})
    for number, speaker, vote, reason, change in BALLOTS:
        data = {"topic": number, "speaker": speaker, "vote": vote, "reason": reason, "would_change": change}
        key = f"{number}.ballot.{speaker}"
        journal.append("ballot", key, {**data, "key": key, "numbers": {}})
    _absent(journal, 2, "ballot", "qa_engineer", "the ballot could not be read")
    _absent(journal, 3, "proposal", "solutions_architect", "the model is gone")
    _absent(journal, 3, "extract", "scribe", "three answers that were not JSON")
    for topic, label, items in ANSWERS:
        name = f"extract.{label}"
        journal.append("answer", f"{topic}.{name}", {"topic": topic, "name": name, "answer": {"items": items}})
    for run, outcome in enumerate(("build on conditions", "no decision"), 1):
        data = {"run": run, "meeting": f"{call.id}.run{run}", "seed": run, "outcomes": {"1": outcome, "2": "rejected"}}
        journal.append("repeat", f"repeat.{run}", data)
    told = {"topic": 1, "text": "No cart was lost <in the sale>.", "how": "good", "on": "2026-12-20", "by": "Ada *L*"}
    journal.append("outcome", "", told)
    return journal


def _turn(journal: MemoryJournal, turn_id: str, topic: int, said: Said) -> None:
    phase, speaker, text, position = said
    key = f"{topic}.{phase}.{speaker}"
    data: dict[str, Any] = {"id": turn_id, "key": key, "topic": topic, "phase": phase, "speaker": speaker}
    journal.append("turn", key, {**data, "text": text, "position": position, "numbers": NUMBERS})


def _absent(journal: MemoryJournal, topic: int, phase: str, speaker: str, cause: str) -> None:
    data = {"speaker": speaker, "topic": topic, "phase": phase, "cause": cause}
    journal.append("absent", f"{topic}.absent.{phase}.{speaker}", data)
