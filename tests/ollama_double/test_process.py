import json
import signal
import subprocess
import sys

import pytest

from tests.inputs import ROOT
from tests.model.over_http import ask, call
from tests.ollama_double import OllamaDouble, faults
from tests.ollama_double.__main__ import fault_from


def test_it_runs_as_a_process_of_its_own() -> None:
    """``python -m tests.ollama_double`` serves with the models and faults asked for, until SIGTERM."""
    command = [sys.executable, "-m", "tests.ollama_double", "--port", "0", "--models", "a,b", "--fault", "busy"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            away = OllamaDouble(port=port)
            assert [m["name"] for m in json.loads(call(away, "GET", "/api/tags")[2])["models"]] == [
                "a:latest",
                "b:latest",
            ]
            assert [ask(away, model="a")[0], ask(away, model="a")[0]] == [503, 200]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_an_unknown_fault_on_the_command_line_is_named() -> None:
    """A fault that does not exist, or a value it does not take, is refused with its name."""
    assert fault_from("stall:after=3,times=none").rules == faults.Rules(times=None)
    with pytest.raises(ValueError, match="no fault 'earthquake'"):
        fault_from("earthquake")
    with pytest.raises(ValueError, match="does not take colour"):
        fault_from("busy:colour=red")
