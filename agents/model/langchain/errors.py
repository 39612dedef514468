"""The meaning of errors of LangChain's providers: one line of cause, one of remedy.

Each provider raises its own classes. They have in common an HTTP status, a message, and the errors that led to them.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable
from agents.model import odds
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
    """Find out what an error means.

    Args:
        error: the error.
        text: the part of the answer that had arrived.
        label: the label of the model.
        url: the address of the server, or "" for that of the provider.
    """
    if isinstance(error, TimedOut):
        return Failure(_timed_out(error, label))
    if isinstance(error, ShapeRefused):
        refused = ModelError(
            f"{label} does not support this way to ask for JSON: {one_line(str(error))}.",
            "Use another model or server.",
        )
        return Failure(refused, "changed")
    if isinstance(error, OddsRefused):
        without = ModelError(f"{label} gives no log-probabilities: {one_line(str(error))}.", "Ask again.")
        return Failure(without, "changed")
    if isinstance(error, NoEnd) or "No generation chunks" in str(error):
        ended = ModelError(
            f"{label} stopped before its answer ended.", "Ask again. If it fails again, read the server's log."
        )
        return Failure(ended, "no" if text else "once")
    said = one_line(str(error) or type(error).__name__)
    if _TOO_LONG.search(said):
        return Failure(ContextOverflow(f"The prompt does not fit the context of {label}: {said}.", TOO_LONG))
    status = _status(error)
    if status is not None:
        return _of_status(status, said, label)
    problem = network_problem(error)
    if problem.kind == "unreadable":
        remedy = "Check the address of the server. A proxy may have changed the answer."
        return Failure(ModelError(f"{label} sent an answer that cannot be read: {problem.words}.", remedy))
    if problem.kind == "broken" or (problem.kind and text):
        broke = ModelError(f"The connection to {label} broke.", "Ask again. If it fails again, restart the server.")
        return Failure(broke, "no" if text else "once")
    if problem.kind:
        return Failure(unreachable(label, url, problem), "once")
    return Failure(ModelError(f"{label} failed: {said}.", "Ask again. If it fails again, read the server's log."))


class ShapeRefused(Exception):
    """The server does not support this way to ask for the shape of an answer; the next attempt uses another way."""


class OddsRefused(Exception):
    """The server does not give log-probabilities; the next attempt does not ask for them."""


def refuses_odds(error: BaseException) -> bool:
    """Whether a server refused a request because it asked for log-probabilities."""
    return _status(error) in {400, 403, 415, 422, 500, 501} and odds.refused(str(error))


def refuses_shape(error: BaseException) -> bool:
    """Whether a server refused the way in which a request asked for JSON; servers support different ways."""
    return _status(error) in {400, 404, 415, 422, 500, 501} and bool(_NO_SUCH_SHAPE.search(str(error)))


def unreachable(label: str, url: str, problem: NetworkProblem) -> ModelUnavailable:
    """The error for a server that cannot be reached."""
    where = f" at {url}" if url else ""
    remedies = {
        "proxy": "Put the server's host into NO_PROXY, or fix the settings of the proxy.",
        "tls": "Set SSL_CERT_FILE to your certificate authority's file, or use the address in the certificate.",
    }
    start = "Start the server or set LLM_BASE_URL, such as http://HOST:8000/v1; the model `rehearsal` needs no server."
    words = problem.words if problem.kind else "it does not answer"
    cause = f"{label} is not reachable{where}: {words}."
    if problem.kind in remedies:
        return ModelUnavailable(cause, remedies[problem.kind])
    return ModelUnavailable(cause, start, about="server")


def not_served(label: str, model: str, served: Sequence[str]) -> ModelMissing:
    """The error for a model that the server does not have."""
    near = get_close_matches(model, served, n=3, cutoff=0.4) or list(served[:6])
    hint = f"It serves {', '.join(near)}." if near else "Its list of models is at /v1/models."
    return ModelMissing(f"The server does not serve {model} ({label}).", hint)


def no_key(label: str) -> ModelUnavailable:
    """The error for a missing or wrong key."""
    return ModelUnavailable(f"{label} refuses the key, or needs one.", "Set LLM_API_KEY.")


def unusable(label: str, error: BaseException) -> ModelUnavailable:
    """The error for a provider whose client cannot be created."""
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
                f"The server has nothing at the address that {label} uses: {said}.",
                "Check the model's name and LLM_BASE_URL.",
            )
        )
    if status == 429 and "quota" in said:
        return Failure(
            ModelUnavailable(f"The account for {label} has no credit left: {said}.", "Add credit to the account.")
        )
    if status in {429, 503}:
        return Failure(ModelError(f"{label} is busy: {said}.", "Try again in a moment, or lower PARALLEL."), "busy")
    if status >= 500:
        return Failure(
            ModelError(f"{label} failed: {said}.", "Ask again. If it fails again, read the server's log."), "once"
        )
    return Failure(ModelError(f"{label} refused the request ({status}): {said}.", "Use another model or server."))


def _status(error: BaseException) -> int | None:
    for linked in causes(error):
        for holder in (linked, getattr(linked, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int):
                return status
    return None


def _timed_out(expired: TimedOut, label: str) -> ModelError:
    sentences = {
        "first": f"{label} gave no answer for {expired.seconds:g} s.",
        "stall": f"{label} stopped within its answer for {expired.seconds:g} s.",
        "turn": f"{label} had not finished after {expired.seconds:g} s.",
    }
    setting = {"first": "FIRST_TOKEN_TIMEOUT", "stall": "STALL_TIMEOUT", "turn": "TURN_TIMEOUT"}[expired.clock]
    remedy = f"Check the load of the server. If it is only slow, raise {setting}."
    return ModelError(sentences[expired.clock], remedy)
