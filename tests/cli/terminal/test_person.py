"""A person at a terminal whose lines come from a list."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from agents.agent import Agent
from agents.cli.terminal.person import AtTerminal
from agents.documents import Document
from agents.meeting.journal import Event, Kind, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Vote
from agents.meeting.room import agenda
from agents.meeting.room.interview import WHY, YOUR_POSITION
from agents.meeting.room.person import SeatedPerson
from agents.meeting.room.room import Room
from agents.meeting.spec import OpenAction
from agents.model.scripted import ScriptedModel
from tests.meeting.rooms import ROLES, Say, sensible, spec_for
from tests.meeting.speakers import talkative

ME = "data_engineer"
DOCUMENT = Document("plan.md", "\n".join(f"Line {number} of the plan." for number in range(1, 61)))


class Typed:
    """Types an answer to each question: that for its first word, else the next one of a list, else Enter."""

    def __init__(self, *answers: str, by_question: dict[str, list[str]] | None = None) -> None:
        self.answers = list(answers)
        self.by_question = by_question or {}
        self.asked: list[str] = []
        self.shown: list[Event] = []
        self.between: list[str] = []
        self.first: dict[str, set[str]] = {}

    async def line(self, prompt: str, *, words: bool) -> str:
        """The next answer."""
        assert isinstance(words, bool)
        await asyncio.sleep(0.05)  # the others go on meanwhile
        self.asked.append(prompt)
        self.first.setdefault(prompt.split("?")[0], {event.kind for event in self.shown})
        own = next((said for start, said in self.by_question.items() if prompt.startswith(start) and said), None)
        answer = own.pop(0) if own else self.answers.pop(0) if self.answers and not self.by_question else ""
        if answer == "EOF":
            raise EOFError
        return answer

    def typed(self) -> list[str]:
        """The lines that were typed while nothing was asked."""
        said, self.between = self.between, []
        return said

    def watch(self, tell: Callable[[], None]) -> None:
        """Lines are typed when a test says so."""
        self.tell = tell

    def unwatch(self) -> None:
        """Nothing is typed."""


def held(
    lines: Typed,
    type_id: str = "architecture_review",
    say: Say = sensible,
    chair: str = "solutions_architect",
    decider: str = "",
) -> tuple[Minutes, list[Event], AtTerminal]:
    """A meeting with a person at a terminal: its minutes, the events as they were shown, and the person."""
    spec = spec_for(type_id, documents=())
    seats = tuple(replace(seat, human=seat.role == ME) for seat in spec.seats)
    spec = replace(spec, seats=seats, facilitator=chair, decider=decider)
    journal, model = MemoryJournal(), ScriptedModel.of(say)
    journal.append("called", "called", spec.as_dict())
    person = AtTerminal(spec, lines)
    agents = {name: Agent(role, model) for name, role in ROLES.items()}
    agents[ME] = Agent(ROLES[ME], SeatedPerson(person))
    room = Room(spec, agents, model, journal, listen=person.held_back.before(lines.shown.append))
    asyncio.run(agenda.hold(room, person))
    return build(journal.events()), lines.shown, person


OBJECTING = {
    "Your position": ["a"],
    "Why": ["Nobody has counted the rows", "no backup was restored"],
    "Anything": ["I will count the rows by Friday\nBackend Developer will write the index"],
    "Your vote": ["n"],
    "What would change": ["a restore that was tried"],
}


def test_a_person_is_asked_short_questions_and_reads_no_prompt(capsys: pytest.CaptureFixture[str]) -> None:
    """Three questions, a reply and a vote; nothing that is shown speaks of JSON, fields or what a model is told."""
    lines = Typed(by_question={name: list(said) for name, said in OBJECTING.items()})
    held(lines)
    assert lines.asked[:3] == [
        "Your position? [f]or [c]onditions [a]gainst [s]kip",
        "Why?",
        "Anything to do, by whom, by when?",
    ]
    assert "Your vote? [y]es [c]oncern [n]o [a]bstain" in lines.asked
    seen = capsys.readouterr().err + "\n".join(lines.asked)
    for words in ("JSON", "{", "schema", "floor", "at most", "null", "support_with_concern"):
        assert words not in seen


def test_what_a_person_says_is_an_entry_of_the_minutes() -> None:
    """The reason is the type's own line for what may go wrong, each task an action, and the vote keeps its reasons."""
    minutes, _, _ = held(Typed(by_question={name: list(said) for name, said in OBJECTING.items()}))
    [topic] = minutes.topics
    assert topic.positions[ME] == "against"
    assert "Nobody has counted the rows" in [item.text for item in topic.items if item.label == "Risk"]
    assert any(one.owner == ME and "count the rows by Friday" in one.evidence.quote for one in topic.actions)
    assert any("write the index" in one.evidence.quote for one in topic.actions)
    ballot = next(one for one in topic.ballots if one.speaker == ME)
    assert (ballot.vote, ballot.reason, ballot.would_change) == (
        Vote.OBJECT, "no backup was restored", "a restore that was tried",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "label"), [("a", "Risk"), ("c", "Condition"), ("f", "Reason"), ("s", "Reason"), ("", "Reason")]
)
def test_the_reason_stands_under_the_line_that_fits_the_position(key: str, label: str) -> None:
    """Against: what may go wrong; on conditions: a condition; for, or without a position: a plain reason."""
    minutes, _, _ = held(Typed(by_question={"Your position": [key], "Why": ["The nightly job counts rows twice"]}))
    found = [item.label for item in minutes.topics[0].items if item.text == "The nightly job counts rows twice"]
    assert found == [label]


def test_nothing_of_the_others_is_shown_before_the_person_spoke() -> None:
    """While the person is asked for a view or a vote, no turn and no ballot of a colleague is shown; afterwards all."""
    lines = Typed(by_question={name: list(said) for name, said in OBJECTING.items()})
    minutes, shown, _ = held(lines)
    for question in ("Your position", "Why", "Anything to do, by whom, by when"):
        assert not {Kind.TURN, Kind.TEXT, Kind.BALLOT} & lines.first[question]
    assert Kind.TURN in lines.first["Your vote"]
    assert Kind.BALLOT not in lines.first["What would change your vote"]
    assert [event.kind for event in shown].count(Kind.BALLOT) == 4
    assert sum(event.kind == Kind.TURN for event in shown) == len(minutes.turns)


def test_a_wrong_key_is_asked_again_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no key gets one short line that names the keys, and the same question."""
    lines = Typed(by_question={"Your position": ["x", "maybe", "AGAINST"], "Why": ["The index is missing"]})
    minutes, _, _ = held(lines)
    assert minutes.topics[0].positions[ME] == "against"
    assert capsys.readouterr().err.count("Type one of f, c, a, s; Enter skips the question.") == 2


@pytest.mark.parametrize("way", ["/skip", "EOF"])
def test_a_pass_is_a_turn_without_words(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    """/skip and Ctrl-D pass on a turn, and later ones are asked; a vote that is left out is not cast."""
    minutes, _, _ = held(Typed(by_question={"Your position": [way]}))
    assert next(turn.text for turn in minutes.turns if turn.speaker == ME) == "PASS"
    assert not [one for one in minutes.topics[0].ballots if one.speaker == ME]
    assert ("Skipped." in capsys.readouterr().err) is (way == "EOF")


def test_a_pass_after_the_first_answer_keeps_what_was_said() -> None:
    """Who leaves the turn at the second question has still given a position."""
    minutes, _, _ = held(Typed(by_question={"Your position": ["f"], "Why": ["/skip"]}))
    assert minutes.topics[0].positions[ME] == "for"
    assert next(turn.text for turn in minutes.turns if turn.speaker == ME) == "Position: for"


def test_help_read_and_commands_work_at_any_question(capsys: pytest.CaptureFixture[str]) -> None:
    """/help lists, /read shows pages, lines and turns that were heard, /park waits for the pause; none is an answer."""
    typed = [
        "/help",
        "/read",
        "/read 30",
        "/read plan.md:58",
        "/read T9",
        "/read other.md",
        "/dance",
        "/park The licence",
    ]
    lines = Typed(by_question={"Your position": [*typed, "a"], "Why": ["The index is missing", "/read T1", ""]})
    spec = replace(spec_for(documents=[DOCUMENT]))
    spec = replace(spec, seats=tuple(replace(seat, human=seat.role == ME) for seat in spec.seats))
    person = AtTerminal(spec, lines)
    person._heard = {"T1": "[T1] a colleague:\nRisk: it breaks"}

    async def talk() -> None:
        with person.speaking("Shall we?", ()):
            assert await person.ask(YOUR_POSITION) == "against"
            assert await person.ask(WHY) == "The index is missing"
            assert await person.ask(WHY) == ""

    asyncio.run(talk())
    seen = capsys.readouterr().err
    assert "leave out this question" in seen
    assert "(plan.md, lines 1-" in seen
    assert re_lines(seen, "Line 30 of the plan.")
    assert re_lines(seen, "Line 58 of the plan.")
    assert "You have not heard T9 yet. Heard: T1." in seen
    assert "There is no document 'other.md'. There is: plan.md." in seen
    assert "There is no command /dance." in seen
    assert "Risk: it breaks" in seen
    assert person.words() == ["/park The licence"]


def re_lines(text: str, line: str) -> bool:
    """Whether a line is shown with its number."""
    return any(row.strip().endswith(line) and row.strip()[0].isdecimal() for row in text.split("\n"))


def test_a_person_who_leads_chooses_by_number() -> None:
    """The choice, its findings and its actions are numbers, and become the proposal that code writes."""
    lines = Typed(
        by_question={
            "Your position": ["c"], "Why": ["count the rows first"], "Your choice": ["7", "2"], "Which of these": ["1"],
            "Which of it": ["1"], "Your vote": ["y"],
        }
    )  # fmt: skip
    minutes, _, _ = held(lines, chair=ME)
    decision = minutes.topics[0].decision
    assert decision.text.startswith(minutes_choice(2))
    assert "[T" in decision.text


def minutes_choice(number: int) -> str:
    """The sentence of a choice of the type."""
    return spec_for().kind.choices[number - 1].sentence


def test_ideas_and_dots_are_plain_forms() -> None:
    """In a brainstorm ideas are asked for until Enter, and the best ones by number."""
    lines = Typed(by_question={"Idea": ["Count the rows at night", "Drop the old index"], "Your best": ["9 99", "1 2"]})
    minutes, _, _ = held(lines, "brainstorm", talkative)
    said = [entry.text for turn in minutes.turns if turn.speaker == ME for entry in turn.entries or ()]
    assert said[:2] == ["Count the rows at night", "Drop the old index"]
    assert any(item.label == "Idea" and item.text == "Count the rows at night" for item in minutes.topics[0].items)


def test_where_no_positions_are_compared_each_line_of_the_type_is_asked_for() -> None:
    """In a round of reports the person is asked for the type's own lines, in its words, and for what is to be done."""
    lines = Typed(
        by_question={"Done": ["counted the rows"], "Blocker": ["none"], "Anything": ["I will drop the index"]}
    )
    minutes, _, _ = held(lines, "daily_standup", talkative)
    assert [entry.label for turn in minutes.turns if turn.speaker == ME for entry in turn.entries or ()] == [
        "Done",
        "Action",
    ]


def decided(lines: Typed, choice: str = "", status: str = "accepted") -> Minutes:
    """The minutes of a meeting in which the person decides; its decision is this one."""
    minutes, _, _ = held(lines, decider=ME)
    decision = minutes.topics[0].decision
    assert decision.status == status
    assert not choice or decision.choice == choice
    return minutes


@pytest.mark.parametrize(("key", "status"), [("a", "accepted"), ("r", "rejected"), ("p", "deferred")])
def test_the_person_decides_and_the_room_advises(key: str, status: str, capsys: pytest.CaptureFixture[str]) -> None:
    """After the others' votes the person sees the count and the objections, and the decision and its reason are the
    person's own, whatever the votes say.
    """
    lines = Typed(by_question={"Your decision": [key], "Why": ["", "We know how to go back"]})
    decision = decided(lines, status=status).topics[0].decision
    assert "Your decision? [a]ccept [r]eject [p]ostpone [1-3]" in lines.asked
    assert not any(prompt.startswith("Your vote") for prompt in lines.asked)
    assert decision.rule == "decided by the Data Engineer; the room advised: 2 for, 1 against"
    assert decision.why == "We know how to go back."
    said = {"accepted": decision.choice, "deferred": "postponed"}
    assert decision.outcome == said.get(status, status)
    seen = capsys.readouterr().err
    assert "The room advises: 2 for, 1 against." in seen
    assert "Security Engineer, against: security_engineer has reasons" in seen


def test_the_person_may_accept_a_choice_that_was_not_voted_on() -> None:
    """A choice by number is the decision, in the type's words; the proposal's actions are then not agreed."""
    kind = spec_for().kind
    other = kind.choices[2]
    minutes = decided(Typed(by_question={"Your decision": ["3"], "Why": ["", "It is too early"]}), other.name)
    topic = minutes.topics[0]
    assert topic.decision.text == f"{other.sentence}."
    assert topic.decision.outcome == other.name
    assert not any(action.agreed for action in topic.actions)


def test_without_an_answer_there_is_no_decision() -> None:
    """A decision is never invented: who leaves the question out has decided nothing, and the minutes say so."""
    decision = decided(Typed(by_question={"Your position": ["f"]}), status="no decision").topics[0].decision
    assert decision.outcome == "no decision"
    assert decision.why == "The Data Engineer gave no decision."
    assert decision.rule == "the Data Engineer decides; the room advised: 2 for, 1 against"


def test_lines_between_the_questions_are_noted_and_heard_by_all(capsys: pytest.CaptureFixture[str]) -> None:
    """What is typed while others speak is confirmed at once, and said at the next pause; /help answers at once."""
    lines = Typed()
    spec = spec_for()
    person = AtTerminal(replace(spec, seats=tuple(replace(one, human=one.role == ME) for one in spec.seats)), lines)
    assert person.words() == []
    lines.between = ["Mind the audit.", "\x04", "/help", "/vote"]
    lines.tell()
    seen = capsys.readouterr().err
    assert "Noted for the next pause: Mind the audit." in seen
    assert "/park WORDS" in seen
    assert "Type words to all" in seen
    assert person.words() == ["Mind the audit.", "/vote"]


def test_open_actions_of_a_series_are_reported_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Each open action of the person is shown with its task; a key says what became of it, a sentence why."""
    lines = Typed(by_question={"What has become": ["x", "b"], "In a sentence": ["the supplier is silent"]})
    spec = spec_for("daily_standup", topics=("Open actions of the series team", "Where are we?"))
    seats = tuple(replace(one, human=one.role == ME) for one in spec.seats)
    action = OpenAction("A3", "Order the trial", ME, None, "20261101-test-0001")
    spec = replace(spec, seats=seats, series="team", open_actions=(action,))
    journal, model = MemoryJournal(), ScriptedModel.of(talkative)
    journal.append("called", "called", spec.as_dict())
    person = AtTerminal(spec, lines)
    agents = {name: Agent(role, model) for name, role in ROLES.items()}
    agents[ME] = Agent(ROLES[ME], SeatedPerson(person))
    asyncio.run(agenda.hold(Room(spec, agents, model, journal), person))
    topic = build(journal.events()).topics[0]
    assert "A3: Order the trial" in capsys.readouterr().err
    assert any('blocked: the supplier is silent" In the register it is open.' in note for note in topic.notes)


@pytest.mark.parametrize("columns", [30, 40, 200])
def test_a_long_question_stands_above_its_line(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a question leaves no place behind it, it is printed in lines that fit, and a short sign waits for the answer."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = Typed(by_question={"Your position": ["f"], ">": ["f"]})
    held(lines)
    long = YOUR_POSITION.prompt
    assert lines.asked[0] == (">" if columns < len(long) else long)
    seen = capsys.readouterr().err
    assert ("Your position?" in seen) is (columns < len(long))
    assert max(len(row) for row in seen.splitlines()) < columns
