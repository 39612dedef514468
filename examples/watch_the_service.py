"""Read the status of the service as a monitoring script would, and report what is wrong.

Run it: orchestrator examples run watch_the_service              (starts its own service)
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
    """The model, and whether it is available now."""

    name: str
    state: str


class Status(BaseModel):
    """The fields of ``/status`` that this script uses; the service has more."""

    version: str
    agents: int
    unfinished_meetings: int
    open_actions: int
    disk_free_mb: int
    model: ModelState


@contextmanager
def own_service() -> Iterator[str]:
    """Start a service on a free port of this machine, and yield its address."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            found = next(found for line in process.stderr or () if (found := re.search(r"http://[\w.]+:\d+", line)))
            yield found[0]
        finally:
            process.terminate()


def report(address: str) -> list[str]:
    """A report about a service, one line each."""
    answer = requests.get(f"{address}/status", timeout=10)
    answer.raise_for_status()
    status = Status.model_validate(answer.json())
    lines = [f"{status.agents} agents, version {status.version}, {status.open_actions} open actions"]
    if status.model.state in {"missing", "unreachable"}:
        lines.append(f"The model {status.model.name} is {status.model.state}.")
    if status.unfinished_meetings:
        lines.append(f"{status.unfinished_meetings} meetings can be resumed.")
    if status.disk_free_mb < 1000:
        lines.append(f"Only {status.disk_free_mb} MB of disk space are free.")
    return lines


def main() -> None:
    """Report about the service at the given address, or about a new one."""
    if len(sys.argv) > 1:
        print("\n".join(report(sys.argv[1])))
        return
    with own_service() as address:
        print("\n".join(report(address)))


if __name__ == "__main__":
    main()
