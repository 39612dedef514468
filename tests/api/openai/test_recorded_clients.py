"""Requests as chat programs and libraries send them, played against the service: one meeting for a message of a user."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.openai.served import Place, served

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))
HELPER_MILLISECONDS = 10.0
HELPER_WORDS = ("### Task:", "4-12 words", "5-word-or-less", "Git commit messages", "partial conversation about", "short title", "detected language")  # fmt: skip
"""What only the prompts of helper tasks have."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all clients: their topics differ."""
    with served(tmp_path_factory.mktemp("recorded")) as one:
        yield one


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: str(file.stem))
def test_one_message_is_one_meeting(place: Place, file: Path) -> None:
    """Whatever a client sends for one message, also twice, at the same time, or after a cut connection: one meeting is
    held, once, with the documents of the message; helper tasks are answered in the form that the client reads and never
    reach a model.
    """
    recorded = json.loads(file.read_text())
    answers: dict[str, str] = {}
    for step in recorded["steps"]:
        with ThreadPoolExecutor(len(step)) as threads:
            for one, said in zip(step, threads.map(lambda one: play(place, one, answers), step), strict=True):
                check(one, said, answers)
    (meeting_id,) = place.meetings(recorded["topic"])
    wanted = [one["document"] for step in recorded["steps"] for one in step if one.get("document")]
    assert sorted(set(wanted)) == place.documents(meeting_id)
    assert not [text for text in place.double.requests.prompts() if any(word in text for word in HELPER_WORDS)]
    before = place.calls()
    for one in [one for step in recorded["steps"] for one in step if one["is"] == "meeting"]:
        check(one, play(place, {**one, "cut": False}, answers), answers)  # again, after its end
    assert place.calls() == before
    assert place.meetings(recorded["topic"]) == [meeting_id]


def play(place: Place, one: dict[str, Any], answers: dict[str, str]) -> str:
    """Send a request as it was recorded; gives the text of the answer, "" for one that is cut."""
    if one["is"] == "models":
        return httpx.get(f"{place.url}{one['path']}", headers=one["headers"]).text
    body = json.dumps(one["body"]).replace("{item}", answers.get("item", ""))
    if one.get("cut"):
        return cut(place, one, body)
    found = httpx.post(f"{place.url}{one['path']}", content=body, headers=one["headers"], timeout=60)
    assert found.status_code == 200, found.text
    return text_of(found, answers)


def cut(place: Place, one: dict[str, Any], body: str) -> str:
    """Send a request and close the connection when the first words have come."""
    parts = urlsplit(place.url)
    headers = "".join(f"{name}: {value}\r\n" for name, value in one["headers"].items())
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as connection:
        connection.sendall(
            f"POST {one['path']} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        got = b""
        while b"Meeting `" not in got:
            got += connection.recv(4096)
    return ""


def text_of(found: httpx.Response, answers: dict[str, str]) -> str:
    """The text of an answer, of each form, whole or in a stream."""
    if "event-stream" not in found.headers["content-type"]:
        return _whole(found.json(), answers)
    out = ""
    for line in found.text.splitlines():
        if not line.startswith("data: {"):
            continue
        data = json.loads(line.removeprefix("data: "))
        assert "error" not in data, data
        if data.get("type") == "response.output_text.delta":
            out += data["delta"]
        if data.get("type") == "response.completed":
            assert _whole(data["response"], answers) == out
        out += "".join(choice["delta"].get("content") or "" for choice in data.get("choices", ()))
    return out


def _whole(data: dict[str, Any], answers: dict[str, str]) -> str:
    if data["object"] == "response":
        if data["output"][0]["content"][0]["text"].startswith("Meeting `"):
            answers["item"] = data["output"][0]["id"]
        return str(data["output"][0]["content"][0]["text"])
    return str(data["choices"][0]["message"]["content"])


def check(one: dict[str, Any], said: str, answers: dict[str, str]) -> None:
    """Compare an answer with what the client can read."""
    if one["is"] == "helper":
        wanted = one["answer"]
        if isinstance(wanted, str):
            assert said == wanted
        elif wanted is None:
            assert len(json.loads(said)["follow_ups"]) >= 3
        else:
            assert json.loads(said) == wanted
    elif one["is"] == "models":
        assert "meeting:decision" in said
    elif one["is"] == "follow-up":
        assert said.startswith(answers["meeting"].split(":")[0])
    elif said:
        assert said.startswith("Meeting `")
        assert answers.setdefault("meeting", said) == said


def test_helper_tasks_are_quick(place: Place) -> None:
    """A helper task is answered in less than 10 ms, connection and all."""
    recorded = json.loads((RECORDED[0].parent / "open_webui.json").read_text())
    title = next(
        one for step in recorded["steps"] for one in step if one["headers"]["X-OpenWebUI-Task"] == "title_generation"
    )
    times = []
    with httpx.Client() as client:
        for _ in range(20):
            began = time.perf_counter()
            assert (
                client.post(f"{place.url}{title['path']}", json=title["body"], headers=title["headers"]).status_code
                == 200
            )
            times.append((time.perf_counter() - began) * 1000)
    assert min(times) < HELPER_MILLISECONDS
