"""Errors in the form of OpenAI's API: a status, a sentence, the field that is wrong, and a word for programs."""

from typing import Any

from starlette.responses import JSONResponse, Response

from agents.api import problems
from agents.api.openai.fields import ApiProblem
from agents.errors import (
    Busy,
    ContextOverflow,
    MaterialMissing,
    ModelError,
    ModelUnavailable,
    OrchestratorError,
    UnknownName,
    UsageError,
)
from agents.settings import Settings

LONG_AGAIN = 121
"""The fewest seconds after which a program that is refused may ask again: those that would do so by themselves do not
wait longer than 120, and give up.
"""
HOW_TO_GIVE = "Paste it between lines ~~~ design.md and ~~~, or attach it."
"""How a document gets into a chat."""
STOPPING_AGAIN = 5
"""After how many seconds a service that was told to end may be back."""


def error_object(error: Exception, settings: Settings) -> tuple[int, dict[str, Any]]:
    """The status and the error of a request that failed; of a fault of ours nothing is told but that it is one."""
    if isinstance(error, ApiProblem):
        return error.status, _error(error.message, error.type, error.param, error.code)
    if not isinstance(error, OrchestratorError):
        return 500, _error("The service failed; its log has the cause.", "server_error", None, "internal_error")
    status, (kind, param, code) = problems.status_of(error), _kind(error)
    if isinstance(error, ContextOverflow):
        status = 400
    told = problems.told(error, settings)
    if isinstance(error, MaterialMissing):
        told["remedy"] = f"{told['remedy'].removesuffix('.')}. {HOW_TO_GIVE}".removeprefix(". ")
    return status, _error(f"{told['error']} {told['remedy']}".strip(), kind, param, code)


def refused(error: Exception, settings: Settings) -> Response:
    """The answer to a request that failed."""
    status, told = error_object(error, settings)
    headers = {}
    if isinstance(error, Busy):
        headers = {"Retry-After": str(max(LONG_AGAIN, error.retry_after)), "x-should-retry": "false"}
    return JSONResponse({"error": told}, status, headers)


def stopping() -> dict[str, Any]:
    """The error of an answer that ends because the service was told to end."""
    return _error("The service ends. Send the same request again when it is back.", "server_error", None, "stopping")


def stopped() -> Response:
    """The answer to a request that cannot be waited for, because the service was told to end."""
    return JSONResponse({"error": stopping()}, 503, {"Retry-After": str(STOPPING_AGAIN)})


def _kind(error: OrchestratorError) -> tuple[str, str | None, str | None]:
    """Type, field and code of an error."""
    if isinstance(error, Busy):
        return "rate_limit_error", None, "queue_full"
    if isinstance(error, ContextOverflow):
        return "invalid_request_error", "messages", "context_length_exceeded"
    if isinstance(error, ModelUnavailable):
        return "server_error", None, "model_unavailable"
    if isinstance(error, ModelError):
        return "server_error", None, "model_failed"
    if isinstance(error, MaterialMissing):
        return "invalid_request_error", "messages", "document_missing"
    if isinstance(error, UnknownName):
        return "invalid_request_error", "model", "not_found"
    if isinstance(error, UsageError):
        return "invalid_request_error", "messages", "invalid_value"
    return "server_error", None, None


def _error(message: str, kind: str, param: str | None, code: str | None) -> dict[str, Any]:
    return {"message": message, "type": kind, "param": param, "code": code}
