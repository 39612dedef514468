"""A stand-in for an OpenAI-compatible server (vLLM, Ray Serve, llama-server), on a real socket."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.openai_double.schema import example
from tests.token_odds import either, log_probabilities

Says = Callable[[dict[str, Any]], str]


@dataclass(slots=True)
class Fault:
    """The faults of the next chats.

    Attributes:
        kind: "status", "reset" (the connection breaks), "silence" (no byte until released), "endless" (the stream ends
            without saying so) or "cut" (it is cut at its length).
        status: the status to answer with.
        text: the text of the error.
        after: pieces that are sent first.
        times: the number of chats to which it applies.
    """

    kind: str
    status: int = 0
    text: str = ""
    after: int = 0
    times: int = 1


class OpenAIDouble:
    """A server that speaks the part of OpenAI's API that a chat needs.

    Attributes:
        requests: the bodies of all chats, oldest first.
        keys: the keys sent with them.
        faults: what goes wrong with the next chats.
        served: the models it lists; None makes it a server without a list.
        context: the context it names in its list, as vLLM does; 0 for none.
        cached: the number of prompt tokens reported as cached.
        most_in_flight: the largest number of chats that were open at the same time.
        hung_up: set when a client disconnected before its answer was complete.
        pause: seconds before each answer.
        answers_json: whether it answers a vote even where no shape was asked for, as a model told so in words does.
        shapes: the kinds of ``response_format`` it knows; it refuses others as servers do that do not.
        odds: log-probabilities of the tokens that answers could have begun with; derived from the question if empty.
        gives_odds: whether it gives log-probabilities when asked.
        refuses_odds: the words with which it refuses a request that asks for them; "" for none.
        released: ends every silence.
    """

    def __init__(self, answer: Says | Sequence[str] | None = None, served: Sequence[str] | None = ("qwen3",)) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.faults: list[Fault] = []
        self.served = served
        self.context = 0
        self.cached: int | None = None
        self.most_in_flight = 0
        self.pause = 0.0
        self.answers_json = False
        self.shapes = {"json_schema", "json_object"}
        self.odds: dict[str, float] = {}
        self.gives_odds = True
        self.refuses_odds = ""
        self.hung_up = threading.Event()
        self.released = threading.Event()
        self._says = answer if callable(answer) else None
        self._texts = iter(answer) if answer is not None and not callable(answer) else None
        self._lock = threading.Lock()
        self._open = 0
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Its address, for LLM_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @contextlib.contextmanager
    def in_flight(self) -> Iterator[None]:
        """Count a chat as open."""
        with self._lock:
            self._open += 1
            self.most_in_flight = max(self.most_in_flight, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def next_fault(self) -> Fault | None:
        """The fault that applies to this chat; it is counted."""
        with self._lock:
            if not self.faults:
                return None
            fault = self.faults[0]
            fault.times -= 1
            if fault.times <= 0:
                self.faults.pop(0)
            return fault

    def odds_of(self, body: dict[str, Any]) -> dict[str, float]:
        """What an answer of one token begins with, if the question ends with two words to choose from."""
        if body.get("max_tokens") != 1:
            return {}
        return self.odds or either(body["messages"][-1]["content"])

    def answer_to(self, body: dict[str, Any]) -> str:
        """The answer to a chat."""
        with self._lock:
            if self._texts is not None:
                return next(self._texts)
        if self._says:
            return self._says(body)
        if self.answers_json:
            return '{"vote": "support"}'
        if odds := self.odds_of(body):
            return max(odds, key=odds.__getitem__)
        wanted = body.get("response_format", {})
        shape = wanted.get("json_schema", wanted).get("schema")
        return json.dumps(example(shape)) if shape else f"You asked: {body['messages'][-1]['content'][-60:]}"


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def do_GET(self) -> None:
        if self.path != "/v1/models" or self.server.double.served is None:
            return self._json(404, {"error": {"message": "Not Found"}})
        more = {"max_model_len": self.server.double.context} if self.server.double.context else {}
        entries = [{"id": name, "object": "model", **more} for name in self.server.double.served]
        return self._json(200, {"object": "list", "data": entries})

    def do_POST(self) -> None:
        with self.server.double.in_flight():
            self._chat()

    def _chat(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.double.requests.append(body)
        self.server.double.keys.append(self.headers.get("Authorization", ""))
        fault = self.server.double.next_fault()
        self.server.double.released.wait(self.server.double.pause)
        if fault and fault.kind == "status":
            return self._json(fault.status, {"error": {"message": fault.text, "code": fault.status}})
        if self.server.double.refuses_odds and "logprobs" in body:
            return self._json(400, {"error": {"message": self.server.double.refuses_odds, "code": 400}})
        kind = body.get("response_format", {}).get("type", "")
        if kind and kind not in self.server.double.shapes:
            known = " or ".join(f"'{name}'" for name in ("text", *sorted(self.server.double.shapes)))
            text = f"1 validation error: ('body', 'response_format', 'type'): Input should be {known}"
            return self._json(422, {"error": {"message": text, "code": 422}})
        if fault and fault.kind == "silence" and not fault.after:
            return self._wait()
        try:
            self._stream(body, fault)
        except OSError:
            self.server.double.hung_up.set()
        return None

    def _stream(self, body: dict[str, Any], fault: Fault | None) -> None:
        if fault and fault.kind == "reset" and not fault.after:
            return self._break()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        words = _pieces(self.server.double.answer_to(body))
        limit = body.get("max_tokens", len(words) + 1)
        cut, words = len(words) >= limit, words[:limit]
        wanted = self.server.double.gives_odds and body.get("logprobs")
        odds = log_probabilities(body, words, self.server.double.odds_of(body)) if wanted else []
        self._event(body, {"role": "assistant", "content": ""})
        for number, word in enumerate(words):
            if fault and number == fault.after and fault.kind in {"reset", "silence"}:
                return self._break() if fault.kind == "reset" else self._wait()
            self._event(body, {"content": word}, odds=odds[number : number + 1])
        if not fault or fault.kind == "cut":
            self._event(body, {}, "length" if fault or cut else "stop")
            self._usage(body, len(words))
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")
        return None

    def _event(
        self, body: dict[str, Any], delta: dict[str, str], ended: str | None = None, odds: Sequence[Any] = ()
    ) -> None:
        given = {"logprobs": {"content": list(odds), "refusal": None}} if odds else {}
        self._send(body, [{"index": 0, "delta": delta, **given, "finish_reason": ended}], None)

    def _usage(self, body: dict[str, Any], answer: int) -> None:
        if not body.get("stream_options", {}).get("include_usage"):
            return
        prompt = sum(8 + len(message["content"].split()) * 4 // 3 for message in body["messages"])
        usage: dict[str, Any] = {
            "prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer
        }  # fmt: skip
        if self.server.double.cached is not None:
            usage["prompt_tokens_details"] = {"cached_tokens": self.server.double.cached}
        self._send(body, [], usage)

    def _send(self, body: dict[str, Any], choices: list[Any], usage: dict[str, Any] | None) -> None:
        event = {
            "id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": body["model"],
            "choices": choices, "usage": usage,
        }  # fmt: skip
        self._chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _wait(self) -> None:
        """Wait until released, or until the client disconnects."""
        self.connection.settimeout(0.02)
        while not self.server.double.released.is_set():
            with contextlib.suppress(TimeoutError):
                try:
                    gone = self.connection.recv(1) == b""
                except ConnectionError:
                    gone = True
                if gone:
                    self.server.double.hung_up.set()
                    break
        self.close_connection = True

    def _break(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, double: OpenAIDouble) -> None:
        self.double = double
        super().__init__(("127.0.0.1", 0), _Handler)


def _pieces(text: str) -> list[str]:
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        if number or word:  # a blank at the start belongs to the first word
            yield word if not number else f" {word}"
