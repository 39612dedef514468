"""Documents: read as UTF-8 text, and cut into passages that can be cited."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document, binary_line, document_from_bytes, passages_of, read_all, read_document
from agents.errors import DocumentError

DESIGN = """# Design

## Contents
- [Risks](#risks)

<!-- Ask the author
before you change this. -->
## Risks
The cache keeps passwords.

```python
# not a heading
```
"""

LINES = st.lists(
    st.sampled_from(["", "# A", "## B", "word " * 40, "one two", "```", "<!-- x -->", "- [a](#a)"]), max_size=30
)


def test_a_passage_knows_its_lines_and_its_heading() -> None:
    """A passage is cited by its lines, and a heading inside a code block is only text."""
    [passage] = Document("design.md", DESIGN).passages()
    assert (passage.where, passage.heading) == ("design.md:9-13", "Risks")
    assert passage.text.startswith("The cache keeps passwords.")
    assert "# not a heading" in passage.text


@given(LINES, st.integers(1, 120))
def test_passages_are_lines_of_the_document(lines: list[str], words: int) -> None:
    """Passages are in order, do not overlap, and contain exactly the lines that they name."""
    document = Document("a.md", "\n".join(lines))
    after = 0
    for passage in document.passages(words):
        assert after < passage.first <= passage.last <= len(lines)
        assert passage.text == "\n".join(lines[passage.first - 1 : passage.last])
        assert passage.text.strip()
        after = passage.last


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"plain text\n", 0),
        (b"one\ntwo\x00\n", 2),
        ("R\u00f6mer".encode("utf-16"), 0),
        (b"a log line with \x1b[31mcolour\x1b[0m and one \x01 mark\n" * 3, 0),
        (b"\x01\x02\x03", 1),
    ],
)
def test_a_binary_file_is_recognised_by_its_bytes(raw: bytes, line: int) -> None:
    """One NUL is enough, other control characters must be frequent, and UTF-16 is text."""
    assert binary_line(raw) == line


def test_line_ends_and_a_bom_do_not_matter() -> None:
    """CRLF, CR and a BOM give the same text as line feeds."""
    texts = {document_from_bytes("a.md", raw).text for raw in (b"a\nb", b"a\r\nb", b"a\rb", b"\xef\xbb\xbfa\nb")}
    assert texts == {"a\nb"}


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [("none.md", None, "There is no file"), ("empty.md", b" \n", "is empty"), ("x.md", b"\xff\xfea", "not UTF-8")],
)
def test_a_file_that_is_not_a_document_is_refused(tmp_path: Path, name: str, content: bytes | None, cause: str) -> None:
    """A missing, empty or undecodable file is an error with a remedy."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError, match=cause) as raised:
        read_document(tmp_path / name)
    assert raised.value.remedy


def test_documents_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Of two attachments with the same name, the second gets a number."""
    file = tmp_path / "a.md"
    file.write_text("from the disk")
    assert [one.name for one in read_all([file, Document("a.md", "given"), str(file)])] == ["a.md", "2-a.md", "3-a.md"]


def test_the_passages_of_several_documents_are_in_order() -> None:
    """The passages of the first document come before those of the second; no document has no passages."""
    first, second = Document("a.md", "# One\n\nText of one."), Document("b.md", "Text of two.")
    found = passages_of([first, second])
    assert found == (*first.passages(), *second.passages())
    assert [passage.document for passage in found] == sorted(passage.document for passage in found)
    assert passages_of([]) == ()
