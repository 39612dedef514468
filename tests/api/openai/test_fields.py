"""What is done with each field of a request."""

from typing import Any

import pytest

from agents.api.openai.fields import CHAT, RESPONSES, ApiProblem, check

IGNORED: dict[str, Any] = {
    "tools": [{"type": "function", "function": {"name": "search"}}], "parallel_tool_calls": True, "metadata": {"a": "b"},
    "user": "kim", "store": False, "seed": 1, "temperature": 0, "top_p": 0.9, "frequency_penalty": 0.5,
    "presence_penalty": 1, "stop": ["\n"], "reasoning_effort": "low", "prompt_cache_key": "k", "service_tier": "auto",
    "logit_bias": {"1": 2}, "num_ctx": 4096,
}  # fmt: skip
REFUSED: list[tuple[str, Any]] = [
    ("n", 2), ("tool_choice", "required"), ("tool_choice", {"type": "function"}), ("function_call", {"name": "f"}),
    ("logprobs", True), ("top_logprobs", 3), ("modalities", ["text", "audio"]), ("audio", {"voice": "x"}),
    ("response_format", {"type": "json_schema"}), ("response_format", {"type": "json_object"}), ("max_tokens", 0),
]  # fmt: skip
WRONG: list[tuple[str, Any]] = [
    ("stream", "yes"), ("temperature", "hot"), ("temperature", True), ("n", True), ("n", 1.5), ("max_tokens", "100"),
    ("messages", "hello"), ("model", 7), ("stream_options", []), ("tools", {}), ("user", {}),
]  # fmt: skip
SILENT: dict[str, Any] = {
    "n": 1, "tool_choice": "auto", "logprobs": False, "top_logprobs": 0, "response_format": {"type": "text"},
    "modalities": ["text"], "tools": [], "temperature": None, "stream": True, "stream_options": {"include_usage": True},
}  # fmt: skip


def test_nearly_all_fields_are_ignored_and_named() -> None:
    """What has no effect here is accepted and named, also a field that nobody knows."""
    assert check(IGNORED, CHAT) == tuple(IGNORED)


def test_what_asks_for_nothing_is_not_named() -> None:
    """A field with the value that it has anyway is neither refused nor named."""
    assert check(SILENT, CHAT) == ()


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_cannot_be_honoured_is_refused_by_name(name: str, value: object) -> None:
    """A value that changes the form of the answer is refused with the name of its field."""
    with pytest.raises(ApiProblem) as caught:
        check({name: value}, CHAT)
    assert (caught.value.status, caught.value.param, caught.value.code) == (400, name, "unsupported_value")
    assert caught.value.message.endswith(f"Leave {name} out.")


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_types_are_refused_by_name(name: str, value: object) -> None:
    """A value of a wrong type is refused with the name of its field; true is no number."""
    with pytest.raises(ApiProblem) as caught:
        check({name: value}, CHAT)
    assert (caught.value.status, caught.value.param, caught.value.code) == (400, name, "invalid_type")


def test_fields_of_responses() -> None:
    """The responses have their own fields: a plain format of text is accepted, another one refused."""
    assert check({"text": {"format": {"type": "text"}}, "reasoning": {"effort": "low"}}, RESPONSES) == ("reasoning",)
    for name, value in (("text", {"format": {"type": "json_schema"}}), ("background", True), ("conversation", "c_1")):
        with pytest.raises(ApiProblem) as caught:
            check({name: value}, RESPONSES)
        assert caught.value.param == name
