"""What each of Ollama's errors means for whoever meets it: one line of cause, one of remedy.

The words that are looked for are the server's own (0.12 to 0.33).
"""

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches

from agents.errors import ContextOverflow, ModelError, ModelMissing, ModelUnavailable, OrchestratorError, UsageError
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
_TOO_LONG = ("exceed_context_size_error", "exceeds the available context size", "longer than the context length")
_CANNOT = re.compile(r'does not support (chat|generate|completion|"?chat"?)')


class PullInterrupted(ModelUnavailable):
    """A fetch that stopped halfway; what has come is kept, so it is worth going on."""


def unreachable(url: str, problem: NetworkProblem) -> ModelUnavailable:
    """The server cannot be spoken to."""
    remedies = {
        "proxy": f"Put {_host(url)} into NO_PROXY, or mend the proxy's settings.",
        "tls": "Point SSL_CERT_FILE to your certificate authority's file, or use the address the certificate is for.",
        "name": "Check OLLAMA_BASE_URL; in a container, the server's name is its service's name.",
    }
    start = "Start Ollama (`ollama serve`) or set OLLAMA_BASE_URL; the model `rehearsal` needs no server."
    words = problem.words if problem.kind else "it gives no answer"
    cause = f"Ollama is not reachable at {url}: {words}."
    if problem.kind in remedies:
        return ModelUnavailable(cause, remedies[problem.kind])
    return ModelUnavailable(cause, start, about="server")


def not_installed(model: str, installed: Sequence[str]) -> ModelMissing:
    """The server has no such model; names near it, or all of a few, are offered."""
    short = {name.removesuffix(":latest"): name for name in installed}
    near = get_close_matches(model, list(short), n=3, cutoff=0.5)
    near += [name for name in short if name.partition(":")[0] == model.partition(":")[0] and name not in near]
    hint = f" Installed and near: {', '.join(near[:4])}." if near else ""
    if not near and installed:
        hint = f" Installed: {', '.join(sorted(short)[:6])}."
    return ModelMissing(
        f"The model {model} is not on this Ollama.",
        f"On the server, `ollama pull {model}` gets it.{hint}",
        about="model",
        subject=model,
    )


def of_status(status: int, body: str, model: str, url: str) -> Failure:  # noqa: C901 - a table, one line an error
    """What an answer that is not 200 means; -1 stands for an error within the answer."""
    message = message_of(body)
    said = one_line(message)
    if any(words in message for words in _TOO_LONG):
        return Failure(overflow(model, message))
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
        return Failure(not_ollama(url, f"it sends us elsewhere ({status})"))
    if status in {401, 403, 407}:
        return Failure(_refuses(url, status))
    if _CANNOT.search(message):
        return Failure(ModelUnavailable(f"The model {model} cannot chat.", "Choose a chat model, such as llama3.2."))
    if "invalid model name" in message or "model is required" in message:
        return Failure(ModelUnavailable(f"{model!r} is no model's name.", "Write it like llama3.2 or qwen3:8b."))
    if "schema" in message or "invalid format" in message:
        return Failure(ModelError(f"Ollama cannot use the answer's schema: {said}.", "Update Ollama, then ask again."))
    if status in {502, 504}:
        remedy = "See whether Ollama runs behind that gateway, or set OLLAMA_BASE_URL to Ollama itself."
        gone = ModelUnavailable(f"Ollama is not reachable at {url}: what stands before it answers {status}.", remedy)
        return Failure(gone, "once")
    if status == -1 or status >= 500:
        remedy = "Ask again; if it stays, read the server's log (`ollama logs`, or `docker logs`)."
        return Failure(ModelError(f"Ollama failed: {said}.", remedy), "once" if status == -1 else "no")
    refused = ModelError(f"Ollama refused the request ({status}): {said}.", "Update Ollama, or take another model.")
    return Failure(refused)


def message_of(body: str) -> str:
    """The sentence in an error's body; the engine's own errors are JSON within JSON."""
    found: object = body
    for _ in range(3):
        if isinstance(found, str) and found.lstrip().startswith("{"):
            try:
                found = json.loads(found)
            except ValueError:
                break
        if isinstance(found, dict):
            if found.get("type") == "exceed_context_size_error":
                return f"{found.get('type')}: {found.get('message')}"
            found = found.get("error") or found.get("message") or body
    return found if isinstance(found, str) else body


def overflow(model: str, message: str = "") -> ContextOverflow:
    """The prompt is too long, as the server says."""
    sizes = [int(number) for number in re.findall(r"\((\d+) tokens\)", message)]
    how = f": {sizes[0]} tokens of {sizes[1]}" if len(sizes) == 2 else ""
    return ContextOverflow(
        f"The prompt does not fit the context of {model}{how}.", "Raise NUM_CTX, or ask with less material."
    )


def timed_out(model: str, url: str, expired: TimedOut, alive: bool) -> ModelError:
    """A clock ran out."""
    if expired.clock == "turn":
        return ModelError(
            f"{model} had not finished after {expired.seconds:g} s.", "Raise TURN_TIMEOUT, or ask for shorter answers."
        )
    what = "gave no word" if expired.clock == "first" else "fell silent within its answer"
    setting = "FIRST_TOKEN_TIMEOUT" if expired.clock == "first" else "STALL_TIMEOUT"
    if not alive:
        return ModelError(
            f"{model} {what} for {expired.seconds:g} s, and Ollama at {url} no longer answers.", "Restart Ollama."
        )
    return ModelError(
        f"{model} {what} for {expired.seconds:g} s, though Ollama answers otherwise.",
        f"Restart Ollama, which may be stuck; if the machine is only slow, raise {setting}.",
    )


def no_end(model: str, text: str) -> ModelError:
    """The answer stopped without an end."""
    if not text:
        return ModelError(f"{model} gave no answer at all.", "Ask again; if it stays, read the server's log.")
    return ModelError(
        f"{model} was stopped before its answer ended; it mostly repeats itself then.",
        "Ask again, with other words, or take a larger model.",
    )


def broken(url: str, problem: NetworkProblem, error: BaseException) -> ModelError:
    """The connection, or what came over it, broke."""
    if problem.kind:
        return ModelError(f"The connection to Ollama at {url} broke.", "Ask again; if it stays, restart Ollama.")
    return ModelError(
        f"Ollama at {url} answered with something that cannot be read: {one_line(str(error) or type(error).__name__)}.",
        "Check what OLLAMA_BASE_URL points to; a proxy in between may have changed the answer.",
    )


def pull_failure(model: str, message: str) -> OrchestratorError:
    """Why a model could not be fetched."""
    said = one_line(message)
    low = said.lower()
    if "file does not exist" in low or "manifest unknown" in low:
        return ModelMissing(f"There is no model {model} to fetch.", "Look its name up at ollama.com/library.")
    if "invalid model name" in low:
        return UsageError(f"{model!r} is no name of a model.", "Names look like llama3.2 or qwen3:8b.")
    if "no space left" in low:
        return ModelUnavailable(
            f"The server's disk is full: {model} does not fit.",
            "Free space there, or remove a model.",
            about="space",
        )
    if "x509" in low or "tls:" in low or "certificate" in low:
        remedy = "Give the server your certificate authority: mount it, and run update-ca-certificates there."
        return ModelUnavailable(f"The server cannot check the registry's certificate: {said}.", remedy)
    if "proxyconnect" in low or "proxy" in low:
        return ModelUnavailable(
            f"The server's proxy does not let it fetch {model}: {said}.", "Set HTTPS_PROXY for the Ollama server."
        )
    if "dial tcp" in low or "lookup" in low or "timeout" in low or "network is unreachable" in low:
        remedy = "Give the server a way out, or copy a model's files into its volume."
        return ModelUnavailable(f"The server has no route to the registry: {said}.", remedy)
    if "requires a newer version" in low:
        return ModelUnavailable(f"{model} needs a newer Ollama.", "Update Ollama, then fetch it again.")
    return pull_interrupted(model, said)


def pull_interrupted(model: str, why: str) -> PullInterrupted:
    """A fetch stopped halfway.

    Args:
        model: its name.
        why: the rest of the sentence, without a full stop.
    """
    return PullInterrupted(
        f"{model} could not be fetched: {why}.", "Try again: what has arrived is kept, and continued from."
    )


def _not_loaded(model: str, said: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"Ollama could not load {model}: {said}.",
        "Mostly memory is short: take a smaller model or NUM_CTX, or stop other models (`ollama ps`, `ollama stop`).",
    )


def _runner_gone(model: str, said: str) -> ModelError:
    return ModelError(
        f"The engine behind {model} died: {said}.",
        "Mostly memory is short: take a smaller model, NUM_CTX or PARALLEL; the server's log says more.",
    )


def _refuses(url: str, status: int) -> ModelUnavailable:
    return ModelUnavailable(
        f"{url} refuses us (HTTP {status}).",
        "Put a user and password into OLLAMA_BASE_URL, or set OLLAMA_HOST=0.0.0.0 where Ollama runs.",
    )


def not_ollama(url: str, why: str) -> ModelUnavailable:
    """Something else listens there."""
    return ModelUnavailable(
        f"What listens at {url} is not Ollama: {why}.", "Set OLLAMA_BASE_URL to Ollama's address, without a path."
    )


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0]
