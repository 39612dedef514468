"""Read the service's status as a monitoring script would, and complain when something is wrong.

Run it: orchestrator examples run watch_the_service              (starts a service of its own for it)
        orchestrator examples run watch_the_service -- http://127.0.0.1:8000
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from pydantic import BaseModel


class ModelState(BaseModel):
    """The model that answers, and whether it could now."""

    name: str
    state: str


class Status(BaseModel):
    """What this script wants to know of ``/status``; the service says more."""

    version: str
    agents: int
    unfinished_meetings: int
    open_actions: int
    disk_free_mb: int
    model: ModelState


@contextmanager
def own_service() -> Iterator[str]:
    """A service on a free port of this machine, for as long as it is needed; gives its address."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            found = next(found for line in process.stderr or () if (found := re.search(r"http://[\w.]+:\d+", line)))
            yield found[0]
        finally:
            process.terminate()


def report(address: str) -> list[str]:
    """What is to be said of a service, a line each."""
    answer = requests.get(f"{address}/status", timeout=10)
    answer.raise_for_status()
    status = Status.model_validate(answer.json())
    lines = [f"{status.agents} agents, version {status.version}, {status.open_actions} open actions"]
    if status.model.state in {"missing", "unreachable"}:
        lines.append(f"The model {status.model.name} is {status.model.state}.")
    if status.unfinished_meetings:
        lines.append(f"{status.unfinished_meetings} meetings wait to be resumed.")
    if status.disk_free_mb < 1000:
        lines.append(f"Only {status.disk_free_mb} MB of disk are left.")
    return lines


def main() -> None:
    """Ask the service that was named, or one of our own."""
    if len(sys.argv) > 1:
        print("\n".join(report(sys.argv[1])))
        return
    with own_service() as address:
        print("\n".join(report(address)))


if __name__ == "__main__":
    main()
