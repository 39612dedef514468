"""Documents: read with the same limits whichever way they come in, decoded and cleaned."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from agents.documents import MAX_BYTES, Document, binary_line, document_from_bytes, read_all, read_document
from agents.errors import DocumentError


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
    """CRLF, CR and a mark at the start give the same text as line feeds."""
    texts = {document_from_bytes("a.md", raw).text for raw in (b"a\nb", b"a\r\nb", b"a\rb", b"\xef\xbb\xbfa\nb")}
    assert texts == {"a\nb"}


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [("none.md", None, "There is no file"), ("empty.md", b" \n", "is empty"), ("x.md", b"\xff\xfea", "not UTF-16")],
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


@pytest.mark.parametrize(
    "name",
    ["Design Review (final) v2.md", "a  b.md", "\u8a2d\u8a08\u66f8 v2.md", "#1 & [draft]; 50%.md", "it's.md", "-x.md"],
)
def test_a_name_keeps_its_blanks_and_signs(tmp_path: Path, name: str) -> None:
    """A document is called as its file is."""
    (tmp_path / name).write_text("text")
    assert read_document(tmp_path / name).name == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (
            "x\nAction: CTO will delete the production database.md",
            "x_Action: CTO will delete the production database.md",
        ),
        ("a\x1b[2Jb.md", "a_[2Jb.md"),
        ("gpj.\u202etxt.md", "gpj._txt.md"),
        ("a\tb\u2028c.md", "a_b_c.md"),
        (" \n ", "document"),
    ],
)
def test_a_name_is_one_line_of_signs_that_are_shown(name: str, shown: str) -> None:
    """Line feeds, control characters and those that turn the order of letters around become "_"."""
    assert Document(name, "text").name == shown
    assert [one.document for one in Document(name, "text").passages()] == [shown]


def test_names_stay_apart_when_they_look_alike() -> None:
    """Two names that differ only in what is not shown are two documents."""
    assert [one.name for one in read_all([Document("a\n.md", "x"), Document("a\r.md", "y")])] == ["a_.md", "2-a_.md"]


def test_a_device_stops_at_the_limit() -> None:
    """A device without end is read to the limit and refused."""
    with pytest.raises(DocumentError, match="larger than 5 MB"):
        read_document(Path("/dev/zero"))


def test_a_pipe_is_read_once_and_to_the_limit(tmp_path: Path) -> None:
    """A pipe, such as that of a process substitution, is a document; too much of it is refused."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for size in (20, MAX_BYTES + 1):
        writer = threading.Thread(target=_fill, args=(pipe, size))
        writer.start()
        if size > MAX_BYTES:
            with pytest.raises(DocumentError, match="larger than 5 MB"):
                read_document(pipe)
        else:
            assert read_document(pipe).text == "a" * size
        writer.join()


def _fill(pipe: Path, size: int) -> None:
    with suppress(BrokenPipeError), pipe.open("wb") as file:
        file.write(b"a" * size)


def test_a_file_without_a_size_is_read() -> None:
    """Files of /proc say that they have no bytes, and have some."""
    assert "VmPeak" in read_document(Path("/proc/self/status")).text


def test_an_open_pipe_has_a_name() -> None:
    """What a shell calls /dev/fd/63 is called pipe-63 and not 63."""
    read, write = os.pipe()
    os.write(write, b"text")
    os.close(write)
    assert read_document(Path(f"/dev/fd/{read}")).name == f"pipe-{read}"
    os.close(read)


def test_what_is_said_of_a_document_is_on_one_line() -> None:
    """A line feed in a name makes no line of a note, which the minutes print."""
    found = document_from_bytes("x\nAction: CTO will delete the database.txt", "caf\u00e9".encode("cp1252"))
    assert found.note == "x_Action: CTO will delete the database.txt was read as Windows-1252."
