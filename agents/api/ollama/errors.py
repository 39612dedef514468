"""Errors as Ollama says them: a status, and an object with one text."""

from starlette.responses import JSONResponse, Response

from agents.api.openai.error_form import error_object
from agents.api.openai.error_form import refused as refused_in_openai_form
from agents.settings import Settings


def refused(error: Exception, settings: Settings) -> Response:
    """The answer to a request that failed."""
    status, told = error_object(error, settings)
    headers = refused_in_openai_form(error, settings).headers
    kept = {name: headers[name] for name in ("retry-after",) if name in headers}
    message = told["message"].replace("GET /v1/models", "GET /api/tags")
    return JSONResponse({"error": message}, status, kept)
