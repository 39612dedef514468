"""Proposals: a choice of the type, findings and actions by number, and the sentence that code writes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from agents.errors import ModelError
from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.proposals import MOST_FINDINGS, Table, findings_in, table_for
from agents.meeting.record import Turn
from agents.meeting.types.file import read_types
from agents.model import Prompt, Task
from tests.meeting.rooms import hold, sensible, spec_for

TYPES = read_types()
REVIEW = TYPES["architecture_review"]
SAID = (
    "Risk: one server holds all (impact: low)\nCondition: every service gets its own password.\nAction: I will try the restore",
    "Risk: the backup is never restored (impact: high)\nCondition: none",
    "Condition: Every service gets its own password\nRisk: one server holds all (impact: low)\nAction: none",
)
TITLES = {"r1": "Backend Developer", "r2": "QA Engineer", "r3": "CTO"}


def turns(said: Sequence[str]) -> list[Turn]:
    """Turns with these texts, by three roles in turn."""
    return [
        Turn(f"T{n}", f"1.silent_round.r{n}", 1, "silent_round", f"r{(n - 1) % 3 + 1}", text)
        for n, text in enumerate(said, 1)
    ]


def table(said: Sequence[str] = SAID) -> Table:
    """What is on the table of an architecture review after these statements."""
    return table_for(REVIEW, turns(said), TITLES, {})


def test_findings_are_listed_by_label_then_urgency_then_support() -> None:
    """The labels come in the order in which the choices take them; what two say counts once, with the first turn."""
    found = [(one.label, one.text, one.turn, one.times) for one in table().findings]
    assert found == [
        ("Condition", "every service gets its own password.", "T1", 2),
        ("Risk", "the backup is never restored", "T2", 1),
        ("Risk", "one server holds all", "T1", 2),
    ]


def test_an_action_of_the_speaker_names_its_owner() -> None:
    """Outside its turn, "I will" would name the facilitator, so it becomes the title of the speaker."""
    assert [one.text for one in table().actions] == ["Backend Developer will try the restore"]


def test_each_label_has_its_share_of_the_list() -> None:
    """Many conditions do not push out the risks, and the list is never longer than a small model can read."""
    said = [f"Condition: {'abcdefghijklmnop'[n] * 5} must hold" for n in range(14)]
    said += [f"Risk: {'abcdefghijklmnop'[n] * 7} breaks" for n in range(3)]
    labels = [one.label for one in findings_in(REVIEW, turns(said))]
    assert len(labels) == MOST_FINDINGS
    assert labels.count("Risk") == 3


def test_a_choice_that_needs_a_finding_is_offered_only_where_there_is_one() -> None:
    """Without findings and actions, only the choices that need none are left, and no numbers are asked for."""
    empty = table(["Question: who pays?"])
    assert [one.name for one in empty.choices] == ["build", "do not build"]
    assert list(empty.schema()["properties"]) == ["proposal"]
    assert list(table().schema()["properties"]) == ["proposal", "actions"]


def test_a_server_that_enforces_the_schema_allows_no_contradiction() -> None:
    """Each choice has a form of its own: findings only where it takes some, of its kind, and as many as it takes."""
    forms = table().schema()["properties"]["proposal"]["anyOf"]
    assert [form["properties"]["choice"]["enum"] for form in forms] == [
        ["build"],
        ["build on conditions"],
        ["do not build"],
    ]
    assert ["findings" in form["properties"] for form in forms] == [False, True, False]
    assert forms[1]["properties"]["findings"] == {
        "type": "array", "items": {"type": "integer", "enum": [1, 2, 3]}, "minItems": 1, "maxItems": 4,
    }  # fmt: skip
    nested = {"proposal": {"choice": "build on conditions", "findings": [1]}, "actions": [1]}
    assert table().problem_in(nested) == ""
    assert table().chosen(nested) == table().chosen({"choice": "build on conditions", "findings": [1], "actions": [1]})


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"choice": "build", "findings": [], "actions": [1]}, ""),
        ({"choice": "build"}, ""),
        ({"choice": "build on conditions", "findings": [1, 3, 1], "actions": []}, ""),
        (None, '"choice" must be one of: build, build on conditions, do not build.'),
        ({"choice": "maybe"}, '"choice" must be one of: build, '),
        ({"choice": "build", "findings": [1]}, '"build" takes no numbers in "findings". Choose "build on conditions", or '),
        ({"choice": "build on conditions", "findings": []}, '"build on conditions" takes 1 to 4 numbers in "findings".'),
        ({"choice": "build on conditions", "findings": [4]}, '"findings" must be numbers from 1 to 3.'),
        ({"choice": "build on conditions", "findings": ["1"]}, '"findings" must be numbers from 1 to 3.'),
        ({"choice": "build", "actions": [2]}, '"actions" must be numbers from 1 to 1.'),
    ],
)  # fmt: skip
def test_a_choice_must_go_with_its_findings(answer: Any, problem: str) -> None:
    """An unknown choice or number, a condition without need and a lack of conditions are named for the next attempt."""
    found = table().problem_in(answer)
    assert found.startswith(problem)
    assert bool(found) == bool(problem)


def test_a_choice_takes_only_its_own_kind_of_findings() -> None:
    """A choice that takes options takes no risk, and exactly one where it picks one."""
    kind = TYPES["technical_design"]
    on_it = table_for(kind, turns(["Option: a queue\nCondition: it is tried", "Option: two tables"]), TITLES, {})
    labels = [one.label for one in on_it.findings]
    options = [number for number, label in enumerate(labels, 1) if label == "Option"]
    other = next(number for number, label in enumerate(labels, 1) if label != "Option")
    assert "takes only these numbers" in on_it.problem_in({"choice": "build another option", "findings": [other]})
    assert "takes exactly one number" in on_it.problem_in({"choice": "build another option", "findings": options})
    assert on_it.problem_in({"choice": "build another option", "findings": options[:1]}) == ""


def test_code_writes_the_sentence() -> None:
    """It is the sentence of the choice with the words of its findings and the turns that say them."""
    both = table().chosen({"choice": "build on conditions", "findings": [1, 2]})
    assert both.sentence == (
        "Build it on these conditions: (1) every service gets its own password [T1]; "
        "(2) the backup is never restored [T2]."
    )
    assert table().chosen({"choice": "build on conditions", "findings": [2]}).sentence == (
        "Build it on these conditions: the backup is never restored [T2]."
    )
    assert table().chosen({"choice": "do not build"}).sentence == "Do not build it."


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("2 with 1,3", {"choice": "build on conditions", "findings": [1, 3], "actions": []}),
        ("2 with 1, 3; actions 1", {"choice": "build on conditions", "findings": [1, 3], "actions": [1]}),
        ("Build on conditions: 1 and 2", {"choice": "build on conditions", "findings": [1, 2], "actions": []}),
        ("do not build", {"choice": "do not build", "findings": [], "actions": []}),
        ("I say: build.", {"choice": "build", "findings": [], "actions": []}),
        ("build, or do not build", None),
        ("Build it. We lost 3 days already.", {"choice": "build", "findings": [], "actions": []}),
        ("I do not want to build", None),
        ("We cannot build this", None),
        ("build, if the tests pass", None),
        ("build?", None),
        ("The document says: build", None),
        ("1 or 2", None),
        ("7", None),
        ("\u00b3 \u2460", None),
        ("00100", None),
        ("9" * 5000, None),
        ("1 with " + "9" * 5000, {"choice": "build", "findings": [999_999_999], "actions": []}),
        ("Let us see.", None),
        ("", None),
    ],
)
def test_plain_words_are_read(words: str, answer: Mapping[str, Any] | None) -> None:
    """A person names the choice by name or number and findings by number; two choices are not clear."""
    assert table().read(words) == answer


def answering(*answers: str, asked: list[str] | None = None) -> Any:
    """Sensible speakers, and a facilitator who gives these answers one after the other."""
    left = list(answers)

    def say(prompt: Prompt) -> str:
        if prompt.task is not Task.PROPOSAL:
            return sensible(prompt)
        if asked is not None:
            asked.append(prompt.question)
        if not left:
            raise ModelError("the server hung up")
        return left.pop(0)

    return say


def test_a_contradiction_is_asked_about_once_more() -> None:
    """The facilitator is told what was wrong; its second answer is voted on."""
    asked: list[str] = []
    bad, good = (
        '{"choice": "build", "findings": [1], "actions": []}',
        '{"choice": "build", "findings": [], "actions": []}',
    )
    minutes = build(hold(spec_for(), answering(bad, good, asked=asked))[0])
    assert len(asked) == 2
    assert asked[1].startswith('Your last answer could not be used: "build" takes no numbers')
    assert minutes.topics[0].decision.text == "Build it."
    assert minutes.topics[0].decision.choice == "build"


@pytest.mark.parametrize(
    "answer", ["Position: against Proposal: none", "{}", '{"choice": "build", "findings": [1]}', ""]
)
def test_without_a_choice_there_is_no_decision(answer: str) -> None:
    """After two answers without a usable choice nothing is put to the vote, whatever others said; a note says so."""
    events, prompts = hold(spec_for(), answering(answer, answer))
    topic = build(events).topics[0]
    assert (topic.decision.outcome, topic.decision.text) == ("no decision", "")
    assert "The facilitator made none of the choices, so nothing was put to the vote." in topic.notes
    assert not any(prompt.task is Task.BALLOT for prompt in prompts)


def test_an_answer_is_stored_and_not_asked_for_again() -> None:
    """A meeting that was killed right after the choice goes on with it; one killed later asks no one twice."""
    events, _ = hold(spec_for())
    for last in ("1.proposal.choice.solutions_architect", "1.proposal.solutions_architect", "1.put"):
        journal = MemoryJournal()
        for event in events:
            journal.append(event.kind, event.key, event.data)
            if event.key == last:
                break
        resumed, prompts = hold(spec_for(), journal=journal)
        assert not any(prompt.task is Task.PROPOSAL for prompt in prompts)
        assert build(resumed).topics == build(events).topics


def test_the_turn_of_the_proposal_is_in_labelled_lines() -> None:
    """The sentence and the actions are a turn of the facilitator, so that exports and evidence name it."""
    minutes = build(hold(spec_for())[0])
    turn = next(turn for turn in minutes.turns if turn.phase == "proposal")
    decision = minutes.topics[0].decision
    assert turn.text.startswith(f"Proposal: {decision.text}\nAction: ")
    assert decision.evidence is not None
    assert decision.evidence.turn == turn.id
    assert json.dumps(decision.text)
    counted = [event for event in hold(spec_for())[0] if event.data.get("numbers")]
    assert minutes.numbers["calls"] == sum(event.data.get("orders", 1) for event in counted)


FREE = """**Proposal:** Move the sessions after one restore was tried [T1].

**Actions:**
1. **Data Engineer** will restore the backup by 2026-12-04.
2. **Backend Developer** will tell the customers by Friday."""


def test_words_that_name_no_choice_are_a_turn() -> None:
    """What the facilitator says in the place of a choice is not put to the vote and not lost: its actions are not agreed."""
    events, _ = hold(spec_for(), answering("Well.", FREE))
    minutes = build(events)
    turn = next(turn for turn in minutes.turns if turn.phase == "instead_of_a_choice")
    assert turn.text.split("\n")[0] == "Proposal: Move the sessions after one restore was tried [T1]."
    assert turn.text.endswith("Action: Backend Developer will tell the customers by Friday.")
    [topic] = minutes.topics
    assert (topic.decision.outcome, topic.decision.text) == ("no decision", "")
    new = [action for action in topic.actions if action.evidence.turn == turn.id]
    assert [(action.owner, action.agreed) for action in new] == [("data_engineer", False), ("backend_developer", False)]


def test_words_that_name_no_choice_are_kept_once() -> None:
    """A meeting that is killed behind them, or before the note of their failure, resumes with the same turns."""
    events, _ = hold(spec_for(), answering("Well.", FREE))
    for last in ("1.instead_of_a_choice.solutions_architect", "1.proposal.choice.solutions_architect"):
        journal = MemoryJournal()
        for event in events:
            journal.append(event.kind, event.key, event.data)
            if event.key == last:
                break
        resumed, _ = hold(spec_for(), answering("Well.", FREE), journal=journal)
        assert [turn.text for turn in build(resumed).turns] == [turn.text for turn in build(events).turns]


@pytest.mark.parametrize(
    ("said", "decided", "actions"),
    [
        (FREE, "Move the sessions after one restore was tried [T1].", 2),
        ("Proposal:\nMove it.\n\nAction:\n- Data Engineer will try the restore.\n- Backend Developer will write to all.", "Move it.", 2),
        ("Proposal\uff1aMove it.\nAction\uff1aData Engineer will try the restore.", "Move it.", 1),
        ("Proposal: Move it.\nAction Items:\n* Data Engineer: try the restore\n* Ada Lovelace: write to all", "Move it.", 2),
        ("Proposal: We reject it.\n> Proposal: We accept it.", "We reject it.", 0),
        ("We move it in May.\n\n### Actions\n- Data Engineer will try the restore.", "We move it in May.", 1),
    ],
)  # fmt: skip
def test_a_proposal_of_an_earlier_version_is_without_its_actions(said: str, decided: str, actions: int) -> None:
    """A journal that has a proposal in the speaker's words decides on them alone; its actions stand apart."""
    events, _ = hold(spec_for())
    journal = MemoryJournal()
    for event in events:
        data = dict(event.data)
        if event.key == "1.proposal.solutions_architect":
            data = {name: value for name, value in {**data, "text": said}.items() if name != "entries"}
        if event.key == "1.put":
            data = {name: value for name, value in data.items() if name not in {"choice", "text"}}
        journal.append(event.kind, event.key, data)
    minutes = build(journal.events())
    [topic] = minutes.topics
    turn = next(turn for turn in minutes.turns if turn.phase == "proposal")
    assert topic.decision.text == decided
    assert len([action for action in topic.actions if action.evidence.turn == turn.id]) == actions
