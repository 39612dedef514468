"""The time to start: the median of several runs of a new process, compared with the limits of the design.

Run it on an idle machine: python benchmarks/startup.py [RUNS]. Compiled Python files are kept between the runs, as
usual (unless PYTHONDONTWRITEBYTECODE is set).
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

IMPORT = "from agents.orchestrator import AgentOrchestrator"
CASES = (
    ("bare interpreter", ["-c", "pass"], None),
    ("import AgentOrchestrator", ["-c", IMPORT], 60),
    ("orchestrator --help", ["-m", "agents", "--help"], 120),
    ("orchestrator health", ["-m", "agents", "health"], 120),
    ("orchestrator meeting --help", ["-m", "agents", "meeting", "--help"], 120),
)


def milliseconds(arguments: list[str], environment: dict[str, str]) -> float:
    """The wall time of one new interpreter with these arguments, in ms."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print one line for each case: minimum, median, maximum and the limit."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"{'case':<30}{'min':>8}{'median':>8}{'max':>8}{'limit':>8}   ms, {runs} runs")
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for name, arguments, bar in CASES:
            milliseconds(arguments, environment)
            times = [milliseconds(arguments, environment) for _ in range(runs)]
            print(f"{name:<30}{min(times):>8.0f}{statistics.median(times):>8.0f}{max(times):>8.0f}{bar or '':>8}")


if __name__ == "__main__":
    main()
