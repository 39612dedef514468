import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import ollama as client
import pytest
from langchain_ollama import ChatOllama

from tests.model.over_http import ask, call, lines, user
from tests.ollama_double import Fault, OllamaDouble, faults

WORDS = "one two three four five six seven eight"


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    """A server whose model says the same eight words every time."""
    with OllamaDouble(answer=lambda _: WORDS) as double:
        yield double


@contextmanager
def open_chat(double: OllamaDouble, text: str = "Shall we?") -> Iterator[socket.socket]:
    """A streaming chat whose answer is not read yet."""
    body = json.dumps({"model": "llama3.2", "messages": user(text)}).encode()
    with socket.create_connection(("127.0.0.1", double.port), timeout=30) as connection:
        head = f"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        yield connection


def say(double: OllamaDouble) -> str:
    """What the ollama client streams."""
    with client.Client(double.url) as asking:
        return "".join(piece.message.content or "" for piece in asking.chat("llama3.2", user("Go"), stream=True))


def chat_model(double: OllamaDouble) -> ChatOllama:
    """LangChain's client for the server."""
    return ChatOllama(model="llama3.2", base_url=double.url)


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (faults.busy(), 503, "server busy, please try again.  maximum pending requests exceeded"),
        (faults.internal_error(), 500, "model runner has unexpectedly stopped"),
        (faults.internal_error("boom"), 500, "boom"),
        (faults.not_found(), 404, "model 'llama3.2' not found"),
        (faults.status(429, "slow down"), 429, "slow down"),
        (faults.load_failed(), 500, "llama-server process has terminated: exit status 1"),
        (faults.removed(), 404, 'model "llama3.2" not found, try pulling it first'),
    ],
)
def test_a_refusal_comes_before_any_line_and_only_as_often_as_asked(
    double: OllamaDouble, fault: Fault, status: int, text: str
) -> None:
    """Faults before the answer give their status and text once; Ollama's client raises ResponseError."""
    double.inject(fault)
    with pytest.raises(client.ResponseError) as caught:
        say(double)
    assert caught.value.status_code == status
    assert caught.value.error.startswith(text)
    double.add("llama3.2")
    assert say(double) == WORDS
    assert [bool(record.faults) for record in double.requests.chats()] == [True, False]


def test_a_removed_model_is_listed_no_more(double: OllamaDouble) -> None:
    """A model that is deleted during a request is also deleted from the disk."""
    double.inject(faults.removed())
    assert ask(double)[0] == 404
    assert json.loads(call(double, "GET", "/api/tags")[2]) == {"models": []}
    assert ask(double)[1] == {"error": "model 'llama3.2' not found"}


def test_a_reset_in_mid_line_is_a_broken_read_for_the_client(double: OllamaDouble) -> None:
    """A reset reaches the client as an error of its socket, after the lines before it."""
    double.inject(faults.reset(after=2))
    with open_chat(double) as connection, pytest.raises(ConnectionResetError):
        b"".join(iter(lambda: connection.recv(65536), b""))
    double.inject(faults.reset())
    with pytest.raises(httpx.ReadError):
        say(double)


def test_a_dropped_connection_is_an_incomplete_body_for_the_client(double: OllamaDouble) -> None:
    """A connection that is closed in the middle of a chunk is httpx's RemoteProtocolError, with and without streaming."""
    double.inject(faults.drop(times=2))
    with pytest.raises(httpx.RemoteProtocolError):
        say(double)
    with client.Client(double.url) as asking, pytest.raises(httpx.RemoteProtocolError):
        asking.chat("llama3.2", user("Go"))


def test_half_a_line_and_a_line_that_is_no_json_do_not_parse(double: OllamaDouble) -> None:
    """A stream that ends in the middle of a line, or that contains other text, is complete HTTP and invalid JSON."""
    for fault in (faults.half_line(after=2), faults.garbage(after=1)):
        double.inject(fault)
        with pytest.raises(json.JSONDecodeError):
            lines(double, messages=user("Go"))
    double.inject(faults.garbage(after=1))
    _, _, raw = call(double, "POST", "/api/chat", {"model": "llama3.2", "messages": user("Go")})
    rows = raw.splitlines()
    assert rows[1] == b"<html>502 Bad Gateway</html>"
    assert json.loads(rows[-1])["done"] is True


def test_an_error_in_mid_stream_is_the_last_line_of_a_200(double: OllamaDouble) -> None:
    """An error object ends the stream without done; the client raises it with status -1; whole answers get a 500."""
    double.inject(faults.error_in_stream(after=2))
    status, _, raw = call(double, "POST", "/api/chat", {"model": "llama3.2", "messages": user("Go")})
    *pieces, last = [json.loads(line) for line in raw.splitlines()]
    assert status == 200
    assert [piece["message"]["content"] for piece in pieces] == ["one", " two"]
    assert last == {"error": "an error was encountered while running the model: unexpected EOF"}
    double.inject(faults.error_in_stream(times=2))
    with pytest.raises(client.ResponseError) as caught:
        say(double)
    assert caught.value.status_code == -1
    assert ask(double)[0] == 500


def test_a_stream_without_done_ends_cleanly(double: OllamaDouble) -> None:
    """After the repetition guard a stream has no done line, and a whole answer has done false and no numbers."""
    double.inject(faults.no_done(after=3, times=2))
    assert [piece["done"] for piece in lines(double, messages=user("Go"))] == [False] * 3
    status, answer = ask(double)
    assert (status, list(answer), answer["done"]) == (200, ["model", "created_at", "message", "done"], False)


def test_no_byte_is_sent_before_the_first_token(double: OllamaDouble) -> None:
    """While the first token is awaited the client sees nothing, not even headers; released, the answer is complete."""
    fault = double.inject(faults.slow_first_token())
    with open_chat(double) as connection:
        assert double.requests.wait_until(lambda log: log.chats() and log.chats()[0].faults == ["slow"])
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert double.requests[0].answered is None
        fault.release()
        connection.settimeout(30)
        assert connection.recv(8) == b"HTTP/1.1"


def test_a_stalled_stream_goes_on_when_released(double: OllamaDouble) -> None:
    """A stall comes after the lines asked for, and the rest follows it."""
    fault = double.inject(faults.stall(after=3))
    said: list[str] = []
    with client.Client(double.url) as asking:
        for piece in asking.chat("llama3.2", user("Go"), stream=True):
            said.append(piece.message.content or "")
            if len(said) == 3:
                assert double.requests.wait_until(lambda log: log[0].faults == ["stall"])
                fault.release()
    assert "".join(said) == WORDS


def test_a_client_that_goes_away_is_noted_and_its_slot_is_free(double: OllamaDouble) -> None:
    """A client that disconnects during the answer is recorded as cancelled, and the next request is served."""
    double.inject(faults.stall(after=1))
    with open_chat(double) as connection:
        assert connection.recv(1)
    assert double.requests.wait_until(lambda log: log.cancelled())
    assert say(double) == WORDS
    assert [record.cancelled for record in double.requests.chats()] == [True, False]


def test_a_cancelled_chat_model_closes_its_socket(double: OllamaDouble) -> None:
    """When the task of ChatOllama is cancelled, the server sees that the client disconnects."""
    double.inject(faults.stall(after=2))

    async def cancel() -> None:
        llm = chat_model(double)
        task = asyncio.create_task(llm.ainvoke("Go"))
        assert await asyncio.to_thread(double.requests.wait_until, lambda log: log.chats() and log[0].faults)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await llm._async_client.close()  # type: ignore[no-untyped-call]

    asyncio.run(cancel())
    assert double.requests.wait_until(lambda log: log.cancelled())


def test_a_chat_model_hears_words_numbers_and_the_end(double: OllamaDouble) -> None:
    """ChatOllama gets the text, the token counts and the reason for the end, with and without streaming."""
    double.inject(faults.cut(3, skip=1))

    async def both() -> list[Any]:
        llm = chat_model(double)
        whole = await llm.ainvoke("Go")
        pieces = [piece async for piece in llm.astream("Go")]
        await llm._async_client.close()  # type: ignore[no-untyped-call]
        return [whole, sum(pieces[1:], pieces[0])]

    whole, streamed = asyncio.run(both())
    assert whole.content == WORDS
    assert whole.response_metadata["done_reason"] == "stop"
    assert whole.usage_metadata["output_tokens"] == 9
    assert streamed.content == "one two three"
    assert streamed.response_metadata["done_reason"] == "length"


def test_what_the_model_says_can_be_spoiled(double: OllamaDouble) -> None:
    """Empty answers, other JSON and a missing prompt count are sent on request."""
    double.inject(faults.empty_answer())
    double.inject(faults.wrong_json(skip=1))
    double.inject(faults.no_counts())
    schema = {"type": "object", "properties": {"vote": {"enum": ["support"]}}}
    first = ask(double, format=schema)[1]
    assert (first["message"]["content"], first["done_reason"]) == ("", "stop")
    assert "prompt_eval_count" not in first
    second = ask(double, format=schema)[1]
    assert "vote" not in json.loads(second["message"]["content"])
    assert second["prompt_eval_count"] > 0


def test_a_fault_can_be_meant_for_some_requests_only(double: OllamaDouble) -> None:
    """Faults are chosen by words in the body, by a predicate, by path, and by a number of requests to skip."""
    double.inject(faults.internal_error(contains="security", times=None))
    double.inject(faults.busy(when=lambda request: request.num_ctx == 2048))
    double.inject(faults.internal_error("tags", path="/api/tags"))
    assert ask(double)[0] == 200
    assert [ask(double, messages=user("You are the security engineer"))[0] for _ in range(3)] == [500] * 3
    assert ask(double, options={"num_ctx": 2048})[0] == 503
    assert call(double, "GET", "/api/tags")[0] == 500
    assert call(double, "GET", "/api/tags")[0] == 200


def test_a_server_goes_down_and_comes_up_on_the_same_port(double: OllamaDouble) -> None:
    """After ``down`` connections are refused and answers break off; after ``up`` it serves again, with nothing loaded."""
    ask(double)
    double.down()
    with pytest.raises(ConnectionRefusedError):
        ask(double)
    double.up()
    assert say(double) == WORDS
    assert len(double.engine.loads) == 2
    double.inject(faults.goes_down(after=2))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        say(double)
    with pytest.raises(ConnectionRefusedError):
        ask(double)
    double.up()
    assert say(double) == WORDS


def test_requests_wait_for_a_slot_without_limit_once_the_model_is_loaded(double: OllamaDouble) -> None:
    """With one slot, one request is served at a time, in order, and none is refused."""
    ask(double)
    double.engine.max_queue = 0
    fault = double.inject(faults.slow_first_token())
    order: list[int] = []

    def one(number: int) -> None:
        assert ask(double, messages=user(f"number {number}"))[0] == 200
        order.append(number)

    waiting = []
    for number in range(3):
        waiting.append(threading.Thread(target=one, args=(number,)))
        waiting[-1].start()
        assert double.requests.wait_until(lambda log: len(log.chats()) == len(waiting) + 1)
    fault.release()
    for thread in waiting:
        thread.join(30)
    assert sorted(order) == [0, 1, 2]
    assert double.engine.most_working == 1
    assert double.most_in_flight > 1


def test_a_full_queue_before_a_load_is_503(double: OllamaDouble) -> None:
    """The number of requests that wait for a loading model is limited; if its client disconnects, the next one loads."""
    double.engine.max_queue = 1
    double.inject(faults.slow_load())
    with open_chat(double) as first:
        assert double.requests.wait_until(lambda log: log.chats() and log.chats()[0].faults == ["slow_load"])
        with open_chat(double, "second") as second:
            assert double.requests.wait_until(lambda _: len(double.engine._waiting) == 2)
            assert ask(double)[0] == 503
            first.shutdown(socket.SHUT_RDWR)
            second.settimeout(30)
            assert second.recv(15) == b"HTTP/1.1 200 OK"
    assert double.engine.loads == [("llama3.2:latest", 4096)]
