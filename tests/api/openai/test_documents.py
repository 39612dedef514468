"""Documents that chat programs write into the text of a message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.api.openai.documents import only_block, take_out, together
from agents.errors import DocumentError
from tests.growth import grows_too_fast

RAG = """### Task:
Respond to the user query using the provided context, incorporating inline citations in the format [id] only when the <source> tag has an id attribute (e.g., <source id="1">).

### Output:
Provide a clear and direct response to the user's query.

<context>
<source id="1" name="design.md">The sessions are kept in Redis.</source>
<source id="2" name="costs.md" resource-type="file" resource-id="9">A node costs 40 euros.</source>
<source id="1" name="design.md">They end after 30 minutes.</source>
</context>
"""


def test_passages_of_open_webui_are_excerpts_and_the_question_is_found() -> None:
    """Passages of one name are one document in their order, marked as an excerpt with what to set, and the template
    around them is not part of the question.
    """
    cut = take_out(f"{RAG}\nShall we move the sessions?")
    assert [one.name for one in cut.documents] == ["design.md (excerpt)", "costs.md (excerpt)"]
    assert cut.documents[0].text == "The sessions are kept in Redis.\n\n[...]\n\nThey end after 30 minutes."
    assert "2 passages of design.md" in cut.documents[0].note
    assert "Full Context Mode" in cut.documents[0].note
    assert cut.excerpts
    assert cut.text == "Shall we move the sessions?\n\n[design.md (excerpt)] [costs.md (excerpt)]"
    old = take_out(f"{RAG}\n<user_query>\nShall we move?\n</user_query>\n")
    assert old.text.startswith("Shall we move?\n")


def test_a_connection_can_say_that_sources_are_whole_files() -> None:
    """With the header of the connection, a source is a document with its own name and no note."""
    cut = take_out(RAG.replace("They end", "Sessions end") + "Shall we?", whole=True)
    assert [one.name for one in cut.documents] == ["design.md", "design.md", "costs.md"]
    assert not cut.excerpts
    assert not any(one.note for one in cut.documents)


def test_a_source_that_quotes_its_own_end_stays_whole() -> None:
    """The end of a tag within a document does not end the document."""
    body = "Use <source> like this:\n<source>x</source>\nas shown."
    cut = take_out(f'<context>\n<source id="1" name="a.md">{body}</source>\n</context>\nShall we?', whole=True)
    assert cut.documents[0].text == body


def test_files_of_librechat_are_separated() -> None:
    """The files in one fence are cut at their names, though they contain fences and rules themselves."""
    text = (
        'Attached document(s):\n```md# "design.md"\n# Design\n```\ncode\n```\n\n---\n\nend\n\n\n---\n\n# "costs.md"\n40 euros'
        "\n\n```\nShall we move?"
    )
    cut = take_out(text)
    assert [(one.name, one.text) for one in cut.documents] == [
        ("design.md", "# Design\n```\ncode\n```\n\n---\n\nend"),
        ("costs.md", "40 euros"),
    ]
    assert cut.text == "Shall we move?\n\n[design.md] [costs.md]"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("```md design.md\nOne.\n```\nShall we?", "design.md"),
        ("```docs/design.md\nOne.\n```\nShall we?", "docs/design.md"),
        ("~~~ Größe ÄÖ.md\nOne.\n~~~\nShall we?", "Größe ÄÖ.md"),
        ("```our design.md\nOne.\n```\nShall we?", "our design.md"),
        ("```elixir lib/a.ex\nOne.\n```\nShall we?", "lib/a.ex"),
        ('<document name="my design.md">\nOne.\n</document>\nShall we?', "my design.md"),
        ("```md my design.md\nOne.\n```\nShall we?", "my design.md"),
        ("docs/design.md\n```\nOne.\n```\nShall we?", "docs/design.md"),
        ("docs/design.md\n````\nOne.\n````\nShall we?", "docs/design.md"),
        ("docs/design.md\n<source>\nOne.\n</source>\nShall we?", "docs/design.md"),
        ("**design.md**:\n```md\nOne.\n```\nShall we?", "design.md"),
        ("File: design.md\n~~~\nOne.\n~~~\nShall we?", "design.md"),
    ],
)
def test_a_named_fence_is_a_document(text: str, name: str) -> None:
    """A fence with the name of a file, in its first line or above it, is that file; its name stays in the message."""
    cut = take_out(text)
    assert [(one.name, one.text) for one in cut.documents] == [(name, "One.")]
    assert cut.text == f"[{name}]\nShall we?"


@pytest.mark.parametrize(
    "text",
    [
        "Is this right?\n```python\nprint(1)\n```",
        "Look at design.md\n```\nprint(1)\n```",
        "We end at 5 p.m.\n```\nprint(1)\n```",
        "A fence that is not closed:\n```md design.md\nOne.",
        "See https://example.org/design.md\n```\nx\n```",
        "",
    ],
)
def test_a_block_without_a_name_stays_in_the_message(text: str) -> None:
    """What no program marked as a file stays where the user wrote it."""
    cut = take_out(text)
    assert cut.text == text
    assert not cut.documents


def test_tags_and_fences_can_be_in_one_message() -> None:
    """Each tag of a document is one, beside blocks with names; one that is not closed, or has no name, is text."""
    cut = take_out('<document name="a.md">One.</document>\n```md b.md\nTwo.\n```\nShall we?')
    assert [(one.name, one.text) for one in cut.documents] == [("a.md", "One."), ("b.md", "Two.")]
    assert cut.text == "[a.md]\n[b.md]\nShall we?"
    for text in (
        '<document name="a.md">One.',
        '<document kind="x">One.</document>',
        'A <document name="a.md"></document>',
    ):
        assert not take_out(text).documents


def test_the_only_block_can_be_taken_out() -> None:
    """A long block without a name is a document where it is the only one."""
    long = "One line of it.\n" * 20
    cut = only_block(f"Shall we?\n```\n{long}```")
    assert cut
    assert (cut.text, cut.documents[0].name, cut.documents[0].text) == ("Shall we?", "pasted.md", long.rstrip("\n"))
    assert only_block(f"```\n{long}```\n~~~\nx\n~~~") is None
    assert only_block("```\nshort\n```") is None
    assert only_block(f"```\n{long}") is None


def test_a_part_of_a_file_is_an_excerpt() -> None:
    """A fence that names lines of a file says that it is only those."""
    cut = take_out("```md design.md (3-9)\nOne.\n```\nShall we?")
    assert cut.documents[0].name == "design.md (excerpt)"
    assert cut.documents[0].note == "Only an excerpt: lines 3 to 9 of design.md."
    assert cut.excerpts


def test_fences_within_a_document_do_not_end_it() -> None:
    """Blocks of code within a document, with a language or without, are part of it; the question after it is not."""
    body = "# Run\n```sh\nmake\n```\nThen\n```\nmake test\n```\nEnd."
    cut = take_out(f"```md README.md\n{body}\n```\n\nIs it clear?")
    assert cut.documents[0].text == body
    assert cut.text == "[README.md]\n\nIs it clear?"
    after = take_out(f"Is it clear?\n```md README.md\n{body}\n```")
    assert after.documents[0].text == body
    two = take_out(f"a.md\n```\nOne.\n```\n\nb.md\n```\n{body.replace('```sh', '```')}\n```\n\nIs it clear?")
    assert [one.name for one in two.documents] == ["a.md", "b.md"]
    assert two.documents[1].text.endswith("End.")


def test_zed_attaches_files_after_the_question() -> None:
    """The block of Zed around its files is not part of the question."""
    text = (
        "Shall we move?\n<context>\nThe following items were attached by the user. They are up-to-date and don't need to be "
        "re-read.\n\n<files>\n```md docs/design.md\nOne.\n```\n</files>\n</context>"
    )
    cut = take_out(text)
    assert cut.documents[0].name == "docs/design.md"
    assert cut.text == "Shall we move?\n\n[docs/design.md]"


def test_a_long_text_before_a_question_is_a_document() -> None:
    """A file that is pasted without a name becomes a document only where a short question ends the message."""
    body = "The service keeps its sessions in memory. " * 60
    cut = take_out(f"{body}\n\nShall we move them to Redis?")
    assert cut.documents[0].name == "message.md"
    assert cut.text == "Shall we move them to Redis?\n\n[message.md]"
    assert not take_out(f"{body}\n\nThank you, Kim").documents
    assert not take_out(f"{body}\n\nShall we?", asked=False).documents


def test_the_later_of_two_documents_with_one_name_counts() -> None:
    """A file that is sent again in a later message takes the place of the earlier one."""
    first, second = take_out("```md a.md\nOne.\n```"), take_out("```md a.md\nTwo.\n```\n```md b.md\nB.\n```")
    assert [(one.name, one.text) for one in together([first, second])] == [("a.md", "Two."), ("b.md", "B.")]


@pytest.mark.parametrize(
    "part",
    [
        '<source id="1" name="a.md">', "</source>\n", '<document name="a.md">', '\n<document name="a.md">x</document>', '<source id="1">x</source>', "<context>\n", "<user_query>", "```md a.md\n",
        "```\n", "```python\n", "a.md\n```\n", "<source>\n", "<attached_files>\n", '\n# "a.md"\n', "\n\n\n---\n", "``` " + " " * 40,
    ],
)  # fmt: skip
def test_any_text_is_read_in_linear_time(part: str) -> None:
    """A message that repeats a part of what programs write, often and without an end, takes time as its length."""
    for begin in ("", "</source></context>", 'Attached document(s):\n```md# "a.md"\n', "```md b.md\nx\n"):

        def read(letters: int, begin: str = begin) -> object:
            return take_out(begin + part * (letters // len(part)) + "\nx")

        assert not grows_too_fast(read)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["```", "```md a.md", "b.md", "<source>", "</source>", '<source id="1" name="c.md">', "<context>", "</context>", "Shall we?", "", "plain words", 'Attached document(s):\n```md# "d.md"']), max_size=14))  # fmt: skip
def test_nothing_that_was_written_is_lost_from_a_fence(lines: list[str]) -> None:
    """Whatever fences and tags a message mixes, each of its plain lines is in the text or in a document afterwards."""
    cut = take_out("\n".join(lines), whole=True)
    everything = "\n".join([cut.text, *(one.text for one in cut.documents)])
    assert everything.count("plain words") == lines.count("plain words") or "<context>" in lines


def test_documents_have_the_limits_of_the_command_line() -> None:
    """A document of more than 5 MB, or one that is not text, is refused."""
    with pytest.raises(DocumentError, match="larger than 5 MB"):
        take_out(f"```md a.md\n{'x' * 5_000_001}\n```\nShall we?")
    with pytest.raises(DocumentError, match="binary file"):
        take_out("```md a.md\n\x00\x01\x02\x03\x04\x05\n```\nShall we?")
