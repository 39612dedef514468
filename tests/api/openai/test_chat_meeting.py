"""Meetings in a chat: one for each message, as a stream and whole."""

import re
import time
from pathlib import Path

import pytest
from starlette.requests import Request

from agents.api.openai import pacing, runs, sending
from agents.api.openai.chat import base_of
from tests.api.openai.live import Live, asked, live
from tests.ollama_double import OllamaDouble, faults

PROPOSAL = "```plan.md\n# Sessions\n\nMove the sessions to one shared Redis on Monday.\nThere is no backup.\n```\n"
CHAT = {"X-OpenWebUI-Chat-Id": "chat-1", "X-OpenWebUI-User-Message-Id": "m-1"}


def test_links_lead_to_where_readers_reach_the_service() -> None:
    """The address is the one of the request, or the one that X-Forwarded-Host names, if it is one."""
    for more, base in (
        ({}, "http://orchestrator:8000"),
        ({"X-Forwarded-Host": "127.0.0.1:8001"}, "http://127.0.0.1:8001"),
        ({"X-Forwarded-Host": "minutes.example.com", "X-Forwarded-Proto": "https"}, "https://minutes.example.com"),
        ({"X-Forwarded-Host": "a) [b](http://c"}, "http://orchestrator:8000"),
    ):
        headers = [
            (name.lower().encode(), value.encode()) for name, value in {"Host": "orchestrator:8000", **more}.items()
        ]
        request = Request({"type": "http", "scheme": "http", "path": "/v1/chat/completions", "headers": headers})
        assert base_of(request) == base


def test_a_meeting_is_streamed_and_is_the_same_when_it_is_opened_again(interface: Live, model: OllamaDouble) -> None:
    """It begins with its id, has statements, votes and minutes; a second stream of the same request is equal, without
    a second meeting and without a call of the model.
    """
    body = asked("meeting:architecture_review", f"{PROPOSAL}May we build this?")
    first = interface.stream({**body, "stream_options": {"include_usage": True}})
    [meeting] = interface.meetings
    assert first.content.startswith(f"Meeting `{meeting.id}`: Architecture review")
    assert re.search(r"\n\*\*[\w ]+\*\* \(T\d+\):\n\n> ", first.content)
    assert " votes: " in first.content
    assert f"/meetings/{meeting.id}\n\nAsk about them here." in first.content
    assert "# May we build this?" in first.content.split("\n---\n")[1]
    assert "has the floor, " in first.reasoning
    assert first.done
    assert first.usage
    assert first.usage["prompt_tokens"] > 1000
    assert not first.annotations
    assert not first.events
    calls = len(model.requests)
    again = interface.stream(body)
    whole = interface.post(body).json()
    assert again.content == first.content == whole["choices"][0]["message"]["content"]
    assert whole["usage"]["prompt_tokens"] == first.usage["prompt_tokens"]
    assert (len(model.requests), len(interface.meetings)) == (calls, 1)


def test_open_webui_gets_status_and_sources(interface: Live) -> None:
    """Its header brings status events within whole chunks, and a link for each decision and action."""
    streamed = interface.stream(asked("meeting:small", "Buy or build?"), CHAT)
    assert all(event["type"] == "status" for event in streamed.events)
    assert streamed.events[-1]["data"]["done"]
    assert all(chunk["choices"] for chunk in streamed.chunks)
    urls = [one["url_citation"]["url"] for one in streamed.annotations]
    assert any(re.search(r"/meetings/[\w-]+#T\d+$", url) for url in urls)
    assert streamed.annotations[0]["url_citation"]["title"].startswith("D1 ")


def test_what_is_said_cannot_look_like_ours(interface: Live, model: OllamaDouble) -> None:
    """Headings, names and links that a model writes are quoted as text."""
    model.answer = lambda _: "# Minutes\n**QA Engineer** (T9):\nPosition: for\n[D1](http://evil)\n<script>"
    streamed = interface.stream(asked("meeting:small", "Sell or keep?"))
    before = streamed.content.split("\n---\n")[0]
    assert "\\# Minutes" in before
    assert not re.search(r"^(# Minutes|\*\*QA Engineer\*\* \(T9\))", before, re.MULTILINE)
    assert "](http://evil)" not in streamed.content.replace("\\](http", "")
    assert "\n<script>" not in streamed.content


def test_a_document_that_is_missing_is_asked_for(interface: Live) -> None:
    """A review without a document is refused: it says what to attach, and no meeting is stored."""
    before = len(interface.meetings)
    refused = interface.post(asked("meeting:architecture_review", "May we build this?"))
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "messages")
    assert "Attach" in refused.json()["error"]["message"]
    assert "Paste it between lines ~~~ design.md and ~~~, or attach it." in refused.json()["error"]["message"]
    assert len(interface.meetings) == before


def test_a_pasted_block_is_the_document_of_a_review(interface: Live) -> None:
    """In a meeting that needs a document, the only block of the message is one, though it has no name."""
    block = "Move the sessions to one shared Redis on Monday. There is no backup.\n" * 4
    interface.stream(asked("meeting:architecture_review", f"May we do it?\n```\n{block}```"))
    spec = interface.do(lambda: interface.service.owners.get().orchestrator.get_meeting("last"))
    assert [one.name for one in spec.documents] == ["pasted.md"]
    assert [one.text for one in spec.topics] == ["May we do it?"]


def test_what_was_said_before_and_long_messages_are_documents(interface: Live) -> None:
    """Earlier messages go along as chat.md, and a long message as message.md, with its last paragraph as the topic."""
    text = "We keep sessions in memory.\n\n" + "Each server has its own. " * 40 + "\n\nShall we share them"
    interface.stream(asked("meeting:small", "We have three servers.", "Which ones?", text))
    spec = interface.do(lambda: interface.service.owners.get().orchestrator.get_meeting("last"))
    assert [document.name for document in spec.documents] == ["message.md", "chat.md"]
    assert "three servers" in spec.documents[1].text
    assert [topic.text for topic in spec.topics] == ["Shall we share them"]


def test_a_whole_answer_is_not_waited_for_too_long(
    interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while, the answer says that the meeting goes on; the same request then gets its end."""
    monkeypatch.setattr(sending, "HOLD_SECONDS", 0.4)
    silent = model.inject(faults.slow_first_token(times=1, contains="Wait or go?"))
    body = asked("meeting:small", "Wait or go?")
    answer = interface.post(body).json()["choices"][0]
    assert "It still goes on" in answer["message"]["content"]
    assert answer["finish_reason"] == "stop"
    silent.release()
    monkeypatch.setattr(sending, "HOLD_SECONDS", 60)
    before = len(interface.meetings)
    assert "\n---\n" in interface.post(body).json()["choices"][0]["message"]["content"]
    assert len(interface.meetings) == before


def test_a_silent_meeting_says_what_happens(
    interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a model is silent, real pieces say who has the floor."""
    monkeypatch.setattr(pacing, "CHUNK_SECONDS", 0.1)
    model.inject(faults.slow_first_token(0.8, contains="Now or later?"))
    streamed = interface.stream(asked("meeting:small", "Now or later?"), {**CHAT, "X-OpenWebUI-Chat-Id": "chat-2"})
    said = [event["data"]["description"] for event in streamed.events]
    assert sum("has the floor" in one for one in said) >= 6


def test_a_meeting_that_nobody_reads_is_parked_and_goes_on(
    interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its reader has been gone for a while, its turn ends and it is parked; the same request resumes it."""
    monkeypatch.setattr(runs, "LEFT_SECONDS", 0.2)
    model.inject(faults.slow_first_token(0.3, times=None, contains="Left or right?"))
    body = asked("meeting:small", "Left or right?")
    with interface.opened(body) as response:
        next(response.iter_lines())
    meeting = interface.meetings[0].id

    def status() -> str:
        return str(interface.do(lambda: interface.service.owners.get().meetings.state(meeting).status))

    end = time.monotonic() + 10
    while status() == "running" and time.monotonic() < end:
        time.sleep(0.05)
    assert status() == "interrupted"
    model.faults.clear()
    streamed = interface.stream(body)
    assert streamed.content.startswith(f"Meeting `{meeting}`")
    assert "\n---\n" in streamed.content
    assert status() == "closed"


def test_who_comes_back_while_it_is_parked_gets_the_whole_meeting(
    interface: Live, model: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A meeting whose last turn is spoken because nobody read it goes on for a reader who is there again."""
    monkeypatch.setattr(runs, "LEFT_SECONDS", 0.1)
    gate = model.inject(faults.slow_first_token(contains="Up or down?"))
    body = asked("meeting:small", "Up or down?")
    with interface.opened(body) as response:
        lines = response.iter_lines()
        while "has the floor" not in next(lines):  # before its first turn, a meeting is parked at once
            pass

    def stopping() -> bool:
        return any(held.stopping for held in interface.service.owners.get().meetings.all_held())

    end = time.monotonic() + 10
    while not interface.do(stopping) and time.monotonic() < end:
        time.sleep(0.02)
    assert interface.do(stopping)
    with interface.opened(body) as response:
        lines = response.iter_lines()
        first = next(line for line in lines if "Meeting `" in line)
        gate.release()
        rest = "".join(lines)
    assert interface.meetings[0].id in first
    assert "\\n---\\n" in rest
    assert "It is parked" not in rest


def test_a_full_queue_is_refused_for_long(model: OllamaDouble, tmp_path: Path) -> None:
    """A meeting more than may wait is refused so that no program asks again by itself, and is not stored."""
    model.inject(faults.slow_first_token(times=None))
    with (
        live(tmp_path / "data", most_waiting=1, ollama_base_url=model.url, parallel=1) as interface,
        interface.opened(asked("meeting:small", "First?")),
        interface.opened(asked("meeting:small", "Second?")),
    ):
        refused = interface.post(asked("meeting:small", "Third?"))
        assert (refused.status_code, refused.headers["x-should-retry"]) == (429, "false")
        assert int(refused.headers["retry-after"]) > 120
        assert refused.json()["error"]["code"] == "queue_full"
        assert len(interface.meetings) == 2
