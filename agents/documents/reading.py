"""Reads what is attached: files, pipes and devices, all with the same limits."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from agents.documents.cleaning import clean
from agents.documents.decoding import Decoded, decode
from agents.documents.document import Document, own_names
from agents.errors import DocumentError

MAX_BYTES = 5_000_000
"""The most bytes of a text, whichever way it comes in."""

Attachments = Sequence[Path | str | Document]
"""What can be attached: paths, or documents that were read already."""


def read_document(path: Path) -> Document:
    """Read a text file, a pipe such as that of ``<(...)``, or a device, to its end or to the limit.

    Raises:
        DocumentError: the file is missing, a folder, not readable, larger than 5 MB, or not text.
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
    return document_from_bytes(_name_of(path), raw)


def read_limited(file: BinaryIO, name: str) -> bytes:
    """The bytes of an open file, pipe or device, to its end.

    Raises:
        DocumentError: there are more than ``MAX_BYTES``.
    """
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", "Attach the part that matters.")
    return raw


def read_all(attach: Attachments) -> list[Document]:
    """Read attachments; documents pass through. Of two with one name, the second is called "2-name".

    Raises:
        DocumentError: one cannot be read.
    """
    given = [attach] if isinstance(attach, (str, Path, Document)) else attach
    return own_names([each if isinstance(each, Document) else read_document(Path(each)) for each in given])


def document_from_bytes(name: str, raw: bytes) -> Document:
    """Decode and clean the bytes of a text.

    Raises:
        DocumentError: the bytes are not text, or there is only white space.
    """
    text, note = decoded(name, raw)
    if not text.strip():
        raise DocumentError(f"{name} is empty.", "Attach a document that contains text.")
    return Document(name, text, note)


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
    return f"pipe-{path.name}" if path.parent.name == "fd" and path.name.isdigit() else path.name
