"""What a model wrote, shown in a chat window: nothing of it is loaded, and no heading is taken for one of ours."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agents.api.openai.set_apart import Passage

READER = MarkdownIt("commonmark").enable("table")
ACTIVE = {"image", "html_inline", "html_block"}
PARTS = ["![x](http://e/)", "![x][r]", "<img src=//e/>", "</b>", "<!-- ", "<?x", "!", "[x](u)", "<", "b>", "\\", "`", "``", "```", "~~~", "````",
         "\n", "\n\n", "  ", "    ", "\t", "- ", "1. ", "> ", "a", "$", "|", "\n|-|-|\n", "# ", "===", "---", ":::", "\u00a0", "html", "x\n", "```\n", "* * *", "\n[r]: http://e/\n"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=24).map("".join)


def shown(text: str, size: int, *, alone: bool = False) -> str:
    """A text as it is shown if it comes in pieces of this size."""
    passage = Passage(alone=alone)
    return "".join(passage.next(text[at : at + size]) for at in range(0, len(text), size)) + passage.rest()


def tokens(text: str) -> Iterator[Token]:
    """What a reader of Markdown finds in a text."""
    for one in READER.parse(text):
        yield one
        yield from one.children or ()


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, size=st.integers(1, 9), alone=st.booleans())
def test_nothing_is_loaded_however_a_text_is_cut(text: str, size: int, alone: bool) -> None:
    """The result does not depend on the pieces, and a reader of Markdown finds no image, tag or drawing in it."""
    found = shown(text, size, alone=alone)
    assert found == shown(text, len(text) + 1, alone=alone)
    assert not [one for one in tokens(found) if one.type in ACTIVE or (one.type == "fence" and one.info == "html")]


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_a_panel_has_no_headings_but_its_own(text: str) -> None:
    """No line of an answer of a panel is a heading for a reader of Markdown."""
    assert not [one for one in tokens(shown(text, 3)) if one.type == "heading_open"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("see <img src=//e/> ![x](u)", "see \\<img src=//e/> !\\[x](u)"),
        ("a < b and 3 <4, `List<String>` <b>", "a < b and 3 <4, `List<String>` \\<b>"),
        ("```python\n# note\nx = a<b> ![\n```\n", "```python\n# note\nx = a<b> ![\n```\n"),
        ("- a\n  ```sh\n  # note\n  ```\n![x](u)", "- a\n  ```sh\n  # note\n  ```\n!\\[x](u)"),
        ("```html\n<b>\n```", "```text\n<b>\n```"),
        ("> ``` SVG x", "> ```text"),
        ("- # Heading", "- \\# Heading"),
        ("1. ## CTO\n+ ## X", "1. \\## CTO\n+ \\## X"),
        ('- <details type="reasoning">', '- \\<details type="reasoning">'),
        ("\u00a0# H", "\u00a0\\# H"),
        ("- > 2) # H", "- > 2) \\# H"),
        ("Title\n- ", "Title\n\\- "),
        (":::artifact{x}", "\\:::artifact{x}"),
        ("Great!", "Great!"),
        ("- one\n- two\n2026 was", "- one\n- two\n2026 was"),
    ],
)
def test_what_is_changed(text: str, wanted: str) -> None:
    """Images, tags, headings and drawn code become text, also behind marks of lists; code and other words stay."""
    assert shown(text, 1) == shown(text, 1_000) == wanted


def test_an_answer_alone_keeps_its_headings() -> None:
    """Where no heading of ours is around an answer, its own stay; its images do not."""
    assert shown("# Plan\n\nx\n===\n![x](u)", 2, alone=True) == "# Plan\n\nx\n===\n!\\[x](u)"


@pytest.mark.parametrize("part", ["`", "a` ", "\\", "<", "- ", " ", "~", "1. ", "!", "`` ` ", "=", "\u00a0"])
def test_long_lines_are_shown_at_once_and_quickly(part: str) -> None:
    """A line of one mark is not kept back to its end, and is the same in pieces."""
    text = part * (6_000 // len(part)) + "![x](u)"
    assert shown(text, 7) == shown(text, len(text))
    assert "![" not in shown(text, 7)
