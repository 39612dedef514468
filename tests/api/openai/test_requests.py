"""Requests to ``/v1/chat/completions``, read."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.api.openai.fields import ApiProblem
from agents.api.openai.requests import ChatRequest, read_chat, read_object

HELLO = [{"role": "user", "content": "Shall we move the sessions?"}]


def read(messages: Any = HELLO, headers: dict[str, str] | None = None, model: str = "cto", **more: Any) -> ChatRequest:
    """A request with these messages, read."""
    return read_chat(json.dumps({"model": model, "messages": messages, **more}).encode(), headers or {})


@pytest.mark.parametrize(
    ("given_name", "kind", "name"),
    [
        ("cto", "agent", "cto"),
        ("panel:auto", "panel", "auto"),
        ("panel:cto,qa_engineer", "panel", "cto,qa_engineer"),
        ("Meeting: architecture_review", "meeting", "architecture_review"),
        ("cto:latest", "agent", "cto:latest"),
    ],
)
def test_a_model_is_an_agent_a_panel_or_a_meeting(given_name: str, kind: str, name: str) -> None:
    """The word before the colon of a model tells what it is."""
    found = read(model=given_name)
    assert (found.kind, found.name) == (kind, name)


def test_what_a_request_says() -> None:
    """Streaming, usage, the most tokens, ignored fields and who asks are read from fields and headers."""
    headers = {
        "X-OpenWebUI-Chat-Id": "c1",
        "X-OpenWebUI-Message-Id": "answer",
        "X-OpenWebUI-User-Message-Id": "m1",
        "Idempotency-Key": "key",
        "x-stainless-retry-count": "1",
    }
    found = read(headers=headers, stream=True, stream_options={"include_usage": True}, max_completion_tokens=50, seed=1)
    assert (found.stream, found.include_usage, found.max_tokens, found.ignored) == (True, True, 50, ("seed",))
    assert (found.webui, found.chat_id, found.message_id) == (True, "c1", "m1")
    assert (found.idempotency_key, found.is_retry) == ("key", True)
    plain = read()
    assert [plain.webui, plain.chat_id, plain.message_id, plain.idempotency_key, plain.is_retry] == [
        False,
        "",
        "",
        "",
        False,
    ]
    assert not read(headers={"X-OpenWebUI-Chat-Id": "{{CHAT_ID}}", "x-stainless-retry-count": "0"}).chat_id


def test_messages_of_every_role_are_read() -> None:
    """A developer speaks for the system, parts are joined, and the result of a tool is text."""
    found = read(
        [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            {"role": "tool", "content": "42", "tool_call_id": "1"},
            {"role": "user", "content": "Go on."},
        ]
    )
    assert [(one.role, one.text) for one in found.messages] == [
        ("system", "Be brief."), ("user", "One.\n\nTwo."), ("assistant", ""), ("tool", "42"), ("user", "Go on."),
    ]  # fmt: skip
    assert found.user_text == "Go on."
    assert found.earlier_text() == "**User:** One.\n\nTwo.\n\n**Result of a tool:** 42"


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        (
            [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {}}]}],
            "messages[0].content[1]",
        ),
        ([{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}], "messages[0].content[0]"),
        ([{"role": "user", "content": [{"type": "file", "file": {}}]}], "messages[0].content[0]"),
        ([{"role": "user", "content": [{"type": "text"}]}], "messages[0].content[0].text"),
        ([{"role": "user", "content": 7}], "messages[0].content"),
        ([{"role": "bishop", "content": "x"}], "messages[0].role"),
        ([{"content": "x"}], "messages[0].role"),
        (["x"], "messages[0]"),
        ([], "messages"),
        ([{"role": "assistant", "content": "x"}], "messages"),
        ("x", "messages"),
        (None, "messages"),
    ],
)
def test_a_wrong_message_is_refused_by_name(messages: object, param: str) -> None:
    """What is no text, or no message, is refused with its place."""
    with pytest.raises(ApiProblem) as caught:
        read(messages)
    assert (caught.value.status, caught.value.param) == (400, param)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"model": " ", "messages": []}', b"{}"]
)
def test_a_body_that_is_no_request_is_refused(body: bytes) -> None:
    """A body that is not JSON, or no object, or names no model, is refused."""
    with pytest.raises(ApiProblem) as caught:
        read_chat(body, {})
    assert caught.value.status == 400


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    """What is no number in JSON is refused, and so cannot come back in an answer."""
    with pytest.raises(ApiProblem) as caught:
        read_object(b'{"metadata": {"x": ' + number.encode() + b"}}")
    assert caught.value.status == 400


def test_halves_of_characters_are_replaced() -> None:
    """A lone half of a character becomes U+FFFD, in names too; two that belong together stay a character."""
    body = b'{"a\\ud800": ["b\\udfff", "\\ud83d\\ude00"], "c": "\xed\xa0\x80"}'
    assert read_object(body) == {"a\ufffd": ["b\ufffd", "\U0001f600"], "c": "\ufffd"}


def test_documents_of_a_conversation_are_found() -> None:
    """The files that aider sends before the question, and those in the instructions, are documents of the request."""
    files = "I have *added these files to the chat*.\n\ndesign.md\n```\nIn Redis.\n```\n"
    found = read(
        [
            {"role": "system", "content": 'Help.\nAttached document(s):\n```md# "costs.md"\n40 euros\n\n```'},
            {"role": "user", "content": files},
            {"role": "assistant", "content": "Ok."},
            {"role": "user", "content": "Shall we?"},
        ]
    )
    assert [(one.name, one.text) for one in found.documents] == [
        ("costs.md", "40 euros"),
        ("design.md", "In Redis.\n".strip()),
    ]
    assert found.user_text == "Shall we?"
    assert found.earlier_text() == ""
    assert not found.excerpts


def test_instructions_that_are_repeated_after_a_message_are_not_what_is_asked() -> None:
    """The end of the instructions that aider puts after each message is no part of the question."""
    rules = "# File editing rules:\n\nReturn edits similar to unified diffs."
    system = {"role": "system", "content": f"Act as an expert.\n{rules}\n"}
    found = read([system, {"role": "user", "content": f"Shall we?\n\nIt is urgent.\n\n{rules}"}])
    assert found.user_text == "Shall we?\n\nIt is urgent."
    for kept in ("Shall we?\n\nOther rules here.", rules, "Shall we?", f"Shall we follow {rules}"):
        assert read([system, {"role": "user", "content": kept}]).user_text.startswith(kept[:20])
        assert read([*HELLO, {"role": "user", "content": kept}]).user_text == kept
    assert read([system, {"role": "user", "content": rules}]).user_text == rules


def test_a_document_that_is_refused_names_its_message() -> None:
    """A document that is not text is refused with the place of its message."""
    with pytest.raises(ApiProblem) as caught:
        read([*HELLO, {"role": "user", "content": "```md a.md\n\x00\x01\x02\n```\nx"}])
    assert caught.value.param == "messages[1].content"


def test_a_helper_task_may_ask_for_a_form() -> None:
    """The form of an answer is refused to a person and given to a helper task, which has it; a forced tool is not."""
    title = [
        {
            "role": "user",
            "content": "### Task:\nGenerate a concise title summarizing the chat history.\n### Guidelines:\n<chat_history>\n",
        }
    ]
    form = {"type": "json_object"}
    assert read(title, response_format=form).helper is not None
    for refused in ({"response_format": form, "messages": HELLO}, {"tool_choice": "required", "messages": title}):
        with pytest.raises(ApiProblem):
            read(**refused)


def test_reading_is_quick() -> None:
    """A helper task, and a message with a document of a megabyte, are read in much less than 10 ms and half a second."""
    title = [
        {
            "role": "user",
            "content": "### Task:\nGenerate a concise title summarizing the chat history.\n### Guidelines:\n<chat_history>\n"
            + "x " * 3_000,
        }
    ]
    began = time.perf_counter()
    for _ in range(20):
        read(title)
    assert (time.perf_counter() - began) / 20 < 0.01
    began = time.perf_counter()
    read([{"role": "user", "content": "```md a.md\n" + "A line of text.\n" * 65_000 + "```\nShall we?"}])
    assert time.perf_counter() - began < 1.5


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "type", "text", "user"]), one, max_size=3), max_leaves=8)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["model", "messages", "stream", "stream_options", "n", "tools", "x"]), _JSON))
def test_any_object_is_read_or_refused(body: dict[str, Any]) -> None:
    """Whatever a body contains, it is read, or refused with 400."""
    with suppress(ApiProblem):
        read_chat(json.dumps(body).encode(), {})
