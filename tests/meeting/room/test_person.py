"""A person in the meeting, whose answers come from a list."""

import asyncio
from dataclasses import replace

import pytest

from agents.agent import Agent
from agents.errors import MeetingError, UsageError
from agents.export import export
from agents.meeting.journal import Event, Journal, Kind, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.phases import phase_name
from agents.meeting.progress import Board
from agents.meeting.record import Vote
from agents.meeting.room import agenda
from agents.meeting.room.interjections import as_words, in_words, refusal_of, refuse_unheard, said_in
from agents.meeting.room.person import SeatedPerson
from agents.meeting.room.room import Room
from agents.model import Prompt
from agents.model.scripted import ScriptedModel
from tests.meeting.rooms import ROLES, sensible, spec_for

ME = "data_engineer"


class Listed:
    """Answers from one list, and types the lines of another one between the phases."""

    role = ME

    def __init__(self, answers: list[str], pauses: list[list[str]]) -> None:
        self.answers = answers
        self.pauses = pauses
        self.asked: list[str] = []

    async def answer(self, question: str) -> str | None:
        """The next answer, or None."""
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None

    def words(self) -> list[str]:
        """The lines typed before the next phase."""
        return self.pauses.pop(0) if self.pauses else []


def held(
    person: Listed | None,
    journal: Journal | None = None,
    topics: tuple[str, ...] = ("Shall we?",),
    *,
    seated: bool = True,
) -> tuple[list[Event], list[Prompt]]:
    """A meeting in which a person takes the data engineer's seat: its journal, and the prompts to the others."""
    spec = spec_for(topics=topics)
    spec = replace(spec, seats=tuple(replace(seat, human=seated and seat.role == ME) for seat in spec.seats))
    journal = journal or MemoryJournal()
    if not journal.events():
        journal.append("called", "called", spec.as_dict())
    model = ScriptedModel.of(sensible)
    agents = {name: Agent(role, model) for name, role in ROLES.items()}
    if person and seated:
        agents[ME] = Agent(ROLES[ME], SeatedPerson(person))
    asyncio.run(agenda.hold(Room(spec, agents, model, journal), person))
    journal.append("closed", "closed", {})
    return list(journal.events()), model.prompts


def test_a_person_answers_where_the_agent_would() -> None:
    """The person's statement and vote are stored under the seat's role, and the model is not asked for them."""
    events, prompts = held(
        Listed(["Risk: nobody has counted the rows.\nPosition: against", "PASS", "object: nobody counted"], [])
    )
    minutes = build(events)
    mine = next(turn for turn in minutes.turns if turn.speaker == ME)
    assert mine.text.startswith("Risk: nobody has counted the rows.")
    ballot = next(one for one in minutes.topics[0].ballots if one.speaker == ME)
    assert (ballot.vote, ballot.reason) == (Vote.OBJECT, "object: nobody counted")
    assert not any(prompt.role and prompt.role.id == ME for prompt in prompts)


def test_a_person_who_says_nothing_is_absent_and_nobody_waits() -> None:
    """A person without answers is absent, and the meeting ends with the decision of the others."""
    minutes = build(held(Listed([], []))[0])
    assert {one.speaker for one in minutes.absent} == {ME}
    assert minutes.absent[0].cause == "said nothing"
    assert minutes.topics[0].decision.text


def test_an_interjection_is_seen_by_the_next_speakers() -> None:
    """Words between two phases are in every later prompt, and in the minutes as a turn."""
    events, prompts = held(Listed([], [[], [], ["The supplier has cancelled."]]))
    turn = next(turn for turn in build(events).turns if "cancelled" in turn.text)
    assert turn.speaker == ME
    seen = [any("cancelled" in message.text for message in prompt.transcript) for prompt in prompts]
    assert not seen[0]
    assert seen[-1]


def test_asking_one_gets_an_answer_before_the_next_phase() -> None:
    """/ask adds the question to the discussion and asks the role for an answer."""
    events, prompts = held(Listed([], [[], ["/ask security_engineer Who holds the keys?"]]))
    asked = next(prompt for prompt in prompts if "Who holds the keys?" in prompt.question)
    assert asked.role
    assert asked.role.id == "security_engineer"
    assert [turn.speaker for turn in build(events).turns if turn.phase.startswith(("word", "answer"))] == [
        ME,
        "security_engineer",
    ]


def test_skip_vote_park_and_stop_do_what_they_say() -> None:
    """A skipped phase has no turns, a parked line is on the parking lot, and a stop leaves out the later topics."""
    person = Listed([], [["/park The licence of the driver"], [], ["/skip"], ["/stop"]])
    minutes = build(held(person, topics=("Shall we?", "And when?"))[0])
    assert "exchange" not in {turn.phase for turn in minutes.turns}
    assert "The licence of the driver" in [item.text for item in minutes.topics[0].items if item.label == "Parked"]
    assert len(minutes.topics) == 1
    assert any("Topic 2 was not reached" in note for note in minutes.notes)
    assert any("ended early" in note for note in minutes.topics[0].notes)


def test_vote_goes_straight_to_the_proposal() -> None:
    """/vote skips the phases before the proposal."""
    phases_held = [turn.phase for turn in build(held(Listed([], [[], ["/vote"]]))[0]).turns]
    assert set(phases_held) == {"silent_round", "proposal"}


def test_a_resumed_meeting_follows_what_the_person_typed() -> None:
    """Resumed without the person, the meeting takes the course that the person chose, and asks nothing twice."""
    whole, asked = held(Listed([], [[], ["Mind the audit."], ["/skip"]]))
    kept = MemoryJournal()
    for event in whole[:-4]:
        kept.append(event.kind, event.key, event.data)
    resumed, rest = held(None, kept)
    assert [turn.text for turn in build(resumed).turns][:-1] == [turn.text for turn in build(whole).turns][:-1]
    assert len(rest) < len(asked)
    assert "exchange" not in {turn.phase for turn in build(resumed).turns}


def test_an_unknown_command_changes_nothing() -> None:
    """An unknown word with a slash is not a turn."""
    minutes = build(held(Listed([], [["/dance"], ["/ask nobody x"]]))[0])
    assert not any(turn.phase.startswith(("word", "answer")) for turn in minutes.turns)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/ask security-engineer Who pays?", "Question to the Security Engineer: Who pays?"),
        ("/park The licence", "Parked: The licence"),
        ("/extend Which risk?", "One more round: Which risk?"),
        ("/extend", "One more round"),
        ("/vote now", "To the vote"),
        ("/skip", "Skip the next phase"),
        ("/end", "End early"),
        ("/stop", "End early"),
        (as_words("/end of the quarter"), "/end of the quarter"),
        (as_words("Mind the audit."), "Mind the audit."),
    ],
)
def test_what_a_person_asks_for_has_words(said: str, words: str) -> None:
    """A command is said as what it asks for; words stay words, also where they begin as a command does."""
    assert in_words(said, spec_for()) == words


def test_without_a_seat_words_are_notes() -> None:
    """What a person without a seat parks is a note, what it asks stands with the answer, and only the one who is asked
    has a turn.
    """
    minutes = build(
        held(Listed([], [["/park The licence"], ["/ask security_engineer Who\nholds keys?"]]), seated=False)[0]
    )
    topic = minutes.topics[0]
    assert "A person parked: The licence" in topic.notes
    assert list(topic.asked.values()) == ["A person asked the Security Engineer: Who holds keys?"]
    assert [turn.speaker for turn in minutes.turns if turn.phase.startswith(("word", "answer"))] == [
        "security_engineer"
    ]


def test_a_question_that_was_answered_was_not_missed() -> None:
    """It stands above its answers in the transcript, as one more round does; one without an answer, and a change of the
    course, stay with what the meeting may have missed. So it is for the words of an earlier version.
    """
    said = ["/ask security_engineer Who holds keys?", "/extend Which risk?", "/skip"]
    events = held(Listed([], [said]), seated=False)[0]
    number = next(at for at, event in enumerate(events) if "Who holds keys?" in event.text and event.kind == Kind.NOTE)
    old = replace(events[number], data={**events[number].data, "text": "Asked in the chat: Who holds keys?"})
    minutes = build([*events[:number], old, *events[number + 1 :]])
    first, round_asked = minutes.topics[0].asked.items()
    assert first[1] == "Asked in the chat: Who holds keys?"
    assert round_asked[1].endswith(": Which risk?")
    assert [note for note in minutes.topics[0].notes if "person asked" in note] == [
        "The phase independent views was skipped because a person asked for it."
    ]
    transcript = export(minutes, "transcript")
    for phase, text in (first, round_asked):
        answer = next(turn for turn in minutes.turns if turn.phase == phase)
        assert export(minutes, "markdown").count(text) == 0
        assert transcript.count(text) == 1
        assert transcript.index(text) < transcript.index(f"**{answer.id}**")
    unheard = [event for event in events if event.kind != Kind.TURN or not event.phase.startswith("answer")]
    assert events[number].text in build(unheard).topics[0].notes


def test_phases_between_others_and_skipped_ones_are_named_in_plain_words() -> None:
    """The name of a phase for a question has no number and no other phase's name; a skipped one has its shown name."""
    assert phase_name("answer_1_digest") == "answer to a question"
    assert phase_name("word_12_exchange") == "words of a person"
    minutes = build(held(Listed([], [[], ["/skip"]]))[0])
    assert any(note.startswith("The phase tally was skipped") for note in minutes.topics[0].notes)


def test_what_changes_nothing_is_refused_with_the_reason() -> None:
    """A question to nobody known, no question and nothing to park are refused; the rest is carried out."""
    assert "'nobody' takes no part" in refusal_of("/ask", "nobody why?", ["cto"])
    assert "one of cto" in refusal_of("/ask", "CTO", ["cto"])
    assert "nothing to park" in refusal_of("/park", " ", ["cto"])
    assert not any(
        refusal_of(*one, ["cto"]) for one in (("/ask", "cto why?"), ("/park", "x"), ("/skip", ""), ("", "x"))
    )


def test_one_more_round_asks_everybody_once_more() -> None:
    """/extend asks every participant again before the next phase, with the words if there are some; each has a turn, its
    transcript says so, and the rest takes its course.
    """
    typed = Listed([], [[], ["/extend Who\npays?"], ["/extend"]])
    events, prompts = held(typed, seated=False)
    minutes = build(events)
    rounds = [
        [turn.speaker for turn in minutes.turns if turn.phase == f"more_1_{one}"] for one in ("digest", "exchange")
    ]
    assert rounds == [list(spec_for().speakers)] * 2
    asked = [prompt.question for prompt in prompts if "once more" in prompt.question]
    assert (
        sum("Who\npays?" in one for one in asked) == sum("What is still open" in one for one in asked) == len(rounds[0])
    )
    assert minutes.topics[0].asked == {
        "more_1_digest": "A person asked for one more round before the tally: Who pays?",
        "more_1_exchange": "A person asked for one more round before the replies.",
    }
    assert minutes.topics[0].decision.text
    assert phase_name("more_1_digest") == "one more round"


def test_the_person_is_asked_in_one_more_round_only_with_a_seat() -> None:
    """A seated person's question is a turn, and the person is asked too."""
    person = Listed(["Position: for", "The bank pays."], [[], ["/extend Who pays?"]])
    turns = [turn for turn in build(held(person)[0]).turns if turn.phase.endswith("_digest")]
    assert turns[0].text == "Question to all: Who pays?"
    assert [turn.text for turn in turns[1:] if turn.speaker == ME] == ["The bank pays."]
    assert len(turns) == 1 + len(spec_for().seats)


@pytest.mark.parametrize("after", [1, 3, 4, 6])
def test_a_meeting_is_resumed_in_the_middle_of_one_more_round(after: int) -> None:
    """A meeting that was killed in the round asks nobody twice, and takes the same course."""
    whole, asked = held(Listed([], [[], ["/extend Who pays?"]]), seated=False)
    begun = next(number for number, event in enumerate(whole) if event.kind == Kind.INTERJECTION)
    left = MemoryJournal()
    for event in whole[: begun + after]:
        left.append(event.kind, event.key, event.data)
    resumed, rest = held(None, left, seated=False)
    assert [(event.kind, event.key, event.data) for event in resumed] == [
        (event.kind, event.key, event.data) for event in whole
    ]
    assert len(rest) < len(asked)


def test_progress_counts_what_a_person_asked_for() -> None:
    """While all are asked once more, progress does not go back, and it ends with all that was expected; as much is known
    of a meeting that is resumed.
    """
    spec, journal, seen = spec_for(), MemoryJournal(), list[tuple[int, int]]()
    journal.append("called", "called", spec.as_dict())
    board = Board(spec, lambda: 0.0)
    model = ScriptedModel.of(sensible)

    def listen(event: Event) -> None:
        board.update(event)
        seen.append((board.done, board.expected))

    agents = {name: Agent(role, model) for name, role in ROLES.items()}
    typed = Listed([], [[], ["/extend", "/ask security_engineer Why?"]])
    asyncio.run(agenda.hold(Room(spec, agents, model, journal, listen=listen), typed))
    planned = Board(spec, lambda: 0.0).expected
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (planned + len(spec.seats) + 1,) * 2
    again = Board(spec, lambda: 0.0)
    again.take_up(journal.events())
    assert again.expected == board.expected
    assert again.done <= again.expected


def test_words_that_nobody_would_hear_are_refused() -> None:
    """An unknown command, an incomplete one, and words without a seat are refused; the rest is taken."""
    for words, error in (
        ("/dance", UsageError),
        ("/ask nobody why?", UsageError),
        ("/park", UsageError),
        ("Hi.", MeetingError),
    ):
        with pytest.raises(error):
            refuse_unheard(words, ["cto"], seated=False)
    for words in ("/extend", "/extend Who pays?", "/ask CTO why?", "/park This", "/skip", "/vote", "/end", "/stop"):
        refuse_unheard(words, ["cto"], seated=False)
    refuse_unheard("Hi.", ["cto"], seated=True)


def test_after_the_end_nobody_is_asked_any_more() -> None:
    """What follows the end in the same pause asks nobody, and what the person says or parks there is kept."""
    words = ["/end", "/extend Which risk?", "/ask cto Why?", "/vote", "Thank you.", "/park the logo"]
    events, prompts = held(Listed([], [words]))
    said = [event.data["text"] for event in events if event.kind == Kind.TURN]
    assert said == ["Thank you.", "Parked: the logo"]
    assert not [prompt for prompt in prompts if prompt.role]
    notes = [event.data["text"] for event in events if event.kind == Kind.NOTE]
    assert not [note for note in notes if "one more round" in note or "straight to the vote" in note]


@pytest.mark.parametrize("words", ["/end of story", "/etc is full", "plain"])
def test_words_are_said_also_where_they_begin_as_a_command(words: str) -> None:
    """What was marked as words is said as it was written, and changes no course."""
    events, _ = held(Listed([], [[as_words(words)]]))
    assert next(event for event in events if event.kind == Kind.TURN).data["text"] == words
    assert [event for event in events if event.kind == Kind.BALLOT]
    refuse_unheard(as_words(words), (), seated=True)
    assert said_in(as_words(words)) == words
