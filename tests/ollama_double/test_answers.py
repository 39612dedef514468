import asyncio
import json
from typing import Any

import pytest

from agents.agent import Agent
from agents.documents import Document
from agents.meeting import minutes, prompts, reading
from agents.meeting.fields import MOVES, schema_of
from agents.meeting.journal import MemoryJournal
from agents.meeting.phases import PHASES, moves
from agents.meeting.record import Topic, Vote
from agents.meeting.room import agenda
from agents.meeting.room.room import Room
from agents.model import Prompt, render_passages
from agents.model.scripted import ScriptedModel
from agents.store.document_index import PassageIndex
from tests.meeting.rooms import ROLES, spec_for
from tests.ollama_double.answers import default_answer
from tests.ollama_double.schema import follow

DESIGN = Document(
    "design.md", "# Sessions\n\nAll sessions move to one Redis cluster.\nNobody has written a way back yet.\n"
)
TOPIC = Topic(1, "Shall we move all sessions to Redis?")
WANTS = (prompts.FACT, prompts.POSITION, prompts.PROPOSAL, prompts.ACTION, prompts.QUESTION)
TALK = "[T2] a colleague:\nRisk: The cluster has no backup at all today.\nPosition: against"


def said(question: str, title: str = "Data Engineer", **fields: Any) -> str:
    """The default answer of a role to a question about the design."""
    head = prompts.topic_head(spec_for().kind.agenda, TOPIC, DESIGN.passages(), ())
    tail = f"You are the {title}. You keep one thing in view.\nYou object to: A move without a way back.\n\n{question}"
    texts = [head, TALK, tail]
    return default_answer({"messages": [{"role": "user", "content": text} for text in texts], **fields})


def test_a_statement_fills_the_fields_that_are_asked_for() -> None:
    """A statement has each requested field, an allowed position, and a quote from the place that it names."""
    answer = json.loads(said(prompts.speak(TOPIC, WANTS, PHASES["silent_round"].instruction), format=schema_of(WANTS)))
    assert list(answer) == ["fact", "position", "proposal", "action", "question"]
    assert reading.read_position(answer["position"]) is not None
    fact = answer["fact"]
    quote, place = fact.split('"')[1], fact.rsplit("(", 1)[1].rstrip(")")
    shown = render_passages(tuple(DESIGN.passages()))
    assert f"{place.removeprefix('design.md:')}: " in shown
    assert quote in shown


def test_speakers_differ_and_each_is_the_same_every_time() -> None:
    """Positions and votes depend on the card; the same card gives the same answer again."""
    titles = [f"Engineer number {number}" for number in range(60)]
    question, schema = prompts.speak(TOPIC, WANTS, PHASES["silent_round"].instruction), schema_of(WANTS)
    first = [said(question, title, format=schema) for title in titles]
    assert first == [said(question, title, format=schema) for title in titles]
    assert len({json.loads(text)["position"] for text in first}) == 4
    votes = [
        [
            json.loads(said(prompts.ballot("T9", order, reasons=reasons), title, format=schema))["vote"]
            for title in titles
        ]
        for order, reasons in zip(prompts.ORDERS, (True, False), strict=True)
        for schema in [prompts.ballot_schema(order, reasons=reasons)]
    ]
    assert votes[0] == votes[1]
    assert set(votes[0]) == {vote.value for vote in Vote}


def test_an_exchange_rebuts_revises_or_passes() -> None:
    """All three moves occur, each about a statement that may be answered, with words that were said or written."""
    wants = moves(["T2"])
    question = prompts.exchange(TOPIC, "T1", "for", wants)
    texts = [said(question, f"Engineer {number}", format=schema_of(wants)) for number in range(40)]
    made = [json.loads(text)["move"] for text in texts]
    assert {move["move"] for move in made if move} == set(MOVES)
    assert {move["statement"] for move in made if move} == {"T2"}
    assert all(move["words"] in TALK + DESIGN.text for move in made if move)


def test_the_scribe_points_at_turns_that_said_it() -> None:
    """An extraction names a turn and copies words of its labelled line; without one it is empty."""
    schema = prompts.extract_schema(["T2"], ["Data Engineer"])
    found = json.loads(said(prompts.extract("Risk", "one risk"), "Scribe", format=schema))["items"]
    assert [(item["turn"], item["owner"]) for item in found] == [("T2", "unassigned")]
    assert found[0]["quote"] in TALK
    assert json.loads(said(prompts.extract("Idea", "one idea"), "Scribe", format=schema)) == {"items": []}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 7}, 7),
        ({"type": "integer", "minimum": 3, "maximum": 5}, 3),
        ({"type": "number", "maximum": -1}, -1.0),
        ({"type": ["null", "string"], "maxLength": 4}, "word"),
        ({"type": "string", "maxLength": 7}, "words"),
        ({"type": "array", "items": {"enum": ["x", "y", "z"]}, "maxItems": 2}, ["x", "y"]),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2}, ["words"] * 2),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, True),
        ({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"k": {"const": 1}}}}}, {"k": 1}),
    ],
)
def test_a_schema_is_followed(schema: dict[str, Any], value: Any) -> None:
    """The answer follows enums, constants, ranges, lengths, arrays, alternatives and local references."""
    assert json.loads(follow(schema, lambda _name, _number: "words", lambda _: 0)) == value


def test_a_nested_answer_has_its_own_words_in_each_field() -> None:
    """Lists of objects, nullable fields and a quote beside its turn are filled with words that fit their names."""
    risk = {"type": "object", "properties": {"text": {"type": "string"}, "impact": {"enum": ["high", "low"]}}}
    fields = {
        "risk": {"type": "array", "items": risk, "maxItems": 3},
        "action": {"type": ["string", "null"], "maxLength": 120},
        "answers": {
            "anyOf": [{"type": "object", "properties": {"turn": {"enum": ["T2"]}, "quote": {}}}, {"type": "null"}]
        },
    }
    schema = {"type": "object", "properties": fields}
    answers = [json.loads(said("Speak.", f"Engineer {number}", format=schema)) for number in range(24)]
    risks = [entry["text"] for answer in answers for entry in answer["risk"]]
    assert len(set(risks)) == len(risks) == 48
    assert {answer["action"] is None for answer in answers} == {True, False}
    assert all(answer["answers"]["quote"] in TALK for answer in answers)


def test_a_meeting_on_default_answers_leaves_minutes_that_check_out() -> None:
    """A whole meeting with these answers has different positions, a counted decision, and only verified entries."""
    model = ScriptedModel.of(_as_double)
    call = spec_for(documents=[DESIGN], topics=[TOPIC.text])
    journal = MemoryJournal()
    journal.append("called", "called", call.as_dict())
    with PassageIndex(DESIGN.passages()) as index:
        room = Room(call, {name: Agent(role, model) for name, role in ROLES.items()}, model, journal, index)
        asyncio.run(agenda.hold(room))
    journal.append("closed", "closed", {})
    left = minutes.build(list(journal.events()))
    assert left.checks.as_said < left.checks.words
    assert left.checks.found == left.checks.compared
    assert not left.absent
    (topic,) = left.topics
    assert len(set(topic.positions.values())) > 1
    assert sum(topic.decision.tally.values()) == len(ROLES)
    assert topic.actions
    assert topic.items


def _as_double(prompt: Prompt) -> str:
    messages = [{"role": message.author, "content": message.text} for message in prompt.messages()]
    return default_answer({"messages": messages, **({"format": dict(prompt.schema)} if prompt.schema else {})})
