"""The three Markdown formats: no text becomes a heading, a link, HTML or emphasis."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agents.export.adr import to_adr
from agents.export.markdown import escape, to_markdown
from agents.export.text import cost_line, printable, verified_line
from agents.export.transcript import to_transcript
from agents.meeting.checklist import CHECKLIST
from agents.meeting.finding import READ, Finding, Reason
from agents.meeting.record import Minutes
from agents.text import one_line
from tests.export.hostile import harmless, hostile_lists, hostile_words, minutes_of, patient
from tests.export.meetings import rich_minutes

WRITERS: list[Callable[[Minutes], str]] = [to_markdown, to_adr, to_transcript]
WORDS = {"text", "softbreak", "hardbreak"}

Shape = list[tuple[str, str]]


def tokens(text: str) -> list[Token]:
    """The tokens of a Markdown text, as CommonMark with tables and strike-through."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape(text: str) -> Shape:
    """The structure of a Markdown text, without its words."""
    return list(_shape(tokens(text)))


def _shape(found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for token in found:
        if token.children is not None:
            yield from _shape(token.children)
        elif token.type not in WORDS:
            yield token.type, token.tag


def read(text: str) -> str:
    """The words that a reader of the rendered Markdown sees."""
    children = [child for token in tokens(text) for child in token.children or ()]
    return one_line(" ".join(" " if child.type in {"softbreak", "hardbreak"} else child.content for child in children))


@pytest.mark.parametrize("write", WRITERS)
@patient
@given(words=hostile_lists)
def test_no_words_become_markdown(write: Callable[[Minutes], str], words: list[str]) -> None:
    """With any text, the headings, lists, tables and quotations are the same as with harmless words."""
    assert shape(write(minutes_of(words))) == shape(write(minutes_of(harmless(words))))


@pytest.mark.parametrize("write", [to_adr, to_transcript])
@patient
@given(words=hostile_words)
def test_no_words_are_lost(write: Callable[[Minutes], str], words: str) -> None:
    """The text of the decision, or of a turn, can be read as it was said."""
    assert one_line(words) in read(write(minutes_of([words])))


@pytest.mark.parametrize("write", WRITERS)
def test_unverified_entries_are_counted_in_the_footer(write: Callable[[Minutes], str]) -> None:
    """The last lines count verified and unverified entries."""
    minutes = rich_minutes()
    said = "16 of 25 entries match the transcript word for word: they were said, which does not make them true; 9 are shown as said."
    assert f"{said} None of them quotes a document." in write(minutes)


@pytest.mark.parametrize(
    ("lines", "as_said", "words"),
    [
        (0, 0, "true; no entry is shown as said."),
        (1, 1, "true; 1 is a line of a document; 1 is shown as said."),
        (2, 2, "true; 2 are lines of the documents; 2 are shown as said."),
    ],
)
def test_the_footer_counts_one_and_none_in_words_of_their_own(lines: int, as_said: int, words: str) -> None:
    """The line that says what was checked is a sentence for each number."""
    minutes = rich_minutes()
    assert words in verified_line(replace(minutes, checks=replace(minutes.checks, lines=lines, as_said=as_said)))


@pytest.mark.parametrize(
    ("lines", "places", "words"),
    [
        (0, 0, "None of them quotes a document."),
        (2, 0, "None of the others quotes a document."),
        (0, 1, "None of them quotes a document; 1 place to look at is shown in the words of the documents."),
        (0, 2, "None of them quotes a document; 2 places to look at are shown in the words of the documents."),
    ],
)
def test_the_footer_does_not_deny_the_words_of_documents(lines: int, places: int, words: str) -> None:
    """Entries that are lines of documents, and places in documents, have their words, and the footer says so."""
    minutes = rich_minutes()
    reason = Reason("qa_engineer", READ, "it breaks")
    found = [Finding("design.md", n, n, "One server", "high", (reason,)) for n in range(1, places + 1)]
    opinion = Finding("", 0, 0, "", "low", (reason,))
    topic = replace(minutes.topics[0], findings=(*found, opinion))
    checks = replace(minutes.checks, lines=lines)
    assert verified_line(replace(minutes, topics=(topic,), checks=checks)).endswith(words)


def test_each_topic_with_a_proposal_has_a_decision_record() -> None:
    """Accepted and rejected proposals each have a record with the usual sections; a topic without a proposal has none."""
    found = tokens(to_adr(rich_minutes()))
    headings = [(token.tag, found[n + 1].content) for n, token in enumerate(found) if token.type == "heading_open"]
    parts = ["Context", "Decision", "Options considered", "Consequences", "Actions", "Dissent and concerns"]
    assert [text[:2] for level, text in headings if level == "h1"] == ["1.", "2."]
    assert [text for level, text in headings if level == "h2"] == [
        *parts,
        "Open questions",
        "Since then",
        "Sources",
        *parts,
        "Since then",
        "Sources",
    ]


def test_a_decision_record_shows_unverified_entries_and_dissent() -> None:
    """Unverified entries are marked, every objection and concern is included, and each source is a turn."""
    minutes = rich_minutes()
    text = to_adr(minutes)
    assert text.count("*as said; ") == 4
    for one in (*minutes.topics[0].dissent, *minutes.topics[1].dissent):
        assert one_line(one.reason) in read(text)
    assert "- Status: accepted\n" in text
    assert "- Status: rejected\n" in text
    assert "T9: Solutions Architect, proposal" in text
    assert "will pay" not in text


def test_a_decision_record_knows_the_options_of_every_type() -> None:
    """What a type calls a choice is an option, and a type that asks for none is not said to have got none."""
    minutes = rich_minutes()
    topic = minutes.topics[0]
    option = next(one for one in topic.items if one.label == "Option")
    others = tuple(one for one in topic.items if one.label not in {"Option", "Idea"})
    lines = tuple(one for one in minutes.lines if one.label != "Option")
    none = "## Options considered\nMeetings of this type do not ask for options.\n"
    for items, expected in (
        ((*others, replace(option, label="Choice")), f'## Options considered\n- "{escape(option.text)}"'),
        (others, none),
    ):
        changed = replace(minutes, lines=lines, topics=(replace(topic, items=items),))
        assert expected in to_adr(changed)


def test_a_meeting_without_a_proposal_says_so() -> None:
    """Without a proposal the file says that nothing was put to the vote."""
    minutes = rich_minutes()
    from dataclasses import replace

    assert to_adr(replace(minutes, topics=minutes.topics[2:])).startswith("No proposal was put to the vote")


def test_the_transcript_has_every_turn_ballot_and_absence_in_order() -> None:
    """All turns are under their phases in order, with the dropped one marked, then the ballots, and each absence with its cause."""
    minutes = rich_minutes()
    text = to_transcript(minutes)
    places = [text.index(f"**{turn.id}** ") for turn in minutes.turns]
    assert places == sorted(places)
    words = read(text)
    for turn in minutes.turns:
        assert all(one_line(line) in words for line in turn.text.split("\n"))
    assert "**T11** Backend Developer, for (not passed on: repeats T10)" in text
    for topic in minutes.topics:
        for ballot in topic.ballots:
            assert one_line(ballot.reason) in words
    assert text.count("\nNo answer from ") == len(minutes.absent)
    assert text.index("### Replies") < text.index("### Votes") < text.index("## 2. ")


@patient
@given(hostile_words)
def test_what_is_not_text_never_reaches_a_reader(words: str) -> None:
    """Control characters, direction overrides and half surrogates are removed, and the rest can be written."""
    left = printable(words)
    left.encode("utf-8")
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\ufeff", "\r"} & set(left)
    assert all(char.isprintable() or char in "\n\u200c\u200d" or char.isspace() or ord(char) > 0x7F for char in left)


@pytest.mark.parametrize(
    ("model", "asked"),
    [("rehearsal, no model", False), ("rehearsal, no model; cto: ollama:qwen3:8b", True), ("rehearsals:1b", True)],
)
def test_the_footer_names_the_model_that_was_asked(model: str, asked: bool) -> None:
    """The minutes say that no language model was asked only if every answer was given by rule."""
    assert ("no language model was asked" not in cost_line(replace(rich_minutes(), model=model))) == asked


def test_a_checklist_without_documents_names_none() -> None:
    """Its entries come from the lists of the roles alone, and the footer does not speak of lines of a document."""
    checklist = replace(rich_minutes(), artefact=CHECKLIST)
    assert "a line of a document" in verified_line(replace(checklist, documents=("design.md",)))
    assert "a line of a document" not in verified_line(replace(checklist, documents=()))
