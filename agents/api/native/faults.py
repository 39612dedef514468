"""Errors as every path answers them: a sentence of cause, a sentence of remedy, and the id of the request."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from agents.api.native.remedies import remedy_of
from agents.api.problems import status_of, told
from agents.errors import Busy, OrchestratorError

WORDS = {
    400: "The request asks for something that is not possible as it is; the remedy says what to change.",
    401: "A token is needed, or this one is not known.",
    403: "The request comes from a web page, or by a name, that is not allowed.",
    404: "There is nothing of this name; the remedy offers similar names.",
    405: "The path does not have this method.",
    409: "The meeting is in a state in which this is not possible.",
    413: "The request is larger than the service accepts.",
    422: "A field of the request is missing or not as described here.",
    429: "Too many requests, or too many meetings wait; Retry-After says in how many seconds to try again.",
    502: "The model failed.",
    503: "The model or the histories cannot be used now.",
    507: "There is no space for histories.",
}
"""What each status of an error means."""

EVERYWHERE = (400, 401, 403, 404, 413, 422, 429, 503, 507)
"""The errors that any path may answer."""

Responses = dict[int | str, dict[str, Any]]


class Fault(BaseModel):
    """Why a request has no result."""

    error: str = Field(description="What is wrong, in one sentence.")
    remedy: str = Field("", description="What to do about it.")
    request_id: str | None = Field(None, description="The id with which the log of the service knows the request.")


def documented(*codes: int) -> Responses:
    """The descriptions of these errors, as a path declares them."""
    return {code: {"model": Fault, "description": WORDS[code]} for code in codes}


def as_fault(request: Request, error: OrchestratorError) -> dict[str, Any]:
    """The body of the answer for an error; files are named without their folders."""
    said = told(error, request.app.state.service.settings)
    named = request.path_params.get("meeting", "")
    return _body(request, said["error"], remedy_of(error, named) or said["remedy"])


def answer_errors(app: FastAPI) -> None:
    """Have an application answer every error in one form."""
    app.add_exception_handler(OrchestratorError, _raised)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unforeseen)


async def _raised(request: Request, error: Exception) -> JSONResponse:
    """An error that the program raised on purpose."""
    if not isinstance(error, OrchestratorError):
        raise error
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Busy) else {}
    return JSONResponse(as_fault(request, error), status_of(error), headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """A request that is not as the document describes it; the first field that is wrong is named."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the request"
    cause = f"{place}: {' '.join(str(first['msg']).split())}."
    return JSONResponse(_body(request, cause, "/api/openapi.json describes every field."), 422)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    """A path or method that is not there."""
    if not isinstance(error, HTTPException):
        raise error
    cause = {404: "There is no such path.", 405: "The path does not have this method."}.get(error.status_code)
    remedy = "/api/openapi.json lists every path and method."
    return JSONResponse(_body(request, cause or str(error.detail), remedy), error.status_code, error.headers)


async def _unforeseen(request: Request, _error: Exception) -> JSONResponse:
    """An error that nobody foresaw: its words may be of prompts or paths, so only the log has them."""
    return JSONResponse(_body(request, "Something failed that should not.", "The log of the service says more."), 500)


def _body(request: Request, error: str, remedy: str) -> dict[str, Any]:
    number = request.scope.get("state", {}).get("request_id")
    return {"error": error, "remedy": remedy, **({"request_id": number} if number else {})}
