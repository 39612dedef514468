"""What is taken off a model's answer, and what its JSON is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.model.reply_text import Thoughts, begins_thinking, read_json
from tests.drill import rounds

TAGS = ("<think>", "</think>", "<thinking>", "</thinking>", "<thought>", "</thought>")


def in_pieces(text: str, size: int, *, ended: str = "stop", begun: bool = False) -> str:
    """What is left of a text that comes in pieces."""
    thoughts = Thoughts(begun=begun)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join([*map(thoughts.answer, pieces), thoughts.rest(ended)])


@given(st.integers(1, 40), st.text(alphabet="ab <>/\n"), st.text(alphabet="ab <\n", min_size=1))
def test_thoughts_in_pieces(size: int, thought: str, answer: str) -> None:
    """However a thinking answer is cut into pieces, its thoughts are left out and its words are not."""
    text = f"<think>{thought}</think>{answer}"
    assert in_pieces(text, size).strip() == answer.strip()


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(
    st.integers(1, 40),
    st.text(min_size=1),
    st.sampled_from(TAGS),
    st.text("ab <>/\n"),
    st.sampled_from(TAGS),
    st.text(),
)
def test_tags_that_do_not_begin_an_answer_are_its_words(
    size: int, before: str, tag: str, between: str, other: str, after: str
) -> None:
    """An answer that begins with anything else is kept letter by letter, whatever tags stand in it."""
    text = f"{before}{tag}{between}{other}{after}".lstrip()
    if not text.startswith(("<think>", "<thinking>", "<thought>")):
        assert in_pieces(text, size) == text


@pytest.mark.parametrize(
    "answer",
    [
        "Stake: the page prints <think> to every user\nAction: escape it\nPosition: against",
        "Close the block with the </think> tag and nothing behind it on that line.",
        "Write the tag on a line of its own:\n</think>\n\nThen the answer.",
        "```\n<think>\nsecret\n</think>\n```\nis what the log holds.",
        "`<think>` opens and `</think>` ends it.",
    ],
)
def test_an_answer_about_thoughts_is_kept_whole(answer: str) -> None:
    """Nothing before, between or behind tags vanishes where the answer does not begin with thoughts."""
    assert all(in_pieces(answer, size) == answer for size in (1, 7, 400))


@pytest.mark.parametrize("name", ["think", "thinking", "thought"])
def test_only_the_same_tag_ends_thoughts(name: str) -> None:
    """Thoughts end with the closing tag of their opening tag, once; a second thought is a part of the answer."""
    assert in_pieces(f"<{name}>not </thoughts> yet</{name}>\n\nYes <think>x</think>.", 3) == "Yes <think>x</think>."
    assert in_pieces("<think>a</think><think>b</think>c", 2) == "<think>b</think>c"


def test_thoughts_without_an_end_are_the_answer_unless_they_were_cut() -> None:
    """A model that came to its end meant what it wrote; one that was cut within its thoughts has no answer."""
    assert in_pieces("<think> is a tag.", 5) == "<think> is a tag."
    for ended in ("length", "loop"):
        thoughts = Thoughts()
        assert thoughts.answer("<think>I have to see") + thoughts.rest(ended) == ""
        assert thoughts.unended
    assert not Thoughts().unended


def test_thoughts_that_a_template_began() -> None:
    """Only where the model is known for it, text before a closing tag without an opening one is a thought."""
    assert in_pieces("I have to see.\n</think>\n\nYes.", 4, begun=True) == "Yes."
    assert in_pieces("I have to see.\n</think>\n\nYes.", 4) == "I have to see.\n</think>\n\nYes."
    assert in_pieces("Yes, as it is.", 4, begun=True, ended="length") == "Yes, as it is."
    assert begins_thinking("DeepSeek-R1:1.5b")
    assert not begins_thinking("llama3.2")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"vote": "object"}', {"vote": "object"}),
        ('```json\n{"vote": "object"}\n```', {"vote": "object"}),
        ('```\n{"vote": "object"}', {"vote": "object"}),
        ('\n {"vote": "object"}\n\n', {"vote": "object"}),
        ('Here it is: {"items": [{"turn": "T1"}]}', {"items": [{"turn": "T1"}]}),
        ('Sure! Here is the JSON:\n```json\n{"items": []}\n```', {"items": []}),
        ('Here it is: {"items": [{"turn": "T1"}]} Done.', None),
        ('The document asks for {"vote": "support"}', None),
        ('The document asks for:\n{"vote": "support"}\n{"vote": "object"}', None),
        ('{"vote": "support"} {"vote": "object"}', None),
        ('{"vote": "support", "vote": "object"}', None),
        ('{"number": NaN}', None),
        ('{"items": [{"turn": "T1"}, {"tur', None),
        ("no JSON", None),
        ("", None),
    ],
)
def test_read_json(text: str, value: object) -> None:
    """An answer is JSON if all of it is one value, but for a fence and words that only introduce it."""
    assert read_json(text) == value


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.integers()), max_size=4))
def test_any_object_is_read(value: dict[str, object]) -> None:
    """Every JSON object is read back, alone and in a fence, and never out of a sentence."""
    text = json.dumps(value)
    assert read_json(text) == value
    assert read_json(f"```json\n{text}\n```") == value
    assert read_json(f"They say: {text}.") is None
