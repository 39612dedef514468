"""Answers in fields: schemas, entries, and what is shown while an answer arrives."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting.fields import (
    MOST_LETTERS,
    MOST_LISTED,
    FieldsAsText,
    as_text,
    asked,
    cut_entries,
    entries_in,
    entries_of,
    key_of,
    schema_of,
    whole_sentences,
)
from agents.meeting.record import Entry
from agents.model import Wanted

RISK = Wanted("Risk", "one risk", fields={"impact": ("high", "medium", "low")})
WELL = Wanted("Went well", "one thing to keep")
CAUSE = Wanted("Cause", "one condition", many=True)
POSITION = Wanted("Position", "where you stand", values=("for", "for with conditions", "against"))
ACTION = Wanted("Action", "what is to be done", owners=("Data Engineer", "QA Engineer"))
MOVE = Wanted("Move", "why", moves=("T1", "T3"))
WANTS = (RISK, WELL, CAUSE, POSITION, ACTION)

words = st.text("abc XYZ\"\\{},'é漢\n", min_size=1, max_size=40)
answers = st.fixed_dictionaries(
    {
        "risk": st.none() | st.fixed_dictionaries({"text": words, "impact": st.sampled_from(["high", "low"])}),
        "went_well": st.none() | words,
        "cause": st.lists(words, max_size=MOST_LISTED),
        "position": st.sampled_from(POSITION.values),
        "action": st.none() | st.fixed_dictionaries({"who": st.sampled_from(ACTION.owners), "task": words}),
    }
)


def dumped(answer: dict[str, Any]) -> str:
    """An answer as a server that enforces the schema writes it, with the fields in order."""
    inner = {"action": ("who", "task"), "risk": ("text", "impact")}
    in_order = {
        name: {part: answer[name][part] for part in inner[name]} if name in inner and answer[name] else answer[name]
        for name in schema_of(WANTS)["properties"]
    }
    return json.dumps(in_order, ensure_ascii=False)


def test_a_schema_has_the_fields_in_the_order_of_the_lines() -> None:
    """Fields are named after the labels, all are required, and nothing else is allowed."""
    schema = schema_of(WANTS)
    assert list(schema["properties"]) == schema["required"] == ["risk", "went_well", "cause", "position", "action"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["position"]["enum"] == list(POSITION.values)


@settings(deadline=None)
@given(answers)
def test_each_answer_of_the_schema_is_read(answer: dict[str, Any]) -> None:
    """Any answer that the schema allows is read without an error, in the order of the lines."""
    found = entries_of(json.loads(json.dumps(answer)), WANTS)
    labels = [want.label for want in WANTS]
    places = [labels.index(entry.label) for entry in found]
    assert places == sorted(places)
    assert all(entry.text and "\n" not in entry.text for entry in found)


@settings(deadline=None)
@given(answers, st.lists(st.integers(1, 30), max_size=60))
def test_what_is_shown_meanwhile_is_the_beginning_of_the_answer(answer: dict[str, Any], sizes: list[int]) -> None:
    """However an answer is cut into pieces, the text that was shown is a beginning of the turn's text."""
    raw, live, shown = dumped(answer), FieldsAsText(WANTS), ""
    while raw:
        size = sizes.pop() if sizes else len(raw)
        piece, raw = raw[:size], raw[size:]
        shown += live.add(piece)
    whole = as_text(entries_of(answer, WANTS))
    assert whole.startswith(shown) or whole == "PASS"


def test_other_text_than_json_is_shown_as_it_is() -> None:
    """Where a server enforces no schema, the pieces pass unchanged."""
    live = FieldsAsText(WANTS)
    assert live.add("Risk: ") + live.add("it {breaks}") == "Risk: it {breaks}"


def test_values_are_read_in_any_letter_case_and_others_are_left_out() -> None:
    """A value that the line does not allow is no value."""
    said = {"Risk": {"text": "It breaks.", "impact": "HIGH"}, "position": "FOR", "cause": ["A.", 7, None], "action": 3}
    assert entries_of(said, WANTS) == (
        Entry("Risk", "It breaks.", {"impact": "high"}),
        Entry("Cause", "A."),
        Entry("Position", "for"),
    )
    assert entries_of({"risk": {"text": "It breaks.", "impact": "huge"}}, WANTS) == (Entry("Risk", "It breaks."),)


@pytest.mark.parametrize("nothing", [None, "", "none", "N/A", "  ", [], {}])
def test_what_means_nothing_is_no_entry(nothing: object) -> None:
    """Null, empty texts and words for "nothing" give no entry."""
    assert entries_of({"risk": nothing, "went_well": nothing, "cause": nothing, "action": nothing}, WANTS) == ()


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("Rotate the keys.", "Data Engineer will rotate the keys."),
        ("will rotate the keys", "Data Engineer will rotate the keys"),
        ("The Data Engineer should rotate the keys", "Data Engineer will rotate the keys"),
        ("We need to rotate the keys", "Data Engineer will rotate the keys"),
        ("TLS is switched on", "TLS is switched on (owner: Data Engineer)"),
        ("Rotating the keys", "Rotating the keys (owner: Data Engineer)"),
        ("The keys are rotated", "The keys are rotated (owner: Data Engineer)"),
    ],
)
def test_a_task_becomes_one_sentence_with_its_owner(task: str, sentence: str) -> None:
    """The owner stands once, in a form from which it is read again."""
    assert entries_of({"action": {"who": "Data Engineer", "task": task}}, [ACTION])[0].text == sentence


def test_a_task_of_nobody_has_no_owner() -> None:
    """A task that nobody has taken on is only the task."""
    answer = {"action": {"who": "nobody yet", "task": "Rotate the keys."}}
    assert entries_of(answer, [ACTION]) == (Entry("Action", "Rotate the keys."),)


def test_only_the_label_of_the_field_itself_is_taken_off() -> None:
    """A model that writes the label again loses it; another word before a colon is a part of what it says."""
    said = {"went_well": "Went well: Redis: it was seen early."}
    assert entries_of(said, [WELL]) == (Entry("Went well", "Redis: it was seen early."),)
    assert entries_of({"risk": "Redis: one server holds all."}, [RISK]) == (
        Entry("Risk", "Redis: one server holds all."),
    )


def test_a_move_names_the_statement_and_quotes_it() -> None:
    """A move becomes one sentence; a pass, or a statement that may not be answered, becomes none."""
    move = {"statement": "T3", "words": "it breaks", "move": "revise", "why": "I had not seen that."}
    assert entries_of({"move": move}, [MOVE]) == (Entry("Revise", 'T3 says "it breaks": I had not seen that.'),)
    assert entries_of({"move": {**move, "move": "pass"}}, [MOVE]) == ()
    assert entries_of({"move": {**move, "statement": "T9"}}, [MOVE]) == ()


def test_a_cut_answer_keeps_its_whole_sentences() -> None:
    """Of an answer that stopped in the middle, complete fields and whole sentences are kept."""
    text = '{"risk": {"text": "It breaks.", "impact": "high"}, "went_well": "It was seen. Then somebo'
    assert cut_entries(text, WANTS) == (
        Entry("Risk", "It breaks.", {"impact": "high"}),
        Entry("Went well", "It was seen."),
    )
    assert cut_entries('{"risk": {"text": "It brea', WANTS) == ()
    assert cut_entries("no JSON", WANTS) == ()


@settings(deadline=None)
@given(answers, st.integers(0, 400))
def test_a_cut_answer_has_no_words_that_the_whole_one_has_not(answer: dict[str, Any], at: int) -> None:
    """However short an answer is cut, each entry that is left stands in the whole answer or begins one of its entries."""
    whole = entries_of(answer, WANTS)
    for entry in cut_entries(dumped(answer)[:at], WANTS):
        assert any(other.label == entry.label and other.text.startswith(entry.text) for other in whole)


def test_a_text_at_the_longest_length_ends_at_a_sentence_or_a_word() -> None:
    """A server stops at the longest length within a word; the reader does not see half words."""
    sentence = "It breaks at nights. " * 20
    assert whole_sentences(sentence[:MOST_LETTERS]).endswith("nights.")
    assert whole_sentences(("word" * 3 + " ") * 30).removesuffix(" ...").endswith("word")
    assert whole_sentences("short and without an end") == "short and without an end"
    assert whole_sentences(sentence) == whole_sentences(sentence[:MOST_LETTERS])


def test_labelled_lines_are_entries_where_there_is_nothing_else() -> None:
    """An answer in labelled lines has entries; with other lines it stays as it is."""
    assert entries_in("Risk: It breaks.\n**Went well:** none\n", WANTS) == (Entry("Risk", "It breaks."),)
    assert entries_in("Risk: It breaks.\nThat is all.", WANTS) is None


def test_the_request_names_each_field_and_its_values() -> None:
    """Ollama does not put the schema into the prompt, so the words of the question name the fields."""
    text = asked(WANTS)
    assert all(f'"{key_of(want.label)}": ' in text for want in WANTS)
    assert '"high" or "medium" or "low"' in text
    assert '"for" or "for with conditions" or "against"' in text


@pytest.mark.parametrize("said", ["2", "30 %", "-", "null", "None.", ""])
def test_a_field_with_a_number_alone_says_nothing(said: str) -> None:
    """A number without a word, and what means nothing, are no entries; a number with a word is one."""
    number = Wanted("Number", "one number of cost or load")
    assert entries_of({"number": said}, (number,)) == ()
    assert entries_in(f"Number: {said}", (number,)) in {(), None}
    assert entries_of({"number": "30 s"}, (number,)) == (Entry("Number", "30 s"),)
