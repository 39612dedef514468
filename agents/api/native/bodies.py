"""Reads the forms that may bring documents: as JSON, or as a multipart request with files beside it."""

import asyncio
import base64
import binascii
import io
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic.json_schema import models_json_schema
from starlette.datastructures import UploadFile

from agents.api.native.forms import LONGEST_NAME, MOST_DOCUMENTS, SentDocument, WithDocuments
from agents.documents import MAX_BYTES, Document, document_from_bytes, read_limited
from agents.errors import DocumentError

T = TypeVar("T", bound=WithDocuments)

JSON, MULTIPART = "application/json", "multipart/form-data"

_FORMS: list[type[WithDocuments]] = []


def taking(form: type[WithDocuments]) -> dict[str, Any]:
    """How a path describes that it takes a form, with or without files (``openapi_extra``)."""
    _FORMS.append(form)
    reference = {"$ref": f"#/components/schemas/{form.__name__}"}
    files = {
        "type": "array",
        "items": {"type": "string", "contentMediaType": "application/octet-stream"},
        "maxItems": MOST_DOCUMENTS,
    }
    parts = {"type": "object", "properties": {"request": reference, "files": files}}
    content = {
        JSON: {"schema": reference},
        MULTIPART: {"schema": parts, "encoding": {"request": {"contentType": JSON}}},
    }
    return {"requestBody": {"required": True, "content": content}}


def schemas() -> dict[str, Any]:
    """The schemas of all forms that ``taking`` described."""
    wanted = [(form, "validation") for form in dict.fromkeys(_FORMS)]
    _, found = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(found.get("$defs", {}))


def read(form: type[T]) -> Callable[[Request], Awaitable[tuple[T, list[Document]]]]:
    """A dependency: the form of a request, and its documents, read.

    It raises a ``RequestValidationError`` where the request is not as described, and a ``DocumentError`` for a document
    that cannot be read.
    """

    async def dependency(request: Request) -> tuple[T, list[Document]]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == MULTIPART:
            return await _parts(request, form)
        if kind != JSON:
            raise _invalid("header.content-type", f"send {JSON} or {MULTIPART}")
        sent = _parsed(form, await request.body())
        return sent, await _read(sent.documents, [])

    return dependency


async def _parts(request: Request, form: type[T]) -> tuple[T, list[Document]]:
    """The form and the documents of a multipart request."""
    async with request.form(max_files=MOST_DOCUMENTS, max_fields=1, max_part_size=10 * MAX_BYTES) as parts:
        unknown = sorted(set(parts) - {"request", "files"})
        if unknown:
            raise _invalid(f"body.{unknown[0]}", "the parts are request and files")
        given = parts.get("request")
        raw = await given.read() if isinstance(given, UploadFile) else (given or "{}").encode("utf-8", "replace")
        sent = _parsed(form, raw)
        files = [one for one in parts.getlist("files") if isinstance(one, UploadFile)]
        if len(files) != len(parts.getlist("files")):
            raise _invalid("body.files", "send files with a file name")
        opened = [((one.filename or "document")[:LONGEST_NAME], one.file) for one in files]
        return sent, await _read(sent.documents, opened)


def _parsed(form: type[T], raw: bytes) -> T:
    try:
        return form.model_validate_json(raw or b"{}")
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None


def _invalid(place: str, words: str) -> RequestValidationError:
    return RequestValidationError([{"loc": (place,), "msg": words, "type": "value_error"}])


async def _read(sent: list[SentDocument], files: list[tuple[str, BinaryIO]]) -> list[Document]:
    """Read documents; a conversion may take long, so it is done in a thread, which costs time where there are none."""
    return await asyncio.to_thread(_documents, sent, files) if sent or files else []


def _documents(sent: list[SentDocument], files: list[tuple[str, BinaryIO]]) -> list[Document]:
    """Documents, with the limits of the command line."""
    given = [(one.name, _bytes(one)) for one in sent]
    return [document_from_bytes(name, read_limited(file, name)) for name, file in (*given, *files)]


def _bytes(sent: SentDocument) -> BinaryIO:
    if sent.base64 is None:
        return io.BytesIO((sent.text or "").encode("utf-8", "replace"))
    try:
        return io.BytesIO(base64.b64decode(sent.base64, validate=True))
    except (binascii.Error, ValueError):
        raise DocumentError(f"The bytes of {sent.name} are not base64.", "Send base64, or text.") from None
