"""The keys of documents with known flaws, and how findings compare with them."""

from agents.documents import Document
from agents.meeting.known_flaws import Key, compared, content_lines, key_from
from tests.inputs import PROPOSAL

KEY = Key("a.md", (frozenset({3}), frozenset({5, 6})))
TEXT = Document("a.md", "# Title\n\nThe first line.\n|---|\nThe second one.\nThe third one.\nThe last one.\n")


def test_the_key_of_the_bundled_proposal_names_lines_with_words() -> None:
    """Each known flaw of the example stands in lines that the example has, and no two flaws share one."""
    key = key_from(PROPOSAL.with_suffix(".flaws.toml").read_text(encoding="utf-8"))
    document = Document(PROPOSAL.name, PROPOSAL.read_text(encoding="utf-8"))
    assert key.document == document.name
    assert key.lines <= set(content_lines(document))
    assert len(key.lines) == sum(map(len, key.flaws))
    assert 30 <= len(key.flaws) <= 40


def test_content_lines_are_lines_with_words() -> None:
    """Blank lines, headings and the rule of a table are no content."""
    assert content_lines(TEXT) == [3, 5, 6, 7]


def test_findings_are_right_where_they_name_a_flawed_line() -> None:
    """A finding of several lines is right when one of them has a flaw; a flaw counts once however often it is named."""
    found = compared(TEXT, KEY, [[5], [7], [6, 7]])
    assert (found.findings, found.right, found.flaws_found) == (3, 2, 1)
    assert (found.lines, found.flawed, found.flaws, found.chance) == (4, 3, 2, 0.75)


def test_only_the_first_ten_findings_are_the_first() -> None:
    """What comes after the tenth finding changes the number of right ones, not the precision of the first."""
    found = compared(TEXT, KEY, [[3]] * 5 + [[7]] * 5 + [[5]] * 10)
    assert (found.first, found.first_right, found.right, found.precision) == (10, 5, 15, 0.5)


def test_nothing_found_is_nothing_right() -> None:
    """A model that finds nothing has no right finding, and the chance of the document is still known."""
    found = compared(TEXT, KEY, [])
    assert (found.findings, found.first, found.precision, found.chance) == (0, 0, 0.0, 0.75)
