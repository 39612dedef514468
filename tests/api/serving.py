"""The service as a process, and its answers."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def serving(*words: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the command ``serve`` on a free port, with more variables; yields the process and the port."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if found := re.search(r"Listening on http://\S+?:(\d+)[:,\s]", line):
                    break
            else:
                pytest.fail(f"it ended with {process.wait()} instead of listening")
            yield process, int(found[1])
        finally:
            process.kill()


def answered(
    port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any], Any]:
    """The answer of a path: status, body, headers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            code, raw, found = response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        code, raw, found = error.code, error.read(), error.headers
    return code, json.loads(raw) if raw else {}, found
