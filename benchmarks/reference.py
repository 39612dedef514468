"""The reference consult and the reference meeting, run on a server with computed speed.

    python benchmarks/reference.py [--comparison PYTHON] [--json FILE]

Every run is a fresh process of ``orchestrator``, over real sockets, against ``python -m benchmarks.simulated``. With
``--comparison``, an interpreter that has benchmarks/comparison/requirements.txt installed, the same work is done by a
straightforward LangGraph and a straightforward AutoGen program.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benchmarks"
AGENTS = (
    "solutions_architect", "cloud_architect", "backend_developer", "frontend_developer", "devops_engineer",
    "data_engineer", "security_engineer", "database_administrator",
)  # fmt: skip
TOPICS = (
    "Should sessions move from the database to Redis?",
    "How do we deploy without a maintenance window?",
    "Who may read the audit log, and how is that enforced?",
    "Which data leaves the country, and what do we do about it?",
)
QUESTION = "We expect ten times the load in March. What breaks first, and what do we do about it now?"
CACHES = {"off": 0, "2 GiB": 18_724, "8 GiB": 74_898}
"""The size of the server's prompt cache in main memory, in tokens of llama3.2 3B at f16 (112 KiB each)."""


@dataclass(frozen=True)
class Case:
    """One run.

    Attributes:
        name: what is run.
        command: the program, with its arguments.
        slots: the number of calls at the same time, for client and server.
        cache: the server's prompt cache; see ``CACHES``.
        speeds: prompt tokens evaluated and tokens generated, per second.
    """

    name: str
    command: Sequence[str]
    slots: int = 1
    cache: str = "off"
    speeds: tuple[float, float] = (60.0, 12.0)


@contextmanager
def served(case: Case) -> Iterator[str]:
    """A simulated server for a case; gives its address."""
    reads, writes = case.speeds
    command = [
        sys.executable, "-m", "benchmarks.simulated", "--parallel", str(case.slots), "--reads", str(reads),
        "--cache-tokens", str(CACHES[case.cache]), "--writes", str(writes),
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield (process.stdout.readline() if process.stdout else "").split()[-1]
        finally:
            process.terminate()


def run(case: Case, compiled: Path) -> dict[str, Any]:
    """Run one case; gives the counts of the server and the resources of the client's process.

    Args:
        case: what to run.
        compiled: the folder for compiled Python files, so that no measurement includes compiling.
    """
    with served(case) as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy") and key != "MODEL_FOR"
        } | {
            "OLLAMA_BASE_URL": url, "AGENTS_DATA_FOLDER": f"{folder}/data", "HOME": folder, "PARALLEL": str(case.slots),
            "AGENTS_CONFIG": f"{folder}/none.toml", "PYTHONPATH": str(ROOT), "NUM_CTX": "8192",
            "MODEL_NAME": "llama3.2", "XDG_STATE_HOME": folder, "PYTHONPYCACHEPREFIX": str(compiled),
            "PYTHONDONTWRITEBYTECODE": "", "CONTROL_BALLOTS": "never",
        }  # fmt: skip
        began, clock = time.time(), time.perf_counter()
        with (Path(folder) / "said").open("w+") as said:
            process = subprocess.Popen(case.command, env=environment, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise SystemExit(f"{case.name} failed:\n{said.read()[-4000:]}")
        wall = time.perf_counter() - clock
        with urllib.request.urlopen(f"{url}/report") as answer:  # noqa: S310 - our own server
            report: dict[str, Any] = json.load(answer)
    first = report.pop("first")
    report |= {
        "name": case.name, "cache": case.cache, "speeds": case.speeds, "wall": wall,
        "memory_mb": usage.ru_maxrss / (1024 if sys.platform != "darwin" else 2**20),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "to_warm_up": first["/api/generate"] - began if "/api/generate" in first else None,
        "to_first_chat": first["/api/chat"] - began,
    }  # fmt: skip
    return report


def cases(python: str, folder: Path) -> list[Case]:
    """All cases."""
    own = [sys.executable, "-m", "agents"]
    topics = [word for topic in TOPICS for word in ("--topic", topic)]
    meeting = [*own, "meeting", "run", "architecture_review", *topics, "--agents", ",".join(AGENTS), "--quiet"]
    consult = [*own, "consult", QUESTION, "--agents", ",".join(AGENTS), "--forget"]
    out = [Case("meeting", meeting, slots, cache) for slots in (1, 2, 4) for cache in CACHES]
    out.append(Case("meeting, graphics card", meeting, 4, "8 GiB", (3000.0, 100.0)))
    everybody = [*own, "meeting", "run", "decision", "--topic", TOPICS[0], "--agents", "all", "--quiet"]
    out.append(Case("all 29 agents", everybody))
    out.append(Case("ask", [*own, "ask", "cto", QUESTION, "--forget"]))
    out += [Case("consult", consult, slots) for slots in (1, 4)]
    if python:
        work = folder / "work.json"
        work.write_text(json.dumps(straightforward_work()))
        for name in ("langgraph", "autogen"):
            command = [python, str(HERE / "comparison" / f"{name}_meeting.py"), str(work)]
            out += [Case(name, command, 1, cache) for cache in CACHES]
            out.append(Case(f"{name}, 8k context", [*command, "8192"], 1, "off"))
    return out


def straightforward_work() -> dict[str, Any]:
    """The same work for other frameworks: a card for each agent; two rounds and a vote for each topic."""
    sys.path.insert(0, str(ROOT))
    from agents.meeting import prompts
    from agents.meeting.phases import PHASES
    from agents.meeting.record import Topic
    from agents.role.file import roles_in
    from agents.settings import Settings

    roles = roles_in(Settings.load({}).role_places)
    wants = (prompts.POSITION, prompts.PROPOSAL, prompts.ACTION, prompts.QUESTION)
    return {
        "brief": "This is an architecture review. Speak for your own job, in short plain sentences.",
        "agents": {name: roles[name].card() for name in AGENTS},
        "topics": list(TOPICS),
        "say": prompts.speak(Topic(1, "the one named above"), wants, PHASES["silent_round"].instruction),
        "vote": "Vote on what was proposed. Answer with JSON: vote and reason.",
        "schema": {
            "type": "object",
            "properties": {
                "vote": {"type": "string", "enum": ["support", "object", "abstain"]},
                "reason": {"type": "string"},
            },
            "required": ["vote", "reason"],
        },
        "minutes": "Write the minutes of this topic: decision, actions, open questions.",
    }


def table(reports: Sequence[dict[str, Any]]) -> str:
    """The reports, one line for each."""
    head = (
        f"{'what':<24}{'slots':>5} {'cache':>6}{'calls':>7}{'sent':>9}{'evaluated':>10}{'bound':>8}{'ratio':>7}"
        f"{'cached':>8}{'longest':>8}{'cut':>5}{'minutes':>9}{'use':>7}{'fan use':>8}{'idle ms':>9}{'max':>6}"
        f"{'warm s':>8}{'first s':>8}{'MB':>6}{'conn':>5}{'cpu s':>7}"
    )
    lines = [head]
    for one in reports:
        idle = [1000 * value for value in one["idle"]] or [0.0]
        whole = one["slots"] * one["seconds"]
        ours = one["to_warm_up"] is not None  # the lower limit applies to our order of the prompt only
        bound = f"{one['least']:>8}{one['evaluated'] / one['least']:>7.2f}" if ours else f"{'-':>8}{'-':>7}"
        warm = f"{one['to_warm_up']:.2f}" if one["to_warm_up"] is not None else "-"
        lines.append(
            f"{one['name']:<24}{one['slots']:>5} {one['cache']:>6}{one['calls']:>7}{one['sent']:>9}"
            f"{one['evaluated']:>10}{bound}"
            f"{1 - one['evaluated'] / one['sent']:>8.0%}{one['longest']:>8}{one['cut']:>5}{one['seconds'] / 60:>9.1f}"
            f"{one['busy'] / whole:>7.1%}{one['busy'] / (one['busy'] + one['lost']):>8.2%}"
            f"{statistics.median(idle):>9.1f}{max(idle):>6.0f}{warm:>8}{one['to_first_chat']:>8.2f}"
            f"{one['memory_mb']:>6.0f}{one['connections']:>5}{one['cpu_seconds']:>7.2f}"
        )
    return "\n".join(lines)


def machine() -> str:
    """This machine and today's date, for the head of a table."""
    cpu = Path("/proc/cpuinfo")
    names = [line for line in cpu.read_text().splitlines() if line.startswith("model name")] if cpu.is_file() else []
    name = names[0].partition(":")[2].strip() if names else platform.processor()
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{datetime.now(UTC):%Y-%m-%d}, {name}, {os.cpu_count()} CPUs, Python {platform.python_version()}, {load}"


def main() -> None:
    """Run every case and print the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--comparison", default="", metavar="PYTHON", help="a Python interpreter with the other frameworks"
    )
    parser.add_argument("--only", default="", help="run only the cases whose names start with this")
    parser.add_argument("--json", default="", metavar="FILE", help="also write the numbers to this file")
    given = parser.parse_args()
    print(machine())
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        started = set()
        for case in cases(given.comparison, Path(folder)):
            if case.name.startswith(given.only):
                if tuple(case.command[:3]) not in started:
                    started.add(tuple(case.command[:3]))
                    run(case, Path(folder))  # once without counting, so that files are compiled and read from the disk
                reports.append(run(case, Path(folder)))
                print(table(reports[-1:]) if len(reports) == 1 else table(reports[-1:]).split("\n")[1], flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(reports, indent=1))


if __name__ == "__main__":
    main()
