"""The service as a process of its own, as the benchmarks measure it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path


@contextmanager
def service(folder: Path, **variables: str) -> Iterator[tuple[int, int]]:
    """The service as a process; yields its port and the id of its process.

    Args:
        folder: of the store.
        **variables: more settings.

    Raises:
        SystemExit: it does not start.
    """
    own = {"AGENTS_DATA_FOLDER": str(folder), "AGENTS_LOG_FOLDER": str(folder / "logs"), "API_RATE": "1000000"}
    command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**environ, **own, **variables}) as process:
        try:
            for line in process.stderr or ():
                if found := re.search(r"Listening on http://\S+?:(\d+)[:,\s]", line):
                    break
            else:
                raise SystemExit("The service does not start.")
            yield int(found[1]), process.pid
        finally:
            process.terminate()
