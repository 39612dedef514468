"""The meaning of each error of Ollama for the user: one line of cause, one of remedy.

The words that are compared here are the server's own (versions 0.12 to 0.33).
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable, OrchestratorError, UsageError
from agents.model import given
from agents.model.http.network_error import NetworkProblem, one_line
from agents.model.streaming import Failure, TimedOut

_LOADING_FAILED = (
    "llama-server process has terminated",
    "timed out waiting for llama-server",
    "error starting llama-server",
    "unable to load model",
    "error loading model",
    "requires more system memory",
    "llama runner process has terminated",
)
_RUNNER_GONE = ("model runner has unexpectedly stopped", "error was encountered while running the model")
_OVERFLOW = "exceed_context_size_error"
_TOO_LONG = (_OVERFLOW, "exceeds the available context size", "longer than the context length")
_CANNOT = re.compile(r'does not support (chat|generate|completion|"?chat"?)')


class PullInterrupted(ModelUnavailable):
    """A pull stopped halfway. What has arrived is kept, so the pull can be continued."""


def unreachable(url: str, problem: NetworkProblem) -> ModelUnavailable:
    """The error for a server that cannot be reached."""
    remedies = {
        "proxy": f"Put {_host(url)} into NO_PROXY, or fix the settings of the proxy.",
        "tls": "Set SSL_CERT_FILE to your certificate authority's file, or use the address in the certificate.",
    }
    named = "Start Ollama's container, or check OLLAMA_BASE_URL: in a container, the host is the service's name."
    start = "Start Ollama (`ollama serve`) or set OLLAMA_BASE_URL; the model `rehearsal` needs no server."
    words = problem.words if problem.kind else "it does not answer"
    cause = f"Ollama is not reachable at {url}: {words}."
    if problem.kind == "name":
        return ModelUnavailable(cause, named, about="name")
    if problem.kind in remedies:
        return ModelUnavailable(cause, remedies[problem.kind])
    return ModelUnavailable(cause, start, about="server")


def silent(url: str, seconds: float) -> ModelUnavailable:
    """The error for a server that takes a connection and says nothing."""
    return ModelUnavailable(
        f"Ollama does not answer at {url} within {seconds:g} s.", "Restart Ollama, unless the machine is only busy."
    )


def not_installed(model: str, installed: Sequence[str]) -> ModelMissing:
    """The error for a model that is not installed; the remedy offers similar names, or some of those installed."""
    short = {name.removesuffix(":latest"): name for name in installed}
    near = get_close_matches(model, list(short), n=3, cutoff=0.5)
    near += [name for name in short if name.partition(":")[0] == model.partition(":")[0] and name not in near]
    hint = f" Similar and installed: {', '.join(near[:4])}." if near else ""
    if not near and installed:
        hint = f" Or choose one that is installed: {', '.join(sorted(short)[:6])}."
    if get_close_matches(model, ["rehearsal"], cutoff=0.75):
        hint = f"{hint} Did you mean rehearsal?"
    return ModelMissing(
        f"The model {model} is not on this Ollama.",
        f"On the server, `ollama pull {model}` gets it.{hint}",
        about="model",
        subject=model,
    )


def of_status(status: int, body: str, model: str, url: str) -> Failure:  # noqa: C901 - a table, one line an error
    """The meaning of an HTTP status other than 200; -1 is an error within the answer."""
    message = message_of(body)
    said = one_line(message)
    if any(words in message for words in _TOO_LONG):
        return Failure(overflow(model, body))
    if any(words in message for words in _LOADING_FAILED):
        return Failure(_not_loaded(model, said))
    if any(words in message for words in _RUNNER_GONE):
        return Failure(_runner_gone(model, said), "once")
    if status == 503:
        busy = ModelError(f"Ollama is busy: {said}.", "Try again in a moment, or raise OLLAMA_MAX_QUEUE on the server.")
        return Failure(busy, "busy")
    if status == 404:
        if "not found" in message and "page not found" not in message:
            return Failure(not_installed(model, ()))
        return Failure(not_ollama(url, "it answers 404 to /api/chat"))
    if 300 <= status < 400:
        return Failure(not_ollama(url, f"it redirects to another address ({status})"))
    if status in {401, 403, 407}:
        return Failure(_refuses(url, status))
    if _CANNOT.search(message):
        return Failure(ModelUnavailable(f"The model {model} cannot chat.", "Choose a chat model, such as llama3.2."))
    if "invalid model name" in message or "model is required" in message:
        return Failure(
            ModelUnavailable(f"{model!r} is not a valid model name.", "Write a name such as llama3.2 or qwen3:8b.")
        )
    if "schema" in message or "invalid format" in message:
        return Failure(
            ModelError(f"Ollama cannot use the schema of the answer: {said}.", "Update Ollama, then ask again.")
        )
    if status in {502, 504}:
        remedy = "Check that Ollama runs behind this gateway, or set OLLAMA_BASE_URL to Ollama itself."
        gone = ModelUnavailable(f"Ollama is not reachable at {url}: the gateway before it answers {status}.", remedy)
        return Failure(gone, "once")
    if status == -1 or status >= 500:
        remedy = "Ask again. If it fails again, read the server's log (`ollama logs` or `docker logs`)."
        return Failure(ModelError(f"Ollama failed: {said}.", remedy), "once" if status == -1 else "no")
    refused = ModelError(f"Ollama refused the request ({status}): {said}.", "Update Ollama, or use another model.")
    return Failure(refused)


def message_of(body: str) -> str:
    """The message in the body of an error; errors of the engine are JSON within JSON."""
    found = _innermost(body)
    if found.get("type") == _OVERFLOW:
        return f"{_OVERFLOW}: {found.get('message')}"
    message = found.get("error") or found.get("message")
    return message if isinstance(message, str) else body


def overflow(model: str, body: str = "") -> ContextOverflow:
    """The error for a prompt that is too long for the server, with the server's own count if the body has it."""
    found = _innermost(body)
    sizes = [given.count(found.get("n_prompt_tokens")), given.count(found.get("n_ctx"))]
    if not all(sizes):
        sizes = [int(number) for number in re.findall(r"\(([0-9]{1,9}) tokens\)", body)]
    how = f": {sizes[0]} tokens of {sizes[1]}" if len(sizes) == 2 else ""
    return ContextOverflow(
        f"The prompt does not fit the context of {model}{how}.", "Raise NUM_CTX, or ask with less material."
    )


def _innermost(body: str) -> dict[str, Any]:
    """The object with the facts of an error: the engine's own, which Ollama puts into "error", as a string or not."""
    facts: dict[str, Any] = {}
    found: object = body
    for _ in range(4):
        if isinstance(found, str) and found.lstrip().startswith("{"):
            try:
                found = given.parsed(found)
            except ValueError:
                break
        if not isinstance(found, dict):
            break
        facts, found = found, found.get("error")
    return facts


def timed_out(model: str, url: str, expired: TimedOut, alive: bool) -> ModelError:
    """The error for an answer that took too long."""
    if expired.clock == "turn":
        return ModelError(
            f"{model} had not finished after {expired.seconds:g} s.", "Raise TURN_TIMEOUT, or ask for shorter answers."
        )
    what = "gave no answer" if expired.clock == "first" else "stopped within its answer"
    setting = "FIRST_TOKEN_TIMEOUT" if expired.clock == "first" else "STALL_TIMEOUT"
    if not alive:
        return ModelError(
            f"{model} {what} for {expired.seconds:g} s, and Ollama at {url} no longer answers.", "Restart Ollama."
        )
    return ModelError(
        f"{model} {what} for {expired.seconds:g} s, but Ollama answers other requests.",
        f"Restart Ollama, which may hang. If the machine is only slow, raise {setting}.",
    )


def no_end(model: str, text: str) -> ModelError:
    """The error for an answer that stopped without an end."""
    if not text:
        return ModelError(f"{model} gave no answer at all.", "Ask again. If it fails again, read the server's log.")
    return ModelError(
        f"{model} stopped before its answer ended. Usually this means that it repeated itself.",
        "Ask again in other words, or use a larger model.",
    )


def no_counts(model: str) -> ModelError:
    """The error for a measurement whose answers do not say how many tokens they have."""
    return ModelError(
        f"The server does not say how many tokens {model} reads and writes.",
        "Update Ollama, or use no proxy.",
    )


def broken(url: str, problem: NetworkProblem, error: BaseException) -> ModelError:
    """The error for a connection that broke, or a response that cannot be read."""
    if problem.kind not in {"", "unreadable"}:
        return ModelError(f"The connection to Ollama at {url} broke.", "Ask again. If it fails again, restart Ollama.")
    return ModelError(
        f"Ollama at {url} sent an answer that cannot be read: {one_line(str(error) or type(error).__name__)}.",
        "Check OLLAMA_BASE_URL. A proxy may have changed the answer.",
    )


def pull_failure(model: str, message: str) -> OrchestratorError:
    """The error for a model that could not be pulled."""
    said = one_line(message)
    low = said.lower()
    if "file does not exist" in low or "manifest unknown" in low:
        return ModelMissing(f"The registry has no model {model}.", "Look up its name at ollama.com/library.")
    if "invalid model name" in low:
        return UsageError(f"{model!r} is not a valid model name.", "Write a name such as llama3.2 or qwen3:8b.")
    if "no space left" in low:
        return ModelUnavailable(
            f"The server's disk is full: {model} does not fit.",
            "Free space there, or remove a model.",
            about="space",
        )
    if "x509" in low or "tls:" in low or "certificate" in low:
        remedy = "Install your certificate authority on the server: mount its file, and run update-ca-certificates."
        return ModelUnavailable(f"The server cannot check the registry's certificate: {said}.", remedy)
    if "proxyconnect" in low or "proxy" in low:
        return ModelUnavailable(
            f"The proxy of the server refuses to pull {model}: {said}.", "Set HTTPS_PROXY for the Ollama server."
        )
    if "dial tcp" in low or "lookup" in low or "timeout" in low or "network is unreachable" in low:
        remedy = "Give the server access to the internet, or copy the files of the model into its volume."
        return ModelUnavailable(f"The server cannot reach the registry: {said}.", remedy)
    if "requires a newer version" in low:
        return ModelUnavailable(
            f"{model} needs a newer version of Ollama.", "Update Ollama, then pull the model again."
        )
    return pull_interrupted(model, said)


def pull_interrupted(model: str, why: str) -> PullInterrupted:
    """The error for a pull that stopped halfway.

    Args:
        model: the name of the model.
        why: the reason, without a full stop.
    """
    return PullInterrupted(
        f"{model} could not be pulled: {why}.", "Try again. What has arrived is kept, and the pull continues there."
    )


def _not_loaded(model: str, said: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"Ollama could not load {model}: {said}.",
        "Usually memory is short: use a smaller model or NUM_CTX, or stop other models (`ollama ps`, `ollama stop`).",
    )


def _runner_gone(model: str, said: str) -> ModelError:
    return ModelError(
        f"The engine of {model} crashed: {said}.",
        "Usually memory is short: use a smaller model, NUM_CTX or PARALLEL. See also the server's log.",
    )


def _refuses(url: str, status: int) -> ModelUnavailable:
    return ModelUnavailable(
        f"{url} refuses access (HTTP {status}).",
        "Put a user and password into OLLAMA_BASE_URL, or set OLLAMA_HOST=0.0.0.0 where Ollama runs.",
    )


def not_ollama(url: str, why: str) -> ModelUnavailable:
    """The error for an address at which there is another server."""
    return ModelUnavailable(
        f"The server at {url} is not Ollama: {why}.", "Set OLLAMA_BASE_URL to the address of Ollama, without a path."
    )


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0]
