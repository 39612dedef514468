"""Tells by its bytes in which format a file is, where it is not plain text."""

import io
import re
from dataclasses import dataclass
from pathlib import PurePath

_WORD = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a converter turns into text.

    Attributes:
        name: as it is called in a sentence.
        mime: its media type.
        readable: whether its source can be read as text where there is no converter.
        paged: whether the converter tells its pages.
    """

    name: str
    mime: str
    readable: bool = False
    paged: bool = False

    @property
    def named(self) -> str:
        """A file of it with its article, such as "a PDF" or "an XLSX file"."""
        article = "an" if self.name[0] in "AEFHILMNORSXaeio" else "a"
        return f"{article} {self.name}" if self.name in {"PDF", "e-mail", "notebook"} else f"{article} {self.name} file"


PDF = Format("PDF", "application/pdf", paged=True)
RTF = Format("RTF", "application/rtf")
HTML = Format("HTML", "text/html", readable=True)
MAIL = Format("e-mail", "message/rfc822", readable=True)
NOTEBOOK = Format("notebook", "application/x-ipynb+json", readable=True)
ZIP = Format("ZIP", "application/zip")
OLD_OFFICE = Format("old Office", "application/x-ole-storage")

_PACKAGES = {
    "word/document.xml": Format("DOCX", f"{_WORD}.wordprocessingml.document"),
    "ppt/presentation.xml": Format("PPTX", f"{_WORD}.presentationml.presentation", paged=True),
    "xl/workbook.xml": Format("XLSX", f"{_WORD}.spreadsheetml.sheet", paged=True),
}
"""Formats in a ZIP package, by a file that each has."""
_KINDS = {
    f"{_OPEN}.text": Format("ODT", f"{_OPEN}.text"),
    f"{_OPEN}.presentation": Format("ODP", f"{_OPEN}.presentation"),
    f"{_OPEN}.spreadsheet": Format("ODS", f"{_OPEN}.spreadsheet"),
    "application/epub+zip": Format("EPUB", "application/epub+zip"),
}
"""Formats in a ZIP package, by what its file "mimetype" says."""
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html)[\s>]", re.I)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]|[ \t]")
_HEAD_BYTES = 20_000


def format_of(name: str, raw: bytes) -> Format | None:
    """The format of a file; None for plain text, and for other files.

    HTML and e-mails are text, too: only what is named so, or has no ending in its name, is one.
    """
    ending = PurePath(name).suffix.lower()
    head = raw[:_HEAD_BYTES]
    if b"%PDF-" in head[:1024] and not head[: head.index(b"%PDF-")].strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return PDF
    if head.startswith(b"{\\rtf"):
        return RTF
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(raw)
    start = head.removeprefix(b"\xef\xbb\xbf")
    if ending in {".ipynb", ""} and start.lstrip().startswith(b"{") and b'"nbformat"' in raw and b'"cells"' in raw:
        return NOTEBOOK
    if ending in {".html", ".htm", ".xhtml", ""} and _PAGE.match(start):
        return HTML
    if ending in {".eml", ""} and _is_mail(start, least=1 if ending else 2):
        return MAIL
    return None


def _package(raw: bytes) -> Format:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = set(package.namelist())
            for inside, found in _PACKAGES.items():
                if inside in names:
                    return found
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                return _KINDS.get(package.read("mimetype").decode("ascii", "replace").strip(), ZIP)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        pass
    return ZIP


def unpacked_size(raw: bytes) -> int:
    """The bytes that the files in a ZIP package say they have; 0 for other files."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return sum(one.file_size for one in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return 0


def _is_mail(head: bytes, least: int) -> bool:
    """Whether a text begins with the header of an e-mail, with more than ``least`` fields besides its sender."""
    fields: set[bytes] = set()
    for line in head.split(b"\n"):
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found is None:
            return False
        fields.add((found[1] or b"").lower())
    transport = fields & {b"mime-version", b"message-id", b"received", b"return-path", b"content-type"}
    return bool(fields & {b"from", b"sender"}) and len(transport | (fields & {b"date", b"subject"})) > least
