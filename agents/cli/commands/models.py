"""``orchestrator models``: list, download and delete the models of the Ollama server, and measure their speed."""

from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.commands import models_bench
from agents.cli.context import FLAGS, AsJson, confirm
from agents.cli.terminal.download import fetch, gigabytes
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.safe_text import one_line
from agents.cli.terminal.tables import table
from agents.errors import ModelMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.model.ollama.server import Installed, OllamaServer
    from agents.settings import Settings

app = typer.Typer(
    cls=CommandGroup,
    help="Models on the Ollama server: list, pull, rm, bench.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
models_bench.register(app)

KNOWN = (
    "llama3.2", "llama3.2:1b", "llama3.1", "llama3.3", "qwen3", "qwen3:4b", "qwen3:8b", "qwen2.5", "qwen2.5-coder",
    "gemma3", "gemma3:4b", "mistral", "mistral-nemo", "mistral-small", "phi4", "phi4-mini", "deepseek-r1", "gpt-oss",
    "granite3.3", "nomic-embed-text",
)  # fmt: skip
"""Well-known names, offered for a mistyped one. Any other name works as well."""

PulledModel = Annotated[
    str | None, typer.Argument(metavar="MODEL", help="Such as qwen3:8b; default: the model in the settings.")
]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="MODEL...", help="Such as qwen3:8b; default: the models in the settings."),
]


@app.command("list", epilog="Example: orchestrator models list")
def list_models(as_json: AsJson = False) -> None:
    """List the models on the server's disk, newest first; a star marks those in the settings."""
    from agents.model import ollama_names
    from agents.model.ollama.server import installed_values, same_model

    settings, server = _server()
    found = server.installed()
    used = ollama_names(settings)
    if as_json:
        say_json([installed_values(one, used) for one in found])
        return
    if not found:
        tell(f"There are no models on {server.url}. Download one: orchestrator models pull {settings.model_name}")
        return
    marked = [[_starred(one, used), gigabytes(one.size), *_kind(one), one.modified[:10]] for one in found]
    say(table(["model", "size", "parameters", "quantization", "context", "fetched"], marked))
    missing = [name for name in used if not any(same_model(one.name, name) for one in found)]
    if missing:
        tell(f"In the settings but not on the server: {', '.join(missing)}. Download with: orchestrator models ensure")


@app.command("show", epilog="Example: orchestrator models show qwen3:8b --json")
def show(model: PulledModel = None, as_json: AsJson = False) -> None:
    """Show the details of a model: family, context, capabilities, license."""
    from agents.model import ollama_name

    settings, server = _server()
    details = server.show(ollama_name(model or settings.model_name))
    if as_json:
        say_json(asdict(details))
        return
    facts = [
        ("model", details.name), ("family", details.family), ("parameters", details.parameters),
        ("quantization", details.quantization), ("context", f"{details.context_tokens} tokens, as trained"),
        ("can", ", ".join(details.capabilities)), ("license", details.license),
    ]  # fmt: skip
    say(table(["what", "value"], [[name, value] for name, value in facts if value]))
    if 0 < details.context_tokens < settings.num_ctx:
        tell(f"NUM_CTX is {settings.num_ctx}, but this model was trained for {details.context_tokens}.")


@app.command("ps", epilog="Example: orchestrator models ps")
def loaded(as_json: AsJson = False) -> None:
    """List the models in the server's memory, and the context each was loaded with."""
    settings, server = _server()
    found = server.loaded()
    if as_json:
        say_json([asdict(one) for one in found])
        return
    if not found:
        tell("No model is loaded; the first question loads one.")
        return
    rows = []
    for one in found:
        on_gpu = f"{round(100 * one.on_gpu / one.size) if one.size else 0} %"
        until = one.expires[:19].replace("T", " ")
        rows.append([one.name, gigabytes(one.size), on_gpu, one.context_tokens, until])
    say(table(["model", "memory", "on GPU", "context", "until"], rows))
    for one in found:
        if 0 < one.context_tokens < settings.num_ctx:
            tell(
                f"{one_line(one.name)} has {one.context_tokens} tokens; NUM_CTX {settings.num_ctx} will load it again."
            )


@app.command("pull", epilog="Example: orchestrator models pull qwen3:8b")
def pull(model: PulledModel = None, as_json: AsJson = False) -> None:
    """Download a model. Parts that are there already are not downloaded again, also after an interruption."""
    from agents.model import ollama_name

    settings, server = _server()
    name = ollama_name(model or settings.model_name)
    before = _find(server, name)
    _fetch(server, name)
    after = _find(server, name)
    if as_json:
        say_json({"model": name, "new": before is None, "size": after.size if after else 0}, None)
    else:
        tell(f"{name} is here{', ' + gigabytes(after.size) if after else ''}.")


@app.command("ensure", epilog="Example: orchestrator models ensure llama3.2 qwen3:8b")
def ensure(models: Names = None, as_json: AsJson = False) -> None:
    """Download only the models that are missing; without names, those in the settings."""
    from agents.model import ollama_name, ollama_names

    settings, server = _server()
    names = [ollama_name(name) for name in models] if models else ollama_names(settings)
    done = []
    for name in names:
        missing = _find(server, name) is None
        if missing:
            _fetch(server, name)
        done.append({"model": name, "fetched": missing})
        if not as_json:
            tell(f"{name} is here{' now' if missing else ''}.")
    if as_json:
        say_json(done, None)
    elif not names:
        tell(f"{settings.model_name} is not a model of Ollama; nothing to download.")


@app.command("rm", epilog="Example: orchestrator models rm qwen3:8b --yes")
def remove(
    models: Annotated[list[str], typer.Argument(metavar="MODEL...", help="Such as qwen3:8b.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete models from the server's disk."""
    from agents.model import ollama_name
    from agents.model.ollama import errors

    _settings, server = _server()
    names = [ollama_name(name) for name in models]
    installed = server.installed()
    found = [(name, _among(installed, name)) for name in names]
    for name, one in found:
        if one is None:
            raise errors.not_installed(name, [other.name for other in installed])
    freed = sum(one.size for _, one in found if one)
    confirm(f"Delete {', '.join(names)} ({gigabytes(freed)}) from {server.url}?", yes)
    for name in names:
        server.delete(name)
    if as_json:
        say_json({"deleted": names, "freed": freed}, None)
    else:
        tell(f"Deleted {', '.join(names)}: {gigabytes(freed)} are free again.")


def _server() -> "tuple[Settings, OllamaServer]":
    from agents.model.ollama.server import OllamaServer
    from agents.settings import Settings

    settings = Settings.load(**FLAGS)
    return settings, OllamaServer(settings)


def _find(server: "OllamaServer", name: str) -> "Installed | None":
    return _among(server.installed(), name)


def _among(installed: "Sequence[Installed]", name: str) -> "Installed | None":
    from agents.model.ollama.server import same_model

    return next((one for one in installed if same_model(one.name.lower(), name.lower())), None)


def _fetch(server: "OllamaServer", name: str) -> None:
    """Download a model; for an unknown name, similar names are offered."""
    try:
        fetch(server, name)
    except ModelMissing as error:
        known = {one.name.removesuffix(":latest") for one in server.installed()} | set(KNOWN)
        near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise ModelMissing(error.cause, f"{error.remedy}{hint}") from error


def _starred(one: "Installed", used: "Sequence[str]") -> str:
    from agents.model.ollama.server import same_model

    return f"{one.name}{' *' if any(same_model(one.name, name) for name in used) else ''}"


def _kind(one: "Installed") -> list[Any]:
    return [one.parameters, one.quantization, one.context_tokens or ""]
