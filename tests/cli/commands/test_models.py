"""``orchestrator models``, against a server that behaves like Ollama."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agents.model.ollama.bench import Measured, advise, meeting_seconds, overlap
from tests.cli.conftest import Run
from tests.ollama_double import Fault, OllamaDouble, faults

PULL = "/api/pull"


@pytest.fixture
def server(ollama: OllamaDouble) -> OllamaDouble:
    """A server with llama3.2 and qwen3:4b."""
    ollama.add("qwen3:4b")
    return ollama


def test_list_stars_what_the_settings_use(server: OllamaDouble, run: Run) -> None:
    """The list has names and sizes, and a star at the model of the settings only."""
    ran = run("models", "list")
    assert ran.status == 0
    starred = [line for line in ran.out.splitlines() if " * " in line]
    assert [line.split()[0] for line in starred] == ["llama3.2:latest"]
    assert "qwen3:4b" in ran.out
    assert "2.0 GB" in ran.out
    assert [row["name"] for row in json.loads(run("models", "list", "--json").out)]
    assert len(server.requests.to("/api/tags")) == 2


def test_list_names_what_is_missing(server: OllamaDouble, run: Run) -> None:
    """A model that a role is to use but the server lacks is named, with the command that fetches it."""
    ran = run("--model-for", "cto=qwen3:8b", "models", "list")
    assert "not on the server: qwen3:8b" in ran.err
    assert "models ensure" in ran.err
    assert server.library.find("qwen3:8b") is None


def test_show_warns_of_a_context_that_is_not_there(server: OllamaDouble, run: Run) -> None:
    """A model trained for less than NUM_CTX is shown with a word about it."""
    server.add("tiny")
    ran = run("--num-ctx", "16384", "models", "show", "tiny")
    assert ran.status == 0
    assert "trained for 8192" in ran.err
    assert json.loads(run("models", "show", "tiny", "--json").out)["context_tokens"] == 8192


def test_show_of_a_mistyped_name(server: OllamaDouble, run: Run) -> None:
    """A name the server does not have ends with status 3 and the installed one it is like."""
    ran = run("models", "show", "qwem3:4b")
    assert ran.status == 3
    assert "qwen3:4b" in ran.err
    assert server.requests.to("/api/show")


def test_ps_tells_what_is_in_memory(server: OllamaDouble, run: Run) -> None:
    """What is loaded is listed with its context, and a context smaller than NUM_CTX is remarked on."""
    assert "No model is loaded" in run("models", "ps").err
    run("--num-ctx", "4096", "ask", "cto", "Are we there?", "--forget")
    ran = run("models", "ps")
    assert "llama3.2:latest" in ran.out
    assert "4096" in ran.out
    assert "NUM_CTX 8192 will load it again" in ran.err
    assert json.loads(run("models", "ps", "--json").out)[0]["context_tokens"] == 4096
    assert server.engine.loads == [("llama3.2:latest", 4096)]


def test_pull_off_a_terminal_says_a_line_now_and_then(server: OllamaDouble, run: Run) -> None:
    """A fetch of many steps leaves a dozen lines in a log, without a single escape, and the model is there."""
    server.pull_steps = 400
    ran = run("models", "pull", "llama3.2:1b")
    assert ran.status == 0
    assert ran.out == ""
    assert "\x1b" not in ran.err
    assert 8 <= len(ran.err.splitlines()) <= 14
    assert "llama3.2:1b is here, 2.0 GB." in ran.err
    assert server.library.find("llama3.2:1b")


def test_pull_on_a_terminal_draws_a_bar(server: OllamaDouble) -> None:
    """On a terminal the same fetch is drawn with bytes done and bytes in all."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "agents", "models", "pull", "llama3.2:1b"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    server.pull_step_seconds = 0.05
    with subprocess.Popen(command, stderr=slave, stdout=subprocess.DEVNULL, env=environment) as process:
        os.close(slave)
        drawn = b""
        while piece := _read(master):
            drawn += piece
        assert process.wait() == 0
    os.close(master)
    assert b"\x1b[" in drawn
    assert b"2.0/2.0 GB" in drawn


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other side has closed
        return b""


def test_pull_goes_on_by_itself_where_the_line_breaks(server: OllamaDouble, run: Run) -> None:
    """A connection lost halfway is opened again, and what had come is not fetched a second time."""
    server.inject(faults.drop(after=5, path=PULL))
    ran = run("models", "pull", "llama3.2:1b")
    assert ran.status == 0
    assert "Continuing in 1 s." in ran.err
    assert len(server.requests.to(PULL)) == 2
    assert server.library.find("llama3.2:1b")


def test_pull_stopped_by_ctrl_c_says_how_to_go_on(server: OllamaDouble) -> None:
    """Ctrl-C ends a fetch with status 130 and the command to continue with; the server keeps what has come."""
    server.pull_step_seconds = 0.2
    command = [sys.executable, "-m", "agents", "models", "pull", "llama3.2:1b"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert server.requests.wait_until(lambda _log: any(server.blobs.values()))
        process.send_signal(signal.SIGINT)
        assert process.stderr
        said = process.stderr.read()
        assert process.wait() == 130
    assert "continue with: orchestrator models pull llama3.2:1b" in said
    assert any(server.blobs.values())
    assert server.library.find("llama3.2:1b") is None


PULL_FAULTS = {
    "no such name": ("lama3.2", None, "no model lama3.2", "Did you mean llama3.2"),
    "disk full": ("llama3.2:1b", "write /root/.ollama/x: no space left on device", "disk is full", "models rm"),
    "no route": (
        "llama3.2:1b",
        "dial tcp: lookup registry.ollama.ai: no such host",
        "cannot reach the registry",
        "access to the internet",
    ),
    "TLS": ("llama3.2:1b", "tls: failed to verify certificate: x509: unknown authority", "certificate", "mount it"),
    "proxy": ("llama3.2:1b", "proxyconnect tcp: connection refused", "proxy", "HTTPS_PROXY for the Ollama server"),
    "too new": (
        "llama3.2:1b",
        "412: requires a newer version of Ollama",
        "needs a newer version of Ollama",
        "Update Ollama",
    ),
}


@pytest.mark.parametrize("case", PULL_FAULTS)
def test_every_failed_fetch_has_its_own_remedy(server: OllamaDouble, run: Run, case: str) -> None:
    """What went wrong between server and registry is named with the one thing to do about it, and status 3."""
    name, text, cause, remedy = PULL_FAULTS[case]
    if text:
        server.inject(faults.error_in_stream(after=1, text=text, path=PULL))
    ran = run("models", "pull", name)
    assert ran.status == 3
    assert cause in ran.err
    assert remedy in ran.err
    assert server.library.find("llama3.2:1b") is None


def test_no_server_is_told_with_its_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a server every command ends with status 3 and the address it tried."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    for command in ("list", "ps", "ensure", "pull", "bench"):
        ran = run("models", command)
        assert ran.status == 3
        assert "not reachable at http://127.0.0.1:9" in ran.err


def test_ensure_fetches_only_what_is_missing(server: OllamaDouble, run: Run) -> None:
    """A model that is there is not fetched; one that a role uses is, once."""
    assert run("models", "ensure").status == 0
    assert server.requests.to(PULL) == []
    server.pullable.add("mistral:latest")
    arguments = ("--model-for", "cto=mistral", "--model-for", "qa_engineer=mistral", "models", "ensure", "--json")
    assert json.loads(run(*arguments).out) == [
        {"model": "llama3.2", "fetched": False},
        {"model": "mistral", "fetched": True},
    ]
    assert len(server.requests.to(PULL)) == 1


def test_ensure_has_nothing_to_do_for_other_providers(run: Run) -> None:
    """With a model that is not Ollama's, ensure succeeds without any server."""
    ran = run("--model", "rehearsal", "models", "ensure")
    assert ran.status == 0
    assert "nothing to download" in ran.err


def test_rm_asks_before_it_deletes(server: OllamaDouble, run: Run) -> None:
    """Without a terminal --yes must say it; a name that is not there deletes nothing, not even the other one."""
    assert run("models", "rm", "qwen3:4b").status == 2
    assert run("models", "rm", "qwen3:4b", "nothing", "--yes").status == 3
    assert server.library.find("qwen3:4b")
    ran = run("models", "rm", "qwen3:4b", "--yes", "--json")
    assert json.loads(ran.out)["deleted"] == ["qwen3:4b"]
    assert server.library.find("qwen3:4b") is None


def test_bench_sees_how_many_the_server_works_on(ollama: OllamaDouble, run: Run) -> None:
    """With one slot, two calls at once are seen to queue, four are not tried, and one at once is advised."""
    ollama.pace = 0.02
    found = json.loads(run("models", "bench", "--json").out)
    assert [(row["calls"], row["at_work"]) for row in found["runs"]] == [(1, 1), (2, 1)]
    assert found["advice"]["parallel"] == 1
    assert found["runs"][0]["reads"] > found["runs"][0]["writes"] > 0
    assert ollama.requests.num_ctxs() == {8192}
    long = [request for request in ollama.requests.chats() if request.prompt_tokens > 400]
    assert len(long) == 3
    assert all((request.evaluated or 0) > 0.9 * request.prompt_tokens for request in long)


def test_bench_feeds_plans(ollama: OllamaDouble, run: Run) -> None:
    """After a measurement the status knows the model's speeds."""
    ollama.pace = 0.01
    assert run("models", "bench").status == 0
    speeds = json.loads(run("status", "--json").out)["speeds"]
    assert speeds["ollama:llama3.2"]["read_per_second"] > 0


def test_bench_of_a_server_that_fails(ollama: OllamaDouble, run: Run) -> None:
    """A measurement that the server breaks off ends with status 3 and its cause."""
    ollama.inject(faults.internal_error(times=None, path="/api/chat"))
    ran = run("models", "bench")
    assert ran.status == 3
    assert "engine of llama3.2 crashed" in ran.err


def test_more_at_once_is_advised_where_it_saves_a_tenth() -> None:
    """A graphics card's gain at four calls is taken, a processor's of a few hundredths at two is not."""
    processor = [Measured(1, 1, 60.0, 12.0, 1.0), Measured(2, 2, 60.0, 15.6, 1.0), Measured(4, 4, 60.0, 21.6, 1.0)]
    assert meeting_seconds(processor[1]) < meeting_seconds(processor[0])
    assert advise(processor, 131072, 320).parallel == 1
    card = [Measured(1, 1, 3000.0, 100.0, 1.0), Measured(2, 2, 3000.0, 170.0, 1.0), Measured(4, 4, 3000.0, 280.0, 1.0)]
    assert advise(card, 131072, 320).parallel == 4


def test_contexts_are_advised_by_the_time_they_take_to_read() -> None:
    """A slow machine is advised the smallest context, a quick one the largest that the model was trained for."""
    slow, quick = Measured(1, 1, 15.0, 5.0, 1.0), Measured(1, 1, 3000.0, 100.0, 1.0)
    assert advise([slow], 131072, 320).num_ctx == 4096
    assert advise([Measured(1, 1, 60.0, 12.0, 1.0)], 131072, 320).num_ctx == 8192
    assert advise([quick], 16384, 320).num_ctx == 16384
    assert advise([slow], 131072, 320).turn_seconds == 64.0


def test_overlap_counts_what_runs_at_once() -> None:
    """Spans one after the other are one at once, however many; equal spans are as many as there are."""
    assert overlap([(0, 1), (1, 2), (2, 3)]) == 1
    assert overlap([(0, 1)] * 4) == 4
    assert overlap([(0, 1), (0, 1), (1, 2), (1, 2)]) == 2
    assert overlap([]) == 1


def test_loading_is_said_on_stderr(ollama: OllamaDouble, run: Run) -> None:
    """While the server loads the model, the person is told which and how large; the answer alone is data."""
    ollama.inject(_slow())
    ran = run("ask", "cto", "Are we there?", "--forget")
    assert ran.status == 0
    assert "loading llama3.2, 2.0 GB" in ran.err
    assert "loading" not in ran.out


def _slow() -> Fault:
    return faults.slow_load(0.4)


def test_a_role_has_its_own_model(ollama: OllamaDouble, run: Run, tmp_path: Path) -> None:
    """The settings' table gives a role its model; the flag for one call's model beats it."""
    ollama.add("qwen3:4b")
    (tmp_path / "home" / "config.toml").write_text('[model_for]\ncto = "qwen3:4b"\n')
    run("consult", "Redis or not?", "--agents", "cto,qa_engineer", "--forget")
    asked = {request.get("model"): request.last_message for request in ollama.requests.chats()}
    assert "qwen3:4b" in asked
    assert "llama3.2" in asked
    ollama.requests.clear()
    run("--model", "llama3.2", "consult", "Redis or not?", "--agents", "cto,qa_engineer", "--forget")
    assert {request.get("model") for request in ollama.requests.chats()} == {"llama3.2"}


def test_a_model_for_a_role_that_is_not_there(ollama: OllamaDouble, run: Run) -> None:
    """A mistyped role is refused with the one it is like, before anything is asked."""
    ran = run("--model-for", "ctoo=qwen3:4b", "ask", "cto", "Are we there?")
    assert ran.status == 2
    assert "Did you mean cto" in ran.err
    assert ollama.requests.chats() == []
    assert run("--model-for", "cto", "ask", "cto", "Are we there?").status == 2


def test_a_round_loads_each_model_once(ollama: OllamaDouble, run: Run) -> None:
    """On a server with room for one model, every round asks the roles of one model together, and minutes name both."""
    ollama.add("qwen3:4b")
    ollama.engine.max_loaded = 1
    roles = "backend_developer,cto,devops_engineer,qa_engineer"
    arguments = ("meeting", "run", "decision", "--topic", "Move sessions to Redis?", "--agents", roles, "--quiet")
    ran = run("--model-for", "cto=qwen3:4b", "--model-for", "qa_engineer=qwen3:4b", *arguments)
    assert ran.status == 0
    assert "models ollama:llama3.2, ollama:qwen3:4b" in ran.out.replace("\\", "")
    starts, rounds = 2, 3
    assert len(ollama.engine.loads) <= starts + 2 * rounds
    assert ollama.requests.num_ctxs() == {8192}
