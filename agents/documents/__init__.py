"""Attached documents: read once, decoded, cleaned, and cut into passages that know their line numbers.

Import from here: ``Document``, ``Passage``, ``read_all``, ``passages_of``, ``Attachments``; ``changes``, ``diff``,
``finding``.
Never knows: ``agents.role``, ``agents.model``, ``agents.meeting``.
"""

from agents.documents.cutting import PASSAGE_BYTES, PASSAGE_WORDS, words_in
from agents.documents.decoding import binary_line
from agents.documents.document import PIPED, Document, Part, passages_of
from agents.documents.markdown import HEADING_LETTERS
from agents.documents.passage import Passage
from agents.documents.reading import (
    MAX_BYTES,
    MAX_FILE_BYTES,
    Attachments,
    decoded,
    document_from_bytes,
    read_all,
    read_document,
    read_limited,
    read_named,
)

__all__ = [
    "Document", "Part", "Passage", "Attachments", "read_all", "read_document", "read_named", "read_limited",
    "document_from_bytes", "decoded", "binary_line", "passages_of", "words_in",
    "MAX_BYTES", "MAX_FILE_BYTES", "PASSAGE_BYTES", "PASSAGE_WORDS", "HEADING_LETTERS", "PIPED",
]  # fmt: skip
