"""``/v1/responses`` with the ``openai`` client and LangChain."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI

from agents.api.openai.fields import ApiProblem
from agents.api.openai.requests import ChatMessage
from agents.api.openai.responses import conversation
from tests.api.openai.served import Place, served
from tests.api.serving import serving
from tests.ollama_double import OllamaDouble

ORDER = [
    "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
    "response.output_text.delta", "response.output_text.done", "response.content_part.done",
    "response.output_item.done", "response.completed",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for the tests of this file that do not end it."""
    with served(tmp_path_factory.mktemp("responses")) as one:
        yield one


def client(url: str) -> openai.OpenAI:
    """The client as it is used with a service on this machine."""
    return openai.OpenAI(base_url=f"{url}/v1", api_key="local", max_retries=0, timeout=60)


def test_an_agent_answers_the_openai_client(place: Place) -> None:
    """A response has the text and its numbers of tokens; its stream has every event once, in order; the next request
    continues it by its id.
    """
    with client(place.url) as ai:
        whole = ai.responses.create(model="cto", input="Shall we move the sessions?", instructions="Be brief.")
        assert whole.output_text
        assert whole.status == "completed"
        assert whole.usage is not None
        assert whole.usage.output_tokens > 0
        events = list(
            ai.responses.create(model="cto", input=[{"role": "user", "content": "And the costs?"}], stream=True)
        )
        assert list(dict.fromkeys(one.type for one in events)) == ORDER
        assert [one.sequence_number for one in events] == list(range(len(events)))
        final = events[-1]
        assert final.type == "response.completed"
        said = "".join(one.delta for one in events if one.type == "response.output_text.delta")
        assert said == final.response.output_text != ""
        with ai.responses.stream(model="cto", input="And the risks?", previous_response_id=whole.id) as stream:
            assert stream.get_final_response().output_text
        sent = [one["content"] for one in place.double.requests.chats()[-1].messages]
        assert any(whole.output_text[:40] in text for text in sent)
        calls = place.calls()
        for wrong in ("resp_unknown", "42"):
            with pytest.raises(openai.BadRequestError) as caught:
                ai.responses.create(model="cto", input="x", previous_response_id=wrong)
            assert (caught.value.param, caught.value.code) == ("previous_response_id", "previous_response_not_found")
        with pytest.raises(openai.NotFoundError):
            ai.responses.create(model="nobody", input="x")
        with pytest.raises(openai.NotFoundError, match="to read again"):
            ai.responses.retrieve(whole.id)
        assert place.calls() == calls


def test_langchain_asks_by_responses(place: Place) -> None:
    """LangChain with the responses reads text and stream, and its next turn refers to the answer by its id."""
    calls = place.calls()
    url = f"{place.url}/v1"
    model = ChatOpenAI(model="cto", base_url=url, api_key="local", use_responses_api=True, max_retries=0)  # type: ignore[arg-type]
    first = model.invoke("Which queue shall we take?")
    assert first.text
    assert first.usage_metadata is not None
    assert "".join(one.text for one in model.stream("And what does it cost?"))
    assert model.invoke([("user", "Which queue shall we take?"), first, ("user", "Why?")]).text
    assert place.calls() == calls + 3


def test_the_next_response_continues_the_meeting(ollama: OllamaDouble) -> None:
    """A meeting by responses is held once, though its request is sent twice, and the next request asks about it, also
    after the service was started again.
    """
    given: dict[str, Any] = {"model": "meeting:decision", "input": "Shall we move the sessions to Redis?"}
    with serving() as (_, port), client(f"http://127.0.0.1:{port}") as ai:
        first = ai.responses.create(**given)
        calls = len(ollama.requests.chats())
        again = ai.responses.create(**given)
        assert again.output_text == first.output_text
        status = ai.responses.create(model=given["model"], input="status", previous_response_id=first.id)
        assert status.output_text.startswith(first.output_text.split(":")[0])
        assert len(ollama.requests.chats()) == calls
    with serving() as (_, port), client(f"http://127.0.0.1:{port}") as ai:
        later = ai.responses.create(model=given["model"], input="status", previous_response_id=status.id)
        assert later.output_text.startswith(first.output_text.split(":")[0])
    assert len(ollama.requests.chats()) == calls


def test_a_failed_model_is_a_failed_response(place: Place) -> None:
    """When the model fails within a stream, the response fails with a sentence; without a stream it is a status."""
    place.double.down()
    try:
        with client(place.url) as ai:
            events = list(ai.responses.create(model="cto", input="Shall we fail?", stream=True))
            assert events[-1].type == "response.failed"
            assert events[-1].response.error is not None
            assert events[-1].response.error.message
            with pytest.raises(openai.InternalServerError):
                ai.responses.create(model="cto", input="Shall we fail?")
    finally:
        place.double.up()


class Known:
    """Answers that can be continued."""

    def talk(self, response_id: str) -> tuple[ChatMessage, ...]:
        """The conversation of an id."""
        return (ChatMessage("user", "One?"), ChatMessage("assistant", "Two.")) if response_id.endswith("_1") else ()


def test_items_of_every_kind_become_messages() -> None:
    """Messages, references to an answer and results of tools are read; what says nothing is left out."""
    items = [
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Brief."}]},
        {"role": "user", "content": "One?"},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "item_reference", "id": "rs_1"},
        {"type": "item_reference", "id": "msg_1"},
        {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "c"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Three."}]},
        {"role": "user", "content": "Four?"},
    ]
    found = conversation({"input": items, "instructions": "Be kind."}, Known())  # type: ignore[arg-type]
    assert [(one.role, one.text) for one in found] == [
        ("system", "Be kind."), ("system", "Brief."), ("user", "One?"), ("assistant", "Two."), ("tool", "42"),
        ("assistant", "Three."), ("user", "Four?"),
    ]  # fmt: skip
    continued = conversation({"input": "Go on.", "previous_response_id": "resp_1"}, Known())  # type: ignore[arg-type]
    assert [one.text for one in continued] == ["One?", "Two.", "Go on."]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]}, "input[0].content[0]"),
        ({"input": [{"type": "computer_call_output"}]}, "input[0]"),
        ({"input": [{"type": "item_reference", "id": "msg_9"}]}, "input[0].id"),
        ({"input": ["x"]}, "input[0]"),
        ({"input": ""}, "input"),
        ({}, "input"),
        ({"input": "x", "previous_response_id": 7}, "previous_response_id"),
        ({"input": "x", "instructions": []}, "instructions"),
    ],
)
def test_a_wrong_item_is_refused_by_name(given: dict[str, Any], param: str) -> None:
    """What is no text is refused with its place."""
    with pytest.raises(ApiProblem) as caught:
        conversation(given, Known())  # type: ignore[arg-type]
    assert (caught.value.status, caught.value.param) == (400, param)


def test_fields_are_refused_or_named(place: Place) -> None:
    """Of a request, what has no effect is named in a header, and what cannot be honoured is refused."""
    calls = place.calls()
    url = f"{place.url}/v1/responses"
    body = {"model": "cto", "input": "Who pays?", "reasoning": {"effort": "low"}, "tools": [{"type": "web_search"}]}
    found = httpx.post(url, json=body, timeout=60)
    assert found.headers["x-ignored-fields"] == "reasoning, tools"
    refused = httpx.post(url, json={**body, "text": {"format": {"type": "json_schema"}}}, timeout=60)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "text")
    assert refused.json()["error"]["code"] == "unsupported_value"
    assert place.calls() == calls + 1
