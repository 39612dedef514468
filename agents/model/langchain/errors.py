"""What the errors of LangChain's providers mean: one line of cause, one of remedy.

Providers raise classes of their own; what they share is a status, words, and what led to them.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable
from agents.model.http.network_error import NetworkProblem, causes, network_problem, one_line
from agents.model.streaming import Failure, NoEnd, TimedOut

TOO_LONG = "Ask with less material, set NUM_CTX to what the server has, or start it with a longer context."

_TOO_LONG = re.compile(
    r"context[ _]length|context window|context size|maximum context|prompt is too long|too many tokens|exceed_context",
    re.IGNORECASE,
)
_NO_SUCH_SHAPE = re.compile(r"response_format|json_schema|json_object|guided_json|structured output", re.IGNORECASE)
_MISSING_KEY = re.compile(r"api[ _]key|credential", re.IGNORECASE)


def explain(error: BaseException, text: str, label: str, url: str) -> Failure:
    """What an error means.

    Args:
        error: as it was raised.
        text: what had come of the answer.
        label: the model's.
        url: the server's address, or "" for the provider's own.
    """
    if isinstance(error, TimedOut):
        return Failure(_timed_out(error, label))
    if isinstance(error, ShapeRefused):
        refused = ModelError(
            f"{label} does not know this way to ask for JSON: {one_line(str(error))}.", "Try another model or server."
        )
        return Failure(refused, "changed")
    if isinstance(error, NoEnd) or "No generation chunks" in str(error):
        ended = ModelError(
            f"{label} stopped before its answer ended.", "Ask again; if it stays, read the server's log."
        )
        return Failure(ended, "no" if text else "once")
    said = one_line(str(error) or type(error).__name__)
    if _TOO_LONG.search(said):
        return Failure(ContextOverflow(f"The prompt does not fit the context of {label}: {said}.", TOO_LONG))
    status = _status(error)
    if status is not None:
        return _of_status(status, said, label)
    problem = network_problem(error)
    if problem.kind == "broken" or (problem.kind and text):
        broke = ModelError(f"The connection to {label} broke.", "Ask again; if it stays, restart the server.")
        return Failure(broke, "no" if text else "once")
    if problem.kind:
        return Failure(unreachable(label, url, problem), "once")
    return Failure(ModelError(f"{label} failed: {said}.", "Ask again; if it stays, read the server's log."))


class ShapeRefused(Exception):
    """The server does not know the way in which an answer's shape was asked for; the next attempt asks in another."""


def refuses_shape(error: BaseException) -> bool:
    """Whether a server refused a request for the way in which it asked for JSON, which servers do differently."""
    return _status(error) in {400, 404, 415, 422, 500, 501} and bool(_NO_SUCH_SHAPE.search(str(error)))


def unreachable(label: str, url: str, problem: NetworkProblem) -> ModelUnavailable:
    """The server cannot be spoken to."""
    where = f" at {url}" if url else ""
    remedies = {
        "proxy": "Put the server's host into NO_PROXY, or mend the proxy's settings.",
        "tls": "Point SSL_CERT_FILE to your certificate authority's file, or use the address the certificate is for.",
    }
    start = "Start the server or set LLM_BASE_URL, such as http://HOST:8000/v1; the model `rehearsal` needs no server."
    words = problem.words if problem.kind else "it gives no answer"
    cause = f"{label} is not reachable{where}: {words}."
    if problem.kind in remedies:
        return ModelUnavailable(cause, remedies[problem.kind])
    return ModelUnavailable(cause, start, about="server")


def not_served(label: str, model: str, served: Sequence[str]) -> ModelMissing:
    """The server has no such model."""
    near = get_close_matches(model, served, n=3, cutoff=0.4) or list(served[:6])
    hint = f"It serves {', '.join(near)}." if near else "Its list of models (/v1/models) names those it serves."
    return ModelMissing(f"The server does not serve {model} ({label}).", hint)


def no_key(label: str) -> ModelUnavailable:
    """The key is missing or wrong."""
    return ModelUnavailable(f"{label} refuses the key, or has none.", "Set LLM_API_KEY.")


def unusable(label: str, error: BaseException) -> ModelUnavailable:
    """The provider's client cannot be made."""
    said = one_line(str(error) or type(error).__name__)
    if _MISSING_KEY.search(said):
        return no_key(label)
    return ModelUnavailable(f"{label} cannot be opened: {said}.", "Write it as langchain:PROVIDER:MODEL.")


def _of_status(status: int, said: str, label: str) -> Failure:
    if status in {401, 403}:
        return Failure(no_key(label))
    if status == 404:
        return Failure(
            ModelUnavailable(
                f"The server does not know what {label} asks for: {said}.", "Check the model's name and LLM_BASE_URL."
            )
        )
    if status == 429 and "quota" in said:
        return Failure(ModelUnavailable(f"The account behind {label} is used up: {said}.", "Top it up."))
    if status in {429, 503}:
        return Failure(ModelError(f"{label} is busy: {said}.", "Try again in a moment, or lower PARALLEL."), "busy")
    if status >= 500:
        return Failure(ModelError(f"{label} failed: {said}.", "Ask again; if it stays, read the server's log."), "once")
    return Failure(ModelError(f"{label} refused the request ({status}): {said}.", "Try another model or server."))


def _status(error: BaseException) -> int | None:
    for linked in causes(error):
        for holder in (linked, getattr(linked, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int):
                return status
    return None


def _timed_out(expired: TimedOut, label: str) -> ModelError:
    what = {
        "first": (f"{label} gave no word for {expired.seconds:g} s.", "FIRST_TOKEN_TIMEOUT"),
        "stall": (f"{label} fell silent within its answer for {expired.seconds:g} s.", "STALL_TIMEOUT"),
        "turn": (f"{label} had not finished after {expired.seconds:g} s.", "TURN_TIMEOUT"),
    }
    cause, setting = what[expired.clock]
    return ModelError(cause, f"Look at the server's load; if it is only slow, raise {setting}.")
