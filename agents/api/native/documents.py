"""``/api/documents``: how documents are read; nothing is stored."""

from typing import Any

from fastapi import APIRouter, Depends

from agents.api.native.bodies import read, taking
from agents.api.native.forms import Upload
from agents.api.native.shapes import DocumentLine
from agents.documents import Document

router = APIRouter(tags=["documents"])


@router.post("/documents", response_model=list[DocumentLine], openapi_extra=taking(Upload))
async def read_documents(sent: tuple[Upload, list[Document]] = Depends(read(Upload))) -> Any:
    """Read documents as a meeting would, and tell how: names, lines, and what a reader must know."""
    return [
        {
            "name": one.name,
            "lines": len(one.lines),
            "letters": len(one.text),
            "note": one.note,
            "parts": [part.name for part in one.parts],
        }
        for one in sent[1]
    ]
