"""Passwords in the addresses of servers and proxies: no byte that the program writes contains one."""

import gzip
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agents.orchestrator import AgentOrchestrator
from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble

PASSWORD = "hunter2swordfish"  # noqa: S105 - planted
DECISION = ("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer", "-q")
ASK = ("ask", "cto", "Buy or build?")
SHOWING = (("config", "show"), ("config", "show", "--json"), ("doctor",), ("status",), ("models", "list"))
KEEPING = (ASK, DECISION, ("meeting", "resume", "last"), ("backup", "--to", "{}/copies"), ("memory", "stats"))
REMOTE = "http://127.0.0.2:9"

FORMS: dict[str, Mapping[str, str]] = {
    "a closed port": {"OLLAMA_BASE_URL": f"http://user:{PASSWORD}@127.0.0.1:9"},
    "a token": {"OLLAMA_BASE_URL": f"http://{PASSWORD}@127.0.0.1:9"},
    "no port": {"OLLAMA_BASE_URL": f"http://user:{PASSWORD}@host:notaport"},
    "a query": {"OLLAMA_BASE_URL": f"http://user:{PASSWORD}@host?x"},
    "another scheme": {"OLLAMA_BASE_URL": f"ftp://user:{PASSWORD}@host"},
    "no scheme": {"OLLAMA_BASE_URL": f"user:{PASSWORD}@host:notaport"},
    "a password with an @": {"OLLAMA_BASE_URL": f"http://user:a@{PASSWORD}@host:99999"},
    "another provider": {"LLM_BASE_URL": f"http://user:{PASSWORD}@127.0.0.1:9/v1", "MODEL_NAME": "langchain:openai:x"},
    "another provider, no port": {"LLM_BASE_URL": f"http://user:{PASSWORD}@h:notaport", "MODEL_NAME": "langchain:openai:x"},
    "through LangChain": {"OLLAMA_BASE_URL": f"http://u:{PASSWORD}@127.0.0.1:9", "MODEL_NAME": "langchain:ollama:x"},
    "a proxy": {"HTTP_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9", "OLLAMA_BASE_URL": "http://elsewhere.invalid:9"},
    "a proxy of a wrong kind": {
        "HTTP_PROXY": f"socks5://user:{PASSWORD}@127.0.0.1:9", "OLLAMA_BASE_URL": "http://elsewhere.invalid:9",
    },
    "a proxy without a port": {
        "HTTP_PROXY": f"http://user:{PASSWORD}@h:notaport", "OLLAMA_BASE_URL": "http://elsewhere.invalid:9",
    },
    "a proxy for another provider": {
        "HTTP_PROXY": f"socks5://user:{PASSWORD}@127.0.0.1:9", "LLM_BASE_URL": "http://elsewhere.invalid:9/v1",
        "MODEL_NAME": "langchain:openai:x",
    },
}  # fmt: skip


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder, and what is packed in it."""
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            yield path, raw
            if path.suffix == ".gz":
                yield path, gzip.decompress(raw)


def holding(folder: Path) -> list[str]:
    """The names of the files that contain the password."""
    return sorted({path.name for path, raw in bytes_of(folder) if PASSWORD.encode() in raw})


def said(run: Run, commands: tuple[tuple[str, ...], ...], place: Path) -> str:
    """All that these commands print, whatever their exit status."""
    out = ""
    for command in commands:
        ran = run("--debug", *(word.replace("{}", str(place)) for word in command))
        out += ran.out + ran.err
    return out


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Everything is logged."""
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("CONNECT_TIMEOUT", "1")
    caplog.set_level(logging.DEBUG)


@pytest.mark.parametrize("form", FORMS)
def test_no_command_tells_a_password(
    run: Run, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is wrong with an address, no command prints its password or writes it anywhere."""
    for name, value in FORMS[form].items():
        monkeypatch.setenv(name, value)
    out = said(run, (*SHOWING, ASK, ("backup", "--to", "{}/copies", "--allow-empty")), tmp_path)
    assert out
    assert PASSWORD not in out
    assert PASSWORD not in caplog.text
    assert holding(tmp_path) == []


def test_a_password_in_the_settings_file_is_not_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one in a file, which is the only one that contains it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"OLLAMA_BASE_URL=http://user:{PASSWORD}@h:notaport\n")
    out = said(run, (*SHOWING, ASK), tmp_path)
    assert PASSWORD not in out
    assert holding(tmp_path) in ([".env"], [])


@pytest.mark.parametrize("user", ["user:", ""], ids=["a password", "a token"])
def test_what_is_stored_has_no_password(
    run: Run, ollama: OllamaDouble, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the histories nor a backup nor a log of asks and meetings that worked."""
    monkeypatch.setenv("OLLAMA_BASE_URL", f"http://{user}{PASSWORD}@{urlsplit(ollama.url).netloc}")
    out = said(run, (*KEEPING, *SHOWING), tmp_path)
    assert PASSWORD not in out
    assert (tmp_path / "copies").is_dir()
    with AgentOrchestrator() as orchestrator:
        assert orchestrator.speeds.models() == ["ollama:llama3.2"]
    assert holding(tmp_path) == []
