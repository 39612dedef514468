"""What every request passes before an interface gets it, with interfaces of the tests."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.api import app, limits
from agents.api.interfaces import PAGES
from agents.api.request_log import new_id
from tests.api.own_interface import ENDED, OPENED, PLACES, SECRET
from tests.api.serving import InThread, answered, fetched, served
from tests.ollama_double import OllamaDouble

OWN = "own"
PAGE = "https://chat.example.com"


@pytest.fixture(autouse=True)
def own_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interfaces of the tests are in the places of the program's."""
    monkeypatch.setattr(app, "PLACES", PLACES)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[InThread]:
    """A service with two owners, two ports and a log."""
    tokens = "ada:of-ada, ben:of-ben"
    log: dict[str, Any] = {"log_folder": tmp_path / "log", "log_level": "DEBUG"}
    with served(api_token=OWN, api_tokens=tokens, api_origins=PAGE, api_body_mb=1, **log) as found:
        yield found


def lines(folder: Path) -> list[dict[str, Any]]:
    """The log."""
    return [json.loads(line) for line in (folder / "log" / "orchestrator.log").read_text().splitlines()]


def test_pages_are_opened_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A started service imports the pages by itself, so that the first person does not wait for that; no page has to be
    there for the others.
    """
    own = replace(PAGES, home="tests.api.own_interface:pages")
    monkeypatch.setattr(app, "PAGES", own)
    monkeypatch.setattr(app, "PLACES", (*PLACES[:-1], own))
    before, until = len(OPENED), time.monotonic() + 20
    with served():
        while len(OPENED) == before and time.monotonic() < until:
            time.sleep(0.01)
    assert len(OPENED) == before + 1


def test_interfaces_are_opened_with_their_lifespan_for_an_owner(own: InThread) -> None:
    """Routes and applications get the service and the owner of the token; a second port has one interface at its root."""
    port, second = own.ports
    ada = {"Authorization": "Bearer of-ada"}
    assert answered(port, "/v1/echo", headers=ada)[1] == {"bytes": 0, "owner": "ada", "same": True}
    assert answered(port, "/v1/echo", headers={"X-API-Key": "own"}, body=b"four")[1]["owner"] == ""
    assert answered(second, "/echo", headers={"X-API-Key": "of-ben"}, body=b"four")[1]["bytes"] == 4
    for path in ("/api", "/api/", "/api/where"):
        found = answered(port, path, headers=ada)[1]
        assert (found["open"], found["owner"]) == (["open"], "ada")
    assert fetched(port, "/api/nothing", headers=ada)[0] == 404
    assert answered(second, "/status", headers=ada)[0] == 404
    before = len(ENDED)
    own.stop()
    assert len(ENDED) == before + 1


def test_errors_have_the_form_of_their_path(own: InThread) -> None:
    """OpenAI's under /v1, cause and remedy elsewhere; never a traceback or words of a fault, but the id of the request."""
    ada = {"Authorization": "Bearer of-ada"}
    code, body, headers = answered(own.ports[0], "/v1/fail/busy", headers=ada)
    assert (code, headers["Retry-After"]) == (429, "130")
    assert body["error"] == {
        "message": "Two meetings wait. Wait.", "type": "rate_limit_error", "param": None, "code": "rate_limit_exceeded",
    }  # fmt: skip
    code, body, _ = answered(own.ports[0], "/ollama/fail/unknown", headers=ada)
    assert (code, body["error"]) == (404, "There is no agent 'nobody'.")
    for path in ("/v1/fail/odd", "/ollama/fail/odd"):
        code, body, headers = answered(own.ports[0], path, headers=ada)
        assert (code, body["request_id"]) == (500, headers["X-Request-Id"])
        assert SECRET not in str(body)
    assert answered(own.ports[0], "/v1/nothing", headers=ada)[1]["error"]["message"] == "There is no such path."
    code, body, headers = answered(own.ports[0], "/v1/echo", "DELETE", headers=ada)
    assert (code, set(headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})
    code, body, _ = answered(own.ports[0], "/mcp", headers=ada)
    assert (code, body["remedy"]) == (501, "Install it: pip install 'multi-agent-orchestrator[mcp]'")
    assert answered(own.ports[0], "/v1/echo")[1]["error"]["code"] == "invalid_api_key"


def test_an_answer_that_breaks_off_is_seen_as_one(own: InThread) -> None:
    """The connection is closed before its end."""
    with pytest.raises(http.client.IncompleteRead):
        answered(own.ports[0], "/v1/fail/late", headers={"X-API-Key": "own"})


def test_every_line_of_the_log_has_the_id_of_its_request(own: InThread, tmp_path: Path) -> None:
    """The client's own, if it is one; with path, status and owner, and without query, contents and tokens."""
    send = {"X-API-Key": "of-ada", "X-Request-Id": "my-own.id_1"}
    headers = answered(own.ports[0], f"/v1/fail/odd?q={SECRET.replace(' ', '+')}", headers=send)[2]
    assert headers["X-Request-Id"] == "my-own.id_1"
    for odd in ("a b", "x" * 65, "ü", ""):
        found = answered(own.ports[0], "/health", headers={"X-Request-Id": odd})[2]["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f]{16}", found)
    own.stop()
    ours = [line for line in lines(tmp_path) if line.get("request_id") == "my-own.id_1"]
    assert [line["event"] for line in ours] == ["request failed", "request"]
    assert all((line["path"], line["owner"]) == ("/v1/fail/odd", "ada") for line in ours)
    assert (ours[0]["error"], ours[1]["status"], ours[1]["level"]) == ("RuntimeError", 500, "INFO")
    assert {line["level"] for line in lines(tmp_path) if line.get("path") == "/health"} == {"DEBUG"}
    text = (tmp_path / "log" / "orchestrator.log").read_text()
    assert SECRET not in text
    assert "of-ada" not in text
    assert len({new_id() for _ in range(1000)}) == 1000


def test_only_pages_of_the_settings_may_read_answers(own: InThread) -> None:
    """A browser is told so before it sends a request, and with each answer, refusals too."""
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    code, _, headers = fetched(own.ports[0], "/v1/echo", "OPTIONS", {"Origin": PAGE, **ask})
    assert (code, headers["Access-Control-Allow-Origin"]) == (204, PAGE)
    assert headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    code, _, headers = fetched(own.ports[0], "/v1/echo", headers={"Origin": PAGE})
    assert (code, headers["Access-Control-Allow-Origin"], headers["Vary"]) == (401, PAGE, "Origin")
    for other in (
        "https://evil.example.com",
        "null",
        "http://localhost:3000",
        f"{PAGE}.evil.com",
        "http://chat.example.com",
    ):
        send = {"Origin": other, "X-API-Key": "own"}
        for code, _, headers in (
            fetched(own.ports[0], "/v1/echo", headers=send),
            fetched(own.ports[0], "/v1/echo", "OPTIONS", {**send, **ask}),
        ):
            assert (code, headers["Access-Control-Allow-Origin"]) == (403, None), other
    same = {"Origin": "https://orchestrator.example.com", "Host": "orchestrator.example.com", "X-API-Key": "own"}
    assert answered(own.ports[0], "/v1/echo", headers=same)[0] == 200
    assert fetched(own.ports[0], "/health", "OPTIONS")[0] == 405


def test_a_request_may_not_be_too_big_or_too_slow(own: InThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """413 for one that says so and for one that is found to be, 408 for one that takes too long; in the interface's form."""
    key = {"X-API-Key": "own"}
    assert answered(own.ports[0], "/v1/echo", headers=key, body=b"x" * 1_000_000)[1]["bytes"] == 1_000_000
    with socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
        one.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: a\r\nX-API-Key: own\r\nContent-Length: 1000001\r\n\r\n")
        assert b" 413 " in one.recv(1000)
    chunked = http.client.HTTPConnection("127.0.0.1", own.ports[0], timeout=10)
    chunked.request("POST", "/ollama/echo", iter([b"x" * 600_000] * 2), key, encode_chunked=True)
    response = chunked.getresponse()
    assert (response.status, json.load(response)["error"]) == (413, "The request has more than 1 MB.")
    chunked.close()
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
        one.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: a\r\nX-API-Key: own\r\nContent-Length: 9\r\n\r\nx")
        said = one.makefile("rb").read()
    assert b" 408 " in said
    assert b'"message": "The request did not arrive in time.' in said


def test_versions_and_targets(own: InThread) -> None:
    """A whole address is a target, too; what is no path, and a version that is not HTTP/1, are refused."""
    for ask, status in (
        (b"GET http://localhost:1/health HTTP/1.0\r\n\r\n", b"200"),
        (b"OPTIONS * HTTP/1.0\r\n\r\n", b"400"),
        (b"GET http://[::1/health HTTP/1.0\r\n\r\n", b"400"),
        (b"GET /health HTTP/9.9\r\n\r\n", b"505"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"505"),
    ):
        with socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
            one.sendall(ask)
            assert one.makefile("rb").read().split(b" ")[1] == status


def test_health_is_answered_while_all_interfaces_are_busy(own: InThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request too many of an interface is refused with 503, and health checks are not."""
    monkeypatch.setattr(app, "MOST_REQUESTS", 1)
    with socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
        one.sendall(b"GET /v1/follow HTTP/1.1\r\nHost: a\r\nX-API-Key: own\r\n\r\n")
        assert one.recv(1000)
        code, _, headers = answered(own.ports[0], "/v1/echo", headers={"X-API-Key": "own"})
        assert (code, headers["Retry-After"]) == (503, "60")
        for path in ("/health", "/ready", "/status"):
            assert answered(own.ports[0], path, headers={"X-API-Key": "own"})[0] == 200


def test_the_numbers_are_counted(own: InThread) -> None:
    """/metrics has requests by interface and status, times, meetings, streams, memory and time, in the form of Prometheus."""
    from prometheus_client.parser import text_string_to_metric_families

    key = {"X-API-Key": "own"}
    assert fetched(own.ports[0], "/metrics")[0] == 401
    with socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
        one.sendall(b"GET /v1/follow HTTP/1.1\r\nHost: a\r\nX-API-Key: own\r\n\r\n")
        assert one.recv(1000)
        for _ in range(2):
            answered(own.ports[0], "/v1/fail/odd", headers=key)
        code, text, headers = fetched(own.ports[0], "/metrics", headers=key)
    assert (code, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }
    assert found["orchestrator_requests_total", "v1", "500"] == 2
    assert found["orchestrator_requests_total", "metrics", "401"] == 1
    assert found["orchestrator_request_seconds_count", "v1"] == 2
    assert found["orchestrator_request_seconds_bucket", "v1", "+Inf"] == 2
    assert found["orchestrator_streams_open",] == 1
    assert found["orchestrator_meetings", "closed"] == found["orchestrator_queue_length",] == 0
    assert found["orchestrator_model_tokens_total", "read"] >= 0
    assert found["process_resident_memory_bytes",] > 10_000_000
    assert 0 < found["orchestrator_uptime_seconds",] < 60


def test_a_meeting_is_parked_listed_and_shown(ollama: OllamaDouble, tmp_path: Path) -> None:
    """A stop ends streams and parks meetings in less than five seconds; the next start names them, and their minutes
    are a page that may load nothing.
    """
    from tests.ollama_double import faults

    ollama.inject(faults.slow_first_token(seconds=60, skip=3))
    log = tmp_path / "log"
    with served(log_folder=log) as own, socket.create_connection(("127.0.0.1", own.ports[0]), 10) as one:
        meeting = answered(own.ports[0], "/v1/meet", "POST")[1]["id"]
        one.sendall(b"GET /v1/follow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while len(ollama.requests) < 3:
            time.sleep(0.05)
        began = time.monotonic()
        own.stop()
        assert time.monotonic() - began < 5
        assert b"data: bye" in one.makefile("rb").read()
    with served(log_folder=log) as own:
        code, page, headers = fetched(own.ports[0], f"/meetings/{meeting}")
        assert own.said == [f"1 meeting was interrupted; it can be resumed: {meeting}"]
        assert (code, headers.get_content_type()) == (200, "text/html")
        assert b"Buy or build?" in page
        assert "style-src 'self'" in headers["Content-Security-Policy"]
        code, page, headers = fetched(own.ports[0], "/meetings/nothing")
        assert (code, page.count(b"There is no meeting")) == (404, 1)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answered(own.ports[0], f"/meetings/{meeting}", "POST", body=b"")[0] == 405
    assert any(line.get("meetings") == meeting for line in lines(tmp_path))


def test_owners_see_their_own(ollama: OllamaDouble, own: InThread) -> None:
    """A meeting of one owner is in the status of that one only, and a browser may give the token as a password."""
    import base64

    del ollama
    ada, ben = {"X-API-Key": "of-ada"}, {"X-API-Key": "of-ben"}
    meeting = answered(own.ports[0], "/v1/meet", "POST", ada)[1]["id"]
    for send, meetings in ((ada, 1), (ben, 0), ({"X-API-Key": "own"}, 0)):
        assert answered(own.ports[0], "/status", headers=send)[1]["meetings"] == meetings
    assert fetched(own.ports[0], f"/meetings/{meeting}", headers=ben)[0] == 404
    code, _, headers = fetched(own.ports[0], f"/meetings/{meeting}")
    assert (code, headers["WWW-Authenticate"]) == (401, 'Basic realm="orchestrator"')
    basic = {"Authorization": f"Basic {base64.b64encode(b'any:of-ada').decode()}"}
    assert fetched(own.ports[0], f"/meetings/{meeting}", headers=basic)[0] == 200
    assert fetched(own.ports[0], "/v1/echo", headers=basic)[0] == 401
