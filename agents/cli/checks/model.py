"""Checks of the model: Ollama and what is loaded there, how fast it is, and what leaves this machine."""

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from agents.cli.checks import Finding, Subject
from agents.cli.terminal.tables import counted

if TYPE_CHECKING:
    from agents.model.ollama.server import Loaded, OllamaServer
    from agents.settings import Settings

CONNECT_SECONDS = 2.0
"""Seconds to wait for a server that should be near."""

OLDEST_OLLAMA = (0, 12, 4)
"""The first version that can refuse a long prompt instead of cutting it."""

SLOW_TOKENS = 3.0
"""Reply tokens per second below which a meeting takes hours."""

_NOT_OLLAMA = "Not checked: the model is {}"


def reachable(subject: Subject) -> Finding:
    """Whether Ollama answers."""
    server = _server(subject)
    if server is None:
        return _elsewhere(subject)
    server.version(timeout=CONNECT_SECONDS)
    return Finding("ok", f"Ollama answers at {server.url}")


def version(subject: Subject) -> Finding:
    """Whether Ollama is new enough to refuse a prompt that is too long."""
    server = _server(subject)
    if server is None:
        return _elsewhere(subject)
    said = server.version(timeout=CONNECT_SECONDS)
    numbers = tuple(int(number) for number in re.findall(r"[0-9]{1,9}", said)[:3])
    if not any(numbers):  # 0.0.0, which is new rather than old
        return Finding("ok", "Ollama of an unknown version (built from source)")
    if numbers < OLDEST_OLLAMA:
        return Finding("warn", f"Ollama {said} may cut prompts silently.", "Update Ollama.")
    return Finding("ok", f"Ollama {said}")


def present(subject: Subject) -> Finding:
    """Whether the model is on the server's disk."""
    server, name = _server(subject), _name(subject)
    if server is None:
        return _elsewhere(subject)
    details = server.show(name)
    facts = ", ".join(fact for fact in (details.parameters, details.quantization) if fact)
    return Finding("ok", f"{name} is on the server" + (f" ({facts})" if facts else ""))


def loaded(subject: Subject) -> Finding:
    """Whether the model is in the server's memory, and on which processor."""
    server = _server(subject)
    if server is None:
        return _elsewhere(subject)
    found = _loaded(server, _name(subject))
    if found is None:
        return Finding("ok", "Not loaded now; the first answer waits until it is")
    share = 100 * found.on_gpu // found.size if found.size else 0
    return Finding("ok", f"Loaded, {found.size / 1e9:.1f} GB, {share} % of it on a graphics card")


def context(subject: Subject) -> Finding:
    """Whether the model was trained for the context of the settings, and is loaded with it."""
    server, asked = _server(subject), subject.settings.num_ctx
    if server is None:
        return _elsewhere(subject)
    trained = server.show(_name(subject)).context_tokens
    if 0 < trained < asked:
        words = f"The model was trained for {trained} tokens, and NUM_CTX asks for {asked}."
        return Finding("warn", words, f"Set NUM_CTX={trained}.")
    found = _loaded(server, _name(subject))
    in_force = found.context_tokens if found else 0
    if in_force and in_force < asked:
        words = (
            f"The model is loaded with {in_force} tokens, and NUM_CTX asks for {asked}: the next call loads it again."
        )
        return Finding(
            "warn", words, "If this does not change, check OLLAMA_CONTEXT_LENGTH in the server's environment."
        )
    return Finding("ok", f"{asked} tokens asked for" + (f", {in_force} in force" if in_force else ""))


def speed(subject: Subject) -> Finding:
    """How fast the model answers: as measured in earlier meetings, or with --deep by a short question now."""
    server, name = _server(subject), _name(subject)
    if subject.deep and server is not None:
        from agents.cli.checks.speed import speeds_now

        return _judged(*speeds_now(subject.settings, name), "just now")
    from agents.orchestrator import AgentOrchestrator

    unknown = Finding("ok", "Not measured yet; every meeting measures it, and `orchestrator doctor --deep` does")
    with AgentOrchestrator(subject.settings) as orchestrator:
        if not orchestrator.histories.file.exists():
            return unknown
        label = f"ollama:{name}" if server is not None else subject.settings.model_name
        measured = orchestrator.speeds.measured(label)
    return (
        _judged(measured.prompt_tps, measured.reply_tps, f"in {counted(measured.calls, 'call')}")
        if measured
        else unknown
    )


def _judged(reading: float, writing: float, when: str) -> Finding:
    words = f"Reads {reading:,.0f} and writes {writing:.1f} tokens a second ({when})"
    if writing < SLOW_TOKENS:
        return Finding("warn", f"{words}: a meeting takes hours.", "Use a smaller model, or `meeting run --time-box`.")
    return Finding("ok", words)


def egress(subject: Subject) -> Finding:
    """Whether prompts leave this machine, those of roles with a model of their own too. Cloud tracing is switched off
    by each model that could use it.
    """
    settings = subject.settings
    own = _way_of(settings.model_name, settings)
    if own.verdict == "warn":
        return own
    for role, model in settings.model_for.items():
        found = _way_of(model, settings)
        if found.verdict == "warn":
            return Finding("warn", f"{role} has the model {model}. {found.words}", found.remedy)
    return own


def _way_of(model: str, settings: "Settings") -> Finding:
    from agents.model import address_of, split_name

    address, name = address_of(model, settings), split_name(model)[1]
    if address == "":
        return Finding("ok", f"Nothing leaves this machine: {model}")
    if address is None:
        words = f"All prompts go to {name.partition(':')[0]}, over the internet."
        return Finding("warn", words, "Set LLM_BASE_URL to a server of yours, or use an Ollama model.")
    return _way_to(address, name)


def _way_to(url: str, model: str) -> Finding:
    from agents.model.http.stdlib import Address, is_loopback

    address = Address.of(url)
    if address.proxy:
        words = f"All prompts go to {address.url} through the proxy {Address.of(address.proxy).url}."
        return Finding("warn", words, f"Set NO_PROXY={address.host} if no proxy is needed.")
    if re.search(r"[:-]cloud$", model):
        words = f"Ollama hands {model} on to ollama.com: all prompts leave this machine."
        return Finding("warn", words, "Use a model that runs here, such as llama3.2.")
    if is_loopback(address.host):
        return Finding("ok", f"Prompts go to {address.url}, on this machine; tracing is off")
    if _is_near(address.host):
        return Finding("ok", f"Prompts go to {address.url}, on this network; tracing is off")
    words = f"All prompts go to {address.url}, outside this network."
    return Finding("warn", words, "Make sure that this is intended, and that the connection is encrypted.")


def _is_near(host: str) -> bool:
    """Whether a host is on a private network: a private address, or a name without a domain as in Compose."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa"))


def _server(subject: Subject) -> "OllamaServer | None":
    """The server; None if the model is not one of Ollama."""
    from agents.model import split_name
    from agents.model.ollama.server import OllamaServer

    if split_name(subject.settings.model_name)[0] != "ollama":
        return None
    seconds = min(CONNECT_SECONDS, subject.settings.connect_timeout)
    return OllamaServer(subject.settings.with_flags(connect_timeout=seconds))


def _name(subject: Subject) -> str:
    from agents.model import split_name

    return split_name(subject.settings.model_name)[1]


def _elsewhere(subject: Subject) -> Finding:
    return Finding("ok", _NOT_OLLAMA.format(subject.settings.model_name))


def _loaded(server: "OllamaServer", name: str) -> "Loaded | None":
    from agents.model.ollama.server import same_model

    return next((entry for entry in server.loaded() if same_model(entry.name, name)), None)
