"""``orchestrator models bench``: how fast a model is on this server, what to set for it, and what it is worth."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.context import FLAGS, AsJson, opened
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.tables import counted, table, wrapped

if TYPE_CHECKING:
    from agents.model.ollama.bench import Advice, Measured
    from agents.settings import Settings

AT_ONCE = (1, 2, 4)


def register(app: typer.Typer) -> None:
    """Add the command to the models commands."""
    app.command("bench", epilog="Example: orchestrator models bench llama3.2 --json")(bench)


def bench(
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="Such as qwen3:8b; default: the model in the settings.")
    ] = None,
    quality: Annotated[
        bool, typer.Option("--quality", help="Measure what its votes, statements and findings are worth instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how fast a model reads and writes with 1, 2 and 4 calls at once, or what it is worth (--quality)."""
    if quality:
        report_card(model or "", as_json)
    else:
        speed(model, as_json)


def speed(model: str | None, as_json: bool) -> None:
    """Measure the speed of an Ollama model, store it, and print it with recommended settings."""
    from agents.meeting.context import STATEMENT_TOKENS
    from agents.model import ollama_name
    from agents.model.ollama.bench import Bench, advise
    from agents.model.ollama.server import OllamaServer, keep_alive
    from agents.settings import Settings

    settings = Settings.load(**FLAGS)
    name = ollama_name(model or settings.model_name)
    server = OllamaServer(settings)
    details = server.show(name)
    tell(f"Loading {name} with a context of {settings.num_ctx} tokens ...")
    server.load(name, {"num_ctx": settings.num_ctx}, keep_alive(settings.keep_alive))
    measuring, runs = Bench(name, settings), list["Measured"]()
    for calls in AT_ONCE:
        tell(f"Measuring with {counted(calls, 'call')} at once ...")
        runs.append(measuring.measure(calls))
        if runs[-1].at_work < calls:  # the server queues them: more would only wait longer
            break
    advice = advise(runs, details.context_tokens, STATEMENT_TOKENS)
    _remember(settings, name, runs[0])
    if as_json:
        say_json(_as_dict(name, server.version(), settings, runs, advice))
    else:
        _print(runs, advice, settings)


def _as_dict(name: str, version: str, settings: "Settings", runs: "list[Measured]", advice: "Advice") -> dict[str, Any]:
    return {
        "model": name,
        "ollama": version,
        "num_ctx": settings.num_ctx,
        "runs": [asdict(run) for run in runs],
        "advice": {**asdict(advice), "meeting_minutes": {str(k): v for k, v in advice.meeting_minutes.items()}},
    }


def _print(runs: "list[Measured]", advice: "Advice", settings: "Settings") -> None:
    rows = []
    for run in runs:
        meeting = advice.meeting_minutes.get(run.calls)
        minutes = f"{meeting:.0f} min" if meeting is not None else "queued"
        rows.append([run.calls, run.at_work, f"{run.reads:.0f}", f"{run.writes:.1f}", minutes])
    say(table(["calls", "at work", "read/s", "written/s", "reference meeting"], rows))
    say()
    last = runs[-1]
    if last.at_work < last.calls:
        say(
            wrapped(
                f"The server works on {last.at_work} at once, because of its OLLAMA_NUM_PARALLEL. To measure more, "
                f"set it to {AT_ONCE[-1]} there and measure again."
            )
        )
    facts = [
        ("PARALLEL", advice.parallel, settings.parallel, "calls at once; the same for OLLAMA_NUM_PARALLEL there"),
        (
            "NUM_CTX",
            advice.num_ctx,
            settings.num_ctx,
            "read within 3 minutes, if memory allows; OLLAMA_CONTEXT_LENGTH there",
        ),
        ("NUM_PREDICT", advice.num_predict, settings.num_predict, "an answer outside meetings within a minute"),
    ]
    rows = [[name, value, now, why] for name, value, now, why in facts]
    say(table(["setting", "advice", "now", "because"], rows))
    say(f"A meeting's longest statement takes {advice.turn_seconds:.0f} s to write.")


def _remember(settings: "Settings", name: str, run: "Measured") -> None:
    """Store the speed for the plans of meetings."""
    from agents.model.ollama.bench import READ_TOKENS, WRITE_TOKENS
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings) as orchestrator:
        orchestrator.speeds.record(
            model=f"ollama:{name}",
            machine=settings.ollama_base_url,
            prompt_tokens=READ_TOKENS,
            evaluated=READ_TOKENS,
            prompt_seconds=READ_TOKENS / run.reads,
            reply_tokens=WRITE_TOKENS,
            reply_seconds=WRITE_TOKENS / run.writes,
        )


def report_card(model: str, as_json: bool) -> None:
    """Measure a model's report card, store it and print it; "" is the model in the settings."""
    from agents.cli.terminal.report_card import as_dict, page

    with opened() as orchestrator:
        card = orchestrator.report_cards.measure(model, tell)
        titles = {role.id: role.title for role in orchestrator.roles.values()}
    if as_json:
        say_json(as_dict(card))
    else:
        say(page(card, titles))
