"""A request that is sent twice gets one answer: nothing is made twice."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agents.api.openai import attaching
from agents.api.openai.attaching import MOST_EARLIER, earlier_talk, keys_of, named_meetings
from agents.api.openai.requests import ChatMessage, ChatRequest, read_chat
from tests.api.openai.live import Live, Streamed, asked
from tests.growth import grows_too_fast
from tests.ollama_double import OllamaDouble, faults

RETRY = {"x-stainless-retry-count": "1"}


def at_once(*calls: Callable[[], Streamed]) -> list[Streamed]:
    """The answers to calls that are made at the same time."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}, {"X-Chat-Id": "c", "X-Message-Id": "m"}])
def test_equal_requests_at_the_same_time_hold_one_meeting(
    interface: Live, model: OllamaDouble, headers: dict[str, str]
) -> None:
    """Five at once, and one afterwards: one meeting, whose calls are those of one, and six equal answers."""
    body = asked("meeting:small", f"Shall we cache {len(headers)} {[*headers][:1]}?")
    before = len(interface.meetings)
    model.inject(faults.slow_first_token(0.3))
    answers = at_once(*[lambda: interface.stream(body, headers)] * 5)
    calls = len(model.requests)
    answers.append(interface.stream(body, {**headers, **RETRY}))
    assert len(interface.meetings) == before + 1
    assert len({answer.content for answer in answers}) == 1
    assert len(model.requests) == calls


def test_another_message_holds_another_meeting(interface: Live) -> None:
    """Other words, another chat with ids of its own, and another document are other requests."""
    before = len(interface.meetings)
    interface.stream(asked("meeting:small", "Shall we shard?"), {"X-Chat-Id": "c1", "X-Message-Id": "m1"})
    interface.stream(asked("meeting:small", "Shall we shard?"), {"X-Chat-Id": "c2", "X-Message-Id": "m1"})
    interface.stream(asked("meeting:small", "Shall we shard it?"))
    assert len(interface.meetings) == before + 3
    keys = [
        keys_of(read_chat(json.dumps(asked("meeting:small", f"```a.md\n{text}\n```\nYes?")).encode(), {}))
        for text in ("one", "two")
    ]
    assert keys[0].fingerprint != keys[1].fingerprint


@pytest.mark.parametrize("name", ["cto", "meeting:small"])
def test_a_key_with_another_request_is_refused(interface: Live, name: str) -> None:
    """Who sends other words with an equal idempotency key is told so, and nothing is asked or held."""
    key = {"Idempotency-Key": f"used for {name}"}
    first = interface.stream(asked(name, "Shall we log?"), key)
    before = len(interface.meetings)
    refused = interface.post(asked(name, "Shall we not log?"), key)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert interface.stream(asked(name, "Shall we log?"), key).content == first.content
    assert len(interface.meetings) == before


@pytest.mark.parametrize("chat", ["local", "local:aX9", "none", "null", "undefined", "None", ""])
def test_an_id_that_many_chats_share_names_none(chat: str) -> None:
    """Two messages of two chats without ids of their own are two requests, whatever the program writes as the id."""
    body = json.dumps(asked("meeting:small", "Shall we shard?")).encode()
    keys = keys_of(read_chat(body, {"X-OpenWebUI-Chat-Id": chat, "X-OpenWebUI-User-Message-Id": "m1"}))
    assert (keys.chat, keys.said) == ("", "")
    assert keys == keys_of(read_chat(body, {}))


def test_a_first_message_that_is_edited_holds_another_meeting(interface: Live) -> None:
    """It is the chat's meeting from then on; its own id gets it again, and each branch of the chat keeps its own."""
    before = len(interface.meetings)
    first = interface.stream(asked("meeting:small", "Tea?"), {"X-Chat-Id": "edited", "X-Message-Id": "m1"})
    edited = interface.stream(asked("meeting:small", "Coffee?"), {"X-Chat-Id": "edited", "X-Message-Id": "m2"})
    assert len(interface.meetings) == before + 2
    again = interface.stream(asked("meeting:small", "Tea?"), {"X-Chat-Id": "edited", "X-Message-Id": "m1"})
    assert again.content == first.content
    chat = {"X-Chat-Id": "edited"}
    newest = interface.stream(asked("meeting:small", "Coffee?", "(cut)", "status"), chat)
    assert newest.content.split(":")[0] == edited.content.split(":")[0]
    older = interface.stream(asked("meeting:small", "Tea?", first.content, "status"), chat)
    assert older.content.split(":")[0] == first.content.split(":")[0]
    assert len(interface.meetings) == before + 2


@pytest.mark.parametrize(
    "text",
    [
        "Meeting `a`: x",
        "**[AI]** Meeting `a`: x",
        "<think>\nMeeting `b`\n</think>Meeting `a`: x",
        '<details type="reasoning">\nMeeting `b`\n</details>\n\n**AI:** Meeting `a`: x',
        f"{'(so far) ' * 20}\n\n- Meeting `a`: x",
    ],
)
def test_the_first_line_of_an_answer_names_its_meeting(text: str) -> None:
    """It may stand after remarks, after who speaks, and at the begin of any line."""
    request = read_chat(json.dumps(asked("meeting:small", "Hm?", text, "Why?")).encode(), {})
    assert [*named_meetings(request)] == ["a"]


@pytest.mark.parametrize("text", ["We held Meeting `a`", "> Meeting `a`: quoted", f"{'- ' * 40}Meeting `a`"])
def test_other_words_of_an_answer_name_no_meeting(text: str) -> None:
    """What stands within a line, or is quoted, is not our first line; nor are words of the user."""
    request = read_chat(json.dumps(asked("meeting:small", "Meeting `a`", text, "Why?")).encode(), {})
    assert [*named_meetings(request)] == []


def test_names_are_found_in_linear_time() -> None:
    """An answer of nothing but signs, names or remarks that do not end takes time in proportion to its length."""
    for part in ("- ", "Meeting `a`", "\nMeeting `a", "<think>", "<think></think>"):

        def work(length: int, part: str = part) -> None:
            text = part * (10 * length // len(part))
            [*named_meetings(ChatRequest("m", "meeting", "m", (ChatMessage("assistant", text),)))]

        assert not grows_too_fast(work), part


def test_a_long_talk_is_named_in_linear_time() -> None:
    """The last fifty earlier messages of the user are looked up, the latest first, each by the talk up to it."""

    def talk(messages: int) -> ChatRequest:
        roles = ("user", "assistant")
        said = tuple(ChatMessage(roles[n % 2], f"message {n}") for n in range(messages))
        return ChatRequest("m", "meeting", "m", said)

    assert earlier_talk(talk(7)) == [keys_of(talk(length)).talk for length in (5, 3, 1)]
    assert len(earlier_talk(talk(1001))) == MOST_EARLIER
    assert earlier_talk(talk(1)) == []
    assert not grows_too_fast(lambda length: earlier_talk(talk(length)))


def test_a_meeting_whose_key_cannot_be_stored_is_not_stored(interface: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meeting and key are stored together: what ends the program between them leaves neither."""

    def broken(*_given: object) -> None:
        raise RuntimeError("the power failed")

    before, body = len(interface.meetings), asked("meeting:small", "Shall we commit?")
    with monkeypatch.context() as patched:
        patched.setattr(attaching, "remember", broken)
        assert interface.post(body).status_code == 500
    assert len(interface.meetings) == before
    interface.stream(body)
    assert len(interface.meetings) == before + 1


def test_instructions_with_a_clock_make_no_other_meeting(interface: Live) -> None:
    """A message is the same, and belongs to the same talk, whatever the program tells the model before it."""

    def body(clock: str, *texts: str) -> dict[str, Any]:
        talk = asked("meeting:small", *texts)
        return {**talk, "messages": [{"role": "system", "content": f"It is {clock}."}, *talk["messages"]]}

    before = len(interface.meetings)
    first = interface.stream(body("10:00", "Shall we tag?"))
    assert interface.stream(body("10:01", "Shall we tag?")).content == first.content
    assert "It is closed" in interface.stream(body("10:02", "Shall we tag?", "(cut)", "status")).content
    assert len(interface.meetings) == before + 1


def test_the_third_message_of_a_trimmed_chat_belongs_to_its_meeting(interface: Live) -> None:
    """Each answer about a meeting begins with its name, also one from the minutes, so any one of them is enough."""
    before = len(interface.meetings)
    first = interface.stream(asked("meeting:small", "Shall we trim?"))
    second = interface.stream(asked("meeting:small", "Shall we trim?", first.content, "Why?"))
    assert "answers from the minutes" in second.content
    assert "It is closed" in interface.stream(asked("meeting:small", "Why?", second.content, "status")).content
    assert len(interface.meetings) == before + 1


def test_words_alone_are_the_same_request_for_half_an_hour(interface: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later, equal words are a new question; only a program that says that it sends it again gets the old meeting."""
    body = asked("meeting:small", "Shall we page?")
    first = interface.stream(body)
    before = len(interface.meetings)
    monkeypatch.setattr(attaching, "FINGERPRINT_SECONDS", -1.0)
    assert interface.stream(body, RETRY).content == first.content
    assert len(interface.meetings) == before
    assert interface.stream(body).content != first.content
    assert len(interface.meetings) == before + 1


def test_an_agent_is_asked_once_while_it_answers(interface: Live, model: OllamaDouble) -> None:
    """Equal questions at the same time share an answer; after it was delivered, an equal question is a new one, but a
    retry is not.
    """
    body, before = asked("cto", "What is next?"), len(model.requests)
    model.inject(faults.slow_first_token(0.3))
    first, second = at_once(lambda: interface.stream(body), lambda: interface.stream(body))
    assert first.content == second.content
    interface.stream(body, RETRY)
    assert len(model.requests) == before + 1
    interface.stream(body)
    assert len(model.requests) == before + 2
    key = {"Idempotency-Key": "once"}
    assert interface.stream(body, key).content == interface.stream(body, key).content
    assert len(model.requests) == before + 3


def test_an_answer_whose_connection_was_cut_is_finished_and_kept(interface: Live, model: OllamaDouble) -> None:
    """Who asks again gets the answer that was begun, from its first word."""
    body, before = asked("qa_engineer", "What was cut?"), len(model.requests)
    stall = model.inject(faults.stall(after=3))
    with interface.opened(body) as response:
        lines = response.iter_lines()
        while "content" not in next(lines):
            pass
    stall.release()
    again = interface.stream(body)
    assert again.content.startswith("As QA Engineer I read")
    assert again.done
    assert len(model.requests) == before + 1


def test_an_answer_that_failed_is_made_again(interface: Live, model: OllamaDouble) -> None:
    """An error is not kept: the retry asks the model."""
    body = asked("cto", "Did it fail?")
    model.inject(faults.status(400, "bad request", times=1))
    assert interface.stream(body).error
    assert interface.stream(body, RETRY).content


def test_helpers_beside_a_chat_do_not_disturb_it(interface: Live, model: OllamaDouble) -> None:
    """Five requests for one message, as Open WebUI sends them, are one meeting."""
    ids = {"X-OpenWebUI-Chat-Id": "five", "X-OpenWebUI-User-Message-Id": "m1"}
    before, title = len(interface.meetings), "### Task:\nGenerate a concise, 3-5 word title.\n### Chat History:\nHi"
    helper = threading.Thread(target=interface.post, args=(asked("meeting:small", title), ids))
    helper.start()
    chat = interface.stream(asked("meeting:small", "Shall we split the service?"), ids)
    helper.join()
    calls = len(model.requests)
    for task in ("tags_generation", "follow_up_generation", "query_generation"):
        interface.post(asked("meeting:small", "### Task:\nPlease."), {**ids, "X-OpenWebUI-Task": task})
    assert chat.done
    assert (len(interface.meetings), len(model.requests)) == (before + 1, calls)
