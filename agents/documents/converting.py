"""Turns files that are not plain text into text: notebooks by themselves, all others through one converter."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agents.documents.cleaning import clean
from agents.documents.document import Document, Part
from agents.documents.formats import HTML, NOTEBOOK, OLD_OFFICE, PDF, ZIP, Format, unpacked_size
from agents.errors import DocumentError

CONVERTER = "xberg"
"""The package of the extra ``documents``; docs/decisions/0021 says why."""
INSTALL = "pip install 'multi-agent-orchestrator[documents]'"
MOST_UNPACKED = 200_000_000
"""The most bytes that the files in a package may say they have."""
MOST_SECONDS = 90
"""The most seconds of a conversion."""
_PART = "Attach the part that matters."
_AS_TEXT = "Save it again, or save it as text and attach that."
_CRASHES = frozenset({4, 6, 7, 8, 11})
"""Signals of a crash: illegal instruction, abort, bus error, arithmetic error, wrong address."""
_START = "import sys; sys.path.append(sys.argv[2]); from agents.documents.converter import main; main()"


def converted(name: str, raw: bytes, kind: Format, most: int) -> Document | None:
    """A file as a document of its words, with its pages, cells or sheets.

    Args:
        name: the document's name.
        raw: the bytes of the file.
        kind: its format.
        most: the most bytes of the text.

    Returns:
        The document; None for a format whose source is text, where there is no converter.

    Raises:
        DocumentError: there is no converter, or the file is broken, encrypted, without text, or too large.
    """
    if kind is NOTEBOOK:
        return _notebook(name, raw, most)
    if kind is ZIP:
        raise DocumentError(f"{name} is a ZIP archive.", "Unpack it, and attach its files.", short="archive")
    if kind is OLD_OFFICE:
        raise DocumentError(f"{name} is a file of an old Office program.", "Save it as DOCX or PDF.")
    if find_spec(CONVERTER) is None:
        if kind.readable:
            return None
        raise DocumentError(
            f"{name} is a {kind.name} file, and nothing here reads {kind.name}.",
            f"Install the converter: {INSTALL}. In Docker, and elsewhere: save it as text, and attach that.",
            short=f"{kind.name}, no converter",
        )
    if unpacked_size(raw) > MOST_UNPACKED:
        raise DocumentError(f"{name} is larger than {MOST_UNPACKED // 1_000_000} MB when it is unpacked.", _PART)
    return _document(name, kind, _pages(name, kind, _run(name, raw, kind)), most)


def source_note(name: str, kind: Format) -> str:
    """What is said of a file that is read as its source because there is no converter; "" for JSON."""
    as_what = {"HTML": "a page", "e-mail": "an e-mail"}.get(kind.name, "")
    return f"{name} was read as its source text; with {INSTALL} it is read as {as_what}." if as_what else ""


def _run(name: str, raw: bytes, kind: Format) -> dict[str, Any]:
    """What the process of the converter says about a file. One that crashes is started once more, because its threads
    may crash on a sound file; one that was stopped by a limit is not.
    """
    try:
        ran = _process(raw, kind)
        if -ran.returncode in _CRASHES:
            ran = _process(raw, kind)
        found = json.loads(ran.stdout)
    except subprocess.TimeoutExpired:
        raise DocumentError(f"{name} could not be read within {MOST_SECONDS} seconds.", _PART) from None
    except ValueError:
        how = f"signal {-ran.returncode}" if ran.returncode < 0 else f"status {ran.returncode}"
        raise DocumentError(f"{name} could not be read: the converter ended early ({how}).", _AS_TEXT) from None
    if "missing" in found:
        raise DocumentError(f"The converter cannot be loaded: {found['missing']}.", f"Install it again: {INSTALL}.")
    if "error" in found:
        if kind is PDF and b"/Encrypt" in raw:
            raise DocumentError(f"{name} is protected with a password.", "Save a copy without one, and attach that.")
        # What the converter says about it is in its own words, and for who looks for the fault.
        raise DocumentError(f"{name} cannot be read as {kind.named}.", _AS_TEXT) from ValueError(found["error"])
    return dict(found)


def _process(raw: bytes, kind: Format) -> "subprocess.CompletedProcess[bytes]":
    root = str(Path(__file__).parents[2])
    known = {key: value for key, value in os.environ.items() if key in {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG"}}
    return subprocess.run(  # noqa: S603 - our own module, in this interpreter
        [sys.executable, "-P", "-c", _START, kind.mime, root],
        input=raw, capture_output=True, timeout=MOST_SECONDS, env={**known, "HF_HUB_OFFLINE": "1"}, check=False,
    )  # fmt: skip


def _pages(name: str, kind: Format, found: dict[str, Any]) -> list[tuple[str, str]]:
    """The names and texts of the parts of a file; one without a name where it has none."""
    pages = found.get("pages") or [] if kind.paged else []
    if not pages:
        return [("", str(found.get("text", "")))]
    word = {"PPTX": "slide", "XLSX": "sheet"}.get(kind.name, "p.")
    texts = [(str(one.get("name") or number), str(one["text"])) for number, one in enumerate(pages, 1)]
    if not any(text.strip() for _, text in texts):
        if kind is PDF:
            raise DocumentError(
                f"{name} has no text: its pages are pictures or empty.",
                "Make its text readable first (OCR, for example ocrmypdf), and attach the result.",
                short="no text",
            )
        raise DocumentError(f"{name} is empty.", "Attach a document that contains text.", short="empty")
    return [(f"{word} {called}", text) for called, text in texts]


def _document(name: str, kind: Format, pages: list[tuple[str, str]], most: int) -> Document:
    lines: list[str] = []
    parts: list[Part] = []
    blank: list[str] = []
    hidden: list[str] = []
    for called, text in pages:
        cleaned, odd = clean(text)
        hidden += [odd] if odd else []
        own = [line.rstrip() for line in cleaned.strip("\n").split("\n")]
        if called:
            parts.append(Part(len(lines) + 1, called))
            blank += [] if any(own) else [called]
        lines += own
    text = "\n".join(lines)
    if not text.strip():
        raise DocumentError(f"{name} is empty.", "Attach a document that contains text.", short="empty")
    if len(text.encode("utf-8", "replace")) > most:
        raise DocumentError(f"The text of {name} is larger than {most // 1_000_000} MB.", _PART)
    note = f"{name} was converted from {kind.name} to text; pictures in it are not read."
    if kind is HTML:
        note = f"{name} was read as a page: its words, without tags and pictures. Named .txt, its source is read."
    if blank:
        note += f" There is no text on {', '.join(blank[:20])}{' and more' if len(blank) > 20 else ''}."
    if len(parts) > 1:
        begin = ", ".join(
            f"{part.name} {'begins on line' if part is parts[1] else 'at'} {part.first}" for part in parts[1:21]
        )
        note += f" Lines are counted through: {begin}{', and so on' if len(parts) > 21 else ''}."
    note += "".join(f" {name}: {one}." for one in hidden[:1])
    return Document(name, text, note, markdown=False, parts=tuple(parts))


def _notebook(name: str, raw: bytes, most: int) -> Document | None:
    """A notebook as the sources of its cells and the texts that they printed; None for JSON that is none."""
    try:
        table = json.loads(raw)
        cells = [(_joined(cell.get("source")), _printed(cell)) for cell in table["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    pages = [
        (f"cell {number}", "\n".join(filter(str.strip, [source, printed])))
        for number, (source, printed) in enumerate(cells, 1)
    ]
    return _document(name, NOTEBOOK, pages, most) if any(text for _, text in pages) else None


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


def _printed(cell: dict[str, Any]) -> str:
    """What a cell printed or returned, as text."""
    texts = [
        _joined(one.get("text") or (one.get("data") or {}).get("text/plain") or one.get("traceback"))
        for one in cell.get("outputs") or ()
    ]
    return "\n".join(filter(str.strip, texts))
