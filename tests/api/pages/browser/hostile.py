"""A meeting in which everybody says words that would be markup, and the same meeting with harmless words."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count

from agents.documents import Document
from agents.meeting.journal import Event, Kind, MemoryJournal
from agents.meeting.meeting_type import Choice, Course, Line, MeetingType, Picks
from agents.meeting.record import Seat, Topic
from agents.meeting.spec import MeetingSpec
from agents.orchestrator import AgentOrchestrator
from agents.role.names import Names, RoleNames
from tests.api.pages.browser.stored import keep_registered
from tests.meeting.speakers import sentence

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "javascript:alert(3)",
    "[here](javascript:alert(4))",
    '"><svg onload=alert(5)>',
    "' onmouseover='alert(6)' x='",
    "</textarea><b>bold</b>",
    "</title></style></script><h1>mine</h1>",
    "]]><!-- <!DOCTYPE html>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\x1b[31mred\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\u202eright to left\u2066 and \u200fback",
    "nothing\x00after",
    "\u0642\u0641\u0644 \u0627\u0644\u062c\u0644\u0633\u0629 \U0001f512\U0001f469\u200d\U0001f4bb",
    "&lt;b&gt; &amp;#60; &#x3c;",
    "<iframe src=http://evil.example></iframe><form action=http://evil.example><button>",
    "<style>body{display:none}</style><meta http-equiv=refresh content=0;http://evil.example>",
    "<a href=//evil.example target=_blank ping=//evil.example>go</a>",
    "x" * 300,
    "\ud800 alone \ufffe",
)
"""Words that would be elements, attributes, addresses, controls or directions, if a page took them as such."""

LONG = "w" * 100_000
"""A line of 100 kB without a blank."""

ROLES = ("solutions_architect", "backend_developer", "security_engineer")
Word = Callable[[], str]


def hostile() -> Word:
    """Gives words that try to be markup, another one each time."""
    numbers = count()

    def word() -> str:
        number = next(numbers)
        return f"word{number} {NASTY[number % len(NASTY)]}"

    return word


def harmless() -> Word:
    """Gives as many words that are only words."""
    numbers = count()

    def word() -> str:
        number = next(numbers)
        return f"word{number} {sentence(number)}"

    return word


def said(word: Word, meeting_id: str) -> list[Event]:
    """What happens in a meeting in which every text is such a word."""
    journal = MemoryJournal()
    spec = MeetingSpec(
        id=meeting_id,
        kind=_kind(word),
        topics=(Topic(1, word()), Topic(2, word())),
        seats=tuple(Seat(role, word(), word(), human=role == ROLES[1]) for role in ROLES),
        facilitator=ROLES[0],
        held=date(2026, 11, 23),
        model=word(),
        documents=(Document(f"{word()}.md", "\n".join(word() for _ in range(30))), Document("plan.md", word())),
        series=word(),
        notes=(word(),),
        names=Names(tuple(RoleNames(role, word()) for role in ROLES), (word(),)),
        words=word(),
    )
    journal.append(Kind.SPEC, "called", spec.as_dict())
    journal.append(Kind.PACKING, "1.head", {"topic": 1, "shared": [["plan.md", 1]], "scale": 1.0, "total": 1})
    journal.append(Kind.NOTE, "0.note.call.1", {"topic": 0, "text": word()})
    for number, text in enumerate(_turns(word), 1):
        _turn(journal, number, text)
    journal.append(Kind.DROP, "dropped.T2", {"turn": "T2", "why": word()})
    journal.append(Kind.NOTE, "1.note.alike", {"topic": 1, "text": word()})
    journal.append(Kind.INTERJECTION, "1.pause.1", {"topic": 1, "words": [word(), word()]})
    put = {"topic": 1, "turn": "T7", "choice": "build", "text": word()}
    journal.append(Kind.PUT_TO_VOTE, "1.put", put)
    for role, vote in zip(ROLES, ("support", "object", "support_with_concern"), strict=True):
        told = {"topic": 1, "speaker": role, "vote": vote, "reason": word(), "would_change": word()}
        journal.append(Kind.BALLOT, f"1.ballot.{role}", {**told, "key": f"1.ballot.{role}", "numbers": {}})
    absent = {"speaker": ROLES[2], "topic": 2, "phase": "silent_round", "cause": word()}
    journal.append(Kind.ABSENCE, f"2.absent.silent_round.{ROLES[2]}", absent)
    found = [{"turn": "T1", "quote": word()}, {"turn": "T99", "quote": word(), "owner": word(), "due": "2026-12-31"}]
    for label in ("risk", "action"):
        answer = {"topic": 1, "name": f"extract.{label}", "answer": {"items": found}}
        journal.append(Kind.STRUCTURED, f"1.extract.{label}", answer)
    journal.append(Kind.CLOSING, "closed", {"at": "2026-11-23T10:00:00Z"})
    outcome = {"topic": 1, "text": word(), "how": "good", "on": "2026-12-20", "by": word()}
    journal.append(Kind.OUTCOME, "", outcome)
    return [*journal.events()]


def keep(word: Word, meeting_id: str, events: Sequence[Event] = ()) -> str:
    """Store such a meeting, with what people say and do about it later; returns its id."""
    with AgentOrchestrator() as orchestrator:
        made = keep_registered(orchestrator, events or said(word, meeting_id), meeting_id)
        orchestrator.verdicts.correct(made, "1.R1", word(), by=word())
        orchestrator.verdicts.reject(made, "1.R2", by=word())
        for row in orchestrator.actions.list(meeting=made):
            orchestrator.actions.assign(row.id, word(), who=word())
        orchestrator.actions.done(orchestrator.actions.list(meeting=made)[0].id, word(), who=word())
    return made


def _kind(word: Word) -> MeetingType:
    """A meeting type whose texts are such words, as a file of a project may have them."""
    return MeetingType(
        id="design_board", title=word(), purpose=word(), facilitator=ROLES[0], participants=ROLES, optional=(),
        minutes=45, agenda=(word(),), phases=("silent_round", "exchange", "proposal", "ballot"), rule="majority",
        veto=(), artefact="adr",
        lines=(Line("Risk", word(), word(), many=True, fields={"impact": ("high", "low")}), Line("Option", word(), word())),
        choices=(
            Choice("build", word()), Choice("build on conditions", word(), picks=Picks.SOME, takes=("Condition",)),
            Choice("do not build", word(), Course.STOP),
        ),
    )  # fmt: skip


def _turns(word: Word) -> Iterator[tuple[str, str, str, str | None]]:
    """Phase, role, words and position of each turn."""
    for role, position in zip(ROLES, ("for", "against", "for with conditions"), strict=True):
        lines = (
            f"Risk: {word()} (impact: high)",
            f"Option: {word()}",
            f"Question: {word()}?",
            f"Fact: plan.md:1 says {word()}",
        )
        yield "silent_round", role, "\n".join([*lines, f"Position: {position}"]), position
    yield "exchange", ROLES[0], f'REBUT: T2 says "{word()}" {word()}\nPosition: for', "for"
    yield "exchange", ROLES[1], f"REVISE: T1 {word()}\nPosition: for", "for"
    yield "exchange", ROLES[2], "PASS", None
    tasks = (f"Action: {word()} will {word()} by 2026-12-01", f"Action: Security Engineer will {word()} by Friday")
    yield "proposal", ROLES[0], "\n".join([f"Proposal: {word()}", *tasks]), None


def _turn(journal: MemoryJournal, number: int, told: tuple[str, str, str, str | None]) -> None:
    phase, role, text, position = told
    key = f"1.{phase}.{role}"
    data = {"id": f"T{number}", "key": key, "topic": 1, "phase": phase, "speaker": role, "text": text}
    journal.append(Kind.TURN, key, {**data, "position": position, "numbers": {"reply_tokens": 5}})
