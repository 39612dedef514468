"""Files given by the user: a file that is not text is refused with the same words everywhere."""

import random
from pathlib import Path

import pytest

from agents.documents import binary_line
from tests.cli.conftest import Run

NOISE = random.Random(7).randbytes(4000)  # noqa: S311 - the same in every run


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "cto", "hi", "-a"],
        ["workflow", "-f"],
        ["meeting", "run", "decision", "-t", "x", "--me", "cto", "--words"],
    ],
    ids=["attachment", "workflow", "words"],
)
@pytest.mark.parametrize("content", [NOISE, bytes(range(1, 60)) * 5], ids=["noise", "controls"])
def test_a_file_that_is_no_text_is_named_as_what_it_is(
    rehearse: Run, tmp_path: Path, words: list[str], content: bytes
) -> None:
    """Cause and remedy, exit 2, and nothing on stdout; no word of a codec."""
    file = tmp_path / "some.dat"
    file.write_bytes(content)
    ran = rehearse(*words, file)
    assert (ran.status, ran.out) == (2, "")
    assert "is a binary file" in ran.err
    assert "codec" not in ran.err


@pytest.mark.parametrize(
    "words",
    [["ask", "cto", "hi", "--forget", "-a"], ["consult", "hi", "--agents", "cto", "--forget", "-a"],
     ["workflow", "-s", "cto:hi", "-a"], ["meeting", "run", "decision", "-t", "x", "-a"],
     ["meeting", "run", "decision", "-t", "x", "--plan", "-a"]],
    ids=["ask", "consult", "workflow", "meeting", "plan"],
)  # fmt: skip
@pytest.mark.parametrize(("encoding", "said"), [("utf-16", "UTF-16"), ("cp1252", "Windows-1252")])
def test_the_encoding_of_a_document_is_said(
    rehearse: Run, tmp_path: Path, words: list[str], encoding: str, said: str
) -> None:
    """A document in UTF-16 or Windows-1252 is read, and one line on stderr says so; the minutes say it too."""
    file = tmp_path / "notes.txt"
    file.write_bytes("The caf\u00e9 service has no backup of its database.\n".encode(encoding))
    ran = rehearse(*words, file)
    assert ran.status == 0, ran.err
    assert f"notes.txt was read as {said}." in (ran.out if "--plan" in words else ran.err)
    if words[0] == "meeting" and "--plan" not in words:
        assert f"notes.txt was read as {said}." in ran.out


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 0),
        (b"one\ttwo\r\n\x0c\x1b[1mbold\x1b[0m\n", 0),
        (b"one\x07" + b" word" * 20, 0),
        (b"one\n\ntwo\x00", 3),
        (b"\x01\x02", 1),
        ("na\u00efve \u20ac".encode(), 0),
    ],
)
def test_a_few_control_characters_are_still_text(raw: bytes, line: int) -> None:
    """Tabs, form feeds and colours of a log are text; a NUL or many others are not."""
    assert binary_line(raw) == line


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf\n"])
def test_empty_words_are_refused(rehearse: Run, tmp_path: Path, content: bytes) -> None:
    """--words with nothing in it is refused before the meeting is called, instead of a person who is absent."""
    file = tmp_path / "empty.md"
    file.write_bytes(content)
    ran = rehearse("meeting", "run", "decision", "-t", "Now?", "--me", "cto", "--words", file)
    assert (ran.status, ran.out) == (2, "")
    assert "is empty" in ran.err
    assert "No meetings yet" in rehearse("meeting", "list").err
