"""Reads what is attached: files, folders, pipes, devices and changes, all with the same limits."""

import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from agents.documents.cleaning import clean
from agents.documents.decoding import Decoded, decode
from agents.documents.document import Document, own_names, shown_name
from agents.errors import DocumentError

MAX_BYTES = 5_000_000
"""The most bytes of a text, whichever way it comes in, and of all texts of a folder together."""
MAX_FILE_BYTES = 50_000_000
"""The most bytes of a file that is converted to text, such as a PDF with pictures."""

MOST_NAMED = 12
"""The most files that a note names as left out."""
_PART = "Attach the part that matters."

Attachments = Sequence[Path | str | Document]
"""What can be attached: files, folders, patterns, Git ranges, or documents that were read already."""


def read_all(attach: Attachments) -> list[Document]:
    """Read attachments; documents pass through. Of two with one name, the second is called "2-name".

    Raises:
        DocumentError: one cannot be read.
    """
    given = [attach] if isinstance(attach, (str, Path, Document)) else attach
    return own_names([one for each in given for one in ([each] if isinstance(each, Document) else read_named(each))])


def read_named(named: Path | str) -> list[Document]:
    """The documents that a name stands for: a file, the text files of a folder or a pattern, or the changes of a range.

    What of a folder or a pattern is not text is left out; the note of the first document names it.

    Raises:
        DocumentError: there is no such file, it is not text, or it is too large.
    """
    from agents.documents.finding import Changes, find  # with what they import, they cost more than a small file

    found = find(named)
    if isinstance(found, Changes):
        if len(found.raw) > MAX_BYTES:
            raise _too_large(found.name)
        return [document_from_bytes(found.name, found.raw)]
    out: list[Document] = []
    left_out: list[str] = []
    total = 0
    for one in found:
        try:
            document = read_document(one.path, one.name)
        except DocumentError as error:
            if not one.only_text:
                raise
            left_out.append(f"{one.name or one.path.name} ({error.short or 'not readable'})")
            continue
        total += len(document.text)
        if total > MAX_BYTES:
            raise DocumentError(
                f"The files of {named} are larger than {MAX_BYTES // 1_000_000} MB together.",
                "Attach a smaller folder, or a pattern such as 'docs/*.md'.",
            )
        out.append(document)
    if not out:
        raise DocumentError(f"There is no text in {named}.", f"Left out: {_listed(left_out)}.")
    if left_out:
        note = f"Of {named}, {len(left_out)} of {len(found)} files are left out: {_listed(left_out)}."
        out[0] = replace(out[0], note=f"{out[0].note} {note}".strip())
    return out


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def read_document(path: Path, name: str = "") -> Document:
    """Read a file, a pipe such as that of ``<(...)``, or a device, to its end or to the limit.

    Args:
        path: the file.
        name: the name of the document; "" for that of the file.

    Raises:
        DocumentError: the file is missing, a folder, not readable, too large, or not text.
    """
    try:
        if path.is_dir():
            raise DocumentError(f"{path} is a folder, not a document.", "Attach its files one by one.")
        with path.open("rb") as file:
            if stat.S_ISCHR(path.stat().st_mode) and file.isatty():
                raise DocumentError(f"{path} is a terminal, not a document.", "Attach a file.")
            raw = read_limited(file, str(path))
    except FileNotFoundError:
        raise DocumentError(f"There is no file {path}.", "Check the path of the attachment.", about="attach") from None
    except (OSError, ValueError) as error:  # ValueError: the name contains a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path} cannot be read: {why}.", "Check its name and permissions.") from None
    return document_from_bytes(name or _name_of(path), raw)


def read_limited(file: BinaryIO, name: str) -> bytes:
    """The bytes of an open file, pipe or device, to its end.

    Raises:
        DocumentError: there are more than ``MAX_BYTES``, or ``MAX_FILE_BYTES`` of a file that is converted.
    """
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES and raw.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf")):
        raw += file.read(MAX_FILE_BYTES + 1 - len(raw))
        if len(raw) <= MAX_FILE_BYTES:
            return raw
        raise DocumentError(f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB.", _PART, short="too large")
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    return raw


def _too_large(name: str) -> DocumentError:
    return DocumentError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", _PART, short="too large")


def document_from_bytes(name: str, raw: bytes) -> Document:
    """The bytes of a file as a document: converted where they are in a format such as PDF, else decoded and cleaned.

    Raises:
        DocumentError: the bytes are not text, or there is only white space.
    """
    from agents.documents.formats import format_of

    name = shown_name(name)
    kind = format_of(name, raw)
    note = ""
    if kind:
        from agents.documents.converting import converted, source_note

        document = converted(name, raw, kind, MAX_BYTES)
        if document:
            return document
        note = source_note(name, kind)
    text, read_as = decoded(name, raw)
    if not text.strip():
        raise DocumentError(f"{name} is empty.", "Attach a document that contains text.", short="empty")
    return Document(name, text, " ".join(filter(None, [read_as, note])))


def decoded(name: str, raw: bytes) -> Decoded:
    """The text of a file, decoded and cleaned, with a sentence about how it was read, or "".

    Raises:
        DocumentError: the bytes are not text.
    """
    text, note = decode(name, raw)
    text, hidden = clean(text)
    return Decoded(text, " ".join(filter(None, [note, hidden and f"{name}: {hidden}."])))


def _name_of(path: Path) -> str:
    """A document's name: that of its file; "pipe-63" for an open pipe."""
    return f"pipe-{path.name}" if path.parent.name == "fd" and path.name.isdecimal() else path.name
