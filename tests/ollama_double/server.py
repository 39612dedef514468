"""The double: an HTTP server on a real socket that behaves like Ollama, and its controls for tests."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self

from tests.ollama_double.answers import default_answer, default_odds
from tests.ollama_double.engine import Engine
from tests.ollama_double.exchange import GLANCE, Exchange
from tests.ollama_double.faults import Fault, Faults
from tests.ollama_double.generation import Answer
from tests.ollama_double.handler import Handler
from tests.ollama_double.library import Library, LocalModel, full_name
from tests.ollama_double.records import Log
from tests.ollama_double.wire import Refusal

Says = Callable[[dict[str, Any]], str | Answer]
"""Gives the answer to a request's body."""

PULLABLE = ("llama3.2", "llama3.2:1b", "qwen3:4b", "nomic-embed-text")
JOIN_SECONDS = 5.0


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket, with one thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], double: "OllamaDouble") -> None:
        self.double = double
        self.local_only = address[0] in {"127.0.0.1", "localhost", "::1"}
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        super().__init__(address, Handler)

    def opened(self, connection: socket.socket) -> int:
        """Count a new connection; gives its number."""
        with self._lock:
            self._open[connection] = threading.current_thread()
            return self.double.count_connection()

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection that is served."""
        with self._lock:
            self._open.pop(connection, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Record an error inside the double, so that the test that caused it fails."""
        import traceback

        self.double.problems.append(f"{client_address} {request.fileno()}: {traceback.format_exc()}")

    def hang_up(self) -> list[threading.Thread]:
        """Close every connection but the caller's own; gives the threads that served them."""
        with self._lock:
            others = {c: thread for c, thread in self._open.items() if thread is not threading.current_thread()}
            for connection in others:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        return list(others.values())


class OllamaDouble:
    """A server that speaks Ollama's HTTP API.

    Attributes:
        requests: the records of all requests.
        faults: the active faults; ``inject`` adds one.
        library: the models on its disk.
        engine: the models it has loaded.
        answer: the answers: None for words derived from the prompt, a callable that is given the request's
            body, or texts that are used one after another.
        pace: the share of the computed time that really passes: 0 none, 1 all of it.
        prompt_token_ns, reply_token_ns, load_ns: the computed times, in nanoseconds.
        pullable: the names that /api/pull finds.
        pull_bytes, pull_steps, pull_step_seconds: the size of a pull, its lines of progress, the time between them.
        blobs: the number of downloaded bytes, by digest.
        gives_odds: whether it gives log-probabilities when asked; servers before 0.12.11 ignore the question.
        most_in_flight: the largest number of requests that were open at the same time.
        problems: errors of the double itself; ``stop`` raises when there are any.
    """

    def __init__(
        self,
        models: Iterable[str] = ("llama3.2",),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        answer: Says | Iterable[str | Answer] | None = None,
        parallel: int = 1,
        max_queue: int = 512,
        max_loaded: int = 3,
        default_num_ctx: int = 4096,
        host_cache_tokens: int = 0,
        pace: float = 0.0,
        version: str = "0.32.15",
    ) -> None:
        self.requests = Log()
        self.faults = Faults()
        self.library = Library(tuple(models))
        self.engine = Engine(parallel, max_queue, max_loaded, default_num_ctx, host_cache_tokens)
        self.pace = pace
        self.version = version
        self.prompt_token_ns, self.reply_token_ns, self.load_ns = 16_000_000, 80_000_000, 2_100_000_000
        self.pullable = {full_name(name) for name in PULLABLE}
        self.pull_bytes, self.pull_steps, self.pull_step_seconds = 2_019_377_376, 8, 0.0
        self.blobs: dict[str, int] = {}
        self.gives_odds = True
        self.most_in_flight = 0
        self.connections = 0
        self.problems: list[str] = []
        self.stopping = threading.Event()
        self.answer = answer
        self._address = (host, port)
        self._lock = threading.Lock()
        self._open = 0
        self._listener: Listener | None = None
        self._switch = threading.Lock()

    @property
    def answer(self) -> Says | Iterable[str | Answer] | None:
        """The answers that were set."""
        return self._answer

    @answer.setter
    def answer(self, answer: Says | Iterable[str | Answer] | None) -> None:
        self._answer = answer
        self._texts = None if answer is None or callable(answer) else iter(answer)

    @property
    def port(self) -> int:
        """The port it listens on, or listened on before ``down``."""
        return self._address[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self._address[0]}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> "OllamaDouble":
        """Listen; the port stays the same over ``down`` and ``up``."""
        self.up()
        return self

    def up(self) -> None:
        """Listen again after ``down``; nothing is loaded then, as after a restart."""
        with self._switch:
            if self._listener is not None:
                return
            self.stopping.clear()
            listener = Listener(self._address, self)
            self._address = (self._address[0], int(listener.server_address[1]))
            self._listener = listener
            threading.Thread(target=listener.serve_forever, args=(GLANCE,), daemon=True).start()

    def down(self) -> None:
        """Stop listening and close all connections, like a stopped server; new connections are refused."""
        with self._switch:
            listener, self._listener = self._listener, None
            if listener is None:
                return
            self.stopping.set()
            listener.shutdown()
            listener.server_close()
            self.engine.forget()
        for thread in listener.hang_up():
            thread.join(JOIN_SECONDS)

    def stop(self) -> None:
        """End everything.

        Raises:
            RuntimeError: the double itself failed while it served.
        """
        self.faults.clear()
        self.down()
        if self.problems:
            raise RuntimeError("\n".join(self.problems))

    def inject(self, fault: Fault) -> Fault:
        """Activate a fault; see ``faults``."""
        if fault.kind == "down":
            fault.act = self._go_down
        return self.faults.add(fault)

    def remove(self, name: str) -> bool:
        """Delete a model, also when it is loaded; False when there was none."""
        model = self.library.find(name)
        if model is None:
            return False
        self.engine.unload(model.name)
        return self.library.remove(name)

    def add(self, model: LocalModel | str) -> LocalModel:
        """Put a model on the disk."""
        return self.library.add(model)

    def answer_to(self, exchange: Exchange, body: Mapping[str, Any]) -> Answer:
        """The answer to one request.

        Raises:
            Refusal: 500 when the texts given to the double are used up.
        """
        if fault := exchange.fault("answer"):
            return Answer(fault.text)
        said: str | Answer | None
        if self._texts is not None:
            with self._lock:
                said = next(self._texts, None)
            if said is None:
                raise Refusal(500, "the texts given to the double are used up")
        elif callable(self._answer):
            said = self._answer(dict(body))
        else:
            odds = default_odds(body)
            text = max(odds, key=odds.__getitem__) if odds else default_answer(body)
            said = Answer(text, "Let me see what is asked here.", odds=odds)
        return said if isinstance(said, Answer) else Answer(said)

    def count_connection(self) -> int:
        """Count a connection; gives its number, from 1."""
        with self._lock:
            self.connections += 1
            return self.connections

    @contextlib.contextmanager
    def in_flight(self) -> Iterator[None]:
        """Count a request as open."""
        with self._lock:
            self._open += 1
            self.most_in_flight = max(self.most_in_flight, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def _go_down(self, fault: Fault) -> None:
        """Go down during a request, and come up again after the time of the fault, if it has one."""
        self.down()

        def back() -> None:
            if not fault.released.wait(fault.seconds):
                self.up()

        if fault.seconds is not None:
            threading.Thread(target=back, daemon=True).start()
