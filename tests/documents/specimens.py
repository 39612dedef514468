"""Small files of the formats that are converted, made from a few lines of text."""

import io
import zipfile
from xml.sax.saxutils import escape

LINES = ("We move all sessions at once. There is no rollback.", "R&D says 5 < 10.", "The backup was never restored.")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def pdf(*pages: tuple[str, ...], trailer: str = "") -> bytes:
    """A PDF with these lines on its pages."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "BT /F1 12 Tf 72 720 Td 16 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def _zip(**files: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return memory.getvalue()


def docx(*lines: str) -> bytes:
    """A DOCX with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return _zip(**{
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    })  # fmt: skip


def odt(*lines: str) -> bytes:
    """An ODT with these paragraphs."""
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return _zip(**{
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>',
        "content.xml": f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0"><office:body><office:text>{body}</office:text></office:body></office:document-content>',
    })  # fmt: skip


def rtf(*lines: str) -> bytes:
    """An RTF with these paragraphs."""
    return b"{\\rtf1\\ansi " + b"\\par ".join(line.encode("ascii") for line in lines) + b"\\par}"


def html(*lines: str) -> bytes:
    """A page with these paragraphs, a script and a style."""
    body = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    return f"<!DOCTYPE html>\n<html><head><style>p {{}}</style><script>alert(1)</script></head><body>{body}</body></html>".encode()


def eml(*lines: str) -> bytes:
    """An e-mail whose text is encoded as base64."""
    import base64

    body = base64.encodebytes("\n".join(lines).encode()).decode()
    return (
        "From: Ada <ada@example.org>\nTo: bob@example.org\nSubject: The plan\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}"
    ).encode()


def archive() -> bytes:
    """A ZIP archive of no known format."""
    return _zip(**{"notes.txt": "text"})


def bomb() -> bytes:
    """A DOCX whose text would be 400 MB when it is unpacked, in 400 kB."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as file:
        for _ in range(400):
            file.write(bytes(1_000_000))
    return memory.getvalue()


MADE = {"plan.docx": docx, "plan.odt": odt, "plan.rtf": rtf, "plan.html": html, "plan.eml": eml}
"""What makes each format but PDF, by the name of the file."""
