"""``orchestrator status`` and ``orchestrator health``."""

from typing import TYPE_CHECKING, Any

from agents.cli.context import AsJson, opened
from agents.cli.terminal.output import say, say_json
from agents.role import standing

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

MB = 1_000_000

NAMES = {
    "ollama": "Ollama",
    "store_mb": "data",
    "agents_that_remember": "agents with memories",
    "disk_free_mb": "disk free",
    "memory_mb": "memory used by this command",
    "machine_memory_mb": "memory of the machine",
    "machine_memory_free_mb": "memory free",
    "cpus": "processors",
}
"""The names of facts in words, if they are not the keys."""


def health() -> None:
    """Check that the program can be loaded, and print ok. Fast enough to run every 30 seconds.

    Example: orchestrator health
    """
    from agents.orchestrator import AgentOrchestrator

    say("ok" if AgentOrchestrator.__name__ else "")


def status(as_json: AsJson = False) -> None:
    """Show meetings, open actions, memory, model and machine.

    Example: orchestrator status --json
    """
    from agents.cli.terminal.tables import table
    from agents.model.state import begin_to_ask

    with opened() as orchestrator:
        state = begin_to_ask(orchestrator.settings)
        work = {**_speeds(orchestrator), **_work(orchestrator), **_machine(orchestrator)}
        facts = {**_version(), **_model(state()), **work}
    if as_json:
        say_json(facts)
    else:
        say(table(["what", "value"], _in_words(facts)))


def _version() -> dict[str, Any]:
    from agents import __version__
    from agents.cli.checkout import commit

    return {"version": __version__, "commit": commit()}


def _model(state: dict[str, Any]) -> dict[str, Any]:
    """The model, and whether its server has it; nothing is loaded for it."""
    return {
        "model": state["name"],
        "model_state": state["state"],
        "model_loaded": state.get("loaded", False),
        "ollama": state.get("server", ""),
        "model_problem": state.get("why", ""),
        "model_remedy": state.get("remedy", ""),
    }


def _speeds(orchestrator: "AgentOrchestrator") -> dict[str, Any]:
    """How fast each model has answered on this machine, and the part of its prompts that was cached."""
    log = orchestrator.speeds
    measured = {label: found for label in log.models() if (found := log.measured(label))}
    return {
        "speeds": {
            label: {
                "read_per_second": round(found.prompt_tps, 1),
                "written_per_second": round(found.reply_tps, 1),
                "share_cached": round(found.cached, 2),
                "calls": found.calls,
            }
            for label, found in measured.items()
        }
    }


def _in_words(facts: dict[str, Any]) -> list[list[str]]:
    """The facts in words, without the empty ones."""
    rows = [[NAMES.get(name, name.replace("_", " ")), _value(name, value)] for name, value in facts.items()]
    if not facts["ollama"]:  # it is not known whether it is loaded
        rows = [row for row in rows if row[0] != "model loaded"]
    return [row for row in rows if row[1]]


def _value(name: str, value: Any) -> str:
    if name == "model_loaded":
        return "yes" if value else "no"
    if name.endswith("_mb"):
        return f"{value:,} MB"
    return _speeds_in_words(value) if name == "speeds" else f"{value:g}" if name == "cpus" else str(value)


def _speeds_in_words(value: dict[str, Any]) -> str:
    speeds = (
        f"{label}: {each['read_per_second']} tokens/s read, {each['written_per_second']} written, "
        f"{each['share_cached']:.0%} of prompts cached ({each['calls']} call{'' if each['calls'] == 1 else 's'})"
        for label, each in value.items()
    )
    return "; ".join(speeds) or "not measured yet"


def _work(orchestrator: "AgentOrchestrator") -> dict[str, Any]:
    """Numbers of agents, meeting types, meetings, actions and memories."""
    meetings = orchestrator.list_meetings()
    remembered = orchestrator.memories.stats()
    return {
        "agents": len(standing(orchestrator.roles)),
        "role_problems": len(orchestrator.roles.problems),
        "meeting_types": len(orchestrator.types),
        "meetings": len(meetings),
        "unfinished_meetings": sum(row.status not in {"closed", "abandoned"} for row in meetings),
        "open_actions": len(orchestrator.actions.list(open_only=True)),
        "agents_that_remember": len({row.agent for row in remembered}),
        "remembered_messages": sum(row.messages for row in remembered),
        "store_mb": round(orchestrator.histories.size() / MB, 1),
    }


def _machine(orchestrator: "AgentOrchestrator") -> dict[str, Any]:
    """What this process uses and may use: in a container, the limits of the container."""
    import psutil

    from agents.machine import read_machine

    machine = read_machine()
    folder = str(orchestrator.settings.data_folder)
    return {
        "data_folder": folder,
        "disk_free_mb": round(psutil.disk_usage(folder).free / MB),
        "memory_mb": round(psutil.Process().memory_info().rss / MB),
        "machine_memory_mb": round(machine.memory / MB),
        "machine_memory_free_mb": round(machine.memory_free / MB),
        "cpus": machine.cpus,
        "load": round(psutil.getloadavg()[0], 2),
        "limited_by": machine.limited_by,
    }
