"""What is removed from a model's answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.model.reply_text import Thoughts, read_json, without_thoughts


def in_pieces(text: str, size: int) -> str:
    """What is left of a text that comes in pieces."""
    thoughts = Thoughts()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join([*map(thoughts.answer, pieces), thoughts.rest()])


@given(st.integers(1, 40), st.text(alphabet="ab <>/\n"), st.text(alphabet="ab <\n", min_size=1))
def test_thoughts_in_pieces(size: int, thought: str, answer: str) -> None:
    """However a thinking answer is cut into pieces, its thoughts are left out and its words are not."""
    text = f"<think>{thought}</think>{answer}"
    assert in_pieces(text, size).strip() == answer.strip()


@given(st.integers(1, 9), st.text(alphabet="think<>/ ab"))
def test_words_pass(size: int, text: str) -> None:
    """An answer that does not begin with a thought passes whole, but for white space before it."""
    if not text.lstrip().startswith("<think>"):
        assert in_pieces(text, size) == text.lstrip()


def test_thoughts_without_an_end() -> None:
    """Thoughts that were cut off leave no answer."""
    assert in_pieces("<think>I have to see", 5) == ""


def test_thoughts_without_a_beginning() -> None:
    """Text before a closing tag without an opening tag is a thought."""
    assert without_thoughts("I have to see.\n</think>\n\nYes.") == "Yes."
    assert without_thoughts(" The tags are <think> and </think>. ") == "The tags are <think> and </think>."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"vote": "object"}', {"vote": "object"}),
        ('```json\n{"vote": "object"}\n```', {"vote": "object"}),
        ('Here it is: {"items": [{"turn": "T1"}]} Done.', {"items": [{"turn": "T1"}]}),
        ('{"items": [{"turn": "T1"}, {"tur', None),
        ("no JSON", None),
        ("", None),
    ],
)
def test_read_json(text: str, value: object) -> None:
    """JSON is found within fences and words; a part of a cut answer is not taken for the whole."""
    assert read_json(text) == value


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.integers()), max_size=4))
def test_any_object_is_read(value: dict[str, object]) -> None:
    """Every JSON object is read back, alone and in a sentence."""
    text = json.dumps(value)
    assert read_json(text) == value
    assert read_json(f"My vote: {text}.") == value
