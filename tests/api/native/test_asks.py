import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from agents.api.native import forms
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from tests.api.native.living import Living, events_of, living
from tests.api.pages.site import keep_rich
from tests.ollama_double import OllamaDouble, faults


@pytest.fixture
def api(ollama: OllamaDouble) -> Iterator[Living]:
    """The API over a model that answers at once."""
    ollama.answer = ["First, the queue."] * 40
    with living() as found:
        yield found


def test_ask_whole_and_in_pieces(api: Living) -> None:
    """An answer comes whole or in pieces, which together are the answer; what is not to be remembered is not."""
    with api.client() as client:
        question = {"question": "What breaks first?", "remember": False}
        whole = client.post("/agents/CTO/ask", json=question).json()
        assert (whole["agent"], whole["text"]) == ("cto", "First, the queue.")
        assert whole["model"] == "ollama:llama3.2"
        streamed = client.post("/agents/cto/ask", json={**question, "stream": True})
        assert streamed.headers["content-type"].startswith("text/event-stream")
        events = events_of(streamed.text)
        assert "".join(one["data"]["text"] for one in events if one["event"] == "text") == whole["text"]
        assert events[-1] == {"id": "", "event": "done", "data": whole}
        assert client.get("/agents/cto/memory").json() == []
        client.post("/agents/cto/ask", json={"question": "What breaks first?"})
        assert [one["author"] for one in client.get("/agents/cto/memory").json()] == ["user", "assistant"]


def test_errors_before_and_in_a_stream(api: Living, ollama: OllamaDouble) -> None:
    """What fails before the first piece has an HTTP status, also where a stream was wanted; later it is an event."""
    with api.client() as client:
        asked = {"question": "Why?", "stream": True, "remember": False}
        unknown = client.post("/agents/ctoo/ask", json=asked)
        assert (unknown.status_code, unknown.json()["remedy"]) == (
            404,
            "Did you mean cto? GET /api/agents lists them all.",
        )
        assert client.post("/agents/cto/ask", json={**asked, "skill": "sing"}).status_code == 404
        assert client.post("/agents/cto/ask", json={**asked, "question": " "}).status_code == 400
        ollama.answer = ["word " * 50]
        ollama.inject(faults.reset(after=3, times=None))
        ollama.pace = 0.02
        events = events_of(client.post("/agents/cto/ask", json=asked).text)
        assert {one["event"] for one in events[:-1]} <= {"text", "note"}
        assert (events[-1]["event"], bool(events[-1]["data"]["error"])) == ("error", True)


def test_a_client_that_goes_away_ends_the_answer(api: Living, ollama: OllamaDouble) -> None:
    """When a client closes its connection, with or without a stream, the model is not kept busy for it."""
    ollama.answer = ["word " * 200] * 4
    ollama.pace = 0.2
    address = ("127.0.0.1", int(api.url.split(":")[2].split("/")[0]))
    for number, stream in enumerate((True, False), 1):
        body = json.dumps({"question": "Why?", "stream": stream, "remember": False}).encode()
        head = f"POST /api/agents/cto/ask HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection(address) as client:
            client.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
            assert ollama.requests.wait_until(lambda log, most=number: len(log.chats()) == most)  # type: ignore[misc]
            time.sleep(0.2)
    assert ollama.requests.wait_until(lambda log: all(one.cancelled for one in log.chats()))


def test_panels_and_workflows(api: Living) -> None:
    """Several agents answer, each on its own or one after the other, whole or in pieces."""
    with api.client() as client:
        panel = {"question": "What breaks first?", "agents": ["cto", "qa_engineer"]}
        found = client.post("/consult", json=panel).json()
        assert [(one["agent"], one["error"]) for one in found["answers"]] == [("cto", ""), ("qa_engineer", "")]
        events = events_of(client.post("/consult", json={**panel, "stream": True}).text)
        assert [one["data"]["agent"] for one in events if one["event"] == "answer"].sort() == [
            "cto",
            "qa_engineer",
        ].sort()
        assert client.post("/consult", json={**panel, "agents": ["auto", "cto"]}).status_code == 400
        work = {"task": "Move sessions", "steps": ["plan=cto:Plan it", {"agent": "qa_engineer", "task": "Test it"}]}
        done = client.post("/workflows", json=work).json()
        assert [one["step"]["name"] for one in done["steps"]] == ["plan", "2. qa_engineer"]
        assert client.post("/workflows", json={**work, "steps": ["nobody"]}).status_code == 404


def test_the_register_and_the_memory(api: Living) -> None:
    """Actions are closed, opened, given to others and dated in words; notes are pinned, found and forgotten."""
    with AgentOrchestrator() as orchestrator:
        orchestrator.actions.add(NewAction(
            meeting="m1", key="1.action.1", series="weekly", topic="Why?", task="Set a time-out", owner="cto", due=None,
            due_text="", turn="T1", quote="", verified=True,
        ))  # fmt: skip
    with api.client() as client:
        assert client.post("/actions/A1/done", json={"note": "merged", "by": "Ada"}).json()["status"] == "done"
        assert client.post("/actions/A1/done", json={}).status_code == 400
        assert client.get("/actions").json() == []
        assert client.post("/actions/a1/reopen", json={}).json()["status"] == "open"
        assert (
            client.post("/actions/A1/assign", json={"owner": "QA Engineer, Ada"}).json()["owner"] == "qa_engineer, Ada"
        )
        assert client.post("/actions/A1/due", json={"due": "2020-01-31"}).json()["overdue"] is True
        assert client.post("/actions/A1/due", json={"due": "soonish"}).status_code == 400
        assert [one["id"] for one in client.get("/actions", params={"owner": "Ada", "overdue": True}).json()] == ["A1"]
        assert "done: merged" in [one["what"] for one in client.get("/actions/A1").json()["history"]]
        number = client.post("/agents/cto/pins", json={"text": "Our budget is frozen."}).json()["number"]
        [found] = client.get("/memory/search", params={"words": "budget"}).json()
        assert (found["number"], found["snippet"]) == (number, "Our [budget] is frozen.")
        assert client.delete("/agents/cto/memory").json() == {"forgotten": 0}
        assert client.delete(f"/memory/pins/{number}").json()["pinned"] is True
        assert client.delete("/memory").json() == {"forgotten": 1}


def test_a_proposed_action_is_taken_on(api: Living) -> None:
    """The first request enters it and answers 201, the same again answers 200 with the same action; what cannot be taken
    on is refused with a remedy in the words of this API.
    """
    meeting = keep_rich()
    sent = {"meeting": meeting, "entry": "2.ac1", "owner": "QA Engineer", "by": "Ada"}
    with api.client() as client:
        first, again = (client.post("/actions", json=sent) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json() == client.get("/actions").json()[0]
        assert {"id": "A1", "owner": "qa_engineer", "agreed": False, "verified": True}.items() <= first.json().items()
        assert client.get("/actions/A1").json()["history"][0] == {
            "at": first.json()["created"], "by": "Ada", "what": "taken on after the meeting, which did not agree on it",
        }  # fmt: skip
        assert client.post("/actions", json={**sent, "entry": "1.R1"}).status_code == 400
        assert client.post("/actions", json={**sent, "meeting": "nothing"}).status_code == 404
        assert client.post("/actions", json={"meeting": meeting}).status_code == 422
        with AgentOrchestrator() as orchestrator:
            orchestrator.meetings.set_status(meeting, "running")
        parked = client.post("/actions", json=sent)
        assert (parked.status_code, parked.json()["remedy"]) == (
            409,
            f"POST /api/meetings/{meeting}/resume continues it.",
        )


def test_answers_in_pieces_end_with_the_service(api: Living, ollama: OllamaDouble) -> None:
    """A stream of an answer ends within a second after the service is told to end, and says so."""
    ollama.answer = ["word " * 500]
    ollama.pace = 0.2
    with api.client() as client:
        threading.Timer(0.7, api.stop_streams).start()
        began = time.monotonic()
        events = events_of(client.post("/agents/cto/ask", json={"question": "Why?", "stream": True}).text)
        assert time.monotonic() - began < 2.5
        assert (events[-1]["event"], events[-1]["data"]["error"]) == ("error", "The service ends.")


def test_characters_that_are_not_text_are_not_kept() -> None:
    """Texts of all forms lose control characters, also in lists, and a text of nothing else is refused."""
    asked = forms.Consultation.model_validate_json(
        '{"question": "a\\u0000\\u001b[1m\\u202eb\\n\\tc", "agents": ["c\\u0007to"]}'
    )
    assert (asked.question, asked.agents) == ("a[1mb\n\tc", ["cto"])
    document = forms.SentDocument.model_validate_json('{"name": "a\\u0000.md", "text": "x\\u202ey"}')
    assert (document.name, document.text) == ("a.md", "xy")
    assert forms.Wish.model_validate_json('{"held": "2026-12-01"}').held
    with pytest.raises(ValueError, match="only characters that are not text"):
        forms.Pin.model_validate_json('{"text": "\\u0000"}')
