"""What is read of a response that is too long, compressed or without an end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from agents.errors import ModelError, ModelUnavailable, OrchestratorError
from agents.model import Prompt, Reply
from agents.model.http.bounds import MOST_BODY, MOST_LINE, MOST_REFUSAL, Unreadable
from agents.model.http.connections import Connections
from agents.model.http.stdlib import Address, HttpRequest
from tests.drill import DRILL
from tests.model.hostile import MEGABYTE, Body, Hostile, bomb, events, head, one_line, says
from tests.model.talking import ask

CHAT = "/api/chat"


def streamed(body: Body) -> list[bytes]:
    """The lines that are read of a streamed answer; of a refusal, its beginning."""

    async def run(url: str) -> list[bytes]:
        connections, found = Connections(Address(url), 5.0), list[bytes]()
        async with connections.post(CHAT, b"{}") as response:
            if response.status != 200:
                return [await response.refusal()]
            while line := await response.line():
                found.append(line)
        return found

    with Hostile({CHAT: body}) as server:
        return asyncio.run(run(server.url))


def whole(body: Body, read_timeout: float = 5.0) -> bytes:
    """The body that is read of an answer as a whole."""
    with Hostile({"/api/tags": body}) as server:
        return HttpRequest(Address(server.url), connect_timeout=1.0, read_timeout=read_timeout).ask("GET", "/api/tags")[
            1
        ]


def endless(start: bytes, piece: bytes, pause: float = 0.0) -> Body:
    """An answer that never ends."""

    def pieces() -> Iterator[bytes]:
        yield start
        for again in repeat(piece):
            time.sleep(pause)
            yield again

    return pieces


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (one_line(3), "a line has more than 1 MB"),
        (bomb(1), r"compressed \(gzip\)"),
        (bomb(1, "deflate"), r"compressed \(deflate\)"),
        (lambda: [head("Content-Encoding: br"), b"x"], r"compressed \(br\)"),
    ],
    ids=["line", "gzip", "deflate", "br"],
)
def test_a_streamed_answer_is_refused(body: Body, words: str) -> None:
    """A line without an end, and anything compressed, are errors before they fill the memory."""
    with pytest.raises(Unreadable, match=words):
        streamed(body)


def test_a_long_line_is_read() -> None:
    """A line of the most bytes is no error, and neither are many short lines."""
    line = b"x" * (MOST_LINE - 1) + b"\n"
    assert streamed(lambda: [head(), line, b"\n" * 3000]) == [line, *[b"\n"] * 3000]


@pytest.mark.parametrize("size", [b"-5", b"+5", b"0x5", b"1_0", b"", b"f" * 16])
def test_the_size_of_a_chunk_is_a_number(size: bytes) -> None:
    """A size that Python, but not HTTP would take for a number cannot switch the limits off."""
    with pytest.raises(HTTPException, match="size of a chunk"):
        streamed(lambda: [head("Transfer-Encoding: chunked"), size + b"\r\n", MEGABYTE])


@pytest.mark.parametrize("length", ["-5", "²", "1" * 5000])
def test_a_length_that_is_none_is_not_used(length: str) -> None:
    """The body then ends with its connection."""
    assert streamed(lambda: [head(f"Content-Length: {length}"), b"one\n"]) == [b"one\n"]


def test_of_a_refusal_the_beginning_is_read() -> None:
    """The rest of a long error is left, by both ways to ask."""
    assert streamed(one_line(2, status=500)) == [b"x" * MOST_REFUSAL]
    assert whole(one_line(2, status=500)) == b"x" * MOST_REFUSAL


@pytest.mark.parametrize(
    ("body", "words"), [(one_line(3), "it has more than 2 MB"), (bomb(1), r"compressed \(gzip\)")], ids=["body", "gzip"]
)
def test_a_whole_answer_is_refused(body: Body, words: str) -> None:
    """A list that is too long or compressed is an error; so is one that is shorter than it says."""
    assert whole(lambda: [head(), b"x" * MOST_BODY]) == b"x" * MOST_BODY
    with pytest.raises(Unreadable, match=words):
        whole(body)
    with pytest.raises(IncompleteRead):
        whole(lambda: [head("Content-Length: 9"), b"half"])


@pytest.mark.parametrize("start", [head(), b"HTTP/1.1 200 OK\r\nX: "], ids=["body", "head"])
def test_a_whole_answer_comes_in_time(start: bytes) -> None:
    """A server that sends a byte now and then is not waited for longer than a silent one."""
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        whole(endless(start, b"x", 0.05), 0.2)
    assert time.monotonic() - began < 5


def replied(body: Body, name: str = "llama3.2", path: str = CHAT, **flags: Any) -> Reply | OrchestratorError:
    """What comes of a question to a model whose answer is this."""
    with Hostile({path: body}) as server:
        try:
            return ask(
                Prompt("Shall we?", max_tokens=100), name,
                ollama_base_url=server.url, llm_base_url=f"{server.url}/v1", llm_api_key="none", **flags,
            )[0]  # fmt: skip
        except OrchestratorError as error:
            return error


def letters(number: int) -> Body:
    """An answer of many different words, without an end."""
    words = (f'{{"message":{{"content":"word{n} "}},"done":false}}\n'.encode() for n in range(number))
    return lambda: [head(), *words]


def test_an_answer_has_as_many_letters_as_its_tokens_can_have() -> None:
    """A server that ignores how much was asked for is cut, as if it had stopped there itself."""
    cut = replied(letters(20_000))
    assert isinstance(cut, Reply)
    assert (cut.ended, len(cut.text)) == ("length", 4000)
    assert cut.reply_tokens > 0
    chunks = [{"choices": [{"index": 0, "delta": {"content": f"word{n} "}}]} for n in range(1000)]
    cut = replied(events(*chunks), "langchain:openai:qwen3", "/v1/chat/completions")
    assert isinstance(cut, Reply)
    assert (cut.ended, len(cut.text)) == ("length", 4000)


@pytest.mark.parametrize(
    "body",
    [
        endless(head(), b"\n" * 9999),
        endless(head(), b'{"done":false}\n' * 999),
        endless(head(), b"x" * 10, 0.02),
        endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(head("Transfer-Encoding: chunked"), b"1;x=" + b"y" * 60 + b"\r\n\n\r\n"),
    ],
    ids=["blank lines", "lines without words", "a line by bytes", "a head by lines", "announcements", "chunks"],
)
def test_the_time_of_a_turn_holds_whatever_arrives(body: Body) -> None:
    """However much or little a server sends, the answer ends with its time, as an error that a meeting knows."""
    began = time.monotonic()
    found = replied(body, turn_timeout=1.0)
    assert isinstance(found, ModelError | ModelUnavailable)
    assert time.monotonic() - began < 10


LANGCHAIN = ("langchain:ollama:llama3.2", "langchain:openai:qwen3")


@pytest.mark.parametrize("name", LANGCHAIN)
@pytest.mark.parametrize("what", ["line", "gzip", "refusal"])
def test_clients_of_others_read_no_more(name: str, what: str) -> None:
    """What a library would read or unpack as a whole is cut before it sees it."""
    kind = "Content-Type: text/event-stream"
    body = {"line": one_line(2, kind), "gzip": bomb(2), "refusal": one_line(2, status=500)}[what]
    found = replied(body, name, CHAT if "ollama" in name else "/v1/chat/completions")
    assert isinstance(found, ModelError)
    assert {"line": "more than 256 kB", "gzip": "compressed", "refusal": "failed"}[what] in found.cause


WATCHED = """
import resource, sys
from agents.cli import run
status = run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
sys.exit(status)
"""


def asking(server: Hostile, tmp_path: Path, model: str = "llama3.2") -> "subprocess.Popen[str]":
    """The program, asking one question."""
    here = {
        "OLLAMA_BASE_URL": server.url, "LLM_BASE_URL": f"{server.url}/v1", "LLM_API_KEY": "none",
        "AGENTS_DATA_FOLDER": str(tmp_path), "TURN_TIMEOUT": "20",
    }  # fmt: skip
    command = [sys.executable, "-c", WATCHED, "-m", model, "ask", "cto", "Shall we?"]
    return subprocess.Popen(
        command, env={**os.environ, **here}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


MEGABYTES = 200 if DRILL else 30
SOUND = says('{"message":{"content":"Yes."},"done":true}')


def peak(body: Body, tmp_path: Path, model: str, path: str) -> tuple[int, int]:
    """The exit status of the program that is given this answer, and the most memory it had, in megabytes."""
    with Hostile({path: body}) as server, asking(server, tmp_path, model) as process:
        printed, _ = process.communicate()
    return process.returncode, int(printed.split()[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
@pytest.mark.parametrize(
    "body", [one_line(MEGABYTES), bomb(MEGABYTES), one_line(MEGABYTES, status=500)], ids=["line", "gzip", "refusal"]
)
def test_a_huge_answer_needs_no_memory(body: Body, tmp_path: Path) -> None:
    """The program reports it, and has needed a few megabytes more than for a short answer."""
    _, usual = peak(SOUND, tmp_path, "llama3.2", CHAT)
    status, most = peak(body, tmp_path, "llama3.2", CHAT)
    assert status == 3
    assert most < usual + 20


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_a_huge_answer_needs_no_memory_behind_a_library(tmp_path: Path) -> None:
    """What the client of another adds to a refused answer is a few megabytes, whatever its packages take."""
    path, kind = "/v1/chat/completions", "Content-Type: text/event-stream"
    chunk = {"choices": [{"index": 0, "delta": {"content": "Yes."}, "finish_reason": "stop"}]}
    answers = (events(chunk), one_line(MEGABYTES, kind))
    (sound, usual), (status, most) = (peak(body, tmp_path, "langchain:openai:qwen3", path) for body in answers)
    assert (sound, status) == (0, 3)
    assert most < usual + 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs the signal of Ctrl-C")
def test_ctrl_c_ends_a_huge_answer(tmp_path: Path) -> None:
    """While more arrives than can be read, Ctrl-C works as at any other time."""
    with Hostile({CHAT: endless(head(), b"\n" * 2**20)}) as server, asking(server, tmp_path) as process:
        while CHAT not in server.asked:
            time.sleep(0.01)
        time.sleep(0.2)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert time.monotonic() - pressed < 5
