"""Files of other formats become text with their pages or cells, or are refused with what to install."""

import json
import subprocess
from importlib.util import find_spec
from typing import Any

import pytest

from agents.documents import Document, converting, document_from_bytes
from agents.documents.formats import format_of
from agents.errors import DocumentError
from tests.documents import specimens

here = pytest.mark.skipif(find_spec(converting.CONVERTER) is None, reason="the extra [documents] is not installed")
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Forecast\n", "It was never tested on real data.\n"]},
        {
            "cell_type": "code", "execution_count": 1, "metadata": {}, "source": "password = 'hunter2'\nprint(1)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]},
                        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgoA" * 400}}],
        },
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": []},
    ],
    "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.pdf", b"%PDF-1.3\n1 0 obj", "PDF"),
        ("a.txt", b"\n %PDF-1.3\n1 0 obj", "PDF"),
        ("notes", specimens.docx("x"), "DOCX"),
        ("a.zip", specimens.odt("x"), "ODT"),
        ("a.doc", b"{\\rtf1 x}", "RTF"),
        ("a.zip", specimens.archive(), "ZIP"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        ("a.html", specimens.html("x"), "HTML"),
        ("stdin", specimens.html("x"), "HTML"),
        ("a.eml", specimens.eml("x"), "e-mail"),
        ("stdin", specimens.eml("x"), "e-mail"),
        ("a.ipynb", json.dumps(NOTEBOOK).encode(), "notebook"),
        ("a.md", b"A PDF begins with %PDF-1.3", ""),
        ("a.html", b"{% block x %}<p>a template</p>", ""),
        ("a.html.txt", specimens.html("x"), ""),
        ("a.txt", b"From: me\nTo: you\nDate: today\n\nA memo.", ""),
        ("stdin", b"From: me\nTo: you\n\nA memo.", ""),
        ("a.json", b'{"cells": [], "nbformat": 4}', ""),
    ],
)
def test_the_bytes_decide_the_format(name: str, raw: bytes, said: str) -> None:
    """Whatever the file is called; source text of a page or a mail is one only where its name says no other."""
    kind = format_of(name, raw)
    assert (kind.name if kind else "") == said


@here
@pytest.mark.parametrize("name", specimens.MADE)
def test_a_file_becomes_its_words(name: str) -> None:
    """DOCX, ODT, RTF, HTML and e-mails are read: each line of words is a line, signs stay, and it is said."""
    raw = specimens.MADE[name](*specimens.LINES)
    document = document_from_bytes(name, raw)
    assert [line.strip() for line in document.lines if line.strip() in specimens.LINES] == list(specimens.LINES)
    assert document.note.startswith(f"{name} was ")
    assert not document.is_markdown
    assert "alert" not in document.text


@here
def test_a_line_of_a_pdf_is_found_on_its_page() -> None:
    """Pages are kept: passages do not cross them, and a line is named as a person looks it up."""
    document = document_from_bytes("plan.pdf", specimens.pdf(specimens.LINES[:1], (), specimens.LINES[1:]))
    assert document.lines == [specimens.LINES[0], "", *specimens.LINES[1:]]
    assert document.place_of(4) == "plan.pdf p. 3 l. 2"
    assert [one.heading for one in document.passages()] == ["p. 1", "p. 3"]
    assert "There is no text on p. 2." in document.note
    assert "Lines are counted through: p. 2 begins on line 2, p. 3 at 3." in document.note


@here
@pytest.mark.parametrize(
    ("name", "raw", "cause", "remedy"),
    [
        ("scan.pdf", specimens.pdf(()), "has no text: its pages are pictures", "OCR"),
        (
            "a85.pdf",
            b"%PDF-1.3\n1 0 obj\n<< /Length 99 >>\nstream\nGarg^;\nendstream",
            r"^a85\.pdf cannot be read as a PDF\.\n",
            "Save it",
        ),
        ("plan.docx", specimens.docx("x")[:300], "is a ZIP archive", "Unpack it"),
        ("bomb.docx", specimens.bomb(), "is larger than 200 MB when it is unpacked", "Attach the part"),
        ("locked.pdf", b"%PDF-1.4\ntrailer << /Encrypt 9 0 R >>\n%%EOF", "is protected with a password", "without one"),
        ("empty.docx", specimens.docx(), "is empty", "contains text"),
    ],
)
def test_a_broken_file_is_refused_in_two_lines(name: str, raw: bytes, cause: str, remedy: str) -> None:
    """Broken, protected, empty, scanned and bombs: one line of cause, one of remedy."""
    with pytest.raises(DocumentError, match=cause) as raised:
        document_from_bytes(name, raw)
    assert remedy in raised.value.remedy
    assert "\n" not in raised.value.cause


@pytest.mark.parametrize(
    ("name", "raw"),
    [("plan.pdf", specimens.pdf(("x",))), ("a85.pdf", b"%PDF-1.3\n1 0 obj\nstream"),
     *((name, specimens.MADE[name]("x")) for name in ("plan.docx", "plan.odt", "plan.rtf"))],
)  # fmt: skip
def test_without_the_converter_a_file_is_refused_with_what_to_install(
    name: str, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never taken for text."""
    monkeypatch.setattr(converting, "CONVERTER", "no_such_package")
    with pytest.raises(DocumentError, match=r"nothing here reads (PDF|DOCX|ODT|RTF)") as raised:
        document_from_bytes(name, raw)
    assert "pip install 'multi-agent-orchestrator[documents]'" in raised.value.remedy
    assert "Docker" in raised.value.remedy


@pytest.mark.parametrize("name", ["plan.html", "plan.eml"])
def test_without_the_converter_source_text_is_read_and_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page and an e-mail are text as well; the note says what would read them better."""
    monkeypatch.setattr(converting, "CONVERTER", "no_such_package")
    raw = specimens.MADE[name]("There is no rollback.")
    document = document_from_bytes(name, raw)
    assert document.text == raw.decode()
    assert f"{name} was read as its source text; with pip install" in document.note


def test_a_notebook_is_read_without_its_pictures() -> None:
    """Its cells are kept as places, with what they printed; no converter is needed."""
    document = document_from_bytes("nb.ipynb", json.dumps(NOTEBOOK, indent=1).encode())
    assert document.text == "# Forecast\nIt was never tested on real data.\npassword = 'hunter2'\nprint(1)\n1\n"
    assert document.place_of(3) == "nb.ipynb cell 2 l. 1"
    assert "iVBOR" not in document.text
    assert [one.heading for one in document.passages()] == ["cell 1", "cell 2"]


def test_a_broken_notebook_is_text() -> None:
    """JSON that only looks like a notebook is read as it is."""
    raw = b'{"cells": 7, "nbformat": 4}'
    assert document_from_bytes("nb.ipynb", raw) == Document("nb.ipynb", raw.decode())


@here
@pytest.mark.parametrize("crashes", [1, 2])
def test_a_converter_that_crashes_is_started_once_more(monkeypatch: pytest.MonkeyPatch, crashes: int) -> None:
    """A crash that does not come again costs nothing; one that does is said with its signal, and tried no third time."""
    started = []

    def run(*words: object, **options: object) -> object:
        started.append(words)
        return subprocess.CompletedProcess([], -11, b"", b"") if len(started) <= crashes else real(*words, **options)

    real: Any = subprocess.run
    monkeypatch.setattr(subprocess, "run", run)
    if crashes == 1:
        assert document_from_bytes("a.rtf", specimens.rtf("text")).text == "text"
    else:
        with pytest.raises(DocumentError, match=r"ended early \(signal 11\)"):
            document_from_bytes("a.rtf", specimens.rtf("text"))
    assert len(started) == 2


@here
def test_the_converter_is_given_no_address_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment, its process sees where programs are, and nothing else."""
    seen = {}

    def run(*words: object, **options: object) -> object:
        seen.update(options)
        return real(*words, **options)

    real: Any = subprocess.run
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", run)
    document_from_bytes("a.rtf", specimens.rtf("text"))
    assert "secret" not in str(seen["env"])
    assert seen["timeout"]
