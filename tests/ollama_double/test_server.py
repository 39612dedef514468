import http.client
import json
import re
import socket
from typing import Any

import ollama as client
import pytest

from tests.model.over_http import ask, call, lines, user
from tests.ollama_double import Answer, OllamaDouble, count, faults, tokenize

CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
FINAL = [
    *("model", "created_at", "message", "done", "done_reason", "total_duration", "load_duration"),
    *("prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration"),
]


def test_a_stream_is_one_json_object_a_line_each_in_a_chunk_of_its_own(ollama: OllamaDouble) -> None:
    """On the wire every line of a streamed chat is one HTTP chunk, and the body ends with the empty chunk."""
    ollama.answer = ["We agree."]
    body = json.dumps({"model": "llama3.2", "messages": user("Shall we?")}).encode()
    with socket.create_connection(("127.0.0.1", ollama.port), timeout=30) as connection:
        head = f"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    top, _, rest = received.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: application/x-ndjson\r\n" in top
    assert b"Transfer-Encoding: chunked" in top
    chunks = re.findall(rb"([0-9a-f]+)\r\n(\{.*?\}\n)\r\n", rest)
    assert [int(size, 16) for size, _ in chunks] == [len(line) for _, line in chunks]
    assert rest.endswith(b"}\n\r\n0\r\n\r\n")
    said = [json.loads(line)["message"]["content"] for _, line in chunks]
    assert said == [*tokenize("We agree."), ""]


def test_fields_stand_in_the_order_of_the_go_structs(ollama: OllamaDouble) -> None:
    """Lines of a stream have four fields, the last one and a whole answer have the numbers too, in Ollama's order."""
    *pieces, last = lines(ollama, messages=user("Shall we?"))
    assert all(list(piece) == ["model", "created_at", "message", "done"] for piece in pieces)
    assert all(list(piece["message"]) == ["role", "content"] and piece["done"] is False for piece in pieces)
    assert list(last) == FINAL
    assert last["done"] is True
    assert list(ask(ollama)[1]) == FINAL


def test_values_are_written_as_go_writes_them(ollama: OllamaDouble) -> None:
    """Times are UTC with Z, durations whole nanoseconds, the model is echoed as sent, and <, > and & are escaped."""
    ollama.answer = ["a < b & c"]
    _, headers, raw = call(ollama, "POST", "/api/chat", {"model": "llama3.2", "messages": user("x"), "stream": False})
    answer = json.loads(raw)
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert b"a \\u003c b \\u0026 c" in raw
    assert CREATED.fullmatch(answer["created_at"])
    assert answer["model"] == "llama3.2"
    assert all(isinstance(answer[name], int) for name in FINAL[5:])
    assert answer["eval_count"] == count("a < b & c") + 1


def test_a_streamed_answer_joined_is_the_whole_answer(ollama: OllamaDouble) -> None:
    """The joined pieces of a stream are the text of the same request without streaming."""
    pieces = lines(ollama, messages=user("What breaks first?"))
    whole = ask(ollama, messages=user("What breaks first?"))[1]
    assert "".join(piece["message"]["content"] for piece in pieces) == whole["message"]["content"]


@pytest.mark.parametrize("name", ["llama3.2", "llama3.2:latest", "LLAMA3.2", "registry.ollama.ai/library/llama3.2"])
def test_a_model_is_found_under_each_of_its_names(ollama: OllamaDouble, name: str) -> None:
    """Tag, letter case and the default registry may be left out; the answer contains the name as it was sent."""
    status, answer = ask(ollama, model=name)
    assert (status, answer["model"]) == (200, name)


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"model": ""}, 400, "model is required"),
        ({"model": "a b"}, 400, "invalid model name"),
        ({"model": "llama3.3"}, 404, "model 'llama3.3' not found"),
        ({"top_logprobs": 21}, 400, "top_logprobs must be between 0 and 20"),
        ({"think": True}, 400, '"llama3.2" does not support thinking'),
        ({"think": "very"}, 400, 'invalid think value: "very" (must be'),
        ({"think": 3}, 400, "think must be a boolean or string ("),
        ({"options": {"num_ctx": "8192"}}, 500, 'option "num_ctx" must be of type integer'),
        ({"format": "xml"}, 500, 'invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object'),
        ({"format": {"$ref": "#/no"}}, 400, "cannot resolve $ref #/no"),
        ({"messages": "hi"}, 400, "json: cannot unmarshal string into Go struct field ChatRequest.messages of type"),
        ({"keep_alive": "30"}, 400, 'time: missing unit in duration "30"'),
        ({"model": "mistral", "tools": [{}]}, 400, "registry.ollama.ai/library/mistral:latest does not support tools"),
        ({"model": "nomic-embed-text"}, 400, '"nomic-embed-text" does not support chat'),
    ],
)
def test_a_bad_chat_is_refused_in_ollamas_words(fields: dict[str, Any], status: int, text: str) -> None:
    """Each bad request gets the status and the error text of the wire format."""
    with OllamaDouble(["llama3.2", "mistral", "nomic-embed-text"]) as double:
        got, answer = ask(double, **fields)
        assert got == status
        assert list(answer) == ["error"]
        assert answer["error"].startswith(text) or (text.startswith("cannot") and text in answer["error"])


def test_a_body_that_is_missing_or_no_json_is_refused(ollama: OllamaDouble) -> None:
    """No body and broken JSON are 400 with Go's text."""
    assert call(ollama, "POST", "/api/chat", b"")[::2] == (400, b'{"error":"missing request body"}')
    status, _, raw = call(ollama, "POST", "/api/chat", b"x")
    assert (status, raw) == (400, b'{"error":"invalid character \'x\' looking for beginning of value"}')


def test_an_error_before_a_stream_has_its_own_status_and_type(ollama: OllamaDouble) -> None:
    """A streaming request that fails at once gets the real status and one plain JSON object."""
    status, headers, raw = call(ollama, "POST", "/api/chat", {"model": "nope", "messages": user("x")})
    assert (status, headers["content-type"]) == (404, "application/json")
    assert raw == b'{"error":"model \'nope\' not found"}'


def test_the_root_and_unknown_places(ollama: OllamaDouble) -> None:
    """GET and HEAD / say that the server is running; an unknown path is 404 and a wrong method 405, in plain text."""
    status, headers, raw = call(ollama, "GET", "/")
    assert (status, headers["content-type"], raw) == (200, "text/plain; charset=utf-8", b"Ollama is running")
    assert call(ollama, "HEAD", "/")[::2] == (200, b"")
    assert call(ollama, "HEAD", "/api/tags")[::2] == (200, b"")
    assert call(ollama, "GET", "/nowhere")[::2] == (404, b"404 page not found")
    assert call(ollama, "GET", "/api/chat")[::2] == (405, b"405 method not allowed")
    assert call(ollama, "GET", "/api/version")[2] == b'{"version":"0.32.15"}'


def test_foreign_hosts_and_origins_are_kept_out(ollama: OllamaDouble) -> None:
    """On loopback another Host or Origin is 403 without a body; OPTIONS from a local origin is 204."""
    assert call(ollama, "GET", "/api/tags", Host="evil.example")[::2] == (403, b"")
    assert call(ollama, "GET", "/api/tags", Origin="http://evil.example")[0] == 403
    status, headers, _ = call(ollama, "OPTIONS", "/api/chat", Origin="http://localhost:3000")
    assert (status, headers["access-control-allow-origin"]) == (204, "http://localhost:3000")


def test_an_empty_chat_or_generate_loads_and_unloads_the_model(ollama: OllamaDouble) -> None:
    """A request without a prompt loads the model, or unloads it with keep_alive 0; the answer is one object."""
    for path, field in (("/api/chat", "message"), ("/api/generate", "response")):
        answer = lines(ollama, path, keep_alive=-1, options={"num_ctx": 8192})
        assert len(answer) == 1
        assert list(answer[0]) == ["model", "created_at", field, "done", "done_reason"]
        assert answer[0]["done_reason"] == "load"
        listed = json.loads(call(ollama, "GET", "/api/ps")[2])["models"]
        assert [(entry["name"], entry["context_length"]) for entry in listed] == [("llama3.2:latest", 8192)]
        assert listed[0]["expires_at"] > "2300"
        assert lines(ollama, path, keep_alive=0)[0]["done_reason"] == "unload"
        assert json.loads(call(ollama, "GET", "/api/ps")[2]) == {"models": []}


def test_num_predict_and_stop_words_end_an_answer(ollama: OllamaDouble) -> None:
    """num_predict cuts the answer with done_reason length; a stop word ends it, and is left out, with done_reason stop."""
    ollama.answer = lambda _: "one two three four"
    cut = ask(ollama, options={"num_predict": 2})[1]
    assert (cut["message"]["content"], cut["done_reason"], cut["eval_count"]) == ("one two", "length", 2)
    ended = ask(ollama, options={"stop": [" three"]})[1]
    assert (ended["message"]["content"], ended["done_reason"]) == ("one two", "stop")


def test_a_thinking_model_thinks_unless_told_not_to() -> None:
    """Thoughts come first, in their own field; with think false there are none."""
    with OllamaDouble(["qwen3:4b"]) as double:
        pieces = lines(double, model="qwen3:4b", messages=user("Why?"))
        assert "thinking" in pieces[0]["message"]
        assert pieces[0]["message"]["content"] == ""
        assert "thinking" not in ask(double, model="qwen3:4b", think=False)[1]["message"]


def test_generate_answers_a_prompt(ollama: OllamaDouble) -> None:
    """/api/generate streams response fields and returns a context."""
    *pieces, last = lines(ollama, "/api/generate", prompt="Why?")
    assert all(list(piece) == ["model", "created_at", "response", "done"] for piece in pieces)
    assert list(last)[:6] == ["model", "created_at", "response", "done", "done_reason", "context"]
    assert ask(ollama, "/api/generate", model="")[1] == {"error": "model '' not found"}


def test_tags_show_and_delete_speak_of_the_disk() -> None:
    """Tags lists the newest first, show describes a model by its full name, delete removes it."""
    with OllamaDouble(["llama3.2", "nomic-embed-text"]) as double:
        listed = json.loads(call(double, "GET", "/api/tags")[2])["models"]
        assert [entry["name"] for entry in listed] == ["llama3.2:latest", "nomic-embed-text:latest"]
        assert list(listed[0]) == ["name", "model", "modified_at", "size", "digest", "details", "capabilities"]
        shown = ask(double, "/api/show")[1]
        assert shown["model_info"]["llama.context_length"] == 131072
        assert ask(double, "/api/show", model="nope") == (404, {"error": "model 'nope:latest' not found"})
        assert call(double, "DELETE", "/api/delete", {"model": "llama3.2"})[::2] == (200, b"")
        assert ask(double)[0] == 404


def test_only_an_embedding_model_embeds() -> None:
    """Vectors have length one; a chat model answers 501."""
    with OllamaDouble(["llama3.2", "nomic-embed-text"]) as double:
        vectors = ask(double, "/api/embed", model="nomic-embed-text", input=["a b", "c"])[1]["embeddings"]
        assert [round(sum(x * x for x in vector), 4) for vector in vectors] == [1.0, 1.0]
        assert ask(double, "/api/embed", input="a")[0] == 501


def test_a_pull_goes_on_where_it_was_cancelled(ollama: OllamaDouble) -> None:
    """Progress is in lines with digests; the downloaded part is kept when the client disconnects; then the model exists."""
    ollama.pull_bytes = 800
    ollama.inject(faults.stall(after=4, path="/api/pull"))
    with client.Client(ollama.url) as asking:
        first = asking.pull("qwen3:4b", stream=True)
        assert [next(first).completed for _ in range(4)] == [None, None, 100, 200]
        first.close()
        assert ollama.requests.wait_until(lambda log: log.cancelled())
        rest = list(asking.pull("qwen3:4b", stream=True))
        assert rest[1].completed in {200, 300}  # the client may leave before or after the next step was taken
        assert rest[1].digest == f"sha256:{rest[1].digest[7:]}"
        assert [step.status for step in rest[-3:]] == ["verifying sha256 digest", "writing manifest", "success"]
        assert "qwen3:4b" in [model.model for model in asking.list().models]
        with pytest.raises(client.ResponseError, match="pull model manifest: file does not exist"):
            list(asking.pull("nothing", stream=True))
    status, answer = ask(ollama, "/api/pull", model="nothing")
    assert (status, answer) == (500, {"error": "pull model manifest: file does not exist"})


def test_requests_share_a_connection_that_is_kept_alive(ollama: OllamaDouble) -> None:
    """Streams and whole answers one after the other need one connection, which is recorded."""
    with client.Client(ollama.url) as asking:
        list(asking.chat("llama3.2", user("one"), stream=True))
        asking.chat("llama3.2", user("two"))
        asking.list()
    assert ollama.requests.connections() == {1}
    assert [record.path for record in ollama.requests] == ["/api/chat", "/api/chat", "/api/tags"]


def test_a_body_may_come_in_chunks(ollama: OllamaDouble) -> None:
    """A request without a length, sent in chunks, is read whole."""
    connection = http.client.HTTPConnection("127.0.0.1", ollama.port, timeout=30)
    parts = [b'{"model":"llama3.2","stream":false,', b'"messages":[{"role":"user","content":"Go"}]}']
    connection.request("POST", "/api/chat", iter(parts), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    assert connection.getresponse().status == 200
    connection.close()
    assert ollama.requests[0].last_message == "Go"


def test_tool_calls_and_log_probabilities_come_when_asked_for(ollama: OllamaDouble) -> None:
    """A tool call has an id and its arguments as an object; each token has its probability."""
    ollama.answer = [Answer("", tool_calls=({"name": "f", "arguments": {"x": 1}},)), "Yes."]
    called = ask(ollama, tools=[{"type": "function", "function": {"name": "f"}}])[1]["message"]
    assert called["tool_calls"] == [
        {"id": "call_00000000", "function": {"index": 0, "name": "f", "arguments": {"x": 1}}}
    ]
    first = lines(ollama, messages=user("Go"), logprobs=True, top_logprobs=3)[0]
    assert list(first["logprobs"][0]) == ["token", "logprob", "bytes", "top_logprobs"]
    assert bytes(first["logprobs"][0]["bytes"]).decode() == first["message"]["content"]
    assert first["logprobs"][0]["top_logprobs"][0]["token"] == first["message"]["content"]
    assert len(first["logprobs"][0]["top_logprobs"]) == 3


def test_an_answer_that_is_not_streamed_has_all_its_probabilities(ollama: OllamaDouble) -> None:
    """One entry for each token, in one list."""
    _, whole = ask(ollama, logprobs=True)
    assert "".join(one["token"] for one in whole["logprobs"]) == whole["message"]["content"]


BEGUN = [*user("Shall we?"), {"role": "assistant", "content": '{"n": '}]
NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}, "why": {"type": "string"}}}


def test_a_message_of_the_model_at_the_end_is_continued_and_comes_back(ollama: OllamaDouble) -> None:
    """Its text stands before the first token of the answer, in one chunk; it does not count as generated."""
    ollama.answer = ["1}"] * 2
    said = lines(ollama, messages=BEGUN)
    assert said[0]["message"]["content"].startswith('{"n": 1')
    assert "".join(line["message"]["content"] for line in said) == '{"n": 1}'
    assert ollama.requests.prompts()[-1].endswith('assistant<|end_header_id|>\n\n{"n": ')
    whole = ask(ollama, messages=BEGUN)[1]
    assert whole["message"]["content"] == '{"n": 1}'
    assert whole["eval_count"] == said[-1]["eval_count"] == 3


@pytest.mark.parametrize(
    ("begun", "wanted", "status"),
    [('{"n": ', NUMBER, 200), ("{", NUMBER, 200), ("{", "json", 200), ('{"why": ', NUMBER, 400), ("n: ", NUMBER, 400)],
)
def test_a_format_that_the_answer_as_begun_does_not_have_is_refused(
    ollama: OllamaDouble, begun: str, wanted: Any, status: int
) -> None:
    """In the engine's words, which are JSON within a string."""
    messages = [*user("Shall we?"), {"role": "assistant", "content": begun}]
    found, said = ask(ollama, messages=messages, format=wanted)
    assert found == status
    if status == 400:
        assert json.loads(said["error"])["error"]["message"] == "Failed to initialize samplers: std::exception"


def test_texts_that_are_used_up_are_an_error(ollama: OllamaDouble) -> None:
    """A list of answers is used in order; after the last one, a request gets a 500 that says so."""
    ollama.answer = ["first", "second"]
    assert [ask(ollama)[1]["message"]["content"] for _ in range(2)] == ["first", "second"]
    assert ask(ollama) == (500, {"error": "the texts given to the double are used up"})


def test_a_failing_answer_callable_fails_the_test_that_gave_it() -> None:
    """An error inside the double is raised when the double is stopped."""
    double = OllamaDouble(answer=lambda body: body["nothing"])
    double.start()
    with pytest.raises(http.client.RemoteDisconnected):
        ask(double)
    with pytest.raises(RuntimeError, match="KeyError: 'nothing'"):
        double.stop()


def test_away_from_loopback_any_host_is_welcome() -> None:
    """Listening on all interfaces, as in a container, the Host header is not checked."""
    with OllamaDouble(host="0.0.0.0") as double:  # noqa: S104 - as the image does
        assert call(double, "GET", "/api/version", Host="ollama:11434")[0] == 200
