"""Errors as answers of HTTP: a status, and the cause and remedy in plain sentences that name no folder of this machine.

An answer has the form that clients of its path read: OpenAI's under ``/v1``, elsewhere ``error`` and ``remedy``.
"""

import html
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.responses import Response

from agents import errors
from agents.errors import OrchestratorError
from agents.settings import Settings

STATUSES: tuple[tuple[type[OrchestratorError], int], ...] = (
    (errors.UnknownName, 404),
    (errors.RoleFileError, 503),
    (errors.TypeFileError, 503),
    (errors.UsageError, 400),
    (errors.ModelUnavailable, 503),
    (errors.ModelError, 502),
    (errors.Locked, 409),
    (errors.SpaceError, 507),
    (errors.StoreError, 503),
    (errors.Busy, 429),
    (errors.MeetingError, 409),
)
"""The status of each kind of error; the first kind counts that an error is of."""

FAILED = 500
"""The status of every other error."""

SERVED = ("/api/", "/v1/", "/ollama/")
"""How paths of the service begin, which stay whole in what a client is told."""

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of a page that loads nothing."""

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {401: "invalid_api_key", 404: "not_found", 413: "request_too_large", 429: "rate_limit_exceeded"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered.

    Attributes:
        status: the HTTP status.
        cause: one sentence.
        remedy: what the caller can do, or "".
        headers: headers of the answer.
    """

    status: int
    cause: str
    remedy: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Json(Response):
    """An answer in JSON that no one keeps; indented, because people read it in a terminal."""

    media_type = "application/json"

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        data = json.dumps(body, indent=2).encode() + b"\n"
        super().__init__(data, status, {"Cache-Control": "no-store", **(headers or {})})


def status_of(error: OrchestratorError) -> int:
    """The HTTP status that says what kind of error it is."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), FAILED)


def told(error: OrchestratorError, settings: Settings) -> dict[str, Any]:
    """Cause and remedy of an error, for readers on other machines: files by their names, without their folders."""
    return {"error": _without_folders(error.cause, settings), "remedy": _without_folders(error.remedy, settings)}


def refusal_of(error: OrchestratorError, settings: Settings) -> Refusal:
    """An error as what the client is told."""
    said = told(error, settings)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.Busy) else {}
    return Refusal(status_of(error), said["error"], said["remedy"], headers)


def refused(path: str, refusal: Refusal, request_id: str = "") -> Json:
    """The answer that says why there is no other.

    Args:
        path: of the request; its beginning decides about the form.
        refusal: what is said.
        request_id: named in the answer, if there is one, so that the line in the log can be found.
    """
    named = {"request_id": request_id} if request_id else {}
    status = refusal.status
    if path == "/v1" or path.startswith("/v1/"):
        kind = _TYPES.get(status, "invalid_request_error" if status < FAILED else "server_error")
        message = f"{refusal.cause} {refusal.remedy}".strip()
        fault = {"message": message, "type": kind, "param": None, "code": _CODES.get(status)}
        return Json(status, {"error": fault, **named}, refusal.headers)
    remedy = {"remedy": refusal.remedy} if refusal.remedy else {}
    return Json(status, {"error": refusal.cause, **remedy, **named}, refusal.headers)


def as_page(refusal: Refusal, request_id: str = "") -> Response:
    """The answer that says why there is no other, for a browser: a page that loads nothing.

    Args:
        refusal: what is said.
        request_id: named on the page, if there is one.
    """
    said = [refusal.cause, refusal.remedy, f"The log knows it as {request_id}." if request_id else ""]
    text = "".join(f"<p>{html.escape(one)}</p>" for one in said if one)
    title = "Not found" if refusal.status == 404 else "This was not possible"
    fits = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    colors = '<meta name="color-scheme" content="light dark">'
    head = f'<head><meta charset="utf-8">{fits}{colors}<title>{title} ({refusal.status})</title></head>'
    page = f'<!DOCTYPE html>\n<html lang="en">{head}<body><main><h1>{title}</h1>{text}</main></body></html>\n'
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _NOTHING, "X-Content-Type-Options": "nosniff"}
    return Response(page, refusal.status, {**headers, **refusal.headers}, "text/html")


def _without_folders(text: str, settings: Settings) -> str:
    places = (place.folder for place in (*settings.role_places, *settings.type_places))
    known = [settings.data_folder, settings.log_folder, *places, Path.home()]
    for folder in sorted((str(each) for each in known if each and each.name), key=len, reverse=True):
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, Path(folder).name)
    return " ".join(_name(word) for word in text.split(" "))


def _name(word: str) -> str:
    """A word of a text; of the path of a file, only its last part."""
    is_path = word.count(os.sep) > 1 and "://" not in word and not word.startswith(SERVED)
    return word.rsplit(os.sep, 1)[1] if is_path else word
