"""One schema on every kind of server: what is sent to each, and that the answers have the same shape."""

import json
from typing import Any

import pytest

from agents.model import Prompt, open_model
from agents.model.langchain.shapes import example, strict
from tests.model.talking import ask, settings_for, spoken
from tests.ollama_double import OllamaDouble
from tests.openai_double import OpenAIDouble

STATEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "risk": {
            "type": "object",
            "properties": {"text": {"type": "string", "maxLength": 200}, "impact": {"enum": ["high", "low"]}},
            "required": ["text", "impact"],
        },
        "facts": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 120}},
        "position": {"enum": ["for", "against"]},
        "question": {"type": ["string", "null"]},
        "note": {"type": "string"},
        "weight": {"type": "integer", "enum": [1, 2, 3]},
    },
    "required": ["risk", "facts", "position", "question", "weight"],
}
SAID = {
    "risk": {"text": "One server holds all.", "impact": "high"}, "facts": ["It is slow."], "position": "against",
    "question": None, "note": "Ünsicher", "weight": 2,
}  # fmt: skip


@pytest.mark.parametrize("shapes", [{"json_schema", "json_object"}, {"json_object"}, set[str]()])
def test_a_server_of_openais_protocol_gives_the_same_shape_as_ollama(
    shapes: set[str], ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it follows schemas, promises JSON, or is only asked for it in words."""
    ollama.answer = [json.dumps(SAID)]
    prompt = spoken("It is slow.", schema=STATEMENT)
    with OpenAIDouble(["Sure:\n```json\n" + json.dumps(SAID) + "\n```" if not shapes else json.dumps(SAID)]) as server:
        server.shapes = shapes
        monkeypatch.setenv("LLM_BASE_URL", server.url)
        replies = [*ask(prompt), *ask(prompt, "langchain:openai:qwen3")]
        told = server.requests[-1]["messages"][-1]["content"]
    assert [reply.parsed for reply in replies] == [SAID, SAID]
    assert ("of this shape" in told) == ("json_schema" not in shapes)


def test_an_answer_of_another_kind_is_left_to_be_read_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with labels, JSON with other fields, and the schema itself, as small models repeat it, are not parsed."""
    others = ["Risk: one server holds all.", '{"answer": [1, 2]}', json.dumps(STATEMENT), "[1, 2]"]
    with OpenAIDouble(others) as server:
        server.shapes = set()
        monkeypatch.setenv("LLM_BASE_URL", server.url)
        replies = ask([spoken("It is slow.", schema=STATEMENT)] * 4, "langchain:openai:qwen3")
    assert [reply.parsed for reply in replies] == [None] * 4
    assert [reply.text for reply in replies] == others


def test_openai_itself_is_given_a_strict_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every property is required there, what may be left out may be null, and lengths of texts are not sent."""
    monkeypatch.setenv("LLM_API_KEY", "key")
    model: Any = open_model("langchain:openai:gpt", settings_for())
    sent = model._options(Prompt("Why?", schema=STATEMENT))["extra_body"]["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"] == {
        "type": "object",
        "properties": {
            "risk": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "impact": {"type": "string", "enum": ["high", "low"]}},
                "required": ["text", "impact"],
                "additionalProperties": False,
            },
            "facts": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
            "position": {"type": "string", "enum": ["for", "against"]},
            "question": {"type": ["string", "null"]},
            "note": {"type": ["string", "null"]},
            "weight": {"type": "integer", "enum": [1, 2, 3]},
        },
        "required": ["risk", "facts", "position", "question", "note", "weight"],
        "additionalProperties": False,
    }


def test_what_may_be_left_out_may_be_null_whatever_it_is() -> None:
    """Enumerations, objects and values of several types keep what they allow."""
    parts = {
        "vote": {"enum": ["yes", "no", None]},
        "kind": {"enum": ["a", "b"]},
        "place": {"type": "object", "properties": {"line": {"type": "number"}}},
        "value": {"anyOf": [{"type": "string", "maxLength": 3}, {"enum": [1, 2.5, True]}]},
    }
    made = strict({"type": "object", "properties": parts})["properties"]
    assert made["vote"] == {"enum": ["yes", "no", None], "type": ["string", "null"]}
    assert made["kind"] == {"enum": ["a", "b", None], "type": ["string", "null"]}
    assert made["place"]["anyOf"][1] == {"type": "null"}
    assert made["place"]["anyOf"][0]["properties"]["line"] == {"type": ["number", "null"]}
    alternatives = [{"type": "string"}, {"enum": [1, 2.5, True], "type": ["integer", "number", "boolean"]}]
    assert made["value"]["anyOf"][0] == {"anyOf": alternatives}


def test_an_example_has_words_where_values_belong() -> None:
    """A server without schemas is shown an answer, with the words to choose from."""
    asked = {**STATEMENT["properties"], "done": {"type": "boolean"}, "either": {"anyOf": [{"type": "number"}]}}
    assert json.loads(example({"properties": asked})) == {
        "risk": {"text": "...", "impact": "high or low"},
        "facts": ["..."],
        "position": "for or against",
        "question": "... or null",
        "note": "...",
        "weight": "1 or 2 or 3",
        "done": "true or false",
        "either": "a number",
    }
